/** `typix exec`: runs one Linux program of the host on Typix and ends with its exit status. */
import { fstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { chooseAccelerator } from '../accelerator.ts';
import { UserError } from '../errors.ts';
import { execInitramfs, type ExecRequest } from '../exec/exec-root.ts';
import { runGuest, type ExecOutcome, type ExecStreams } from '../exec/guest-run.ts';
import { ensureKernel, isBzImage } from '../kernel-image.ts';
import { guestOptions, kernelOptions, type GuestArguments, type KernelArguments } from '../options.ts';
import { ensurePackages } from '../packages.ts';
import { parseCount, parseMemory, parseSeconds } from '../sizes.ts';

const STATUS_TIMEOUT = 124;
const STATUS_GUEST_FAILED = 125;
const STATUS_NOT_EXECUTABLE = 126;
const STATUS_NOT_FOUND = 127;

export interface ExecArguments extends GuestArguments, KernelArguments {
  root?: string;
  file?: string[];
  env?: string[];
  cwd: string;
  strace?: boolean;
  log?: boolean;
  timeout?: string;
  program?: string[];
  '--'?: string[];
}

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

function options(parser: Argv): Argv<ExecArguments> {
  return kernelOptions(guestOptions(parser))
    .positional('program', { type: 'string', array: true, describe: 'program of this machine (static or dynamic ELF file, or script) and its arguments' })
    .option('root', { type: 'string', describe: 'folder that becomes the root; the program is then looked up there' })
    .option('file', { type: 'string', array: true, nargs: 1, describe: 'one more file of this machine, or all of a folder, at the same path (may be repeated)' })
    .option('env', { type: 'string', array: true, nargs: 1, describe: 'NAME=value for the program, or NAME to pass it on (may be repeated)' })
    .option('cwd', { type: 'string', default: '/', describe: 'working directory in the guest' })
    .option('strace', { type: 'boolean', describe: 'print system calls to standard error' })
    .option('log', { type: 'boolean', describe: 'print the kernel log to standard error' })
    .option('timeout', { type: 'string', describe: 'end after so many seconds, with status 124' })
    .example('$0 exec -- /bin/busybox uname -a', 'one program')
    .example('echo hello | $0 exec -- /bin/busybox md5sum', 'standard input is passed on')
    .example('$0 exec --strace -- ./a.out', 'what it asks of the kernel')
    .epilogue('Exit status: the program\'s; 128+n after signal n; 124 timeout; 125 the guest failed; 126 not executable; 127 not found.') as Argv<ExecArguments>;
}

/** Environment of the program: a plain one, not the caller's, so that a run does not depend on who starts it. */
export function environment(args: ExecArguments): string[] {
  const values = new Map([['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], ['HOME', '/root'], ['TERM', process.env.TERM ?? 'linux']]);
  for (const item of args.env ?? []) {
    const at = item.indexOf('=');
    if (at === 0) throw new UserError(`wrong --env '${item}'`, 'write NAME=value or NAME', 2);
    if (at > 0) values.set(item.slice(0, at), item.slice(at + 1));
    else if (process.env[item] !== undefined) values.set(item, process.env[item]);
  }
  return [...values].map(([name, value]) => `${name}=${value}`);
}

/** The command's own standard input, or undefined where there is nothing to read. */
export function standardInput(): NodeJS.ReadStream | undefined {
  try {
    const stat = fstatSync(0);
    const isNull = stat.isCharacterDevice() && !process.stdin.isTTY;
    return isNull ? undefined : process.stdin;
  } catch {
    return undefined;
  }
}

export function exitStatus(outcome: ExecOutcome, program: string, logged: readonly string[]): number {
  const explain = (text: string): void => {
    for (const line of logged) process.stderr.write(`${line}\n`);
    process.stderr.write(`typix: ${text}\n`);
  };
  switch (outcome.kind) {
    case 'exited': {
      const signal = outcome.waitStatus & 0x7f;
      return signal === 0 ? (outcome.waitStatus >> 8) & 0xff : 128 + signal;
    }
    case 'not-started': {
      const name = Object.entries(constants.errno).find(([, value]) => value === outcome.errno)?.[0] ?? `error ${outcome.errno}`;
      process.stderr.write(`typix: the guest could not execute '${program}': ${name}\n`);
      return outcome.errno === constants.errno.ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
    }
    case 'timeout':
      process.stderr.write('typix: the time limit passed\n');
      return STATUS_TIMEOUT;
    case 'panic':
      explain('the kernel panicked; its log is above');
      return STATUS_GUEST_FAILED;
    case 'died':
      explain(`QEMU ended before the program: ${outcome.reason}`);
      return STATUS_GUEST_FAILED;
  }
}

async function exec(args: ExecArguments): Promise<void> {
  const argv = [...(args.program ?? []), ...(args['--'] ?? [])].map(String);
  const program = argv[0];
  if (program === undefined) throw new UserError('say which program to run', 'typix exec -- PROGRAM ARGS…', 2);
  const memoryBytes = parseMemory(args.memory);
  const cpus = parseCount(args.cpus, 'number of CPUs', 1, 64);
  const timeoutMs = args.timeout === undefined ? undefined : parseSeconds(args.timeout, 'time limit') * 1000;
  ensurePackages(['build', 'run']);
  const request: ExecRequest = { argv, root: args.root, workingDirectory: args.cwd, environment: environment(args), files: args.file };
  const kernel = await ensureKernel(args, progress);
  const isReference = args.kernel !== undefined && isBzImage(kernel);
  const archive = execInitramfs(request, isReference ? (await import('../../../tests/harness/linux-reference.ts')).linuxExecEntries() : []);
  const accelerator = await chooseAccelerator(args, progress);
  const isTerminal = Boolean(process.stdin.isTTY && process.stdout.isTTY);
  const append = [`typix.exec=${isTerminal ? 'tty' : 'stream'}`, 'panic=-1', args.strace ? 'strace=*' : '', args.append ?? ''].filter(Boolean).join(' ');
  const folder = mkdtempSync(join(tmpdir(), 'typix-exec-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(128 + constants.signals[signal]));
  const initrd = join(folder, 'initramfs.cpio');
  writeFileSync(initrd, archive);
  const logged: string[] = [];
  const log = (line: string): void => void (args.strace || args.log ? process.stderr.write(`${line}\n`) : logged.push(line));
  const streams: ExecStreams = { input: standardInput(), output: process.stdout, errors: process.stderr, log };
  if (isTerminal) process.stdin.setRawMode(true);
  const outcome = await runGuest({ boot: { kind: 'kernel', kernel, initrd, append }, memoryBytes, cpus, machine: args.machine, accelerator, extra: args.qemu }, streams, timeoutMs);
  if (isTerminal) process.stdin.setRawMode(false);
  const status = exitStatus(outcome, program, logged);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(status);
}

/** Resolves when everything written has left this process. */
export function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write('', () => resolve()));
}

const command: CommandModule<object, ExecArguments> = {
  command: 'exec [program..]',
  describe: 'run one program of this machine on Typix and end with its exit status',
  builder: options as CommandModule<object, ExecArguments>['builder'],
  handler: exec,
};
export default command;
