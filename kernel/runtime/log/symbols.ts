// The symbol table of the kernel image: from a code address to function, file and line. The format is
// docs/inside/symbol-table.md; every offset is checked by machine-view.ts, so a damaged table gives no name at worst.
// Allocates nothing; does not sleep.

import { ByteBuilder } from "../text/byte-builder";
import { imageOffset, symbolTableByte, symbolTableSize, symbolTableWord } from "./machine-view";

@inline const MAGIC: u32 = 0x5359_5454;
@inline const VERSION: u32 = 1;
/** Words of the header. */
@inline const COUNT: u32 = 8;
@inline const FILES: u32 = 16;
@inline const PROGRAMS: u32 = 20;
@inline const STRINGS: u32 = 24;
@inline const HEADER_BYTES: u32 = 32;
@inline const ENTRY_BYTES: u32 = 16;
/** Longest name shown. */
@inline const NAME_LIMIT: u32 = 120;

/** Where the next variable-length number is read. */
@kernelLock let cursor: u32 = 0;

/** Appends "function (file:line) " for a code address; nothing when the table does not know it. */
export function appendSymbolName(out: ByteBuilder, address: u64): void {
  const entry = entryAt(address);
  if (entry == 0) return;
  const offset = <u32>imageOffset(address);
  const start = symbolTableWord(entry);
  appendString(out, symbolTableWord(entry + 8));
  out.append("+0x").appendHex(<u64>(offset - start));
  appendLine(out, offset, start, symbolTableWord(entry + 12));
  out.appendByte(0x20);
}

/** True if the name of the function at a code address begins with `prefix` (ASCII). */
export function symbolStartsWith(address: u64, prefix: string): bool {
  const entry = entryAt(address);
  if (entry == 0) return false;
  const at = symbolTableWord(STRINGS) + symbolTableWord(entry + 8);
  for (let i = 0; i < prefix.length; i++) {
    if (symbolTableByte(at + <u32>i) != <u32>prefix.charCodeAt(i)) return false;
  }
  return true;
}

/** Entry of the function around a code address; 0 when the table does not know it. */
function entryAt(address: u64): u32 {
  const wide = imageOffset(address);
  if (symbolTableSize() < HEADER_BYTES || wide > 0x4000_0000) return 0;
  if (symbolTableWord(0) != MAGIC || symbolTableWord(4) != VERSION) return 0;
  const offset = <u32>wide;
  const entry = findEntry(offset);
  const start = symbolTableWord(entry);
  return offset < start || offset - start >= symbolTableWord(entry + 4) ? 0 : entry;
}

/** Entry of the last function that starts at or before an offset. */
function findEntry(offset: u32): u32 {
  let low: u32 = 0;
  let high = min<u32>(symbolTableWord(COUNT), symbolTableSize() / ENTRY_BYTES);
  while (high - low > 1 && high > low) {
    const middle = (low + high) >> 1;
    if (symbolTableWord(HEADER_BYTES + middle * ENTRY_BYTES) <= offset) low = middle;
    else high = middle;
  }
  return HEADER_BYTES + low * ENTRY_BYTES;
}

/** Follows a function's line program to an offset. */
function appendLine(out: ByteBuilder, offset: u32, start: u32, program: u32): void {
  cursor = symbolTableWord(PROGRAMS) + program;
  let position = start;
  let file: i32 = -1;
  let line: i32 = 0;
  for (let rows = readUnsigned(); rows > 0; rows--) {
    const step = readUnsigned();
    position += step >> 1;
    if (position > offset || cursor >= symbolTableSize()) break;
    if (step & 1) file = <i32>readUnsigned();
    line += readSigned();
  }
  if (file < 0) return;
  out.append(" (");
  appendString(out, symbolTableWord(symbolTableWord(FILES) + <u32>file * 4));
  out.appendByte(0x3a).appendDecimal(<i64>line).appendByte(0x29);
}

function appendString(out: ByteBuilder, offset: u32): void {
  const at = symbolTableWord(STRINGS) + offset;
  for (let i: u32 = 0; i < NAME_LIMIT; i++) {
    const byte = symbolTableByte(at + i);
    if (byte == 0) break;
    out.appendByte(byte);
  }
}

function readUnsigned(): u32 {
  let result: u32 = 0;
  for (let shift: u32 = 0; shift < 32; shift += 7) {
    const byte = symbolTableByte(cursor++);
    result |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return result;
}

function readSigned(): i32 {
  let result: i32 = 0;
  for (let shift: i32 = 0; shift < 32; shift += 7) {
    const byte = <i32>symbolTableByte(cursor++);
    result |= (byte & 0x7f) << shift;
    if (byte >= 0x80) continue;
    if ((byte & 0x40) != 0 && shift < 25) result |= -1 << (shift + 7);
    break;
  }
  return result;
}
