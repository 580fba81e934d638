// splice(2), tee(2) and vmsplice(2): moving bytes into and out of pipes.
//
// Bytes are copied through a kernel buffer. From a pipe only what the other side has accepted is consumed: towards a
// file the pipe is held meanwhile, towards another pipe both must be idle and nothing sleeps in between, so that no
// byte is lost and no two pipes are ever locked together. May sleep otherwise.

import { Errno } from "../../kernel/abi/errno";
import { MAX_RW_COUNT, O_APPEND } from "../../kernel/abi/fcntl";
import { Pipe, PipeSlot } from "../../kernel/ipc/pipe";
import { PipeFile } from "../../kernel/ipc/pipe-file";
import { frameToBytes } from "../../kernel/mm/frames/frame";
import { UserIn, UserInOut } from "../../kernel/mm/user/user-memory";
import { Task } from "../../kernel/task/task";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { taskHooks } from "../../kernel/vfs/task-hooks";
import { Offset, TransferBuffer } from "./transfer";
import { PAGE } from "../../kernel/abi/page";

const SPLICE_F_NONBLOCK: u32 = 2;
const SPLICE_FLAGS: u32 = 15;

/** Used without sleeping between filling and reading. */
@scratch const slot = new PipeSlot();

/** splice(2) */
@sleeps export function sysSplice(
  task: Task, inFd: i32, inOffset: UserInOut, outFd: i32, outOffset: UserInOut, count: u64, flags: u32,
): i64 {
  if (count == 0) return 0;
  if ((flags & ~SPLICE_FLAGS) != 0) return -Errno.EINVAL;
  const input = task.files.get(inFd);
  const output = task.files.get(outFd);
  if (input === null || output === null || input.isPath || output.isPath) return -Errno.EBADF;
  const from = new Offset(inOffset);
  const to = new Offset(outOffset);
  const isFromPipe = input instanceof PipeFile;
  const isToPipe = output instanceof PipeFile;
  if ((isFromPipe && from.isGiven) || (isToPipe && to.isGiven)) return -Errno.ESPIPE;
  const loaded = from.load();
  if (loaded < 0) return loaded;
  const loadedOut = to.load();
  if (loadedOut < 0) return loadedOut;
  if (!input.canRead || !output.canWrite) return -Errno.EBADF;
  if (!isFromPipe && !isToPipe) return -Errno.EINVAL;
  input.retain();
  output.retain();
  let moved: i64;
  if (isFromPipe && isToPipe) moved = betweenPipes(<PipeFile>input, <PipeFile>output, min(count, MAX_RW_COUNT), flags, true);
  else if (isFromPipe) moved = fromPipe(<PipeFile>input, output, to, min(count, MAX_RW_COUNT), flags);
  else moved = intoPipe(input, from, <PipeFile>output, min(count, MAX_RW_COUNT), flags);
  output.release();
  input.release();
  if (moved <= 0) return moved;
  const stored = from.isGiven ? from.store() : to.isGiven ? to.store() : 0;
  return stored < 0 ? stored : moved;
}

function isNonBlocking(pipe: PipeFile, flags: u32): bool {
  return (flags & SPLICE_F_NONBLOCK) != 0 || pipe.isNonBlocking;
}

/** Pipe to file: bytes moved, 0 at the end of the pipe. */
@sleeps function fromPipe(input: PipeFile, output: OpenFile, to: Offset, count: u64, flags: u32): i64 {
  if ((output.flags & O_APPEND) != 0 || !output.canSpliceInto()) return -Errno.EINVAL;
  if (to.isGiven && !output.canSeek()) return -Errno.EINVAL;
  const pipe = input.pipe;
  const waited = pipe.waitForBytes(isNonBlocking(input, flags));
  if (waited <= 0) return waited;
  const buffer = TransferBuffer.acquire();
  let total: i64 = 0;
  let error: i64 = 0;
  pipe.hold();
  while (<u64>total < count && pipe.peek(0, slot)) {
    const length = <i32>min<u64>(slot.length, count - <u64>total);
    frameToBytes(slot.frame, slot.offset, buffer.bytes, 0, length);
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
function brokenPipe(): i32 {
  taskHooks.brokenPipe();
  return -Errno.EPIPE;
}

/** File to pipe. A stream is read only when the pipe has room for what it gives. */
@sleeps function intoPipe(input: OpenFile, from: Offset, output: PipeFile, count: u64, flags: u32): i64 {
  if (from.isGiven && !input.canSeek()) return -Errno.EINVAL;
  const inode = input.inode;
  const isPositional = inode !== null && inode.isRegular;
  const pipe = output.pipe;
  const buffer = TransferBuffer.acquire();
  let total: i64 = 0;
  let error: i64 = 0;
  while (<u64>total < count) {
    const room = pipe.readers == 0 ? brokenPipe() : pipe.waitForRoom(total != 0 || isNonBlocking(output, flags));
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
    else if (isPositional) input.position += written;
    if (written < read || !isPositional) break;
  }
  buffer.release();
  return total != 0 ? total : error;
}

/** Pipe to pipe; without `isMove` the bytes stay in the first (tee). */
@sleeps function betweenPipes(input: PipeFile, output: PipeFile, count: u64, flags: u32, isMove: bool): i64 {
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
    if (bytes == 0) return to.readers == 0 ? brokenPipe() : 0;
    waitUntilIdle(from, to);
    if (!from.isEmpty && (!to.isFull || to.readers == 0)) break;
  }
  const buffer = TransferBuffer.acquire();
  let total: i64 = 0;
  let error: i64 = 0;
  let index: u32 = 0;
  while (<u64>total < count && from.peek(index, slot)) {
    const length = <i32>min<u64>(slot.length, count - <u64>total);
    frameToBytes(slot.frame, slot.offset, buffer.bytes, 0, length);
    const written = to.splice(buffer.from.claimBytes(buffer.bytes, 0, length), true);
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

/** Returns when nobody is in the middle of a copy in either pipe. */
@sleeps function waitUntilIdle(a: Pipe, b: Pipe): void {
  while (!a.isIdle || !b.isIdle) {
    const busy = a.isIdle ? b : a;
    busy.hold();
    busy.letGo();
  }
}

/** tee(2) */
@sleeps export function sysTee(task: Task, inFd: i32, outFd: i32, count: u64, flags: u32): i64 {
  if ((flags & ~SPLICE_FLAGS) != 0) return -Errno.EINVAL;
  if (count == 0) return 0;
  const input = task.files.get(inFd);
  const output = task.files.get(outFd);
  if (input === null || output === null || !input.canRead || !output.canWrite) return -Errno.EBADF;
  if (!(input instanceof PipeFile) || !(output instanceof PipeFile)) return -Errno.EINVAL;
  input.retain();
  output.retain();
  const moved = betweenPipes(<PipeFile>input, <PipeFile>output, min(count, MAX_RW_COUNT), flags, false);
  output.release();
  input.release();
  return moved;
}

/** vmsplice(2): the pages are copied, which is one of the outcomes its manual page allows. */
@sleeps export function sysVmsplice(task: Task, fd: i32, vector: UserIn, count: u64, flags: u32): i64 {
  if ((flags & ~SPLICE_FLAGS) != 0) return -Errno.EINVAL;
  const file = task.files.get(fd);
  if (file === null || (!file.canRead && !file.canWrite)) return -Errno.EBADF;
  const from = task.arguments.source;
  const to = task.arguments.destination;
  const claimed = file.canWrite ? from.claimVector(vector.address, count) : to.claimVector(vector.address, count);
  if (claimed < 0) return claimed;
  if ((file.canWrite ? from.remaining : to.remaining) == 0) return 0;
  if (!(file instanceof PipeFile)) return -Errno.EBADF;
  const pipeFile = <PipeFile>file;
  const mayNotWait = isNonBlocking(pipeFile, flags);
  file.retain();
  const moved = file.canWrite ? pipeFile.pipe.splice(from, mayNotWait) : pipeFile.pipe.read(to, mayNotWait);
  file.release();
  return moved;
}
