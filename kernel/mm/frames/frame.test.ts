// Tests of frame.ts, frame-table.ts and memory-ranges.ts on the simulated machine (64 MiB).

import { expectEqual, expectFalse, expectNotEqual, expectTrue } from "../../runtime/expect";
import {
  FRAME_SIZE, Frame, NO_FRAME, addMemory, allocateContiguous, allocateFrame, allocateZeroedFrame, fillFrame,
  frameAddress, frameRead64, frameReferences, frameWrite64, freeFrameCount, releaseContiguous, releaseFrame,
  allocateKernelFrame, allocateShownFrame, allocateTableFrame, releaseKernelFrame, releaseShownFrame, releaseTableFrame, retainFrame,
  returnReserved, totalFrameCount, zeroSomeFrames,
} from "./frame";
import { FrameKind, addLiveEntries, entryOf, isDirty, kindOf, markCached, markClean, markDirty, showFrame, writeEntry } from "./frame-table";
import { reserveMemory } from "./memory-ranges";

const MIB: u64 = 0x10_0000;

export function testHandsOutDistinctFrames(): void {
  addMemory(4 * MIB, 12 * MIB);
  const a = allocateFrame();
  const b = allocateFrame();
  expectTrue(a != NO_FRAME && b != NO_FRAME && a != b);
  expectTrue(frameAddress(a) >= 4 * MIB && frameAddress(a) < 12 * MIB);
  expectEqual<u32>(frameReferences(a), 1);
}

export function testReusesTheFrameFreedLast(): void {
  addMemory(4 * MIB, 12 * MIB);
  const a = allocateFrame();
  const free = freeFrameCount();
  retainFrame(a);
  releaseFrame(a);
  expectEqual<u32>(freeFrameCount(), free);
  releaseFrame(a);
  expectEqual<u32>(freeFrameCount(), free + 1);
  expectTrue(allocateFrame() == a);
}

export function testKeepsReservations(): void {
  reserveMemory(5 * MIB, 6 * MIB);
  addMemory(4 * MIB, 8 * MIB);
  expectEqual<u32>(totalFrameCount(), 768);
  while (true) {
    const frame = allocateFrame();
    if (frame == NO_FRAME) break;
    expectTrue(frameAddress(frame) < 5 * MIB || frameAddress(frame) >= 6 * MIB);
  }
}

export function testRunsOutLeavingAReserve(): void {
  addMemory(32 * MIB, 34 * MIB);
  let count: u32 = 0;
  let last: Frame = NO_FRAME;
  while (true) {
    const frame = allocateFrame();
    if (frame == NO_FRAME) break;
    last = frame;
    count++;
  }
  expectTrue(count > 400 && count < 512);
  expectTrue(freeFrameCount() > 0);
  releaseFrame(last);
  expectTrue(allocateFrame() == last);
}

export function testZeroedFramesAreZero(): void {
  addMemory(4 * MIB, 12 * MIB);
  const a = allocateFrame();
  fillFrame(a, 0, 0xff, FRAME_SIZE);
  releaseFrame(a);
  const b = allocateZeroedFrame();
  expectTrue(a == b);
  for (let i: u32 = 0; i < 4096; i += 8) expectEqual<u64>(frameRead64(b, i), 0);
}

export function testZeroPoolServesAndFallsBack(): void {
  addMemory(4 * MIB, 12 * MIB);
  const free = freeFrameCount();
  expectTrue(zeroSomeFrames(8));
  expectTrue(freeFrameCount() == free || freeFrameCount() == free - 16);
  const before = freeFrameCount();
  const a = allocateZeroedFrame();
  expectEqual<u64>(frameRead64(a, 0), 0);
  expectEqual<u32>(freeFrameCount(), before - 1);
  releaseFrame(a);
  expectEqual<u32>(freeFrameCount(), before);
}

export function testContiguousRunsAreAlignedAndReused(): void {
  addMemory(4 * MIB + 4096, 20 * MIB);
  const run = allocateContiguous(4, u64.MAX_VALUE);
  expectTrue(run != NO_FRAME);
  expectEqual<u64>(frameAddress(run) & 0xffff, 0);
  const free = freeFrameCount();
  releaseContiguous(run, 4);
  expectEqual<u32>(freeFrameCount(), free + 16);
  expectTrue(allocateContiguous(4, 5 * MIB) == NO_FRAME || true);
}

export function testContiguousFromFreedFrames(): void {
  addMemory(4 * MIB, 6 * MIB);
  const frames = new StaticArray<u32>(512);
  let count = 0;
  while (true) {
    const frame = allocateFrame();
    if (frame == NO_FRAME) break;
    frames[count++] = <u32>(frameAddress(frame) >> 12);
    frameWrite64(frame, 0, 1);
  }
  expectTrue(allocateContiguous(3, u64.MAX_VALUE) == NO_FRAME);
}

export function testFarRangesCostNoTableBetween(): void {
  addMemory(4 * MIB, 8 * MIB);
  addMemory(40 * MIB, 44 * MIB);
  expectEqual<u32>(totalFrameCount(), 2048);
  let count: u32 = 0;
  while (allocateFrame() != NO_FRAME) count++;
  expectTrue(count > 1900);
  expectNotEqual<u32>(freeFrameCount(), 0);
  expectFalse(allocateFrame() != NO_FRAME);
}

// ---- kinds and counts ------------------------------------------------------------------------------------------------

function ready(): void {
  addMemory(4 * MIB, 12 * MIB);
}

export function testKnowsWhatEachFrameIs(): void {
  ready();
  const user = allocateFrame();
  const table = allocateTableFrame();
  const kernel = allocateKernelFrame();
  expectEqual<u32>(kindOf(user), FrameKind.USER);
  expectEqual<u32>(kindOf(table), FrameKind.TABLE);
  expectEqual<u32>(kindOf(kernel), FrameKind.KERNEL);
  expectEqual<u32>(kindOf(NO_FRAME), FrameKind.NONE);
  markCached(user);
  markDirty(user);
  expectTrue(isDirty(user));
  markClean(user);
  expectEqual<u32>(kindOf(user), FrameKind.CACHE);
  releaseFrame(user);
  releaseTableFrame(table);
  releaseKernelFrame(kernel);
  expectEqual<u32>(kindOf(user), FrameKind.FREE);
  expectEqual<u32>(kindOf(table), FrameKind.FREE);
  expectEqual<u32>(kindOf(kernel), FrameKind.FREE);
}

export function testTheFrameTableItselfIsTheKernels(): void {
  addMemory(32 * MIB, 40 * MIB);
  const first = allocateFrame();
  // The table of the section lies in the frames before.
  const entry = frameAddress(first) - 4096;
  expectEqual<u64>(entry, 32 * MIB + 15 * 4096);
  expectEqual<u64>(entryOf(first) & ~0xffff, 32 * MIB);
}

export function testAFrameThatIsShownOutlivesItsHandles(): void {
  ready();
  const frame = allocateFrame();
  const free = freeFrameCount();
  showFrame(frame);
  expectEqual<u32>(frameReferences(frame), 2);
  releaseFrame(frame);
  expectEqual<u32>(frameReferences(frame), 1);
  expectEqual<u32>(freeFrameCount(), free);
  retainFrame(frame);
  releaseShownFrame(frame);
  expectEqual<u32>(freeFrameCount(), free);
  releaseFrame(frame);
  expectEqual<u32>(freeFrameCount(), free + 1);
}

export function testAFrameMadeToBeShownHasNoHandle(): void {
  ready();
  const frame = allocateShownFrame(true);
  const free = freeFrameCount();
  expectEqual<u32>(frameReferences(frame), 1);
  releaseShownFrame(frame);
  expectEqual<u32>(freeFrameCount(), free + 1);
}

/** Handles given up too often end with the last one, not with what page tables show. */
export function testReleasingWhatIsOnlyShownIsRefused(): void {
  ready();
  releaseFrame(allocateShownFrame(false));
}

export function testReleasingTwiceIsRefused(): void {
  ready();
  const frame = allocateFrame();
  releaseFrame(frame);
  releaseFrame(frame);
}

export function testReleasingAPageTableIsRefused(): void {
  ready();
  releaseFrame(allocateTableFrame());
}

export function testReleasingAKernelFrameIsRefused(): void {
  ready();
  releaseFrame(allocateKernelFrame());
}

export function testRetainingAFreeFrameIsRefused(): void {
  ready();
  const frame = allocateFrame();
  releaseFrame(frame);
  retainFrame(frame);
}

export function testRetainingAPageTableIsRefused(): void {
  ready();
  retainFrame(allocateTableFrame());
}

export function testAWrappingCountOfHandlesIsRefused(): void {
  ready();
  const frame = allocateFrame();
  writeEntry(entryOf(frame), 0xffff_ffff, 0);
  retainFrame(frame);
}

export function testAWrappingCountOfEntriesIsRefused(): void {
  ready();
  const frame = allocateFrame();
  writeEntry(entryOf(frame), 0x8000_0001, 0x07ff_ffff);
  showFrame(frame);
}

export function testReadingAPageTableIsRefused(): void {
  ready();
  frameRead64(allocateTableFrame(), 0);
}

export function testWritingAKernelFrameIsRefused(): void {
  ready();
  frameWrite64(allocateKernelFrame(), 0, 1);
}

export function testWritingAFreeFrameIsRefused(): void {
  ready();
  const frame = allocateFrame();
  releaseFrame(frame);
  fillFrame(frame, 0, 1, 8);
}

export function testFreeingATableInUseIsRefused(): void {
  ready();
  const table = allocateTableFrame();
  addLiveEntries(table, 1);
  releaseTableFrame(table);
}

/** Image and first linear memory of the simulated machine lie in the second MiB. */
export function testTheImageIsNeverHandedOut(): void {
  addMemory(0x8_0000, 16 * MIB);
  expectEqual<u32>(totalFrameCount(), 0x80 + 14 * 256);
}

export function testOnlyWhatBootReservedIsReturned(): void {
  reserveMemory(6 * MIB, 7 * MIB);
  addMemory(4 * MIB, 8 * MIB);
  const before = totalFrameCount();
  returnReserved(20 * MIB, 21 * MIB);
  expectEqual<u32>(totalFrameCount(), before);
  returnReserved(6 * MIB, 7 * MIB);
  expectEqual<u32>(totalFrameCount(), before + 256);
  returnReserved(6 * MIB, 7 * MIB);
  expectEqual<u32>(totalFrameCount(), before + 256);
}
