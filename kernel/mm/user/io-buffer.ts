// Where read(2)-like calls put bytes and write(2)-like calls take them from: one user range, an iovec list, or kernel
// bytes.
//
// A buffer belongs to one task and one operation at a time. Every move is limited to `remaining`, advances the
// buffer, and answers the bytes moved: fewer than asked means that the buffer is full (or empty) or user memory
// faulted; -EFAULT comes only when nothing moved. Moves may sleep (page faults): whoever passes a frame holds a
// reference to it. Linux cuts every transfer at MAX_RW_COUNT bytes.

import { FRAME_SIZE, Frame, bytesToFrame, frameToBytes } from "../frames/frame";
import { Errno } from "../../abi/errno";
import { copyBytes, fillBytes } from "../../runtime/text/byte-access";
import { rangeFailure } from "../../runtime/text/range-failure";
import {
  UserWord, copyFrameFromUser, copyFrameToUser, copyFromUser, copyToUser, copyWordsFromUser, fillUser, isUserRange,
} from "./user-access";
import { MAX_RW_COUNT } from "../../abi/fcntl";
import { IoCaller, KERNEL_CALLER } from "./io-caller";

/** Most segments of an iovec list. */
export const UIO_MAXIOV: u32 = 1024;
/** Segments kept without growing the list. */
const FAST_SEGMENTS: i32 = 8;
const NO_BYTES: StaticArray<u8> = new StaticArray<u8>(0);

/** The part that both directions share: a list of segments and a position in it. */
export abstract class IoBuffer {
  /** Bytes that can still be moved. */
  remaining: u64 = 0;
  /** Bytes moved so far. */
  moved: u64 = 0;
  /**
   * Status flags (O_APPEND, O_NONBLOCK) that hold for this operation besides those of the file: RWF_* of preadv2(2). Who sets
   * them clears them afterwards.
   */
  callFlags: u32 = 0;
  /** Current segment. For kernel bytes `base` counts from the array's start. */
  protected base: u64 = 0;
  protected segmentLeft: u64 = 0;
  protected isKernel: bool = false;
  protected bytes: StaticArray<u8> = NO_BYTES;
  /** Further segments: pairs of base and length. */
  protected segments: StaticArray<u64> = new StaticArray<u64>(FAST_SEGMENTS * 2);
  protected segmentCount: i32 = 0;
  protected nextSegment: i32 = 0;
  /** The claimed range reaches past the user limit. */
  private isInvalid: bool = false;

  protected setUser(address: u64, length: u64): void {
    this.isInvalid = !isUserRange(address, length);
    this.isKernel = false;
    this.base = address;
    this.segmentLeft = this.isInvalid ? 0 : min(length, MAX_RW_COUNT);
    this.remaining = this.segmentLeft;
    this.moved = 0;
    this.segmentCount = 0;
    this.nextSegment = 0;
  }

  /** -EFAULT if the claimed range cannot be user memory at all (Linux's access_ok), else 0. */
  @inline check(): i32 {
    return this.isInvalid ? -Errno.EFAULT : 0;
  }

  protected setBytes(bytes: StaticArray<u8>, at: i32, length: i32): void {
    if (<u64><u32>at + <u64><u32>length > <u64>bytes.length) rangeFailure(bytes.length, at, length);
    this.isInvalid = false;
    this.isKernel = true;
    this.bytes = bytes;
    this.base = <u64>at;
    this.segmentLeft = <u64>length;
    this.remaining = <u64>length;
    this.moved = 0;
    this.segmentCount = 0;
    this.nextSegment = 0;
  }

  /**
   * The list of `count` struct iovec at user address `list`. 0; -EINVAL: more than 1024 segments, or a length above
   * SSIZE_MAX; -EFAULT: the list or a range in it is no user memory. Sleeps (page faults).
   */
  @sleeps claimVector(list: u64, given: u64): i32 {
    this.setUser(0, 0);
    // The number is a long, but Linux looks at its low half.
    const count = <u32>given;
    if (count > <u32>UIO_MAXIOV) return -Errno.EINVAL;
    const n = <i32>count;
    if (this.segments.length < n * 2) this.segments = new StaticArray<u64>(n * 2);
    const segments = this.segments;
    if (copyWordsFromUser(segments, list, count * 2) != 0) return -Errno.EFAULT;
    let total: u64 = 0;
    for (let i = 0; i < n; i++) {
      let length = segments[2 * i + 1];
      if (<i64>length < 0) return -Errno.EINVAL;
      if (!isUserRange(segments[2 * i], length)) return -Errno.EFAULT;
      length = min(length, MAX_RW_COUNT - total);
      segments[2 * i + 1] = length;
      total += length;
    }
    this.segmentCount = n;
    this.remaining = total;
    return 0;
  }

  /** Limits the transfer to `length` bytes. */
  limit(length: u64): void {
    this.remaining = min(this.remaining, length);
  }

  /** Bytes left in the current segment; steps over empty ones. */
  segmentLength(): u64 {
    if (this.segmentLeft == 0) this.advanceSegment();
    return min(this.remaining, this.segmentLeft);
  }

  /** Bytes of the next move that lie in one segment; steps over empty segments. */
  @inline protected step(length: u64): u32 {
    if (this.segmentLeft == 0) this.advanceSegment();
    return <u32>min(min(length, this.remaining), this.segmentLeft);
  }

  @inline protected advance(count: u64): void {
    this.base += count;
    this.segmentLeft -= count;
    this.remaining -= count;
    this.moved += count;
  }

  private advanceSegment(): void {
    while (this.segmentLeft == 0 && this.nextSegment < this.segmentCount) {
      const i = this.nextSegment++;
      this.base = this.segments[2 * i];
      this.segmentLeft = this.segments[2 * i + 1];
    }
  }
}

/** Receives bytes. */
@final
export class IoDestination extends IoBuffer {
  /** One range of user memory; longer than MAX_RW_COUNT is cut. */
  @inline claim(address: u64, length: u64): IoDestination {
    this.setUser(address, length);
    return this;
  }

  /** Kernel bytes `at .. at + length`. */
  claimBytes(bytes: StaticArray<u8>, at: i32, length: i32): IoDestination {
    this.setBytes(bytes, at, length);
    return this;
  }

  /** Copies `length` bytes at `offset` of a frame out. */
  @sleeps putFrame(frame: Frame, offset: u32, length: u32): i64 {
    if (<u64>offset + <u64>length > <u64>FRAME_SIZE) rangeFailure(<i32>FRAME_SIZE, <i32>offset, <i32>length);
    let done: u32 = 0;
    while (done < length) {
      const part = this.step(length - done);
      if (part == 0) break;
      if (this.isKernel) {
        frameToBytes(frame, offset + done, this.bytes, <i32>this.base, part);
      } else {
        const left = copyFrameToUser(this.base, frame, offset + done, part);
        if (left != 0) return this.faulted(done, part, left);
      }
      this.advance(part);
      done += part;
    }
    return <i64>done;
  }

  /** Copies `length` bytes of an array out. */
  @sleeps putBytes(bytes: StaticArray<u8>, at: i32, length: i32): i64 {
    if (<u64><u32>at + <u64><u32>length > <u64>bytes.length) rangeFailure(bytes.length, at, length);
    let done: u32 = 0;
    while (done < <u32>length) {
      const part = this.step(<u32>length - done);
      if (part == 0) break;
      if (this.isKernel) {
        copyBytes(this.bytes, <i32>this.base, bytes, at + <i32>done, <i32>part);
      } else {
        const left = copyToUser(this.base, bytes, at + <i32>done, part);
        if (left != 0) return this.faulted(done, part, left);
      }
      this.advance(part);
      done += part;
    }
    return <i64>done;
  }

  /** Puts `length` zero bytes. */
  @sleeps putZeros(length: u64): i64 {
    let done: u64 = 0;
    while (done < length) {
      const part = this.step(length - done);
      if (part == 0) break;
      if (this.isKernel) {
        fillBytes(this.bytes, <i32>this.base, 0, <i32>part);
      } else {
        const left = fillUser(this.base, 0, part);
        if (left != 0) {
          this.advance(part - left);
          done += <u64>(part - left);
          return done != 0 ? <i64>done : -Errno.EFAULT;
        }
      }
      this.advance(part);
      done += part;
    }
    return <i64>done;
  }

  private faulted(done: u32, part: u32, left: u32): i64 {
    this.advance(part - left);
    const count = done + part - left;
    return count != 0 ? <i64>count : -Errno.EFAULT;
  }
}

/** Supplies bytes. */
@final
export class IoSource extends IoBuffer {
  /** For whom the bytes are written. */
  caller: IoCaller = KERNEL_CALLER;

  /** One range of user memory; longer than MAX_RW_COUNT is cut. */
  @inline claim(address: u64, length: u64): IoSource {
    this.setUser(address, length);
    return this;
  }

  /** Kernel bytes `at .. at + length`. */
  claimBytes(bytes: StaticArray<u8>, at: i32, length: i32): IoSource {
    this.setBytes(bytes, at, length);
    return this;
  }

  private readonly word: UserWord = new UserWord();

  /** Copies `length` bytes into a frame at `offset`. */
  @sleeps takeToFrame(frame: Frame, offset: u32, length: u32): i64 {
    if (<u64>offset + <u64>length > <u64>FRAME_SIZE) rangeFailure(<i32>FRAME_SIZE, <i32>offset, <i32>length);
    let done: u32 = 0;
    while (done < length) {
      const part = this.step(length - done);
      if (part == 0) break;
      if (this.isKernel) {
        bytesToFrame(frame, offset + done, this.bytes, <i32>this.base, part);
      } else {
        const left = copyFrameFromUser(frame, offset + done, this.base, part);
        if (left != 0) return this.faulted(done, part, left);
      }
      this.advance(part);
      done += part;
    }
    return <i64>done;
  }

  /** Copies `length` bytes into an array. */
  @sleeps takeToBytes(bytes: StaticArray<u8>, at: i32, length: i32): i64 {
    if (<u64><u32>at + <u64><u32>length > <u64>bytes.length) rangeFailure(bytes.length, at, length);
    let done: u32 = 0;
    while (done < <u32>length) {
      const part = this.step(<u32>length - done);
      if (part == 0) break;
      if (this.isKernel) {
        copyBytes(bytes, at + <i32>done, this.bytes, <i32>this.base, <i32>part);
      } else {
        const left = copyFromUser(bytes, at + <i32>done, this.base, part);
        if (left != 0) return this.faulted(done, part, left);
      }
      this.advance(part);
      done += part;
    }
    return <i64>done;
  }

  /** An eventfd-like value: takes eight bytes as one little-endian number into `value`. 0 or -EFAULT. */
  value: u64 = 0;

  @sleeps takeU64(): i32 {
    if (this.segmentLeft >= 8 && !this.isKernel) {
      if (this.word.load64(this.base) < 0) return -Errno.EFAULT;
      this.value = this.word.value;
      this.advance(8);
      return 0;
    }
    const eight = new StaticArray<u8>(8);
    if (this.takeToBytes(eight, 0, 8) != 8) return -Errno.EFAULT;
    let value: u64 = 0;
    for (let i = 7; i >= 0; i--) value = (value << 8) | <u64>eight[i];
    this.value = value;
    return 0;
  }

  /** Passes over `length` bytes without reading them (/dev/null). Returns how many there were. */
  skip(length: u64): u64 {
    let done: u64 = 0;
    while (done < length) {
      const part = this.step(length - done);
      if (part == 0) break;
      this.advance(part);
      done += part;
    }
    return done;
  }

  /**
   * Reads a byte of each page of the next `length` bytes of the current segment, so that a copy right afterwards does
   * not fault unless memory is changed meanwhile. 0 or -EFAULT. Sleeps.
   */
  @sleeps prefault(length: u32): i32 {
    const part = this.step(length);
    if (part == 0 || this.isKernel) return 0;
    let at = this.base;
    const last = this.base + <u64>part - 1;
    while (true) {
      if (this.word.load(at, 1) < 0) return -Errno.EFAULT;
      if (at == last) return 0;
      at = min(last, at + <u64>FRAME_SIZE);
    }
  }

  private faulted(done: u32, part: u32, left: u32): i64 {
    this.advance(part - left);
    const count = done + part - left;
    return count != 0 ? <i64>count : -Errno.EFAULT;
  }
}
