/** `typix build`: builds the kernel, one progress line a stage. */
import { statSync } from 'node:fs';
import { relative } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { build, chooseMode } from '../kernel-image.ts';
import { ensurePackages } from '../packages.ts';
import { formatBytes } from '../sizes.ts';

interface BuildArguments {
  release?: boolean;
  quick?: boolean;
}

function options(parser: Argv): Argv<BuildArguments> {
  return parser
    .option('release', { type: 'boolean', describe: 'the optimised build (default)' })
    .option('quick', { type: 'boolean', describe: 'the quick developer build' })
    .example('$0 build --quick', 'what `typix run` does after a change')
    .epilogue('Results: build/release/typix.elf or build/quick/typix.elf. Unchanged stages are reused.') as Argv<BuildArguments>;
}

const command: CommandModule<object, BuildArguments> = {
  command: 'build',
  describe: 'build the kernel',
  builder: options as CommandModule<object, BuildArguments>['builder'],
  handler: async (args) => {
    ensurePackages(['build']);
    const mode = chooseMode(args.quick ? args : { ...args, release: true });
    const elf = await build(mode, (line) => console.log(line));
    console.log(`${relative(process.cwd(), elf)}  ${formatBytes(statSync(elf).size)}`);
  },
};
export default command;
