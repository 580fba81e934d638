/**
 * Names for addresses: kernel addresses through the symbol table in the kernel image (docs/symbol-table.md), user addresses
 * through the symbol tables of the programs and libraries that were mapped.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ElfFile } from '../../../toolchain/link/elf.ts';
import { lookUp } from '../../../toolchain/link/symbol-table.ts';
import { followsCall, isFrameless } from './code.ts';
import type { CodeMapping } from './tasks.ts';

const IMAGE_BASE = 0xffffffff00000000n;
const PT_LOAD = 1;
const SYMBOL_BYTES = 24;

/** A function with the place in it that an address means. */
export interface Frame {
  readonly name: string;
  readonly kind: 'kernel' | 'user' | 'task';
  /** Source file, or the program's path. */
  readonly file?: string;
  readonly line?: number;
}

interface Segment {
  readonly offset: number;
  readonly address: bigint;
  readonly size: number;
}

/** What an ELF file has loaded (PT_LOAD). */
function loadSegments(elf: Uint8Array): Segment[] {
  const view = new DataView(elf.buffer, elf.byteOffset, elf.length);
  const [table, size, count] = [Number(view.getBigUint64(32, true)), view.getUint16(54, true), view.getUint16(56, true)];
  const segments: Segment[] = [];
  for (let at = table; at < table + count * size; at += size) {
    if (view.getUint32(at, true) !== PT_LOAD) continue;
    segments.push({ offset: Number(view.getBigUint64(at + 8, true)), address: view.getBigUint64(at + 16, true), size: Number(view.getBigUint64(at + 32, true)) });
  }
  return segments;
}

/** The table that the kernel has of its own functions: it lies in its read-only data, between two symbols. */
function kernelTable(kernel: Uint8Array): Uint8Array {
  const symbols = new ElfFile(kernel).symbols();
  const [start, end] = ['symbol_table_start', 'symbol_table_end'].map((wanted) => symbols.find(({ name }) => name === wanted)?.address);
  const segment = start === undefined ? undefined : loadSegments(kernel).find(({ address, size }) => start >= address && start < address + BigInt(size));
  if (start === undefined || end === undefined || !segment) return new Uint8Array(0);
  const from = segment.offset + Number(start - segment.address);
  return kernel.subarray(from, from + Number(end - start));
}

/** Functions of the kernel image. */
export class KernelSymbols {
  private readonly table: Uint8Array;
  /** Symbols of the ELF file by address, for routines in assembly, which the table leaves out. */
  private readonly symbols: { name: string; address: bigint }[];
  private readonly known = new Map<bigint, Frame>();

  private readonly text: Segment | undefined;

  constructor(private readonly kernel: Uint8Array) {
    this.text = loadSegments(kernel)[0];
    this.table = kernelTable(kernel);
    const symbols = new ElfFile(kernel).symbols();
    const end = symbols.find(({ name }) => name === 'text_end')?.address ?? 0n;
    // Labels of the entry code count; of several at one address a function does, and marks of sections never.
    this.symbols = symbols.filter(({ name, address }) => name !== '' && !/_(start|end)$/.test(name) && address >= IMAGE_BASE && address < end)
      .sort((a, b) => (a.address === b.address ? Number(a.isFunction) - Number(b.isFunction) : a.address < b.address ? -1 : 1));
  }

  /** The frame of a code address (of a return address: minus one). */
  frame(address: bigint): Frame {
    let frame = this.known.get(address);
    if (!frame) this.known.set(address, (frame = this.find(address)));
    return frame;
  }

  private find(address: bigint): Frame {
    const offset = address - IMAGE_BASE;
    const found = this.table.length > 0 && offset >= 0n && offset < 0x40000000n ? lookUp(this.table, Number(offset)) : null;
    if (!found) return { name: this.symbolBefore(address)?.name ?? `0x${address.toString(16)}`, kind: 'kernel' };
    // "kernel/vfs/pipe.ts Pipe#read": where the function is stands before its name.
    const space = found.name.indexOf(' ');
    if (space < 0) return { name: found.name, kind: 'kernel', file: found.file ?? undefined, line: found.line || undefined };
    // The line may be one of an inlined function of another file.
    const home = found.name.slice(0, space);
    return { name: found.name.slice(space + 1), kind: 'kernel', file: home, line: found.file === home ? found.line : undefined };
  }

  /** True if the function of `address` has no frame there and `top` can be the address that it returns to. */
  returnsTo(address: bigint, top: bigint): boolean {
    const function_ = this.symbolBefore(address);
    const [at, start, caller] = [address, function_?.address ?? -1n, top].map((place) => this.offsetOf(place));
    return at! >= 0 && start! >= 0 && caller! >= 0 && isFrameless(this.kernel, start!, at!) && followsCall(this.kernel, caller!);
  }

  /** Offset of a code address in the file, or -1. */
  private offsetOf(address: bigint): number {
    const { text } = this;
    return text && address >= text.address && address < text.address + BigInt(text.size) ? Number(address - text.address) + text.offset : -1;
  }

  private symbolBefore(address: bigint): { name: string; address: bigint } | undefined {
    let [low, high] = [0, this.symbols.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.symbols[middle]!.address <= address) low = middle + 1;
      else high = middle;
    }
    return this.symbols[low - 1];
  }
}

interface ProgramSymbol {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Functions of an ELF file of user space; empty for anything else. */
export class ProgramSymbols {
  private readonly symbols: ProgramSymbol[] = [];
  private segments: readonly Segment[] = [];

  constructor(private readonly elf: Buffer) {
    if (elf.length < 64 || elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2) return;
    try {
      this.segments = loadSegments(elf);
      this.readSymbols();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // A damaged file has no names.
      this.symbols.length = 0;
    }
  }

  /** The function at an offset of the file, or undefined. */
  nameAt(fileOffset: number): string | undefined {
    return this.symbolAt(fileOffset)?.name;
  }

  /** True if the function at `fileOffset` has no frame there and `top` can be where it returns to. */
  returnsTo(fileOffset: number, top: { program: ProgramSymbols; fileOffset: number }): boolean {
    const symbol = this.symbolAt(fileOffset);
    return symbol !== undefined && isFrameless(this.elf, fileOffset - symbol.distance, fileOffset) && followsCall(top.program.elf, top.fileOffset);
  }

  private symbolAt(fileOffset: number): { name: string; distance: number } | undefined {
    const segment = this.segments.find(({ offset, size }) => fileOffset >= offset && fileOffset < offset + size);
    if (!segment) return undefined;
    const address = fileOffset - segment.offset + Number(segment.address);
    let [low, high] = [0, this.symbols.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.symbols[middle]!.start <= address) low = middle + 1;
      else high = middle;
    }
    const symbol = this.symbols[low - 1];
    return symbol && (address < symbol.end || symbol.end === symbol.start) ? { name: symbol.name, distance: address - symbol.start } : undefined;
  }

  /** Function symbols of .symtab (type 2) and .dynsym (type 11); of several at one address the first that has a size. */
  private readSymbols(): void {
    const { elf } = this;
    const [table, entry, count] = [Number(elf.readBigUInt64LE(0x28)), elf.readUInt16LE(0x3a), elf.readUInt16LE(0x3c)];
    const found = new Map<number, ProgramSymbol>();
    for (let i = 0; i < count; i++) {
      const header = table + i * entry;
      const type = elf.readUInt32LE(header + 4);
      if (type !== 2 && type !== 11) continue;
      const [offset, size] = [Number(elf.readBigUInt64LE(header + 24)), Number(elf.readBigUInt64LE(header + 32))];
      const strings = Number(elf.readBigUInt64LE(table + elf.readUInt32LE(header + 40) * entry + 24));
      for (let at = offset; at + SYMBOL_BYTES <= offset + size; at += SYMBOL_BYTES) {
        const kind = elf[at + 4]! & 15;
        const start = Number(elf.readBigUInt64LE(at + 8));
        if ((kind !== 2 && kind !== 10) || elf.readUInt16LE(at + 6) === 0) continue;
        const before = found.get(start);
        if (before && before.end > before.start) continue;
        const name = strings + elf.readUInt32LE(at);
        found.set(start, { name: elf.toString('utf8', name, elf.indexOf(0, name)), start, end: start + Number(elf.readBigUInt64LE(at + 16)) });
      }
    }
    this.symbols.push(...[...found.values()].sort((a, b) => a.start - b.start));
  }
}

/** Finds programs of the guest on the host, and names in them. */
export class UserSymbols {
  private readonly programs = new Map<string, ProgramSymbols | undefined>();

  /** `root`: the host folder that was the guest's root; undefined: guest paths are host paths. */
  constructor(private readonly root: string | undefined) {}

  frame(mappings: readonly CodeMapping[], address: bigint): Frame {
    const place = this.place(mappings, address);
    if (!place) return { name: '[unknown]', kind: 'user' };
    const name = place.program?.nameAt(place.fileOffset);
    return { name: name ?? `[${basename(place.path).replace(/^\[|\]$/g, '')}]`, kind: 'user', file: place.path };
  }

  /** As KernelSymbols.returnsTo. */
  returnsTo(mappings: readonly CodeMapping[], address: bigint, top: bigint): boolean {
    const [from, to] = [this.place(mappings, address), this.place(mappings, top)];
    if (!from?.program || !to?.program) return false;
    return from.program.returnsTo(from.fileOffset, { program: to.program, fileOffset: to.fileOffset });
  }

  private place(mappings: readonly CodeMapping[], address: bigint): { path: string; fileOffset: number; program: ProgramSymbols | undefined } | undefined {
    const mapping = mappings.find(({ start, end }) => address >= start && address < end);
    return mapping && { path: mapping.path, fileOffset: Number(address - mapping.start + mapping.fileOffset), program: this.program(mapping.path) };
  }

  private program(path: string): ProgramSymbols | undefined {
    if (!this.programs.has(path)) {
      const host = this.root === undefined ? path : join(this.root, path);
      this.programs.set(path, path.startsWith('/') && existsSync(host) ? new ProgramSymbols(readFileSync(host)) : undefined);
    }
    return this.programs.get(path);
  }
}
