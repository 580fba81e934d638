// An editor that opens the tree shows no red lines: TypeScript finds nothing in any of its projects, save decorators of
// AssemblyScript in unusual places, which the editor plugin in toolchain/editor hides.

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const HIDDEN_BY_PLUGIN = 'error TS1206';

for (const project of ['.', 'arch', 'kernel', 'drivers', 'syscalls', 'boot']) {
  test(`no errors in ${project}`, () => {
    const { stdout } = spawnSync('node', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', project], { cwd: ROOT, encoding: 'utf8' });
    expect(stdout.split('\n').filter((line) => line.includes(': error TS') && !line.includes(HIDDEN_BY_PLUGIN))).toEqual([]);
  }, 120_000);
}
