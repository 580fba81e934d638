/**
 * Fuzzing: builds the fuzzer with the calls of the system-call table, boots Typix with it, and judges the run. A run is good when the fuzzer
 * ends by itself, the kernel log has no oops and no panic, and memory and tasks are back where they were (leak check).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { execInitramfs } from '../../scripts/cli/exec/exec-root.ts';
import { runGuest } from '../../scripts/cli/exec/guest-run.ts';
import { inBuild, inRepository } from '../../scripts/cli/paths.ts';
import type { Accelerator } from '../../scripts/cli/qemu.ts';
import type { Argument } from '../../syscalls/table/format.ts';
import { loadSystemCalls } from '../../toolchain/generators/system-calls.ts';

/** The fuzzer's letter for an argument: what kind of value to make up. */
function letter(argument: Argument): string {
  switch (argument.kind) {
    case 'path': return 'p';
    case 'claim': return 's';
    case 'buffer': return 'a';
    case 'flags': return 'g';
    case 'value': return { fd: 'f', dirfd: 'd', size_t: 'l', pid_t: 'i', signal: 'n', mode_t: 'm', address: 'a' }[argument.type] ?? 'u';
  }
}

/** Compiles the fuzzer and its supervisor script's helper; the path of the program. */
export async function fuzzProgram(): Promise<string> {
  const rows = await loadSystemCalls();
  const folder = inBuild('fuzz', 'x').slice(0, -2);
  const list = rows.map((row) => `{${row.number}, "${row.prototype.name}", "${row.prototype.arguments.map(letter).join('')}"},`);
  writeFileSync(join(folder, 'calls.h'), `${list.join('\n')}\n`);
  const program = join(folder, 'fuzz');
  execFileSync('gcc', ['-O1', '-static', '-w', '-I', folder, '-o', program, inRepository('tests/fuzz/fuzz.c')], { stdio: 'inherit' });
  return program;
}

export interface FuzzChoice {
  readonly kernel: string;
  readonly accelerator: Accelerator;
  readonly memoryBytes: number;
  readonly seed: bigint;
  readonly seconds: number;
  readonly workers: number;
  readonly append?: string;
}

export interface FuzzResult {
  readonly isGood: boolean;
  readonly problem?: string;
  readonly calls: number;
  readonly log: string[];
  readonly tail: string[];
}

/** The script that is the first process: the leak check around the run. */
function supervisor(choice: FuzzChoice): string {
  return `#!/bin/sh
mkdir -p /tmp
figures() { grep -E '^MemFree:|^Threads|^KernelStack' /proc/meminfo; cat /proc/typix/objects 2>/dev/null; }
# One short run first fills caches that stay.
/fuzz ${choice.seed} 2 ${choice.workers} > /dev/null
rm -rf /tmp/fuzz-*; sleep 1
echo "fuzz-before $(echo $(figures))"
/fuzz ${choice.seed} ${choice.seconds} ${choice.workers}
rm -rf /tmp/fuzz-*; sleep 1
echo "fuzz-after $(echo $(figures))"
`;
}

/** Memory that a run may leave behind in caches, KiB. */
const SLACK_KIB = 4096;

function leak(text: string): string | undefined {
  const free = (tag: string): number | undefined => {
    const match = new RegExp(`^${tag} .*?MemFree: (\\d+) kB`, 'm').exec(text);
    return match ? Number(match[1]) : undefined;
  };
  const [before, after] = [free('fuzz-before'), free('fuzz-after')];
  if (before === undefined || after === undefined) return 'the leak check did not run';
  return before - after > SLACK_KIB ? `memory leaked: ${before - after} KiB` : undefined;
}

/** One boot with the fuzzer. */
export async function fuzz(choice: FuzzChoice): Promise<FuzzResult> {
  const root = mkdtempSync(join(tmpdir(), 'typix-fuzz-'));
  try {
    for (const folder of ['bin', 'tmp', 'proc', 'dev']) execFileSync('mkdir', ['-p', join(root, folder)]);
    execFileSync('cp', [await fuzzProgram(), join(root, 'fuzz')]);
    execFileSync('cp', ['/bin/busybox', join(root, 'bin/busybox')]);
    for (const applet of ['sh', 'grep', 'cat', 'rm', 'sleep', 'mkdir']) execFileSync('ln', ['-sf', '/bin/busybox', join(root, 'bin', applet)]);
    writeFileSync(join(root, 'run.sh'), supervisor(choice), { mode: 0o755 });
    const initrd = join(root, 'initramfs.cpio');
    writeFileSync(initrd, execInitramfs({ argv: ['/run.sh'], root, workingDirectory: '/', environment: ['PATH=/bin'] }));
    const output = new PassThrough();
    const chunks: Buffer[] = [];
    output.on('data', (chunk: Buffer) => void chunks.push(chunk));
    const log: string[] = [];
    const boot = { kind: 'kernel', kernel: choice.kernel, initrd, append: `typix.exec=stream panic=-1 loglevel=5 ${choice.append ?? ''}`.trim() } as const;
    const machine = { boot, memoryBytes: choice.memoryBytes, cpus: 1, machine: 'q35', accelerator: choice.accelerator } as const;
    const streams = { output, errors: output, log: (line: string) => void log.push(line) };
    const outcome = await runGuest(machine, streams, (choice.seconds * 2 + 60) * 1000);
    const text = Buffer.concat(chunks).toString('latin1');
    const calls = Number(/fuzz: done (\d+) calls/.exec(text)?.[1] ?? 0);
    const bad = log.find((line) => /Oops:|Kernel panic/.test(line));
    const problem = bad ?? (outcome.kind !== 'exited' ? `the guest ended: ${outcome.kind}` : outcome.waitStatus !== 0 ? `the first process ended with status ${outcome.waitStatus}` : leak(text));
    return { isGood: problem === undefined, problem, calls, log, tail: text.split('\n').slice(-12) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
