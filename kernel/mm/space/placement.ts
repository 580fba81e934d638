// Where mmap(2) and mremap(2) put a mapping when the program leaves it to the kernel.
//
// Downwards from mmapBase, as Linux does on x86-64; if nothing is free there, upwards from the bottom. MAP_32BIT looks
// in the second GiB. A mapping that grows down keeps its guard gap. Does not sleep or allocate.
//
// A search remembers where it ended and the largest free range it passed (AddressSpace.searchFrom, largestGapAbove): the next one
// that asks for more than that goes on there, with the same result as from the top. Freeing a range moves the mark above it.

import { WRAP_WINDOW_END, WRAP_WINDOW_START, touchesWrapWindow } from "../../../arch/x86_64/memory/kernel-mapping";
import { MAP_32BIT } from "../../abi/mman";
import { AddressSpace, LOWEST_ADDRESS, STACK_GUARD_GAP } from "./address-space";
import { MapFlag, Mapping } from "./mapping";
import { PAGE, USER_END } from "../../abi/page";

/** No place is free. Page aligned addresses differ from it. */
export const NO_PLACE: u64 = 1;
const LOW_START: u64 = 0x4000_0000;
const LOW_END: u64 = 0x8000_0000;

/** A free range of `length` bytes (page aligned), at `hint` if that is free; NO_PLACE. */
export function choosePlace(space: AddressSpace, hint: u64, length: u64, flags: u32): u64 {
  if (length > USER_END - LOWEST_ADDRESS) return NO_PLACE;
  if (hint != 0 && hint <= USER_END - length && isFreeWithGap(space, hint, hint + length)) {
    if ((flags & MAP_32BIT) == 0 || hint + length <= LOW_END) return hint;
  }
  if ((flags & MAP_32BIT) != 0) return findUpwards(space, length, LOW_START, LOW_END);
  const place = findDownwards(space, length);
  return place != NO_PLACE ? place : findUpwards(space, length, LOWEST_ADDRESS, USER_END);
}

/**
 * Chooses the top of the stack and the place of mmap of a new space from random bits (ASLR); 0: no randomness.
 * `stackLimit` is RLIMIT_STACK.
 */
export function layOut(space: AddressSpace, randomness: u64, stackLimit: u64): void {
  const stackPages = randomness & 0x3f_ffff;
  const mmapPages = (randomness >> 22) & 0xfff_ffff;
  space.limits.stack = stackLimit;
  space.stackTop = USER_END - stackPages * PAGE;
  const stackRandom: u64 = randomness != 0 ? 0x4_0000_0000 : 0;
  const largestGap = USER_END / 6 * 5;
  let gap = min(stackLimit, largestGap) + stackRandom + STACK_GUARD_GAP;
  gap = min(max<u64>(gap, 128 << 20), largestGap);
  space.mmapBase = (USER_END - gap - mmapPages * PAGE) & ~(PAGE - 1);
}

/** Where a free range that begins at `floor` begins if it is to end at `ceiling`: above the window that programs cannot have. */
@inline function floorBelow(floor: u64, ceiling: u64): u64 {
  return ceiling > WRAP_WINDOW_END && touchesWrapWindow(floor, ceiling) ? WRAP_WINDOW_END : floor;
}

/** Lowest address that belongs to a mapping, its guard gap included. */
@inline function occupiedFrom(mapping: Mapping): u64 {
  const start = mapping.start;
  if ((mapping.flags & MapFlag.GROWS_DOWN) == 0) return start;
  return start > STACK_GUARD_GAP ? start - STACK_GUARD_GAP : 0;
}

function isFreeWithGap(space: AddressSpace, start: u64, end: u64): bool {
  if (touchesWrapWindow(start, end)) return false;
  const list = space.list;
  const index = list.indexFrom(start);
  return index == list.count || occupiedFrom(list.at(index)) >= end;
}

/** The highest free range below mmapBase that is large enough. */
function findDownwards(space: AddressSpace, length: u64): u64 {
  const list = space.list;
  if (length <= space.largestGapAbove || space.searchFrom >= space.mmapBase || space.hasGuardsBelowBase) {
    space.searchFrom = space.mmapBase;
    space.largestGapAbove = 0;
  }
  let largest = space.largestGapAbove;
  let ceiling = space.searchFrom;
  let index = list.indexFrom(ceiling);
  if (index < list.count) ceiling = min(ceiling, occupiedFrom(list.at(index)));
  let floor = LOWEST_ADDRESS;
  while (true) {
    const bottom = index > 0 ? max(list.at(index - 1).end, LOWEST_ADDRESS) : LOWEST_ADDRESS;
    if (touchesWrapWindow(bottom, ceiling) && ceiling <= WRAP_WINDOW_END) ceiling = min(ceiling, WRAP_WINDOW_START);
    floor = floorBelow(bottom, ceiling);
    const gap = ceiling > floor ? ceiling - floor : 0;
    if (gap >= length) break;
    largest = max(largest, gap);
    if (floor != bottom) {
      ceiling = WRAP_WINDOW_START;
      continue;
    }
    if (index == 0) break;
    index--;
    ceiling = min(ceiling, occupiedFrom(list.at(index)));
  }
  space.searchFrom = ceiling;
  space.largestGapAbove = largest;
  return ceiling > floor && ceiling - floor >= length ? ceiling - length : NO_PLACE;
}

/** A free range ends at `end`, where it ended lower before or was none: mappings were removed. */
export function noteFreed(space: AddressSpace, end: u64): void {
  if (end > space.searchFrom) space.searchFrom = end;
}

function findUpwards(space: AddressSpace, length: u64, low: u64, high: u64): u64 {
  const list = space.list;
  if (touchesWrapWindow(low, high)) {
    const place = low < WRAP_WINDOW_START ? findUpwards(space, length, low, WRAP_WINDOW_START) : NO_PLACE;
    return place != NO_PLACE || high <= WRAP_WINDOW_END ? place : findUpwards(space, length, WRAP_WINDOW_END, high);
  }
  let at = low;
  for (let index = list.indexFrom(low); index < list.count; index++) {
    const mapping = list.at(index);
    const stop = min(occupiedFrom(mapping), high);
    if (stop > at && stop - at >= length) return at;
    at = max(at, mapping.end);
    if (at >= high) return NO_PLACE;
  }
  return high > at && high - at >= length ? at : NO_PLACE;
}
