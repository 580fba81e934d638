/**
 * Random sequences of system calls (differ.c) on Debian's Linux 6.1 and on Typix, in the same virtual machine; whatever they print must be equal.
 * A sequence ends being comparable at its first difference, since what follows starts from another state; sequences are short for that reason.
 */
import { execFileSync } from 'node:child_process';
import type { GuestMachine } from '../../scripts/cli/options.ts';
import { inBuild, inRepository } from '../../scripts/cli/paths.ts';
import { parseFrames, sideBySide, type Observation } from '../abi/conform.ts';
import { runCollected, type System } from '../harness/collected-run.ts';

/** One header of this folder each, included by differ.c. */
export const SUBJECTS = ['descriptors', 'files', 'identity', 'memory', 'signals', 'terminals'] as const;

export interface DifferentialRun {
  readonly subjects: readonly string[];
  readonly seed: number;
  /** Sequences of each subject. */
  readonly sequences: number;
  readonly steps: number;
  /** Lines shown ahead of a difference. */
  readonly context: number;
  readonly kernels: Readonly<Record<System, string>>;
  /** Kernel options in it are for Typix. */
  readonly guest: GuestMachine;
}

export interface Difference {
  /** Subject and seed. */
  readonly name: string;
  /** Both outputs side by side around the first line that differs. */
  readonly excerpt: string;
}

export interface DifferentialResult {
  readonly compared: number;
  readonly differences: Difference[];
  /** Why a guest did not finish, with the end of its log. */
  readonly failure?: string;
}

const LINES_AFTER = 4;
/** Without what would show through: protection keys (unreadable executable memory), 57-bit addresses, security modules. */
const LINUX_OPTIONS = 'mitigations=off quiet nopku no5lvl lsm=none';
/** Wide enough for most lines of two systems. */
const COLUMN = 100;

function differProgram(): string {
  const program = inBuild('differential', 'differ');
  execFileSync('gcc', ['-O1', '-static', '-Wall', '-Wno-unused-result', '-Wno-nonnull', '-Wno-unused-function', '-o', program, inRepository('tests/differential/differ.c')], { stdio: 'inherit' });
  return program;
}

/** Both texts from `before` lines ahead of the first that differs. */
export function excerptOf(linux: Observation, typix: Observation, before: number): string {
  const [left, right] = [linux, typix].map(({ output, status }) => [...output.trimEnd().split('\n'), status]) as [string[], string[]];
  const at = left.findIndex((line, index) => line !== right[index]);
  const [from, to] = [Math.max(0, at - before), at + 1 + LINES_AFTER];
  return sideBySide(left.slice(from, to).join('\n'), right.slice(from, to).join('\n'), COLUMN);
}

async function observe(system: System, program: string, run: DifferentialRun): Promise<{ frames: Map<string, Observation>; failure?: string }> {
  const all = run.subjects.length === SUBJECTS.length;
  const frames = new Map<string, Observation>();
  for (const subject of all ? ['all'] : run.subjects) {
    const request = { argv: [program, subject, String(run.seed), String(run.sequences), String(run.steps)], workingDirectory: '/', environment: ['PATH=/bin'] };
    const timeoutMs = 120_000 + run.sequences * run.subjects.length * run.steps * 100;
    const append = system === 'linux' ? LINUX_OPTIONS : run.guest.append;
    const { text, log, outcome } = await runCollected({ ...run.guest, system, kernel: run.kernels[system], request, append, timeoutMs });
    for (const [name, observation] of parseFrames(text)) frames.set(name, observation);
    if (outcome.kind !== 'exited' || outcome.waitStatus !== 0) return { frames, failure: [`${system}: the guest ended (${outcome.kind}), after ${[...frames.keys()].at(-1) ?? 'nothing'}`, ...text.split('\n').slice(-5), ...log.slice(-25)].join('\n') };
  }
  return { frames };
}

/** Runs the same sequences on both systems at the same time and compares them. */
export async function differential(run: DifferentialRun): Promise<DifferentialResult> {
  const program = differProgram();
  const [linux, typix] = await Promise.all([observe('linux', program, run), observe('typix', program, run)]);
  const differences: Difference[] = [];
  let compared = 0;
  for (const [name, expected] of linux.frames) {
    const actual = typix.frames.get(name) ?? { output: '', status: 'did not run' };
    compared++;
    if (actual.output !== expected.output || actual.status !== expected.status) differences.push({ name, excerpt: excerptOf(expected, actual, run.context) });
  }
  return { compared, differences, failure: linux.failure ?? typix.failure };
}
