// InputBuffer: the 4096-byte ring between a line discipline and its readers.
//
// Positions are counters that only grow (and wrap at 2^32); the byte of position p lies at p modulo the size.
//   tail <= canonHead <= head,  tail <= commitHead <= head,  head - tail <= INPUT_BUFFER_SIZE
// Bytes before `canonHead` belong to finished lines; a mark on a byte says that a line ends with it. A marked zero byte
// is an end of file: it ends a read and is not itself returned. Bytes before `commitHead` may be read in raw mode.
// Nothing here sleeps or allocates.

import { copyBytes } from "../runtime/text/byte-access";
import { DISABLED_CHARACTER } from "./termios";

/** Bytes the buffer holds, and so the longest line with its end (termios(3), "canonical mode"). */
@inline export const INPUT_BUFFER_SIZE: u32 = 4096;
@inline const MASK: u32 = INPUT_BUFFER_SIZE - 1;

@final
export class InputBuffer {
  head: u32 = 0;
  tail: u32 = 0;
  canonHead: u32 = 0;
  commitHead: u32 = 0;
  /** Set when the last `takeLine` met the end of a line. */
  isLineEnd: bool = false;
  private readonly bytes: StaticArray<u8> = new StaticArray<u8>(<i32>INPUT_BUFFER_SIZE);
  private readonly marks: StaticArray<u64> = new StaticArray<u64>(<i32>INPUT_BUFFER_SIZE / 64);

  /** Bytes held. */
  @inline get used(): u32 {
    return this.head - this.tail;
  }

  @inline byteAt(position: u32): u32 {
    return <u32>this.bytes[<i32>(position & MASK)];
  }

  /** Adds a byte. The caller has checked that there is room. */
  push(byte: u32): void {
    this.bytes[<i32>(this.head & MASK)] = <u8>byte;
    this.clearMark(this.head);
    this.head++;
  }

  /** Adds bytes without line ends. The caller has checked that there is room; raw mode has no marks to clear. */
  pushRange(bytes: StaticArray<u8>, at: i32, length: i32): void {
    const start = <i32>(this.head & MASK);
    const first = min<i32>(length, <i32>INPUT_BUFFER_SIZE - start);
    copyBytes(this.bytes, start, bytes, at, first);
    copyBytes(this.bytes, 0, bytes, at + first, length - first);
    this.head += <u32>length;
  }

  /** Adds the byte that ends a line. */
  pushLineEnd(byte: u32): void {
    this.push(byte);
    this.setMark(this.head - 1);
    this.canonHead = this.head;
  }

  /** Forgets everything. */
  reset(): void {
    this.head = 0;
    this.tail = 0;
    this.canonHead = 0;
    this.commitHead = 0;
    for (let i = 0; i < this.marks.length; i++) this.marks[i] = 0;
  }

  /** Forgets where lines end; `isLine` makes what is held one finished line. */
  resetLines(isLine: bool): void {
    for (let i = 0; i < this.marks.length; i++) this.marks[i] = 0;
    if (isLine && this.used > 0) {
      this.setMark(this.head - 1);
      this.canonHead = this.head;
    } else {
      this.canonHead = this.tail;
    }
    this.commitHead = this.head;
  }

  /** Bytes that reads in canonical mode will return (end-of-file marks do not count). */
  canonicalCount(): i32 {
    let count: i32 = 0;
    for (let at = this.tail; at != this.canonHead; at++) {
      if (!(this.isMarked(at) && this.byteAt(at) == DISABLED_CHARACTER)) count++;
    }
    return count;
  }

  /** Moves at most `limit` bytes, at most to the end of a line, to `out`; sets `isLineEnd`. */
  takeLine(out: StaticArray<u8>, at: i32, limit: i32): i32 {
    let taken = 0;
    this.isLineEnd = false;
    while (this.tail != this.canonHead) {
      const position = this.tail;
      const isEnd = this.isMarked(position);
      const byte = this.byteAt(position);
      const isEndOfFile = isEnd && byte == DISABLED_CHARACTER;
      // An end of file right behind the last byte that fits is swallowed with it.
      if (taken == limit && !isEndOfFile) break;
      this.tail++;
      if (!isEndOfFile) out[at + taken++] = <u8>byte;
      if (isEnd) {
        this.clearMark(position);
        this.isLineEnd = true;
        break;
      }
    }
    return taken;
  }

  /** Moves at most `limit` committed bytes to `out`. */
  take(out: StaticArray<u8>, at: i32, limit: i32): i32 {
    const count = min<i32>(limit, <i32>(this.commitHead - this.tail));
    const start = <i32>(this.tail & MASK);
    const first = min<i32>(count, <i32>INPUT_BUFFER_SIZE - start);
    copyBytes(out, at, this.bytes, start, first);
    copyBytes(out, at + first, this.bytes, 0, count - first);
    this.tail += <u32>count;
    return count;
  }

  private isMarked(position: u32): bool {
    const bit = position & MASK;
    return ((this.marks[<i32>(bit >> 6)] >> <u64>(bit & 63)) & 1) != 0;
  }

  private setMark(position: u32): void {
    const bit = position & MASK;
    this.marks[<i32>(bit >> 6)] |= <u64>1 << <u64>(bit & 63);
  }

  private clearMark(position: u32): void {
    const bit = position & MASK;
    this.marks[<i32>(bit >> 6)] &= ~(<u64>1 << <u64>(bit & 63));
  }
}
