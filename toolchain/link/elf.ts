// What ELF files hold, as readelf (binutils) tells it: sections, segments, symbols, what a program needs, and line tables. The one reader
// of the toolchain, the command and the tests. Each part is asked for when it is first used.

import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

export interface ElfSymbol {
  readonly name: string;
  readonly address: bigint;
  readonly size: number;
  readonly isFunction: boolean;
  /** False: the file only names it. */
  readonly isDefined: boolean;
}

/** A part of the file that is loaded into memory (PT_LOAD). */
export interface ElfSegment {
  readonly offset: number;
  readonly address: bigint;
  readonly size: number;
}

/** What the dynamic loader is asked for. */
export interface ElfNeeds {
  readonly interpreter?: string;
  readonly libraries: readonly string[];
  readonly searchFolders: readonly string[];
}

/** From this address on, code belongs to this line; where a sequence ends, to none. */
export interface LineRow {
  readonly address: bigint;
  readonly file: string;
  readonly line: number;
  readonly endsSequence: boolean;
}

/** readelf found the file damaged. */
export class DamagedElf extends Error {}

const LIMIT_BYTES = 1 << 28;

/** True if a file begins as an ELF64 file does. */
export function isElf(path: string): boolean {
  const start = Buffer.alloc(5);
  const file = openSync(path, 'r');
  try {
    return readSync(file, start, 0, 5, 0) === 5 && start.readUInt32BE(0) === 0x7f454c46 && start[4] === 2;
  } finally {
    closeSync(file);
  }
}

/** An ELF64 file. Methods throw DamagedElf for what readelf cannot read. */
export class ElfFile {
  private content: Buffer | undefined;
  private allSymbols: ElfSymbol[] | undefined;

  constructor(readonly path: string) {
    if (!isElf(path)) throw new DamagedElf(`${path} is not an ELF64 file`);
  }

  get bytes(): Buffer {
    return (this.content ??= readFileSync(this.path));
  }

  /** Lines of readelf's answer. */
  private ask(...options: string[]): string[] {
    const { status, stdout, stderr, error } = spawnSync('readelf', ['--wide', ...options, this.path], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, maxBuffer: LIMIT_BYTES });
    if (error) throw error;
    // It says "Warning" of oddities that it can read past, and ends with 0 after some errors.
    if (status !== 0 || /^readelf: Error/m.test(stderr)) throw new DamagedElf(`${this.path}: ${stderr.trim().split('\n')[0]}`);
    return stdout.split('\n');
  }

  /** Contents of a section; empty when there is none of that name. */
  section(name: string): Uint8Array {
    for (const line of this.ask('--section-headers')) {
      const [, found, offset, size] = /^ *\[ *\d+\] (\S+) +\S+ +[0-9a-f]{16} ([0-9a-f]+) ([0-9a-f]+) /.exec(line) ?? [];
      if (found === name) return this.bytes.subarray(parseInt(offset!, 16), parseInt(offset!, 16) + parseInt(size!, 16));
    }
    return new Uint8Array(0);
  }

  /** Symbols of the symbol table and of the dynamic one, in their order; names without versions. */
  symbols(): readonly ElfSymbol[] {
    return (this.allSymbols ??= this.ask('--symbols').flatMap((line) => {
      const [, address, size, type, section, name] = /^ *\d+: ([0-9a-f]{16}) +(\w+) (\w+) +\S+ +\S+ +(\w+) (.*)$/.exec(line) ?? [];
      if (address === undefined) return [];
      return [{
        name: name!.replace(/@.*/, ''), address: BigInt(`0x${address}`), size: Number(size), isFunction: type === 'FUNC' || type === 'IFUNC', isDefined: section !== 'UND',
      }];
    }));
  }

  segments(): ElfSegment[] {
    return this.ask('--program-headers').flatMap((line) => {
      const [, offset, address, size] = /^ +LOAD +(0x[0-9a-f]+) (0x[0-9a-f]+) 0x[0-9a-f]+ (0x[0-9a-f]+) /.exec(line) ?? [];
      return offset === undefined ? [] : [{ offset: Number(offset), address: BigInt(address!), size: Number(size) }];
    });
  }

  needs(): ElfNeeds {
    const text = this.ask('--program-headers', '--dynamic').join('\n');
    const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1]!);
    return {
      interpreter: all(/\[Requesting program interpreter: (.*)\]/g)[0],
      libraries: all(/\(NEEDED\) +Shared library: \[(.*)\]/g),
      searchFolders: [...all(/\(RUNPATH\) +Library runpath: \[(.*)\]/g), ...all(/\(RPATH\) +Library rpath: \[(.*)\]/g)].flatMap((path) => path.split(':')),
    };
  }

  /** All rows of all line tables, in the tables' order. */
  lines(): LineRow[] {
    const rows: LineRow[] = [];
    let file = '';
    for (const line of this.ask('--debug-dump=decodedline')) {
      // A path stands on a line of its own; in the rows is only the last part of it.
      const [, path] = /^(?:CU: )?(\S.*):(?:\[\+\+\])?$/.exec(line) ?? [];
      const [, number, address] = /^\S.* (\d+|-) +(0x[0-9a-f]+|0)(?:\[\d+\])?(?: |$)/.exec(line) ?? [];
      if (address !== undefined) rows.push({ address: BigInt(address), file, line: Number(number) || 0, endsSequence: number === '-' });
      else if (path !== undefined) file = path;
    }
    return rows;
  }
}
