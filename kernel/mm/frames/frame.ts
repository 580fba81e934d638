// The frame allocator: all memory that is not the kernel's image, in frames of 4 KiB.
//
// Memory comes in "fresh" ranges that nothing has touched, handed out from their beginning, so that boot costs a few
// instructions a range whatever its size. What is released goes to a last-in-first-out list (warm in the cache), kept
// in the frame table. A second list holds frames known to be zero: page tables that became empty, and frames that the
// idle loop cleared. A reserve is left for the kernel itself (page tables, linear memory). Nothing here sleeps, and
// nothing allocates kernel objects after boot; interrupts are off in the kernel, so no lock is needed on one CPU.

import {
  FRAME_SHIFT, Frame, NO_FRAME, frameAddress, frameFromNumber, frameNumber,
} from "../../../arch/x86_64/memory/physical-memory";
import { imageRegion, physZeroFrame } from "../../../arch/x86_64/machine";
import {
  DATA, FRAME_LIMIT, FREE, KERNEL, SECTION_FRAMES, SECTION_TABLE_FRAMES, TABLE, createSection, dropHandle, entryOf, hasSection, hideEntry,
  notData, readEntry, writeEntry,
} from "./frame-table";
import { addUsable, forgetReservation, rangeCount, rangeEnd, rangeFirst, rangeNext, setRangeNext } from "./memory-ranges";

export { FRAME_SHIFT, FRAME_SIZE, Frame, NO_FRAME, frameAddress } from "../../../arch/x86_64/memory/physical-memory";
export {
  bytesToFrame, compareFrameRange, copyFrame, copyFrameRange, fillFrame, frameRead16, frameRead32, frameRead64, frameRead8, frameToBytes,
  frameWrite16, frameWrite32, frameWrite64, frameWrite8, zeroFrame,
} from "./frame-access";
export { frameReferences, retainFrame } from "./frame-table";

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
 * Gives the bytes `start .. end` of RAM to the allocator, without what `reserveMemory` keeps and without the kernel's image. Boot: called for
 * each range of the firmware's map.
 */
@unsafe export function addMemory(start: u64, end: u64): void {
  addOutside(start, end, 0);
  reserve = min(max(totalCount / RESERVE_SHARE, RESERVE_FLOOR), RESERVE_CEILING);
  currentRange = 0;
}

/** Gives memory that boot reserved with exactly these bounds, and that nobody needs any longer (the initramfs), to the allocator. */
@safe export function returnReserved(start: u64, end: u64): void {
  if (forgetReservation(start, end)) addMemory(start, end);
}

/** Image, first linear memory, stacks: regions 0, 1 and 5 of the machine contract. */
function addOutside(start: u64, end: u64, region: u32): void {
  if (region > 5) {
    const first = max<u64>((start + 0xfff) >> FRAME_SHIFT, 1);
    const last = min<u64>(end >> FRAME_SHIFT, FRAME_LIMIT);
    if (first >= last) return;
    const added = addUsable(<u32>first, <u32>last);
    totalCount += added;
    freeCount += added;
    return;
  }
  const from = imageRegion(region, 0);
  const to = imageRegion(region, 1);
  addOutside(start, min(end, max(from, start)), region + 1);
  addOutside(max(start, min(to, end)), end, region + 1);
}

/** Frames that can be allocated. */
@safe export function freeFrameCount(): u32 {
  return freeCount;
}

/** Frames the allocator was given. */
@safe export function totalFrameCount(): u32 {
  return totalCount;
}

/** A frame with undefined contents and one handle that counts, or NO_FRAME when memory is exhausted. */
@safe export function allocateFrame(): Frame {
  if (freeCount <= reserve && !reclaimSome()) return NO_FRAME;
  return takeFrame(DATA | 1, 0);
}

/** A frame of zeros. */
@safe export function allocateZeroedFrame(): Frame {
  if (freeCount <= reserve && !reclaimSome()) return NO_FRAME;
  return takeZeroed(DATA | 1, 0);
}

/** A data frame without a handle that counts, for the one page-table entry that will show it; after haveFrames: reclaims nothing. */
@unsafe export function allocateShownFrame(isZeroed: bool): Frame {
  return isZeroed ? takeZeroed(DATA, 1) : takeFrame(DATA, 1);
}

/** Whether frames can be had for programs; reclaims some if need be, which may change page tables. */
@safe @inline export function haveFrames(): bool {
  return freeCount > reserve || reclaimSome();
}

/** A frame of zeros for a page table of a program; may use the reserve (callers ask haveFrames before). Reclaims nothing. */
@unsafe export function allocateTableFrame(): Frame {
  return takeZeroed(1, TABLE);
}

/** A frame for the kernel itself (its page tables, stacks, linear memory), of zeros; may use the reserve. */
@unsafe export function allocateKernelFrame(): Frame {
  return takeZeroed(1, KERNEL);
}

/** A handle counts no longer; the frame is free after the last, if no page table shows it. Refused (an oops) for what holds no data. */
@safe @inline export function releaseFrame(frame: Frame): void {
  if (dropHandle(frame)) freeFrame(frame);
}

/** An entry of a page table shows the frame no longer. */
@unsafe @inline export function releaseShownFrame(frame: Frame): void {
  if (hideEntry(entryOf(frame))) freeFrame(frame);
}

/** The same, where the frame's own entry is known from showFrame. */
@unsafe @inline export function releaseShownEntry(frame: Frame, entry: u64): void {
  if (hideEntry(entry)) freeShown(frame);
}

/** Apart from its callers, which seldom need it. */
function freeShown(frame: Frame): void {
  freeFrame(frame);
}

/** Frees a page table without live entries: it is all zeros. */
@unsafe export function releaseTableFrame(frame: Frame): void {
  if (readEntry(entryOf(frame)) != (1 | <u64>TABLE << 32)) notData(frame);
  freeZeroed(frame);
}

@unsafe export function releaseKernelFrame(frame: Frame): void {
  if (readEntry(entryOf(frame)) != (1 | <u64>KERNEL << 32)) notData(frame);
  freeFrame(frame);
}

@inline function freeFrame(frame: Frame): void {
  writeEntry(entryOf(frame), 0, FREE | freeHead);
  freeHead = frameNumber(frame);
  freeCount++;
}

function freeZeroed(frame: Frame): void {
  writeEntry(entryOf(frame), 0, FREE | zeroedHead);
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
    const frame = takeFrame(1, KERNEL);
    if (frame == NO_FRAME) break;
    physZeroFrame(frameAddress(frame));
    freeZeroed(frame);
    done++;
  }
  return done != 0;
}

/**
 * 2^order frames of the kernel's in a row, aligned to their common size and ending at or below `belowAddress`, contents undefined.
 * NO_FRAME if there is no such run. Meant for buffers that devices keep: slow when memory is full.
 */
@unsafe export function allocateContiguous(order: u32, belowAddress: u64): Frame {
  const count = <u32>1 << order;
  if (freeCount < reserve + count) return NO_FRAME;
  let number = takeFreshRun(count, belowAddress >> FRAME_SHIFT);
  if (number == 0) number = takeFreedRun(count, belowAddress >> FRAME_SHIFT);
  if (number == 0) return NO_FRAME;
  for (let i: u32 = 0; i < count; i++) writeEntry(entryOf(frameFromNumber(number + i)), 1, KERNEL);
  freeCount -= count;
  return frameFromNumber(number);
}

/** Gives a contiguous run back. */
@unsafe export function releaseContiguous(first: Frame, order: u32): void {
  const count = <u32>1 << order;
  for (let i: u32 = 0; i < count; i++) releaseKernelFrame(frameFromNumber(frameNumber(first) + i));
}

@inline function takeFrame(low: u32, high: u32): Frame {
  const number = freeHead;
  if (number == 0) return takeOther(low, high);
  const frame = frameFromNumber(number);
  const entry = entryOf(frame);
  freeHead = <u32>(readEntry(entry) >> 32) & ~FREE;
  writeEntry(entry, low, high);
  freeCount--;
  return frame;
}

/** The list of freed frames is empty: a fresh frame, or one of the zeroed ones. */
function takeOther(low: u32, high: u32): Frame {
  const number = takeFresh();
  if (number == 0) return popZeroed(low, high);
  const frame = frameFromNumber(number);
  if (readEntry(entryOf(frame)) != 0) notData(frame);
  writeEntry(entryOf(frame), low, high);
  freeCount--;
  return frame;
}

function takeZeroed(low: u32, high: u32): Frame {
  if (zeroedHead != 0) return popZeroed(low, high);
  const frame = takeFrame(low, high);
  if (frame != NO_FRAME) physZeroFrame(frameAddress(frame));
  return frame;
}

@inline function popZeroed(low: u32, high: u32): Frame {
  const number = zeroedHead;
  if (number == 0) return NO_FRAME;
  const frame = frameFromNumber(number);
  const entry = entryOf(frame);
  zeroedHead = <u32>(readEntry(entry) >> 32) & ~FREE;
  zeroedCount--;
  freeCount--;
  writeEntry(entry, low, high);
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
        freeFrame(frameFromNumber(n));
        freeCount--;
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
    if (<u32>entry != 0 || (<u32>(entry >> 32) & FREE) == 0) return false;
  }
  return true;
}

/** The list without the frames of the run; its new head. */
function unlinkRun(head: u32, first: u32, count: u32, isZeroedList: bool): u32 {
  let newHead: u32 = 0;
  let previous: u32 = 0;
  for (let n = head; n != 0;) {
    const next = <u32>(readEntry(entryOf(frameFromNumber(n))) >> 32) & ~FREE;
    if (n - first < count) {
      if (isZeroedList) zeroedCount--;
    } else {
      if (previous == 0) newHead = n;
      else writeEntry(entryOf(frameFromNumber(previous)), 0, FREE | n);
      writeEntry(entryOf(frameFromNumber(n)), 0, FREE);
      previous = n;
    }
    n = next;
  }
  return newHead;
}
