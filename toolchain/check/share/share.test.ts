// The published share counts what is linked, and only that.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkKernel, type CheckResult } from '../check.js';
import { formatShare } from './share.js';

/** The comment at a line's end says where it counts. */
const FILES: Record<string, string> = {
  'toolchain/check/trusted-files.txt': 'kernel/mm/raw.ts # raw\n',
  'boot/kernel.ts': [
    '// A comment.',
    'import { peek } from "../kernel/mm/raw"; // counts',
    'import { Shape, use } from "../kernel/vfs/shape"; // counts',
    '',
    'export function start(): u32 { // counts',
    '  return peek() + use(new Shape()); // counts',
    '} // counts',
    'function nobody(): u32 {',
    '  return 1;',
    '}',
  ].join('\n'),
  'kernel/mm/raw.ts': [
    '@safe @inline export function peek(): u32 { return load<u32>(4096); } // counts trusted',
    '@unsafe',
    'export function dead(): u32 {',
    '  return load<u32>(8192);',
    '}',
  ].join('\n'),
  'kernel/vfs/shape.ts': [
    'const SIDES: u32 = 4; // counts',
    'export abstract class Base { // counts',
    '  abstract sides(): u32; // counts',
    '  name(): string { return "base"; }',
    '} // counts',
    'export class Shape extends Base { // counts',
    '  sides(): u32 { return SIDES; } // counts',
    '  private unused(): void {',
    '  }',
    '} // counts',
    'export class Unused {',
    '  x: u32 = 1;',
    '}',
    'export function use(shape: Base): u32 { return shape.sides(); } // counts',
  ].join('\n'),
  'kernel/vfs/unreached.ts': 'export function f(): u32 { return 1; }\n',
  'kernel/vfs/shape.test.ts': 'export function testShape(): void {}\n',
  'arch/x86_64/native/entry.S': '// comment\nnop\n',
  'arch/x86_64/vdso/vdso.c': 'int user;\n',
};

let root = '';
let result: CheckResult;
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'typix-share-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  result = await checkKernel({ root });
});
afterAll(() => rmSync(root, { recursive: true }));

const linesMarked = (pattern: RegExp) => Object.values(FILES).flatMap((text) => text.split('\n')).filter((line) => pattern.test(line)).length;

it('counts the lines of what the entry file uses', () => {
  expect(result.findings).toEqual([]);
  expect(result.lines.typescript).toBe(linesMarked(/\/\/ counts/));
  expect(result.lines.trusted).toBe(linesMarked(/\/\/ counts trusted$/));
});

it('counts assembly and C of the kernel, not of programs', () => {
  expect(result.lines.native).toBe(1);
});

it('names the toolchain beside the share, not in it', () => {
  expect(result.lines.toolchain).toBeGreaterThan(1000);
  expect(formatShare({ typescript: 90, trusted: 5, native: 10, toolchain: 50 }))
    .toBe('trusted: 15 of 100 linked lines (15.0 %): 5 TypeScript, 10 assembly and C; beside them 50 of the toolchain');
});
