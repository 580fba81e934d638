// The tree itself: the kernel's source passes every check of the build, and what people read is true to it.

import { expect, test } from 'vitest';
import { checkKernel, formatFinding } from '../../toolchain/check/check.js';
import { mentionFindings, trackedFiles } from '../../toolchain/check/text/mentions.js';
import { unusedFindings } from '../../toolchain/check/text/unused.js';
import { ROOT } from '../../toolchain/paths.js';

test('the kernel passes all checks', async () => {
  const { findings } = await checkKernel();
  expect(findings.map(formatFinding)).toEqual([]);
});

test('comments and pages name files that exist', () => {
  expect(mentionFindings(ROOT, trackedFiles(ROOT)).map(formatFinding)).toEqual([]);
});

test('the kernel holds nothing that nobody uses', () => {
  expect(unusedFindings(ROOT).map(formatFinding)).toEqual([]);
});
