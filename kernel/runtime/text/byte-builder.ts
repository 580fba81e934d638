// ByteBuilder: text for /proc, the log and the consoles, made without garbage. The array is kept between uses
// (`clear`); it doubles when full, or, in a builder made by `fixed`, the text is cut and `isTruncated` set.
// Appending returns the builder, so calls can be chained. Does not sleep; a growing builder allocates.

import { bytesSlice } from "./bytes";
import { copyBytes, fillBytes, storeText, textSize } from "./byte-access";

const DIGITS: StaticArray<u8> = [
  0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66,
];
/** Digits of the number being converted, filled from the end: 64 bits in octal are 22. */
@scratch const scratch: StaticArray<u8> = new StaticArray<u8>(24);

@final
export class ByteBuilder {
  /** The text is in the first `length` bytes. Valid until the next append. */
  data: StaticArray<u8>;
  length: i32 = 0;
  /** Text was cut because a fixed builder was full. */
  isTruncated: bool = false;
  private isFixed: bool = false;

  constructor(capacity: i32 = 128) {
    this.data = new StaticArray<u8>(max(capacity, 16));
  }

  /** A builder that never grows: longer text is cut. */
  static fixed(capacity: i32): ByteBuilder {
    const builder = new ByteBuilder(capacity);
    builder.isFixed = true;
    return builder;
  }

  /** Forgets the text, keeps the array. */
  clear(): ByteBuilder {
    this.length = 0;
    this.isTruncated = false;
    return this;
  }

  /** Cuts the text to its first `length` bytes. */
  truncate(length: i32): ByteBuilder {
    this.length = max(0, min(length, this.length));
    return this;
  }

  /** A copy of the text as a byte string of its own. */
  toBytes(): StaticArray<u8> {
    return bytesSlice(this.data, 0, this.length);
  }

  /** Appends a string as UTF-8. */
  append(text: string): ByteBuilder {
    const size = textSize(text);
    const fits = this.reserve(size);
    const stored = storeText(this.data, this.length, text);
    this.length += stored;
    // A character that does not fit as a whole is left out, so less than what fits may have been stored.
    if (stored < size || fits < size) this.isTruncated = true;
    return this;
  }

  /** Appends a whole byte string. */
  appendBytes(bytes: StaticArray<u8>): ByteBuilder {
    return this.appendRange(bytes, 0, bytes.length);
  }

  /** Appends `length` bytes of an array. */
  appendRange(bytes: StaticArray<u8>, from: i32, length: i32): ByteBuilder {
    const fits = this.reserve(length);
    copyBytes(this.data, this.length, bytes, from, fits);
    this.length += fits;
    return this;
  }

  /** Appends the text of another builder. */
  appendBuilder(other: ByteBuilder): ByteBuilder {
    return this.appendRange(other.data, 0, other.length);
  }

  /** Appends one byte. */
  appendByte(byte: u32): ByteBuilder {
    if (this.length == this.data.length && this.reserve(1) == 0) return this;
    this.data[this.length++] = <u8>byte;
    return this;
  }

  /** Appends `count` times the same byte. */
  appendFill(byte: u32, count: i32): ByteBuilder {
    if (count <= 0) return this;
    const fits = this.reserve(count);
    fillBytes(this.data, this.length, <u8>byte, fits);
    this.length += fits;
    return this;
  }

  newline(): ByteBuilder {
    return this.appendByte(0x0a);
  }

  /** Appends a signed number in decimal. */
  appendDecimal(value: i64): ByteBuilder {
    if (value >= 0) return this.appendDigits(<u64>value, 10, 0, 0);
    this.appendByte(0x2d);
    return this.appendDigits(0 - <u64>value, 10, 0, 0);
  }

  /** Appends an unsigned number in decimal. */
  appendUnsigned(value: u64): ByteBuilder {
    return this.appendDigits(value, 10, 0, 0);
  }

  /** Appends an unsigned decimal, filled on the left with `fill` (a space unless told) to `width` columns. */
  appendPadded(value: u64, width: i32, fill: u32 = 0x20): ByteBuilder {
    return this.appendDigits(value, 10, width, fill);
  }

  /** Appends lower-case hexadecimal digits, at least `minDigits` of them, without prefix. */
  appendHex(value: u64, minDigits: i32 = 1): ByteBuilder {
    return this.appendDigits(value, 16, minDigits, 0x30);
  }

  /** Appends lower-case hexadecimal digits, filled on the left with spaces to `width` columns. */
  appendHexPadded(value: u64, width: i32): ByteBuilder {
    return this.appendDigits(value, 16, width, 0x20);
  }

  /** Appends octal digits, at least `minDigits` of them, without prefix. */
  appendOctal(value: u64, minDigits: i32 = 1): ByteBuilder {
    return this.appendDigits(value, 8, minDigits, 0x30);
  }

  /** Appends a string, filled with spaces on the right to `width` columns. */
  appendColumn(text: string, width: i32): ByteBuilder {
    const start = this.length;
    this.append(text);
    return this.appendFill(0x20, width - (this.length - start));
  }

  /** Fills with spaces until the text from `start` on is `width` bytes long. */
  padTo(start: i32, width: i32): ByteBuilder {
    return this.appendFill(0x20, width - (this.length - start));
  }

  private appendDigits(value: u64, base: u64, width: i32, fill: u32): ByteBuilder {
    let at = scratch.length;
    do {
      scratch[--at] = DIGITS[<i32>(value % base)];
      value /= base;
    } while (value != 0);
    const digits = scratch.length - at;
    this.appendFill(fill, width - digits);
    return this.appendRange(scratch, at, digits);
  }

  /** Makes room for `count` more bytes; returns how many of them fit. */
  private reserve(count: i32): i32 {
    const room = this.data.length - this.length;
    if (count <= room) return count;
    if (this.isFixed) {
      this.isTruncated = true;
      return room;
    }
    const grown = new StaticArray<u8>(max(this.data.length * 2, this.length + count));
    copyBytes(grown, 0, this.data, 0, this.length);
    this.data = grown;
    return count;
  }
}
