// mlock(2), mlock2(2), munlock(2), mlockall(2), munlockall(2). Locking populates, so it sleeps.
//
// Nothing is ever paged out, so a locked page differs only in what MADV_DONTNEED, RLIMIT_MEMLOCK and /proc say.

import { Errno } from "../../abi/errno";
import { MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT, MLOCK_ONFAULT } from "../../abi/mman";
import { ignore } from "../../runtime/ignore";
import { AddressSpace } from "./address-space";
import { MapFlag } from "./mapping";
import { populate } from "./populate";
import { isolate, joinRange, pageAlign } from "./unmap";
import { PAGE_MASK } from "../../abi/page";

/** mlock2(2): 0, -EPERM (RLIMIT_MEMLOCK is 0), -ENOMEM (limit or hole), -EINVAL, -EAGAIN. `mayLock`: CAP_IPC_LOCK. */
@sleeps export function lockRegion(space: AddressSpace, address: u64, length: u64, flags: u32, mayLock: bool): i32 {
  if ((flags & ~MLOCK_ONFAULT) != 0) return -Errno.EINVAL;
  if (!canLock(space, mayLock)) return -Errno.EPERM;
  const size = pageAlign(length + (address & PAGE_MASK));
  const start = address & ~PAGE_MASK;
  const limit = space.limits.lockedMemory >> 12;
  let pages = (size >> 12) + space.lockedPages;
  if (pages > limit && !mayLock) pages -= lockedPagesIn(space, start, start + size);
  if (pages > limit && !mayLock) return -Errno.ENOMEM;
  const lock = MapFlag.LOCKED | ((flags & MLOCK_ONFAULT) != 0 ? MapFlag.LOCK_ON_FAULT : 0);
  const status = setLock(space, start, size, lock);
  if (status != 0 || (flags & MLOCK_ONFAULT) != 0) return status;
  return populateError(populate(space, start, start + size));
}

/** munlock(2). */
export function unlockRegion(space: AddressSpace, address: u64, length: u64): i32 {
  return setLock(space, address & ~PAGE_MASK, pageAlign(length + (address & PAGE_MASK)), 0);
}

/** mlockall(2). */
@sleeps export function lockAll(space: AddressSpace, flags: u32, mayLock: bool): i32 {
  if (flags == 0 || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) != 0 || flags == MCL_ONFAULT) return -Errno.EINVAL;
  if (!canLock(space, mayLock)) return -Errno.EPERM;
  const limit = space.limits.lockedMemory >> 12;
  if ((flags & MCL_CURRENT) != 0 && space.totalPages > limit && !mayLock) return -Errno.ENOMEM;
  const lock = MapFlag.LOCKED | ((flags & MCL_ONFAULT) != 0 ? MapFlag.LOCK_ON_FAULT : 0);
  space.futureLock = (flags & MCL_FUTURE) != 0 ? lock : 0;
  if ((flags & MCL_CURRENT) == 0) return 0;
  setAll(space, lock);
  if ((flags & MCL_ONFAULT) != 0) return 0;
  // mlockall(2) succeeds also where pages cannot be had.
  for (let i = 0; i < space.list.count; i++) ignore(populate(space, space.list.at(i).start, space.list.at(i).end));
  return 0;
}

/** munlockall(2). */
export function unlockAll(space: AddressSpace): i32 {
  space.futureLock = 0;
  setAll(space, 0);
  return 0;
}

function canLock(space: AddressSpace, mayLock: bool): bool {
  return mayLock || space.limits.lockedMemory != 0;
}

function populateError(status: i32): i32 {
  if (status == -Errno.EFAULT) return -Errno.ENOMEM;
  return status == -Errno.ENOMEM ? -Errno.EAGAIN : status;
}

function lockedPagesIn(space: AddressSpace, start: u64, end: u64): u64 {
  let pages: u64 = 0;
  for (let i = space.list.indexFrom(start); i < space.list.count; i++) {
    const mapping = space.list.at(i);
    if (mapping.start >= end) break;
    if (mapping.has(MapFlag.LOCKED)) pages += (min(mapping.end, end) - max(mapping.start, start)) >> 12;
  }
  return pages;
}

function setAll(space: AddressSpace, lock: u32): void {
  for (let i = 0; i < space.list.count; i++) change(space, i, lock);
  joinRange(space, 0, u64.MAX_VALUE);
}

function setLock(space: AddressSpace, start: u64, size: u64, lock: u32): i32 {
  const end = start + size;
  if (end < start) return -Errno.EINVAL;
  if (end == start) return 0;
  let at = start;
  let status = 0;
  while (at < end) {
    let index = space.list.indexFrom(at);
    if (index == space.list.count || space.list.at(index).start > at) {
      status = -Errno.ENOMEM;
      break;
    }
    const mapping = space.list.at(index);
    const stop = min(mapping.end, end);
    if ((mapping.flags & MapFlag.LOCK_MASK) != lock && !mapping.has(MapFlag.SPECIAL)) {
      index = isolate(space, index, at, stop);
      if (index < 0) return index;
      change(space, index, lock);
    }
    at = stop;
  }
  joinRange(space, start, end);
  return status;
}

function change(space: AddressSpace, index: i32, lock: u32): void {
  const mapping = space.list.at(index);
  if (mapping.has(MapFlag.SPECIAL)) return;
  const pages = <i64>mapping.pages;
  space.account(mapping.flags, -pages);
  mapping.flags = (mapping.flags & ~MapFlag.LOCK_MASK) | lock;
  space.account(mapping.flags, pages);
}
