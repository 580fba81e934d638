// An editor that opens the tree shows no red lines: TypeScript finds nothing in any of its projects, save decorators of
// AssemblyScript in unusual places, which the editor plugin in toolchain/editor hides.

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const HIDDEN_BY_PLUGIN = /: error TS(?:1206|1249):/;

for (const project of ['.', 'arch', 'kernel', 'drivers', 'syscalls', 'boot']) {
  test(`no errors in ${project}`, () => {
    const { stdout, status } = spawnSync('node', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', project], { cwd: ROOT, encoding: 'utf8' });
    expect(stdout.split('\n').filter((line) => /error TS/.test(line) && !HIDDEN_BY_PLUGIN.test(line))).toEqual([]);
    // 2: it has read the project and says what the plugin hides; anything else is a failure of tsc.
    expect(status).toBe(HIDDEN_BY_PLUGIN.test(stdout) ? 2 : 0);
  }, 120_000);
}
