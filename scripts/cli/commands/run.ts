/** `typix run`: boots Typix in QEMU with the terminal on the serial console. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import type { Argv, CommandModule } from 'yargs';
import { chooseAccelerator } from '../accelerator.ts';
import { UserError } from '../errors.ts';
import { guestOptions, kernelOptions, type GuestArguments, type KernelArguments } from '../options.ts';
import { ensureKernel } from '../kernel-image.ts';
import { ensurePackages, type Purpose } from '../packages.ts';
import { initramfsFor } from '../root-image.ts';
import { QEMU, qemuArguments, type BootSource, type MachineOptions } from '../qemu.ts';
import { parseCount, parseMemory } from '../sizes.ts';

interface RunArguments extends GuestArguments, KernelArguments {
  root?: string;
  iso?: boolean;
  usb?: boolean;
  uefi?: boolean;
  debug?: boolean;
  display?: boolean;
}

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

function options(parser: Argv): Argv<RunArguments> {
  return kernelOptions(guestOptions(parser))
    .option('root', { type: 'string', describe: 'root file system: a folder, or a cpio archive (newc, plain or gzip)', defaultDescription: "Debian's busybox" })
    .option('iso', { type: 'boolean', describe: 'boot the ISO from CD instead of the kernel directly' })
    .option('usb', { type: 'boolean', describe: 'boot the ISO as a USB stick' })
    .option('uefi', { type: 'boolean', describe: 'UEFI firmware (OVMF) instead of BIOS; needs --iso or --usb' })
    .option('debug', { type: 'boolean', describe: 'stop at the first instruction and wait for gdb on port 1234' })
    .option('display', { type: 'boolean', describe: 'open a window for the screen as well' })
    .example('$0 run', "Debian's busybox on Typix")
    .example('$0 run --root DIR --memory 1G', 'any root tree that has /init or /sbin/init')
    .example('$0 run --append "loglevel=7"', 'more of the kernel log')
    .example('$0 run --iso --uefi', 'the ISO, through UEFI firmware')
    .epilogue('The terminal is the guest\'s: Ctrl-C goes to it. Ctrl-A X ends QEMU, Ctrl-A H lists more keys.') as Argv<RunArguments>;
}

async function bootSource(args: RunArguments): Promise<BootSource> {
  if (args.iso || args.usb) {
    if (args.root !== undefined) throw new UserError('--root does not go with --iso', 'typix iso --root DIR makes an ISO with another root', 2);
    if (args.append) throw new UserError('--append does not go with --iso', 'the boot menu of the ISO takes options: press e', 2);
    const { ensureIso } = await import('../iso-image.ts');
    const image = await ensureIso(args, progress);
    return args.usb ? { kind: 'usb', image } : { kind: 'cdrom', image };
  }
  if (args.uefi) throw new UserError('--uefi needs --iso or --usb', undefined, 2);
  const kernel = await ensureKernel(args, progress);
  const initrd = await initramfsFor(args.root);
  return { kind: 'kernel', kernel, initrd, append: ['console=ttyS0', args.append ?? ''].join(' ').trim() };
}

/** The line that tells how to attach gdb. Addresses differ by kernel build only, so the symbols come from its ELF. */
async function debugHint(args: RunArguments): Promise<string> {
  const elf = await ensureKernel(args, progress);
  const script = `${elf.replace(/typix\.elf$/, '')}gdb-init`;
  const extra = existsSync(script) ? ` -x ${script}` : '';
  return `waiting for gdb; in another terminal:\n  gdb ${elf} -ex 'target remote :1234'${extra}\n  (gdb) hbreak NAME, then continue`;
}

async function run(args: RunArguments): Promise<void> {
  const memoryBytes = parseMemory(args.memory);
  const cpus = parseCount(args.cpus, 'number of CPUs', 1, 64);
  const purposes: Purpose[] = ['build', 'run'];
  if (args.iso || args.usb) purposes.push('iso');
  if (args.uefi) purposes.push('uefi');
  if (args.debug) purposes.push('debug');
  ensurePackages(purposes);
  const boot = await bootSource(args);
  const accelerator = args.debug ? 'tcg' : await chooseAccelerator(args, progress);
  const video = boot.kind !== 'kernel';
  const machine: MachineOptions = {
    boot, memoryBytes, cpus, machine: args.machine, accelerator, uefi: args.uefi, debug: args.debug, display: args.display, video, extra: args.qemu,
  };
  if (args.debug) progress(await debugHint(args));
  progress(`booting (${accelerator === 'kvm' ? 'KVM' : 'TCG'}, ${args.memory}); Ctrl-A X ends QEMU`);
  const serial = ['-serial', 'mon:stdio'];
  const child = spawn(QEMU, [...qemuArguments(machine), ...serial], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', (error) => reject(new UserError(`cannot start ${QEMU}: ${error.message}`)));
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

const command: CommandModule<object, RunArguments> = {
  command: 'run',
  describe: 'boot Typix and use it from this terminal',
  builder: options as CommandModule<object, RunArguments>['builder'],
  handler: run,
};
export default command;
