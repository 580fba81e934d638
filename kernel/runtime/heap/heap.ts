// What the rest of the kernel knows of its heap: safe points, the reserve, stress mode, figures.
// Nothing here sleeps.

import { SAFE_POINT_AFTER, allocatedBytes, finishSweep, startHeap, usedPageBytes } from "./allocator";
import {
  collect, collections, isStressed, liveBytes, liveObjects, longestPause, switchStress, totalPause,
} from "./collector";
import { RESERVE_PAGES, freePages, growFor, heapEnd, heapStart, isUnderPressure, reservePages } from "./page-heap";

/** A collection is due when this much was allocated since the last one, or as much as is alive if that is more. */
@inline const COLLECT_AFTER: usize = 2 * 1024 * 1024;
/** Under memory pressure collections come this much sooner. */
@inline const COLLECT_AFTER_UNDER_PRESSURE: usize = SAFE_POINT_AFTER;

/**
 * A safe point: collects if enough was allocated, and refills the reserve. Called when idle and before returning to user
 * mode; cheap when nothing is due.
 */
@inline
export function collectIfNeeded(): void {
  if (allocatedBytes >= COLLECT_AFTER_UNDER_PRESSURE) collectIfDue();
}

function collectIfDue(): void {
  const due = isUnderPressure ? COLLECT_AFTER_UNDER_PRESSURE : max(COLLECT_AFTER, liveBytes);
  if (allocatedBytes >= due) collect();
  if (freePages < RESERVE_PAGES) growFor(RESERVE_PAGES);
}

/** Collects now. For tests. */
export function collectNow(): void {
  collect();
}

/**
 * True if objects of `bytes` in all (or one of that size) can be allocated without touching the reserve. A system call
 * that may need much asks before it changes anything, and answers ENOMEM otherwise.
 */
export function heapReserveOk(bytes: u32): bool {
  if (bytes > 0x3f00_0000) return false;
  const pages = (bytes + (bytes >> 4) + 8191) >> 12;
  startHeap();
  if (reservePages(pages)) return true;
  // Garbage may be in the way, or pages that a collection left to sweep.
  if (allocatedBytes >= COLLECT_AFTER_UNDER_PRESSURE) collect();
  finishSweep();
  return reservePages(pages);
}

/** Physical memory did not suffice for the heap to grow: caches should shrink. */
export function isHeapUnderPressure(): bool {
  return isUnderPressure;
}

/** Stress mode: a collection at every allocation, freed memory poisoned. Very slow. For tests. */
export function setStress(on: bool): void {
  setStressEvery(on ? 1 : 0);
}

/** Stress mode with a collection at every `period`-th allocation; 0 ends it. */
export function setStressEvery(period: u32): void {
  switchStress(period != 0, max<u32>(period, 1));
}

/** Bytes of linear memory that belong to the heap. */
export function heapSize(): u32 {
  return <u32>(heapEnd - heapStart);
}

/** Bytes in pages that hold objects, dead ones included. */
export function heapUsed(): u32 {
  return <u32>usedPageBytes;
}

/** Bytes in free pages. For tests. */
export function heapFree(): u32 {
  return freePages << 12;
}

/** Bytes and number of objects that the last collection found alive. */
export function heapLiveBytes(): u32 {
  return <u32>liveBytes;
}

export function heapLiveObjects(): u32 {
  return liveObjects;
}

/** Collections since boot, and ticks of the time stamp counter they took: all, and the longest. */
export function collectionCount(): u32 {
  return collections;
}

export function collectionTicks(): u64 {
  return totalPause;
}

export function longestCollectionTicks(): u64 {
  return longestPause;
}
