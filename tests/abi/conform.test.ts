/** All ABI tests, in one boot: what each prints on Typix is what it prints on this machine's Linux. */
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTested, TESTED_ERRORS, TESTED_FLAGS } from '../../toolchain/generators/system-calls.ts';
import { lostNames } from '../../toolchain/generators/tested-names.ts';
import { ensurePackages } from '../../scripts/cli/packages.ts';
import { testKernel } from '../harness/test-guest.ts';
import { abiTests, conform, type Comparison } from './conform.ts';
import { errorsSeen, flagsSeen } from './measured.ts';

const MIB = 1024 * 1024;
const names = abiTests();

describe('system calls behave as on Linux', () => {
  let found = new Map<string, Comparison>();
  let seen = new Map<string, Set<string>>();

  beforeAll(async () => {
    const { comparisons } = await conform(names, { kernel: await testKernel(), accelerator: 'tcg', memoryBytes: 512 * MIB, append: 'lockcheck' });
    seen = errorsSeen(comparisons);
    found = new Map(comparisons.map((comparison) => [comparison.name, comparison]));
  });

  for (const name of names) {
    test(name, () => {
      const { linux, typix } = found.get(name)!;
      expect(linux.status, 'this machine ran the test').not.toBe('did not run');
      expect(`${typix?.output}\n${typix?.status}`).toBe(`${linux.output}\n${linux.status}`);
    });
  }

  test('the tests still get every error that syscalls/table/tested-errors.txt names', async () => {
    expect(lostNames(await loadTested(TESTED_ERRORS), seen)).toEqual([]);
  });

  test('the tests still pass every flag that syscalls/table/tested-flags.txt names', async () => {
    ensurePackages(['strace']);
    expect(lostNames(await loadTested(TESTED_FLAGS), await flagsSeen(names))).toEqual([]);
  }, 600_000);
});
