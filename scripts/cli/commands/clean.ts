/** `typix clean`: removes what builds have left. */
import { existsSync, rmSync } from 'node:fs';
import type { Argv, CommandModule } from 'yargs';
import { buildFolder, userCacheFolder } from '../paths.ts';

interface CleanArguments {
  all?: boolean;
}

const command: CommandModule<object, CleanArguments> = {
  command: 'clean',
  describe: 'remove build/',
  builder: ((parser: Argv) =>
    parser.option('all', { type: 'boolean', describe: `also forget what was found out about this machine (${userCacheFolder()})` })) as CommandModule<object, CleanArguments>['builder'],
  handler: (args) => {
    for (const folder of [buildFolder, ...(args.all ? [userCacheFolder()] : [])]) {
      if (!existsSync(folder)) continue;
      rmSync(folder, { recursive: true, force: true });
      console.log(`removed ${folder}`);
    }
  },
};
export default command;
