// The tree itself: the kernel's source passes every check of the build.

import { expect, test } from 'vitest';
import { checkKernel, formatFinding } from '../../toolchain/check/check.js';

test('the kernel passes all checks', async () => {
  const { findings } = await checkKernel();
  expect(findings.map(formatFinding)).toEqual([]);
});
