// Gzip members (RFC 1952) with deflate data (RFC 1951), decompressed on demand. Hostile input ends in `error`, never in
// a wild access: every distance, length and code is checked, and the checksum and length at the end are compared.
//
// Output goes through a ring of 64 KiB, of which the last 32 KiB are history; `produce` stops between two symbols when
// the ring has no room for the longest match. Nothing here sleeps.

import { Frame, bytesToFrame } from "../mm/frames/frame";
import { copyBytes } from "../runtime/text/byte-access";
import { ArchiveSource, PhysicalSource } from "./archive-source";
import { Crc32 } from "./crc32";
import { HuffmanTable } from "./huffman";

const RING: i32 = 65536;
const RING_MASK: i32 = RING - 1;
const HISTORY: i32 = 32768;
const LONGEST_MATCH: i32 = 258;
const INPUT_SIZE: i32 = 4096;

/** Base and extra bits of length codes 257 to 285, and of distance codes. */
const LENGTH_BASE: StaticArray<u16> = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA: StaticArray<u8> = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const DISTANCE_BASE: StaticArray<u16> = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193,
  12289, 16385, 24577,
];
const DISTANCE_EXTRA: StaticArray<u8> = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
/** Order in which the lengths of code-length codes come. */
const CODE_ORDER: StaticArray<u8> = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Where the decompressor stands. */
namespace State {
  @inline export const BLOCK: u32 = 0;
  @inline export const STORED: u32 = 1;
  @inline export const CODED: u32 = 2;
  @inline export const DONE: u32 = 3;
}

/** The decompressed bytes of one gzip member. */
@final
export class GzipSource extends ArchiveSource {
  private readonly ring: StaticArray<u8> = new StaticArray<u8>(RING);
  /** Bytes ever produced and ever read. */
  private produced: u64 = 0;
  private consumed: u64 = 0;
  private readonly input: StaticArray<u8> = new StaticArray<u8>(INPUT_SIZE);
  private inputAt: i32 = 0;
  private inputEnd: i32 = 0;
  private bits: u64 = 0;
  private bitCount: u64 = 0;
  /** How many of the highest bits are zeros that stand for what is beyond the end of input. */
  private madeUpBits: u64 = 0;
  private isChecked: bool = false;
  private state: u32 = State.BLOCK;
  private isLastBlock: bool = false;
  private storedLeft: i32 = 0;
  private readonly literals: HuffmanTable = new HuffmanTable(288);
  private readonly distances: HuffmanTable = new HuffmanTable(32);
  private readonly lengths: StaticArray<u8> = new StaticArray<u8>(320);
  private readonly crc: Crc32 = new Crc32();

  /** The two bytes 1f 8b have been read from `from`. */
  constructor(private readonly from: PhysicalSource) {
    super();
    this.readHeader();
  }

  // ---- as a stream -----------------------------------------------------------------------------------------------------

  read(bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    let done = 0;
    while (done < length) {
      const part = this.available(length - done);
      if (part == 0) break;
      copyBytes(bytes, at + done, this.ring, this.readAt, part);
      this.take(part);
      done += part;
    }
    return done;
  }

  readToFrame(frame: Frame, offset: u32, length: u32): u32 {
    let done: u32 = 0;
    while (done < length) {
      const part = this.available(<i32>(length - done));
      if (part == 0) break;
      bytesToFrame(frame, offset + done, this.ring, this.readAt, <u32>part);
      this.take(part);
      done += <u32>part;
    }
    return done;
  }

  private get readAt(): i32 {
    return <i32>this.consumed & RING_MASK;
  }

  /** Bytes ready in one piece, at most `limit`; decompresses when there are none. */
  private available(limit: i32): i32 {
    if (this.produced == this.consumed) this.produce();
    const ready = <i32>(this.produced - this.consumed);
    return min(min(limit, ready), RING - this.readAt);
  }

  private take(count: i32): void {
    this.crc.add(this.ring, this.readAt, count);
    this.consumed += <u64>count;
    this.checkEnd();
  }

  // ---- bits --------------------------------------------------------------------------------------------------------------

  /** Makes at least `count` (at most 32) bits available; at the end of input zeros, and an error once they are used. */
  @inline
  private need(count: u64): void {
    if (this.bitCount < count) this.refill();
  }

  private refill(): void {
    while (this.bitCount <= 56) {
      if (this.inputAt == this.inputEnd) {
        this.inputEnd = this.from.read(this.input, 0, INPUT_SIZE);
        this.inputAt = 0;
        if (this.inputEnd == 0) {
          // Sixteen zero bits may be looked at beyond the end; more mean that data is missing.
          if (this.bitCount < 16) this.fail("compressed data ends too early");
          this.madeUpBits += 64 - this.bitCount;
          this.bitCount = 64;
          return;
        }
      }
      this.bits |= <u64>this.input[this.inputAt++] << this.bitCount;
      this.bitCount += 8;
    }
  }

  @inline
  private drop(count: u64): void {
    this.bits >>= count;
    this.bitCount -= count;
  }

  private take32(count: u64): u32 {
    if (count == 0) return 0;
    this.need(count);
    const value = <u32>(this.bits & ((<u64>1 << count) - 1));
    this.drop(count);
    return value;
  }

  private fail(reason: string): void {
    if (this.error === null) this.error = reason;
    this.state = State.DONE;
  }

  // ---- gzip ----------------------------------------------------------------------------------------------------------------

  private readHeader(): void {
    if (this.take32(8) != 8) {
      this.fail("unknown compression method");
      return;
    }
    const flags = this.take32(8);
    if ((flags & 0xe0) != 0) this.fail("reserved gzip flags are set");
    for (let i = 0; i < 6; i++) this.skipByte();
    if ((flags & 4) != 0) {
      let length = this.take32(16);
      while (length > 0 && this.error === null) {
        this.skipByte();
        length--;
      }
    }
    if ((flags & 8) != 0) this.skipText();
    if ((flags & 16) != 0) this.skipText();
    if ((flags & 2) != 0) {
      this.skipByte();
      this.skipByte();
    }
  }

  private skipByte(): void {
    this.take32(8);
  }

  private skipText(): void {
    while (this.error === null && this.take32(8) != 0) continue;
  }

  /** When all output has been read, checks the trailer, once. */
  private checkEnd(): void {
    if (this.state != State.DONE || this.consumed != this.produced || this.error !== null || this.isChecked) return;
    this.isChecked = true;
    this.readTrailer();
  }

  /** Checks the end of the member and leaves the source behind it. */
  private readTrailer(): void {
    this.drop(this.bitCount & 7);
    const crc = this.take32(32);
    const length = this.take32(32);
    if (this.error !== null) return;
    if (this.bitCount < this.madeUpBits) this.fail("compressed data ends too early");
    else if (crc != this.crc.value) this.fail("checksum of compressed data differs");
    else if (length != <u32>this.produced) this.fail("length of decompressed data differs");
    if (this.bitCount >= this.madeUpBits) this.from.giveBack(((this.bitCount - this.madeUpBits) >> 3) + <u64>(this.inputEnd - this.inputAt));
    this.bitCount = 0;
    this.inputAt = 0;
    this.inputEnd = 0;
  }

  // ---- deflate ---------------------------------------------------------------------------------------------------------------

  /** Decompresses until the ring is as full as it may be or the data ends. */
  private produce(): void {
    while (this.state != State.DONE) {
      const room = RING - HISTORY - <i32>(this.produced - this.consumed);
      if (room < LONGEST_MATCH) return;
      if (this.state == State.BLOCK) this.beginBlock();
      else if (this.state == State.STORED) this.copyStored(room);
      else this.decode(room);
    }
    this.checkEnd();
  }

  private beginBlock(): void {
    if (this.isLastBlock) {
      this.state = State.DONE;
      return;
    }
    this.isLastBlock = this.take32(1) != 0;
    switch (this.take32(2)) {
      case 0: {
        this.drop(this.bitCount & 7);
        const length = this.take32(16);
        if ((length ^ 0xffff) != this.take32(16)) {
          this.fail("damaged stored block");
          return;
        }
        this.storedLeft = <i32>length;
        this.state = State.STORED;
        return;
      }
      case 1: {
        this.fixedCodes();
        this.state = State.CODED;
        return;
      }
      case 2: {
        if (this.readCodes()) this.state = State.CODED;
        else this.fail("invalid code lengths");
        return;
      }
      default: this.fail("invalid block type");
    }
  }

  private copyStored(room: i32): void {
    let left = min(room, this.storedLeft);
    this.storedLeft -= left;
    while (left > 0 && this.error === null) {
      this.emit(<u8>this.take32(8));
      left--;
    }
    if (this.storedLeft == 0 && this.state == State.STORED) this.state = State.BLOCK;
  }

  @inline
  private emit(byte: u8): void {
    this.ring[<i32>this.produced & RING_MASK] = byte;
    this.produced++;
  }

  private fixedCodes(): void {
    const lengths = this.lengths;
    for (let i = 0; i < 288; i++) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    const isBuilt = this.literals.build(lengths, 0, 288);
    for (let i = 0; i < 32; i++) lengths[i] = 5;
    if (!isBuilt || !this.distances.build(lengths, 0, 32)) this.fail("invalid code lengths");
  }

  /** The code lengths of a dynamic block. */
  private readCodes(): bool {
    const lengths = this.lengths;
    const literalCount = <i32>this.take32(5) + 257;
    const distanceCount = <i32>this.take32(5) + 1;
    const codeCount = <i32>this.take32(4) + 4;
    if (literalCount > 286 || distanceCount > 30) return false;
    for (let i = 0; i < 19; i++) lengths[i] = 0;
    for (let i = 0; i < codeCount; i++) lengths[CODE_ORDER[i]] = <u8>this.take32(3);
    const codes = this.literals;
    if (!codes.build(lengths, 0, 19)) return false;
    const total = literalCount + distanceCount;
    let at = 0;
    while (at < total) {
      const symbol = this.decodeSymbol(codes);
      if (this.error !== null) return false;
      if (symbol < 16) {
        lengths[at++] = <u8>symbol;
        continue;
      }
      if (symbol == 16 && at == 0) return false;
      const value: u8 = symbol == 16 ? lengths[at - 1] : 0;
      let count = symbol == 16 ? 3 + this.take32(2) : symbol == 17 ? 3 + this.take32(3) : 11 + this.take32(7);
      if (at + <i32>count > total) return false;
      for (; count > 0; count--) lengths[at++] = value;
    }
    if (lengths[256] == 0) return false;
    return this.literals.build(lengths, 0, literalCount) && this.distances.build(lengths, literalCount, distanceCount);
  }

  @inline
  private decodeSymbol(table: HuffmanTable): u32 {
    this.need(15);
    let entry: u32 = table.fast[<i32>(this.bits & 1023)];
    if (entry == 0) {
      entry = table.decodeLong(this.bits);
      if (entry == 0) {
        this.fail("invalid code");
        return 256;
      }
    }
    this.drop(<u64>(entry & 15));
    return entry >> 4;
  }

  /** Decodes symbols while the longest match still fits. */
  private decode(room: i32): void {
    const end = this.produced + <u64>(room - LONGEST_MATCH);
    while (this.produced <= end) {
      const symbol = this.decodeSymbol(this.literals);
      if (symbol < 256) {
        this.emit(<u8>symbol);
        continue;
      }
      if (this.error !== null) return;
      if (symbol == 256) {
        this.state = State.BLOCK;
        return;
      }
      if (!this.copyMatch(<i32>symbol - 257)) return;
    }
  }

  private copyMatch(code: i32): bool {
    if (code >= LENGTH_BASE.length) return this.refuse("invalid match length");
    const length = <i32>LENGTH_BASE[code] + <i32>this.take32(LENGTH_EXTRA[code]);
    const distanceCode = <i32>this.decodeSymbol(this.distances);
    if (distanceCode >= DISTANCE_BASE.length) return this.refuse("invalid match distance");
    const distance = <u64>DISTANCE_BASE[distanceCode] + <u64>this.take32(DISTANCE_EXTRA[distanceCode]);
    if (this.error !== null) return false;
    if (distance > this.produced) return this.refuse("match before the beginning");
    const ring = this.ring;
    let to = <i32>this.produced & RING_MASK;
    let from = <i32>(this.produced - distance) & RING_MASK;
    if (<i32>distance >= length && to + length <= RING && from + length <= RING) {
      copyBytes(ring, to, ring, from, length);
    } else {
      for (let i = 0; i < length; i++) {
        ring[to] = ring[from];
        to = (to + 1) & RING_MASK;
        from = (from + 1) & RING_MASK;
      }
    }
    this.produced += <u64>length;
    return true;
  }

  private refuse(reason: string): bool {
    this.fail(reason);
    return false;
  }
}
