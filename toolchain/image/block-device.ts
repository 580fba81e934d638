/**
 * What Linux says about a block device, and whether it may be overwritten: only a whole, removable (or USB) disk of which nothing is
 * mounted or in use. Reads /sys and /proc below roots that tests can replace.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

export interface Partition {
  readonly name: string;
  readonly bytes: number;
  readonly mountPoints: readonly string[];
}

export interface BlockDevice {
  /** Kernel name: sdb. */
  readonly name: string;
  readonly model: string;
  readonly bytes: number;
  readonly isRemovable: boolean;
  readonly isReadOnly: boolean;
  readonly partitions: readonly Partition[];
  /** Mount points of the disk itself. */
  readonly mountPoints: readonly string[];
  /** Devices stacked upon it (dm-0, md0) and swap. */
  readonly holders: readonly string[];
}

/** Where the kernel's view is: '/' but for tests. */
export interface SystemView {
  readonly root: string;
}

const HOST: SystemView = { root: '/' };

function text(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}

/** `\040` and the like in /proc/self/mountinfo and /proc/swaps. */
function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

/** Mount points by device number ("8:17"). */
function mountsByNumber(view: SystemView): Map<string, string[]> {
  const mounts = new Map<string, string[]>();
  for (const line of text(join(view.root, 'proc/self/mountinfo')).split('\n')) {
    const [, , number, , mountPoint] = line.split(' ');
    if (number === undefined || mountPoint === undefined) continue;
    mounts.set(number, [...(mounts.get(number) ?? []), unescapeOctal(mountPoint)]);
  }
  return mounts;
}

function swapNames(view: SystemView): Set<string> {
  const lines = text(join(view.root, 'proc/swaps')).split('\n').slice(1);
  return new Set(lines.map((line) => unescapeOctal(line.replace(/\s[^]*/, '')).replace(/^\/dev\//, '')));
}

function listed(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Reads a whole disk; undefined if `name` is none (a partition, say, or nothing at all). */
export function readBlockDevice(name: string, view: SystemView = HOST): BlockDevice | undefined {
  const folder = join(view.root, 'sys/class/block', name);
  if (!existsSync(folder) || existsSync(join(folder, 'partition'))) return undefined;
  const mounts = mountsByNumber(view);
  const swaps = swapNames(view);
  const mountPoints = (at: string): string[] => mounts.get(text(join(at, 'dev'))) ?? [];
  const partitionNames = listed(folder).filter((entry) => existsSync(join(folder, entry, 'partition')));
  const partitions = partitionNames.map((entry) => ({
    name: entry, bytes: Number(text(join(folder, entry, 'size'))) * 512, mountPoints: mountPoints(join(folder, entry)),
  }));
  const holders = [name, ...partitionNames].flatMap((entry) => {
    const at = entry === name ? folder : join(folder, entry);
    return [...listed(join(at, 'holders')), ...(swaps.has(entry) ? [`swap on ${entry}`] : [])];
  });
  const isUsb = realpathSync(folder).split('/').some((part) => /^usb\d+$/.test(part));
  const model = [text(join(folder, 'device/vendor')), text(join(folder, 'device/model'))].filter(Boolean).join(' ');
  return {
    name, model: model || 'unknown model', bytes: Number(text(join(folder, 'size'))) * 512, isRemovable: isUsb || text(join(folder, 'removable')) === '1',
    isReadOnly: text(join(folder, 'ro')) === '1', partitions, mountPoints: mountPoints(folder), holders,
  };
}

/** Why the disk must not be overwritten; empty if it may be. */
export function refusals(device: BlockDevice, imageBytes: number): string[] {
  const reasons: string[] = [];
  if (!device.isRemovable) reasons.push('it is not a removable disk');
  const mounted = [...device.mountPoints, ...device.partitions.flatMap((partition) => partition.mountPoints)];
  if (mounted.length > 0) reasons.push(`it is mounted on ${mounted.join(', ')}`);
  if (device.holders.length > 0) reasons.push(`it is in use by ${device.holders.join(', ')}`);
  if (device.isReadOnly) reasons.push('it is read-only');
  if (device.bytes === 0) reasons.push('it holds no medium');
  else if (device.bytes < imageBytes) reasons.push(`the image (${imageBytes} bytes) does not fit into ${device.bytes} bytes`);
  return reasons;
}
