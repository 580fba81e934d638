/** `typix differ`: random sequences of system calls on Linux 6.1 and on Typix, compared line by line. */
import { randomInt } from 'node:crypto';
import type { Argv, CommandModule } from 'yargs';
import { differential, SUBJECTS } from '../../../tests/differential/differential.ts';
import { debianCloudKernel } from '../../../tests/harness/linux-reference.ts';
import { chooseAccelerator } from '../accelerator.ts';
import { UserError } from '../errors.ts';
import { ensureKernel } from '../kernel-image.ts';
import { guestMachine, guestOptions, kernelOptions, type GuestArguments, type KernelArguments } from '../options.ts';
import { ensurePackages } from '../packages.ts';
import { parseCount } from '../sizes.ts';

interface DifferArguments extends GuestArguments, KernelArguments {
  subject?: string[];
  seed?: string;
  sequences: string;
  steps: string;
  linux?: string;
  show: string;
  context: string;
}

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

function options(parser: Argv): Argv<DifferArguments> {
  return kernelOptions(guestOptions(parser))
    .positional('subject', { type: 'string', array: true, choices: SUBJECTS, describe: 'what the sequences are about (everything, if left out)' })
    .option('seed', { type: 'string', describe: 'first seed', defaultDescription: 'random' })
    .option('sequences', { type: 'string', default: '40', describe: 'sequences of each subject' })
    .option('steps', { type: 'string', default: '60', describe: 'steps of each sequence' })
    .option('linux', { type: 'string', describe: "Linux kernel file to compare with (Debian's cloud kernel, if left out)" })
    .option('show', { type: 'string', default: '10', describe: 'differences that are shown' })
    .option('context', { type: 'string', default: '14', describe: 'lines shown ahead of each' })
    .example('$0 differ', 'a run with a new seed')
    .example('$0 differ files --seed 7 --sequences 1', 'repeat one sequence') as unknown as Argv<DifferArguments>;
}

async function run(args: DifferArguments): Promise<void> {
  const seed = args.seed === undefined ? randomInt(1, 1_000_000_000) : parseCount(args.seed, 'seed', 0, 2 ** 40);
  const sequences = parseCount(args.sequences, 'number of sequences', 1, 100_000);
  const steps = parseCount(args.steps, 'number of steps', 1, 2000);
  const context = parseCount(args.context, 'number of lines', 0, 100_000);
  const subjects = args.subject?.length ? args.subject : SUBJECTS;
  ensurePackages(['build', 'run', 'test']);
  const kernels = { linux: args.linux ?? debianCloudKernel(progress), typix: await ensureKernel(args, progress) };
  const guest = guestMachine(args, await chooseAccelerator(args, progress));
  progress(`seed ${seed}: ${sequences} sequences of ${steps} steps about ${subjects.join(', ')}`);
  const { compared, differences, failure } = await differential({ subjects, seed, sequences, steps, context, kernels, guest });
  for (const difference of differences.slice(0, parseCount(args.show, 'number of differences', 0, 100_000))) {
    console.log(`\n=== ${difference.name} (left: Linux, right: Typix)\n${difference.excerpt}`);
  }
  if (differences.length > 0) console.log(`\ndifferent: ${differences.map(({ name }) => name).join(' ')}`);
  console.log(`${compared - differences.length} passed, ${differences.length} failed`);
  if (failure !== undefined) throw new UserError('not all sequences ran', failure);
  process.exitCode = differences.length > 0 ? 1 : 0;
}

const command: CommandModule<object, DifferArguments> = {
  command: 'differ [subject..]',
  describe: 'make random sequences of system calls on Linux and on Typix and compare',
  builder: options as CommandModule<object, DifferArguments>['builder'],
  handler: run,
};
export default command;
