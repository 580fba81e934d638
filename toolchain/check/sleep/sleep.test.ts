// The rules about sleeping refuse what they should, with file and line, and accept what is right; marks are put right; the map is
// up to date.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../paths.js';
import { checkKernel, formatFinding, readSleepers } from '../check.js';
import { withMarks } from './marks.js';
import { SLEEP_MAP, sleepMap } from './sleep-map.js';
import { BORROWED, MARKS, SCRATCH, SLEEPING_MACHINE } from './sleep-fixtures.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** Writes a tree with the machine, a function that waits, and one more file. */
function tree(text: string): { root: string; files: Record<string, string> } {
  const root = mkdtempSync(path.join(tmpdir(), 'typix-sleep-'));
  folders.push(root);
  const files: Record<string, string> = { ...SLEEPING_MACHINE, 'kernel/vfs/tried.ts': text };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  }
  return { root, files };
}

/** `line rule` for each comment `//! rule` at a line's end. */
function expected(text: string): string[] {
  return text.split('\n').flatMap((line, i) => (/\/\/! ([a-z-]+)$/.exec(line) ? [`${i + 1} ${/\/\/! ([a-z-]+)$/.exec(line)![1]}`] : []));
}

describe('what the rules about sleeping refuse', { timeout: 120_000 }, () => {
  it.each([['marks', MARKS], ['borrowed references', BORROWED], ['objects of a module', SCRATCH]])('%s', async (_, text) => {
    const { root } = tree(text);
    const { findings } = await checkKernel({ root });
    const ofFile = findings.filter(({ position }) => position.startsWith('kernel/vfs/tried.ts'));
    expect(findings.filter(({ rule }) => rule === 'type').map(formatFinding)).toEqual([]);
    expect([...new Set(ofFile.map(({ position, rule }) => `${position.split(':')[1]} ${rule}`))]).toEqual(expected(text));
  });

  it('says on what way a function sleeps', async () => {
    const { root } = tree(MARKS);
    const { findings } = await checkKernel({ root });
    expect(findings.map(formatFinding).join('\n')).toMatch(/tried\.ts:\d+:\d+: unmarked may sleep \(wait, threadSwitch\)/);
  });
});

describe('the marking command', { timeout: 120_000 }, () => {
  it('puts every mark right, and then finds nothing to do', async () => {
    const { root, files } = tree(MARKS);
    const file = 'kernel/vfs/tried.ts';
    const first = (await readSleepers(root)).filter((written) => written.file === file);
    const marked = withMarks(files[file]!, first);
    writeFileSync(path.join(root, file), marked);
    expect((await checkKernel({ root })).findings.filter(({ rule, position }) => rule === 'sleeps' && position.startsWith(file))).toEqual([]);
    expect(withMarks(marked, (await readSleepers(root)).filter((written) => written.file === file))).toBe(marked);
    // Nothing but marks has changed.
    expect(marked.replace(/@sleeps\s+/g, '')).toBe(files[file]!.replace(/@sleeps\s+/g, ''));
  });
});

describe('the map', { timeout: 120_000 }, () => {
  it(`${SLEEP_MAP} is up to date (npx tsx toolchain/check/sleep/mark.ts)`, async () => {
    expect(readFileSync(path.join(ROOT, SLEEP_MAP), 'utf8')).toBe(sleepMap(await readSleepers(ROOT)));
  });
});
