// The frame table: eight bytes about each frame of memory, kept in physical memory outside the kernel's objects. TRUSTED.
//
//   low word    bit 31: the frame holds data (kinds USER and CACHE); bits 0..30: handles that count
//   high word   data: bits 0..26: page-table entries that show it; then CACHED, DIRTY
//               kernel: KERNEL, or TABLE and below it the entries of the table that are not zero
//               free: FREE, and below it the number of the next free frame
//
// A data frame is free when nothing shows it and no handle counts: what untrusted code does with handles never frees a page that a program
// can reach, and no counter wraps. Only data frames have handles that count, and only their contents can be reached by
// frame-access.ts: a stale handle never reaches a page table or a kernel stack.
//
// The table is made section by section (32 MiB of memory, 64 KiB of table) when the allocator first reaches a section,
// so that boot touches nothing it does not use and far-apart ranges cost nothing in between. A frame without a table is
// no memory of ours (devices): every access to its entry fails a check. Nothing here sleeps.

import { physFill, physRead32, physRead64, physWrite32, physWrite64 } from "../../../arch/x86_64/machine";
import { FRAME_SHIFT, Frame, frameNumber } from "../../../arch/x86_64/memory/physical-memory";

/** Frames a section: 32 MiB. */
@safe export const SECTION_FRAMES: u32 = 8192;
const SECTION_SHIFT: u32 = 13;
/** Frames that the table of one section takes. */
@safe export const SECTION_TABLE_FRAMES: u32 = 16;
const MAX_SECTIONS: u32 = 4096;
/** Frames from this number on (128 GiB) are not used. */
@safe export const FRAME_LIMIT: u32 = MAX_SECTIONS * SECTION_FRAMES;

/** Low word of a data frame without handles. */
@unsafe @inline export const DATA: u32 = 0x8000_0000;
/** High word: see above. */
@unsafe @inline export const FREE: u32 = 0x8000_0000;
@unsafe @inline export const TABLE: u32 = 0x4000_0000;
@unsafe @inline export const KERNEL: u32 = 0x2000_0000;
const DIRTY: u32 = 0x1000_0000;
const CACHED: u32 = 0x0800_0000;
const MAP_COUNT: u32 = 0x07ff_ffff;
const HANDLES: u64 = 0x7fff_ffff;

/** What a frame is. */
@safe export namespace FrameKind {
  /** No memory of the allocator's, or not handed out yet. */
  @inline export const NONE: u32 = 0;
  @inline export const FREE: u32 = 1;
  /** Memory of programs, and whatever else untrusted code keeps in frames. */
  @inline export const USER: u32 = 2;
  /** A page of a file. */
  @inline export const CACHE: u32 = 3;
  @inline export const TABLE: u32 = 4;
  /** Kernel stacks, linear memory, the frame table, recordings. */
  @inline export const KERNEL: u32 = 5;
}

/** Physical address of each section's table, 0 if it has none. In static memory, so that a look-up is one load. */
// SAFETY: 8 bytes for each of MAX_SECTIONS; every index is below that, because the frame's number is checked.
const SECTIONS: usize = memory.data(<i32>MAX_SECTIONS * 8, 8);

@inline function sectionTable(number: u32): u64 {
  if (number >= FRAME_LIMIT) missingSection(number);
  // SAFETY: the index is below MAX_SECTIONS.
  return load<u64>(SECTIONS + (<usize>(number >> SECTION_SHIFT) << 3));
}

/** True if the frame's section has its table. */
@safe export function hasSection(number: u32): bool {
  return number < FRAME_LIMIT && sectionTable(number) != 0;
}

/** Makes the table of the section that frame `number` belongs to, in the 16 frames from `tableNumber` on. */
@unsafe export function createSection(number: u32, tableNumber: u32): void {
  const address = <u64>tableNumber << FRAME_SHIFT;
  // SAFETY: the allocator hands over 16 contiguous frames of RAM that nobody else uses.
  physFill(address, 0, SECTION_TABLE_FRAMES << FRAME_SHIFT);
  if (number >= FRAME_LIMIT) missingSection(number);
  for (let i: u32 = 0; i < SECTION_TABLE_FRAMES; i++) {
    // The table's frames lie in this section, or their own has its table already.
    const own = tableNumber + i;
    const table = own >> SECTION_SHIFT == number >> SECTION_SHIFT ? address : sectionTable(own);
    if (table != 0) physWrite64(table + (<u64>(own & (SECTION_FRAMES - 1)) << 3), 1 | <u64>KERNEL << 32);
  }
  store<u64>(SECTIONS + (<usize>(number >> SECTION_SHIFT) << 3), address);
}

/** Physical address of the frame's entry. For this folder's trusted files, which read and write it below. */
@unsafe @inline export function entryOf(frame: Frame): u64 {
  const number = frameNumber(frame);
  const table = sectionTable(number);
  if (table == 0) missingSection(number);
  // SAFETY: the index is below SECTION_FRAMES, so the entry lies within the section's table.
  return table + (<u64>(number & (SECTION_FRAMES - 1)) << 3);
}

function missingSection(number: u32): void {
  throw new RangeError("frame " + number.toString() + " is no memory");
}

/** The frame's entry if it holds data; anything else ends the operation. */
@unsafe @inline export function dataEntry(frame: Frame): u64 {
  const entry = entryOf(frame);
  if (<i32>physRead32(entry) >= 0) notData(frame);
  return entry;
}

/** Ends the operation: no data, or a counter that is at its end. */
@safe export function notData(frame: Frame): void {
  throw new Error("frame " + frameNumber(frame).toString() + " is no user memory");
}

/** What the frame is used for. For tests. */
@safe export function kindOf(frame: Frame): u32 {
  const number = frameNumber(frame);
  if (!hasSection(number)) return FrameKind.NONE;
  const value = physRead64(entryOf(frame));
  const high = <u32>(value >> 32);
  if (<i32>value < 0) return (high & CACHED) != 0 ? FrameKind.CACHE : FrameKind.USER;
  if ((high & FREE) != 0) return FrameKind.FREE;
  if ((high & TABLE) != 0) return FrameKind.TABLE;
  return (high & KERNEL) != 0 ? FrameKind.KERNEL : FrameKind.NONE;
}

/** What keeps a data frame: handles and page-table entries. */
@safe @inline export function frameReferences(frame: Frame): u32 {
  const value = physRead64(dataEntry(frame));
  return <u32>(value & HANDLES) + (<u32>(value >> 32) & MAP_COUNT);
}

/** One more handle counts. Refused (an oops) for a frame that holds no data, or if the count would wrap. */
@safe @inline export function retainFrame(frame: Frame): void {
  const entry = entryOf(frame);
  const count = physRead32(entry) + 1;
  if (<i32>count >= 0) notData(frame);
  physWrite32(entry, count);
}

/** One more entry of a page table shows the frame. Answers where its own entry is (`hideEntry`). */
@unsafe @inline export function showFrame(frame: Frame): u64 {
  const entry = entryOf(frame);
  const value = physRead64(entry);
  const high = <u32>(value >> 32) + 1;
  if (<i32>value >= 0 || (high & MAP_COUNT) == 0) notData(frame);
  physWrite32(entry + 4, high);
  return entry;
}

/** The same for a frame that another entry shows. */
@unsafe @inline export function showAgain(frame: Frame): void {
  const entry = entryOf(frame) + 4;
  const high = physRead32(entry) + 1;
  if ((high & MAP_COUNT) == 0) notData(frame);
  physWrite32(entry, high);
}

/** One entry fewer shows the frame whose own entry this is; true if nothing keeps it any more: the caller frees it. */
@unsafe @inline export function hideEntry(entry: u64): bool {
  const value = physRead64(entry);
  const high = <u32>(value >> 32) - 1;
  // SAFETY: each entry that is not SPECIAL was counted by showFrame, so the frame holds data and the count was not 0.
  if (<u32>value == DATA && (high & MAP_COUNT) == 0) return true;
  physWrite32(entry + 4, high);
  return false;
}

/** One handle fewer; true if nothing keeps the frame any more. */
@unsafe @inline export function dropHandle(frame: Frame): bool {
  const entry = entryOf(frame);
  const count = physRead32(entry);
  if (count > (DATA | 1)) {
    physWrite32(entry, count - 1);
    return false;
  }
  if (count != (DATA | 1)) notData(frame);
  if ((physRead32(entry + 4) & MAP_COUNT) == 0) return true;
  physWrite32(entry, DATA);
  return false;
}

/** The frame is a page of a file from now on. */
@safe export function markCached(frame: Frame): void {
  const entry = dataEntry(frame) + 4;
  physWrite32(entry, physRead32(entry) | CACHED);
}

/** The page of a file differs from what is behind it, or no longer. */
@safe export function markDirty(frame: Frame): void {
  const entry = dataEntry(frame) + 4;
  physWrite32(entry, physRead32(entry) | DIRTY);
}
@safe export function markClean(frame: Frame): void {
  const entry = dataEntry(frame) + 4;
  physWrite32(entry, physRead32(entry) & ~DIRTY);
}
@safe export function isDirty(frame: Frame): bool {
  return (physRead32(dataEntry(frame) + 4) & DIRTY) != 0;
}

/** The entries of a page table that are not zero. */
@unsafe @inline export function liveEntries(table: Frame): u32 {
  return physRead32(entryOf(table) + 4) & ~TABLE;
}

/** Counts entries in or out; the new number. */
@unsafe @inline export function addLiveEntries(table: Frame, change: u32): u32 {
  const entry = entryOf(table) + 4;
  const high = physRead32(entry) + change;
  physWrite32(entry, high);
  return high & ~TABLE;
}

/** The whole entry at an address from `entryOf`. */
@unsafe @inline export function readEntry(entry: u64): u64 {
  return physRead64(entry);
}

@unsafe @inline export function writeEntry(entry: u64, low: u32, high: u32): void {
  physWrite64(entry, <u64>low | (<u64>high << 32));
}
