/**
 * Fuzzing: builds the fuzzer with the calls of the system-call table, boots Typix with it, and judges the run. A run is good when the fuzzer
 * ends by itself, the kernel log has no oops and no panic, and memory and tasks are back where they were (leak check).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { execInitramfs } from '../../scripts/cli/exec/exec-root.ts';
import { runGuest } from '../../scripts/cli/exec/guest-run.ts';
import { inBuild, inRepository } from '../../scripts/cli/paths.ts';
import type { Accelerator } from '../../scripts/cli/qemu.ts';
import type { Argument } from '../../syscalls/table/format.ts';
import { FLAG_SETS } from '../../syscalls/table/flags.ts';
import { loadSystemCalls } from '../../toolchain/generators/system-calls.ts';

/** The fuzzer's letter for an argument: what kind of value to make up. */
function letter(argument: Argument): string {
  switch (argument.kind) {
    case 'path': return 'p';
    case 'claim': return 's';
    case 'buffer': return 'a';
    case 'flags': return 'g';
    case 'value': return { fd: 'f', dirfd: 'd', size_t: 'l', pid_t: 'i', signal: 'n', mode_t: 'm', address: 'a', uint: 'u', int: 'u' }[argument.type] ?? 'x';
  }
}

/** Structures that the fuzzer knows how to fill, whether the table has them or not. */
const KNOWN_TYPES = [
  'struct_timespec', 'struct_timeval', 'struct_itimerspec', 'struct_itimerval', 'struct_iovec', 'struct_pollfd', 'struct_epoll_event', 'struct_sigaction',
  'sigset_t', 'stack_t', 'struct_rlimit', 'struct_sigevent', 'struct_open_how', 'siginfo_t', 'struct_cap_header', 'ulong', 'fd_set', 'loff_t', 'uint',
];

/** calls.h: the table for the fuzzer. */
async function callsHeader(): Promise<string> {
  const rows = await loadSystemCalls();
  const setNames = Object.keys(FLAG_SETS);
  const types = [...KNOWN_TYPES];
  const detail = (argument: Argument): number => {
    if (argument.kind === 'flags') return setNames.indexOf(argument.set);
    if (argument.kind !== 'claim') return -1;
    const type = argument.type.replace(/\W+/g, '_');
    if (!types.includes(type)) types.push(type);
    return types.indexOf(type);
  };
  const calls = rows.map(({ number, prototype }) => {
    const list = prototype.arguments.map((argument) => `{'${letter(argument)}', ${detail(argument)}}`);
    return `  {${number}, "${prototype.name}", ${list.length}, {${list.join(', ') || '{0}'}}},`;
  });
  const sets = setNames.map((name) => {
    const bits = FLAG_SETS[name]!.names.map(([, value]) => `${value}ull`);
    return `  {${bits.length}, (const uint64_t[]){${bits.join(', ')}}}, /* ${name} */`;
  });
  return [
    `enum { ${types.map((type) => `T_${type}`).join(', ')} };`, `#define CLONE_SET ${setNames.indexOf('CLONE')}`,
    'static const struct flag_set flag_sets[] = {', ...sets, '};', 'static const struct call calls[] = {', ...calls, '};', '',
  ].join('\n');
}

/** Compiles the fuzzer; the path of the program. */
export async function fuzzProgram(): Promise<string> {
  const program = inBuild('fuzz', 'fuzz');
  const folder = dirname(program);
  writeFileSync(join(folder, 'calls.h'), await callsHeader());
  execFileSync('gcc', ['-O1', '-static', '-pthread', '-w', '-I', folder, '-o', program, inRepository('tests/fuzz/fuzz.c')], { stdio: 'inherit' });
  return program;
}

export interface FuzzChoice {
  readonly kernel: string;
  readonly accelerator: Accelerator;
  readonly memoryBytes: number;
  readonly seed: bigint;
  readonly seconds: number;
  readonly workers: number;
  readonly append?: string;
}

export interface FuzzResult {
  readonly isGood: boolean;
  readonly problem?: string;
  readonly calls: number;
  readonly log: string[];
  readonly tail: string[];
}

/** The script that is the first process: the leak check around the run. */
function supervisor(choice: FuzzChoice): string {
  return `#!/bin/sh
mkdir -p /tmp /proc /dev/pts /dev/shm
mount -t proc proc /proc 2>/dev/null; mount -t devtmpfs dev /dev 2>/dev/null; mkdir -p /dev/pts /dev/shm; mount -t devpts pts /dev/pts 2>/dev/null
figures() { rm -rf /tmp/fuzz-*; sleep 1; echo "figures-$1"; cat /proc/typix/objects; echo "figures-end"; }
# A short run first fills caches that stay.
/fuzz ${choice.seed} 3 ${choice.workers} > /dev/null
figures before
/fuzz ${choice.seed} ${choice.seconds} ${choice.workers}
figures after
`;
}

/** How much more of something there may be after a run: what stays in caches. Everything else must be as before. */
const SLACK: Readonly<Record<string, number>> = {
  // Kernel stacks and task structures are used again, not given back; the heap keeps what it has grown to.
  frames: 512, live_objects: 3000, live_bytes: 600_000, cached_dentries: 2000, Dentry: 2000, classes: 400,
};

type Figures = ReadonlyMap<string, number>;

function figures(text: string, tag: string): Figures | undefined {
  const match = new RegExp(`^figures-${tag}\\s+([\\s\\S]*?)^figures-end`, 'm').exec(text);
  if (!match) return undefined;
  return new Map(match[1]!.split('\n').map((line) => line.trim().split(' ')).filter((pair) => pair.length === 2).map(([name, count]) => [name!, Number(count)]));
}

/** What grew between two sets of figures beyond what caches explain. */
export function leaks(before: Figures, after: Figures): string[] {
  const found: string[] = [];
  for (const [name, count] of after) {
    const was = before.get(name) ?? 0;
    // What the heap itself took is no leak of frames; objects tell whether it grew for a reason.
    if (name === 'heap_frames' || name === 'frames_used') continue;
    const slack = SLACK[name] ?? (name.startsWith('#') ? SLACK.classes! : 0);
    if (count - was > slack) found.push(`${name} ${was} -> ${count}`);
  }
  const frames = (of: Figures): number => (of.get('frames_used') ?? 0) - (of.get('heap_frames') ?? 0);
  if (frames(after) - frames(before) > SLACK.frames!) found.push(`frames ${frames(before)} -> ${frames(after)}`);
  return found;
}

function leak(text: string): string | undefined {
  const [before, after] = [figures(text, 'before'), figures(text, 'after')];
  if (before === undefined || after === undefined) return 'the leak check did not run';
  const found = leaks(before, after);
  return found.length > 0 ? `leaked: ${found.join(', ')}` : undefined;
}

/** One boot with the fuzzer. */
export async function fuzz(choice: FuzzChoice): Promise<FuzzResult> {
  const root = mkdtempSync(join(tmpdir(), 'typix-fuzz-'));
  try {
    for (const folder of ['bin', 'tmp', 'proc', 'dev']) execFileSync('mkdir', ['-p', join(root, folder)]);
    execFileSync('cp', [await fuzzProgram(), join(root, 'fuzz')]);
    execFileSync('cp', ['/bin/busybox', join(root, 'bin/busybox')]);
    for (const applet of ['sh', 'cat', 'rm', 'sleep', 'mkdir', 'mount', 'ps', 'true']) execFileSync('ln', ['-sf', '/bin/busybox', join(root, 'bin', applet)]);
    writeFileSync(join(root, 'run.sh'), supervisor(choice), { mode: 0o755 });
    const initrd = join(root, 'initramfs.cpio');
    writeFileSync(initrd, execInitramfs({ argv: ['/run.sh'], root, workingDirectory: '/', environment: ['PATH=/bin'] }));
    const output = new PassThrough();
    const chunks: Buffer[] = [];
    output.on('data', (chunk: Buffer) => void chunks.push(chunk));
    const log: string[] = [];
    const boot = { kind: 'kernel', kernel: choice.kernel, initrd, append: `typix.exec=stream panic=-1 loglevel=5 ${choice.append ?? ''}`.trim() } as const;
    const machine = { boot, memoryBytes: choice.memoryBytes, cpus: 1, machine: 'q35', accelerator: choice.accelerator } as const;
    const streams = { output, errors: output, log: (line: string) => void log.push(line) };
    const outcome = await runGuest(machine, streams, (choice.seconds * 2 + 60) * 1000);
    const text = Buffer.concat(chunks).toString('latin1');
    const calls = Number(/fuzz: done (\d+) calls/.exec(text)?.[1] ?? 0);
    const bad = log.find((line) => /Oops|oops:|[Kk]ernel panic/.test(line)) ?? /^fuzz: BAD .*/m.exec(text)?.[0] ?? (calls === 0 ? 'no calls were made' : undefined);
    const problem = bad ?? (outcome.kind !== 'exited' ? `the guest ended: ${outcome.kind}` : outcome.waitStatus !== 0 ? `the first process ended with status ${outcome.waitStatus}` : leak(text));
    return { isGood: problem === undefined, problem, calls, log, tail: text.split('\n').slice(-400) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
