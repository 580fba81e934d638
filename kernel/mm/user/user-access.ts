// Copies between a program's memory and the kernel's. TRUSTED: the only file that hands user addresses to the machine.
//
// Each function proves both ranges itself: that of the program neither wraps nor passes the user limit, that of the kernel lies in
// its array or frame. Whether pages exist is not proved: faults come late, as in Linux. Where only a part could be moved, the
// functions answer how many bytes are missing: 0 means all is done. All may sleep (page faults). Claims (user-memory.ts) and transfers (io-buffer.ts) are made of these.

import {
  linearToUser, physToUser, stressUserCopies, userCompareExchange32, userFill, userRead32, userRead64, userStringToLinear, userToLinear, userToPhys,
  userWrite32, userWrite64,
} from "../../../arch/x86_64/machine";
import { FRAME_SIZE, Frame, frameAddress, releaseShownEntry } from "../frames/frame";
import { showFrame } from "../frames/frame-table";
import { Errno } from "../../abi/errno";
import { rangeFailure } from "../../runtime/text/range-failure";
import { USER_END } from "../../abi/page";


/** True if `length` bytes from `address` on neither wrap nor reach past the user limit. */
@safe @inline export function isUserRange(address: u64, length: u64): bool {
  return length <= USER_END && address <= USER_END - length;
}

/** Boot option sleepstress: from now on every copy faults, so that it may sleep. False: this CPU cannot do that. */
@safe export function faultOnEachCopy(): bool {
  return stressUserCopies() != 0;
}

/** 0 or -EFAULT for what the machine answers. */
@inline function result(missing: u32): i32 {
  return missing != 0 ? -Errno.EFAULT : 0;
}

@inline function checkArray(size: i32, at: i32, length: u32): void {
  if (<u64><u32>at + <u64>length > <u64>size) rangeFailure(size, at, <i32>length);
}

@inline function checkFrame(offset: u32, length: u32): void {
  if (<u64>offset + <u64>length > <u64>FRAME_SIZE) rangeFailure(<i32>FRAME_SIZE, <i32>offset, <i32>length);
}

// ---- ranges: bytes that were not moved -------------------------------------------------------------------------------

@sleeps @safe @inline export function copyToUser(to: u64, bytes: StaticArray<u8>, at: i32, length: u32): u32 {
  checkArray(bytes.length, at, length);
  if (!isUserRange(to, length)) return length;
  // SAFETY: both ranges were checked; the parameter keeps the array alive while this sleeps.
  return linearToUser(to, changetype<usize>(bytes) + <usize>at, length);
}

@sleeps @safe @inline export function copyFromUser(bytes: StaticArray<u8>, at: i32, from: u64, length: u32): u32 {
  checkArray(bytes.length, at, length);
  if (!isUserRange(from, length)) return length;
  // SAFETY: as above.
  return userToLinear(changetype<usize>(bytes) + <usize>at, from, length);
}

/** `count` 64-bit words into an array of such. */
@sleeps @safe export function copyWordsFromUser(words: StaticArray<u64>, from: u64, count: u32): u32 {
  checkArray(words.length, 0, count);
  if (!isUserRange(from, <u64>count * 8)) return count * 8;
  // SAFETY: as above.
  return userToLinear(changetype<usize>(words), from, count * 8);
}

@sleeps @safe @inline export function copyFrameToUser(to: u64, frame: Frame, offset: u32, length: u32): u32 {
  checkFrame(offset, length);
  if (!isUserRange(to, length)) return length;
  // SAFETY: both ranges were checked; the count keeps the frame what it is while this sleeps.
  const entry = showFrame(frame);
  const missing = physToUser(to, frameAddress(frame) + <u64>offset, length);
  releaseShownEntry(frame, entry);
  return missing;
}

@sleeps @safe @inline export function copyFrameFromUser(frame: Frame, offset: u32, from: u64, length: u32): u32 {
  checkFrame(offset, length);
  if (!isUserRange(from, length)) return length;
  // SAFETY: as above.
  const entry = showFrame(frame);
  const missing = userToPhys(frameAddress(frame) + <u64>offset, from, length);
  releaseShownEntry(frame, entry);
  return missing;
}

/** Sets bytes of the program's memory to `byte`. */
@sleeps @safe export function fillUser(to: u64, byte: u32, length: u32): u32 {
  return isUserRange(to, length) ? userFill(to, byte, length) : length;
}

/**
 * Copies a string with its NUL to `bytes[at …]`, at most `max` bytes in all: its length without the NUL, -EFAULT, or -ENAMETOOLONG
 * if no NUL came within `max` bytes (`max` bytes are then there).
 */
@sleeps @safe @inline export function copyStringFromUser(bytes: StaticArray<u8>, at: i32, from: u64, max: i32): i32 {
  checkArray(bytes.length, at, <u32>max);
  if (from >= USER_END) return -Errno.EFAULT;
  const reachable = <u32>min<u64>(<u64>max, USER_END - from);
  // SAFETY: the array range was checked, the user range ends at the user limit.
  const length = userStringToLinear(changetype<usize>(bytes) + <usize>at, from, reachable);
  if (length < 0) return -Errno.EFAULT;
  if (<u32>length < reachable) return length;
  return reachable < <u32>max ? -Errno.EFAULT : -Errno.ENAMETOOLONG;
}

// ---- single values: 0 or -EFAULT -------------------------------------------------------------------------------------

@sleeps @safe export function writeUserByte(to: u64, value: u32): i32 {
  return result(fillUser(to, value & 0xff, 1));
}

@sleeps @safe export function writeUser32(to: u64, value: u32): i32 {
  return isUserRange(to, 4) ? result(userWrite32(to, value)) : -Errno.EFAULT;
}

@sleeps @safe export function writeUser64(to: u64, value: u64): i32 {
  return isUserRange(to, 8) ? result(userWrite64(to, value)) : -Errno.EFAULT;
}

/** A place for one value of the program's: a value is read once and then stays put. */
@safe export class UserWord {
  /** What the last successful read found, zero-extended. */
  value: u64 = 0;

  /** The field's address, for the machine to store to. */
  @inline private get place(): usize {
    // SAFETY: a field of this object, which the receiver of each method below keeps alive.
    return changetype<usize>(this) + offsetof<UserWord>("value");
  }

  /** Reads 1 to 8 bytes, little-endian. */
  @sleeps load(from: u64, length: u32): i32 {
    if (length > 8 || !isUserRange(from, length)) return -Errno.EFAULT;
    this.value = 0;
    // SAFETY: at most the field is written.
    return result(userToLinear(this.place, from, length));
  }

  @sleeps @inline load32(from: u64): i32 {
    if (!isUserRange(from, 4)) return -Errno.EFAULT;
    this.value = 0;
    // SAFETY: as in load.
    return result(userRead32(this.place, from));
  }

  @sleeps @inline load64(from: u64): i32 {
    if (!isUserRange(from, 8)) return -Errno.EFAULT;
    // SAFETY: as in load.
    return result(userRead64(this.place, from));
  }

  /** Atomic compare and exchange of the aligned 32-bit word at `address`; what was there is in `value`. */
  @sleeps exchange32(address: u64, expected: u32, desired: u32): i32 {
    if (!isUserRange(address, 4)) return -Errno.EFAULT;
    this.value = 0;
    // SAFETY: as in load.
    return result(userCompareExchange32(address, expected, desired, this.place));
  }
}
