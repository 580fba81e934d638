/**
 * The typix command. Each file in commands/ is one subcommand: its default export is a yargs CommandModule, and the file's name
 * is the command's. Only the file of the command that was asked for is loaded, so that start-up stays short.
 */
import { readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import yargs, { type CommandModule } from 'yargs';
import { UserError } from './errors.ts';

const commandsFolder = join(dirname(fileURLToPath(import.meta.url)), 'commands');

/** Names of all commands, in the order of the help text: the everyday ones first. */
function commandNames(): string[] {
  const everyday = ['run', 'exec', 'build', 'iso', 'flash', 'test', 'bench', 'doctor', 'clean'];
  const rank = (name: string): number => (everyday.includes(name) ? everyday.indexOf(name) : everyday.length);
  const names = readdirSync(commandsFolder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return names.map((name) => name.slice(0, -3)).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

async function loadCommand(name: string): Promise<CommandModule> {
  const module = (await import(join(commandsFolder, `${name}.ts`))) as { default: CommandModule };
  return module.default;
}

function fail(error: unknown): never {
  if (error instanceof UserError) {
    process.stderr.write(`typix: ${error.message}\n`);
    if (error.hint) process.stderr.write(`       ${error.hint.split('\n').join('\n       ')}\n`);
    process.exit(error.exitCode);
  }
  // The builder's errors are about the user's sources: file, line and reason.
  if (error instanceof Error && ['CompileError', 'ToolError'].includes(error.name)) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  process.stderr.write(`typix: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

/** Options that take several values; of any other that is given twice the last value counts, as usual. */
const LISTS = new Set(['_', '--', 'program', 'subject', 'suite', 'what', 'name', 'env', 'file', 'qemu']);

function lastOfRepeated(values: Record<string, unknown>): Record<string, unknown> {
  const repeated = Object.entries(values).filter(([name, value]) => Array.isArray(value) && !LISTS.has(name));
  return Object.fromEntries(repeated.map(([name, value]) => [name, (value as unknown[]).at(-1)]));
}

/** What yargs says about wrong options, as an error of ours. */
function usageError(message: string | null, error: Error | undefined, command: string | undefined): never {
  if (error) throw error;
  // yargs says what is wrong in the second line of some messages.
  const [first, second] = (message ?? 'wrong usage').trim().split('\n').map((line) => line.trim());
  const text = first!.endsWith(':') && second ? `${first} ${second}` : first!;
  throw new UserError(text, `see typix ${command ? `${command} ` : ''}--help`, 2);
}

async function main(args: string[]): Promise<void> {
  const names = commandNames();
  const asked = args.find((argument) => !argument.startsWith('-'));
  if (asked !== undefined && !names.includes(asked)) {
    const close = names.filter((name) => name.startsWith(asked.slice(0, 1)) || name.includes(asked) || asked.includes(name));
    const hint = close.length > 0 ? `did you mean ${close.join(' or ')}? ` : '';
    throw new UserError(`unknown command '${asked}'`, `${hint}typix --help lists the commands`, 2);
  }
  const parser = yargs(args)
    .scriptName('typix')
    .usage('$0 COMMAND [OPTIONS]\n\nBuilds, boots and tests Typix, a Linux-compatible kernel in TypeScript.')
    .locale('en')
    .parserConfiguration({ 'populate--': true })
    .strict()
    .middleware((values) => void Object.assign(values, lastOfRepeated(values)), false)
    .demandCommand(1, 'say which command')
    .version(false)
    .alias('help', 'h')
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message, error) => usageError(message, error, asked))
    .example('$0 run', 'build what changed, boot, and type into a shell')
    .example('$0 exec -- /bin/busybox uname -a', 'run one program of this machine on Typix')
    .epilogue('More in docs/using-typix.md. typix COMMAND --help explains a command.');
  for (const name of asked === undefined ? names : [asked]) parser.command(await loadCommand(name));
  await parser.parseAsync();
}

// Whoever read the output has seen enough (`typix … | head`): end as a program does that SIGPIPE kills.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(128 + constants.signals.SIGPIPE);
});
main(process.argv.slice(2)).catch(fail);
