/** `typix fuzz`: random system calls from several processes, reproducible from the printed seed. */
import { randomBytes } from 'node:crypto';
import type { Argv, CommandModule } from 'yargs';
import { fuzz } from '../../../tests/fuzz/fuzz.ts';
import { fuzzInitramfs } from '../../../tests/fuzz/initramfs.ts';
import { chooseAccelerator } from '../accelerator.ts';
import { UserError } from '../errors.ts';
import { ensureKernel } from '../kernel-image.ts';
import { guestMachine, guestOptions, kernelOptions, type GuestArguments, type KernelArguments } from '../options.ts';
import { ensurePackages } from '../packages.ts';
import { parseCount } from '../sizes.ts';

interface FuzzArguments extends GuestArguments, KernelArguments {
  seconds: string;
  seed?: string;
  seeds: string;
  workers: string;
  why: string;
}

/** Some twenty are unpacked in a second, so they add a tenth to the time. */
const ARCHIVES_PER_SECOND = 2;

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

function options(parser: Argv): Argv<FuzzArguments> {
  return kernelOptions(guestOptions(parser))
    .option('seconds', { type: 'string', default: '60', describe: 'length of the run for each seed' })
    .option('seed', { type: 'string', describe: 'first seed', defaultDescription: 'random' })
    .option('seeds', { type: 'string', default: '1', describe: 'how many seeds, one boot each' })
    .option('workers', { type: 'string', default: '4', describe: 'processes that make calls at the same time' })
    .option('why', { type: 'string', default: 'Process', describe: 'for a failed run, show what refers to the objects of this class' })
    .example('$0 fuzz --seconds 600 --seeds 6', 'an hour')
    .example('$0 fuzz --seed 1234', 'repeat a run') as Argv<FuzzArguments>;
}

function parseSeed(text: string | undefined): bigint {
  if (text === undefined) return BigInt(randomBytes(6).readUIntBE(0, 6)) + 1n;
  if (!/^\d{1,18}$/.test(text)) throw new UserError(`wrong seed '${text}'`, 'a seed is a decimal number', 2);
  return BigInt(text);
}

/** What unpacking mutated initramfs archives in the simulated machine found, if anything. */
async function archiveProblem(seed: bigint, count: number): Promise<string | undefined> {
  try {
    await fuzzInitramfs(Number(seed % 0x1_0000_0000n), count);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function run(args: FuzzArguments): Promise<void> {
  const seconds = parseCount(args.seconds, 'number of seconds', 1, 36000);
  const seeds = parseCount(args.seeds, 'number of seeds', 1, 10000);
  const workers = parseCount(args.workers, 'number of workers', 1, 16);
  const first = parseSeed(args.seed);
  ensurePackages(['build', 'run', 'test']);
  const kernel = await ensureKernel(args, progress);
  const machine = guestMachine(args, await chooseAccelerator(args, progress));
  let failures = 0;
  for (let index = 0; index < seeds; index++) {
    const seed = first + BigInt(index);
    const result = await fuzz({ kernel, ...machine, seed, seconds, workers, why: args.why });
    const archives = seconds * ARCHIVES_PER_SECOND;
    const problem = result.problem ?? (await archiveProblem(seed, archives));
    const figures = `${result.calls} calls, ${result.mutants} mutated ELF files, ${archives} mutated archives`;
    console.log(`seed ${seed}: ${problem === undefined ? 'good' : `FAILED: ${problem}`}, ${figures}`);
    if (problem === undefined) continue;
    failures++;
    if (!result.isGood) console.log([...result.tail, ...result.log.slice(-60)].join('\n'));
  }
  console.log(`${seeds - failures} passed, ${failures} failed`);
  process.exitCode = failures > 0 ? 1 : 0;
}

const command: CommandModule<object, FuzzArguments> = {
  command: 'fuzz',
  describe: 'make random system calls until something breaks',
  builder: options as CommandModule<object, FuzzArguments>['builder'],
  handler: run,
};
export default command;
