/** `typix trace`: runs a program on Typix and writes what the kernel did, moment by moment, for Perfetto. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Argv, CommandModule } from 'yargs';
import { UserError } from '../errors.ts';
import { inRepository } from '../paths.ts';
import { recordedOptions } from '../profile/options.ts';
import { recordProgram } from '../profile/record.ts';
import { toTraceJson } from '../profile/trace-events.ts';
import { parseCount } from '../sizes.ts';
import type { ExecArguments } from './exec.ts';

const CATEGORIES = ['scheduler', 'calls', 'faults', 'interrupts', 'collections', 'errors', 'all'];

interface TraceArguments extends ExecArguments {
  output: string;
  events: string;
  ring?: string;
}

function options(parser: Argv): Argv<TraceArguments> {
  return recordedOptions(parser)
    .option('output', { alias: 'o', type: 'string', default: 'trace.json', describe: 'trace for https://ui.perfetto.dev' })
    .option('events', { type: 'string', default: 'all', describe: `what to record, separated by commas: ${CATEGORIES.join(', ')}` })
    .example('$0 trace -- /bin/busybox ls /', 'everything')
    .example('$0 trace --events calls,scheduler -- ./a.out', 'system calls and switches')
    .epilogue('docs/measuring/profiling.md tells how to read a trace.') as Argv<TraceArguments>;
}

/** Names of system calls by number. */
export function callNames(): Map<number, string> {
  const lines = readFileSync(inRepository('syscalls', 'table', 'linux-calls.txt'), 'utf8').split('\n');
  return new Map(lines.flatMap((line) => {
    const match = /^(\d+) (\w+)/.exec(line);
    return match ? [[Number(match[1]), match[2]!] as [number, string]] : [];
  }));
}

async function trace(args: TraceArguments): Promise<void> {
  const wrong = args.events.split(',').find((name) => !CATEGORIES.includes(name));
  if (wrong !== undefined) throw new UserError(`there is no category '${wrong}'`, `one of ${CATEGORIES.join(', ')}`, 2);
  const ring = args.ring === undefined ? '' : ` typix.ring=${parseCount(args.ring, 'size of the buffer in MiB', 1, 256)}`;
  const { status, trace: found } = await recordProgram(args, `typix.trace=${args.events}${ring}`);
  if (!found) throw new UserError('the guest made no trace', 'see the messages above', status === 0 ? 125 : status);
  writeFileSync(args.output, toTraceJson(found.events, found.place, callNames()));
  if (found.place.lost > 0) process.stderr.write(`${found.place.lost} events found no room: --ring MIB gives more, --events asks for fewer\n`);
  process.stderr.write(`${found.events.length} events: ${args.output} (ui.perfetto.dev)\n`);
  process.exit(status);
}

const command: CommandModule<object, TraceArguments> = {
  command: 'trace [program..]',
  describe: 'run one program and record what the kernel does, for Perfetto',
  builder: options as CommandModule<object, TraceArguments>['builder'],
  handler: trace,
};
export default command;
