/** Options that `typix profile` and `typix trace` share: those of `typix exec` that make sense with a recording. */
import type { Argv } from 'yargs';
import { guestOptions, kernelOptions } from '../options.ts';

export function recordedOptions(parser: Argv): Argv {
  return kernelOptions(guestOptions(parser))
    .positional('program', { type: 'string', array: true, describe: 'program of this machine and its arguments' })
    .option('root', { type: 'string', describe: 'folder that becomes the root; the program is then looked up there' })
    .option('file', { type: 'string', array: true, nargs: 1, describe: 'one more file of this machine, or all of a folder, at the same path (may be repeated)' })
    .option('env', { type: 'string', array: true, nargs: 1, describe: 'NAME=value for the program, or NAME to pass it on (may be repeated)' })
    .option('cwd', { type: 'string', default: '/', describe: 'working directory in the guest' })
    .option('log', { type: 'boolean', describe: 'print the kernel log to standard error' })
    .option('timeout', { type: 'string', describe: 'end after so many seconds, with status 124' })
    .option('ring', { type: 'string', describe: 'MiB of guest memory for the recording', defaultDescription: '8' }) as unknown as Argv;
}
