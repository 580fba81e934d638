/**
 * Programs that take all there is of something, in 64 MiB: each is refused or killed, nothing else is, and what it had comes back. The programs
 * are the modes of exhaust.c; the shell that starts them one after the other must reach the end.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inRepository } from '../../scripts/cli/paths.ts';
import { BUSYBOX_PATH } from '../../toolchain/image/userland.ts';
import { isForeign, testKernel } from '../harness/test-guest.ts';

/** Each with what it prints when it is refused; a mode that the OOM killer may end prints nothing then. */
const MODES: [string, RegExp][] = [
  ['arguments', /argv of 13 MB: 7 E2BIG\narguments: 0 ok\nstatus 0/],
  ['memory', /memory: \d+ ENOMEM\nstatus 0|Killed\nstatus 137/],
  ['pipes', /pipes: \d+ (?:ENOMEM|ENFILE|EMFILE)\nstatus 0|Killed\nstatus 137/],
  ['objects', /objects: \d+ (?:ENOMEM|ENFILE|EMFILE)\nstatus 0|Killed\nstatus 137/],
  ['files', /files: \d+ (?:ENOSPC|ENOMEM)\nstatus 0|Killed\nstatus 137/],
  ['mappings', /mappings: \d+ \w+\nstatus 0/],
  ['threads', /threads: \d+ (?:EAGAIN|ENOMEM)\nstatus 0|Killed\nstatus 137/],
  ['processes', /processes: 0 ok\nstatus 0|Killed\nstatus 137/],
  ['memory', /memory: \d+ ENOMEM\nstatus 0|Killed\nstatus 137/],
];

let folder: string;
let kernel: string;
beforeAll(async () => {
  kernel = await testKernel();
  folder = mkdtempSync(join(tmpdir(), 'typix-exhaust-'));
  execFileSync('gcc', ['-O1', '-static', '-pthread', '-o', join(folder, 'exhaust'), join(import.meta.dirname, 'exhaust.c')]);
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(isForeign)('what a program exhausts ends that program only', () => {
  const program = join(folder, 'exhaust');
  const script = `${MODES.map(([mode]) => `echo "== ${mode}"; ${program} ${mode}; echo "status $?"`).join('; ')}; echo "== end"; ls ${BUSYBOX_PATH}; awk '/^MemFree/ { print $2 }' /proc/meminfo`;
  const args = ['exec', '--kernel', kernel, '--tcg', '--memory', '64M', '--timeout', '200', '--log', '--file', program, '--', BUSYBOX_PATH, 'sh', '-c', `exec 2>&1; ${script}`];
  const { stdout, stderr, status } = spawnSync(inRepository('typix'), args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  expect(stderr).not.toMatch(/Oops|panic/);
  const parts = stdout.split(/^== .*\n/m).slice(1);
  MODES.forEach(([mode, expected], i) => expect(parts[i], `${mode}\n${stderr}`).toMatch(expected));
  expect(parts[MODES.length]).toMatch(/^\/bin\/busybox\n\d+\n$/);
  expect(status).toBe(0);
}, 300_000);
