/**
 * The random number generator on CPUs without one of their own: nothing is claimed before there is entropy, there soon is, and the boot does
 * not wait for it. A guest whose clock counts instructions (-icount) has no jitter at all: it never becomes ready by itself.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../harness/guest-shell.ts';
import { initramfsWith, isForeign, kernelMachine } from '../harness/test-guest.ts';
import { file } from '../../toolchain/image/cpio.ts';

const LIMIT_MS = 90_000;

let folder: string;
let initrd: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'typix-random-'));
  const program = join(folder, 'random');
  execFileSync('gcc', ['-O1', '-static', '-D_GNU_SOURCE', '-o', program, join(import.meta.dirname, 'random.c')]);
  initrd = initramfsWith('random', [file('bin/random', readFileSync(program), 0o755)]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const READY = 'nonblock 16\ninsecure 600\nrandom 16\nurandom 600\npoll in\nready 1\nreseed 0\n';
const NOT_READY = 'nonblock EAGAIN\ninsecure 600\nrandom EAGAIN\nurandom 600\npoll out\nready 0\nreseed ENODATA\n';

async function boot(name: string, extra: readonly string[], append = ''): Promise<GuestShell> {
  return GuestShell.boot({ machine: await kernelMachine({ extra, append, initrd }), name: `random-${name}`, limitMs: LIMIT_MS }, 60_000);
}

test('a CPU with a generator: ready from the start', async () => {
  const shell = await boot('cpu', []);
  try {
    expect((await shell.run('random now')).output).toBe(READY);
    await shell.powerOff();
  } finally {
    await shell.close();
  }
}, LIMIT_MS);

const WITHOUT: [string, readonly string[], string][] = [
  ['a CPU without a generator', ['-cpu', 'qemu64'], ''],
  ['a generator that is not trusted', [], 'random.trust_cpu=off'],
];
for (const [name, extra, append] of WITHOUT) {
  test(`${name}: ready by jitter, within a moment`, async () => {
    const shell = await boot(name, extra, append);
    try {
      const waited = await shell.run('random wait');
      expect(waited.output).toMatch(/^got 16\nwaited \d+\n$/);
      expect((await shell.run('random now')).output).toBe(READY);
      const stamp = /^\[ *(\d+\.\d+)\].* random: ready, by jitter/m.exec((await shell.run('dmesg')).output.replaceAll('] random', ']  random'));
      expect(Number(stamp?.[1])).toBeLessThan(10);
      await shell.powerOff();
    } finally {
      await shell.close();
    }
  }, LIMIT_MS);
}

test.skipIf(isForeign)('a clock without jitter: never ready, but nothing else waits', async () => {
  const shell = await boot('icount', ['-cpu', 'qemu64', '-icount', 'shift=1,sleep=off']);
  try {
    expect((await shell.run('random now')).output).toBe(NOT_READY);
    expect((await shell.run('random alarm')).output).toBe('interrupted EINTR\n');
    // What root vouches for is believed, and wakes who waits.
    const given = (await shell.run('random wait & sleep 1; random give; wait')).output;
    expect(given).toMatch(/^give 0\nnegative EINVAL\n/m);
    expect(given).toMatch(/^got 16\nwaited 1\d{3}\n/m);
    expect((await shell.run('random now')).output).toBe(READY);
    await shell.powerOff();
  } finally {
    await shell.close();
  }
}, LIMIT_MS);
