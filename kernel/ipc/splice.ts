// The engine of splice(2) and tee(2): moving bytes into and out of pipes. The callers hold the files. May sleep.
//
// Bytes are copied through a kernel buffer. From a pipe only what the other side has accepted is consumed, and the pipe is
// held meanwhile. Two pipes are held together in the order of their numbers; nobody waits for bytes or room while
// holding one.

import { Errno } from "../abi/errno";
import { O_APPEND } from "../abi/fcntl";
import { PAGE } from "../abi/page";
import { OpenFile } from "../vfs/file/open-file";
import { TransferBuffer, TransferPosition } from "../vfs/file/transfer";
import { IoCaller } from "../mm/user/io-caller";
import { Pipe } from "./pipe";
import { PipeFile } from "./pipe-file";

const SPLICE_F_NONBLOCK: u32 = 2;

/** True if neither the call's flags nor the file's allow waiting for the pipe. */
export function isNonBlocking(file: PipeFile, flags: u32): bool {
  return (flags & SPLICE_F_NONBLOCK) != 0 || file.isNonBlocking;
}

/** Pipe to file: bytes moved, 0 at the end of the pipe, -errno. Sleeps. */
@sleeps export function spliceFromPipe(input: PipeFile, output: OpenFile, to: TransferPosition, count: u64, flags: u32, caller: IoCaller): i64 {
  if ((output.flags & O_APPEND) != 0 || !output.canSpliceInto()) return -Errno.EINVAL;
  if (to.isGiven && !output.canSeek()) return -Errno.EINVAL;
  const pipe = input.pipe;
  const mayNotWait = isNonBlocking(input, flags);
  while (true) {
    const waited = pipe.waitForBytes(mayNotWait);
    if (waited <= 0) return waited;
    pipe.hold();
    if (!pipe.isEmpty) break;
    // Another reader was faster.
    pipe.letGo();
  }
  const buffer = TransferBuffer.acquire(caller);
  let total: i64 = 0;
  let error: i64 = 0;
  while (<u64>total < count) {
    const length = pipe.peek(0, buffer.bytes, count - <u64>total);
    if (length == 0) break;
    const written = buffer.writeTo(output, to.isGiven ? to.value : -1, length);
    if (written <= 0) {
      error = written;
      break;
    }
    pipe.consume(<u32>written);
    total += written;
    if (to.isGiven) to.value += written;
    if (written < length) break;
  }
  pipe.letGo();
  buffer.release();
  return total != 0 ? total : error;
}

/** Nobody reads the pipe any more: SIGPIPE. */
function brokenPipe(caller: IoCaller): i32 {
  caller.brokenPipe();
  return -Errno.EPIPE;
}

/** File to pipe: bytes moved, or -errno. A stream is read only when the pipe has room for what it gives. Sleeps. */
@sleeps export function spliceIntoPipe(input: OpenFile, from: TransferPosition, output: PipeFile, count: u64, flags: u32, caller: IoCaller): i64 {
  if (from.isGiven && !input.canSeek()) return -Errno.EINVAL;
  const inode = input.inode;
  const isPositional = inode !== null && inode.isRegular;
  const pipe = output.pipe;
  const buffer = TransferBuffer.acquire(caller);
  let total: i64 = 0;
  let error: i64 = 0;
  while (<u64>total < count) {
    const room = pipe.readers == 0 ? brokenPipe(caller) : pipe.waitForRoom(total != 0 || isNonBlocking(output, flags));
    if (room < 0) {
      error = room;
      break;
    }
    if (!input.canSpliceFrom()) {
      error = -Errno.EINVAL;
      break;
    }
    const start = from.isGiven ? from.value : isPositional ? input.position : -1;
    const read = buffer.readFrom(input, start, min(count - <u64>total, PAGE));
    if (read <= 0) {
      error = read;
      break;
    }
    const written = pipe.splice(buffer.from.claimBytes(buffer.bytes, 0, <i32>read), isPositional);
    if (written < 0) {
      error = written;
      break;
    }
    total += written;
    if (from.isGiven) from.value += written;
    else if (isPositional) input.position = start + written;
    if (written < read || !isPositional) break;
  }
  buffer.release();
  return total != 0 ? total : error;
}

/** Pipe to pipe; without `isMove` the bytes stay in the first (tee). Bytes moved, 0 at the end, -errno. Sleeps. */
@sleeps export function spliceBetweenPipes(input: PipeFile, output: PipeFile, count: u64, flags: u32, isMove: bool, caller: IoCaller): i64 {
  const from = input.pipe;
  const to = output.pipe;
  if (from === to) return -Errno.EINVAL;
  const mayNotWait = isNonBlocking(input, flags) || isNonBlocking(output, flags);
  while (true) {
    const bytes = from.waitForBytes(mayNotWait);
    if (bytes < 0) return bytes;
    // Linux waits for room even if nothing will come.
    const room = to.waitForRoom(mayNotWait);
    if (room < 0) return room;
    if (bytes == 0) return to.readers == 0 ? brokenPipe(caller) : 0;
    holdBoth(from, to);
    if (!from.isEmpty && (!to.isFull || to.readers == 0)) break;
    from.letGo();
    to.letGo();
  }
  const moved = moveHeld(from, to, count, isMove, caller);
  from.letGo();
  to.letGo();
  return moved;
}

/** Two pipes are locked in the order of their numbers. */
@sleeps function holdBoth(a: Pipe, b: Pipe): void {
  if (a.number < b.number) {
    a.hold();
    b.holdSecond();
  } else {
    b.hold();
    a.holdSecond();
  }
}

/** Moves (or copies) what is there and fits. Both pipes are held. */
@sleeps function moveHeld(from: Pipe, to: Pipe, count: u64, isMove: bool, caller: IoCaller): i64 {
  const buffer = TransferBuffer.acquire(caller);
  let total: i64 = 0;
  let error: i64 = 0;
  let index: u32 = 0;
  while (<u64>total < count) {
    const length = from.peek(index, buffer.bytes, count - <u64>total);
    if (length == 0) break;
    const written = to.spliceHeld(buffer.from.claimBytes(buffer.bytes, 0, length));
    if (written < 0) {
      error = written;
      break;
    }
    if (isMove) from.consume(<u32>written);
    else index++;
    total += written;
    if (written < length) break;
  }
  buffer.release();
  return total != 0 ? total : error;
}
