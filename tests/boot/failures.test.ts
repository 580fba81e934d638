/** Failures of the kernel, made on purpose through /proc/typix/crash: an oops ends one process and says where it was; a panic ends the system. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GuestShell } from '../harness/guest-shell.ts';
import { isForeign, kernelMachine } from '../harness/test-guest.ts';

const LIMIT_MS = 120_000;

const boot = async (name: string, append: string): Promise<GuestShell> =>
  GuestShell.boot({ machine: await kernelMachine({ append: `typix.crash=1 ${append}`, extra: ['-no-reboot'] }), name: `failure-${name}`, limitMs: LIMIT_MS }, 60_000);

describe.skipIf(isForeign)('an oops', () => {
  let shell: GuestShell;
  beforeAll(async () => { shell = await boot('oops', ''); }, LIMIT_MS);
  afterAll(async () => shell?.close());

  const ways: [string, RegExp, RegExp][] = [
    // Where a function was inlined, the line inside it is shown: in release builds that of panic.ts.
    ['oops', /Oops: asked for by \/proc\/typix\/crash \[#\d+\]/, /^ boot\/crash-file\.ts crash\+0x\w+ \((?:boot\/crash-file|kernel\/runtime\/log\/panic)\.ts:\d+\)/],
    ['check', /Oops: a check that fails \[#\d+\]/, /^ boot\/crash-file\.ts crash\+0x\w+ \(kernel\/runtime\/log\/panic\.ts:\d+\)/],
    ['trap', /Oops: unreachable code reached \[#\d+\]/, /^ boot\/crash-file\.ts crash\+0x\w+ \(boot\/crash-file\.ts:\d+\)/],
    ['divide', /Oops: integer divide by zero \[#\d+\]/, /^ boot\/crash-file\.ts crash\+0x\w+ \(boot\/crash-file\.ts:\d+\)/],
    ['bounds', /Oops: Index out of range at .* \[#\d+\]/i, /^ (?:~lib\/staticarray\S*|boot\/crash-file\.ts crash)\S* ?\S*\+0x\w+ \(\S+:\d+\)/],
    ['null', /Oops: null reference \[#\d+\]/, /^ (?:~lib\/\S+ \S+|boot\/early-use\.ts \S+)\+0x\w+ \(\S+:\d+\)/],
    ['null-method', /Oops: null reference \[#\d+\]/, /^ (?:~lib\/\S+ \S+|boot\/early-use\.ts \S+)\+0x\w+ \(\S+:\d+\)/],
    ['null-array', /Oops: null reference \[#\d+\]/, /^ (?:~lib\/\S+ \S+|boot\/early-use\.ts \S+)\+0x\w+ \(\S+:\d+\)/],
    ['stack', /Oops: double fault \[#\d+\]/, /^ boot\/crash-file\.ts descend\+0x\w+ \(boot\/crash-file\.ts:\d+\)/],
  ];
  for (const [word, reason, first] of ways) {
    test(`by '${word}' ends the process only, with a report`, async () => {
      await shell.run('dmesg -c > /dev/null');
      const { status } = await shell.run(`sh -c 'echo ${word} > /proc/typix/crash; echo survived'`);
      expect(status).toBe(139);
      const report = (await shell.run('dmesg')).output.replace(/^\[[ .\d]+\] /gm, '');
      expect(report).toMatch(reason);
      expect(report).toMatch(/PID: \d+ Comm: sh\n/);
      expect(report).toMatch(/rip [0-9a-f]{16}/);
      const trace = report.split('Call trace:\n')[1]!.split('---[')[0]!.trimEnd().split('\n');
      expect(trace[0]).toMatch(first);
      expect(trace.join('\n')).toMatch(word === 'stack' ? /crash-file\.ts/ : /^ syscalls\/\S+ (?:sys|call)Write\S* \(syscalls\/file\/read-write\.ts:\d+\)/m);
      expect(await shell.run('echo $((6 * 7)); ls /bin/busybox')).toEqual({ output: '42\n/bin/busybox\n', status: 0 });
    }, LIMIT_MS);
  }

  test('is for root to ask for', async () => {
    expect((await shell.run(`ls -l /proc/typix/crash`)).output).toMatch(/^--w------- .* root +root /);
  }, LIMIT_MS);
});

describe.skipIf(isForeign)('a panic', () => {
  test('reboots when panic= says so', async () => {
    const shell = await boot('panic-reboot', 'panic=1');
    try {
      shell.type('echo panic > /proc/typix/crash');
      await shell.session.expect(/Kernel panic - not syncing: asked for by \/proc\/typix\/crash/);
      await shell.session.expect(/ boot\/crash-file\.ts crash\S* \((?:boot\/crash-file|kernel\/runtime\/log\/panic)\.ts:\d+\)/);
      await shell.session.expectExit();
    } finally {
      await shell.close();
    }
  }, LIMIT_MS);

  test('stops the machine otherwise', async () => {
    const shell = await boot('panic-stop', '');
    try {
      shell.type('echo panic > /proc/typix/crash');
      await shell.session.expect(/---\[ end Kernel panic - not syncing/);
      await shell.settle(2000);
      expect(shell.session.isRunning).toBe(true);
    } finally {
      await shell.close();
    }
  }, LIMIT_MS);

  test('without the option there is nothing to ask', async () => {
    const shell = await GuestShell.boot({ machine: await kernelMachine(), name: 'failure-none', limitMs: LIMIT_MS }, 60_000);
    try {
      expect((await shell.run('ls /proc/typix/crash')).status).not.toBe(0);
    } finally {
      await shell.close();
    }
  }, LIMIT_MS);
});
