// The symbol table inside the kernel image: from a code address to function, file and line of TypeScript, for
// backtraces. The format is docs/inside/symbol-table.md; the kernel reads it with kernel/runtime/log/symbols.ts.

import type { ElfFile, LineRow } from './elf.js';

export const MAGIC = 0x53595454; // "TTYS"
export const VERSION = 1;
const HEADER_BYTES = 32;

interface FunctionEntry {
  /** Offset from the image's base. */
  start: number;
  end: number;
  name: string;
  rows: { offset: number; file: string; line: number }[];
}

/**
 * Makes the table of a linked image. `displayNames` gives functions of the core their names for people; others keep
 * their symbols.
 */
export function makeSymbolTable(elf: ElfFile, imageBase: bigint, displayNames: Map<string, string>): Uint8Array {
  const functions = collectFunctions(elf, imageBase, displayNames);
  assignRows(functions, elf.lines(), imageBase);
  const files = [...new Set(functions.flatMap(({ rows }) => rows.map(({ file }) => file)))].sort();
  const fileNumber = new Map(files.map((file, i) => [file, i]));
  const strings = new StringPool();
  const index: number[] = [];
  const programs: number[] = [];
  for (const f of functions) {
    index.push(f.start, f.end - f.start, strings.add(f.name), programs.length);
    encodeProgram(f, fileNumber, programs);
  }
  const fileOffsets = files.map((file) => strings.add(file));
  return assemble(functions.length, index, fileOffsets, programs, strings.bytes());
}

function collectFunctions(elf: ElfFile, imageBase: bigint, displayNames: Map<string, string>): FunctionEntry[] {
  const limit = imageBase + 0x40000000n;
  const byStart = new Map<number, FunctionEntry>();
  for (const { name, address, size, isFunction } of elf.symbols()) {
    if (!isFunction || size === 0 || address < imageBase || address >= limit) continue;
    const start = Number(address - imageBase);
    if (!byStart.has(start)) byStart.set(start, { start, end: start + size, name: displayName(name, displayNames), rows: [] });
  }
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}

/** gcc's clones (`name.part.0`, `name.cold`, `name.constprop.0`) are called like their originals. */
function displayName(symbol: string, displayNames: Map<string, string>): string {
  const plain = symbol.replace(/(\.(?:part|cold|constprop|isra|lto_priv)(?:\.\d+)?)+$/, '');
  return displayNames.get(plain) ?? symbol;
}

/** Gives each function its lines; several rows at one address: the last counts. */
function assignRows(functions: FunctionEntry[], rows: readonly LineRow[], imageBase: bigint): void {
  const sorted = rows.filter((row) => row.address >= imageBase)
    .map((row, order) => ({ ...row, offset: Number(row.address - imageBase), order }))
    .sort((a, b) => a.offset - b.offset || Number(b.endsSequence) - Number(a.endsSequence) || a.order - b.order);
  let next = 0;
  for (const f of functions) {
    while (next < sorted.length && sorted[next]!.offset < f.start) next++;
    for (; next < sorted.length && sorted[next]!.offset < f.end; next++) {
      const { offset, file, line, endsSequence } = sorted[next]!;
      if (endsSequence || line === 0) continue;
      const shown = file.replace(/^(?:\.\/)+/, '');
      // Inlined C of the toolchain or the architecture counts as the TypeScript line that called it.
      if (f.rows.length > 0 && !shown.endsWith('.ts') && f.rows[0]!.file.endsWith('.ts')) continue;
      const last = f.rows[f.rows.length - 1];
      if (last && last.offset === offset) f.rows.pop();
      const before = f.rows[f.rows.length - 1];
      if (!before || before.file !== shown || before.line !== line) f.rows.push({ offset, file: shown, line });
    }
  }
}

/** Steps: ULEB (bytes forward * 2 + file changes), [ULEB file], SLEB lines forward. */
function encodeProgram(f: FunctionEntry, fileNumber: Map<string, number>, out: number[]): void {
  uleb(f.rows.length, out);
  let offset = f.start;
  let file = -1;
  let line = 0;
  for (const row of f.rows) {
    const number = fileNumber.get(row.file)!;
    uleb((row.offset - offset) * 2 + (number !== file ? 1 : 0), out);
    if (number !== file) uleb(number, out);
    sleb(row.line - line, out);
    [offset, file, line] = [row.offset, number, row.line];
  }
}

function assemble(count: number, index: number[], files: number[], programs: number[], strings: Uint8Array): Uint8Array {
  const indexBytes = index.length * 4;
  const filesAt = HEADER_BYTES + indexBytes;
  const programsAt = filesAt + files.length * 4;
  const stringsAt = programsAt + programs.length;
  const bytes = new Uint8Array((stringsAt + strings.length + 7) & ~7);
  const view = new DataView(bytes.buffer);
  [MAGIC, VERSION, count, files.length, filesAt, programsAt, stringsAt, bytes.length].forEach((value, i) => view.setUint32(i * 4, value, true));
  index.forEach((value, i) => view.setUint32(HEADER_BYTES + i * 4, value, true));
  files.forEach((value, i) => view.setUint32(filesAt + i * 4, value, true));
  bytes.set(programs, programsAt);
  bytes.set(strings, stringsAt);
  return bytes;
}

function uleb(value: number, out: number[]): void {
  for (; value >= 0x80; value >>>= 7) out.push((value & 0x7f) | 0x80);
  out.push(value);
}

function sleb(value: number, out: number[]): void {
  for (;;) {
    const low = value & 0x7f;
    value >>= 7;
    const done = (value === 0 && (low & 0x40) === 0) || (value === -1 && (low & 0x40) !== 0);
    out.push(done ? low : low | 0x80);
    if (done) return;
  }
}

/** NUL-terminated strings, each once. */
class StringPool {
  private readonly offsets = new Map<string, number>();
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  add(text: string): number {
    const known = this.offsets.get(text);
    if (known !== undefined) return known;
    const bytes = new TextEncoder().encode(`${text}\0`);
    const offset = this.length;
    this.parts.push(bytes);
    this.offsets.set(text, offset);
    this.length += bytes.length;
    return offset;
  }

  bytes(): Uint8Array {
    const result = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      result.set(part, at);
      at += part.length;
    }
    return result;
  }
}

/** What the kernel's reader does, for tests and tools: "function (file:line)" of an address, or null. */
export function lookUp(table: Uint8Array, offset: number): { name: string; file: string | null; line: number } | null {
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  const u32 = (at: number) => view.getUint32(at, true);
  const [count, filesAt, programsAt, stringsAt] = [u32(8), u32(16), u32(20), u32(24)];
  let low = 0;
  let high = count;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (u32(HEADER_BYTES + middle * 16) <= offset) low = middle;
    else high = middle;
  }
  const entry = HEADER_BYTES + low * 16;
  if (count === 0 || offset < u32(entry) || offset >= u32(entry) + u32(entry + 4)) return null;
  const text = (at: number) => {
    let end = at;
    while (table[end] !== 0) end++;
    return new TextDecoder().decode(table.subarray(at, end));
  };
  let at = programsAt + u32(entry + 12);
  const readLeb = (isSigned: boolean) => {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = table[at++]!;
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return isSigned && byte & 0x40 ? result | (-1 << (shift + 7)) : result;
    }
  };
  let [position, file, line] = [u32(entry), -1, 0];
  for (let rows = readLeb(false); rows > 0; rows--) {
    const step = readLeb(false);
    position += step >>> 1;
    if (position > offset) break;
    if (step & 1) file = readLeb(false);
    line += readLeb(true);
  }
  return { name: text(stringsAt + u32(entry + 8)), file: file < 0 ? null : text(stringsAt + u32(filesAt + file * 4)), line };
}
