/** Kernel threads as programs see them, and terminal input that a thread processes. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../harness/guest-shell.ts';
import { initramfsWith, isForeign, kernelMachine } from '../harness/test-guest.ts';
import { file } from '../../toolchain/image/cpio.ts';

const LIMIT_MS = 90_000;

let shell: GuestShell;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'typix-drain-'));
  const program = join(folder, 'drain');
  execFileSync('gcc', ['-O1', '-static', '-D_GNU_SOURCE', '-o', program, join(import.meta.dirname, 'drain.c')]);
  const initrd = initramfsWith('drain', [file('bin/drain', readFileSync(program), 0o755)]);
  shell = await GuestShell.boot({ machine: await kernelMachine({ initrd }), name: 'deferred-work', limitMs: LIMIT_MS });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await shell.close();
});

test('kernel threads look as on Linux', async () => {
  const listed = await shell.run(`ps -o pid,ppid,comm | grep -E 'kthreadd|kworker'`);
  expect(listed.output).toMatch(/^ +2 +0 kthreadd$/m);
  expect(listed.output).toMatch(/^ +\d+ +2 kworker\//m);
  expect((await shell.run('ps | grep kthreadd')).output).toContain('[kthreadd]');
  expect((await shell.run('cut -d" " -f4-9 /proc/2/stat')).output).toMatch(/^0 0 0 0 -1 2129984$/m);
  const state = await shell.run('grep -E "^(PPid|SigIgn|VmRSS)" /proc/2/status; wc -c < /proc/2/cmdline; ls /proc/2/fd | wc -l; wc -c < /proc/2/maps');
  expect(state.output).toBe('PPid:\t0\nSigIgn:\tffffffffffffffff\n0\n0\n0\n');
}, LIMIT_MS);

test('no signal touches them', async () => {
  const killed = await shell.run('kill -9 2; kill -STOP 2; kill -SEGV 2; kill -0 2 && grep ^State /proc/2/status');
  expect(killed).toEqual({ output: 'State:\tS (sleeping)\n', status: 0 });
}, LIMIT_MS);

test('what is typed behind Ctrl-C in one go is kept', async () => {
  shell.type('sleep 1000');
  await shell.settle();
  shell.session.send("\x03echo be''hind\r");
  await shell.session.expect(/\nbehind\n%typix% /);
}, LIMIT_MS);

test('a long line arrives whole and in order', async () => {
  const digits = Array.from({ length: 3000 }, (_, i) => String(i % 10)).join('');
  shell.type('stty -echo; cat > /tmp/long; stty echo');
  await shell.settle();
  for (let at = 0; at < digits.length; at += 50) shell.session.send(`${digits.slice(at, at + 50)}\n`);
  shell.session.send('\x04');
  await shell.prompt();
  const digest = createHash('md5').update(digits).digest('hex');
  expect((await shell.run('tr -d "\\n" < /tmp/long | md5sum; wc -l < /tmp/long')).output).toBe(`${digest}  -\n60\n`);
}, LIMIT_MS);

// As long as its priority is below that of Linux' threaded interrupts; on Linux the shell would not run.
test.skipIf(isForeign)('Ctrl-C reaches a program that keeps the CPU, real-time ones too', async () => {
  for (const program of ['', 'chrt -f 40 ', 'nice -n -20 ']) {
    shell.type(`${program}sh -c 'while :; do :; done'`);
    await shell.settle(1000);
    shell.session.send('\x03');
    await shell.prompt();
  }
}, LIMIT_MS);

test('tcdrain waits until a serial line has sent everything', async () => {
  expect((await shell.run('drain')).output).toBe('stopped: -1 EINTR\nresumed: 0 after a second\nempty: 0\n');
}, LIMIT_MS);

test('the session is whole', async () => {
  expect((await shell.run('dmesg | grep -ciE "oops|bug|panic"')).output).toBe('0\n');
  await shell.powerOff();
}, LIMIT_MS);
