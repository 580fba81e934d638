// Frames and typed access to what they hold. TRUSTED.
//
// A `Frame` is the nominal handle of a 4 KiB frame of physical memory: its frame number, made only by trusted code, so
// having one proves that it names memory which the kernel may touch. Every accessor checks that offset and length stay
// within the frame. Frames never hold kernel objects, so a stale handle can spoil user data at worst.
// Nothing here sleeps or allocates.

import {
  linearToPhys, physCompare, physCopy, physCopyFrame, physFill, physRead16, physRead32, physRead64, physRead8,
  physToLinear, physWrite16, physWrite32, physWrite64, physWrite8, physZeroFrame,
} from "../machine";

/** Handle of one frame of physical memory: its number (address / 4096). Never dereferenced. */
@safe @final @unmanaged export class Frame {}

@safe export const FRAME_SHIFT: u32 = 12;
@safe export const FRAME_SIZE: u32 = 4096;

/** No frame: what an allocator returns when memory is exhausted. Frame 0 (the BIOS data area) is never handed out. */
// SAFETY: frame number 0 is reserved.
@safe export const NO_FRAME: Frame = changetype<Frame>(0);

/** Physical address of the frame's first byte. */
@safe @inline export function frameAddress(frame: Frame): u64 {
  // SAFETY: a frame handle is a number; nothing is dereferenced.
  return <u64>(<u32>changetype<usize>(frame)) << FRAME_SHIFT;
}

/** The frame's number. */
@safe @inline export function frameNumber(frame: Frame): u32 {
  // SAFETY: as above.
  return <u32>changetype<usize>(frame);
}

/** The frame with this number. TRUSTED callers only: allocators and page tables. */
@safe @inline export function frameFromNumber(number: u32): Frame {
  // SAFETY: as above; callers vouch that the number is one of a frame they hold.
  return changetype<Frame>(<usize>number);
}

/** The frame that contains a physical address below 16 TiB. TRUSTED callers only. */
@unsafe @inline export function frameFromAddress(address: u64): Frame {
  return frameFromNumber(<u32>(address >> FRAME_SHIFT));
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
  return physRead8(frameAddress(frame) + <u64>offset);
}

@safe @inline export function frameRead16(frame: Frame, offset: u32): u32 {
  check(offset, 2);
  return physRead16(frameAddress(frame) + <u64>offset);
}

@safe @inline export function frameRead32(frame: Frame, offset: u32): u32 {
  check(offset, 4);
  return physRead32(frameAddress(frame) + <u64>offset);
}

@safe @inline export function frameRead64(frame: Frame, offset: u32): u64 {
  check(offset, 8);
  return physRead64(frameAddress(frame) + <u64>offset);
}

/** Writes one byte; `offset` within the frame. */
@safe @inline export function frameWrite8(frame: Frame, offset: u32, value: u32): void {
  check(offset, 1);
  physWrite8(frameAddress(frame) + <u64>offset, value);
}

@safe @inline export function frameWrite16(frame: Frame, offset: u32, value: u32): void {
  check(offset, 2);
  physWrite16(frameAddress(frame) + <u64>offset, value);
}

@safe @inline export function frameWrite32(frame: Frame, offset: u32, value: u32): void {
  check(offset, 4);
  physWrite32(frameAddress(frame) + <u64>offset, value);
}

@safe @inline export function frameWrite64(frame: Frame, offset: u32, value: u64): void {
  check(offset, 8);
  physWrite64(frameAddress(frame) + <u64>offset, value);
}

/** Copies bytes of the frame into an array. */
@safe export function frameToBytes(frame: Frame, offset: u32, bytes: StaticArray<u8>, at: i32, length: u32): void {
  check(offset, length);
  if (<u64><u32>at + <u64>length > <u64>bytes.length) frameRangeFailure(<u32>at, length);
  // SAFETY: both ranges were checked; the parameter keeps the array alive.
  physToLinear(changetype<usize>(bytes) + <usize>at, frameAddress(frame) + <u64>offset, length);
}

/** Copies bytes of an array into the frame. */
@safe export function bytesToFrame(frame: Frame, offset: u32, bytes: StaticArray<u8>, at: i32, length: u32): void {
  check(offset, length);
  if (<u64><u32>at + <u64>length > <u64>bytes.length) frameRangeFailure(<u32>at, length);
  // SAFETY: both ranges were checked; the parameter keeps the array alive.
  linearToPhys(frameAddress(frame) + <u64>offset, changetype<usize>(bytes) + <usize>at, length);
}

/** Sets `length` bytes of the frame to `byte`. */
@safe export function fillFrame(frame: Frame, offset: u32, byte: u32, length: u32): void {
  check(offset, length);
  physFill(frameAddress(frame) + <u64>offset, byte, length);
}

/** Copies bytes between two different frames, or between ranges of one frame that do not overlap. */
@safe export function copyFrameRange(to: Frame, toOffset: u32, from: Frame, fromOffset: u32, length: u32): void {
  check(toOffset, length);
  check(fromOffset, length);
  physCopy(frameAddress(to) + <u64>toOffset, frameAddress(from) + <u64>fromOffset, length);
}

/** memcmp(3) of two frame ranges. */
@safe export function compareFrameRange(a: Frame, aOffset: u32, b: Frame, bOffset: u32, length: u32): i32 {
  check(aOffset, length);
  check(bOffset, length);
  return physCompare(frameAddress(a) + <u64>aOffset, frameAddress(b) + <u64>bOffset, length);
}

@safe @inline export function zeroFrame(frame: Frame): void {
  physZeroFrame(frameAddress(frame));
}

@safe @inline export function copyFrame(to: Frame, from: Frame): void {
  physCopyFrame(frameAddress(to), frameAddress(from));
}
