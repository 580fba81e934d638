/** The system calls of single ABI tests, as the kernel's own trace shows them on Typix and strace(1) on this machine's Linux. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseRawCall, type RawCall } from '../../toolchain/generators/flag-coverage.ts';
import { prepareRoot, runOnTypix, SECONDS_EACH, testProgram, type GuestChoice } from './conform.ts';

const run = promisify(execFile);

/** The kernel log of one test run alone with system calls traced. */
export async function straceOnTypix(name: string, choice: GuestChoice): Promise<string[]> {
  const root = await prepareRoot([name]);
  try {
    const result = await runOnTypix(root, [name], { ...choice, append: `strace=${name.slice(0, 15)}` }, () => undefined);
    return result.log.filter((line) => line.includes('strace: ')).map((line) => line.replace(/^.*strace: /, ''));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Kills a process that outlived its tracer, if it still runs the program. */
function endLeftOver(pid: number, program: string): void {
  try {
    if (pid > 0 && readlinkSync(`/proc/${pid}/exe`) === program) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Runs one test under strace in an empty folder; the files that strace wrote, in order of their names. A test that hangs is killed. */
async function straced(name: string, options: readonly string[], starter: readonly string[]): Promise<string[]> {
  const program = await testProgram(name);
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'typix-abi-'));
  const traces = mkdtempSync(join(tmpdir(), 'typix-strace-'));
  try {
    const limit = { cwd: folder, timeout: SECONDS_EACH * 1000, killSignal: 'SIGKILL', maxBuffer: 1 << 28 } as const;
    // How the test ends is not the question; that a trace exists is.
    await run('strace', [...options, '-o', join(traces, 'trace'), ...starter, program], limit).catch(() => undefined);
    const files = readdirSync(traces).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    for (const file of files) endLeftOver(Number(file.split('.')[1]), program);
    if (files.length === 0) throw new Error(`strace wrote nothing about ${name}`);
    return files.map((file) => readFileSync(join(traces, file), 'latin1'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(traces, { recursive: true, force: true });
  }
}

/** What strace(1) prints of one test here. */
export async function straceOnLinux(name: string): Promise<string[]> {
  return (await straced(name, ['-f'], [])).join('').split('\n');
}

/** The finished calls of one test here, in a session of its own as the runner makes it; what happens before the program starts is left out. */
export async function rawCallsOnLinux(name: string): Promise<RawCall[]> {
  const texts = await straced(name, ['-ff', '-e', 'raw=all', '-e', 'signal=none'], ['setsid']);
  const calls = texts.map((text) => text.split('\n').map(parseRawCall).filter((call) => call !== undefined));
  const [first, ...others] = calls as [RawCall[], ...RawCall[][]];
  // The first execve starts setsid, the second one the program.
  const executed = first.flatMap((call, i) => (call.name === 'execve' ? [i] : []));
  return [...first.slice((executed[1] ?? first.length) + 1), ...others.flat()];
}
