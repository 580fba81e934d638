// brk(2): the heap between the program's data and the mmap area. Does not sleep (save to populate locked memory).

import { touchesWrapWindow } from "../../../arch/x86_64/memory/kernel-mapping";
import { ignore } from "../../runtime/ignore";
import { AddressSpace, STACK_GUARD_GAP } from "./address-space";
import { isObviousOvercommit, place } from "./map";
import { MapFlag } from "./mapping";
import { MAX_MAPPINGS } from "./mapping-list";
import { populate } from "./populate";
import { pageAlign, removeMappings } from "./unmap";
import { PAGE, USER_END } from "../../abi/page";

const HEAP_FLAGS: u32 =
  MapFlag.READ | MapFlag.WRITE | MapFlag.MAY_READ | MapFlag.MAY_WRITE | MapFlag.MAY_EXEC | MapFlag.ACCOUNT;

/** brk(2): the new break, or the old one if that cannot be. */
@sleeps export function setBreak(space: AddressSpace, address: u64): u64 {
  const old = space.brkEnd;
  if (address < space.brkStart || address > USER_END) return old;
  if (address - space.brkStart + space.dataSize > space.limits.data) return old;
  const oldEnd = pageAlign(old);
  const newEnd = pageAlign(address);
  if (newEnd < oldEnd) {
    if (removeMappings(space, newEnd, oldEnd) != 0) return old;
  } else if (newEnd > oldEnd) {
    if (!grow(space, oldEnd, newEnd)) return old;
  }
  space.brkEnd = address;
  return address;
}

@sleeps function grow(space: AddressSpace, start: u64, end: u64): bool {
  if (touchesWrapWindow(start, end)) return false;
  const list = space.list;
  const next = list.indexFrom(start);
  if (next < list.count) {
    const above = list.at(next);
    const gap = above.has(MapFlag.GROWS_DOWN) ? STACK_GUARD_GAP : 0;
    if (above.start < end + PAGE + gap) return false;
  }
  const pages = (end - start) >> 12;
  const flags = HEAP_FLAGS | space.futureLock;
  if (list.count > MAX_MAPPINGS || isObviousOvercommit(flags, pages)) return false;
  if (space.checkGrowth(flags, pages) != 0) return false;
  if ((flags & MapFlag.LOCKED) != 0 && space.lockedPages + pages > space.limits.lockedMemory >> 12) return false;
  place(space, start, end, flags, start >> 12, null);
  // What cannot be had now faults later.
  if ((flags & MapFlag.LOCK_MASK) == MapFlag.LOCKED) ignore(populate(space, start, end));
  return true;
}
