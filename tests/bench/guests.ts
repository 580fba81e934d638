/** The two systems that are compared: how each boots in the same QEMU, and how the Linux kernel is had. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { execa } from 'execa';
import { UserError } from '../../scripts/cli/errors.ts';
import { execInitramfs } from '../../scripts/cli/exec/exec-root.ts';
import { runGuest } from '../../scripts/cli/exec/guest-run.ts';
import { inBuild, inRepository, userCacheFolder } from '../../scripts/cli/paths.ts';
import { QEMU, qemuArguments, type Accelerator, type MachineOptions } from '../../scripts/cli/qemu.ts';
import { characterDevice, directory, file, writeCpio } from '../../toolchain/image/cpio.ts';
import { linuxExecEntries } from '../harness/linux-reference.ts';

export type System = 'linux' | 'typix';

/** Linux is tuned, so that nothing is won cheaply: Debian's defaults zero pages in path lookups and run a security module. */
export const LINUX_TUNING = 'mitigations=off lsm=none audit=0 init_on_alloc=0 quiet';

export interface Setup {
  readonly kernels: Record<System, string>;
  readonly accelerator: Accelerator;
  readonly memoryBytes: number;
  /** Count instructions instead of measuring time (QEMU's -icount shift=0,sleep=off). */
  readonly icount: boolean;
}

/** Debian's cloud kernel: taken from its package once, kept in the user's cache. Newest 6.1 that the archive offers. */
export function debianCloudKernel(log: (line: string) => void): string {
  const cache = join(userCacheFolder(), 'linux');
  const cached = existsSync(cache) ? readdirSync(cache).find((name) => name.startsWith('vmlinuz-6.1')) : undefined;
  if (cached) return join(cache, cached);
  const depends = execFileSync('apt-cache', ['depends', 'linux-image-cloud-amd64'], { encoding: 'utf8' });
  const name = /Depends: (linux-image-6\.1\S+-cloud-amd64)/.exec(depends)?.[1];
  if (!name) throw new UserError("apt does not know Debian's cloud kernel (linux-image-cloud-amd64)", 'run apt-get update on a Debian 12 machine');
  log(`fetching ${name}, the Linux to compare with`);
  const folder = mkdtempSync(join(tmpdir(), 'typix-linux-'));
  try {
    execFileSync('apt-get', ['download', name], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    const archive = readdirSync(folder).find((entry) => entry.endsWith('.deb'))!;
    execFileSync('dpkg-deb', ['-x', archive, 'content'], { cwd: folder });
    const kernel = readdirSync(join(folder, 'content/boot')).find((entry) => entry.startsWith('vmlinuz-'))!;
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, `${kernel}.part`), readFileSync(join(folder, 'content/boot', kernel)));
    renameSync(join(cache, `${kernel}.part`), join(cache, kernel));
    return join(cache, kernel);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A static program of this folder, compiled if a source is newer. */
export function benchProgram(name: 'bench' | 'boot-time'): string {
  const sources = (name === 'bench' ? ['harness.c', 'lines.c', 'tiny.S'] : ['boot-time.c']).map((source) => inRepository('tests/bench', source));
  const program = inBuild('bench', name);
  execFileSync('gcc', ['-O2', '-static', '-Wno-unused-result', '-o', program, ...sources, '-lpthread'], { stdio: 'inherit' });
  return program;
}

function machineFor(system: System, setup: Setup, initrd: string, append: string): MachineOptions {
  const tuning = system === 'linux' ? LINUX_TUNING : 'loglevel=4';
  return {
    boot: { kind: 'kernel', kernel: setup.kernels[system], initrd, append: `${append} ${tuning}` },
    memoryBytes: setup.memoryBytes, cpus: 1, machine: 'q35', accelerator: setup.accelerator,
    extra: setup.icount ? ['-icount', 'shift=0,sleep=off'] : [],
  };
}

/** One boot of the benchmark program; its output. Throws UserError when the guest fails. */
export async function runBench(system: System, setup: Setup, args: readonly string[], timeoutMs: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'typix-bench-'));
  try {
    const initrd = join(folder, 'initramfs.cpio');
    const request = { argv: [benchProgram('bench'), ...args], workingDirectory: '/', environment: ['PATH=/bin'] };
    writeFileSync(initrd, execInitramfs(request, system === 'linux' ? linuxExecEntries() : []));
    const output = new PassThrough();
    const chunks: Buffer[] = [];
    output.on('data', (chunk: Buffer) => void chunks.push(chunk));
    const log: string[] = [];
    const machine = machineFor(system, setup, initrd, 'typix.exec=stream panic=-1');
    const outcome = await runGuest(machine, { output, errors: output, log: (line) => void log.push(line) }, timeoutMs);
    const text = Buffer.concat(chunks).toString('latin1');
    if (!text.includes('bench: done')) throw new UserError(`the benchmark did not finish on ${system} (${outcome.kind})`, [...text.split('\n').slice(-5), ...log.slice(-15)].join('\n'));
    return text;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface BootFigures {
  /** From power-on to the first instruction of init, milliseconds. */
  readonly initMs: number;
  /** From power-on to kernel entry, where the kernel tells it. */
  readonly entryMs?: number;
  readonly memTotalKiB: number;
  readonly memFreeKiB: number;
}

/** One boot with tests/bench/boot-time.c as init. */
export async function bootFigures(system: System, setup: Setup): Promise<BootFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'typix-boot-'));
  try {
    const initrd = join(folder, 'initramfs.cpio');
    writeFileSync(initrd, writeCpio([directory('dev'), characterDevice('dev/console', 5, 1), file('init', readFileSync(benchProgram('boot-time')), 0o755)]));
    const machine = machineFor(system, setup, initrd, 'console=ttyS0 init=/init rdinit=/init panic=-1');
    const { stdout } = await execa(QEMU, [...qemuArguments(machine), '-monitor', 'none', '-serial', 'stdio', '-no-reboot'], { timeout: 120000, stdin: 'ignore', reject: false });
    const tsc = /boot-tsc (\d+) (\d+)/.exec(stdout);
    if (!tsc) throw new UserError(`${system} did not boot to init`, stdout.split('\n').slice(-15).join('\n'));
    const ms = (cycles: string): number => (Number(cycles) / Number(tsc[2])) * 1000;
    const entry = /boot-entry (\d+)/.exec(stdout);
    const memory = (field: string): number => Number(new RegExp(`${field}: +(\\d+)`).exec(stdout)?.[1] ?? NaN);
    return { initMs: ms(tsc[1]!), entryMs: entry ? ms(entry[1]!) : undefined, memTotalKiB: memory('MemTotal'), memFreeKiB: memory('MemFree') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
