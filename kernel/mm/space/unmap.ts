// munmap(2), and the splitting and joining of mappings that every change of a range needs.
//
// Splitting and joining change no page table. Does not sleep.

import { Errno } from "../../abi/errno";
import { heapReserveOk, isHeapUnderPressure } from "../../runtime/heap/heap";
import { AddressSpace } from "./address-space";
import { Mapping } from "./mapping";
import { MAX_MAPPINGS } from "./mapping-list";
import { noteFreed } from "./placement";
import { PAGE_MASK, USER_END } from "../../abi/page";

const OBJECT_RESERVE: u32 = 8192;

/** Length rounded up to pages; 0 if that wraps. */
@inline export function pageAlign(length: u64): u64 {
  return (length + PAGE_MASK) & ~PAGE_MASK;
}

/** The kernel's heap cannot grow and has little left: what makes objects answers ENOMEM. Cheap in the ordinary case. */
@inline export function isHeapShort(): bool {
  return isHeapUnderPressure() && !heapReserveOk(OBJECT_RESERVE);
}

/** munmap(2): 0, -EINVAL, or -ENOMEM (a mapping would have to be split and there are too many). */
export function unmapRegion(space: AddressSpace, address: u64, length: u64): i32 {
  if ((address & PAGE_MASK) != 0 || address > USER_END || length > USER_END - address) return -Errno.EINVAL;
  const size = pageAlign(length);
  if (size == 0) return -Errno.EINVAL;
  return removeMappings(space, address, address + size);
}

/** Removes whatever is mapped in the page-aligned range. 0 or -ENOMEM (nothing was changed then). */
export function removeMappings(space: AddressSpace, start: u64, end: u64): i32 {
  const list = space.list;
  let first = list.indexFrom(start);
  if (first == list.count) return 0;
  const lowest = list.at(first);
  if (lowest.start >= end) return 0;
  if (lowest.start < start && lowest.end > end) {
    if (list.count >= MAX_MAPPINGS || isHeapShort()) return -Errno.ENOMEM;
    splitMapping(space, first, end);
  }
  space.tables.clear(start, end);
  if (lowest.start < start) {
    space.account(lowest.flags, -<i64>((lowest.end - start) >> 12));
    lowest.end = start;
    first++;
  }
  let last = first;
  while (last < list.count) {
    const mapping = list.at(last);
    if (mapping.start >= end) break;
    if (mapping.end > end) {
      space.account(mapping.flags, -<i64>((end - mapping.start) >> 12));
      mapping.pageOffset = mapping.pageAt(end);
      mapping.start = end;
      break;
    }
    space.account(mapping.flags, -<i64>mapping.pages);
    mapping.detach();
    last++;
  }
  if (last > first) list.removeRange(first, last);
  noteFreed(space, first < list.count ? list.at(first).start : USER_END);
  return 0;
}

/** Cuts the mapping at position `index` in two at `address`; the upper part follows it. */
export function splitMapping(space: AddressSpace, index: i32, address: u64): void {
  const mapping = space.list.at(index);
  const upper = mapping.part(space.tables, address, mapping.end);
  mapping.end = address;
  space.list.insertAt(index + 1, upper);
}

/**
 * Makes sure that the mapping at `index` lies within `start .. end`, by splitting. Returns the position of the part
 * inside, or -ENOMEM if there are too many mappings.
 */
export function isolate(space: AddressSpace, index: i32, start: u64, end: u64): i32 {
  let at = index;
  const mapping = space.list.at(at);
  const cuts = (mapping.start < start ? 1 : 0) + (mapping.end > end ? 1 : 0);
  if (cuts != 0 && (space.list.count + cuts > MAX_MAPPINGS || isHeapShort())) return -Errno.ENOMEM;
  if (mapping.start < start) {
    splitMapping(space, at, start);
    at++;
  }
  if (space.list.at(at).end > end) splitMapping(space, at, end);
  return at;
}

/** Joins the mapping at `index` with neighbours that it continues, or that continue it. */
export function joinAround(space: AddressSpace, index: i32): void {
  const list = space.list;
  if (index + 1 < list.count && list.at(index).continuesIn(list.at(index + 1))) joinWithNext(space, index);
  if (index > 0 && list.at(index - 1).continuesIn(list.at(index))) joinWithNext(space, index - 1);
}

function joinWithNext(space: AddressSpace, index: i32): void {
  const list = space.list;
  const next: Mapping = list.at(index + 1);
  list.at(index).end = next.end;
  next.detach();
  list.removeRange(index + 1, index + 2);
}

/** Joins whatever can be joined among the mappings that touch `start .. end`. */
export function joinRange(space: AddressSpace, start: u64, end: u64): void {
  const list = space.list;
  let at = list.indexFrom(start);
  if (at > 0) at--;
  while (at + 1 < list.count && list.at(at).end <= end) {
    if (list.at(at).continuesIn(list.at(at + 1))) joinWithNext(space, at);
    else at++;
  }
}
