/** A short run of each fuzzer with a fixed seed. Long ones: typix fuzz. */
import { describe, expect, it } from 'vitest';
import { isForeign, testKernel } from '../harness/test-guest.ts';
import { fuzz, leaks } from './fuzz.ts';
import { fuzzInitramfs } from './initramfs.ts';

describe('fuzzing', () => {
  it.skipIf(isForeign)('system calls and ELF files: no oops, no hang, no leak', async () => {
    const result = await fuzz({ kernel: await testKernel(), accelerator: 'tcg', memoryBytes: 512 << 20, seed: 20n, seconds: 12, workers: 3 });
    expect(result.problem, [...result.tail, ...result.log.slice(-40)].join('\n')).toBeUndefined();
    expect(result.calls).toBeGreaterThan(500);
    expect(result.mutants).toBeGreaterThan(5);
    expect(result.tail.join('\n'), 'why objects are alive').toMatch(/^0 Process\n(?:\d+ \S+ -> \d+\n)*\d+ Pid -> 0$/m);
    expect(result.tail).toContain('a class that does not exist: refused');
  }, 200_000);

  it('initramfs archives: an answer, never a trap', async () => {
    const { answers } = await fuzzInitramfs(20, 400);
    // The mutants are good enough when they reach many checks.
    expect(answers.size).toBeGreaterThan(12);
    expect(answers.get('')).toBeGreaterThan(50);
  }, 200_000);

  it('a leak is seen', () => {
    const before = new Map([['open_files', 7], ['frames_used', 1000], ['heap_frames', 500], ['Process', 3], ['Mutex', 4]]);
    expect(leaks(before, before)).toEqual([]);
    expect(leaks(before, new Map([...before, ['open_files', 8]]))).toEqual(['open_files 7 -> 8']);
    expect(leaks(before, new Map([...before, ['Process', 4]]))).toEqual(['Process 3 -> 4']);
    expect(leaks(before, new Map([...before, ['frames_used', 1600]]))).toEqual(['frames 500 -> 1100']);
    // The heap grew: its frames are no leak.
    expect(leaks(before, new Map([...before, ['frames_used', 1600], ['heap_frames', 1100], ['Mutex', 6]]))).toEqual([]);
  });
});
