// Mount options of tmpfs (tmpfs(5)): size, nr_blocks, nr_inodes, mode, uid, gid; a size may be a percentage of memory
// or have a suffix k, m, g, t, p, e. Unknown options are refused with EINVAL. Nothing here sleeps.

import { Errno } from "../abi/errno";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { ParsedNumber, indexOfByte, parseUnsigned, startsWithText } from "../runtime/text/bytes";
import { PAGE_MASK, PAGE_SHIFT } from "../abi/page";

const COMMA: u8 = 0x2c;
const EQUALS: u8 = 0x3d;
const PERCENT: u8 = 0x25;
@scratch const number = new ParsedNumber();

@final
export class TmpfsOptions {
  mode: u32 = 0o1777;
  hasMode: bool = false;
  uid: u32 = 0;
  hasUid: bool = false;
  gid: u32 = 0;
  hasGid: bool = false;
  hasSize: bool = false;
  hasInodes: bool = false;
  /** Bytes, or a percentage of memory. */
  private size: u64 = 0;
  private isPercentage: bool = false;
  private inodes: u64 = 0;

  /** Limit in pages; 0: none. Half of memory unless told. */
  pageLimit(totalPages: u32): u64 {
    if (!this.hasSize) return <u64>totalPages / 2;
    if (this.isPercentage) return <u64>totalPages * this.size / 100;
    return (this.size + PAGE_MASK) >> PAGE_SHIFT;
  }

  /** Limit of inodes; 0: none. */
  inodeLimit(totalPages: u32): u64 {
    return this.hasInodes ? this.inodes : <u64>totalPages / 2;
  }

  setSize(size: u64, isPercentage: bool): void {
    this.size = size;
    this.isPercentage = isPercentage;
    this.hasSize = true;
  }

  setInodes(count: u64): void {
    this.inodes = count;
    this.hasInodes = true;
  }

  takeSize(other: TmpfsOptions): void {
    this.setSize(other.size, other.isPercentage);
  }

  takeInodes(other: TmpfsOptions): void {
    this.setInodes(other.inodes);
  }

  /** Appends what differs from the defaults, as Linux prints it. */
  show(text: ByteBuilder, pages: u64, inodes: u64): void {
    if (this.hasSize) text.append(",size=").appendUnsigned(pages << 2).append("k");
    if (this.hasInodes) text.append(",nr_inodes=").appendUnsigned(inodes);
    if (this.mode != 0o1777) text.append(",mode=").appendOctal(this.mode, 3);
    if (this.hasUid && this.uid != 0) text.append(",uid=").appendUnsigned(this.uid);
    if (this.hasGid && this.gid != 0) text.append(",gid=").appendUnsigned(this.gid);
  }
}

/** Reads a comma-separated list: 0, or -EINVAL with `options` half filled. */
export function parseTmpfsOptions(text: StaticArray<u8>, options: TmpfsOptions): i32 {
  let at = 0;
  while (at < text.length) {
    const comma = indexOfByte(text, COMMA, at);
    const end = comma < 0 ? text.length : comma;
    if (end > at) {
      const parsed = parseOption(text, at, end, options);
      if (parsed < 0) return parsed;
    }
    at = end + 1;
  }
  return 0;
}

function parseOption(text: StaticArray<u8>, start: i32, end: i32, options: TmpfsOptions): i32 {
  const equals = indexOfByte(text, EQUALS, start);
  if (equals < 0 || equals >= end) return isHarmlessFlag(text, start, end) ? 0 : -Errno.EINVAL;
  const value = equals + 1;
  if (isKey(text, start, equals, "size")) return parseSize(text, value, end, options);
  if (isKey(text, start, equals, "nr_blocks")) {
    if (!parseScaled(text, value, end)) return -Errno.EINVAL;
    options.setSize(number.value << 12, false);
    return 0;
  }
  if (isKey(text, start, equals, "nr_inodes")) {
    if (!parseScaled(text, value, end)) return -Errno.EINVAL;
    options.setInodes(number.value);
    return 0;
  }
  parseUnsigned(text, value, isKey(text, start, equals, "mode") ? 8 : 10, number);
  if (number.end != end || value == end || number.overflowed || number.value > <u64>u32.MAX_VALUE) return -Errno.EINVAL;
  const found = <u32>number.value;
  if (isKey(text, start, equals, "mode")) {
    options.mode = found & 0o7777;
    options.hasMode = true;
  } else if (isKey(text, start, equals, "uid")) {
    options.uid = found;
    options.hasUid = true;
  } else if (isKey(text, start, equals, "gid")) {
    options.gid = found;
    options.hasGid = true;
  } else {
    return -Errno.EINVAL;
  }
  return 0;
}

function parseSize(text: StaticArray<u8>, start: i32, end: i32, options: TmpfsOptions): i32 {
  if (end > start && text[end - 1] == PERCENT) {
    parseUnsigned(text, start, 10, number);
    if (number.end != end - 1 || number.overflowed || number.value > 1000000) return -Errno.EINVAL;
    options.setSize(number.value, true);
    return 0;
  }
  if (!parseScaled(text, start, end)) return -Errno.EINVAL;
  options.setSize(number.value, false);
  return 0;
}

/** A number with an optional suffix k, m, g, t, p, e into `number`. */
function parseScaled(text: StaticArray<u8>, start: i32, end: i32): bool {
  parseUnsigned(text, start, 10, number);
  if (number.end == start || number.overflowed) return false;
  if (number.end == end) return true;
  if (number.end != end - 1) return false;
  const shift = suffixShift(text[end - 1] | 0x20);
  if (shift == 0 || number.value > (<u64>i64.MAX_VALUE >> shift)) return false;
  number.value <<= shift;
  return true;
}

function suffixShift(letter: u8): u64 {
  switch (letter) {
    case 0x6b: return 10;
    case 0x6d: return 20;
    case 0x67: return 30;
    case 0x74: return 40;
    case 0x70: return 50;
    case 0x65: return 60;
    default: return 0;
  }
}

function isKey(text: StaticArray<u8>, start: i32, end: i32, key: string): bool {
  return end - start == key.length && startsWithText(text, key, start);
}

/** Options without a value that change nothing here: inode numbers have 64 bits anyway. */
function isHarmlessFlag(text: StaticArray<u8>, start: i32, end: i32): bool {
  return isKey(text, start, end, "inode64");
}
