/** Addresses get names, and stacks become lists and graphs. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { followsCall, isFrameless } from './code.ts';
import { toFlameGraph } from './flame-graph.ts';
import { toSpeedscope } from './speedscope.ts';
import { topFunctions, topText, type Stack } from './stacks.ts';
import { ProgramSymbols, UserSymbols, type Frame } from './symbols.ts';

const kernel = (name: string): Frame => ({ name, kind: 'kernel', file: 'kernel/vfs/pipe.ts', line: 7 });
const user = (name: string): Frame => ({ name, kind: 'user', file: '/bin/a' });
const stack = (mode: Stack['mode'], ...frames: Frame[]): Stack => ({ task: 'a (1)', program: 'a', mode, frames });
const STACKS = [
  stack('user', user('main'), user('work<1>')), stack('user', user('main'), user('work<1>'), user('work<1>')),
  stack('kernel', user('main'), kernel('Pipe#read')), stack('idle', kernel('idleLoop')),
];

describe('symbols of programs', () => {
  let folder = '';
  let program = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'typix-symbols-'));
    program = join(folder, 'a.out');
    writeFileSync(join(folder, 'a.c'), '__attribute__((noinline)) int seven(int x) { return x * 7; }\nint main(int c, char **v) { (void)v; return seven(c); }\n');
    execFileSync('gcc', ['-O1', '-o', program, join(folder, 'a.c')]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('functions by their place in the file', () => {
    const symbols = new ProgramSymbols(program);
    const line = execFileSync('nm', [program]).toString().split('\n').find((text) => text.endsWith(' seven'))!;
    // The text segment of gcc's programs lies at the same place in the file and in memory.
    const address = parseInt(line, 16);
    expect(symbols.nameAt(address)).toBe('seven');
    expect(symbols.nameAt(address + 2)).toBe('seven');
    expect(symbols.nameAt(0x7fffffff)).toBeUndefined();
    const base = 0x555555554000n;
    const mappings = [{ start: base, end: base + 0x10000n, fileOffset: 0n, path: program }];
    expect(new UserSymbols(undefined).frame(mappings, base + BigInt(address))).toEqual({ name: 'seven', kind: 'user', file: program });
    expect(new UserSymbols(undefined).frame(mappings, 1n).name).toBe('[unknown]');
    expect(new UserSymbols('/nowhere').frame(mappings, base).name).toBe('[a.out]');
  });

  test('damaged files and other files have no names', () => {
    const [damaged, script] = [join(folder, 'damaged'), join(folder, 'script')];
    writeFileSync(damaged, readFileSync(program).subarray(0, 2000));
    writeFileSync(script, '#!/bin/sh\n');
    expect(new ProgramSymbols(damaged).nameAt(0x1100)).toBeUndefined();
    expect(new ProgramSymbols(script).nameAt(0)).toBeUndefined();
  });
});

describe('stacks', () => {
  test('self and total; a recursive function counts once a sample', () => {
    expect(topFunctions(STACKS.slice(0, 3)).map(({ name, self, total }) => [name, self, total])).toEqual([['work<1>', 2, 2], ['Pipe#read', 1, 1], ['main', 0, 3]]);
  });

  test('the list leaves idle time out of its shares', () => {
    const text = topText(STACKS, 1);
    expect(text).toContain('4 samples: user 50.0 %, kernel 25.0 %, idle 25.0 %');
    expect(text).toContain('66.7 %   66.7 %  u work<1>  (/bin/a)');
    expect(text).not.toContain('Pipe#read');
  });

  test('speedscope', () => {
    const file = JSON.parse(toSpeedscope(STACKS, 500, 'a -x')) as {
      shared: { frames: { name: string; file?: string; line?: number }[] };
      profiles: { samples: number[][]; weights: number[]; endValue: number }[];
    };
    expect(file.profiles[0]!.samples.map((sample) => sample.map((at) => file.shared.frames[at]!.name))[2]).toEqual(['a', 'main', 'Pipe#read']);
    expect(file.profiles[0]!.endValue).toBe(8);
    expect(file.shared.frames.find(({ name }) => name === 'Pipe#read')).toEqual({ name: 'Pipe#read', file: 'kernel/vfs/pipe.ts', line: 7 });
  });

  test('flame graph', () => {
    const svg = toFlameGraph(STACKS, 'a <b>');
    expect(svg).toContain('a &lt;b&gt;: 4 samples');
    expect(svg).toContain('<title>Pipe#read (kernel/vfs/pipe.ts): 1 samples, 25.0 %</title>');
    expect(svg).toContain('work&lt;1&gt;');
    expect(toFlameGraph([], 'nothing')).toContain('0 samples');
  });
});

describe('functions without a frame', () => {
  // 0 push %rbp; 1 mov %rsp,%rbp; 4 call; 9 pop %rbp; 10 ret; 11 nop (a function of its own)
  const code = Buffer.from([0x55, 0x48, 0x89, 0xe5, 0xe8, 0, 0, 0, 0, 0x5d, 0xc3, 0x90]);

  test('before the frame is made, after it is given up, and without one', () => {
    expect([0, 1, 4, 9, 10].map((at) => isFrameless(code, 0, at))).toEqual([true, true, false, false, true]);
    expect(isFrameless(code, 11, 12)).toBe(true);
  });

  test('calls', () => {
    expect(followsCall(code, 9)).toBe(true);
    expect(followsCall(code, 8)).toBe(false);
    expect(followsCall(Buffer.from([0, 0, 0, 0, 0, 0xff, 0xd0]), 7)).toBe(true);
    expect(followsCall(code, 3)).toBe(false);
  });
});
