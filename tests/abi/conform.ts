/**
 * Differential tests: each C program in tests/abi/ runs on this machine's Linux and on Typix, and must print the same.
 * The programs are compiled once (cached by content), run in one boot by support/runner.c, and compared here.
 */
import { createHash } from 'node:crypto';
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { GuestMachine } from '../../scripts/cli/options.ts';
import { inBuild } from '../../scripts/cli/paths.ts';
import { abiTestFiles } from '../../toolchain/generators/abi-coverage.ts';
import { runCollected } from '../harness/collected-run.ts';

const SOURCES = dirname(fileURLToPath(import.meta.url));
const SUPPORT = join(SOURCES, 'support');
const COMPILE = ['-O1', '-static', '-pthread', '-Wall', '-Wno-unused-result', '-Wno-nonnull', '-Wno-stringop-overflow', '-Wno-stringop-overread', '-I', SUPPORT];
/** Seconds one program may take: emulation is some thirty times slower than this machine. */
export const SECONDS_EACH = 30;
const run = promisify(execFile);

/** What one program printed, and how it ended: "exit 0", "signal SEGV", "timeout". */
export interface Observation {
  readonly output: string;
  readonly status: string;
  /** On Typix: pairs "call number:errno" of the system calls that failed. */
  readonly errors?: readonly string[];
}

export interface Comparison {
  readonly name: string;
  readonly linux: Observation;
  /** Absent when Typix did not get to it. */
  readonly typix?: Observation;
  readonly isEqual: boolean;
}

/** Path of each test's C file, by its name. */
const sourceOf: ReadonlyMap<string, string> = new Map(abiTestFiles(SOURCES).map((file) => [basename(file, '.c'), join(SOURCES, file)]));

/** Names of all tests: the C files of the sub-folders. */
export function abiTests(): string[] {
  return [...sourceOf.keys()];
}

/** Tests whose name equals or begins with one of the words; all when there are no words. */
export function selectTests(words: readonly string[]): string[] {
  return abiTests().filter((name) => words.length === 0 || words.some((word) => name === word || name.startsWith(word)));
}

function hashOf(...contents: (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const content of contents) hash.update(content).update('\0');
  return hash.digest('hex').slice(0, 24);
}

/** The program of a test, compiled if need be. */
export async function testProgram(name: string): Promise<string> {
  return compile(sourceOf.get(name)!);
}

/** The static program made from a C file, compiled if its content is new. */
async function compile(source: string): Promise<string> {
  const headers = readdirSync(SUPPORT).filter((file) => file.endsWith('.h')).map((file) => readFileSync(join(SUPPORT, file)));
  const program = inBuild('abi', `${hashOf(readFileSync(source), COMPILE.join(' '), ...headers)}`);
  if (!existsSync(program)) {
    await run('gcc', [...COMPILE, '-o', `${program}.part`, source]);
    execFileSync('mv', [`${program}.part`, program]);
  }
  return program;
}

/** A folder with the runner and the programs, ready to be a root file system; the caller removes it. */
export async function prepareRoot(names: readonly string[]): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'typix-abi-'));
  mkdirSync(join(root, 'tests'));
  const pending = [...names];
  const worker = async (): Promise<void> => {
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      copyFileSync(await testProgram(name), join(root, 'tests', name));
    }
  };
  await Promise.all([worker(), worker()]);
  copyFileSync(await compile(join(SUPPORT, 'runner.c')), join(root, 'runner'));
  return root;
}

/** Reads the runner's frames. */
export function parseFrames(text: string): Map<string, Observation> {
  const found = new Map<string, Observation>();
  const frame = /^@@begin (\S+)\n([\s\S]*?)^@@end \1 (.*)$/gm;
  const errors = new Map([...text.matchAll(/^@@errors (\S+)(.*)$/gm)].map(([, name, pairs]) => [name!, pairs!.split(' ').filter(Boolean)]));
  for (const [, name, output, status] of text.matchAll(frame)) found.set(name!, { output: output!, status: status!, errors: errors.get(name!) });
  return found;
}

/** Runs the programs of a prepared root on this machine's Linux. Their working folders lie on a tmpfs, as in the guest. */
async function runOnLinux(root: string, names: readonly string[]): Promise<Map<string, Observation>> {
  const work = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'typix-abi-'));
  try {
    const { stdout } = await run(join(root, 'runner'), [join(root, 'tests'), work, String(SECONDS_EACH), ...names], { maxBuffer: 1 << 28, encoding: 'latin1' });
    return parseFrames(stdout);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

export interface GuestChoice extends GuestMachine {
  readonly kernel: string;
}

export interface GuestResult {
  readonly frames: Map<string, Observation>;
  readonly log: string[];
  readonly outcome: string;
}

/** Calls `ended` with the name of each test whose frame has ended in the output so far. */
function frameEnds(ended: (name: string) => void): (chunk: Buffer) => void {
  let tail = '';
  return (chunk) => {
    tail = (tail + chunk.toString('latin1')).slice(-70000);
    for (let match = /^@@end (\S+).*\n/m.exec(tail); match; match = /^@@end (\S+).*\n/m.exec(tail)) {
      ended(match[1]!);
      tail = tail.slice(match.index + match[0].length);
    }
  };
}

/** Runs them on Typix, in one boot. `ended` is called with each name as it finishes. */
export async function runOnTypix(root: string, names: readonly string[], choice: GuestChoice, ended: (name: string) => void): Promise<GuestResult> {
  const argv = ['/runner', '/tests', '/tmp/work', String(SECONDS_EACH), ...names];
  const { text, log, outcome } = await runCollected({
    system: 'typix', ...choice, request: { argv, root, workingDirectory: '/', environment: ['PATH=/bin'] }, timeoutMs: (names.length * 20 + 120) * 1000, onOutput: frameEnds(ended),
  });
  return { frames: parseFrames(text), log, outcome: outcome.kind };
}

export interface ConformResult {
  readonly comparisons: Comparison[];
  /** Kernel log of the last boot. */
  readonly log: string[];
}

/**
 * Runs the named tests on both systems. A program that takes Typix down is followed by another boot with those after it,
 * so that one failure hides no other.
 */
export async function conform(names: readonly string[], choice: GuestChoice, ended: (name: string) => void = () => undefined): Promise<ConformResult> {
  const root = await prepareRoot(names);
  try {
    const linux = await runOnLinux(root, names);
    const typix = new Map<string, Observation>();
    let log: string[] = [];
    let rest = [...names];
    while (rest.length > 0) {
      const result = await runOnTypix(root, rest, choice, ended);
      log = result.log;
      for (const [name, observation] of result.frames) typix.set(name, observation);
      const remaining = rest.filter((name) => !typix.has(name));
      if (remaining.length === 0) break;
      typix.set(remaining[0]!, { output: result.log.slice(-40).join('\n'), status: `the guest ended (${result.outcome})` });
      ended(remaining[0]!);
      rest = remaining.slice(1);
    }
    const comparisons = names.map((name): Comparison => {
      const expected = linux.get(name) ?? { output: '', status: 'did not run' };
      const actual = typix.get(name);
      return { name, linux: expected, typix: actual, isEqual: actual !== undefined && actual.output === expected.output && actual.status === expected.status && expected.status !== 'did not run' };
    });
    return { comparisons, log };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Two texts side by side, differing lines marked with `|`. */
export function sideBySide(left: string, right: string, width = 60): string {
  const a = left.split('\n');
  const b = right.split('\n');
  const rows: string[] = [];
  for (const [x, mark, y] of alignLines(a, b)) rows.push(`${(x ?? '').slice(0, width).padEnd(width)} ${mark} ${(y ?? '').slice(0, width)}`);
  return rows.join('\n');
}

/** Aligns two lists of lines by their longest common subsequence: [left, mark, right]. */
function alignLines(a: readonly string[], b: readonly string[]): [string | undefined, string, string | undefined][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const rows: [string | undefined, string, string | undefined][] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) rows.push([a[i++], ' ', b[j++]]);
    else if (i < a.length && j < b.length && lengths[i + 1]![j + 1]! >= Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)) rows.push([a[i++], '|', b[j++]]);
    else if (j >= b.length || (i < a.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) rows.push([a[i++], '<', undefined]);
    else rows.push([undefined, '>', b[j++]]);
  }
  return rows;
}
