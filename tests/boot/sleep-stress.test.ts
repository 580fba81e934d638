/**
 * The kernel with sleeps at every place that may sleep (`sleepstress`): programs of the ABI tests that race with themselves, the fuzzer and
 * a session at the shell must not notice. What is held across a sleep without a count, or half changed, shows as a wrong answer, an oops or a
 * guest that hangs. Longer runs: `typix conform --append sleepstress=SEED`, `typix fuzz --append sleepstress=SEED`.
 */
import { expect, test } from 'vitest';
import { conform, selectTests } from '../abi/conform.ts';
import { fuzz } from '../fuzz/fuzz.ts';
import { GuestShell } from '../harness/guest-shell.ts';
import { runSession } from '../harness/stress-session.ts';
import { isForeign, kernelMachine, testKernel } from '../harness/test-guest.ts';

const MIB = 1024 * 1024;
const LIMIT_MS = 240_000;
/** What many threads do to one file, one descriptor, one tree; and calls with several descriptors or long copies. */
const PROGRAMS = ['fd-races', 'fs-position-races', 'fs-name-races', 'epoll-races', 'fs-transfer', 'fs-vectors', 'fd-descriptors', 'poll-waiting', 'futex'];

test('programs that race give the answers of Linux', async () => {
  const names = PROGRAMS.flatMap((name) => selectTests([name]));
  const { comparisons } = await conform(names, { kernel: await testKernel(), accelerator: 'tcg', memoryBytes: 512 * MIB, append: 'sleepstress=11 lockcheck' });
  expect(comparisons.length).toBeGreaterThanOrEqual(PROGRAMS.length);
  for (const { name, linux, typix } of comparisons) expect(`${typix?.output}\n${typix?.status}`, name).toBe(`${linux.output}\n${linux.status}`);
}, LIMIT_MS);

test('the fuzzer finds nothing', async () => {
  const { isGood, problem } = await fuzz({ kernel: await testKernel(), accelerator: 'tcg', memoryBytes: 256 * MIB, seed: 5n, seconds: 6, workers: 3, append: 'sleepstress=12' });
  expect(problem).toBeUndefined();
  expect(isGood).toBe(true);
}, LIMIT_MS);

test.skipIf(isForeign)('a session at the shell', async () => {
  const machine = await kernelMachine({ append: 'sleepstress=13' });
  const shell = await GuestShell.boot({ machine, name: 'sleep-stress', limitMs: LIMIT_MS, waitMs: 60_000 }, 90_000);
  try {
    // Each copy to or from user memory faults, and so may sleep; without stress a shell has far fewer faults than calls.
    const faults = async (): Promise<number> => Number((await shell.run("cut -d' ' -f10 /proc/$$/stat")).output);
    const before = await faults();
    await shell.run('i=0; while [ $i -lt 50 ]; do read line < /etc/passwd; i=$((i+1)); done');
    expect(await faults() - before).toBeGreaterThan(500);
    await runSession(shell);
    expect((await shell.run('dmesg')).output).not.toMatch(/Oops|panic/);
    await shell.powerOff(60_000);
  } finally {
    await shell.close();
  }
}, LIMIT_MS);
