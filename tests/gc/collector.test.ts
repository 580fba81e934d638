// The collector on native stacks: random programs must give the same results with a collection at every allocation (freed
// memory poisoned, dead stack wiped) as without any. TYPIX_GC_PROGRAMS and TYPIX_GC_SEED make it longer.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildPrograms, runPrograms } from './harness.js';
import { randomModule } from './random-program.js';

const PROGRAMS = Number(process.env.TYPIX_GC_PROGRAMS ?? 20);
/** Each set of programs runs with so many inputs. */
const RUNS = 4;
const SEED = Number(process.env.TYPIX_GC_SEED ?? 1);

async function compare(text: string, mode: 'release' | 'quick', seed: number, count: number): Promise<void> {
  const executable = await buildPrograms({ text, mode });
  for (let run = seed; run < seed + RUNS; run++) {
    const expected = await runPrograms(executable, { seed: run, first: 0, count, isStressed: false });
    expect(expected.trim().split('\n')).toHaveLength(count);
    expect(await runPrograms(executable, { seed: run, first: 0, count, isStressed: true })).toBe(expected);
  }
}

describe('the collector on native stacks', { timeout: 600_000 }, () => {
  it('loses nothing in random programs (release)', () => compare(randomModule(SEED, PROGRAMS), 'release', SEED, PROGRAMS));
  it('loses nothing in random programs (quick)', () => compare(randomModule(SEED + 1000, PROGRAMS >> 1), 'quick', SEED, PROGRAMS >> 1));
  it('loses nothing where compilers hide pointers', async () => {
    const text = readFileSync(path.join(import.meta.dirname, 'hidden-pointers.ts'), 'utf8');
    await compare(text, 'release', SEED, Number(/PROGRAMS: u32 = (\d+)/.exec(text)![1]));
  });
});

describe('memory that ends', { timeout: 600_000 }, () => {
  it('collects, refuses, recovers; only who does not ask is ended', async () => {
    const text = readFileSync(path.join(import.meta.dirname, 'exhaustion.ts'), 'utf8');
    const executable = await buildPrograms({ text, mode: 'release' });
    expect(await runPrograms(executable, { seed: 1, first: 0, count: 1, isStressed: false })).toBe('0 00000000\n');
    await expect(runPrograms(executable, { seed: 1, first: 1, count: 1, isStressed: false })).rejects.toThrow('out of kernel memory');
  });
});
