// Line marks, line tables and the symbol table together: a small program is compiled to an image, and addresses in it
// lead back to functions, files and lines of TypeScript.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ElfFile } from './elf.js';
import { lookUp } from './symbol-table.js';
import { buildImage, IMAGE_BASE } from '../test-image.js';

const SOURCE = `// line 1
import { tick } from "../arch/x86_64/machine";
@inline function twice(x: u32): u32 {
  return x + tick() * 2; // line 4
}
export function boot(a: u32): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < a; i++) {
    sum += twice(i); // line 9
  }
  return work(sum); // line 11
}
// @ts-ignore
@inline function unused(): void {}
function work(sum: u32): u32 {
  tick();
  tick(); // line 17
  if (sum > 1000) throw new Error("too much"); // line 18
  return sum;
}
`;

let root = '';
let elf: ElfFile;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'typix-symbols-'));
  elf = new ElfFile(await buildImage(root, SOURCE));
});
afterAll(() => rmSync(root, { recursive: true }));

function linesOf(symbol: string): { name: string; where: Set<string> } {
  const table = elf.section('.symtab_kernel');
  const { address, size } = elf.symbols().find(({ name }) => name === symbol)!;
  const where = new Set<string>();
  let name = '';
  for (let offset = 0; offset < size; offset++) {
    const found = lookUp(table, Number(address - IMAGE_BASE) + offset)!;
    name = found.name;
    if (found.file) where.add(`${found.file}:${found.line}`);
  }
  return { name, where };
}

describe('symbol table', () => {
  it('names functions of TypeScript and of C', () => {
    expect(linesOf('w2c_kernel_boot').name).toBe('boot/kernel.ts boot');
    expect(linesOf('_start').name).toBe('_start');
  });

  it('knows the lines, also of inlined functions', () => {
    const { where } = linesOf('w2c_kernel_boot');
    expect([...where].sort()).toEqual(expect.arrayContaining(['boot/kernel.ts:4', 'boot/kernel.ts:9']));
    for (const place of where) expect(place).toMatch(/^(boot\/kernel\.ts|~lib\/)/);
  });

  it('knows nothing outside the code', () => {
    const table = elf.section('.symtab_kernel');
    expect(lookUp(table, 0x3fffffff)).toBeNull();
  });
});

describe('reproducible build', () => {
  it('gives the same image from another folder', async () => {
    const other = mkdtempSync(path.join(tmpdir(), 'typix-elsewhere-with-a-longer-name-'));
    try {
      mkdirSync(other, { recursive: true });
      writeFileSync(path.join(other, 'unrelated.txt'), 'x');
      expect(readFileSync(await buildImage(other, SOURCE)).equals(elf.bytes)).toBe(true);
    } finally {
      rmSync(other, { recursive: true });
    }
  });
});
