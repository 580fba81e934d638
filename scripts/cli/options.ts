/** Options that several commands share. */
import type { Argv } from 'yargs';
import { MACHINE_TYPES, type MachineType } from './qemu.ts';

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
