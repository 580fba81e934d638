/** The ISO: the same inputs give the same bytes in two different folders, small, with both boot paths on it. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeCpioGzip } from './cpio.ts';
import { grubConfig, quoteForGrub } from './grub-config.ts';
import { makeIso } from './iso.ts';
import { busyboxUserland } from './userland.ts';

const EPOCH = 1790000000;
let folder: string;
let iso: string;

/** Makes an ISO from copies of the inputs in a folder of its own, with times of its own. */
function isoIn(name: string, time: number): string {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  for (const input of ['typix.elf', 'root.gz']) {
    cpSync(join(folder, input), join(place, input));
    utimesSync(join(place, input), time, time);
  }
  const output = join(place, 'out.iso');
  makeIso({ kernel: join(place, 'typix.elf'), initramfs: join(place, 'root.gz'), output, epoch: EPOCH });
  return output;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'typix-iso-test-'));
  writeFileSync(join(folder, 'typix.elf'), Buffer.alloc(1_000_000, 'kernel'));
  writeFileSync(join(folder, 'root.gz'), writeCpioGzip(busyboxUserland()));
  iso = isoIn('first', 1_000_000_000);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('is the same, bit for bit, from another folder and at another time', async () => {
  // Long enough for clocks with steps of two seconds (FAT) to move on.
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const other = isoIn('another/and a deeper folder', 1_500_000_000);
  expect(readFileSync(other).equals(readFileSync(iso))).toBe(true);
});

test('another date gives another image', () => {
  const output = join(folder, 'later.iso');
  makeIso({ kernel: join(folder, 'typix.elf'), initramfs: join(folder, 'root.gz'), output, epoch: EPOCH + 86400 });
  expect(readFileSync(output).equals(readFileSync(iso))).toBe(false);
});

test('is small, and boots by BIOS and UEFI, from CD and stick', () => {
  expect(statSync(iso).size).toBeLessThan(12 * 1024 * 1024 - 1_000_000);
  const report = execFileSync('xorriso', ['-indev', iso, '-report_el_torito', 'plain', '-report_system_area', 'plain'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  expect(report).toMatch(/El Torito boot img : +1 +BIOS +y/);
  expect(report).toMatch(/El Torito boot img : +2 +UEFI +y/);
  expect(report).toMatch(/System area summary: .*grub2-mbr.*GPT/);
  expect(report).toMatch(/GPT partition path : +2 +\/boot\/grub\/efi.img/);
});

test('holds the kernel and the root as they were', () => {
  const out = join(folder, 'extracted');
  execFileSync('xorriso', ['-osirrox', 'on', '-indev', iso, '-extract', '/boot/typix.elf', out], { stdio: 'ignore' });
  expect(readFileSync(out).equals(readFileSync(join(folder, 'typix.elf')))).toBe(true);
});

test('the menu quotes what GRUB would interpret', () => {
  expect(quoteForGrub('loglevel=7 a=$b  c;d')).toBe("loglevel=7 'a=$b' 'c;d'");
  expect(quoteForGrub("it's")).toBe("'it'\\''s'");
  const menu = grubConfig({ append: 'debug', timeoutSeconds: 3 });
  expect(menu.match(/^menuentry /gm)).toHaveLength(3);
  expect(menu).toMatch(/set timeout=3\n/);
  expect(menu).toMatch(/multiboot2 \/boot\/typix.elf console=ttyS0 debug\n/);
});
