// The checks refuse what they should, with file and line, and accept what is right. Attacks on the trust boundary are in
// trust/fixtures/, by the way they take.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkKernel, formatFinding, type CheckResult } from './check.js';
import { ACCEPTED } from './trust/fixtures/accepted.js';
import { CONFUSIONS } from './trust/fixtures/confusions.js';
import { MEMBER_ATTACKS } from './trust/fixtures/members.js';
import { NAME_ATTACKS } from './trust/fixtures/names.js';
import { PATH_ATTACKS } from './trust/fixtures/paths.js';
import { TRUSTED } from './trust/fixtures/trusted.js';
import { TYPE_ATTACKS } from './trust/fixtures/types.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** Writes a tree and checks it. */
async function check(files: Record<string, string>): Promise<CheckResult> {
  const root = mkdtempSync(path.join(tmpdir(), 'typix-check-'));
  folders.push(root);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return checkKernel({ root });
}

/** `file:line rule` for each rule that a comment at a line's end says must be reported there. */
function marked(files: Record<string, string>): string[] {
  const result = new Set<string>();
  for (const [file, text] of Object.entries(files)) {
    if (!file.endsWith('.ts')) continue;
    text.split('\n').forEach((line, i) => {
      for (const rule of /\/\/ ([a-z][a-z -]*)$/.exec(line)?.[1]?.split(' ') ?? []) result.add(`${file}:${i + 1} ${rule}`);
    });
  }
  return [...result].sort();
}

/** What was found, in the same form. */
function found({ findings }: CheckResult): string[] {
  return [...new Set(findings.map(({ position, rule }) => `${position.replace(/:\d+$/, '')} ${rule}`))].sort();
}

const MACHINE = { 'arch/x86_64/machine.ts': '@external("machine", "pause") export declare function pause(): void;\n' };

/** A tree of untrusted files, by names below one folder, and the trusted ones that they attack. */
function tree(attacks: Record<string, string>): Record<string, string> {
  return {
    'toolchain/check/trusted-files.txt': 'arch/x86_64/machine.ts # imports\nkernel/mm/trusted.ts # raw\n', ...MACHINE, 'kernel/mm/trusted.ts': TRUSTED,
    ...Object.fromEntries(Object.entries(attacks).map(([name, text]) => [name.includes('/') ? name : `kernel/vfs/attack/${name}.ts`, text])),
  };
}

/** A tree with one violation of each rule; the comment at a line's end is the rule that must be reported there. */
const FILES: Record<string, string> = {
  'toolchain/check/trusted-files.txt': 'arch/x86_64/machine.ts # imports\nkernel/mm/trusted.ts # raw\nkernel/mm/gone.ts # gone\nkernel/mm/raw-too.ts\n',
  'kernel/mm/raw-too.ts': '@unsafe export function poke(at: usize): void { store<u8>(at, 1); }\n',
  ...MACHINE,
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
    'import { pause } from "../../arch/x86_64/machine"; // unsafe-export',
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
  'kernel/mm/state.ts': [
    'class Frozen { constructor(readonly size: u32, readonly name: string) {} }',
    'class Holder { constructor(readonly bytes: StaticArray<u8>) {} }',
    'class Open { count: u32 = 0; }',
    'abstract class Shape { abstract area(): u32; }',
    'export class Square extends Shape { side: u32 = 1; area(): u32 { return this.side; } }',
    '@final class Role extends Frozen { static made: u32 = 0; } // guard',
    'let counter: u32 = 0; // guard',
    '@kernelLock let guarded: u32 = 0;',
    '@kernelLock @bootOnly let both: u32 = 0; // guard',
    'const open = new Open(); // guard',
    '@scratch const spare = new Open();',
    'const holder = new Holder([]); // guard',
    'const shape: Shape = new Square(); // guard',
    'const frozen = new Frozen(1, "x");',
    'const bytes: StaticArray<u8> = [1, 2]; // guard',
    '@constant let moved: StaticArray<u8> = [1, 2]; // guard',
    '@constant const stored: StaticArray<u8> = [1, 2]; // guard',
    'const TABLE: StaticArray<u8> = [1, 2];',
    'const CHANGED: StaticArray<u8> = [1, 2]; // guard',
    '@kernelLock const NAMED: StaticArray<u8> = [1, 2]; // needless-guard',
    '@kernelLock const needless: u32 = 1; // needless-guard',
    'const text: string = "x";',
    'export function use(): u32 {',
    '  counter++; guarded++; both++; moved = [3]; stored[0] = 4; CHANGED[1] += 1; Role.made++;',
    '  return open.count + spare.count + holder.bytes[0] + shape.area() + frozen.size + bytes[0] + TABLE[0] + NAMED[0] + needless + text.length;',
    '}',
    '',
  ].join('\n'),
  'kernel/abi/numbers.ts': 'export const PAGE: u64 = 4096;\nexport namespace Signal { export const INT: i32 = 2; }\n',
  'kernel/mm/numbers.ts': [
    'export const PAGE: u32 = 0x1000; // abi-once',
    'export const SIGINT: i32 = 2; // abi-once',
    'export namespace Own { export const PAGE: u32 = 1; }',
    '',
  ].join('\n'),
  'kernel/mm/override.ts': [
    '@unmanaged class Base { read(): i32 { return 1; } } // raw-memory',
    '@unmanaged class Derived extends Base { read(): i32 { return 2; } } // raw-memory unmanaged-override',
    '',
  ].join('\n'),
};

let result: CheckResult;
beforeAll(async () => { result = await check(FILES); });

describe('check', () => {
  it('reports exactly the marked lines', () => {
    expect(found(result)).toEqual(['toolchain/check/trusted-files.txt:3 trusted-list', 'toolchain/check/trusted-files.txt:4 trusted-list', ...marked(FILES)].sort());
  });

  it('says where and why on one line', () => {
    const layer = result.findings.find(({ rule }) => rule === 'layer')!;
    expect(formatFinding(layer)).toBe('kernel/mm/layers.ts:1:22: kernel/mm must not import from kernel/vfs, which is above it [layer]');
  });

  it('lists the exports of trusted files and who uses them', () => {
    const of = (name: string) => result.surface.find((entry) => entry.name === name);
    expect(of('Window')).toEqual({ file: 'kernel/mm/trusted.ts', name: 'Window', mark: 'safe', users: ['kernel/mm/unsafe-uses.ts'] });
    expect(of('Window#move')).toMatchObject({ mark: 'unsafe' });
    expect(of('poke')).toMatchObject({ mark: 'unsafe', users: [] });
  });

  it('counts the trusted lines', () => {
    expect(result.lines.trusted).toBe(10);
    expect(result.lines.typescript).toBeGreaterThan(20);
  });
});

/** The checked tree without what its shape and its state are told: all attacks lie in one folder, and keep what they like. */
async function checkBoundary(attacks: Record<string, string>): Promise<CheckResult> {
  const result = await check(tree(attacks));
  return { ...result, findings: result.findings.filter(({ rule }) => rule !== 'folder' && rule !== 'guard') };
}

describe('the trust boundary', () => {
  for (const [kind, attacks] of Object.entries({ names: NAME_ATTACKS, members: MEMBER_ATTACKS, types: TYPE_ATTACKS, confusions: CONFUSIONS, paths: PATH_ATTACKS })) {
    it(`refuses ${Object.keys(attacks).length} attacks by ${kind}, at the right lines`, async () => {
      expect(found(await checkBoundary(attacks))).toEqual(marked(tree(attacks)));
    });
  }

  it(`accepts ${Object.keys(ACCEPTED).length} right programs`, async () => {
    expect((await checkBoundary(ACCEPTED)).findings.map(formatFinding)).toEqual([]);
  });

  // These stop the compiler, so each is a program of its own: nothing else is checked, and the build stops.
  for (const [name, text] of Object.entries({
    'an escape in a name': 'export function f(at: usize): u32 { return lo\\u0061d<u32>(at); }\n',
    'an escape in a decorator': '@un\\u006danaged class A { x: u32 = 0; }\nexport function f(a: A): u32 { return a.x; }\n',
    'a renamed namespace': 'import * as t from "../../mm/trusted";\nexport import u = t;\nexport function f(): u32 { return u.peek(8); }\n',
    'a second copy of a trusted file': 'import { peek } from "../../mm//trusted";\nexport function f(): u32 { return peek(8); }\n',
    'a namespace exported under a name': 'export * as all from "../../mm/trusted";\n',
    'a tuple': 'export function f(a: [u32, u32]): u32 { return a[0]; }\n',
    'a private name': 'export class A { #x: u32 = 1; }\n',
    'a collector of its own': 'import { __new } from "rt/itcms";\nexport function f(): usize { return __new(16, 0); }\n',
  })) {
    it(`refuses ${name}`, async () => {
      expect((await checkBoundary({ attack: text })).findings).not.toEqual([]);
    });
  }
});
