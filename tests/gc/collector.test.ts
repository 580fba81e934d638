// The collector on native stacks: random programs must give the same results with a collection at every allocation (freed
// memory poisoned, dead stack wiped) as without any, with all defences and with each alone; and programs whose defence is
// missing must be noticed. TYPIX_GC_PROGRAMS and TYPIX_GC_SEED make it longer.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ToolError } from '../../toolchain/errors.js';
import { PRODUCTION, buildPrograms, runPrograms, type Defences } from './harness.js';
import { randomModule } from './random-program.js';

const PROGRAMS = Number(process.env.TYPIX_GC_PROGRAMS ?? 20);
/** Each set of programs runs with so many inputs. */
const RUNS = 4;
const SEED = Number(process.env.TYPIX_GC_SEED ?? 1);

/** Each defence for itself (docs/inside/kernel-heap.md); nothing may be lost with either. */
const ALONE: [string, Defences][] = [
  ['homes alone', { homes: 'scanned', keepsPointers: false, keepsFrames: true }],
  ['homes as the only roots', { homes: 'only', keepsPointers: false, keepsFrames: true }],
  ['flags alone', { homes: 'none', keepsPointers: true, keepsFrames: true }],
];

interface Programs {
  text: string;
  count: number;
}

function programsOf(file: string): Programs {
  const text = readFileSync(path.join(import.meta.dirname, file), 'utf8');
  return { text, count: Number(/PROGRAMS: u32 = (\d+)/.exec(text)![1]) };
}

/** Expects the same results with and without collections. */
async function expectKept({ text, count }: Programs, mode: 'release' | 'quick', seed: number, defences: Defences = PRODUCTION): Promise<void> {
  const executable = await buildPrograms({ text, mode, defences });
  for (let run = seed; run < seed + RUNS; run++) {
    const expected = await runPrograms(executable, { seed: run, first: 0, count, isStressed: false });
    expect(expected.trim().split('\n')).toHaveLength(count);
    expect(await runPrograms(executable, { seed: run, first: 0, count, isStressed: true })).toBe(expected);
  }
}

/** Expects that collections are noticed: another result, or a process that fails. Without that, expectKept would say nothing. */
async function expectLost({ text, count }: Programs, defences: Defences): Promise<void> {
  const executable = await buildPrograms({ text, mode: 'release', defences });
  const isNoticed = async (first: number, number: number): Promise<boolean> => {
    const options = { seed: SEED, first, count: number };
    const expected = await runPrograms(executable, { ...options, isStressed: false });
    try {
      return await runPrograms(executable, { ...options, isStressed: true }) !== expected;
    } catch (error) {
      if (error instanceof ToolError) return true;
      throw error;
    }
  };
  // Together, and each for itself: other stacks may hold by chance what a program has lost.
  const noticed = [await isNoticed(0, count)];
  for (let program = 0; program < count && !noticed.includes(true); program++) noticed.push(await isNoticed(program, 1));
  expect(noticed).toContain(true);
}

const hiddenPointers = programsOf('hidden-pointers.ts');
const siblingCalls = programsOf('sibling-calls.ts');
const random = { text: randomModule(SEED, PROGRAMS), count: PROGRAMS };

describe('the collector on native stacks', { timeout: 600_000 }, () => {
  it('loses nothing in random programs (release)', () => expectKept(random, 'release', SEED));
  it('loses nothing in random programs (quick)', () => expectKept({ text: randomModule(SEED + 1000, PROGRAMS >> 1), count: PROGRAMS >> 1 }, 'quick', SEED));
  it('loses nothing where compilers hide pointers', () => expectKept(hiddenPointers, 'release', SEED));
  it('loses nothing where a function ends with a call', () => expectKept(siblingCalls, 'release', SEED));
});

describe.each(ALONE)('%s', { timeout: 600_000 }, (_, defences) => {
  it('lose nothing in random programs', () => expectKept(random, 'release', SEED, defences));
  it('lose nothing where compilers hide pointers', () => expectKept(hiddenPointers, 'release', SEED, defences));
  it('lose nothing where a function ends with a call', () => expectKept(siblingCalls, 'release', SEED, defences));
});

describe('programs that lose references', { timeout: 600_000 }, () => {
  it('are noticed where compilers hide pointers and no defence is there', () => expectLost(hiddenPointers, { homes: 'none', keepsPointers: false, keepsFrames: false }));
  it('are noticed where a call became a jump and homes are the only defence', () => expectLost(siblingCalls, { homes: 'scanned', keepsPointers: false, keepsFrames: false }));
  it('are noticed where the homes of sleeping stacks are left out', () => expectLost(random, { homes: 'awake', keepsPointers: true, keepsFrames: true }));
});

describe('memory that ends', { timeout: 600_000 }, () => {
  it('collects, refuses, recovers; only who does not ask is ended', async () => {
    const text = readFileSync(path.join(import.meta.dirname, 'exhaustion.ts'), 'utf8');
    const executable = await buildPrograms({ text, mode: 'release' });
    expect(await runPrograms(executable, { seed: 1, first: 0, count: 1, isStressed: false })).toBe('0 00000000\n');
    await expect(runPrograms(executable, { seed: 1, first: 1, count: 1, isStressed: false })).rejects.toThrow('out of kernel memory');
  });
});
