/** Reads the memory of a running guest through QEMU's monitor protocol (QMP): fast, and without the guest's help. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';

interface Answer {
  readonly return?: unknown;
  readonly error?: { desc: string };
}

export class GuestMemory {
  private readonly waiting: ((answer: Answer) => void)[] = [];
  private isReady = false;
  private isClosed = false;

  constructor(private readonly monitor: Duplex) {
    let rest = '';
    monitor.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.take(line);
    });
    const close = (): void => {
      this.isClosed = true;
      for (const answer of this.waiting.splice(0)) answer({ error: { desc: 'QEMU has ended' } });
    };
    monitor.on('end', close);
    monitor.on('close', close);
    monitor.on('error', close);
  }

  /** QEMU arguments; `fd` is the socket given to the constructor. */
  static arguments(fd: number): string[] {
    return ['-chardev', `socket,id=memory,fd=${fd}`, '-mon', 'chardev=memory,mode=control'];
  }

  /** Bytes of physical memory. */
  async read(address: bigint, bytes: number): Promise<Buffer> {
    if (bytes === 0) return Buffer.alloc(0);
    if (!this.isReady) await this.command('{"execute":"qmp_capabilities"}');
    this.isReady = true;
    const folder = mkdtempSync(join(tmpdir(), 'typix-memory-'));
    try {
      const file = join(folder, 'memory');
      await this.command(`{"execute":"pmemsave","arguments":{"val":${address},"size":${bytes},"filename":${JSON.stringify(file)}}}`);
      return readFileSync(file);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Answers come in the order of the commands; greeting and events are neither. */
  private take(line: string): void {
    if (line.trim() === '') return;
    const answer = JSON.parse(line) as Answer;
    if ('return' in answer || 'error' in answer) this.waiting.shift()?.(answer);
  }

  private async command(text: string): Promise<void> {
    const answer = await new Promise<Answer>((resolve) => {
      this.waiting.push(resolve);
      if (this.isClosed) this.waiting.pop()!({ error: { desc: 'QEMU has ended' } });
      else this.monitor.write(`${text}\n`);
    });
    if (answer.error) throw new Error(`QEMU: ${answer.error.desc}`);
  }
}
