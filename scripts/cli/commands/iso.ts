/** `typix iso`: makes the hybrid ISO (BIOS and UEFI, CD and USB stick). */
import { statSync } from 'node:fs';
import { relative } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { UserError } from '../errors.ts';
import { ensureIso } from '../iso-image.ts';
import { kernelOptions, type KernelArguments } from '../options.ts';
import { ensurePackages } from '../packages.ts';
import { formatBytes, parseCount } from '../sizes.ts';

interface IsoArguments extends KernelArguments {
  root?: string;
  append?: string;
  output?: string;
  'menu-timeout': string;
}

function options(parser: Argv): Argv<IsoArguments> {
  return kernelOptions(parser)
    .option('root', { type: 'string', describe: 'root file system: a folder, or a cpio archive (newc, plain or gzip)', defaultDescription: "Debian's busybox" })
    .option('append', { type: 'string', describe: 'options added to the kernel command line of each menu entry' })
    .option('menu-timeout', { type: 'string', default: '1', describe: 'seconds the boot menu waits' })
    .option('output', { alias: 'o', type: 'string', describe: 'where to write it', defaultDescription: 'build/typix.iso' })
    .example('$0 iso', 'the release build, in build/typix.iso')
    .example('$0 iso --quick --root DIR -o my.iso', 'another root, quick build')
    .epilogue('The image boots by BIOS and by UEFI, from CD and, written as it is, from a USB stick (typix flash). The same commit gives the same image, bit for bit.') as Argv<IsoArguments>;
}

const command: CommandModule<object, IsoArguments> = {
  command: 'iso',
  describe: 'make the ISO',
  builder: options as CommandModule<object, IsoArguments>['builder'],
  handler: async (args) => {
    if (args.output !== undefined && args.output === '') throw new UserError('--output needs a path', undefined, 2);
    ensurePackages(['build', 'iso']);
    const timeout = parseCount(args['menu-timeout'], 'menu time-out', 0, 3600);
    const choice = args.quick ? args : { ...args, release: true };
    const iso = await ensureIso({ ...choice, timeout }, (line) => console.log(line));
    console.log(`${relative(process.cwd(), iso)}  ${formatBytes(statSync(iso).size)}`);
  },
};
export default command;
