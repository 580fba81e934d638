/**
 * What the boot and shell tests boot: the Typix kernel of this tree, or the kernel named by TYPIX_TEST_KERNEL (a Linux bzImage, say, to try
 * the tests themselves: what fails there is a fault of the test).
 */
import { writeFileSync } from 'node:fs';
import { ensureKernel, isBzImage } from '../../scripts/cli/kernel-image.ts';
import { inBuild } from '../../scripts/cli/paths.ts';
import type { MachineOptions } from '../../scripts/cli/qemu.ts';
import { ensureIso } from '../../scripts/cli/iso-image.ts';
import { defaultInitramfs } from '../../scripts/cli/root-image.ts';
import { writeCpio, type CpioEntry } from '../../toolchain/image/cpio.ts';
import { busyboxUserland } from '../../toolchain/image/userland.ts';

const MIB = 1024 * 1024;
const log = (line: string): void => void process.stderr.write(`${line}\n`);

export const foreignKernel = process.env.TYPIX_TEST_KERNEL;

/** Linux as a stand-in cannot do what only the Typix image can: be loaded by Multiboot2. */
export const isForeign = foreignKernel !== undefined;

/** Set by `typix test --quick` and `--no-build`; else a release build that is up to date, or the quick one. */
const modeChoice = {
  quick: process.env.TYPIX_TEST_MODE === 'quick' || undefined, build: process.env.TYPIX_TEST_BUILD === 'no' ? false : undefined,
};

export async function testKernel(): Promise<string> {
  return ensureKernel(foreignKernel ? { kernel: foreignKernel } : modeChoice, log);
}

export async function testIso(): Promise<string> {
  return ensureIso(modeChoice, log);
}

/** Path of the default root with further entries. */
export function initramfsWith(name: string, entries: readonly CpioEntry[]): string {
  const path = inBuild('tests', `${name}.cpio`);
  writeFileSync(path, writeCpio([...busyboxUserland(), ...entries]));
  return path;
}

export interface GuestShape {
  readonly memoryMib?: number;
  readonly cpus?: number;
  readonly machine?: MachineOptions['machine'];
  readonly uefi?: boolean;
  readonly append?: string;
  readonly initrd?: string;
  /** A kernel file instead of this tree's. */
  readonly kernel?: string;
  readonly extra?: readonly string[];
}

function shape(guest: GuestShape): Omit<MachineOptions, 'boot'> {
  return {
    memoryBytes: (guest.memoryMib ?? 512) * MIB, cpus: guest.cpus ?? 1, machine: guest.machine ?? 'q35', accelerator: 'tcg', uefi: guest.uefi,
    extra: guest.extra,
  };
}

/** A machine that boots the kernel directly. */
export async function kernelMachine(guest: GuestShape = {}): Promise<MachineOptions> {
  const kernel = guest.kernel ?? (await testKernel());
  const quiet = isBzImage(kernel) ? 'quiet' : '';
  const append = ['console=ttyS0', quiet, guest.append ?? ''].filter(Boolean).join(' ');
  return { ...shape(guest), boot: { kind: 'kernel', kernel, initrd: guest.initrd ?? (await defaultInitramfs()), append } };
}

/** A machine that boots the ISO, from CD or as a stick. */
export async function isoMachine(kind: 'cdrom' | 'usb', guest: GuestShape = {}): Promise<MachineOptions> {
  return { ...shape(guest), video: true, boot: { kind, image: await testIso() } };
}
