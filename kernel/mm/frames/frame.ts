// The frame allocator: all memory that is not the kernel's image, in frames of 4 KiB.
//
// Memory comes in "fresh" ranges that nothing has touched, handed out from their beginning, so that boot costs a few
// instructions a range whatever its size. What is released goes to a last-in-first-out list (warm in the cache), kept
// in the frame table. A second list holds frames known to be zero: page tables that became empty, and frames that the
// idle loop cleared. A reserve is left for the kernel itself (page tables, linear memory). Nothing here sleeps, and
// nothing allocates kernel objects after boot; interrupts are off in the kernel, so no lock is needed on one CPU.

import {
  FRAME_SHIFT, Frame, NO_FRAME, frameFromNumber, frameNumber, zeroFrame,
} from "../../../arch/x86_64/memory/physical-memory";
import {
  FRAME_LIMIT, FREE_TAG, SECTION_FRAMES, SECTION_TABLE_FRAMES, badCount, createSection, entryOf, hasSection, readEntry,
  writeCount, writeEntry,
} from "./frame-table";
import { addUsable, rangeCount, rangeEnd, rangeFirst, rangeNext, setRangeNext } from "./memory-ranges";

export {
  FRAME_SHIFT, FRAME_SIZE, Frame, NO_FRAME, bytesToFrame, compareFrameRange, copyFrame, copyFrameRange, fillFrame,
  frameAddress, frameRead16, frameRead32, frameRead64, frameRead8, frameToBytes, frameWrite16, frameWrite32,
  frameWrite64, frameWrite8, zeroFrame,
} from "../../../arch/x86_64/memory/physical-memory";
export { frameReferences, retainFrame } from "./frame-table";
export { forgetReservation, reserveMemory } from "./memory-ranges";

/** Asked for help when frames run out. Neither method may allocate kernel objects. */
@safe export abstract class MemoryPressure {
  /** Gives clean cached frames back without sleeping; answers how many. */
  abstract reclaim(frames: u32): u32;
  /**
   * Nothing is left: ends a victim and lets it run (sleeps). True: try again; false: the current task is the victim,
   * or nobody can be ended.
   */
  @sleeps abstract outOfMemory(): bool;
}

/** Frames that the idle loop keeps zeroed at most. */
const ZERO_POOL: u32 = 512;
/** Frames that only the kernel gets: a floor, and a share of all memory. */
const RESERVE_FLOOR: u32 = 64;
const RESERVE_SHARE: u32 = 256;
const RESERVE_CEILING: u32 = 2048;

@bootOnly let pressure: MemoryPressure | null = null;
@kernelLock let freeHead: u32 = 0;
@kernelLock let zeroedHead: u32 = 0;
@kernelLock let zeroedCount: u32 = 0;
@kernelLock let freeCount: u32 = 0;
@bootOnly let totalCount: u32 = 0;
@bootOnly let reserve: u32 = RESERVE_FLOOR;
/** The first range that may have fresh frames. */
@kernelLock let currentRange: i32 = 0;

/** Says who helps when memory runs out. */
@safe export function setMemoryPressure(helper: MemoryPressure): void {
  pressure = helper;
}

/** The OOM path: see MemoryPressure.outOfMemory. Sleeps. */
@sleeps @safe export function outOfMemory(): bool {
  const helper = pressure;
  return helper != null && helper.outOfMemory();
}

/**
 * Gives the bytes `start .. end` of RAM to the allocator, without what `reserveMemory` keeps. Called for each range of
 * the firmware's map at boot; later for memory that boot had reserved and no longer needs (the initramfs).
 */
@safe export function addMemory(start: u64, end: u64): void {
  const first = max<u64>((start + 0xfff) >> FRAME_SHIFT, 1);
  const last = min<u64>(end >> FRAME_SHIFT, FRAME_LIMIT);
  if (first >= last) return;
  const added = addUsable(<u32>first, <u32>last);
  totalCount += added;
  freeCount += added;
  reserve = min(max(totalCount / RESERVE_SHARE, RESERVE_FLOOR), RESERVE_CEILING);
  currentRange = 0;
}

/** Frames that can be allocated. */
@safe export function freeFrameCount(): u32 {
  return freeCount;
}

/** Frames the allocator was given. */
@safe export function totalFrameCount(): u32 {
  return totalCount;
}

/** A frame with undefined contents and one reference, or NO_FRAME when memory is exhausted. */
@safe export function allocateFrame(): Frame {
  if (freeCount <= reserve && !reclaimSome()) return NO_FRAME;
  return takeFrame();
}

/** A frame of zeros. */
@safe export function allocateZeroedFrame(): Frame {
  if (freeCount <= reserve && !reclaimSome()) return NO_FRAME;
  return takeZeroed();
}

/** A frame for the kernel itself (page tables, linear memory), of zeros; may use the reserve. */
@safe export function allocateKernelFrame(): Frame {
  return takeZeroed();
}

/** Gives up a reference; the frame is free after the last. */
@safe @inline export function releaseFrame(frame: Frame): void {
  const entry = entryOf(frame);
  const count = <u32>readEntry(entry);
  if (count > 1) {
    writeCount(entry, count - 1);
    return;
  }
  if (count == 0) badCount(frame);
  writeEntry(entry, 0, FREE_TAG | freeHead);
  freeHead = frameNumber(frame);
  freeCount++;
}

/** Frees a frame that its only owner knows to hold zeros. */
@unsafe export function releaseZeroedFrame(frame: Frame): void {
  const entry = entryOf(frame);
  if (<u32>readEntry(entry) != 1) badCount(frame);
  writeEntry(entry, 0, FREE_TAG | zeroedHead);
  zeroedHead = frameNumber(frame);
  zeroedCount++;
  freeCount++;
}

/**
 * Clears free frames ahead of need, at most `limit`. For the idle loop; false: there was nothing to do.
 */
@safe export function zeroSomeFrames(limit: u32): bool {
  let done: u32 = 0;
  while (done < limit && zeroedCount < ZERO_POOL && freeCount - zeroedCount > reserve) {
    const frame = takeFrame();
    if (frame == NO_FRAME) break;
    zeroFrame(frame);
    releaseZeroedFrame(frame);
    done++;
  }
  return done != 0;
}

/**
 * 2^order frames in a row, aligned to their common size and ending at or below `belowAddress`; one reference each,
 * contents undefined. NO_FRAME if there is no such run. Meant for buffers that devices keep: slow when memory is full.
 */
@safe export function allocateContiguous(order: u32, belowAddress: u64): Frame {
  if (order == 0 && belowAddress == u64.MAX_VALUE) return allocateFrame();
  const count = <u32>1 << order;
  if (freeCount < reserve + count) return NO_FRAME;
  let number = takeFreshRun(count, belowAddress >> FRAME_SHIFT);
  if (number == 0) number = takeFreedRun(count, belowAddress >> FRAME_SHIFT);
  if (number == 0) return NO_FRAME;
  for (let i: u32 = 0; i < count; i++) writeEntry(entryOf(frameFromNumber(number + i)), 1, 0);
  freeCount -= count;
  return frameFromNumber(number);
}

/** Gives a contiguous run back. */
@safe export function releaseContiguous(first: Frame, order: u32): void {
  const count = <u32>1 << order;
  for (let i: u32 = 0; i < count; i++) releaseFrame(frameFromNumber(frameNumber(first) + i));
}

/** The frame `index` places after `first` of a contiguous run. */
@safe export function frameInRun(first: Frame, index: u32): Frame {
  return frameFromNumber(frameNumber(first) + index);
}

@inline function takeFrame(): Frame {
  const number = freeHead;
  if (number == 0) return takeOther();
  const frame = frameFromNumber(number);
  const entry = entryOf(frame);
  freeHead = <u32>(readEntry(entry) >> 32) & ~FREE_TAG;
  writeEntry(entry, 1, 0);
  freeCount--;
  return frame;
}

/** The list of freed frames is empty: a fresh frame, or one of the zeroed ones. */
function takeOther(): Frame {
  const number = takeFresh();
  if (number == 0) return popZeroed();
  const frame = frameFromNumber(number);
  writeEntry(entryOf(frame), 1, 0);
  freeCount--;
  return frame;
}

function takeZeroed(): Frame {
  if (zeroedHead != 0) return popZeroed();
  const frame = takeFrame();
  if (frame != NO_FRAME) zeroFrame(frame);
  return frame;
}

@inline function popZeroed(): Frame {
  const number = zeroedHead;
  if (number == 0) return NO_FRAME;
  const frame = frameFromNumber(number);
  const entry = entryOf(frame);
  zeroedHead = <u32>(readEntry(entry) >> 32) & ~FREE_TAG;
  zeroedCount--;
  freeCount--;
  writeEntry(entry, 1, 0);
  return frame;
}

/** Asks for cached frames. True if user allocations may go on. */
function reclaimSome(): bool {
  const helper = pressure;
  if (helper != null) helper.reclaim(32);
  return freeCount > reserve;
}

/** The next frame that was never used, or 0. */
function takeFresh(): u32 {
  while (currentRange < rangeCount()) {
    const number = rangeNext(currentRange);
    if (number < rangeEnd(currentRange) && ensureSection(currentRange, number)) {
      const chosen = rangeNext(currentRange);
      setRangeNext(currentRange, chosen + 1);
      return chosen;
    }
    if (number < rangeEnd(currentRange)) abandonRange(currentRange);
    currentRange++;
  }
  return 0;
}

/** A range too small for the table of its section is given up. */
function abandonRange(range: i32): void {
  const left = rangeEnd(range) - rangeNext(range);
  freeCount -= left;
  totalCount -= left;
  setRangeNext(range, rangeEnd(range));
}

/** Makes sure the section of frame `number` (the next of `range`) has a table, and that frames remain after it. */
function ensureSection(range: i32, number: u32): bool {
  if (hasSection(number)) return true;
  const left = rangeEnd(range) - number;
  if (left <= SECTION_TABLE_FRAMES) return false;
  createSection(number, number);
  setRangeNext(range, number + SECTION_TABLE_FRAMES);
  freeCount -= SECTION_TABLE_FRAMES;
  // The frames of the table may straddle into the next section, whose own table is made when it is reached.
  return hasSection(rangeNext(range)) || ensureSection(range, rangeNext(range));
}

/** A run of fresh frames; what alignment skips becomes ordinary free frames. 0 if no range has room. */
function takeFreshRun(count: u32, limit: u64): u32 {
  for (let range = 0; range < rangeCount(); range++) {
    while (true) {
      const next = rangeNext(range);
      const aligned = (<u64>next + <u64>(count - 1)) & ~(<u64>count - 1);
      const end = aligned + <u64>count;
      if (end > <u64>rangeEnd(range) || end > limit) break;
      if (!ensureRunSections(range, <u32>aligned, count)) break;
      if (rangeNext(range) != next) continue;
      for (let n = next; n < <u32>aligned; n++) {
        writeEntry(entryOf(frameFromNumber(n)), 1, 0);
        freeCount--;
        releaseFrame(frameFromNumber(n));
      }
      setRangeNext(range, <u32>end);
      return <u32>aligned;
    }
  }
  return 0;
}

/** Tables for every section between the range's next frame and the end of the run (made at the range's front). */
function ensureRunSections(range: i32, aligned: u32, count: u32): bool {
  let n = rangeNext(range);
  const last = aligned + count - 1;
  while (true) {
    if (!hasSection(n)) {
      const table = rangeNext(range);
      if (rangeEnd(range) - table <= SECTION_TABLE_FRAMES) return false;
      if (!hasSection(table) && !ensureSection(range, table)) return false;
      if (!hasSection(n)) {
        createSection(n, rangeNext(range));
        setRangeNext(range, rangeNext(range) + SECTION_TABLE_FRAMES);
        freeCount -= SECTION_TABLE_FRAMES;
      }
    }
    if (n >= last) return true;
    n = min((n & ~(SECTION_FRAMES - 1)) + SECTION_FRAMES, last);
  }
}

/** Looks for an aligned run among frames that were freed, and takes it out of the lists. 0 if there is none. */
function takeFreedRun(count: u32, limit: u64): u32 {
  for (let range = 0; range < rangeCount(); range++) {
    const end = min<u64>(<u64>rangeNext(range), limit);
    for (let n = (<u64>rangeFirst(range) + <u64>(count - 1)) & ~(<u64>count - 1); n + <u64>count <= end; n += <u64>count) {
      if (!isFreeRun(<u32>n, count)) continue;
      freeHead = unlinkRun(freeHead, <u32>n, count, false);
      zeroedHead = unlinkRun(zeroedHead, <u32>n, count, true);
      return <u32>n;
    }
  }
  return 0;
}

function isFreeRun(first: u32, count: u32): bool {
  for (let i: u32 = 0; i < count; i++) {
    if (!hasSection(first + i)) return false;
    const entry = readEntry(entryOf(frameFromNumber(first + i)));
    if (<u32>entry != 0 || (<u32>(entry >> 32) & FREE_TAG) == 0) return false;
  }
  return true;
}

/** The list without the frames of the run; its new head. */
function unlinkRun(head: u32, first: u32, count: u32, isZeroedList: bool): u32 {
  let newHead: u32 = 0;
  let previous: u32 = 0;
  for (let n = head; n != 0;) {
    const next = <u32>(readEntry(entryOf(frameFromNumber(n))) >> 32) & ~FREE_TAG;
    if (n - first < count) {
      if (isZeroedList) zeroedCount--;
    } else {
      if (previous == 0) newHead = n;
      else writeEntry(entryOf(frameFromNumber(previous)), 0, FREE_TAG | n);
      writeEntry(entryOf(frameFromNumber(n)), 0, FREE_TAG);
      previous = n;
    }
    n = next;
  }
  return newHead;
}
