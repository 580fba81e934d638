/** `typix test`: all test suites, or some, and a closing line with the figures. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { Argv, CommandModule } from 'yargs';
import { UserError } from '../errors.ts';
import { ensureKernel } from '../kernel-image.ts';
import { ensurePackages } from '../packages.ts';
import { inBuild, inRepository, repositoryRoot } from '../paths.ts';
import { testSuites, type Suite } from '../test-suites.ts';

interface TestArguments {
  suite?: string[];
  name?: string;
  file?: string[];
  list?: boolean;
  quick?: boolean;
  build?: boolean;
}

interface Figures {
  passed: number;
  failed: number;
  /** Full names of tests that failed, and of files that did not load. */
  failures: string[];
}

/** What vitest's JSON reporter writes, as far as it is read here. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { name: string; status: string; message?: string; assertionResults: { fullName: string; status: string }[] }[];
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

function readReport(path: string): Figures {
  const report = JSON.parse(readFileSync(path, 'utf8')) as VitestReport;
  const failures = report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === 'failed').map((test) => test.fullName);
    return failed.length === 0 && file.status === 'failed' ? [`${file.name.replace(`${repositoryRoot}/`, '')} (did not run)`] : failed;
  });
  // A file that could not be loaded, or whose set-up failed, counts as one failed test.
  const unloaded = failures.length - report.numFailedTests;
  return { passed: report.numPassedTests, failed: report.numFailedTests + Math.max(0, unloaded), failures };
}

/** Runs one suite; vitest prints as it goes, the figures come from its JSON report. */
function runSuite(suite: Suite, args: TestArguments): Figures {
  const report = inBuild('tests', `${suite.name}.json`);
  rmSync(report, { force: true });
  const filters = args.file ? args.file : suite.paths.map((path) => `${path}/`);
  const command = [
    inRepository('node_modules/vitest/vitest.mjs'), 'run', ...filters, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`,
    '--passWithNoTests', ...(suite.isSerial ? ['--no-file-parallelism'] : []), ...(args.name ? ['-t', args.name] : []),
  ];
  const environment = {
    ...process.env, ...(args.quick ? { TYPIX_TEST_MODE: 'quick' } : {}), ...(args.build === false ? { TYPIX_TEST_BUILD: 'no' } : {}),
  };
  const result = spawnSync(process.execPath, command, { cwd: repositoryRoot, stdio: ['ignore', 'inherit', 'inherit'], env: environment });
  if (!existsSync(report)) return { passed: 0, failed: 1, failures: [`${suite.name}: vitest ended with ${result.signal ?? result.status} and no report`] };
  const figures = readReport(report);
  if (result.status !== 0 && figures.failed === 0) return { ...figures, failed: 1, failures: [`${suite.name}: vitest ended with ${result.signal ?? result.status}`] };
  return figures;
}

async function test(args: TestArguments): Promise<void> {
  const suites = chosenSuites(args.suite ?? []);
  if (args.list) {
    for (const suite of suites) console.log(`${suite.name.padEnd(10)} ${suite.about}`);
    return;
  }
  ensurePackages(['build', 'iso', 'run', 'uefi', 'test']);
  const failures: string[] = [];
  let passed = 0;
  let failed = 0;
  try {
    if (suites.some((suite) => suite.isSerial)) await ensureKernel(args.quick ? { quick: true, build: args.build } : { release: args.build !== false, build: args.build }, (line) => console.log(line));
  } catch (error) {
    failed++;
    failures.push(`the kernel does not build: ${error instanceof Error ? error.message : String(error)}`);
  }
  for (const suite of suites) {
    console.log(`\n== ${suite.name}: ${suite.about}`);
    const startedAt = performance.now();
    const figures = runSuite(suite, args);
    passed += figures.passed;
    failed += figures.failed;
    failures.push(...figures.failures);
    console.log(`== ${suite.name}: ${figures.passed} passed, ${figures.failed} failed, ${Math.round((performance.now() - startedAt) / 1000)} s`);
  }
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((name) => `  ${name}`).join('\n')}`);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

const command: CommandModule<object, TestArguments> = {
  command: 'test [suite..]',
  describe: 'run the tests',
  builder: options as CommandModule<object, TestArguments>['builder'],
  handler: test,
};
export default command;
