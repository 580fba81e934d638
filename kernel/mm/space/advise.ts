// madvise(2), msync(2) and mincore(2). Sleeps: writing back and populating do.

import { Pte } from "../../../arch/x86_64/memory/page-table";
import { Errno } from "../../abi/errno";
import { Advice, MS_ASYNC, MS_INVALIDATE, MS_SYNC } from "../../abi/mman";
import { AddressSpace } from "./address-space";
import { NO_FRAME } from "../frames/frame";
import { MapFlag, Mapping } from "./mapping";
import { populatePage } from "./populate";
import { isolate, joinRange, pageAlign } from "./unmap";
import { isUserRange } from "../user/user-access";
import { UserOut } from "../user/user-memory";
import { PAGE, PAGE_MASK } from "../../abi/page";

/** madvise(2): 0 or -errno. Advice is applied to what is mapped also if the range has holes (-ENOMEM then). */
@sleeps export function adviseRegion(space: AddressSpace, address: u64, length: u64, advice: i32): i32 {
  if (!isKnown(advice)) return -Errno.EINVAL;
  if ((address & PAGE_MASK) != 0) return -Errno.EINVAL;
  const size = pageAlign(length);
  if (length != 0 && size == 0) return -Errno.EINVAL;
  const end = address + size;
  if (end < address) return -Errno.EINVAL;
  if (end == address) return 0;
  if (advice == Advice.POPULATE_READ || advice == Advice.POPULATE_WRITE) {
    return populateRegion(space, address, end, advice == Advice.POPULATE_WRITE);
  }
  let result = 0;
  let at = address;
  while (at < end) {
    const index = space.list.indexFrom(at);
    if (index == space.list.count || space.list.at(index).start >= end) {
      result = -Errno.ENOMEM;
      break;
    }
    const mapping = space.list.at(index);
    if (mapping.start > at) {
      result = -Errno.ENOMEM;
      at = mapping.start;
    }
    const stop = min(mapping.end, end);
    const status = adviseMapping(space, index, mapping, at, stop, advice);
    if (status != 0) {
      joinRange(space, address, end);
      return status;
    }
    at = stop;
  }
  if (changesFlags(advice)) joinRange(space, address, end);
  return result;
}

function isKnown(advice: i32): bool {
  return advice >= Advice.NORMAL && advice <= Advice.DONTNEED || advice >= Advice.FREE && advice <= Advice.DONTNEED_LOCKED;
}

function changesFlags(advice: i32): bool {
  return advice <= Advice.SEQUENTIAL || advice >= Advice.DONTFORK && advice <= Advice.KEEPONFORK;
}

function adviseMapping(space: AddressSpace, index: i32, mapping: Mapping, from: u64, to: u64, advice: i32): i32 {
  switch (advice) {
    case Advice.DONTNEED:
      if (mapping.has(MapFlag.LOCKED | MapFlag.SPECIAL)) return -Errno.EINVAL;
      space.tables.clear(from, to);
      return 0;
    case Advice.DONTNEED_LOCKED:
      if (mapping.has(MapFlag.SPECIAL)) return -Errno.EINVAL;
      space.tables.clear(from, to);
      return 0;
    case Advice.FREE:
      if (mapping.has(MapFlag.LOCKED | MapFlag.SPECIAL) || !mapping.isAnonymous) return -Errno.EINVAL;
      space.tables.clear(from, to);
      return 0;
    case Advice.REMOVE:
      return removePages(mapping, from, to);
    case Advice.WILLNEED:
      return 0;
    case Advice.COLD:
    case Advice.PAGEOUT:
      return mapping.has(MapFlag.LOCKED | MapFlag.SPECIAL) ? -Errno.EINVAL : 0;
    default:
      return changeFlags(space, index, mapping, from, to, advice);
  }
}

function removePages(mapping: Mapping, from: u64, to: u64): i32 {
  if (mapping.has(MapFlag.LOCKED)) return -Errno.EINVAL;
  const object = mapping.object;
  if (object == null || mapping.cache == null) return -Errno.EINVAL;
  if ((mapping.flags & (MapFlag.SHARED | MapFlag.MAY_WRITE)) != (MapFlag.SHARED | MapFlag.MAY_WRITE)) return -Errno.EACCES;
  const offset = mapping.pageAt(from) << 12;
  return object.punch(offset, offset + (to - from));
}

/** The flags that a mapping gets by an advice. */
function advisedFlags(mapping: Mapping, advice: i32): u32 {
  const flags = mapping.flags;
  switch (advice) {
    case Advice.NORMAL: return flags & ~(MapFlag.RANDOM | MapFlag.SEQUENTIAL);
    case Advice.RANDOM: return (flags & ~MapFlag.SEQUENTIAL) | MapFlag.RANDOM;
    case Advice.SEQUENTIAL: return (flags & ~MapFlag.RANDOM) | MapFlag.SEQUENTIAL;
    case Advice.DONTFORK: return flags | MapFlag.DONT_FORK;
    case Advice.DOFORK: return flags & ~MapFlag.DONT_FORK;
    case Advice.DONTDUMP: return flags | MapFlag.DONT_DUMP;
    case Advice.DODUMP: return flags & ~MapFlag.DONT_DUMP;
    case Advice.WIPEONFORK: return flags | MapFlag.WIPE_ON_FORK;
    case Advice.KEEPONFORK: return flags & ~MapFlag.WIPE_ON_FORK;
    case Advice.HUGEPAGE: return (flags & ~MapFlag.NO_HUGE_PAGE) | MapFlag.HUGE_PAGE;
    case Advice.NOHUGEPAGE: return (flags & ~MapFlag.HUGE_PAGE) | MapFlag.NO_HUGE_PAGE;
    case Advice.MERGEABLE: return isPlain(mapping) ? flags | MapFlag.MERGEABLE : flags;
    default: return flags & ~MapFlag.MERGEABLE;
  }
}

/** Memory that KSM of Linux would look at. */
function isPlain(mapping: Mapping): bool {
  return !mapping.has(MapFlag.SHARED | MapFlag.MAY_SHARE | MapFlag.SPECIAL | MapFlag.DONT_EXPAND);
}

function changeFlags(space: AddressSpace, index: i32, mapping: Mapping, from: u64, to: u64, advice: i32): i32 {
  if (advice == Advice.WIPEONFORK && (mapping.object != null || mapping.has(MapFlag.MAY_SHARE))) return -Errno.EINVAL;
  const isSpecial = mapping.has(MapFlag.SPECIAL | MapFlag.DONT_EXPAND);
  if (isSpecial && (advice == Advice.DODUMP || advice == Advice.HUGEPAGE)) return -Errno.EINVAL;
  if (mapping.has(MapFlag.SPECIAL) && advice == Advice.DOFORK) return -Errno.EINVAL;
  const flags = advisedFlags(mapping, advice);
  if (flags == mapping.flags) return 0;
  const at = isolate(space, index, from, to);
  if (at < 0) return -Errno.EAGAIN;
  space.list.at(at).flags = flags;
  return 0;
}

/** MADV_POPULATE_READ and MADV_POPULATE_WRITE. Holes are passed over and make the result ENOMEM. */
@sleeps function populateRegion(space: AddressSpace, start: u64, end: u64, isWrite: bool): i32 {
  let result = 0;
  for (let at = start; at < end; at += PAGE) {
    const mapping = space.list.find(at);
    if (mapping == null) {
      result = -Errno.ENOMEM;
      const next = space.list.indexFrom(at);
      if (next == space.list.count) break;
      at = space.list.at(next).start - PAGE;
      continue;
    }
    if (mapping.has(MapFlag.SPECIAL) || !mapping.has(isWrite ? MapFlag.WRITE : MapFlag.READ)) return -Errno.EINVAL;
    const status = populatePage(space, at, isWrite);
    if (status != 0) return status;
  }
  return result;
}

/** msync(2): 0 or -errno. */
export function syncRegion(space: AddressSpace, address: u64, length: u64, flags: u32): i32 {
  if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) != 0) return -Errno.EINVAL;
  if ((address & PAGE_MASK) != 0) return -Errno.EINVAL;
  if ((flags & MS_ASYNC) != 0 && (flags & MS_SYNC) != 0) return -Errno.EINVAL;
  const end = address + pageAlign(length);
  if (end < address) return -Errno.ENOMEM;
  let result = 0;
  let at = address;
  while (at < end) {
    const index = space.list.indexFrom(at);
    if (index == space.list.count) return -Errno.ENOMEM;
    const mapping = space.list.at(index);
    if (mapping.start >= end) return -Errno.ENOMEM;
    if (mapping.start > at) {
      result = -Errno.ENOMEM;
      at = mapping.start;
    }
    if ((flags & MS_INVALIDATE) != 0 && mapping.has(MapFlag.LOCKED)) return -Errno.EBUSY;
    const stop = min(mapping.end, end);
    const object = mapping.object;
    if ((flags & MS_SYNC) != 0 && object != null && mapping.has(MapFlag.SHARED)) {
      const offset = mapping.pageAt(at) << 12;
      object.retained();
      const status = object.synchronize(offset, offset + (stop - at));
      object.released();
      if (status != 0) return status;
    }
    at = stop;
  }
  return result;
}

/** mincore(2): one byte a page to `vector`. 0 or -errno. */
@sleeps export function residency(space: AddressSpace, address: u64, length: u64, vector: UserOut): i32 {
  if ((address & PAGE_MASK) != 0) return -Errno.EINVAL;
  if (!isUserRange(address, length)) return -Errno.ENOMEM;
  const pages = (length + PAGE_MASK) >> 12;
  if (!isUserRange(vector.address, pages)) return -Errno.EFAULT;
  for (let i: u64 = 0; i < pages; i++) {
    const at = address + (i << 12);
    const mapping = space.list.find(at);
    if (mapping == null) return -Errno.ENOMEM;
    const status = vector.writeU8(i, isResident(space, mapping, at) ? 1 : 0);
    if (status != 0) return status;
  }
  return 0;
}

function isResident(space: AddressSpace, mapping: Mapping, at: u64): bool {
  const entry = space.tables.entry(at);
  if (entry != 0) return (entry & (Pte.PRESENT | Pte.ANONYMOUS)) != 0 || mapping.object != null;
  const cache = mapping.cache;
  if (cache == null) return false;
  const object = mapping.object!;
  return !object.canTellResidency() || cache.find(mapping.pageAt(at)) != NO_FRAME;
}
