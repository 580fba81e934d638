// Which physical memory there is: the ranges that boot hands over, less what it reserved. In frame numbers. TRUSTED: what it
// is told to be RAM becomes page tables, stacks and user memory.
//
// Ranges are few (a firmware map has a dozen entries), so plain lists do. Boot, and the return of boot memory, only.

import { FRAME_SHIFT } from "../../../arch/x86_64/memory/physical-memory";
import { PAGE_MASK } from "../../abi/page";

const MAX_RANGES: i32 = 256;
const MAX_RESERVED: i32 = 64;

@bootOnly const firsts = new StaticArray<u32>(MAX_RANGES);
@kernelLock const nexts = new StaticArray<u32>(MAX_RANGES);
@bootOnly const ends = new StaticArray<u32>(MAX_RANGES);
@bootOnly let count: i32 = 0;

@bootOnly const reservedFirsts = new StaticArray<u32>(MAX_RESERVED);
@bootOnly const reservedEnds = new StaticArray<u32>(MAX_RESERVED);
@bootOnly let reservedCount: i32 = 0;

/** Keeps the bytes `start .. end` from being handed out by a later `addMemory`. Boot only. */
@unsafe export function reserveMemory(start: u64, end: u64): void {
  if (start >= end) return;
  if (reservedCount == MAX_RESERVED) throw new Error("too many reserved ranges");
  reservedFirsts[reservedCount] = <u32>min<u64>(start >> FRAME_SHIFT, 0xffff_ffff);
  reservedEnds[reservedCount++] = <u32>min<u64>((end + PAGE_MASK) >> FRAME_SHIFT, 0xffff_ffff);
}

/** Forgets a reservation made with exactly these bounds, so that `addMemory` can hand the memory out. False: there is none. */
@unsafe export function forgetReservation(start: u64, end: u64): bool {
  for (let i = 0; i < reservedCount; i++) {
    if (<u64>reservedFirsts[i] != start >> FRAME_SHIFT) continue;
    if (<u64>reservedEnds[i] != (end + PAGE_MASK) >> FRAME_SHIFT) continue;
    reservedCount--;
    reservedFirsts[i] = reservedFirsts[reservedCount];
    reservedEnds[i] = reservedEnds[reservedCount];
    return true;
  }
  return false;
}

/** Whether there is a reservation with exactly these bounds. */
@safe export function isReserved(start: u64, end: u64): bool {
  for (let i = 0; i < reservedCount; i++) {
    if (<u64>reservedFirsts[i] == start >> FRAME_SHIFT && <u64>reservedEnds[i] == (end + PAGE_MASK) >> FRAME_SHIFT) return true;
  }
  return false;
}

/** Number of ranges; they keep their index for ever. */
@safe export function rangeCount(): i32 {
  return count;
}

/** First frame of the range. */
@safe export function rangeFirst(range: i32): u32 {
  return firsts[range];
}

/** Next frame of the range that was never handed out. */
@safe export function rangeNext(range: i32): u32 {
  return nexts[range];
}

@unsafe export function setRangeNext(range: i32, next: u32): void {
  nexts[range] = next;
}

/** One past the range's last frame. */
@safe export function rangeEnd(range: i32): u32 {
  return ends[range];
}

/** Adds frames `first .. end` less the reserved ones, and those that are there already; returns how many. */
@unsafe export function addUsable(first: u32, end: u32): u32 {
  let added: u32 = 0;
  let at = first;
  while (at < end) {
    const stop = nextObstacle(at, end);
    if (stop > at) {
      added += addRange(at, stop);
      at = stop;
    } else {
      at = obstacleEnd(at);
    }
  }
  return added;
}

/** The first reserved or known frame at or after `at`, or `end`. */
function nextObstacle(at: u32, end: u32): u32 {
  let nearest = end;
  for (let i = 0; i < reservedCount; i++) {
    if (reservedEnds[i] > at) nearest = min(nearest, max(reservedFirsts[i], at));
  }
  for (let i = 0; i < count; i++) {
    if (ends[i] > at) nearest = min(nearest, max(firsts[i], at));
  }
  return nearest;
}

/** Where the obstacle that covers frame `at` ends. */
function obstacleEnd(at: u32): u32 {
  let end = at + 1;
  for (let i = 0; i < reservedCount; i++) {
    if (reservedFirsts[i] <= at && reservedEnds[i] > at) end = max(end, reservedEnds[i]);
  }
  for (let i = 0; i < count; i++) {
    if (firsts[i] <= at && ends[i] > at) end = max(end, ends[i]);
  }
  return end;
}

function addRange(first: u32, end: u32): u32 {
  if (count == MAX_RANGES) return 0;
  firsts[count] = first;
  nexts[count] = first;
  ends[count++] = end;
  return end - first;
}
