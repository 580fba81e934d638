/** Random call sequences with a fixed seed on Linux and on Typix. Others: typix differ. */
import { describe, expect, it } from 'vitest';
import { isForeign, testKernel } from '../harness/test-guest.ts';
import { debianCloudKernel } from '../harness/linux-reference.ts';
import { differential, excerptOf, SUBJECTS } from './differential.ts';

describe('random call sequences', () => {
  it.skipIf(isForeign)('print the same on Linux and on Typix', async () => {
    const kernels = { linux: debianCloudKernel((line) => console.log(line)), typix: await testKernel() };
    const run = { subjects: SUBJECTS, seed: 7000, sequences: 12, steps: 50, context: 30, kernels, guest: { accelerator: 'tcg', memoryBytes: 512 << 20 } } as const;
    const { compared, differences, failure } = await differential(run);
    expect(failure).toBeUndefined();
    expect(differences.map(({ name, excerpt }) => `${name}\n${excerpt}`)).toEqual([]);
    expect(compared).toBe(SUBJECTS.length * run.sequences);
  }, 400_000);

  it('a difference is shown with what went before it', () => {
    const lines = ['0 open = 3', '1 read = 5', '2 close = 0', '3 read = -EBADF', '4 end = 0'];
    const linux = { output: `${lines.join('\n')}\n`, status: 'exit 0' };
    const typix = { output: linux.output.replace('-EBADF', '5'), status: 'exit 0' };
    const rows = excerptOf(linux, typix, 2).split('\n').map((row) => row.replace(/ +/g, ' ').trim());
    expect(rows).toEqual([
      '1 read = 5 1 read = 5', '2 close = 0 2 close = 0', '3 read = -EBADF | 3 read = 5', '4 end = 0 4 end = 0', 'exit 0 exit 0',
    ]);
    expect(excerptOf(linux, { output: linux.output, status: 'signal SEGV' }, 0)).toMatch(/exit 0 +\| signal SEGV/);
  });
});
