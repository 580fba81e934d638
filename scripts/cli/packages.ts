/**
 * The Debian packages that Typix needs. A witness file tells at once that a package's contents are there (installed in whatever way);
 * only when one lacks is dpkg asked, and what is missing is named, explained and installed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { UserError } from './errors.ts';

/** What a command is about to do; each needs some packages. */
export type Purpose = 'build' | 'iso' | 'run' | 'uefi' | 'debug' | 'test' | 'strace';

export interface DebianPackage {
  readonly name: string;
  readonly witness: string;
  readonly why: string;
  readonly purposes: readonly Purpose[];
}

export const PACKAGES: readonly DebianPackage[] = [
  { name: 'gcc', witness: '/usr/bin/gcc', why: 'compiles the C that the kernel is translated to', purposes: ['build'] },
  { name: 'binutils', witness: '/usr/bin/ld', why: 'assembles and links the kernel, reads ELF files', purposes: ['build', 'run'] },
  { name: 'libc6-dev', witness: '/usr/include/stdint.h', why: 'headers that test programs need', purposes: ['test'] },
  { name: 'busybox-static', witness: '/bin/busybox', why: 'the programs of the first root file system', purposes: ['iso', 'run', 'test'] },
  { name: 'qemu-system-x86', witness: '/usr/bin/qemu-system-x86_64', why: 'the virtual machine', purposes: ['run', 'test'] },
  { name: 'xorriso', witness: '/usr/bin/xorriso', why: 'writes the ISO', purposes: ['iso', 'test'] },
  { name: 'mtools', witness: '/usr/bin/mcopy', why: "writes the ISO's EFI partition", purposes: ['iso', 'test'] },
  { name: 'grub-common', witness: '/usr/bin/grub-mkimage', why: 'makes the boot loader', purposes: ['iso', 'test'] },
  { name: 'grub-pc-bin', witness: '/usr/lib/grub/i386-pc/cdboot.img', why: 'boot loader for BIOS', purposes: ['iso', 'test'] },
  { name: 'grub-efi-amd64-bin', witness: '/usr/lib/grub/x86_64-efi/multiboot2.mod', why: 'boot loader for UEFI', purposes: ['iso', 'test'] },
  { name: 'ovmf', witness: '/usr/share/OVMF/OVMF_CODE.fd', why: 'UEFI firmware for the virtual machine', purposes: ['uefi', 'test'] },
  { name: 'bochs', witness: '/usr/bin/bochs-bin', why: 'a second virtual machine, which checks what QEMU lets pass', purposes: ['test'] },
  { name: 'bochs-x', witness: '/usr/lib/x86_64-linux-gnu/bochs/plugins/libbx_x_gui.so', why: "Bochs' screen", purposes: ['test'] },
  { name: 'bochsbios', witness: '/usr/share/bochs/BIOS-bochs-latest', why: "Bochs' firmware", purposes: ['test'] },
  { name: 'vgabios', witness: '/usr/share/vgabios/vgabios.bin', why: "firmware of Bochs' graphics card", purposes: ['test'] },
  { name: 'xvfb', witness: '/usr/bin/Xvfb', why: 'the X server without a screen on which Bochs shows its own', purposes: ['test'] },
  { name: 'python3', witness: '/usr/bin/python3', why: 'a program that must run on Typix as on Linux', purposes: ['test'] },
  { name: 'strace', witness: '/usr/bin/strace', why: 'shows the system calls of a failed test on Linux', purposes: ['strace'] },
  { name: 'gdb', witness: '/usr/bin/gdb', why: 'the debugger', purposes: ['debug'] },
];

/** Packages for these purposes whose contents are not on this machine. */
export function missingPackages(purposes: readonly Purpose[], packages: readonly DebianPackage[] = PACKAGES): DebianPackage[] {
  const lacking = packages.filter((item) => item.purposes.some((purpose) => purposes.includes(purpose)) && !existsSync(item.witness));
  return lacking;
}

/** What dpkg says of a package: 'install ok installed', or '' when it knows nothing. */
export function packageStatus(name: string): string {
  const answer = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' });
  return answer.status === 0 ? answer.stdout.trim() : '';
}

function isDebian(): boolean {
  return existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-query');
}

/** `apt-get ARGS` as root, by sudo where needed. Never asks, except sudo for a password on a terminal. */
function aptGet(args: readonly string[]): void {
  let command = 'apt-get';
  let options = ['-y', '-q', ...args];
  if (process.getuid?.() !== 0) {
    if (!existsSync('/usr/bin/sudo')) {
      throw new UserError('installing packages needs root, and there is no sudo', `as root: apt-get install ${args.slice(1).join(' ')}`);
    }
    options = [...(process.stdin.isTTY ? [] : ['-n']), 'DEBIAN_FRONTEND=noninteractive', command, ...options];
    command = 'sudo';
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync(command, options, { stdio: [process.stdin.isTTY ? 'inherit' : 'ignore', 2, 2], env });
}

/** True if apt knows a version of each package that it could install. */
function aptKnows(names: readonly string[]): boolean {
  const answer = spawnSync('apt-cache', ['policy', ...names], { encoding: 'utf8' });
  const candidates = (answer.stdout ?? '').match(/^ {2}Candidate: (?!\(none\))/gm) ?? [];
  return candidates.length === names.length;
}

/** Brings apt's lists of packages up to date. */
export function updatePackageLists(): void {
  aptGet(['update']);
}

/** Installs what these purposes lack, after saying what and why. Silent and immediate when nothing is missing. */
export function ensurePackages(purposes: readonly Purpose[], packages: readonly DebianPackage[] = PACKAGES): void {
  const missing = missingPackages(purposes, packages);
  if (missing.length === 0) return;
  const names = missing.map((item) => item.name);
  const width = Math.max(...names.map((name) => name.length));
  const list = missing.map((item) => `  ${item.name.padEnd(width)}  ${item.why}`).join('\n');
  if (!isDebian()) {
    throw new UserError(`this machine lacks:\n${list}`, 'install these (the names are those of Debian 12) and try again');
  }
  const damaged = missing.filter((item) => packageStatus(item.name) === 'install ok installed');
  process.stderr.write(`typix: installing Debian packages that are missing:\n${list}\n`);
  const reinstall = damaged.length > 0 ? ['--reinstall'] : [];
  const install = ['install', '--no-install-recommends', ...reinstall, ...names];
  try {
    if (!aptKnows(names)) aptGet(['update']);
    try {
      aptGet(install);
    } catch (error) {
      if (error instanceof UserError) throw error;
      // The lists may be older than the archive: versions they name are gone.
      aptGet(['update']);
      aptGet(install);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`apt-get could not install ${names.join(' ')}`, 'its messages are above; install them by hand and try again');
  }
  const still = missingPackages(purposes, packages);
  if (still.length > 0) throw new UserError(`still missing after installation: ${still.map((item) => item.witness).join(' ')}`);
}
