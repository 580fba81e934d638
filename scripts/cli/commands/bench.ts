/** `typix bench`: Linux and Typix in the same virtual machine, line by line, start-up time and memory included. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Argv, CommandModule } from 'yargs';
import { bootFigures, bootSamples, runBench, type BootFigures, type Setup } from '../../../tests/bench/guests.ts';
import { parseSamples, report, toJson, toMarkdown, toSvg, toTable, type Sample } from '../../../tests/bench/results.ts';
import type { System } from '../../../tests/harness/collected-run.ts';
import { debianCloudKernel } from '../../../tests/harness/linux-reference.ts';
import { chooseAccelerator } from '../accelerator.ts';
import { UserError } from '../errors.ts';
import { ensureKernel } from '../kernel-image.ts';
import { ensurePackages } from '../packages.ts';
import { inBuild } from '../paths.ts';
import { parseCount, parseMemory } from '../sizes.ts';

interface BenchArguments {
  what?: string[];
  rounds?: string;
  icount?: boolean;
  memory: string;
  json?: string;
  svg?: string;
  markdown?: string;
  compare?: string;
  linux?: string;
  kernel?: string;
  only?: System;
  tcg?: boolean;
  kvm?: boolean;
  quick?: boolean;
}

const progress = (line: string): void => void process.stderr.write(`${line}\n`);
/** The slowest whole run seen under emulation takes a sixth of this. */
const TIMEOUT_MS = 900_000;

function options(parser: Argv): Argv<BenchArguments> {
  return parser
    .positional('what', { type: 'string', array: true, describe: 'how the names of lines begin (all lines, if left out)' })
    .option('rounds', { type: 'string', describe: 'boots of each system, taken in turn', defaultDescription: '3; 1 with --icount' })
    .option('icount', { type: 'boolean', describe: 'count instructions instead of time: repeatable, one nanosecond is one instruction' })
    .option('memory', { alias: 'm', type: 'string', default: '512M', describe: 'memory of each guest' })
    .option('json', { type: 'string', describe: 'write the figures to a file' })
    .option('svg', { type: 'string', describe: 'where to write the chart', defaultDescription: 'build/bench/bench.svg' })
    .option('markdown', { type: 'string', describe: 'write the table as Markdown' })
    .option('compare', { type: 'string', describe: 'show what changed since a file written by --json' })
    .option('linux', { type: 'string', describe: "Linux kernel file to compare with (Debian's cloud kernel, if left out)" })
    .option('kernel', { type: 'string', describe: 'Typix kernel file (a release build, if left out)' })
    .option('only', { choices: ['linux', 'typix'] as const, describe: 'run one system only' })
    .option('quick', { type: 'boolean', describe: 'shorter samples' })
    .option('tcg', { type: 'boolean', describe: 'use emulation (TCG)' })
    .option('kvm', { type: 'boolean', describe: 'use KVM whatever the probe found' })
    .example('$0 bench', 'all lines, three rounds')
    .example('$0 bench --icount pipe futex', 'instructions of some lines')
    .example('$0 bench boot', 'time from kernel entry to the first process, and memory')
    .epilogue('Each iteration of a rep string instruction counts as one instruction under --icount. docs/measuring/benchmarks.md explains the lines.') as Argv<BenchArguments>;
}

async function setup(args: BenchArguments): Promise<Setup> {
  ensurePackages(['build', 'run', 'test']);
  const typix = args.only === 'linux' ? '' : await ensureKernel({ kernel: args.kernel, release: args.kernel === undefined }, progress);
  const linux = args.only === 'typix' ? '' : (args.linux ?? debianCloudKernel(progress));
  const accelerator = args.icount ? 'tcg' : await chooseAccelerator(args, progress);
  return { kernels: { typix, linux }, accelerator, memoryBytes: parseMemory(args.memory), icount: Boolean(args.icount) };
}

function systems(args: BenchArguments): System[] {
  return args.only ? [args.only] : ['linux', 'typix'];
}

/** Boot lines of one round. Only Typix tells when its kernel was entered; the firmware before that is the same for both. */
async function bootRound(args: BenchArguments, guests: Setup, samples: Record<System, Sample[][]>): Promise<void> {
  const figures: Partial<Record<System, BootFigures>> = {};
  for (const system of systems(args)) figures[system] = await bootFigures(system, guests);
  for (const system of systems(args)) samples[system].push(bootSamples(figures[system]!, figures.typix?.entryMs, guests.memoryBytes));
}

async function bench(args: BenchArguments): Promise<void> {
  const words = args.what ?? [];
  const rounds = parseCount(args.rounds ?? (args.icount ? '1' : '3'), 'number of rounds', 1, 50);
  const earlier = args.compare === undefined ? undefined : readEarlier(args.compare);
  const guests = await setup(args);
  const samples: Record<System, Sample[][]> = { linux: [], typix: [] };
  const benchArguments = [...(args.quick ? ['--quick'] : []), ...words];
  const isBoot = (word: string): boolean => word.startsWith('boot');
  for (let round = 1; round <= rounds; round++) {
    for (const system of words.length > 0 && words.every(isBoot) ? [] : systems(args)) {
      progress(`round ${round} of ${rounds}: ${system}`);
      samples[system].push(parseSamples(await runBench(system, guests, benchArguments, TIMEOUT_MS)));
    }
    if (words.length > 0 && !words.some(isBoot)) continue;
    progress(`round ${round} of ${rounds}: booting`);
    await bootRound(args, guests, samples);
  }
  const result = report(samples.linux, samples.typix);
  console.log(toTable(result, earlier));
  if (args.icount) console.log('Figures are instructions (ns at one instruction a nanosecond).');
  if (args.json) writeFileSync(args.json, toJson(result));
  if (args.markdown) writeFileSync(args.markdown, toMarkdown(result));
  const svg = args.svg ?? inBuild('bench', 'bench.svg');
  if (result.lines.some((line) => line.ratio !== undefined)) writeFileSync(svg, toSvg(result, `Typix against Linux 6.1, ${args.icount ? 'instructions' : guests.accelerator.toUpperCase()}`));
}

function readEarlier(path: string): { lines: { name: string; typix: number | null }[] } {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { lines: { name: string; typix: number | null }[] };
  } catch (error) {
    throw new UserError(`cannot read '${path}': ${error instanceof Error ? error.message : String(error)}`, '--compare takes a file written by --json', 2);
  }
}

const command: CommandModule<object, BenchArguments> = {
  command: 'bench [what..]',
  describe: 'measure Typix against Linux in the same virtual machine',
  builder: options as CommandModule<object, BenchArguments>['builder'],
  handler: bench,
};
export default command;
