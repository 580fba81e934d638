// The tree itself: the kernel's source passes every check, and the TypeScript for Node has no type errors.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { checkKernel, formatFinding } from '../../toolchain/check.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

it('the kernel passes all checks', async () => {
  const { findings } = await checkKernel();
  expect(findings.map(formatFinding)).toEqual([]);
});

it('toolchain, tests and scripts have no type errors', () => {
  const config = path.join(ROOT, 'tsconfig.json');
  const { fileNames, options } = ts.parseJsonConfigFileContent(ts.readConfigFile(config, ts.sys.readFile).config, ts.sys, ROOT);
  const program = ts.createProgram(fileNames, options);
  const errors = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? `${path.relative(ROOT, file.fileName)}:${file.getLineAndCharacterOfPosition(start).line + 1}: ` : '';
    return line + ts.flattenDiagnosticMessageText(messageText, ' ');
  });
  expect(errors).toEqual([]);
});
