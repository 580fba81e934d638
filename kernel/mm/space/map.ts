// mmap(2): checks, a place, and a mapping there. Sleeps only to populate (MAP_POPULATE, locked memory).
//
// The order of checks is that of Linux, so that a call with several faults gets the same errno. Access rights to the
// file were checked by the caller (syscalls/memory/mmap.ts), which also completed the request.

import { touchesWrapWindow } from "../../../arch/x86_64/memory/kernel-mapping";
import { Errno } from "../../abi/errno";
import {
  MAP_ANONYMOUS, MAP_FIXED, MAP_FIXED_NOREPLACE, MAP_GROWSDOWN, MAP_LOCKED, MAP_NONBLOCK, MAP_NORESERVE, MAP_POPULATE,
  MAP_SHARED, MAP_TYPE, PROT_EXEC, PROT_READ, PROT_WRITE,
} from "../../abi/mman";
import { ignore } from "../../runtime/ignore";
import { AddressSpace, LOWEST_ADDRESS } from "./address-space";
import { totalFrameCount } from "../frames/frame";
import { MapRequest, MappedObject, SharedMemory } from "../cache/mapped-object";
import { MapFlag, Mapping, isAccountable } from "./mapping";
import { MAX_MAPPINGS } from "./mapping-list";
import { NO_PLACE, choosePlace } from "./placement";
import { populate } from "./populate";
import { isHeapShort, joinAround, pageAlign, removeMappings } from "./unmap";
import { PAGE_MASK, USER_END } from "../../abi/page";

/** Files end here (MAX_LFS_FILESIZE). */
const MAX_FILE_SIZE: u64 = <u64>i64.MAX_VALUE;

/**
 * Maps what the request says. The address, or: -EINVAL, -ENOMEM, -EOVERFLOW, -EEXIST (MAP_FIXED_NOREPLACE), -EPERM (low
 * address or locking), -EAGAIN (RLIMIT_MEMLOCK).
 */
@sleeps export function mapRegion(space: AddressSpace, request: MapRequest): i64 {
  const place = findPlace(space, request);
  if (<i64>place < 0) return <i64>place;
  const length = pageAlign(request.length);
  const flags = request.flags;
  if ((flags & MAP_FIXED_NOREPLACE) != 0 && space.list.overlaps(place, place + length)) return -Errno.EEXIST;
  const mapFlags = flagsOf(space, request);
  const locking = checkLocking(space, request, mapFlags, length >> 12);
  if (locking != 0) return locking;
  const kind = flags & MAP_TYPE;
  if ((flags & MAP_ANONYMOUS) != 0) {
    if (kind != MAP_SHARED && kind != 2) return -Errno.EINVAL;
    if (kind == MAP_SHARED && (flags & MAP_GROWSDOWN) != 0) return -Errno.EINVAL;
  } else {
    if (length > MAX_FILE_SIZE || request.offset > MAX_FILE_SIZE - length) return -Errno.EOVERFLOW;
    if (request.refusal != 0) return request.refusal;
    if ((flags & MAP_GROWSDOWN) != 0) return -Errno.EINVAL;
  }
  const status = install(space, request, place, length, mapFlags);
  if (status != 0) return status;
  if ((mapFlags & MapFlag.GROWS_DOWN) != 0 && place < space.mmapBase) space.hasGuardsBelowBase = true;
  // mmap(2) succeeds also where pages cannot be had: they fault later.
  const wantsPages = (flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE;
  if (wantsPages || (mapFlags & MapFlag.LOCK_MASK) == MapFlag.LOCKED) ignore(populate(space, place, place + length));
  return <i64>place;
}

/** mmap(2) of anonymous memory, for exec; low addresses too. The address or -errno. */
@sleeps export function mapAnonymous(space: AddressSpace, address: u64, length: u64, protection: u32, flags: u32): i64 {
  const request = new MapRequest();
  request.address = address;
  request.length = length;
  request.protection = protection;
  request.flags = flags | MAP_ANONYMOUS;
  request.mayMapLow = true;
  return mapRegion(space, request);
}

/** The first checks and the address; negative: -errno. */
function findPlace(space: AddressSpace, request: MapRequest): u64 {
  if (request.length == 0) return -Errno.EINVAL;
  const isFixed = (request.flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0;
  let address = request.address;
  if (!isFixed) {
    address &= ~PAGE_MASK;
    if (address != 0 && address < LOWEST_ADDRESS) address = LOWEST_ADDRESS;
  }
  const length = pageAlign(request.length);
  if (length == 0) return -Errno.ENOMEM;
  if (space.list.count > MAX_MAPPINGS || isHeapShort()) return -Errno.ENOMEM;
  if (length > USER_END) return -Errno.ENOMEM;
  if (isFixed) {
    if (address > USER_END - length || touchesWrapWindow(address, address + length)) return -Errno.ENOMEM;
    if ((address & PAGE_MASK) != 0) return -Errno.EINVAL;
    if (address < LOWEST_ADDRESS && !request.mayMapLow) return -Errno.EPERM;
    return address;
  }
  const place = choosePlace(space, address, length, request.flags);
  return place == NO_PLACE ? <u64>-Errno.ENOMEM : place;
}

/** The mapping's flags from PROT_* and MAP_*. */
function flagsOf(space: AddressSpace, request: MapRequest): u32 {
  const flags = request.flags;
  let result = space.futureLock | protectionFlags(request.protection) | (request.maximum & 7) << 4;
  if ((flags & MAP_TYPE) != 2) result |= MapFlag.SHARED | MapFlag.MAY_SHARE;
  // A file open for reading only is mapped shared in name: nothing can be written through it.
  if ((flags & MAP_ANONYMOUS) == 0 && (request.maximum & PROT_WRITE) == 0) result &= ~MapFlag.SHARED;
  if ((flags & MAP_GROWSDOWN) != 0) result |= MapFlag.GROWS_DOWN;
  if ((flags & MAP_LOCKED) != 0) result |= MapFlag.LOCKED;
  if ((flags & MAP_NORESERVE) != 0) result |= MapFlag.NO_RESERVE;
  return result;
}

/** PROT_READ, PROT_WRITE and PROT_EXEC as flags of a mapping. */
export function protectionFlags(protection: u32): u32 {
  return protection & (PROT_READ | PROT_WRITE | PROT_EXEC);
}

function checkLocking(space: AddressSpace, request: MapRequest, mapFlags: u32, pages: u64): i32 {
  const limit = space.limits.lockedMemory;
  if ((request.flags & MAP_LOCKED) != 0 && limit == 0 && !request.mayLock) return -Errno.EPERM;
  if ((mapFlags & MapFlag.LOCKED) == 0 || request.mayLock) return 0;
  return space.lockedPages + pages > limit >> 12 ? -Errno.EAGAIN : 0;
}

/** More than all memory there is: refused outright (vm.overcommit_memory 0). */
export function isObviousOvercommit(flags: u32, pages: u64): bool {
  return isAccountable(flags) && pages > <u64>totalFrameCount();
}

/** Clears the range and puts the mapping there. */
function install(space: AddressSpace, request: MapRequest, start: u64, length: u64, mapFlags: u32): i32 {
  const pages = length >> 12;
  const end = start + length;
  const grows = space.checkGrowth(mapFlags, pages - min(mappedPages(space, start, end), pages));
  if (grows != 0) return grows;
  let flags = mapFlags;
  let object = request.object;
  const isShared = (flags & MapFlag.MAY_SHARE) != 0;
  const isSharedAnonymous = object == null && isShared;
  if (isObviousOvercommit(isSharedAnonymous ? flags & ~MapFlag.SHARED : flags, pages)) return -Errno.ENOMEM;
  const removed = removeMappings(space, start, end);
  if (removed != 0) return removed;
  if (isAccountable(flags)) flags |= MapFlag.ACCOUNT;
  if (isSharedAnonymous) object = new SharedMemory(length);
  const pageOffset = object == null ? start >> 12 : isSharedAnonymous ? 0 : request.offset >> 12;
  place(space, start, end, flags, pageOffset, object);
  return 0;
}

/** Pages of the range that are mapped already. */
function mappedPages(space: AddressSpace, start: u64, end: u64): u64 {
  const list = space.list;
  let pages: u64 = 0;
  for (let i = list.indexFrom(start); i < list.count; i++) {
    const mapping = list.at(i);
    if (mapping.start >= end) break;
    pages += (min(mapping.end, end) - max(mapping.start, start)) >> 12;
  }
  return pages;
}

/** Makes the mapping, or extends a neighbour that it continues. The range is free. */
export function place(
  space: AddressSpace, start: u64, end: u64, flags: u32, pageOffset: u64, object: MappedObject | null,
): void {
  const list = space.list;
  const index = list.indexFrom(start);
  space.account(flags, <i64>((end - start) >> 12));
  if (index > 0) {
    const below = list.at(index - 1);
    if (below.end == start && continues(below, flags, object, below.pageAt(start), pageOffset)) {
      below.end = end;
      joinAround(space, index - 1);
      return;
    }
  }
  if (index < list.count) {
    const above = list.at(index);
    if (above.start == end && continues(above, flags, object, above.pageOffset, pageOffset + ((end - start) >> 12))) {
      above.start = start;
      above.pageOffset = pageOffset;
      return;
    }
  }
  const mapping = new Mapping(space.tables, start, end, flags, pageOffset);
  mapping.attach(object);
  list.insertAt(index, mapping);
}

function continues(mapping: Mapping, flags: u32, object: MappedObject | null, page: u64, wanted: u64): bool {
  return mapping.flags == flags && mapping.object === object && mapping.name == 0 && page == wanted;
}
