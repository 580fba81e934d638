// Reads ELF64 files: sections and function symbols (System V ABI, x86-64).

export interface ElfSymbol {
  name: string;
  address: bigint;
  size: number;
  isFunction: boolean;
}

/** An ELF64 little-endian file in memory. */
export class ElfFile {
  private readonly view: DataView;
  private readonly sections: { name: string; type: number; offset: number; size: number; link: number }[] = [];

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (this.view.getUint32(0) !== 0x7f454c46 || bytes[4] !== 2) throw new Error('not an ELF64 file');
    const table = Number(this.view.getBigUint64(0x28, true));
    const entrySize = this.view.getUint16(0x3a, true);
    const count = this.view.getUint16(0x3c, true);
    const nameSection = this.view.getUint16(0x3e, true);
    const header = (index: number) => table + index * entrySize;
    const namesAt = Number(this.view.getBigUint64(header(nameSection) + 24, true));
    for (let i = 0; i < count; i++) {
      const at = header(i);
      this.sections.push({
        name: this.text(namesAt + this.view.getUint32(at, true)), type: this.view.getUint32(at + 4, true),
        offset: Number(this.view.getBigUint64(at + 24, true)), size: Number(this.view.getBigUint64(at + 32, true)),
        link: this.view.getUint32(at + 40, true),
      });
    }
  }

  /** Contents of a section; empty when there is none of that name. */
  section(name: string): Uint8Array {
    const found = this.sections.find((section) => section.name === name);
    return found ? this.bytes.subarray(found.offset, found.offset + found.size) : new Uint8Array(0);
  }

  symbols(): ElfSymbol[] {
    const result: ElfSymbol[] = [];
    for (const { type, offset, size, link } of this.sections) {
      if (type !== 2) continue;
      const names = this.sections[link]!.offset;
      for (let at = offset; at < offset + size; at += 24) {
        result.push({
          name: this.text(names + this.view.getUint32(at, true)), address: this.view.getBigUint64(at + 8, true),
          size: Number(this.view.getBigUint64(at + 16, true)), isFunction: (this.bytes[at + 4]! & 15) === 2,
        });
      }
    }
    return result;
  }

  private text(at: number): string {
    let end = at;
    while (this.bytes[end] !== 0) end++;
    return new TextDecoder().decode(this.bytes.subarray(at, end));
  }
}
