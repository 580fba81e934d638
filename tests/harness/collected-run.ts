/** One program in one boot of Typix or Linux, all that it prints collected: what the comparing and measuring tools are built on. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { execInitramfs, type ExecRequest } from '../../scripts/cli/exec/exec-root.ts';
import { runGuest, type ExecOutcome } from '../../scripts/cli/exec/guest-run.ts';
import type { GuestMachine } from '../../scripts/cli/options.ts';
import { linuxExecEntries } from './linux-reference.ts';

export type System = 'linux' | 'typix';

export interface CollectedRun extends GuestMachine {
  readonly system: System;
  readonly kernel: string;
  readonly request: ExecRequest;
  readonly timeoutMs: number;
  /** Sees the output as it comes. */
  readonly onOutput?: (chunk: Buffer) => void;
}

export interface Collected {
  /** Output and error output, a character a byte. */
  readonly text: string;
  /** The kernel log. */
  readonly log: string[];
  readonly outcome: ExecOutcome;
}

/** Boots, runs the program and returns when the guest has ended, in whatever way. */
export async function runCollected(run: CollectedRun): Promise<Collected> {
  const folder = mkdtempSync(join(tmpdir(), 'typix-run-'));
  try {
    const initrd = join(folder, 'initramfs.cpio');
    writeFileSync(initrd, execInitramfs(run.request, run.system === 'linux' ? linuxExecEntries() : []));
    const output = new PassThrough();
    const chunks: Buffer[] = [];
    output.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      run.onOutput?.(chunk);
    });
    const log: string[] = [];
    const boot = { kind: 'kernel', kernel: run.kernel, initrd, append: `typix.exec=stream panic=-1 ${run.append ?? ''}`.trim() } as const;
    const machine = { boot, memoryBytes: run.memoryBytes, cpus: run.cpus ?? 1, machine: run.machine ?? 'q35', accelerator: run.accelerator, extra: run.extra } as const;
    const outcome = await runGuest(machine, { output, errors: output, log: (line) => void log.push(line) }, run.timeoutMs);
    return { text: Buffer.concat(chunks).toString('latin1'), log, outcome };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
