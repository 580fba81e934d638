/**
 * A guest in QEMU (or another emulator: bochs.ts) that a test talks to over the serial console, in the manner of expect(1).
 *
 * Every wait has a time limit, the session as a whole has one too, and the emulator is killed on every way out: at close(), when the limit
 * passes, and when the test process ends. What the guest said is kept; a failure shows its end and names the file with all of it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Duplex, Readable } from 'node:stream';
import { inBuild } from '../../scripts/cli/paths.ts';
import { QEMU, qemuArguments, type MachineOptions } from '../../scripts/cli/qemu.ts';

export interface SessionLimits {
  /** Names the transcript: build/tests/transcripts/NAME.log. */
  readonly name: string;
  /** Limit of one wait unless it says otherwise. */
  readonly waitMs?: number;
  /** Limit of the whole session. */
  readonly limitMs?: number;
}

export interface SessionOptions extends SessionLimits {
  readonly machine: MachineOptions;
}

/** An emulator that has been started, and how it ends. */
export interface RunningGuest {
  readonly child: ChildProcess;
  /** Its first serial port. */
  readonly port: Duplex;
  /** What it exits with when the guest turns the machine off. */
  readonly endCode: number;
}

const SHOWN_ON_FAILURE = 3000;

/** A slow machine can stretch all limits: TYPIX_TEST_PATIENCE=3. */
const PATIENCE = Number(process.env.TYPIX_TEST_PATIENCE ?? 1) || 1;

/** Escape sequences of terminals (CSI, OSC and two-character ones), and one that is cut off at the end of what has come so far. */
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*(?:[@-~]|$)|\][^\x07\x1b]*(?:\x07|\x1b\\|$)|[@-Z\\-_=>78]|$)/g;

/** Text as a person would read it: no escape sequences, no carriage returns. */
export function plainText(text: string): string {
  return text.replace(ESCAPES, '').replace(/\r/g, '');
}

export class GuestSession {
  private received = '';
  /** Where the next expect() begins to look. */
  private position = 0;
  private exit: { code: number | null; signal: NodeJS.Signals | null } | undefined;
  private complaint = '';
  private limitPassed = false;
  private readonly listeners = new Set<() => void>();
  private readonly limit: NodeJS.Timeout;
  private readonly kill = (): void => void this.child.kill('SIGKILL');

  private readonly child: ChildProcess;
  private readonly port: Duplex;

  /** Talks to a guest that runs already. The session owns it: it is killed at the latest when the limit has passed. */
  constructor(private readonly guest: RunningGuest, private readonly options: SessionLimits) {
    const { child, port } = guest;
    this.child = child;
    this.port = port;
    process.once('exit', this.kill);
    port.setEncoding('latin1');
    port.on('data', (text: string) => {
      this.received += text;
      this.notify();
    });
    port.on('error', () => undefined);
    (child.stderr as Readable | null)?.on('data', (chunk: Buffer) => (this.complaint += chunk.toString()));
    child.on('error', (error) => (this.complaint += error.message));
    child.on('exit', (code, signal) => {
      this.exit = { code, signal };
      // The port's last bytes may still be on their way.
      setTimeout(() => this.notify(), 20);
    });
    this.limit = setTimeout(() => {
      this.limitPassed = true;
      this.kill();
    }, (options.limitMs ?? 60_000) * PATIENCE);
  }

  /** Starts QEMU. The first serial port is the session's; the second is dropped. */
  static start(options: SessionOptions): GuestSession {
    const serial = ['-monitor', 'none', '-chardev', 'socket,id=com1,fd=3', '-serial', 'chardev:com1', '-serial', 'null'];
    const child = spawn(QEMU, [...qemuArguments(options.machine), ...serial], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
    return new GuestSession({ child, port: child.stdio[3] as Duplex, endCode: 0 }, options);
  }

  /** Everything the guest has written so far, as it came. */
  get transcript(): string {
    return this.received;
  }

  send(text: string): void {
    this.port.write(Buffer.from(text, 'latin1'));
  }

  sendLine(text: string): void {
    this.send(`${text}\r`);
  }

  /**
   * Waits until the text after the last match matches, and moves behind it. Returns the match, whose `before` is what came between.
   * The pattern sees plain text: escape sequences and carriage returns are taken out.
   */
  async expect(pattern: RegExp | string, waitMs = this.options.waitMs ?? 10_000): Promise<{ match: RegExpExecArray; before: string }> {
    const wanted = typeof pattern === 'string' ? new RegExp(pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : pattern;
    const deadline = Date.now() + waitMs * PATIENCE;
    for (;;) {
      const text = plainText(this.received);
      const match = wanted.exec(text.slice(this.position));
      if (match) {
        const before = text.slice(this.position, this.position + match.index);
        this.position += match.index + match[0].length;
        return { match, before };
      }
      if (this.exit) throw this.failure(`the guest ended before ${wanted} came`);
      if (Date.now() >= deadline) throw this.failure(`${wanted} did not come within ${(waitMs * PATIENCE) / 1000} s`);
      await this.change(deadline);
    }
  }

  /** Waits for the emulator to end by itself (the guest powered off, or rebooted under -no-reboot). */
  async expectExit(waitMs = 15_000): Promise<void> {
    const deadline = Date.now() + waitMs * PATIENCE;
    while (!this.exit) {
      if (Date.now() >= deadline) throw this.failure(`the emulator still runs after ${(waitMs * PATIENCE) / 1000} s`);
      await this.change(deadline);
    }
    if (this.exit.code !== this.guest.endCode) throw this.failure(`the emulator ended with ${this.exit.signal ?? this.exit.code}`);
  }

  /** True while the emulator runs. */
  get isRunning(): boolean {
    return this.exit === undefined;
  }

  /** Kills the emulator if it runs, and keeps the transcript. */
  async close(): Promise<void> {
    clearTimeout(this.limit);
    process.off('exit', this.kill);
    if (!this.exit && this.child.pid !== undefined) {
      const gone = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
      this.kill();
      await gone;
    }
    this.writeTranscript();
  }

  private notify(): void {
    for (const wake of [...this.listeners]) wake();
  }

  /** Resolves at the next change, or at the deadline. */
  private change(deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.listeners.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.max(1, deadline - Date.now()));
      this.listeners.add(wake);
    });
  }

  private writeTranscript(): string {
    const path = inBuild('tests', 'transcripts', `${this.options.name.replaceAll(/[^\w.-]+/g, '-')}.log`);
    writeFileSync(path, Buffer.from(this.received, 'latin1'));
    return path;
  }

  private failure(what: string): Error {
    const path = this.writeTranscript();
    const unread = plainText(this.received).slice(-SHOWN_ON_FAILURE);
    const more = [this.limitPassed ? 'the time limit of the whole session passed' : '', this.complaint.trim()].filter(Boolean).join('; ');
    return new Error(`${this.options.name}: ${what}${more ? ` (${more})` : ''}\n--- the guest's last output (all of it: ${path})\n${unread}\n---`);
  }
}
