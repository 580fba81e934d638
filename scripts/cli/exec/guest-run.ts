/**
 * One run of QEMU for `typix exec`: serial ports on socket pairs, input escaped, output passed on, the exit line awaited.
 * QEMU is killed on every way out. docs/inside/exec-protocol.md is the contract.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex, Readable, Writable } from 'node:stream';
import { UserError } from '../errors.ts';
import { QEMU, qemuArguments, type MachineOptions } from '../qemu.ts';

const ESCAPE = 0xff;
const END_OF_FILE = Buffer.from([ESCAPE, 0x00]);

/** How a run ended. */
export type ExecOutcome =
  | { readonly kind: 'exited'; readonly waitStatus: number }
  | { readonly kind: 'not-started'; readonly errno: number }
  | { readonly kind: 'panic' }
  | { readonly kind: 'died'; readonly reason: string }
  | { readonly kind: 'timeout' };

export interface ExecStreams {
  readonly input?: Readable;
  readonly output: Writable;
  readonly errors: Writable;
  /** Lines of COM2: kernel log and strace text, without the exit line. */
  readonly log: (line: string) => void;
}

/** Somebody who looks at the guest once the program has ended, before QEMU is. */
export interface GuestObserver {
  /** QEMU arguments for a further socket, which is its file descriptor `fd`. */
  arguments(fd: number): string[];
  /** The other end of that socket. */
  connected(socket: Duplex): void;
  ended(): Promise<void>;
}

/** Doubles each 0xff, so that a single one introduces an escape. */
export function escapeInput(bytes: Buffer): Buffer {
  if (!bytes.includes(ESCAPE)) return bytes;
  const escaped: number[] = [];
  for (const byte of bytes) {
    escaped.push(byte);
    if (byte === ESCAPE) escaped.push(ESCAPE);
  }
  return Buffer.from(escaped);
}

/** Reads the exit line, if this line is one. */
export function parseExitLine(line: string): ExecOutcome | undefined {
  const match = /^typix-exit: (?:(\d+)|error (\d+)|(panic))\s*$/.exec(line);
  if (!match) return undefined;
  if (match[3]) return { kind: 'panic' };
  if (match[2]) return { kind: 'not-started', errno: Number(match[2]) };
  return { kind: 'exited', waitStatus: Number(match[1]) };
}

/** Splits a stream into lines, each given to `take` as it ends; the rest at the end. */
function readLines(stream: Readable, take: (line: string) => void): void {
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line.replace(/\r$/, ''));
  });
  stream.on('end', () => {
    if (rest !== '') take(rest);
  });
}

function pumpInput(input: Readable | undefined, port: Duplex): void {
  if (!input) {
    port.write(END_OF_FILE);
    return;
  }
  input.on('data', (chunk: Buffer) => {
    if (!port.write(escapeInput(chunk))) {
      input.pause();
      port.once('drain', () => input.resume());
    }
  });
  input.on('end', () => port.write(END_OF_FILE));
  input.on('error', () => port.write(END_OF_FILE));
}

/** Said by the guest on COM2 when it has set up COM1: bytes sent earlier could be cleared from the UART's FIFO. */
const READY_LINE = 'typix-exec: ready';

function serialArguments(): string[] {
  const ports = [3, 4, 5].flatMap((fd) => ['-chardev', `socket,id=com${fd - 2},fd=${fd}`, '-serial', `chardev:com${fd - 2}`]);
  return ['-monitor', 'none', ...ports];
}

function ended(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    stream.on('end', resolve);
    stream.on('close', resolve);
    stream.on('error', () => resolve());
  });
}

/** Copies a port to a stream of ours, with back-pressure (QEMU then stops the guest's transmitter). */
function pumpOutput(port: Readable, output: Writable): Promise<void> {
  port.on('data', (chunk: Buffer) => {
    if (!output.write(chunk)) {
      port.pause();
      output.once('drain', () => port.resume());
    }
  });
  return ended(port);
}

/** Boots, runs, and returns how it ended once all output has been passed on. */
export async function runGuest(machine: MachineOptions, streams: ExecStreams, timeoutMs: number | undefined, observer?: GuestObserver): Promise<ExecOutcome> {
  const child: ChildProcess = spawn(QEMU, [...qemuArguments(machine), '-no-reboot', ...serialArguments(), ...(observer?.arguments(6) ?? [])], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...(observer ? ['pipe' as const] : [])],
  });
  const [, , complaints, com1, com2, com3, further] = child.stdio as unknown as [null, null, Readable, Duplex, Duplex, Duplex, Duplex];
  observer?.connected(further);
  const killQemu = (): void => void child.kill('SIGKILL');
  process.once('exit', killQemu);
  let outcome: ExecOutcome | undefined;
  let complaint = '';
  const end = (how: ExecOutcome): void => {
    outcome ??= how;
    killQemu();
  };
  complaints.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  readLines(com2, (line) => {
    const exit = parseExitLine(line);
    if (exit && observer) void observer.ended().finally(() => end(exit));
    else if (exit) end(exit);
    else if (line === READY_LINE) pumpInput(streams.input, com1);
    else if (outcome === undefined && line !== '') streams.log(line);
  });
  com1.on('error', () => undefined);
  const drained = [pumpOutput(com1, streams.output), pumpOutput(com3, streams.errors), ended(com2)];
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => end({ kind: 'timeout' }), timeoutMs);
  await new Promise<void>((resolve, reject) => {
    child.on('error', (error) => reject(new UserError(`cannot start ${QEMU}: ${error.message}`, 'typix doctor says what is missing', 125)));
    child.on('exit', () => resolve());
  });
  clearTimeout(timer);
  process.off('exit', killQemu);
  await Promise.all(drained);
  streams.input?.pause();
  return outcome ?? { kind: 'died', reason: complaint.trim() || 'the guest stopped without an exit line' };
}
