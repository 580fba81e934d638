/** `typix conform`: runs the ABI tests on this machine's Linux and on Typix, and compares. */
import type { Argv, CommandModule } from 'yargs';
import { writeFileSync } from 'node:fs';
import { abiTests, conform, selectTests, sideBySide, type Comparison, type GuestChoice } from '../../../tests/abi/conform.ts';
import { errorsSeen, flagsSeen } from '../../../tests/abi/measured.ts';
import { straceOnLinux, straceOnTypix } from '../../../tests/abi/strace.ts';
import { TESTED_ERRORS, TESTED_FLAGS, loadTested } from '../../../toolchain/generators/system-calls.ts';
import { formatTested, lostNames, unite, type NamesBySubject } from '../../../toolchain/generators/tested-names.ts';
import { chooseAccelerator } from '../accelerator.ts';
import { UserError } from '../errors.ts';
import { ensureKernel } from '../kernel-image.ts';
import { guestMachine, guestOptions, kernelOptions, type GuestArguments, type KernelArguments } from '../options.ts';
import { ensurePackages } from '../packages.ts';

interface ConformArguments extends GuestArguments, KernelArguments {
  name?: string[];
  strace?: boolean;
  list?: boolean;
  record?: boolean;
}

/** System calls are traced for so many failures; each costs a boot. */
const TRACED_FAILURES = 3;

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

function options(parser: Argv): Argv<ConformArguments> {
  return kernelOptions(guestOptions(parser))
    .positional('name', { type: 'string', array: true, describe: 'tests: whole names or how they begin (all, if left out)' })
    .option('strace', { type: 'boolean', default: true, describe: 'show the system calls of failed tests on both systems' })
    .option('list', { type: 'boolean', describe: 'print the names of the tests' })
    .option('record', { type: 'boolean', describe: 'note which errors the tests get and which flags they pass, for the coverage page; with names: besides those noted' })
    .example('$0 conform', 'everything')
    .example('$0 conform pipe signal-', 'what begins so')
    .epilogue('A test is a C program in tests/abi/; its output on Linux is the expectation.') as Argv<ConformArguments>;
}

/** A bar on a terminal, nothing elsewhere. */
function progressBar(total: number): (name: string) => void {
  let done = 0;
  return (name) => {
    done++;
    if (!process.stderr.isTTY) return;
    const filled = Math.round((done / total) * 30);
    process.stderr.write(`\r[${'#'.repeat(filled)}${'.'.repeat(30 - filled)}] ${done}/${total} ${name.padEnd(30).slice(0, 30)}`);
    if (done === total) process.stderr.write('\n');
  };
}

async function showFailure(failure: Comparison, choice: GuestChoice, withTrace: boolean): Promise<void> {
  const typix = failure.typix ?? { output: '', status: 'did not run' };
  console.log(`\n=== ${failure.name}: Linux ${failure.linux.status}, Typix ${typix.status} (left: Linux, right: Typix)`);
  console.log(sideBySide(failure.linux.output, typix.output));
  if (!withTrace) return;
  ensurePackages(['strace']);
  const [linux, ours] = [await straceOnLinux(failure.name), await straceOnTypix(failure.name, choice)];
  console.log(`--- system calls on Linux\n${linux.slice(-60).join('\n')}\n--- system calls on Typix\n${ours.slice(-60).join('\n')}`);
}

/** Writes the measurements of syscalls/table/ anew, or adds to them what a part of the tests reached. What a failed test reached does not count. */
async function record(comparisons: readonly Comparison[], isWhole: boolean): Promise<void> {
  ensurePackages(['strace']);
  const equal = comparisons.filter((comparison) => comparison.isEqual);
  const isAnew = isWhole && equal.length === comparisons.length;
  const write = async (file: string, header: string, seen: NamesBySubject): Promise<void> =>
    writeFileSync(file, formatTested(`${header}. Written by \`typix conform --record\`.`, isAnew ? seen : unite(await loadTested(file), seen)));
  await write(TESTED_ERRORS, 'Errors that the tests in tests/abi/ get from each system call, measured on Typix', errorsSeen(equal));
  await write(TESTED_FLAGS, 'Flags that the tests in tests/abi/ pass to each system call, measured by strace', await flagsSeen(equal.map(({ name }) => name)));
}

/** Says which recorded errors a run of all tests did not see. */
async function showLostErrors(comparisons: readonly Comparison[]): Promise<void> {
  const lost = lostNames(await loadTested(TESTED_ERRORS), errorsSeen(comparisons));
  if (lost.length > 0) console.log(`no longer seen: ${lost.join(', ')} (--record notes what is)`);
}

async function run(args: ConformArguments): Promise<void> {
  const names = selectTests(args.name ?? []);
  if (names.length === 0) throw new UserError(`no test begins with ${(args.name ?? []).join(' or ')}`, 'typix conform --list prints all', 2);
  if (args.list) {
    console.log(names.join('\n'));
    return;
  }
  ensurePackages(['build', 'run', 'test']);
  const kernel = await ensureKernel(args, progress);
  const choice: GuestChoice = { kernel, ...guestMachine(args, await chooseAccelerator(args, progress)) };
  const { comparisons } = await conform(names, choice, progressBar(names.length));
  const failures = comparisons.filter((comparison) => !comparison.isEqual);
  const isWhole = names.length === abiTests().length;
  if (args.record) await record(comparisons, isWhole);
  else if (isWhole) await showLostErrors(comparisons);
  for (const [index, failure] of failures.entries()) await showFailure(failure, choice, Boolean(args.strace) && index < TRACED_FAILURES);
  console.log(`${names.length - failures.length} passed, ${failures.length} failed`);
  if (failures.length > 0) console.log(`failed: ${failures.map((failure) => failure.name).join(' ')}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

const command: CommandModule<object, ConformArguments> = {
  command: 'conform [name..]',
  describe: 'run the ABI tests on Linux and on Typix and compare',
  builder: options as CommandModule<object, ConformArguments>['builder'],
  handler: run,
};
export default command;
