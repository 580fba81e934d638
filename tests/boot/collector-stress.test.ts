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
import { isForeign, kernelMachine, testKernel } from '../harness/test-guest.ts';
import { inBuild, inRepository } from '../../scripts/cli/paths.ts';
import { buildKernel } from '../../toolchain/build.ts';
import type { RootsVariant } from '../../toolchain/link/native.ts';

const LIMIT_MS = 240_000;

/** Commands and what they print: files, pipes, processes, signals, terminals, /proc. */
const SESSION: [string, string][] = [
  ['for i in 1 2 3; do echo $i; done | sed s/2/two/ > /tmp/a; cat /tmp/a', '1\ntwo\n3\n'],
  ['mkdir -p /tmp/d/e; mv /tmp/a /tmp/d/e/b; ln -s b /tmp/d/e/c; wc -l < /tmp/d/e/c; find /tmp/d | sort', '3\n/tmp/d\n/tmp/d/e\n/tmp/d/e/b\n/tmp/d/e/c\n'],
  ['tar cf - -C /tmp d | gzip | gunzip | tar tf - | sort | tail -1', 'd/e/c\n'],
  ["trap 'echo got' USR1; kill -USR1 $$; trap - USR1", 'got\n'],
  ['(sleep 0.1; echo late) & wait', 'late\n'],
  ['mkdir /tmp/m && mount -t tmpfs none /tmp/m && echo x > /tmp/m/f && cat /tmp/m/f && umount /tmp/m && ls /tmp/m', 'x\n'],
  ["printf '#!/bin/sh\\necho script $1\\n' > /tmp/s; chmod +x /tmp/s; /tmp/s runs", 'script runs\n'],
  ['ps > /dev/null && df > /dev/null && cat /proc/*/stat > /dev/null 2>&1; ls -lR /proc/self > /dev/null 2>&1; echo alive', 'alive\n'],
  ['dd if=/dev/zero of=/tmp/z bs=64k count=4 2> /dev/null; md5sum < /tmp/z; rm -r /tmp/d /tmp/z', 'ec87a838931d4d5d2e94a04644788a55  -\n'],
  ['sh -c "kill -9 \\$\\$"; echo $?', 'Killed\n137\n'],
];

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
    for (const [command, output] of SESSION) {
      // The shell's own words about ended jobs are not the point.
      const answer = (await shell.run(`{ ${command}; } 2>&1`)).output.replace(/^\[\d+\].*\n/gm, '');
      expect(answer, command).toBe(output);
    }
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
