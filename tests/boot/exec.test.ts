/** `typix exec`: output, input, exit status and errors of a program come through as if it ran here. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inRepository } from '../../scripts/cli/paths.ts';
import { BUSYBOX_PATH } from '../../toolchain/image/userland.ts';
import { foreignKernel, testKernel } from '../harness/test-guest.ts';

interface Result {
  readonly status: number | null;
  readonly out: Buffer;
  readonly err: string;
}

let kernel: string;
let folder: string;

beforeAll(async () => {
  kernel = await testKernel();
  folder = mkdtempSync(join(tmpdir(), 'typix-exec-test-'));
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function exec(options: string[], program: string[], input?: Buffer): Result {
  const args = ['exec', '--kernel', kernel, '--tcg', ...(options.includes('--timeout') ? [] : ['--timeout', '60']), ...options, '--', ...program];
  const result = spawnSync(inRepository('typix'), args, { input, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'], maxBuffer: 64 * 2 ** 20 });
  return { status: result.status, out: result.stdout, err: result.stderr.toString() };
}

const sh = (script: string, options: string[] = [], input?: Buffer): Result => exec(options, [BUSYBOX_PATH, 'sh', '-c', script], input);

describe('typix exec', () => {
  test('passes output, errors and the exit status', () => {
    const { status, out, err } = sh('echo to output; echo to errors >&2; exit 7');
    expect({ status, out: out.toString(), err }).toEqual({ status: 7, out: 'to output\n', err: 'to errors\n' });
  });

  test('reports signals as a shell does', () => {
    expect(sh('kill -SEGV $$').status).toBe(139);
    expect(sh('kill -TERM $$').status).toBe(143);
  });

  test('passes every byte both ways', () => {
    const bytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7 + (index >> 8)) & 255));
    const { status, out } = exec([], [BUSYBOX_PATH, 'cat'], bytes);
    expect(status).toBe(0);
    expect(out.equals(bytes)).toBe(true);
  });

  test('standard input ends where it ends here', () => {
    expect(sh('cat; echo end').out.toString()).toBe('end\n');
    expect(exec([], [BUSYBOX_PATH, 'md5sum'], Buffer.from('hello\n')).out.toString()).toBe(`${createHash('md5').update('hello\n').digest('hex')}  -\n`);
  });

  test('a large output is complete', () => {
    const { out } = sh('seq 1 30000');
    const wanted = Array.from({ length: 30000 }, (_, index) => `${index + 1}\n`).join('');
    expect(out.toString() === wanted).toBe(true);
  });

  test('ends quietly when nobody reads the output any more', () => {
    const script = `"$@" | head -n 1; wait`;
    const args = [inRepository('typix'), 'exec', '--kernel', kernel, '--tcg', '--timeout', '60', '--', BUSYBOX_PATH, 'seq', '1', '200000'];
    const { stdout, stderr } = spawnSync('sh', ['-c', script, 'sh', ...args], { encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: '1\n', stderr: '' });
  });

  test('descriptors are no terminals; arguments, variables and folder are as asked', () => {
    const { out } = exec(['--env', 'A=b c', '--cwd', '/tmp'], [BUSYBOX_PATH, 'sh', '-c', 'for i in 0 1 2; do [ -t $i ] && echo tty; done; echo "$A"; pwd; echo $#:$1:$2:', 'x', '', 'y z']);
    expect(out.toString()).toBe('b c\n/tmp\n2::y z:\n');
  });

  test('--file adds a file, or a folder with all that is in it', () => {
    const below = join(folder, 'data', 'below');
    mkdirSync(below, { recursive: true });
    writeFileSync(join(folder, 'data', 'one'), '1\n');
    writeFileSync(join(below, 'two'), '2\n', { mode: 0o640 });
    symlinkSync('two', join(below, 'link'));
    symlinkSync('nowhere', join(below, 'dangling'));
    writeFileSync(join(folder, 'alone'), '3\n');
    const { out, err } = sh(`cd ${folder}; cat data/one data/below/link alone; ls data/below; stat -c %a data/below/two`, ['--file', join(folder, 'data'), '--file', join(folder, 'alone')]);
    expect(err).toBe('');
    expect(out.toString()).toBe('1\n2\n3\nlink\ntwo\n640\n');
    const missing = sh('true', ['--file', join(folder, 'missing')]);
    expect(missing.status).not.toBe(0);
    expect(missing.err).toMatch(/there is no file '.*missing'/);
  });

  test('/proc, /dev and /tmp are there', () => {
    expect(sh('[ -r /proc/self/stat ] && [ -c /dev/null ] && echo x > /tmp/x && cat /tmp/x').out.toString()).toBe('x\n');
  });

  test('dynamic programs and scripts run', () => {
    expect(exec([], ['/bin/echo', 'dynamic']).out.toString()).toBe('dynamic\n');
    const script = join(folder, 'script');
    writeFileSync(script, '#!/bin/busybox sh\necho "script $1"\n', { mode: 0o755 });
    expect(exec([], [script, 'works']).out.toString()).toBe('script works\n');
  });

  test('what cannot be executed is 126', () => {
    const broken = join(folder, 'broken');
    writeFileSync(broken, 'neither script nor ELF', { mode: 0o755 });
    const { status, err } = exec([], [broken]);
    expect(status).toBe(126);
    expect(err).toMatch(/could not execute .*ENOEXEC/);
  });

  test('the time limit is 124', () => {
    const startedAt = Date.now();
    const { status } = exec(['--timeout', '6'], [BUSYBOX_PATH, 'sleep', '1000']);
    expect(status).toBe(124);
    expect(Date.now() - startedAt).toBeLessThan(20_000);
  });

  test.skipIf(foreignKernel !== undefined)('--strace prints the calls', () => {
    const { err, out } = exec(['--strace'], [BUSYBOX_PATH, 'echo', 'traced']);
    expect(out.toString()).toBe('traced\n');
    expect(err).toMatch(/write\(1, "traced\\n", 7\) += 7/);
    expect(err).toMatch(/exit_group\(0\)/);
  });
});
