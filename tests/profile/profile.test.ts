/** `typix profile` and `typix trace` on a guest: the functions of program and kernel appear, and what happened is in the trace. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isBzImage } from '../../scripts/cli/kernel-image.ts';
import { inRepository } from '../../scripts/cli/paths.ts';
import { foreignKernel, testKernel } from '../harness/test-guest.ts';

/** TYPIX_TEST_KERNEL may name a Linux kernel, which cannot do this. */
const isLinux = foreignKernel !== undefined && isBzImage(foreignKernel);
const LIMIT_MS = 120_000;
let folder = '';
let program = '';
let kernel = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'typix-profile-'));
  program = join(folder, 'busy');
  execFileSync('gcc', ['-O1', '-fno-omit-frame-pointer', '-static', '-o', program, inRepository('tests', 'profile', 'busy.c'), '-lpthread']);
  kernel = await testKernel();
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs the typix command in the folder of this test. */
function typix(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(inRepository('typix'), [args[0]!, '--tcg', ...args.slice(1)], { cwd: folder, timeout: LIMIT_MS }, (error, output, errors) => {
      resolve({ status: error ? Number(error.code ?? 1) : 0, output, errors });
    });
  });
}

describe.skipIf(isLinux)('typix profile', () => {
  test('finds the functions of program and kernel', async () => {
    const { status, output, errors } = await typix('profile', '--kernel', kernel, '--hz', '997', '--', program, '3');
    expect(errors).toMatch(/\d+ samples: user/);
    expect({ status, output }).toEqual({ status: 3, output: 'done\n' });
    const file = JSON.parse(readFileSync(join(folder, 'profile.speedscope.json'), 'utf8')) as {
      shared: { frames: { name: string; file?: string }[] }; profiles: { samples: number[][] }[];
    };
    const { frames } = file.shared;
    const chains = file.profiles[0]!.samples.map((sample) => sample.map((at) => frames[at]!.name));
    expect(chains.length).toBeGreaterThan(50);
    const passes = (...names: string[]): boolean => chains.some((chain) => names.every((name) => chain.includes(name)));
    expect(passes('main', 'spin_in_user_mode')).toBe(true);
    // From the program through the system call into the kernel.
    expect(passes('main', 'ask_the_kernel', 'syscall_entry')).toBe(true);
    expect(frames.some(({ file: path }) => path === 'kernel/vfs/path/path-walk.ts')).toBe(true);
    expect(readFileSync(join(folder, 'profile.svg'), 'utf8')).toContain('spin_in_user_mode');
  }, LIMIT_MS);

  test('can be started and read inside the guest', async () => {
    const script = 'echo start 500 >/proc/typix/profile; i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done; echo stop >/proc/typix/profile; '
      + 'awk "/^[0-9]/ { n[\\$3]++ } END { print (n[\\"user\\"] > 0) }" /proc/typix/profile; echo start 5 >/proc/typix/profile; echo $?';
    const { output } = await typix('exec', '--kernel', kernel, '--', '/bin/busybox', 'sh', '-c', script);
    expect(output).toBe('1\n1\n');
  }, LIMIT_MS);
});

describe.skipIf(isLinux)('typix trace', () => {
  interface Slice { ph: string; name: string; cat?: string; pid: number; tid: number; ts: number; dur: number; args: Record<string, unknown> }

  test('shows calls, faults, switches and tasks', async () => {
    const { status, errors } = await typix('trace', '--kernel', kernel, '--', program, '0');
    expect(errors).toMatch(/\d+ events/);
    expect(status).toBe(3);
    const { traceEvents } = JSON.parse(readFileSync(join(folder, 'trace.json'), 'utf8')) as { traceEvents: Slice[] };
    const named = (name: string): Slice[] => traceEvents.filter((event) => event.name === name);
    // Static programs use newfstatat or stat.
    expect(traceEvents.filter(({ name, args }) => /stat/.test(name) && args.result === '0').length).toBeGreaterThanOrEqual(500);
    expect(named('wait4')[0]!.dur).toBeGreaterThan(0);
    expect(named('page fault').some(({ args }) => args.resolved === true)).toBe(true);
    expect(named('fork')).toHaveLength(2);
    expect(named('exec').length).toBeGreaterThanOrEqual(1);
    expect(named('exit').some(({ ph }) => ph === 'i')).toBe(true);
    expect(traceEvents.some(({ name, cat }) => cat === 'scheduler' && name.startsWith('busy ('))).toBe(true);
    expect(named('wake').length).toBeGreaterThan(0);
    // Slices of a task nest: none begins inside another and ends outside.
    const slices = traceEvents.filter(({ ph, pid }) => ph === 'X' && pid !== 0).sort((a, b) => a.tid - b.tid || a.ts - b.ts || b.dur - a.dur);
    for (let i = 1; i < slices.length; i++) {
      const [before, slice] = [slices[i - 1]!, slices[i]!];
      if (before.tid !== slice.tid || slice.ts >= before.ts + before.dur) continue;
      expect(slice.ts + slice.dur).toBeLessThanOrEqual(before.ts + before.dur + 0.001);
    }
  }, LIMIT_MS);

  test('counts what found no room', async () => {
    const { errors } = await typix('trace', '--kernel', kernel, '--ring', '1', '--', program, '1');
    expect(errors).toMatch(/\d+ events found no room/);
  }, LIMIT_MS);
});

describe.skipIf(isLinux)('counters', () => {
  test('files of /proc have what Linux has', async () => {
    const script = 'cat /proc/interrupts /proc/schedstat /proc/vmstat /proc/self/sched';
    const { output } = await typix('exec', '--kernel', kernel, '--', '/bin/busybox', 'sh', '-c', script);
    expect(output).toMatch(/^NMI: +0 +Non-maskable interrupts$/m);
    expect(output).toMatch(/^LOC: +[1-9]\d* +Local timer interrupts$/m);
    expect(output).toMatch(/^version 15\ntimestamp \d+\ncpu0 0 0 0 0 0 0 \d+ 0 \d+$/m);
    expect(output).toMatch(/^pgfault [1-9]\d*$/m);
    expect(output).toMatch(/^nr_voluntary_switches +: +\d+$/m);
  }, LIMIT_MS);
});
