/**
 * The kernel with a collection at every allocation and freed objects poisoned: a session at the shell must not notice. What a collection
 * loses shows as an oops ("reference to a freed object"), a wrong answer or a guest that hangs.
 *
 * The same with root homes as the only roots (toolchain/native/wasm-homes.h), and with threads that sleep while nothing but their own stack holds
 * what they need. In a kernel that ignores the homes of sleeping threads these must fail, or the test says nothing.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { GuestShell } from '../harness/guest-shell.ts';
import { runSession } from '../harness/stress-session.ts';
import { isForeign, kernelMachine, testKernel } from '../harness/test-guest.ts';
import { inBuild, inRepository } from '../../scripts/cli/paths.ts';
import { buildKernel } from '../../toolchain/build.ts';
import type { RootsVariant } from '../../toolchain/link/native.ts';

const LIMIT_MS = 240_000;

/** Cases of sleepers.c that fail when the homes of sleeping threads are ignored; and those in which other objects hold all. */
const NOTICING = ['read', 'readv', 'write', 'fifo', 'splice', 'signal', 'terminal'];
const SLEEPERS = [...NOTICING, 'epoll', 'timer'];

/** Builds sleepers.c; the program's path. */
function buildSleepers(): string {
  const program = inBuild('tests', 'sleepers');
  execFileSync('gcc', ['-O1', '-static', '-pthread', '-o', program, path.join(import.meta.dirname, 'sleepers.c')]);
  return program;
}

/** What sleepers.c prints for these cases, alone on the machine, with collections all the time; nothing if the kernel did not survive. */
function runSleepers(kernel: string, names: readonly string[]): string {
  const program = buildSleepers();
  const args = ['exec', '--kernel', kernel, '--tcg', '--append', 'gcstress', '--timeout', '60', '--file', program, '--', program, ...names];
  return spawnSync(inRepository('typix'), args, { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }).stdout;
}

/** A quick build whose collections start from homes. */
async function kernelWithRoots(roots: RootsVariant): Promise<string> {
  const { elf } = await buildKernel({ mode: 'quick', roots, outDir: inBuild(`roots-${roots}`), checks: 'off' });
  if (elf === null) throw new Error('no kernel was linked');
  return elf;
}

test.skipIf(isForeign).each<RootsVariant>(['stacks', 'homes'])('a session with collections all the time, from %s', async (roots) => {
  const kernel = roots === 'stacks' ? undefined : await kernelWithRoots(roots);
  const machine = await kernelMachine({ append: 'gcstress typix.crash=1', ...(kernel ? { kernel } : {}) });
  const shell = await GuestShell.boot({ machine, name: 'collector-stress', limitMs: LIMIT_MS, waitMs: 60_000 }, 90_000);
  try {
    await runSession(shell);
    expect((await shell.run('dmesg')).output).not.toMatch(/Oops|panic/);
    // An oops leaves its objects behind on a dead stack; a double fault ends its thread on another stack.
    expect((await shell.run("sh -c 'echo oops > /proc/typix/crash'; sh -c 'echo stack > /proc/typix/crash'; echo alive")).output).toMatch(/alive\n$/);
    const collections = await shell.run("awk '/^collections/ { print $2 }' /proc/typix/heap");
    expect(Number(collections.output)).toBeGreaterThan(2000);
    await shell.powerOff(60_000);
  } finally {
    await shell.close();
  }
}, LIMIT_MS);

test.skipIf(isForeign).each<RootsVariant>(['stacks', 'homes'])('threads that sleep keep what only they hold, from %s', async (roots) => {
  const kernel = roots === 'stacks' ? await testKernel() : await kernelWithRoots(roots);
  expect(runSleepers(kernel, SLEEPERS)).toBe(SLEEPERS.map((name) => `${name} ok\n`).join(''));
}, LIMIT_MS);

test.skipIf(isForeign).each(NOTICING)('a kernel that ignores the homes of sleeping threads fails at %s', async (name) => {
  expect(runSleepers(await kernelWithRoots('awake-homes'), [name])).not.toBe(`${name} ok\n`);
}, LIMIT_MS);
