/**
 * Null faults, also on a CPU without SMAP, where a program could otherwise put objects of its own at the addresses below 2 GiB to which null's
 * header wraps: nobody can have anything there, and an access is an oops of the process that made it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inRepository } from '../../scripts/cli/paths.ts';
import { BUSYBOX_PATH } from '../../toolchain/image/userland.ts';
import { isForeign, testKernel } from '../harness/test-guest.ts';

/** exit_group(0), and more bss than fits below 2 GiB from the lower place. */
const TINY = '.globl _start\n_start: movl $231, %eax\n xorl %edi, %edi\n syscall\n .lcomm much, 0x500000\n';
const LIMIT_MS = 300_000;
let folder: string;
let kernel: string;

beforeAll(async () => {
  kernel = await testKernel();
  folder = mkdtempSync(join(tmpdir(), 'typix-null-'));
  execFileSync('gcc', ['-O1', '-static', '-o', join(folder, 'window'), join(import.meta.dirname, 'wrap-window.c')]);
  // A program whose code lies in the window, and one that spans it.
  for (const [name, place] of [['inside', '0x80000000'], ['below', '0x7fc00000']] as const) {
    execFileSync('gcc', ['-static', '-nostdlib', `-Wl,-Ttext-segment=${place}`, '-x', 'assembler', '-o', join(folder, name), '-'], { input: TINY });
  }
}, LIMIT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script on a CPU; what it printed, and the kernel's log. */
function run(cpu: string, script: string): { out: string; log: string } {
  const files = ['window', 'inside', 'below'].flatMap((name) => ['--file', join(folder, name)]);
  const args = ['exec', '--kernel', kernel, '--tcg', '--timeout', '100', '--log', '--append', 'typix.crash=1', '--qemu=-cpu', `--qemu=${cpu}`, ...files, '--',
    BUSYBOX_PATH, 'sh', '-c', `cd ${folder}; exec 2>&1; ${script}`];
  const { stdout, stderr } = spawnSync(inRepository('typix'), args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  return { out: stdout, log: stderr };
}

const CRASHES = ['null', 'null-method', 'null-array'];
const SCRIPT = `${CRASHES.map((word) => `./window ${word}; echo "${word}: $?"`).join('; ')}; ./inside; echo "inside $?"; ./below; echo "below $?"; echo still here`;

describe.skipIf(isForeign)('null', () => {
  test('faults without SMAP, where a program can have nothing at 2 GiB', () => {
    const { out, log } = run('max,-smap', SCRIPT);
    expect(log.match(/Oops: null reference/g)?.length, `${out}\n${log}`).toBe(CRASHES.length);
    for (const word of CRASHES) {
      // ENOMEM (12) as for addresses past the end of user space; mremap(2) says EINVAL (22) there. The hint is not kept to (2).
      expect(out).toContain(`below 0, page below 2 GiB 12, page above 12, above 0\nnoreplace 12, hint 2, growing 12, moved 22, shared 12\n`);
      expect(out).toMatch(new RegExp(`${word}: 139`));
    }
    expect(out).not.toMatch(/survived/);
    expect(out).toMatch(/inside: (?:Cannot allocate|Out of) memory\ninside 126\n.*(?:Cannot allocate|Out of) memory\nbelow 126\nstill here/);
  }, LIMIT_MS);

  test('faults with SMAP, where the addresses are a program\'s to use', () => {
    const { out, log } = run('max', SCRIPT);
    expect(log.match(/Oops: null reference/g)?.length, `${out}\n${log}`).toBe(CRASHES.length);
    expect(out).toContain('below 0, page below 2 GiB 0, page above 0, above 0');
    expect(out).not.toMatch(/survived/);
    expect(out).toMatch(/inside 0\nbelow 0\nstill here/);
  }, LIMIT_MS);
});
