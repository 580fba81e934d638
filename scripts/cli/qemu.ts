/**
 * QEMU command lines. A MachineOptions says what the guest is; `qemuArguments` turns it into arguments, and nothing else in the
 * repository spells QEMU options. Serial ports, monitor and display are the caller's, since they differ by use.
 */
import { existsSync } from 'node:fs';
import { UserError } from './errors.ts';

export const QEMU = process.env.TYPIX_QEMU ?? 'qemu-system-x86_64';
export const OVMF_CODE = '/usr/share/OVMF/OVMF_CODE.fd';
export const OVMF_VARIABLES = '/usr/share/OVMF/OVMF_VARS.fd';

export type MachineType = 'q35' | 'pc' | 'microvm';
export const MACHINE_TYPES: readonly MachineType[] = ['q35', 'pc', 'microvm'];
export type Accelerator = 'kvm' | 'tcg';

/** What to boot: a kernel by -kernel, a CD, or a disk (USB stick). */
export type BootSource =
  | { readonly kind: 'kernel'; readonly kernel: string; readonly initrd?: string; readonly append: string }
  | { readonly kind: 'cdrom'; readonly image: string }
  | { readonly kind: 'usb'; readonly image: string };

export interface MachineOptions {
  readonly boot: BootSource;
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly machine: MachineType;
  readonly accelerator: Accelerator;
  readonly uefi?: boolean;
  /** Wait for gdb on port 1234. */
  readonly debug?: boolean;
  /** A graphics card; without one the firmware starts faster. */
  readonly video?: boolean;
  /** A window instead of none. */
  readonly display?: boolean;
  /** Further QEMU arguments, last. */
  readonly extra?: readonly string[];
}

function machineArguments(options: MachineOptions): string[] {
  if (options.machine === 'microvm') {
    // The legacy timer and interrupt controller stay, as on Firecracker; ACPI is there for power-off.
    return ['-M', 'microvm,acpi=on,rtc=on,pit=on,pic=on,isa-serial=on,auto-kernel-cmdline=off'];
  }
  return ['-M', options.machine === 'q35' ? 'q35' : 'pc'];
}

function cpuArguments(options: MachineOptions): string[] {
  const model = options.accelerator === 'kvm' ? 'host' : 'max';
  return ['-accel', options.accelerator, '-cpu', model, '-smp', String(options.cpus), '-m', `${Math.ceil(options.memoryBytes / 1048576)}M`];
}

function bootArguments(boot: BootSource): string[] {
  if (boot.kind === 'kernel') {
    return ['-kernel', boot.kernel, ...(boot.initrd ? ['-initrd', boot.initrd] : []), '-append', boot.append];
  }
  if (boot.kind === 'cdrom') return ['-cdrom', boot.image, '-boot', 'd'];
  return [
    '-drive', `if=none,id=stick,format=raw,readonly=on,file=${boot.image}`, '-device', 'qemu-xhci,id=usb', '-device',
    'usb-storage,bus=usb.0,drive=stick,bootindex=0',
  ];
}

/** All arguments of QEMU but those for serial ports and monitor. */
export function qemuArguments(options: MachineOptions): string[] {
  if (options.machine === 'microvm' && options.boot.kind !== 'kernel') {
    throw new UserError('microvm boots a kernel only', 'leave out --iso, --usb and --uefi');
  }
  const firmware: string[] = [];
  if (options.uefi) {
    if (!existsSync(OVMF_CODE)) throw new UserError(`${OVMF_CODE} is missing`, 'apt-get install ovmf');
    firmware.push('-drive', `if=pflash,format=raw,unit=0,readonly=on,file=${OVMF_CODE}`);
    firmware.push('-drive', `if=pflash,format=raw,unit=1,snapshot=on,file=${OVMF_VARIABLES}`);
  }
  return [
    '-nodefaults', '-no-user-config', ...machineArguments(options), ...cpuArguments(options), ...firmware, ...bootArguments(options.boot),
    ...(options.machine === 'microvm' ? [] : ['-vga', options.video || options.display ? 'std' : 'none']),
    ...(options.display ? [] : ['-display', 'none']),
    ...(options.debug ? ['-s', '-S'] : []), ...(options.extra ?? []),
  ];
}
