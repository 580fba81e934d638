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

/**
 * Each with exactly what it prints, as on Linux, whose OOM killer ends what takes pages without limit. Linux limits mappings (vm.max_map_count),
 * threads and processes (by memory), descriptors and what lies on a tmpfs. Without a limit of its own a file system here ends with ENOMEM,
 * or ENOSPC at half of the memory; Linux would kill.
 */
const KILLED = /^Killed\nstatus 137\n$/;
const MODES: [string, RegExp][] = [
  ['arguments', /^argv of 13 MB: 7 E2BIG\narguments: 0 ok\nstatus 0\n$/],
  ['memory', KILLED],
  ['pipes', KILLED],
  ['threads', /^threads: \d{3} EAGAIN\nstatus 0\n$/],
  ['processes', /^processes:(?: EAGAIN| ENOMEM| EAGAIN ENOMEM)\nstatus 0\n$/],
  ['objects', /^objects: 199997 EMFILE\nstatus 0\n$/],
  ['full', /^blocks: 16 ENOSPC\ninodes: 99 ENOSPC\nstatus 0\n$/],
  ['files', /^files: \d{4,} (?:ENOSPC|ENOMEM)\nstatus 0\n$/],
  ['mappings', /^mappings: 65530 ENOMEM\nstatus 0\n$/],
  ['memory', KILLED],
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
