// Between files without user memory: sendfile(2) and copy_file_range(2). splice and tee are in splice.ts.
//
// Bytes go through a pooled kernel buffer. The input has positions, so what the output did not accept is simply read
// again by the next call. May sleep.

import { Errno } from "../../kernel/abi/errno";
import { MAX_RW_COUNT, O_APPEND } from "../../kernel/abi/fcntl";
import { S_IFCHR } from "../../kernel/abi/stat";
import { IoDestination, IoSource } from "../../kernel/mm/user/io-buffer";
import { UserInOut } from "../../kernel/mm/user/user-memory";
import { Pool } from "../../kernel/runtime/containers/pool";
import { Task } from "../../kernel/task/task";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { currentThread } from "../../kernel/sync/cpu";

/** Bytes moved at a time. */
const CHUNK: i32 = 16384;

/** A buffer with a view for each direction. */
@final
export class TransferBuffer {
  readonly bytes: StaticArray<u8> = new StaticArray<u8>(CHUNK);
  readonly to: IoDestination = new IoDestination();
  readonly from: IoSource = new IoSource();

  static acquire(): TransferBuffer {
    const buffer = spares.take();
    return buffer === null ? new TransferBuffer() : buffer;
  }

  release(): void {
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

/** An optional position in user memory, for `off_in` and `off_out`. */
@final
export class Offset {
  /** Below zero: the file's own position. */
  value: i64 = -1;

  constructor(private readonly memory: UserInOut) {}

  get isGiven(): bool {
    return !this.memory.isNull;
  }

  /** Reads it: 0, -EFAULT, -EINVAL. */
  @sleeps load(): i32 {
    if (this.memory.isNull) return 0;
    const read = this.memory.readU64(0);
    if (read < 0) return read;
    this.value = <i64>this.memory.value;
    return this.value < 0 ? -Errno.EINVAL : 0;
  }

  /** Writes it back. */
  @sleeps store(): i32 {
    return this.memory.isNull ? 0 : this.memory.writeI64(0, this.value);
  }
}

/** sendfile(2) */
@sleeps export function sysSendfile(task: Task, outFd: i32, inFd: i32, offset: UserInOut, count: u64): i64 {
  const position = new Offset(offset);
  const loaded = position.load();
  if (loaded == -Errno.EFAULT) return loaded;
  const input = task.files.get(inFd);
  if (input === null || !input.canRead) return -Errno.EBADF;
  if (position.isGiven && !input.canSeek()) return -Errno.ESPIPE;
  if (loaded < 0) return loaded;
  const first = position.isGiven ? position.value : input.position;
  if (<i64>count < 0 || first + <i64>count < 0) return -Errno.EINVAL;
  const output = task.files.get(outFd);
  if (output === null || !output.canWrite) return -Errno.EBADF;
  const inode = input.inode;
  // Data that could not be read again (a terminal's, a pipe's) must not be taken and then dropped.
  const isRepeatable = inode !== null && (inode.isRegular || (inode.type == S_IFCHR && input.canSeek()));
  if (inode === null || !isRepeatable || (output.flags & O_APPEND) != 0) return -Errno.EINVAL;
  // A device has no position of its own.
  const start = position.isGiven ? position.value : inode.isRegular ? input.position : -1;
  const outInode = output.inode;
  const outEnd = outInode === null ? i64.MAX_VALUE : outInode.fileSystem.largestFile;
  const end = min(inode.fileSystem.largestFile, outEnd);
  if (start >= end && count != 0) return -Errno.EOVERFLOW;
  input.retain();
  output.retain();
  const moved = copyAt(input, start, output, -1, min(min(count, MAX_RW_COUNT), <u64>(end - max<i64>(start, 0))));
  if (moved > 0 && start >= 0) {
    position.value = start + moved;
    if (!position.isGiven) input.position = start + moved;
  }
  output.release();
  input.release();
  const stored = position.isGiven ? position.store() : 0;
  return stored < 0 ? stored : moved;
}

/** Copies from a position of one file to another (positions below zero: their own): bytes accepted, or the first error. */
@sleeps function copyAt(input: OpenFile, start: i64, output: OpenFile, target: i64, count: u64): i64 {
  const buffer = TransferBuffer.acquire();
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

/** copy_file_range(2) */
@sleeps export function sysCopyFileRange(
  task: Task, inFd: i32, inOffset: UserInOut, outFd: i32, outOffset: UserInOut, count: u64, flags: u32,
): i64 {
  const input = task.files.get(inFd);
  const output = task.files.get(outFd);
  if (input === null || output === null || input.isPath || output.isPath) return -Errno.EBADF;
  const from = new Offset(inOffset);
  const to = new Offset(outOffset);
  const loaded = from.load();
  if (loaded == -Errno.EFAULT) return loaded;
  const loadedOut = to.load();
  if (loadedOut == -Errno.EFAULT) return loadedOut;
  if (flags != 0) return -Errno.EINVAL;
  const inInode = input.inode;
  const outInode = output.inode;
  if (inInode === null || outInode === null) return -Errno.EINVAL;
  if (inInode.isDirectory || outInode.isDirectory) return -Errno.EISDIR;
  if (!inInode.isRegular || !outInode.isRegular) return -Errno.EINVAL;
  if (!input.canRead || !output.canWrite || (output.flags & O_APPEND) != 0) return -Errno.EBADF;
  // Since Linux 5.19 file systems that cannot copy between each other do not.
  if (inInode.fileSystem !== outInode.fileSystem) return -Errno.EXDEV;
  // A range that wraps is an overflow before its start is looked at.
  const start = from.isGiven ? from.value : input.position;
  const target = to.isGiven ? to.value : output.position;
  if (<u64>start + count < count || <u64>target + count < count) return -Errno.EOVERFLOW;
  if (loaded < 0 || loadedOut < 0) return -Errno.EINVAL;
  const length = start < inInode.size ? min<u64>(min(count, MAX_RW_COUNT), <u64>(inInode.size - start)) : 0;
  if (target == i64.MAX_VALUE && length != 0) return -Errno.EFBIG;
  if (inInode === outInode && start < target + <i64>length && target < start + <i64>length) return -Errno.EINVAL;
  input.retain();
  output.retain();
  const moved = copyAt(input, start, output, target, length);
  if (moved > 0) {
    from.value = start + moved;
    to.value = target + moved;
    if (!from.isGiven) input.position = start + moved;
    if (!to.isGiven) output.position = target + moved;
  }
  output.release();
  input.release();
  if (moved <= 0) return moved;
  const stored = from.isGiven ? from.store() : 0;
  if (stored < 0) return stored;
  const storedOut = to.isGiven ? to.store() : 0;
  return storedOut < 0 ? storedOut : moved;
}
