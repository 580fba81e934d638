// Moving bytes from one open file to another by way of the kernel: what sendfile(2), copy_file_range(2) and splice(2) are
// made of. Bytes go through a pooled buffer. The input has positions, so what the output did not accept is simply read
// again by the next call. The callers hold both files. May sleep.

import { Errno } from "../../abi/errno";
import { IoDestination, IoSource } from "../../mm/user/io-buffer";
import { Pool } from "../../runtime/containers/pool";
import { currentThread } from "../../sync/cpu";
import { OpenFile } from "./open-file";
import { IoCaller, KERNEL_CALLER } from "../../mm/user/io-caller";

/** Bytes moved at a time. */
const CHUNK: i32 = 16384;

/** A position that a call may give instead of the file's own. */
export class TransferPosition {
  /** Where the next byte comes from or goes to, if `isGiven`. */
  value: i64 = -1;
  isGiven: bool = false;
}

/** A buffer with a view for each direction. */
@final
export class TransferBuffer {
  readonly bytes: StaticArray<u8> = new StaticArray<u8>(CHUNK);
  readonly to: IoDestination = new IoDestination();
  readonly from: IoSource = new IoSource();

  /** `caller`: for whom it writes. */
  static acquire(caller: IoCaller): TransferBuffer {
    const spare = spares.take();
    const buffer = spare === null ? new TransferBuffer() : spare;
    buffer.from.caller = caller;
    return buffer;
  }

  release(): void {
    this.from.caller = KERNEL_CALLER;
    spares.give(this);
  }

  /** Reads up to `length` bytes at a position; `position` below zero: at the file's own. */
  @sleeps readFrom(file: OpenFile, position: i64, length: u64): i64 {
    const to = this.to.claimBytes(this.bytes, 0, <i32>min(length, <u64>CHUNK));
    return position < 0 ? file.read(to) : file.readAt(position, to);
  }

  /** Writes the first `length` bytes. */
  @sleeps writeTo(file: OpenFile, position: i64, length: i32): i64 {
    const from = this.from.claimBytes(this.bytes, 0, length);
    return position < 0 ? file.write(from) : file.writeAt(position, from);
  }
}

@kernelLock const spares = new Pool<TransferBuffer>(8);

/**
 * Copies up to `count` bytes from a position of one file to one of another (below zero: their own): bytes accepted, or the
 * first error. Ends early at a signal. Sleeps.
 */
@sleeps export function copyBetween(input: OpenFile, start: i64, output: OpenFile, target: i64, count: u64, caller: IoCaller): i64 {
  const buffer = TransferBuffer.acquire(caller);
  let total: i64 = 0;
  let error: i64 = 0;
  while (<u64>total < count) {
    const read = buffer.readFrom(input, start < 0 ? start : start + total, count - <u64>total);
    if (read <= 0) {
      error = read;
      break;
    }
    // Only now: what is at its end already gives 0 whatever the output is.
    if (!output.canSpliceInto()) {
      error = -Errno.EINVAL;
      break;
    }
    const written = buffer.writeTo(output, target < 0 ? target : target + total, <i32>read);
    if (written < 0) {
      error = written;
      break;
    }
    total += written;
    if (written < read) break;
    if (currentThread().signalPending) break;
  }
  buffer.release();
  return total != 0 ? total : error;
}
