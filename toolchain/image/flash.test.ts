/** What stands between `typix flash` and a disk that must not be overwritten, tried on a made-up /sys and /proc. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBlockDevice, refusals } from './block-device.ts';
import { firstDifference, writeImage } from './write-image.ts';

let root: string;

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** A disk of 8 GiB with one partition, as Linux shows it. */
function makeDisk(name: string, bus: 'usb' | 'sata', removable: '0' | '1'): void {
  const devices = bus === 'usb' ? 'sys/devices/pci0/usb1/1-1/host6/block' : 'sys/devices/pci0/ata1/host0/block';
  put(`${devices}/${name}/size`, '16777216\n');
  put(`${devices}/${name}/dev`, '8:16\n');
  put(`${devices}/${name}/ro`, '0\n');
  put(`${devices}/${name}/removable`, `${removable}\n`);
  put(`${devices}/${name}/device/vendor`, 'ACME    \n');
  put(`${devices}/${name}/device/model`, 'Stick 3000\n');
  put(`${devices}/${name}/${name}1/partition`, '1\n');
  put(`${devices}/${name}/${name}1/size`, '2048\n');
  put(`${devices}/${name}/${name}1/dev`, '8:17\n');
  mkdirSync(join(root, 'sys/class/block'), { recursive: true });
  symlinkSync(join(root, devices, name), join(root, 'sys/class/block', name));
  symlinkSync(join(root, devices, name, `${name}1`), join(root, 'sys/class/block', `${name}1`));
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'typix-flash-'));
  put('proc/self/mountinfo', '22 1 254:0 / / rw - ext4 /dev/vda rw\n');
  put('proc/swaps', 'Filename\tType\tSize\tUsed\tPriority\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const read = (name: string): NonNullable<ReturnType<typeof readBlockDevice>> => {
  const device = readBlockDevice(name, { root });
  if (!device) throw new Error(`${name} was not found`);
  return device;
};

test('a stick may be overwritten, and is described', () => {
  makeDisk('sdb', 'usb', '1');
  const stick = read('sdb');
  expect(stick).toMatchObject({ model: 'ACME Stick 3000', bytes: 8 * 2 ** 30, isRemovable: true, partitions: [{ name: 'sdb1', bytes: 2 ** 20 }] });
  expect(refusals(stick, 1000)).toEqual([]);
});

test('a USB disk that calls itself fixed counts as removable; one on SATA does not', () => {
  makeDisk('sdb', 'usb', '0');
  makeDisk('sda', 'sata', '0');
  expect(refusals(read('sdb'), 0)).toEqual([]);
  expect(refusals(read('sda'), 0)).toEqual(['it is not a removable disk']);
});

test('a mounted partition, swap or a stacked device keeps the disk', () => {
  makeDisk('sdb', 'usb', '1');
  put('proc/self/mountinfo', '40 22 8:17 / /media/my\\040stick rw - vfat /dev/sdb1 rw\n');
  expect(refusals(read('sdb'), 0)).toEqual(['it is mounted on /media/my stick']);
  put('proc/self/mountinfo', '');
  put('proc/swaps', 'Filename Type Size Used Priority\n/dev/sdb1 partition 1024 0 -2\n');
  expect(refusals(read('sdb'), 0)).toEqual(['it is in use by swap on sdb1']);
  put('proc/swaps', '');
  put('sys/class/block/sdb/sdb1/holders/dm-0', '');
  expect(refusals(read('sdb'), 0)).toEqual(['it is in use by dm-0']);
});

test('a disk that is read-only, empty or too small is refused', () => {
  makeDisk('sdb', 'usb', '1');
  expect(refusals(read('sdb'), 2 ** 34)[0]).toMatch(/does not fit/);
  put('sys/class/block/sdb/ro', '1');
  put('sys/class/block/sdb/size', '0');
  expect(refusals(read('sdb'), 1)).toEqual(['it is read-only', 'it holds no medium']);
});

test('partitions and unknown names are no disks', () => {
  makeDisk('sdb', 'usb', '1');
  expect(readBlockDevice('sdb1', { root })).toBeUndefined();
  expect(readBlockDevice('sdz', { root })).toBeUndefined();
});

test('writing is verified', () => {
  const [image, target] = [join(root, 'image'), join(root, 'target')];
  const bytes = Buffer.alloc(5 * 1024 * 1024 + 77, 'typix');
  writeFileSync(image, bytes);
  writeFileSync(target, Buffer.alloc(6 * 1024 * 1024));
  expect(firstDifference(image, target)).toBe(0);
  const steps: number[] = [];
  writeImage(image, target, false, (written) => steps.push(written));
  expect(steps.at(-1)).toBe(bytes.length);
  expect(firstDifference(image, target)).toBeUndefined();
  expect(readFileSync(target).length).toBe(6 * 1024 * 1024);
  const damaged = readFileSync(target);
  damaged[4_500_000]! ^= 1;
  writeFileSync(target, damaged);
  expect(firstDifference(image, target)).toBe(4_500_000);
  writeFileSync(target, bytes.subarray(0, 1000));
  expect(firstDifference(image, target)).toBe(1000);
});
