/**
 * The ISO: one hybrid image that boots by BIOS and by UEFI, from CD and from a USB stick. GRUB loads the kernel by Multiboot2.
 *
 * Reproducible: the image depends on the inputs and `epoch` alone. Every date is `epoch`, the FAT serial and the GPT identifiers are derived
 * from it, owners are root, and the staging folder's name appears nowhere. Tools: grub-mkimage, mtools, xorriso.
 *
 *   sector 0        hybrid MBR (GRUB's boot_hybrid.img) + protective GPT
 *   El Torito 1     BIOS: /boot/grub/bios.img (cdboot + core)
 *   El Torito 2     UEFI: FAT image with /EFI/BOOT/BOOTX64.EFI, also GPT partition "EFI system"
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grubConfig, type MenuOptions } from './grub-config.ts';

const GRUB = '/usr/lib/grub';
const VOLUME_ID = 'TYPIX';

const COMMON_MODULES = ['iso9660', 'part_gpt', 'part_msdos', 'normal', 'configfile', 'echo', 'test', 'serial', 'terminal', 'multiboot2', 'search', 'search_label'];
const BIOS_MODULES = [...COMMON_MODULES, 'biosdisk', 'vbe'];
const EFI_MODULES = [...COMMON_MODULES, 'fat', 'efi_gop'];

export interface IsoOptions {
  readonly kernel: string;
  /** Archive of the root, gzip or plain; the kernel looks at its first bytes. */
  readonly initramfs: string;
  readonly output: string;
  /** Seconds since 1970: the date of everything on the image. */
  readonly epoch: number;
  readonly menu?: Partial<MenuOptions>;
}

function tool(command: string, args: readonly string[], epoch: number): void {
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(epoch), TZ: 'UTC', LC_ALL: 'C', MTOOLS_SKIP_CHECK: '1', MTOOLSRC: '/dev/null' };
  try {
    execFileSync(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const failure = error as { stderr?: Buffer; message: string };
    throw new Error(`${command} failed: ${failure.stderr?.toString().trim() || failure.message}`);
  }
}

/** Both boot loaders find the volume by its label, then read its configuration. */
function embeddedConfig(folder: string): string {
  const path = join(folder, 'embedded.cfg');
  writeFileSync(path, `search --no-floppy --label ${VOLUME_ID} --set=root\nset prefix=($root)/boot/grub\nconfigfile $prefix/grub.cfg\n`);
  return path;
}

function makeBiosLoader(folder: string, output: string, epoch: number): void {
  tool('grub-mkimage', ['-O', 'i386-pc-eltorito', '-d', `${GRUB}/i386-pc`, '-p', '/boot/grub', '-c', embeddedConfig(folder), '-o', output, ...BIOS_MODULES], epoch);
}

/** A FAT12 image just large enough for the UEFI loader. */
function makeEfiPartition(folder: string, output: string, epoch: number): void {
  const loader = join(folder, 'BOOTX64.EFI');
  tool('grub-mkimage', ['-O', 'x86_64-efi', '-d', `${GRUB}/x86_64-efi`, '-p', '/boot/grub', '-c', embeddedConfig(folder), '-o', loader, ...EFI_MODULES], epoch);
  utimesSync(loader, epoch, epoch);
  const kib = Math.ceil(statSync(loader).size / 1024) + 96;
  const serial = (epoch >>> 0).toString(16).padStart(8, '0');
  tool('mformat', ['-i', output, '-C', '-T', String(kib * 2), '-h', '2', '-s', '32', '-N', serial, '-v', VOLUME_ID, '::'], epoch);
  tool('mmd', ['-i', output, '::/EFI', '::/EFI/BOOT'], epoch);
  tool('mcopy', ['-m', '-i', output, loader, '::/EFI/BOOT/BOOTX64.EFI'], epoch);
}

/** ISO 9660 date of xorriso: YYYYMMDDhhmmsscc in UTC. */
function isoDate(epoch: number): string {
  return new Date(epoch * 1000).toISOString().replace(/[-:T]/g, '').replace(/\..*$/, '') + '00';
}

function setDates(folder: string, epoch: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) utimesSync(join(entry.parentPath, entry.name), epoch, epoch);
  utimesSync(folder, epoch, epoch);
}

/** Writes the ISO. Throws with the tool's message if one fails. */
export function makeIso(options: IsoOptions): void {
  const work = mkdtempSync(join(tmpdir(), 'typix-iso-'));
  try {
    const tree = join(work, 'tree');
    mkdirSync(join(tree, 'boot', 'grub'), { recursive: true });
    copyFileSync(options.kernel, join(tree, 'boot', 'typix.elf'));
    copyFileSync(options.initramfs, join(tree, 'boot', 'initramfs.cpio'));
    writeFileSync(join(tree, 'boot', 'grub', 'grub.cfg'), grubConfig({ append: '', timeoutSeconds: 1, ...options.menu }));
    makeBiosLoader(work, join(tree, 'boot', 'grub', 'bios.img'), options.epoch);
    makeEfiPartition(work, join(tree, 'boot', 'grub', 'efi.img'), options.epoch);
    for (const name of readdirSync(join(tree, 'boot'))) execFileSync('chmod', [name === 'grub' ? '755' : '644', join(tree, 'boot', name)]);
    setDates(tree, options.epoch);
    rmSync(options.output, { force: true });
    tool('xorriso', [
      '-as', 'mkisofs', '-quiet', '-r', '-V', VOLUME_ID, '-o', options.output, `--modification-date=${isoDate(options.epoch)}`,
      '--set_all_file_dates', isoDate(options.epoch),
      '-b', 'boot/grub/bios.img', '-no-emul-boot', '-boot-load-size', '4', '-boot-info-table', '--grub2-boot-info',
      '--grub2-mbr', `${GRUB}/i386-pc/boot_hybrid.img`, '--protective-msdos-label', '--mbr-force-bootable',
      '--efi-boot', 'boot/grub/efi.img', '-efi-boot-part', '--efi-boot-image', tree,
    ], options.epoch);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
