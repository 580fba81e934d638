// Where mmap(2) and mremap(2) put a mapping when the program leaves it to the kernel.
//
// Downwards from mmapBase, as Linux does on x86-64; if nothing is free there, upwards from the bottom. MAP_32BIT looks
// in the second GiB. A mapping that grows down keeps its guard gap. Does not sleep or allocate.

import { MAP_32BIT } from "../abi/mman";
import { AddressSpace, LOWEST_ADDRESS, STACK_GUARD_GAP } from "./address-space";
import { MapFlag, Mapping } from "./mapping";
import { USER_END } from "./user-memory";

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
  const place = findDownwards(space, length, LOWEST_ADDRESS, space.mmapBase);
  return place != NO_PLACE ? place : findUpwards(space, length, LOWEST_ADDRESS, USER_END);
}

/** Lowest address that belongs to a mapping, its guard gap included. */
@inline function occupiedFrom(mapping: Mapping): u64 {
  const start = mapping.start;
  if ((mapping.flags & MapFlag.GROWS_DOWN) == 0) return start;
  return start > STACK_GUARD_GAP ? start - STACK_GUARD_GAP : 0;
}

function isFreeWithGap(space: AddressSpace, start: u64, end: u64): bool {
  const list = space.list;
  const index = list.indexFrom(start);
  return index == list.count || occupiedFrom(list.at(index)) >= end;
}

function findDownwards(space: AddressSpace, length: u64, low: u64, high: u64): u64 {
  const list = space.list;
  let index = list.indexFrom(high);
  let ceiling = high;
  if (index < list.count) ceiling = min(ceiling, occupiedFrom(list.at(index)));
  while (index > 0) {
    const below = list.at(index - 1);
    if (below.end <= ceiling && ceiling - below.end >= length && ceiling - length >= low) return ceiling - length;
    ceiling = min(ceiling, occupiedFrom(below));
    if (ceiling < low + length) return NO_PLACE;
    index--;
  }
  return ceiling >= low + length ? ceiling - length : NO_PLACE;
}

function findUpwards(space: AddressSpace, length: u64, low: u64, high: u64): u64 {
  const list = space.list;
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
