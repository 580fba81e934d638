/** `typix flash`: writes the ISO to a USB stick, after showing what is on it and asking. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Argv, CommandModule } from 'yargs';
import { readBlockDevice, refusals, type BlockDevice } from '../../../toolchain/image/block-device.ts';
import { firstDifference, writeImage } from '../../../toolchain/image/write-image.ts';
import { UserError } from '../errors.ts';
import { ensureIso } from '../iso-image.ts';
import { kernelOptions, type KernelArguments } from '../options.ts';
import { ensurePackages } from '../packages.ts';
import { formatBytes } from '../sizes.ts';

interface FlashArguments extends KernelArguments {
  device?: string;
  image?: string;
}

function options(parser: Argv): Argv<FlashArguments> {
  return kernelOptions(parser)
    .positional('device', { type: 'string', describe: 'the whole disk: /dev/sdX' })
    .option('image', { type: 'string', describe: 'image to write', defaultDescription: 'the ISO of the release build, made if need be' })
    .example('$0 flash /dev/sdb', 'overwrite the stick /dev/sdb')
    .epilogue('Only a removable disk of which nothing is mounted is written to. What was written is read back and compared.') as Argv<FlashArguments>;
}

/** What would be lost, for a person to recognise. */
export function describeDevice(path: string, device: BlockDevice): string {
  const partitions = device.partitions.map((partition) => `  /dev/${partition.name}  ${formatBytes(partition.bytes)}`);
  const lines = [`${path}: ${device.model}, ${formatBytes(device.bytes)}`, ...(partitions.length > 0 ? partitions : ['  (no partitions)'])];
  return lines.join('\n');
}

/** Resolves and checks the device; throws with every reason against it. */
function checkedDevice(path: string, imageBytes: number): BlockDevice {
  if (!existsSync(path)) throw new UserError(`there is no ${path}`, 'lsblk lists the disks of this machine');
  if (!statSync(path).isBlockDevice()) throw new UserError(`${path} is not a block device`, 'name the disk of the stick: /dev/sdX');
  const name = basename(realpathSync(path));
  const device = readBlockDevice(name);
  if (!device) throw new UserError(`${path} is a partition or no disk`, `name the whole disk: /dev/${name.replace(/p?\d+$/, '')}`);
  const reasons = refusals(device, imageBytes);
  if (reasons.length > 0) throw new UserError(`${describeDevice(path, device)}\n       will not be overwritten:\n  ${reasons.join('\n  ')}`);
  return device;
}

async function confirmed(name: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UserError('flash asks before it overwrites, and there is no terminal to ask on');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`Everything on it will be lost. Type ${name} to overwrite it: `)).trim() === name;
  } finally {
    terminal.close();
  }
}

async function flash(args: FlashArguments): Promise<void> {
  if (!args.device) throw new UserError('say which disk to overwrite', 'typix flash /dev/sdX, or make flash DEV=/dev/sdX; lsblk lists the disks', 2);
  if (args.image !== undefined && !existsSync(args.image)) throw new UserError(`there is no image '${args.image}'`);
  checkedDevice(args.device, 0);
  if (args.image === undefined) ensurePackages(['build', 'iso']);
  const image = args.image ?? (await ensureIso(args.quick ? args : { ...args, release: true }, (line) => console.error(line)));
  const bytes = statSync(image).size;
  const device = checkedDevice(args.device, bytes);
  console.error(describeDevice(args.device, device));
  if (!(await confirmed(device.name))) throw new UserError('nothing was written');
  // The answer may have taken a while.
  checkedDevice(args.device, bytes);
  writeImage(image, args.device, true, (written, total) => process.stderr.write(`\rwritten ${formatBytes(written)} of ${formatBytes(total)}  `));
  process.stderr.write('\n');
  const difference = firstDifference(image, args.device);
  if (difference !== undefined) throw new UserError(`the disk differs from the image at byte ${difference}`, 'the stick may be damaged; try another');
  console.error(`${formatBytes(bytes)} written to ${args.device} and verified.`);
}

const command: CommandModule<object, FlashArguments> = {
  command: 'flash [device]',
  describe: 'write the ISO to a USB stick',
  builder: options as CommandModule<object, FlashArguments>['builder'],
  handler: flash,
};
export default command;
