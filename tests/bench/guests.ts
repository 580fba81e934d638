/** The two systems that are compared, in the same QEMU: the benchmark program on each, and the measurement of booting. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { UserError } from '../../scripts/cli/errors.ts';
import { inBuild, inRepository } from '../../scripts/cli/paths.ts';
import { QEMU, qemuArguments, type Accelerator, type MachineOptions } from '../../scripts/cli/qemu.ts';
import { characterDevice, directory, file, writeCpio } from '../../toolchain/image/cpio.ts';
import { runCollected, type System } from '../harness/collected-run.ts';
import { BOOT_LINES, type Sample } from './results.ts';

/** Linux is tuned, so that nothing is won cheaply: Debian's defaults zero pages in path lookups and run a security module. */
const KERNEL_OPTIONS: Readonly<Record<System, string>> = { linux: 'mitigations=off lsm=none audit=0 init_on_alloc=0 quiet', typix: 'loglevel=4' };

export interface Setup {
  readonly kernels: Record<System, string>;
  readonly accelerator: Accelerator;
  readonly memoryBytes: number;
  /** Count instructions instead of measuring time (QEMU's -icount shift=0,sleep=off). */
  readonly icount: boolean;
}

/** A static program of this folder, compiled if a source is newer. */
export function benchProgram(name: 'bench' | 'boot-time'): string {
  const sources = (name === 'bench' ? ['harness.c', 'lines.c', 'tiny.S'] : ['boot-time.c']).map((source) => inRepository('tests/bench', source));
  const program = inBuild('bench', name);
  execFileSync('gcc', ['-O2', '-static', '-Wno-unused-result', '-o', program, ...sources, '-lpthread'], { stdio: 'inherit' });
  return program;
}

function countingArguments(setup: Setup): string[] {
  return setup.icount ? ['-icount', 'shift=0,sleep=off'] : [];
}

/** One boot of the benchmark program; its output. Throws UserError when the guest fails. */
export async function runBench(system: System, setup: Setup, args: readonly string[], timeoutMs: number): Promise<string> {
  const request = { argv: [benchProgram('bench'), ...args], workingDirectory: '/', environment: ['PATH=/bin'] };
  const { text, log, outcome } = await runCollected({
    system, kernel: setup.kernels[system], accelerator: setup.accelerator, memoryBytes: setup.memoryBytes, request, append: KERNEL_OPTIONS[system], timeoutMs,
    extra: countingArguments(setup),
  });
  if (!text.includes('bench: done')) throw new UserError(`the benchmark did not finish on ${system} (${outcome.kind})`, [...text.split('\n').slice(-5), ...log.slice(-15)].join('\n'));
  return text;
}

export interface BootFigures {
  /** From power-on to the first instruction of init, milliseconds. */
  readonly initMs: number;
  /** From power-on to kernel entry, where the kernel tells it. */
  readonly entryMs?: number;
  readonly memTotalKiB: number;
  readonly memFreeKiB: number;
}

/** The lines of a boot; `entryMs`: from power-on to the kernel's entry. */
export function bootSamples(figures: BootFigures, entryMs: number | undefined, memoryBytes: number): Sample[] {
  const start = { name: `${BOOT_LINES}kernel entry to first user instruction`, unit: 'ms' };
  return [
    entryMs === undefined ? { ...start, reason: 'only Typix tells when the kernel was entered' } : { ...start, value: figures.initMs - entryMs },
    { name: `${BOOT_LINES}memory in use afterwards`, unit: 'MiB', value: (figures.memTotalKiB - figures.memFreeKiB) / 1024 },
    { name: `${BOOT_LINES}memory never available`, unit: 'MiB', value: memoryBytes / 1024 / 1024 - figures.memTotalKiB / 1024 },
  ];
}

/** One boot with tests/bench/boot-time.c as init. */
export async function bootFigures(system: System, setup: Setup): Promise<BootFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'typix-boot-'));
  try {
    const initrd = join(folder, 'initramfs.cpio');
    writeFileSync(initrd, writeCpio([directory('dev'), characterDevice('dev/console', 5, 1), file('init', readFileSync(benchProgram('boot-time')), 0o755)]));
    const machine: MachineOptions = {
      boot: { kind: 'kernel', kernel: setup.kernels[system], initrd, append: `console=ttyS0 init=/init rdinit=/init panic=-1 ${KERNEL_OPTIONS[system]}` },
      memoryBytes: setup.memoryBytes, cpus: 1, machine: 'q35', accelerator: setup.accelerator, extra: countingArguments(setup),
    };
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
