// The frame table: eight bytes about each frame of memory, kept in physical memory outside the kernel's objects. TRUSTED.
//
//   bits 0..31   reference count; 0: free, or not yet handed out by the allocator
//   bits 32..63  tag. Allocated: its owner's (page cache flags, live entries of a page table).
//                Free: bit 31 (63 of the word) set, the number of the next free frame below it.
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

/** Tag of a free frame. */
@safe export const FREE_TAG: u32 = 0x8000_0000;

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

/** References to the frame. */
@safe @inline export function frameReferences(frame: Frame): u32 {
  return physRead32(entryOf(frame));
}

/** The tag that the frame's owner keeps. */
@safe @inline export function frameTag(frame: Frame): u32 {
  return physRead32(entryOf(frame) + 4);
}

@safe @inline export function setFrameTag(frame: Frame, tag: u32): void {
  physWrite32(entryOf(frame) + 4, tag);
}

/** Adds to the tag of the frame (used as a counter); returns the new value. */
@unsafe @inline export function addFrameTag(frame: Frame, change: u32): u32 {
  const entry = entryOf(frame) + 4;
  const tag = physRead32(entry) + change;
  physWrite32(entry, tag);
  return tag;
}

/** Adds a reference to a frame that has one. */
@safe @inline export function retainFrame(frame: Frame): void {
  const entry = entryOf(frame);
  const count = physRead32(entry);
  if (count == 0) badCount(frame);
  physWrite32(entry, count + 1);
}

/** The whole entry at an address from `entryOf`: count in the low half, tag in the high one. */
@unsafe @inline export function readEntry(entry: u64): u64 {
  return physRead64(entry);
}

@unsafe @inline export function writeEntry(entry: u64, count: u32, tag: u32): void {
  physWrite64(entry, <u64>count | (<u64>tag << 32));
}

@unsafe @inline export function writeCount(entry: u64, count: u32): void {
  physWrite32(entry, count);
}

/** Ends the operation: a reference was taken from a frame that has none. */
@safe export function badCount(frame: Frame): void {
  throw new Error("frame " + frameNumber(frame).toString() + " is free already");
}
