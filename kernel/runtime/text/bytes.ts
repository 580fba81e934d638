// Byte strings: file names, /proc text, log lines. A byte string is a `StaticArray<u8>`; Linux names are bytes, not
// UTF-16, so `string` is for literals in kernel code only.
//
// Comparing, hashing and searching never allocate. `ByteBuilder` keeps its array between uses (`clear`), so that text
// is made without garbage; it grows when needed, and one made with `fixed` truncates instead of growing.
// Nothing here sleeps.

export { ByteBuilder } from "./byte-builder";
import { compareRanges, copyBytes, findByte, hashRange, rangesEqual, storeText, textSize } from "./byte-access";
import { ignore } from "../ignore";

/** The bytes (UTF-8) of a string; allocates. For constants: call once and keep the result. */
export function bytesOf(literal: string): StaticArray<u8> {
  const bytes = new StaticArray<u8>(textSize(literal));
  ignore(storeText(bytes, 0, literal));
  return bytes;
}

/** The string of bytes `from .. to` taken as UTF-8; allocates. */
export function textOf(bytes: StaticArray<u8>, from: i32 = 0, to: i32 = i32.MAX_VALUE): string {
  const end = min(to, bytes.length);
  let text = "";
  for (let i = max(from, 0); i < end;) {
    const lead = <u32>bytes[i];
    const more = lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    let point = more == 0 ? lead : lead & (0x3f >> more);
    i++;
    for (let k = 0; k < more && i < end && (<u32>bytes[i] & 0xc0) == 0x80; k++, i++) {
      point = (point << 6) | (<u32>bytes[i] & 0x3f);
    }
    text += String.fromCodePoint(point <= 0x10ffff ? <i32>point : 0xfffd);
  }
  return text;
}

/** True if the two byte strings are equal. */
export function bytesEqual(a: StaticArray<u8>, b: StaticArray<u8>): bool {
  return a === b || (a.length == b.length && rangesEqual(a, 0, b, 0, a.length));
}

/** True if the byte string equals the (ASCII) literal. */
export function bytesEqualText(bytes: StaticArray<u8>, literal: string): bool {
  return bytes.length == literal.length && startsWithText(bytes, literal);
}

/** True if the bytes from `offset` on begin with the (ASCII) literal. */
export function startsWithText(bytes: StaticArray<u8>, literal: string, offset: i32 = 0): bool {
  const length = literal.length;
  if (offset < 0 || bytes.length - offset < length) return false;
  for (let i = 0; i < length; i++) {
    if (<i32>bytes[offset + i] != literal.charCodeAt(i)) return false;
  }
  return true;
}

/** Position of the first `value` at or after `from`, or -1. */
export function indexOfByte(bytes: StaticArray<u8>, value: u8, from: i32 = 0): i32 {
  if (from < 0 || from >= bytes.length) return -1;
  return findByte(bytes, from, bytes.length - from, value);
}

/** A new byte string of bytes `from` (inclusive) to `to` (exclusive), both within the array. */
export function bytesSlice(bytes: StaticArray<u8>, from: i32, to: i32): StaticArray<u8> {
  const copy = new StaticArray<u8>(to - from);
  copyBytes(copy, 0, bytes, from, to - from);
  return copy;
}

/** What `parseUnsigned` found. One object a parser, reused. */
export class ParsedNumber {
  /** The value; meaningless when `end` is the start. */
  value: u64 = 0;
  /** Position after the last digit; equal to the start if there was no digit. */
  end: i32 = 0;
  /** The digits make more than 64 bits. */
  overflowed: bool = false;
}

/** Reads digits of `base` (2 to 36) from `from` on, without sign, prefix or spaces. */
export function parseUnsigned(bytes: StaticArray<u8>, from: i32, base: u32, into: ParsedNumber): void {
  let value: u64 = 0;
  let overflowed = false;
  let i = max(from, 0);
  for (; i < bytes.length; i++) {
    const digit = digitValue(bytes[i]);
    if (digit >= base) break;
    if (value > (u64.MAX_VALUE - <u64>digit) / <u64>base) overflowed = true;
    value = value * <u64>base + <u64>digit;
  }
  into.value = value;
  into.end = i;
  into.overflowed = overflowed;
}

/** The value of the byte string as a decimal number if it is one (digits only, at most 18), or -1. */
export function parseDecimal(bytes: StaticArray<u8>, from: i32 = 0, to: i32 = i32.MAX_VALUE): i64 {
  const end = min(to, bytes.length);
  if (from < 0 || from >= end || end - from > 18) return -1;
  let value: i64 = 0;
  for (let i = from; i < end; i++) {
    const digit = <u32>bytes[i] - 0x30;
    if (digit > 9) return -1;
    value = value * 10 + <i64>digit;
  }
  return value;
}

/** Length of the first line of `length` bytes: what is before a newline or NUL. */
export function lineLength(bytes: StaticArray<u8>, length: i32): i32 {
  for (let i = 0; i < length; i++) {
    if (bytes[i] == 0x0a || bytes[i] == 0) return i;
  }
  return length;
}

/** Value of a digit or letter, 255 for any other byte. */
export function digitValue(byte: u8): u32 {
  const c = <u32>byte;
  if (c - 0x30 < 10) return c - 0x30;
  const lower = c | 0x20;
  if (lower - 0x61 < 26) return lower - 0x61 + 10;
  return 255;
}
