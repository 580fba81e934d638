/**
 * Whole programs, unmodified and dynamically linked, as this machine has them: the scripts in cases/ run with the same binaries on this
 * machine's Linux and on Typix, and must print the same. The first lines of a script name what it needs:
 *   # Programs: bash sort …     programs, found as the shell finds them, with their libraries
 *   # Files: /usr/lib/x …       files, or folders with all that is in them
 *   # Files of: perl-base …     all files of Debian packages
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { findProgram } from '../../scripts/cli/exec/program-files.ts';
import { inRepository } from '../../scripts/cli/paths.ts';
import { parseFrames, type GuestChoice, type Observation } from '../abi/conform.ts';
import { runCollected } from '../harness/collected-run.ts';
import { debianCloudKernel } from '../harness/linux-reference.ts';

const CASES = inRepository('tests', 'programs', 'cases');
/** Node.js is wherever it is: it runs the tests. */
const PATH = `${dirname(process.execPath)}:/usr/bin:/bin:/usr/sbin:/sbin`;
const SECONDS_EACH = 60;

/** Runs the scripts that are its arguments, each in an empty folder and a plain environment, and frames what they print. */
const DRIVER = `for case in "$@"; do
  name=\${case##*/}; name=\${name%.sh}
  work=\${0%/*}/work-$name; mkdir "$work"; cd "$work"
  echo "@@begin $name"
  env -i PATH=${PATH} HOME=/ LC_ALL=C TZ=UTC timeout -k 5 ${SECONDS_EACH} bash "$case" < /dev/null 2>&1
  status=$?; echo; echo "@@end $name exit $status"
done
`;

export function programCases(): string[] {
  return readdirSync(CASES).filter((name) => name.endsWith('.sh')).map((name) => basename(name, '.sh')).sort();
}

function wordsAfter(script: string, heading: string): string[] {
  return script.split('\n').flatMap((line) => (line.startsWith(`# ${heading}: `) ? line.slice(heading.length + 4).trim().split(/\s+/) : []));
}

function filesOfPackage(name: string): string[] {
  return execFileSync('dpkg', ['-L', name], { encoding: 'utf8' }).split('\n').filter((path) => existsSync(path) && statSync(path).isFile());
}

/** What the scripts name and this machine has; a program that is missing here is missing on both systems. */
function neededFiles(scripts: readonly string[]): string[] {
  const programs = new Set(['env', 'timeout', 'mkdir', ...scripts.flatMap((script) => wordsAfter(script, 'Programs'))]);
  const named = scripts.flatMap((script) => wordsAfter(script, 'Files'));
  const packages = new Set(scripts.flatMap((script) => wordsAfter(script, 'Files of')));
  const found = [...programs].flatMap((name) => {
    try {
      return [findProgram(name, PATH)];
    } catch {
      return [];
    }
  });
  return [...found, '/bin/sh', ...named, ...[...packages].flatMap(filesOfPackage)];
}

export interface ProgramComparison {
  readonly linux: Map<string, Observation>;
  readonly typix: Map<string, Observation>;
  readonly log: string[];
}

/** What differs by nature: the numbers of processes in a shell's messages. */
function withoutNumbers(text: string): string {
  return text.replace(/(: line \d+:) +\d+( [A-Z][a-z])/g, '$1 PID$2').replace(/(No record of process )\d+/g, '$1PID');
}

/** Where the cases run on Linux: here, which needs root (they change owners and make devices), or in a guest with Debian's kernel. */
export type Reference = 'this machine' | 'guest';

/** Runs the named cases on both systems. */
export async function comparePrograms(names: readonly string[], choice: GuestChoice, reference: Reference): Promise<ProgramComparison> {
  const folder = mkdtempSync(join(tmpdir(), 'typix-programs-'));
  try {
    const driver = join(folder, 'driver.sh');
    const scripts = names.map((name) => join(folder, `${name}.sh`));
    writeFileSync(driver, DRIVER);
    for (const script of scripts) writeFileSync(script, readFileSync(join(CASES, basename(script))));
    const argv = ['/bin/bash', driver, ...scripts];
    const files = [...neededFiles(scripts.map((script) => readFileSync(script, 'utf8'))), driver, ...scripts];
    const request = { argv, workingDirectory: '/', environment: [`PATH=${PATH}`], files };
    const timeoutMs = names.length * 100_000 + 60_000;
    const inGuest = async (): Promise<string> => (await runCollected({ ...choice, system: 'linux', kernel: debianCloudKernel(console.log), append: 'quiet', request, timeoutMs })).text;
    const [linux, typix] = await Promise.all([
      reference === 'guest' ? inGuest() : onThisMachine(argv, folder), runCollected({ system: 'typix', ...choice, request, timeoutMs }),
    ]);
    return { linux: parseFrames(withoutNumbers(linux)), typix: parseFrames(withoutNumbers(typix.text)), log: typix.log };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Their folders lie on a tmpfs, as in the guest. */
async function onThisMachine(argv: readonly string[], folder: string): Promise<string> {
  const here = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'typix-programs-'));
  try {
    execFileSync('cp', ['-r', `${folder}/.`, here]);
    const moved = argv.map((argument) => argument.replace(folder, here));
    return execFileSync(moved[0]!, moved.slice(1), { encoding: 'latin1', maxBuffer: 1 << 28, env: { PATH } }).replaceAll(here, folder);
  } finally {
    rmSync(here, { recursive: true, force: true });
  }
}
