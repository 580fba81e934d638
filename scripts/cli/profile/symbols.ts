/**
 * Names for addresses: kernel addresses through the symbol table in the kernel image (docs/inside/symbol-table.md), user addresses
 * through the symbol tables of the programs and libraries that were mapped.
 */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DamagedElf, ElfFile, isElf, type ElfSegment } from '../../../toolchain/link/elf.ts';
import { lookUp } from '../../../toolchain/link/symbol-table.ts';
import { followsCall, isFrameless } from './code.ts';
import type { CodeMapping } from './tasks.ts';

const IMAGE_BASE = 0xffffffff00000000n;

/** A function with the place in it that an address means. */
export interface Frame {
  readonly name: string;
  readonly kind: 'kernel' | 'user' | 'task';
  /** Source file, or the program's path. */
  readonly file?: string;
  readonly line?: number;
}

/** The table that the kernel has of its own functions: it lies in its read-only data, between two symbols. */
function kernelTable(kernel: ElfFile): Uint8Array {
  const [start, end] = ['symbol_table_start', 'symbol_table_end'].map((wanted) => kernel.symbols().find(({ name }) => name === wanted)?.address);
  const segment = start === undefined ? undefined : kernel.segments().find(({ address, size }) => start >= address && start < address + BigInt(size));
  if (start === undefined || end === undefined || !segment) return new Uint8Array(0);
  const from = segment.offset + Number(start - segment.address);
  return kernel.bytes.subarray(from, from + Number(end - start));
}

/** Functions of the kernel image. */
export class KernelSymbols {
  private readonly kernel: Uint8Array;
  private readonly table: Uint8Array;
  /** Symbols of the ELF file by address, for routines in assembly, which the table leaves out. */
  private readonly symbols: { name: string; address: bigint }[];
  private readonly known = new Map<bigint, Frame>();

  private readonly text: ElfSegment | undefined;

  /** `path`: the image. */
  constructor(path: string) {
    const elf = new ElfFile(path);
    this.kernel = elf.bytes;
    this.text = elf.segments()[0];
    this.table = kernelTable(elf);
    const symbols = elf.symbols();
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
    // "kernel/ipc/pipe.ts Pipe#read": where the function is stands before its name.
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

/** Functions of an ELF file of user space; empty for anything else, and for a damaged file. */
export class ProgramSymbols {
  private readonly elf: Uint8Array;
  private readonly symbols: readonly ProgramSymbol[];
  private readonly segments: readonly ElfSegment[];

  constructor(path: string) {
    const names = programNames(path);
    this.elf = names?.elf.bytes ?? new Uint8Array(0);
    this.symbols = names?.symbols ?? [];
    this.segments = names?.segments ?? [];
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
}

/** What an ELF file says about its functions; of several at one address the first that has a size counts. */
function programNames(path: string): { elf: ElfFile; symbols: ProgramSymbol[]; segments: ElfSegment[] } | undefined {
  if (!isElf(path)) return undefined;
  try {
    const elf = new ElfFile(path);
    const found = new Map<bigint, ProgramSymbol>();
    for (const { name, address, size, isFunction, isDefined } of elf.symbols()) {
      const before = found.get(address);
      if (!isFunction || !isDefined || (before && before.end > before.start)) continue;
      found.set(address, { name, start: Number(address), end: Number(address) + size });
    }
    return { elf, symbols: [...found.values()].sort((a, b) => a.start - b.start), segments: elf.segments() };
  } catch (error) {
    if (error instanceof DamagedElf) return undefined;
    throw error;
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
      this.programs.set(path, path.startsWith('/') && existsSync(host) ? new ProgramSymbols(host) : undefined);
    }
    return this.programs.get(path);
  }
}
