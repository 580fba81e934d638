// The checks of names in prose and of what nobody uses, on a small tree with one violation of each kind.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mentionFindings } from './mentions.js';
import { unusedFindings } from './unused.js';

/** A line that must be reported ends in "!". */
const FILES: Record<string, string> = {
  'boot/kernel.ts': [
    'import { open } from "../kernel/vfs/open";',
    '// What open.ts and vfs/open.ts do, but not shut.ts.!',
    'export function boot(): i32 { return open(); }',
  ].join('\n'),
  'kernel/vfs/open.ts': [
    '// See boot/kernel.ts and <sys/stat.h>.',
    '/** Opens. Not in vfs/gone.ts:!',
    ' * nor in ../../boot/gone.S. !*/',
    'export function open(): i32 { return SIZE; }',
    'const SIZE: i32 = 1;',
    'export function unused(): void {}!',
    '/** For tests. */',
    'export function counted(): i32 { return 1; }',
    '@global export function __thing(): void {}',
    '/** The first.!*/',
    '/** The second. */',
    'const text: string = "a string may name nowhere.ts";',
  ].join('\n'),
  'kernel/abi/flags.ts': '@inline export const O_RARE: u32 = 1;\nexport const rare: u32 = 2;!\n',
  'kernel/vfs/lost.ts': '// Nobody imports it.!\nexport const open2: i32 = 1;!\n',
  'kernel/vfs/open.test.ts': 'export function testOpen(): void {}\n',
  'kernel/vfs/helper.ts': '// Tests only.\nexport function help(): void {}\n',
  'docs/page.md': [
    '# A page',
    '[good](../boot/kernel.ts) and [bad](../boot/none.ts)!',
    '[here](#a-page), [nowhere](#b-page)!',
    'say `kernel/vfs/open.ts`, `open.ts`, `NAME.sh`, `open.ts:12` and `closed.ts`!',
    '```',
    'a block may say `anything.ts`',
    '```',
    '[elsewhere](https://example.org/x.ts)',
    'call `testOpen()`, `testGone()`!',
    'and `openAll…`, but `openThat`!',
    '```ts kernel/vfs/open.ts',
    'export function open(): i32 { return SIZE; }',
    '// …',
    '  @global export function __thing(): void {}',
    '```',
    '```ts kernel/vfs/open.ts!',
    'export function open(): i32 { return 7; }',
    '```',
    '```ts kernel/vfs/missing.ts!',
    '```',
  ].join('\n'),
};

let root = '';
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'typix-text-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text.replace(/!(\*\/)?$/gm, '$1'));
  }
});
afterAll(() => rmSync(root, { recursive: true }));

it('reports exactly the marked lines', () => {
  const expected = Object.entries(FILES).flatMap(([file, text]) => text.split('\n').flatMap((line, i) => (/!(\*\/)?$/.test(line) ? [`${file}:${i + 1}`] : [])));
  // The flag file and the lost one are not reached either: their first lines.
  expected.push('kernel/abi/flags.ts:1');
  const found = [...unusedFindings(root), ...mentionFindings(root, Object.keys(FILES))].map(({ position }) => position.replace(/:\d+$/, ''));
  expect([...new Set(found)].sort()).toEqual([...new Set(expected)].sort());
});

it('says what is wrong', () => {
  const messages = [...unusedFindings(root), ...mentionFindings(root, Object.keys(FILES))].map(({ message, rule }) => `${rule}: ${message}`);
  expect(messages).toEqual(expect.arrayContaining([
    'unreached: the kernel does not reach this file', 'unused: nothing uses unused', 'doc-comment: another doc comment follows: this one documents nothing',
    'mention: there is no file shut.ts', 'link: there is no ../boot/none.ts', 'link: docs/page.md has no heading #b-page',
  ]));
});
