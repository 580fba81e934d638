// mremap(2): shrink, grow in place, move. Page tables are moved, not copied. Sleeps only to populate locked memory.

import { touchesWrapWindow } from "../../../arch/x86_64/memory/kernel-mapping";
import { Errno } from "../../abi/errno";
import { MREMAP_DONTUNMAP, MREMAP_FIXED, MREMAP_MAYMOVE } from "../../abi/mman";
import { ignore } from "../../runtime/ignore";
import { AddressSpace, LOWEST_ADDRESS } from "./address-space";
import { isObviousOvercommit } from "./map";
import { MapFlag, Mapping } from "./mapping";
import { MAX_MAPPINGS } from "./mapping-list";
import { NO_PLACE, choosePlace } from "./placement";
import { populate } from "./populate";
import { isHeapShort, joinAround, pageAlign, removeMappings } from "./unmap";
import { PAGE_MASK, USER_END } from "../../abi/page";

const VALID: u32 = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;

/** mremap(2): the new address or -errno. `mayLock`: CAP_IPC_LOCK. */
@sleeps export function remapRegion(
  space: AddressSpace, address: u64, oldLength: u64, newLength: u64, flags: u32, newAddress: u64, mayLock: bool,
): i64 {
  if ((flags & ~VALID) != 0) return -Errno.EINVAL;
  if ((flags & MREMAP_FIXED) != 0 && (flags & MREMAP_MAYMOVE) == 0) return -Errno.EINVAL;
  if ((flags & MREMAP_DONTUNMAP) != 0 && ((flags & MREMAP_MAYMOVE) == 0 || oldLength != newLength)) return -Errno.EINVAL;
  if ((address & PAGE_MASK) != 0) return -Errno.EINVAL;
  const oldSize = pageAlign(oldLength);
  const newSize = pageAlign(newLength);
  if (newSize == 0) return -Errno.EINVAL;
  const mapping = space.list.find(address);
  if (mapping == null) return -Errno.EFAULT;
  if ((flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) != 0) {
    return remapTo(space, address, oldSize, newSize, flags, newAddress, mayLock);
  }
  if (oldSize >= newSize) {
    if (oldSize > newSize) {
      if (oldSize > USER_END - address) return -Errno.EINVAL;
      const removed = removeMappings(space, address + newSize, address + oldSize);
      if (removed != 0) return removed;
    }
    return <i64>address;
  }
  const check = checkResize(space, mapping, address, oldSize, newSize, flags, mayLock);
  if (check != 0) return check;
  if (oldSize == mapping.end - address && canGrow(space, mapping, newSize - oldSize)) {
    return growInPlace(space, mapping, address, oldSize, newSize);
  }
  if ((flags & MREMAP_MAYMOVE) == 0) return -Errno.ENOMEM;
  const target = choosePlace(space, 0, newSize, 0);
  if (target == NO_PLACE) return -Errno.ENOMEM;
  return moveMapping(space, mapping, address, oldSize, newSize, target, false);
}

/** MREMAP_FIXED and MREMAP_DONTUNMAP. */
@sleeps function remapTo(
  space: AddressSpace, address: u64, oldSize: u64, newSize: u64, flags: u32, newAddress: u64, mayLock: bool,
): i64 {
  if ((newAddress & PAGE_MASK) != 0) return -Errno.EINVAL;
  if (newSize > USER_END || newAddress > USER_END - newSize) return -Errno.EINVAL;
  if ((flags & MREMAP_FIXED) != 0 && touchesWrapWindow(newAddress, newAddress + newSize)) return -Errno.EINVAL;
  if (oldSize > USER_END - address) return -Errno.EINVAL;
  if (address + oldSize > newAddress && newAddress + newSize > address) return -Errno.EINVAL;
  if (space.list.count + 2 >= MAX_MAPPINGS) return -Errno.ENOMEM;
  const isFixed = (flags & MREMAP_FIXED) != 0;
  if (isFixed) {
    if (newAddress < LOWEST_ADDRESS && !mayLock) return -Errno.EPERM;
    const cleared = removeMappings(space, newAddress, newAddress + newSize);
    if (cleared != 0) return cleared;
  }
  let size = oldSize;
  if (oldSize > newSize) {
    const removed = removeMappings(space, address + newSize, address + oldSize);
    if (removed != 0) return removed;
    size = newSize;
  }
  const mapping = space.list.find(address);
  if (mapping == null) return -Errno.EFAULT;
  const check = checkResize(space, mapping, address, size, newSize, flags, mayLock);
  if (check != 0) return check;
  const keepsOld = (flags & MREMAP_DONTUNMAP) != 0;
  if (keepsOld && space.checkGrowth(mapping.flags, size >> 12) != 0) return -Errno.ENOMEM;
  const target = isFixed ? newAddress : choosePlace(space, newAddress, newSize, 0);
  if (target == NO_PLACE) return -Errno.ENOMEM;
  return moveMapping(space, mapping, address, size, newSize, target, keepsOld);
}

/** What Linux asks before a mapping gets another size. */
function checkResize(
  space: AddressSpace, mapping: Mapping, address: u64, oldSize: u64, newSize: u64, flags: u32, mayLock: bool,
): i32 {
  if (oldSize == 0 && !mapping.has(MapFlag.MAY_SHARE)) return -Errno.EINVAL;
  const isFixedKind = mapping.has(MapFlag.DONT_EXPAND | MapFlag.SPECIAL);
  if ((flags & MREMAP_DONTUNMAP) != 0 && isFixedKind) return -Errno.EINVAL;
  if (oldSize > mapping.end - address) return -Errno.EFAULT;
  if (newSize == oldSize) return 0;
  if (isFixedKind) return -Errno.EFAULT;
  const more = (newSize - oldSize) >> 12;
  if (mapping.has(MapFlag.LOCKED) && !mayLock && space.lockedPages + more > space.limits.lockedMemory >> 12) {
    return -Errno.EAGAIN;
  }
  if (newSize > USER_END || space.checkGrowth(mapping.flags, more) != 0) return -Errno.ENOMEM;
  return isObviousOvercommit(mapping.flags, more) ? -Errno.ENOMEM : 0;
}

function canGrow(space: AddressSpace, mapping: Mapping, more: u64): bool {
  const end = mapping.end + more;
  if (end > USER_END || end < mapping.end || touchesWrapWindow(mapping.end, end)) return false;
  return !space.list.overlaps(mapping.end, end);
}

@sleeps function growInPlace(space: AddressSpace, mapping: Mapping, address: u64, oldSize: u64, newSize: u64): i64 {
  const oldEnd = mapping.end;
  const pages = (newSize - oldSize) >> 12;
  mapping.end = oldEnd + (newSize - oldSize);
  space.account(mapping.flags, <i64>pages);
  joinAround(space, space.list.indexFrom(address));
  // What cannot be had now faults later.
  if (mapping.has(MapFlag.LOCKED)) ignore(populate(space, oldEnd, oldEnd + (newSize - oldSize)));
  return <i64>address;
}

/** Moves `oldSize` bytes at `address` to a free place of `newSize` bytes. With `oldSize` 0 a second view is made. */
@sleeps function moveMapping(
  space: AddressSpace, mapping: Mapping, address: u64, oldSize: u64, newSize: u64, target: u64, keepsOld: bool,
): i64 {
  if (space.list.count >= MAX_MAPPINGS - 3 || isHeapShort()) return -Errno.ENOMEM;
  const moved = new Mapping(space.tables, target, target + newSize, mapping.flags, mapping.pageAt(address));
  moved.attach(mapping.object);
  space.list.insert(moved);
  space.account(moved.flags, <i64>moved.pages);
  if (oldSize != 0 && !space.tables.move(address, target, oldSize)) {
    // The new range is a whole mapping: nothing is split, so it cannot fail.
    ignore(removeMappings(space, target, target + newSize));
    return -Errno.ENOMEM;
  }
  const isLocked = moved.has(MapFlag.LOCKED);
  if (keepsOld) unlockOld(space, mapping, address, oldSize);
  // If there is no room to split, an empty mapping stays behind.
  else if (oldSize != 0) ignore(removeMappings(space, address, address + oldSize));
  joinAround(space, space.list.indexFrom(target));
  if (isLocked) ignore(populate(space, target, target + newSize));
  return <i64>target;
}

/** MREMAP_DONTUNMAP leaves an empty mapping that is not locked; only whole mappings lose the flag, as in Linux. */
function unlockOld(space: AddressSpace, mapping: Mapping, address: u64, size: u64): void {
  if (address != mapping.start || mapping.size != size || !mapping.has(MapFlag.LOCKED)) return;
  space.account(mapping.flags, -<i64>mapping.pages);
  mapping.flags &= ~MapFlag.LOCK_MASK;
  space.account(mapping.flags, <i64>mapping.pages);
}
