/** `typix profile`: runs a program on Typix and shows where the time goes, in the program and in the kernel. */
import { writeFileSync } from 'node:fs';
import type { Argv, CommandModule } from 'yargs';
import { UserError } from '../errors.ts';
import { recordedOptions } from '../profile/options.ts';
import { toFlameGraph } from '../profile/flame-graph.ts';
import { recordProgram } from '../profile/record.ts';
import { toSpeedscope } from '../profile/speedscope.ts';
import { nameSamples, topText } from '../profile/stacks.ts';
import { KernelSymbols, UserSymbols } from '../profile/symbols.ts';
import { parseCount } from '../sizes.ts';
import type { ExecArguments } from './exec.ts';

interface ProfileArguments extends ExecArguments {
  hz: string;
  output: string;
  svg: string;
  top: string;
  idle?: boolean;
  ring?: string;
}

function options(parser: Argv): Argv<ProfileArguments> {
  return recordedOptions(parser)
    .option('hz', { type: 'string', default: '997', describe: 'samples a second, 19 to 20000' })
    .option('output', { alias: 'o', type: 'string', default: 'profile.speedscope.json', describe: 'flame graph for https://www.speedscope.app' })
    .option('svg', { type: 'string', default: 'profile.svg', describe: 'flame graph as a picture' })
    .option('top', { type: 'string', default: '25', describe: 'lines of the list that is printed' })
    .option('idle', { type: 'boolean', describe: 'keep the samples of the idle CPU in the flame graphs' })
    .example('$0 profile -- ./a.out', 'where does its time go')
    .example('$0 profile --hz 5000 -- /bin/busybox sh -c "find / >/dev/null"', 'more samples')
    .epilogue('docs/measuring/profiling.md tells how to read a profile.') as Argv<ProfileArguments>;
}

async function profile(args: ProfileArguments): Promise<void> {
  const hz = parseCount(args.hz, 'samples a second', 19, 20_000);
  const top = parseCount(args.top, 'number of lines', 0, 10_000);
  const ring = args.ring === undefined ? '' : ` typix.ring=${parseCount(args.ring, 'size of the buffer in MiB', 1, 256)}`;
  const { status, kernel, profile: found, trace } = await recordProgram(args, `typix.profile=${hz}${ring}`);
  if (!found) throw new UserError('the guest made no profile', 'a panic, or no non-maskable interrupt at a fixed rate: see the messages above', status === 0 ? 125 : status);
  const named = nameSamples(found.samples, trace?.events ?? [], new KernelSymbols(kernel), new UserSymbols(args.root));
  const shown = args.idle ? named : named.filter(({ mode }) => mode !== 'idle');
  const title = [...(args.program ?? []), ...(args['--'] ?? [])].join(' ');
  writeFileSync(args.output, toSpeedscope(shown, found.place.samplingHz, title));
  writeFileSync(args.svg, toFlameGraph(shown, title));
  process.stderr.write(`${topText(named, top)}\n\n`);
  if (found.place.lost > 0) process.stderr.write(`${found.place.lost} samples found no room: --ring MIB gives more\n`);
  process.stderr.write(`flame graphs: ${args.output} (speedscope.app), ${args.svg}\n`);
  process.exit(status);
}

const command: CommandModule<object, ProfileArguments> = {
  command: 'profile [program..]',
  describe: 'run one program and show where its time goes, the kernel included',
  builder: options as CommandModule<object, ProfileArguments>['builder'],
  handler: profile,
};
export default command;
