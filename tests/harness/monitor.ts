/** QEMU's monitor (QMP, docs/interop/qmp-spec.txt of QEMU): what a person at the machine does and sees: keys and the screen. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { readPpm, type Picture } from './picture.ts';

/** QEMU's names of the keys for characters that are not their own name; the second string is pressed with Shift. */
const KEYS: Readonly<Record<string, string>> = {
  ' ': 'spc', '\n': 'ret', '\t': 'tab', '-': 'minus', '=': 'equal', '/': 'slash', '.': 'dot', ',': 'comma', ';': 'semicolon', "'": 'apostrophe',
  '[': 'bracket_left', ']': 'bracket_right', '\\': 'backslash', '`': 'grave_accent',
};
const SHIFTED = '!@#$%^&*()_+{}|:"<>?~';
const PLAIN = '1234567890-=[]\\;\',./`';

/** The keys that a US keyboard is pressed at for a character. */
function keysFor(character: string): string[] {
  const at = SHIFTED.indexOf(character);
  if (at >= 0) return ['shift', ...keysFor(PLAIN[at]!)];
  if (/[A-Z]/.test(character)) return ['shift', character.toLowerCase()];
  const name = KEYS[character] ?? (/[a-z0-9]/.test(character) ? character : undefined);
  if (name === undefined) throw new Error(`no key for '${character}'`);
  return [name];
}

export class Monitor {
  private text = '';
  private readonly answers: ((answer: { return?: unknown; error?: { desc: string } }) => void)[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'typix-screen-'));

  /** `port` is the connection of a chardev in mode control. */
  constructor(private readonly port: Duplex) {
    port.setEncoding('utf8');
    port.on('error', () => undefined);
    port.on('data', (chunk: string) => {
      this.text += chunk;
      const lines = this.text.split('\n');
      this.text = lines.pop()!;
      for (const line of lines.filter((item) => item.trim() !== '')) this.take(JSON.parse(line) as Record<string, unknown>);
    });
  }

  private take(message: Record<string, unknown>): void {
    if ('return' in message || 'error' in message) this.answers.shift()?.(message);
  }

  async command(execute: string, args: Record<string, unknown> = {}): Promise<unknown> {
    const answer = new Promise<{ return?: unknown; error?: { desc: string } }>((resolve) => this.answers.push(resolve));
    this.port.write(`${JSON.stringify({ execute, arguments: args })}\n`);
    const { return: value, error } = await answer;
    if (error) throw new Error(`${execute}: ${error.desc}`);
    return value;
  }

  /** Ends the negotiation; before any other command. */
  async begin(): Promise<void> {
    await this.command('qmp_capabilities');
  }

  /** Presses keys together and lets them go. */
  async press(...keys: string[]): Promise<void> {
    await this.command('send-key', { keys: keys.map((data) => ({ type: 'qcode', data })), 'hold-time': 20 });
    await new Promise((resolve) => setTimeout(resolve, 40));
  }

  async type(text: string): Promise<void> {
    for (const character of text) await this.press(...keysFor(character));
  }

  async screen(): Promise<Picture> {
    const filename = join(this.folder, 'screen.ppm');
    await this.command('screendump', { filename });
    return readPpm(readFileSync(filename));
  }

  close(): void {
    this.port.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
