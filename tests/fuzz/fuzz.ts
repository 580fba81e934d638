/**
 * Fuzzing: builds the fuzzer with the calls of the system-call table, boots Typix with it, and judges the run. A run is good when the fuzzer
 * ends by itself, the kernel log has no oops and no panic, and memory and tasks are back where they were (leak check).
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../scripts/cli/errors.ts';
import { startupFiles } from '../../scripts/cli/exec/program-files.ts';
import type { GuestMachine } from '../../scripts/cli/options.ts';
import { inRepository } from '../../scripts/cli/paths.ts';
import type { Argument } from '../../syscalls/table/format.ts';
import { FLAG_SETS } from '../../syscalls/table/flags.ts';
import { CLASS_NAMES } from '../../toolchain/build.ts';
import { loadSystemCalls } from '../../toolchain/generators/system-calls.ts';
import { runCollected } from '../harness/collected-run.ts';

/** The fuzzer's letter for an argument: what kind of value to make up. */
function letter(argument: Argument): string {
  switch (argument.kind) {
    case 'path': return 'p';
    case 'file': return 'f';
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

function compile(folder: string, name: string, source: string, ...options: string[]): string {
  const program = join(folder, name);
  execFileSync('gcc', [...options, '-w', '-I', folder, '-o', program, inRepository(`tests/fuzz/${source}`)], { stdio: 'inherit' });
  return program;
}

/** Programs whose mutants are executed: static, position-independent, and with a C library. */
function elfPrograms(folder: string): string[] {
  const bare = ['-O1', '-DFREESTANDING', '-nostdlib', '-fno-stack-protector'];
  return [
    compile(folder, 'small-static', 'small.c', ...bare, '-static', '-no-pie'), compile(folder, 'small-pie', 'small.c', ...bare, '-static-pie'),
    compile(folder, 'small-dynamic', 'small.c', '-O1'),
  ];
}

/** What the guest needs, compiled in `folder`, which belongs to this run alone: path in the guest, path here. */
async function fuzzFiles(folder: string): Promise<Map<string, string>> {
  writeFileSync(join(folder, 'calls.h'), await callsHeader());
  const files = new Map([
    ['/fuzz', compile(folder, 'fuzz', 'fuzz.c', '-O1', '-static', '-pthread')], ['/elf', compile(folder, 'elf', 'elf.c', '-O1', '-static')],
    ['/bin/busybox', '/bin/busybox'],
  ]);
  for (const program of elfPrograms(folder)) {
    files.set(`/elf-programs/${basename(program)}`, program);
    for (const [guest, host] of startupFiles(program)) if (host !== program) files.set(guest, host);
  }
  return files;
}

export interface FuzzChoice extends GuestMachine {
  readonly kernel: string;
  readonly seed: bigint;
  readonly seconds: number;
  readonly workers: number;
  /** A class of the kernel's: the run ends with what refers to its objects. */
  readonly why?: string;
}

export interface FuzzResult {
  readonly isGood: boolean;
  readonly problem?: string;
  readonly calls: number;
  /** ELF files that were tried. */
  readonly mutants: number;
  readonly log: string[];
  readonly tail: string[];
}

/** The script that is the first process: the leak check around the run. */
function supervisor(choice: FuzzChoice): string {
  const why = choice.why ?? 'Process';
  const classId = Object.entries(classNames(choice.kernel)).find(([, name]) => name === why)?.[0];
  if (classId === undefined) throw new UserError(`the kernel has no class '${why}'`);
  return `#!/bin/sh
mkdir -p /tmp /proc /dev/pts /dev/shm
mount -t proc proc /proc 2>/dev/null; mount -t devtmpfs dev /dev 2>/dev/null; mkdir -p /dev/pts /dev/shm; mount -t devpts pts /dev/pts 2>/dev/null
figures() { rm -rf /tmp/fuzz-*; sleep 1; echo 3 > /proc/sys/vm/drop_caches; echo "figures-$1"; cat /proc/typix/objects; echo "figures-end"; }
exec 3>&1
try() { "$@" 3>&- || echo "fuzz: BAD $1 ended with status $?" >&3; }
# A short run first fills caches that stay.
try /fuzz ${choice.seed} 3 ${choice.workers} > /dev/null
try /elf ${choice.seed} 1 /elf-programs/* > /dev/null
figures before
# Workers reach their own program by /proc/self/exe and may have changed its mode.
chmod 755 /fuzz
try /elf ${choice.seed} ${Math.ceil(choice.seconds / 6)} /elf-programs/*
try /fuzz ${choice.seed} ${choice.seconds} ${choice.workers}
figures after
echo "What refers to the objects of class ${why}:"; echo ${classId} > /proc/typix/referrers; cat /proc/typix/referrers
echo 99999 2>/dev/null > /proc/typix/referrers || echo "a class that does not exist: refused"
`;
}

/** What must be exactly as before: everything with a visible end. */
const EXACT = new Set([
  'tasks', 'processes', 'pids', 'open_files', 'mounts', 'Task', 'Process', 'ProcessGroup', 'Session', 'Pid', 'Credentials', 'SignalActions', 'PosixTimer',
  'Mapping', 'SharedMemory', 'FdTable', 'FsContext', 'RegularFile', 'RecordLock', 'Mount', 'Pipe', 'EpollItem', 'FutexWaiter',
]);
/** How much more there may be of what stays for the next user. */
const SLACK: Readonly<Record<string, number>> = {
  // Kernel stacks of ended tasks are used again.
  frames: 512, live_objects: 1000, live_bytes: 1_000_000,
  // Tables of numbers stay as large as they were, names are cached.
  'StaticArray<Pid|null>': 500, cached_dentries: 20, Dentry: 20, 'StaticArray<u8>': 40,
  // The four keys of futex(2) refer to the space whose words they were last used for.
  AddressSpace: 4,
  // A file of /proc that was locked once keeps its lists of locks, and their queue, as long as it is there.
  InodeLocks: 30, 'Array<FileLock>': 30, 'Array<RecordLock>': 30, ArrayBuffer: 90, WaitQueue: 40,
};
/** Other classes: what is made at first use and stays. */
const SLACK_OF_A_CLASS = 8;

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
    const slack = EXACT.has(name) ? 0 : (SLACK[name] ?? SLACK_OF_A_CLASS);
    if (count - was > slack) found.push(`${name} ${was} -> ${count}`);
  }
  const frames = (of: Figures): number => (of.get('frames_used') ?? 0) - (of.get('heap_frames') ?? 0);
  if (frames(after) - frames(before) > SLACK.frames!) found.push(`frames ${frames(before)} -> ${frames(after)}`);
  return found;
}

/** Names of the kernel's classes by runtime id, which the build leaves beside the kernel image: without, the leak check could not tell them apart. */
function classNames(kernel: string): Readonly<Record<string, string>> {
  const file = join(dirname(kernel), CLASS_NAMES);
  if (!existsSync(file)) throw new UserError(`there is no ${CLASS_NAMES} beside '${kernel}'`, 'the build makes both: copy them together');
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}

/** Classes that the kernel gives as "#ID" by their names. */
function withClassNames(text: string, kernel: string): string {
  const names = classNames(kernel);
  return text.replace(/#(\d+)/g, (whole, id: string) => names[id] ?? whole);
}

function leak(text: string, kernel: string): string | undefined {
  const named = withClassNames(text, kernel);
  const [before, after] = [figures(named, 'before'), figures(named, 'after')];
  if (before === undefined || after === undefined) return 'the leak check did not run';
  const found = leaks(before, after);
  return found.length > 0 ? `leaked: ${found.join(', ')}` : undefined;
}

/** One boot with the fuzzer. */
export async function fuzz(choice: FuzzChoice): Promise<FuzzResult> {
  const work = mkdtempSync(join(tmpdir(), 'typix-fuzz-'));
  const root = join(work, 'root');
  try {
    for (const folder of ['bin', 'tmp', 'proc', 'dev']) mkdirSync(join(root, folder), { recursive: true });
    for (const [guest, host] of await fuzzFiles(work)) {
      mkdirSync(dirname(join(root, guest)), { recursive: true });
      copyFileSync(host, join(root, guest));
      chmodSync(join(root, guest), 0o755);
    }
    for (const applet of ['sh', 'cat', 'rm', 'chmod', 'sleep', 'mkdir', 'mount', 'ps', 'true']) execFileSync('ln', ['-sf', '/bin/busybox', join(root, 'bin', applet)]);
    writeFileSync(join(root, 'run.sh'), supervisor(choice), { mode: 0o755 });
    const { text, log, outcome } = await runCollected({
      system: 'typix', ...choice,
      request: { argv: ['/run.sh'], root, workingDirectory: '/', environment: ['PATH=/bin'] }, append: `loglevel=5 ${choice.append ?? ''}`, timeoutMs: (choice.seconds * 2 + 60) * 1000,
    });
    const calls = Number(/fuzz: done (\d+) calls/.exec(text)?.[1] ?? 0);
    const mutants = Number(/elf: done (\d+) mutants/.exec(text)?.[1] ?? 0);
    const bad = log.find((line) => /Oops|oops:|[Kk]ernel panic/.test(line)) ?? /^fuzz: BAD .*/m.exec(text)?.[0] ?? (calls === 0 || mutants === 0 ? 'nothing was tried' : undefined);
    const problem = bad ?? (outcome.kind !== 'exited' ? `the guest ended: ${outcome.kind}` : outcome.waitStatus !== 0 ? `the first process ended with status ${outcome.waitStatus}` : leak(text, choice.kernel));
    return { isGood: problem === undefined, problem, calls, mutants, log, tail: withClassNames(text, choice.kernel).split('\n').slice(-2400) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
