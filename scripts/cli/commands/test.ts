/** `typix test`: all test suites, or some, and a closing line with the figures. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { Argv, CommandModule } from 'yargs';
import { UserError } from '../errors.ts';
import { ensureKernel } from '../kernel-image.ts';
import { ensurePackages } from '../packages.ts';
import { inBuild, inRepository, repositoryRoot } from '../paths.ts';
import { figuresText, readReport, sumOf, type Figures, type VitestReport } from '../test-report.ts';
import { filesOfSuite, testSuites, type Suite } from '../test-suites.ts';

interface TestArguments {
  suite?: string[];
  name?: string;
  file?: string[];
  list?: boolean;
  quick?: boolean;
  build?: boolean;
}

function options(parser: Argv): Argv<TestArguments> {
  return parser
    .positional('suite', { type: 'string', array: true, describe: 'suites to run (all, if left out)' })
    .option('name', { alias: 't', type: 'string', describe: 'only tests whose name matches this pattern' })
    .option('file', { type: 'string', array: true, nargs: 1, describe: 'only test files whose path contains this (may be repeated)' })
    .option('list', { type: 'boolean', describe: 'print the suites' })
    .option('quick', { type: 'boolean', describe: 'boot the quick build, where a release build would be made' })
    .option('build', { type: 'boolean', default: true, describe: 'build the kernel first (--no-build: boot what is there)' })
    .example('$0 test', 'everything')
    .example('$0 test boot', 'one suite')
    .example('$0 test shell -t "Ctrl-C"', 'some tests of a suite') as Argv<TestArguments>;
}

function chosenSuites(names: readonly string[]): Suite[] {
  const all = testSuites();
  const unknown = names.find((name) => !all.some((suite) => suite.name === name));
  if (unknown !== undefined) throw new UserError(`there is no suite '${unknown}'`, `suites: ${all.map((suite) => suite.name).join(', ')}`, 2);
  return names.length === 0 ? all : all.filter((suite) => names.includes(suite.name));
}

/** Runs one suite; vitest prints as it goes, the figures come from its JSON report. A suite or file in which nothing is found fails. */
function runSuite(suite: Suite, files: readonly string[], args: TestArguments): Figures {
  const report = inBuild('tests', `${suite.name}.json`);
  rmSync(report, { force: true });
  const command = [
    inRepository('node_modules/vitest/vitest.mjs'), 'run', ...files, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`,
    ...(suite.isSerial ? ['--no-file-parallelism'] : []), ...(args.name ? ['-t', args.name] : []),
  ];
  const environment = {
    ...process.env, ...(args.quick ? { TYPIX_TEST_MODE: 'quick' } : {}), ...(args.build === false ? { TYPIX_TEST_BUILD: 'no' } : {}),
  };
  const result = spawnSync(process.execPath, command, { cwd: repositoryRoot, stdio: ['ignore', 'inherit', 'inherit'], env: environment });
  const ended = `${suite.name}: vitest ended with ${result.signal ?? result.status}`;
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: [], failures: [`${ended} and no report`] };
  const figures = readReport(JSON.parse(readFileSync(report, 'utf8')) as VitestReport, args.name);
  return result.status !== 0 && figures.failed === 0 ? { ...figures, failed: 1, failures: [ended] } : figures;
}

/** Test files to run of each suite; a choice that finds nothing anywhere is an error. */
function chosenFiles(suites: readonly Suite[], parts: readonly string[]): [Suite, string[]][] {
  for (const part of parts) {
    if (!suites.some((suite) => filesOfSuite(suite, [part]).length > 0)) throw new UserError(`no test file's path contains '${part}'`, 'typix test --list prints the suites', 2);
  }
  return suites.map((suite): [Suite, string[]] => [suite, filesOfSuite(suite, parts)]).filter(([, files]) => files.length > 0);
}

async function test(args: TestArguments): Promise<void> {
  const suites = chosenSuites(args.suite ?? []);
  if (args.list) {
    for (const suite of suites) console.log(`${suite.name.padEnd(10)} ${suite.about}`);
    return;
  }
  const chosen = chosenFiles(suites, args.file ?? []);
  ensurePackages(['build', 'iso', 'run', 'uefi', 'test']);
  const results: Figures[] = [];
  try {
    if (chosen.some(([suite]) => suite.isSerial)) await ensureKernel(args.quick ? { quick: true, build: args.build } : { release: args.build !== false, build: args.build }, (line) => console.log(line));
  } catch (error) {
    results.push({ passed: 0, failed: 1, skipped: [], failures: [`the kernel does not build: ${error instanceof Error ? error.message : String(error)}`] });
  }
  for (const [suite, files] of chosen) {
    console.log(`\n== ${suite.name}: ${suite.about}`);
    const startedAt = performance.now();
    const figures = runSuite(suite, files, args);
    results.push(figures);
    console.log(`== ${suite.name}: ${figuresText(figures)}, ${Math.round((performance.now() - startedAt) / 1000)} s`);
  }
  process.exitCode = closeRun(sumOf(results), args.name);
}

/** Prints what failed and what was skipped, and the closing line; the exit status. */
function closeRun(figures: Figures, pattern?: string): number {
  const isEmpty = figures.passed + figures.failed === 0;
  if (figures.skipped.length > 0) console.log(`\nSkipped:\n${figures.skipped.map((name) => `  ${name}`).join('\n')}`);
  if (figures.failures.length > 0) console.log(`\nFailed:\n${figures.failures.map((name) => `  ${name}`).join('\n')}`);
  if (isEmpty) console.log(`\nNo test ran${pattern === undefined ? '' : `: no name matches '${pattern}'`}`);
  console.log(`\n${figuresText(figures)}`);
  return figures.failed > 0 || isEmpty ? 1 : 0;
}

const command: CommandModule<object, TestArguments> = {
  command: 'test [suite..]',
  describe: 'run the tests',
  builder: options as CommandModule<object, TestArguments>['builder'],
  handler: test,
};
export default command;
