// Typed access to what frames hold. TRUSTED.
//
// Every accessor checks that offset and length stay within the frame, and that the frame holds data now (user memory, pages of files): a page
// table, a kernel stack, a free frame or a device cannot be reached, whatever the handle. Frames never hold kernel objects, so a
// stale handle can spoil user data at worst. Nothing here sleeps or allocates.

import {
  linearToPhys, physCompare, physCopy, physCopyFrame, physFill, physRead16, physRead32, physRead64, physRead8,
  physToLinear, physWrite16, physWrite32, physWrite64, physWrite8, physZeroFrame,
} from "../../../arch/x86_64/machine";
import { FRAME_SIZE, Frame, frameAddress } from "../../../arch/x86_64/memory/physical-memory";
import { dataEntry } from "./frame-table";

/** Physical address of a frame that holds data. */
@unsafe @inline export function place(frame: Frame): u64 {
  dataEntry(frame);
  return frameAddress(frame);
}

@inline function check(offset: u32, length: u32): void {
  // SAFETY of everything below rests on this: the whole access lies within the frame.
  if (<u64>offset + <u64>length > <u64>FRAME_SIZE) frameRangeFailure(offset, length);
}

function frameRangeFailure(offset: u32, length: u32): void {
  throw new RangeError("frame access at " + offset.toString() + " + " + length.toString());
}

/** Reads one byte; `offset` within the frame. */
@safe @inline export function frameRead8(frame: Frame, offset: u32): u32 {
  check(offset, 1);
  return physRead8(place(frame) + <u64>offset);
}

@safe @inline export function frameRead16(frame: Frame, offset: u32): u32 {
  check(offset, 2);
  return physRead16(place(frame) + <u64>offset);
}

@safe @inline export function frameRead32(frame: Frame, offset: u32): u32 {
  check(offset, 4);
  return physRead32(place(frame) + <u64>offset);
}

@safe @inline export function frameRead64(frame: Frame, offset: u32): u64 {
  check(offset, 8);
  return physRead64(place(frame) + <u64>offset);
}

/** Writes one byte; `offset` within the frame. */
@safe @inline export function frameWrite8(frame: Frame, offset: u32, value: u32): void {
  check(offset, 1);
  physWrite8(place(frame) + <u64>offset, value);
}

@safe @inline export function frameWrite16(frame: Frame, offset: u32, value: u32): void {
  check(offset, 2);
  physWrite16(place(frame) + <u64>offset, value);
}

@safe @inline export function frameWrite32(frame: Frame, offset: u32, value: u32): void {
  check(offset, 4);
  physWrite32(place(frame) + <u64>offset, value);
}

@safe @inline export function frameWrite64(frame: Frame, offset: u32, value: u64): void {
  check(offset, 8);
  physWrite64(place(frame) + <u64>offset, value);
}

/** Copies bytes of the frame into an array. */
@safe export function frameToBytes(frame: Frame, offset: u32, bytes: StaticArray<u8>, at: i32, length: u32): void {
  check(offset, length);
  if (<u64><u32>at + <u64>length > <u64>bytes.length) frameRangeFailure(<u32>at, length);
  // SAFETY: both ranges were checked; the parameter keeps the array alive.
  physToLinear(changetype<usize>(bytes) + <usize>at, place(frame) + <u64>offset, length);
}

/** Copies bytes of an array into the frame. */
@safe export function bytesToFrame(frame: Frame, offset: u32, bytes: StaticArray<u8>, at: i32, length: u32): void {
  check(offset, length);
  if (<u64><u32>at + <u64>length > <u64>bytes.length) frameRangeFailure(<u32>at, length);
  // SAFETY: both ranges were checked; the parameter keeps the array alive.
  linearToPhys(place(frame) + <u64>offset, changetype<usize>(bytes) + <usize>at, length);
}

/** Sets `length` bytes of the frame to `byte`. */
@safe export function fillFrame(frame: Frame, offset: u32, byte: u32, length: u32): void {
  check(offset, length);
  physFill(place(frame) + <u64>offset, byte, length);
}

/** Copies bytes between two different frames, or between ranges of one frame that do not overlap. */
@safe export function copyFrameRange(to: Frame, toOffset: u32, from: Frame, fromOffset: u32, length: u32): void {
  check(toOffset, length);
  check(fromOffset, length);
  physCopy(place(to) + <u64>toOffset, place(from) + <u64>fromOffset, length);
}

/** memcmp(3) of two frame ranges. */
@safe export function compareFrameRange(a: Frame, aOffset: u32, b: Frame, bOffset: u32, length: u32): i32 {
  check(aOffset, length);
  check(bOffset, length);
  return physCompare(place(a) + <u64>aOffset, place(b) + <u64>bOffset, length);
}

@safe @inline export function zeroFrame(frame: Frame): void {
  physZeroFrame(place(frame));
}

@safe @inline export function copyFrame(to: Frame, from: Frame): void {
  physCopyFrame(place(to), place(from));
}
