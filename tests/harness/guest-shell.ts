/**
 * A session at the shell prompt of the default root: waits for the prompt, makes it unmistakable, and runs commands whose output and
 * status come back as values.
 */
import { GuestSession, type SessionOptions } from './guest-session.ts';

/** What the prompt is after boot(). */
export const PROMPT = '%typix% ';
/** The prompt at the start of a line, with nothing after it yet. */
const AT_PROMPT = /(?:^|\n)%typix% /;

export interface CommandResult {
  readonly output: string;
  readonly status: number;
}

export class GuestShell {
  private count = 0;

  private constructor(readonly session: GuestSession) {}

  /** Boots and waits for the first shell. `bootMs` limits that wait. */
  static async boot(options: SessionOptions, bootMs = 40_000): Promise<GuestShell> {
    return GuestShell.over(GuestSession.start(options), bootMs);
  }

  /** Waits for the first shell of a guest that is booting. Closes the session if none comes. */
  static async over(session: GuestSession, bootMs = 40_000): Promise<GuestShell> {
    try {
      await session.expect(/root@typix:[^\n]*[#$] /, bootMs);
      const shell = new GuestShell(session);
      // Quotes keep the new prompt from matching its own echo; wide lines keep the editor from wrapping.
      session.sendLine(`dmesg -n 1 2>/dev/null; stty cols 200 rows 50; PS1='%''typix''% '`);
      await session.expect(AT_PROMPT);
      return shell;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Runs a command line and returns what it printed and its status. */
  async run(command: string, waitMs?: number): Promise<CommandResult> {
    const mark = `=${++this.count}=`;
    this.session.sendLine(`${command}; echo "<$?"'${mark}>'`);
    // The echo of the command line ends with its line break.
    await this.session.expect(`'${mark}>'\n`, waitMs);
    // The shell may report ended jobs before its prompt.
    const end = new RegExp(`<(\\d+)${mark}>\\n(?:\\[\\d+\\].*\\n)*%typix% `);
    const { match, before } = await this.session.expect(end, waitMs);
    return { output: before, status: Number(match[1]) };
  }

  /** Types a line without waiting for it to end. */
  type(line: string): void {
    this.session.sendLine(line);
  }

  /** Leaves a program that stands in the way after a failure, so that the next test finds a prompt. */
  async recover(): Promise<void> {
    const mark = `sync${++this.count}`;
    for (const keys of ['\x11', '\x1b:q!\r', 'q', '\x03', '\x03']) {
      this.session.send(keys);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    this.session.sendLine(`stty sane; stty cols 200 rows 50; echo ${mark}`);
    await this.session.expect(`\n${mark}\n%typix% `);
  }

  /** Gives a program that was just started the time to set up the terminal, as a person does. */
  async settle(ms = 400): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** Waits for the prompt. Returns what came before it. */
  async prompt(waitMs?: number): Promise<string> {
    return (await this.session.expect(AT_PROMPT, waitMs)).before;
  }

  close(): Promise<void> {
    return this.session.close();
  }

  /** Powers off in the guest and waits until QEMU has ended. */
  async powerOff(waitMs?: number): Promise<void> {
    this.session.sendLine('poweroff');
    await this.session.expectExit(waitMs);
  }
}
