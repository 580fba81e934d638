// The checks refuse what they should, with file and line, and accept what is right.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkKernel, formatFinding, type CheckResult } from './check.js';

/** A tree with one violation of each rule; the comment at a line's end is the rule that must be reported there. */
const FILES: Record<string, string> = {
  'toolchain/check/trusted-files.txt': 'arch/x86_64/machine.ts # imports\nkernel/mm/trusted.ts # raw\nkernel/mm/gone.ts # trusted-list\n',
  'arch/x86_64/machine.ts': '@external("machine", "pause") export declare function pause(): void;\n',
  'kernel/mm/trusted.ts': [
    '@unsafe export function peek(at: usize): u32 { return load<u32>(at); }',
    '@unsafe export const ADDRESS: usize = 4096;',
    '@safe export class Window { ',
    '  constructor(readonly at: usize) {}',
    '  @unsafe move(): Window { return new Window(this.at + 1); }',
    '  first(): u32 { return 1; }',
    '}',
    'export function forgotten(): void {} // undeclared-export',
    '',
  ].join('\n'),
  'kernel/mm/unsafe-uses.ts': [
    'import { Window, peek } from "./trusted"; // unsafe-export',
    'import * as all from "./trusted";',
    'export { peek as look } from "./trusted"; // unsafe-export',
    'export function direct(): u32 { return peek(0); } // unsafe-export',
    'export function through(): u32 { return all.peek(<u32>all.ADDRESS); } // unsafe-export',
    'export function member(window: Window): u32 { return window.move().first(); } // unsafe-export',
    'export function fine(window: Window): u32 { return window.first(); }',
    '@safe export function notTrusted(): void {} // mark',
    '',
  ].join('\n'),
  'kernel/mm/raw.ts': [
    'export function peek(at: usize): u32 { return load<u32>(at); } // raw-memory',
    '@unmanaged // raw-memory',
    'export class Handle {}',
    'class Own { load(): i32 { return 1; } }',
    'export function fine(): i32 { return new Own().load(); }',
    '',
  ].join('\n'),
  'kernel/mm/hardware.ts': [
    'import { pause } from "../../arch/x86_64/machine"; // raw-hardware unsafe-export',
    'export function wait(): void { pause(); } // unsafe-export',
    '',
  ].join('\n'),
  'kernel/mm/layers.ts': ['import { open } from "../vfs/open"; // layer', 'export function go(): i32 { return open(); }', ''].join('\n'),
  'kernel/vfs/open.ts': 'export function open(): i32 { return -2; }\n',
  'kernel/vfs/BadName.ts': 'export const X: i32 = 1; // file-name\n',
  'kernel/vfs/unreached.ts': [
    'export class Inode {',
    '  private unreached(): i32 {',
    '    return "text"; // type',
    '  }',
    '  get size(): u64 {',
    '    return unknownName; // type',
    '  }',
    '}',
    'function nobodyCallsThis(): void {',
    '  const wrong: bool = "text"; // type',
    '}',
    '',
  ].join('\n'),
  'kernel/vfs/dropped.ts': [
    'import { open } from "./open";',
    'class Chain { add(): Chain { return this; } count(): u32 { return 0; } }',
    'export function use(list: i32[]): void {',
    '  open(); // dropped-result',
    '  const result = open();',
    '  if (result < 0) list.push(result);',
    '  new Chain().add().add();',
    '  new Chain().count();',
    '}',
    '',
  ].join('\n'),
  'kernel/vfs/widening.ts': [
    'export function address(frame: u32): u64 {',
    '  const wrong: u64 = frame << 12; // late-widening',
    '  return wrong + (<u64>frame << 12);',
    '}',
    '',
  ].join('\n'),
  'kernel/mm/override.ts': [
    '@unmanaged class Base { read(): i32 { return 1; } } // raw-memory',
    '@unmanaged class Derived extends Base { read(): i32 { return 2; } } // raw-memory unmanaged-override',
    '',
  ].join('\n'),
};

let root = '';
let result: CheckResult;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'typix-check-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  result = await checkKernel({ root });
});
afterAll(() => rmSync(root, { recursive: true }));

describe('check', () => {
  it('reports exactly the marked lines', () => {
    const expected: string[] = ['toolchain/check/trusted-files.txt:3 trusted-list'];
    for (const [file, text] of Object.entries(FILES)) {
      if (!file.endsWith('.ts')) continue;
      text.split('\n').forEach((line, i) => {
        for (const rule of /\/\/ ([a-z -]+)$/.exec(line)?.[1]?.split(' ') ?? []) expected.push(`${file}:${i + 1} ${rule}`);
      });
    }
    const found = new Set(result.findings.map(({ position, rule }) => `${position.replace(/:\d+$/, '')} ${rule}`));
    expect([...found].sort()).toEqual([...new Set(expected)].sort());
  });

  it('says where and why on one line', () => {
    const layer = result.findings.find(({ rule }) => rule === 'layer')!;
    expect(formatFinding(layer)).toBe('kernel/mm/layers.ts:1:22: kernel/mm must not import from kernel/vfs, which is above it [layer]');
  });

  it('counts the trusted lines', () => {
    expect(result.lines.trusted).toBe(9);
    expect(result.lines.typescript).toBeGreaterThan(20);
  });
});
