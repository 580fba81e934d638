// Reads line tables (.debug_line, DWARF 5 section 6.2), as gcc writes them.

import type { ElfFile } from './elf.js';

/** From this address on, code belongs to this line. `line` 0 or a null file: to none. */
export interface LineRow {
  address: bigint;
  file: string;
  line: number;
  endsSequence: boolean;
}

/** All rows of all line tables of a linked file, in the tables' order. */
export function readLineRows(elf: ElfFile): LineRow[] {
  const bytes = elf.section('.debug_line');
  const rows: LineRow[] = [];
  let at = 0;
  while (at < bytes.length) {
    const unit = new LineUnit(bytes, at, elf.section('.debug_line_str'), elf.section('.debug_str'));
    unit.run(rows);
    at = unit.end;
  }
  return rows;
}

/** One unit's header and program. */
class LineUnit {
  readonly end: number;
  private readonly view: DataView;
  private at: number;
  private readonly program: number;
  private readonly minimumLength: number;
  private readonly lineBase: number;
  private readonly lineRange: number;
  private readonly opcodeBase: number;
  private readonly operandCounts: number[] = [];
  private readonly files: string[] = [];

  constructor(private readonly bytes: Uint8Array, start: number, private readonly lineStrings: Uint8Array, private readonly strings: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = start;
    const length = this.u32();
    this.end = start + 4 + length;
    const version = this.u16();
    if (version !== 5) throw new Error(`line table: DWARF version ${version}`);
    this.at += 2;
    const headerLength = this.u32();
    this.program = this.at + headerLength;
    this.minimumLength = this.u8();
    this.at += 2;
    this.lineBase = this.view.getInt8(this.at++);
    this.lineRange = this.u8();
    this.opcodeBase = this.u8();
    for (let i = 1; i < this.opcodeBase; i++) this.operandCounts.push(this.u8());
    const folders = this.entries().map(({ name }) => name);
    for (const { name, folder } of this.entries()) {
      this.files.push(name.startsWith('/') || folder === 0 || !folders[folder] ? name : `${folders[folder]}/${name}`);
    }
  }

  /** A folder or file table: formats, then entries. */
  private entries(): { name: string; folder: number }[] {
    const formats: [number, number][] = [];
    for (let count = this.u8(); count > 0; count--) formats.push([this.uleb(), this.uleb()]);
    const result: { name: string; folder: number }[] = [];
    for (let count = this.uleb(); count > 0; count--) {
      const entry = { name: '', folder: 0 };
      for (const [content, form] of formats) {
        const value = this.form(form);
        if (content === 1) entry.name = String(value);
        else if (content === 2) entry.folder = Number(value);
      }
      result.push(entry);
    }
    return result;
  }

  private form(form: number): string | number {
    switch (form) {
      case 0x08: return this.string(this.bytes, this.at, true);
      case 0x1f: return this.string(this.lineStrings, this.u32(), false);
      case 0x0e: return this.string(this.strings, this.u32(), false);
      case 0x0b: return this.u8();
      case 0x05: return this.u16();
      case 0x0f: return this.uleb();
      case 0x1e: this.at += 16; return 0;
    }
    throw new Error(`line table: form ${form}`);
  }

  private string(from: Uint8Array, at: number, advance: boolean): string {
    let end = at;
    while (from[end] !== 0) end++;
    if (advance) this.at = end + 1;
    return new TextDecoder().decode(from.subarray(at, end));
  }

  /** Executes the line-number program. */
  run(rows: LineRow[]): void {
    this.at = this.program;
    let address = 0n;
    let file = 1;
    let line = 1;
    const emit = (endsSequence: boolean) => { rows.push({ address, file: this.files[file] ?? '', line, endsSequence }); };
    const advance = (operations: number) => { address += BigInt(operations * this.minimumLength); };
    while (this.at < this.end) {
      const opcode = this.u8();
      if (opcode >= this.opcodeBase) {
        const adjusted = opcode - this.opcodeBase;
        advance(Math.floor(adjusted / this.lineRange));
        line += this.lineBase + (adjusted % this.lineRange);
        emit(false);
        continue;
      }
      switch (opcode) {
        case 0: {
          const length = this.uleb();
          const next = this.at + length;
          const extended = this.u8();
          if (extended === 1) {
            emit(true);
            [address, file, line] = [0n, 1, 1];
          } else if (extended === 2) {
            address = this.view.getBigUint64(this.at, true);
          }
          this.at = next;
          break;
        }
        case 1: emit(false); break;
        case 2: advance(this.uleb()); break;
        case 3: line += this.sleb(); break;
        case 4: file = this.uleb(); break;
        case 8: advance(Math.floor((255 - this.opcodeBase) / this.lineRange)); break;
        case 9: address += BigInt(this.u16()); break;
        default: for (let i = 0; i < this.operandCounts[opcode - 1]!; i++) this.uleb();
      }
    }
  }

  private u8(): number {
    return this.bytes[this.at++]!;
  }
  private u16(): number {
    this.at += 2;
    return this.view.getUint16(this.at - 2, true);
  }
  private u32(): number {
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }
  private uleb(): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.u8();
      result += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return result;
    }
  }
  private sleb(): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.u8();
      result += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return byte & 0x40 ? result - 2 ** (shift + 7) : result;
    }
  }
}
