// A serial port as a plain stream of bytes: standard input and output of `typix exec` (docs/inside/exec-protocol.md).
//
// No terminal: no line discipline, no translation, ENOTTY for terminal ioctls. Input arrives escaped (0xff is doubled, 0xff 0x00
// ends the stream). One stream serves all descriptions that are opened on its port. Reading and writing sleep unless
// O_NONBLOCK; the consumer side runs in interrupt context and allocates nothing.

import { Errno } from "../../kernel/abi/errno";
import { IoDestination, IoSource } from "../../kernel/mm/user/io-buffer";
import { ignore } from "../../kernel/runtime/ignore";
import { Poller } from "../../kernel/sync/poll";
import { sleepUntil, waitOn, waitUninterruptible } from "../../kernel/sync/sleep";
import { WaitQueue } from "../../kernel/sync/wait-queue";
import { monotonicNs } from "../../kernel/time/clock";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { SerialConsumer, SerialPort } from "./serial-port";
import { PollEvent } from "../../kernel/abi/poll";

@inline const ESCAPE: u32 = 0xff;
@inline const END_OF_STREAM: u32 = 0x00;
/** Bytes of input that are kept until somebody reads. A power of two. */
@inline const INPUT_SIZE: u32 = 4096;
/** Bytes that one round of write(2) takes. */
const CHUNK: i32 = 1024;
/** About the time that one character takes at 115200 baud. */
const LAST_CHARACTER_NS: u64 = 100_000;
/** poll(2) */
const READABLE: u32 = PollEvent.IN | PollEvent.RDNORM;
const WRITABLE: u32 = PollEvent.OUT | PollEvent.WRNORM;

@final
export class SerialStream extends SerialConsumer {
  readonly readers: WaitQueue = new WaitQueue();
  readonly writers: WaitQueue = new WaitQueue();
  private readonly input: StaticArray<u8> = new StaticArray<u8>(<i32>INPUT_SIZE);
  private head: u32 = 0;
  private tail: u32 = 0;
  private isEscaped: bool = false;
  /** The other side has closed its end. */
  hasEnded: bool = false;

  constructor(readonly port: SerialPort) {
    super();
    port.consumer = this;
  }

  // ---- interrupt side ----------------------------------------------------------------------------------------------

  get canTake(): bool {
    return this.head - this.tail < INPUT_SIZE;
  }

  take(byte: u32): void {
    if (this.hasEnded) return;
    if (!this.isEscaped && byte == ESCAPE) {
      this.isEscaped = true;
      return;
    }
    if (this.isEscaped && byte == END_OF_STREAM) this.hasEnded = true;
    else this.input[<i32>(this.head++ & (INPUT_SIZE - 1))] = <u8>byte;
    this.isEscaped = false;
  }

  endBatch(): void {
    this.readers.wakeAll();
  }

  outputDrained(): void {
    this.writers.wakeAll();
  }

  // ---- task side ---------------------------------------------------------------------------------------------------

  get hasInput(): bool {
    return this.head != this.tail;
  }

  /** Bytes moved, 0 at the end of the stream, -EAGAIN when there is nothing yet. */
  @sleeps tryRead(to: IoDestination): i64 {
    if (!this.hasInput) return this.hasEnded ? 0 : -Errno.EAGAIN;
    let total: i64 = 0;
    while (this.hasInput && to.remaining != 0) {
      const start = this.tail & (INPUT_SIZE - 1);
      const contiguous = min(this.head - this.tail, INPUT_SIZE - start);
      const moved = to.putBytes(this.input, <i32>start, <u32>min<u64>(contiguous, to.remaining));
      if (moved < 0) return total > 0 ? total : moved;
      if (moved == 0) break;
      this.tail += <u32>moved;
      total += moved;
    }
    this.port.inputRoom();
    return total;
  }

  /** Waits until everything written has left the port. Sleeps. */
  @sleeps drain(): void {
    while (this.port.pending > 0) waitUninterruptible(this.writers);
    while (!this.port.isIdle) ignore(sleepUntil(monotonicNs() + LAST_CHARACTER_NS));
  }
}

/** An open file description on a stream. */
@final
export class SerialStreamFile extends OpenFile {
  private readonly buffer: StaticArray<u8> = new StaticArray<u8>(CHUNK);

  constructor(private readonly stream: SerialStream, flags: u32) {
    super(flags);
    ignore(stream.port.open());
  }

  released(): void {
    this.stream.port.close();
  }

  canSpliceFrom(): bool { return true; }
  canSpliceInto(): bool { return true; }

  @sleeps read(to: IoDestination): i64 {
    while (true) {
      const moved = to.remaining == 0 ? 0 : this.stream.tryRead(to);
      if (moved != -Errno.EAGAIN || this.isNonBlocking) return moved;
      const woken = waitOn(this.stream.readers);
      if (woken < 0) return woken;
    }
  }

  @sleeps write(from: IoSource): i64 {
    const port = this.stream.port;
    let total: i64 = 0;
    while (from.remaining != 0) {
      if (port.room == 0) {
        if (this.isNonBlocking) return total > 0 ? total : -Errno.EAGAIN;
        const woken = waitOn(this.stream.writers);
        if (woken < 0) return total > 0 ? total : woken;
        continue;
      }
      const wanted = <u32>min<u64>(<u64>min(CHUNK, port.room), from.remaining);
      const taken = from.takeToBytes(this.buffer, 0, wanted);
      if (taken <= 0) return total > 0 ? total : taken;
      // There is room for all of it.
      ignore(port.write(this.buffer, 0, <i32>taken));
      total += taken;
    }
    return total;
  }

  poll(poller: Poller | null): u32 {
    const stream = this.stream;
    if (poller !== null) {
      poller.watch(stream.readers);
      poller.watch(stream.writers);
    }
    let ready: u32 = stream.port.room > 0 ? WRITABLE : 0;
    if (stream.hasInput || stream.hasEnded) ready |= READABLE;
    return ready;
  }
}
