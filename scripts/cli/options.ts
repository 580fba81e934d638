/** Options that several commands share. */
import type { Argv } from 'yargs';
import { MACHINE_TYPES, type Accelerator, type MachineType } from './qemu.ts';
import { parseCount, parseMemory } from './sizes.ts';

export interface GuestArguments {
  memory: string;
  cpus: string;
  machine: MachineType;
  append?: string;
  kvm?: boolean;
  tcg?: boolean;
  qemu?: string[];
}

export interface KernelArguments {
  kernel?: string;
  release?: boolean;
  quick?: boolean;
  build?: boolean;
}

/** The virtual machine as the options describe it; what is left out is a q35 with one CPU. */
export interface GuestMachine {
  readonly accelerator: Accelerator;
  readonly memoryBytes: number;
  readonly cpus?: number;
  readonly machine?: MachineType;
  /** Kernel options besides those that every run has. */
  readonly append?: string;
  /** Further arguments for QEMU. */
  readonly extra?: readonly string[];
}

/** Reads what guestOptions offers. Throws UserError. */
export function guestMachine(args: GuestArguments, accelerator: Accelerator): GuestMachine {
  const { machine, append, qemu } = args;
  return { accelerator, memoryBytes: parseMemory(args.memory), cpus: parseCount(args.cpus, 'number of CPUs', 1, 64), machine, append, extra: qemu };
}

/** Size and kind of the virtual machine. */
export function guestOptions(parser: Argv): Argv<GuestArguments> {
  return parser
    .option('memory', { alias: 'm', type: 'string', default: '512M', describe: 'memory of the guest: 64M, 2G …' })
    .option('cpus', { type: 'string', default: '1', describe: 'number of CPUs' })
    .option('machine', { choices: MACHINE_TYPES, default: 'q35' as MachineType, describe: 'kind of PC' })
    .option('append', { type: 'string', describe: 'options added to the kernel command line' })
    .option('kvm', { type: 'boolean', describe: 'use KVM whatever the probe found' })
    .option('tcg', { type: 'boolean', describe: 'use emulation (TCG)' })
    .option('qemu', { type: 'string', array: true, nargs: 1, describe: 'one further argument for QEMU (may be repeated)' }) as Argv<GuestArguments>;
}

/** Which kernel is booted. */
export function kernelOptions<T>(parser: Argv<T>): Argv<T & KernelArguments> {
  return parser
    .option('release', { type: 'boolean', describe: 'the optimised build' })
    .option('quick', { type: 'boolean', describe: 'the quick developer build', defaultDescription: 'unless a release build is up to date' })
    .option('build', { type: 'boolean', default: true, describe: 'build first what is outdated (--no-build: boot what is there)' })
    .option('kernel', { type: 'string', describe: 'boot this kernel file instead' }) as Argv<T & KernelArguments>;
}
