// Bounds-checked raw access to byte arrays: copies, fills, comparisons, hashes and little-endian fields. TRUSTED.
//
// A `StaticArray<u8>` indexed byte by byte is safe but slow; these functions check a whole range once and then use
// memory operations. A range outside its array ends in `abort` (a kernel bug, never the effect of user input).
// Nothing here allocates or sleeps.

import { rangeFailure } from "./range-failure";

/** Ends the current operation unless `offset .. offset + length` lies within `size`. */
@inline
function checkRange(size: i32, offset: i32, length: i32): void {
  // As unsigned 64-bit numbers, so that neither a negative number nor a wrap-around passes.
  if (<u64><u32>offset + <u64><u32>length > <u64><u32>size) rangeFailure(size, offset, length);
}

/** Copies `length` bytes; the ranges may overlap. */
@safe export function copyBytes(
  to: StaticArray<u8>, toOffset: i32, from: StaticArray<u8>, fromOffset: i32, length: i32,
): void {
  checkRange(to.length, toOffset, length);
  checkRange(from.length, fromOffset, length);
  // SAFETY: both ranges were checked against their arrays, which the parameters keep alive.
  memory.copy(changetype<usize>(to) + <usize>toOffset, changetype<usize>(from) + <usize>fromOffset, <usize>length);
}

/** Sets `length` bytes to `value`. */
@safe export function fillBytes(to: StaticArray<u8>, offset: i32, value: u8, length: i32): void {
  checkRange(to.length, offset, length);
  // SAFETY: checked above.
  memory.fill(changetype<usize>(to) + <usize>offset, value, <usize>length);
}

/** memcmp(3) of two ranges: negative, zero or positive. */
@safe export function compareRanges(
  a: StaticArray<u8>, aOffset: i32, b: StaticArray<u8>, bOffset: i32, length: i32,
): i32 {
  checkRange(a.length, aOffset, length);
  checkRange(b.length, bOffset, length);
  // SAFETY: both ranges were checked against their arrays.
  return memory.compare(changetype<usize>(a) + <usize>aOffset, changetype<usize>(b) + <usize>bOffset, <usize>length);
}

/** True if the two ranges hold the same bytes. Compares eight bytes at a time. */
@safe export function rangesEqual(
  a: StaticArray<u8>, aOffset: i32, b: StaticArray<u8>, bOffset: i32, length: i32,
): bool {
  checkRange(a.length, aOffset, length);
  checkRange(b.length, bOffset, length);
  // SAFETY: both ranges were checked; every access below stays within `length` bytes of each start.
  let p = changetype<usize>(a) + <usize>aOffset;
  let q = changetype<usize>(b) + <usize>bOffset;
  let left = length;
  while (left >= 8) {
    if (load<u64>(p) != load<u64>(q)) return false;
    p += 8;
    q += 8;
    left -= 8;
  }
  while (left > 0) {
    if (load<u8>(p) != load<u8>(q)) return false;
    p += 1;
    q += 1;
    left -= 1;
  }
  return true;
}

/** Position of the first `value` in the range, counted from the array's start, or -1. */
@safe export function findByte(array: StaticArray<u8>, offset: i32, length: i32, value: u8): i32 {
  checkRange(array.length, offset, length);
  const base = changetype<usize>(array);
  for (let i = offset, end = offset + length; i < end; i++) {
    // SAFETY: `i` lies within the range checked above.
    if (load<u8>(base + <usize>i) == value) return i;
  }
  return -1;
}

/**
 * A fast 32-bit hash of a range (for name tables: a multiply and a rotate a word, with a final avalanche).
 * Not keyed: a table filled with hostile names must bound its chains or use buckets by equality, not by hash alone.
 */
@safe export function hashRange(array: StaticArray<u8>, offset: i32, length: i32, seed: u32 = 0): u32 {
  checkRange(array.length, offset, length);
  // SAFETY: the range was checked; accesses stay within it.
  let p = changetype<usize>(array) + <usize>offset;
  let left = length;
  let h: u64 = <u64>seed ^ (<u64>length * 0x9e3779b97f4a7c15);
  while (left >= 8) {
    h = rotl<u64>((h ^ load<u64>(p)) * 0x9fb21c651e98df25, 29);
    p += 8;
    left -= 8;
  }
  let tail: u64 = 0;
  if (left & 4) {
    tail = <u64>load<u32>(p);
    p += 4;
  }
  if (left & 2) {
    tail = (tail << 16) | <u64>load<u16>(p);
    p += 2;
  }
  if (left & 1) tail = (tail << 8) | <u64>load<u8>(p);
  h = (h ^ tail) * 0x9fb21c651e98df25;
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93;
  return <u32>(h >> 32);
}

/** Little-endian unsigned 16-bit field at a byte offset, of any alignment. */
@safe export function readU16(array: StaticArray<u8>, offset: i32): u32 {
  checkRange(array.length, offset, 2);
  // SAFETY: checked above; wasm loads may be unaligned.
  return <u32>load<u16>(changetype<usize>(array) + <usize>offset);
}

/** Little-endian unsigned 32-bit field at a byte offset. */
@safe export function readU32(array: StaticArray<u8>, offset: i32): u32 {
  checkRange(array.length, offset, 4);
  // SAFETY: checked above.
  return load<u32>(changetype<usize>(array) + <usize>offset);
}

/** Little-endian 64-bit field at a byte offset. */
@safe export function readU64(array: StaticArray<u8>, offset: i32): u64 {
  checkRange(array.length, offset, 8);
  // SAFETY: checked above.
  return load<u64>(changetype<usize>(array) + <usize>offset);
}

/** Stores a little-endian 16-bit field. */
@safe export function writeU16(array: StaticArray<u8>, offset: i32, value: u32): void {
  checkRange(array.length, offset, 2);
  // SAFETY: checked above.
  store<u16>(changetype<usize>(array) + <usize>offset, <u16>value);
}

/** Stores a little-endian 32-bit field. */
@safe export function writeU32(array: StaticArray<u8>, offset: i32, value: u32): void {
  checkRange(array.length, offset, 4);
  // SAFETY: checked above.
  store<u32>(changetype<usize>(array) + <usize>offset, value);
}

/** Stores a little-endian 64-bit field. */
@safe export function writeU64(array: StaticArray<u8>, offset: i32, value: u64): void {
  checkRange(array.length, offset, 8);
  // SAFETY: checked above.
  store<u64>(changetype<usize>(array) + <usize>offset, value);
}

/** Appends the UTF-8 form of `text` at `offset`, at most to the array's end; returns the number of bytes stored. */
@safe export function storeText(to: StaticArray<u8>, offset: i32, text: string): i32 {
  const room = to.length - offset;
  checkRange(to.length, offset, room);
  const length = text.length;
  const source = changetype<usize>(text);
  const target = changetype<usize>(to) + <usize>offset;
  let used = 0;
  for (let i = 0; i < length; i++) {
    // SAFETY: `i` is below the string's length; `used` is checked against the room before each store.
    let c = <u32>load<u16>(source + (<usize>i << 1));
    if (c < 0x80) {
      if (used >= room) break;
      store<u8>(target + <usize>used, <u8>c);
      used++;
      continue;
    }
    if ((c & 0xfc00) == 0xd800 && i + 1 < length) {
      const low = <u32>load<u16>(source + (<usize>(i + 1) << 1));
      if ((low & 0xfc00) == 0xdc00) {
        c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
        i++;
      }
    }
    const bytes = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    if (used + bytes > room) break;
    storeCodePoint(target + <usize>used, c, bytes);
    used += bytes;
  }
  return used;
}

/** Bytes that the UTF-8 form of `text` takes. */
@safe export function textSize(text: string): i32 {
  return String.UTF8.byteLength(text);
}

function storeCodePoint(at: usize, c: u32, bytes: i32): void {
  // SAFETY: the caller made sure that `bytes` bytes fit at `at`.
  if (bytes == 2) {
    store<u8>(at, <u8>(0xc0 | (c >> 6)));
  } else if (bytes == 3) {
    store<u8>(at, <u8>(0xe0 | (c >> 12)));
    store<u8>(at, <u8>(0x80 | ((c >> 6) & 0x3f)), 1);
  } else {
    store<u8>(at, <u8>(0xf0 | (c >> 18)));
    store<u8>(at, <u8>(0x80 | ((c >> 12) & 0x3f)), 1);
    store<u8>(at, <u8>(0x80 | ((c >> 6) & 0x3f)), 2);
  }
  store<u8>(at + <usize>bytes - 1, <u8>(0x80 | (c & 0x3f)));
}
