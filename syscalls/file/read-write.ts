// Reading and writing open files: read(2), write(2), readv(2), pread(2), preadv2(2), lseek(2) and relatives.
//
// Order of errors as on Linux: descriptor (EBADF), kind of file (EINVAL, ESPIPE), buffer (EFAULT). What preadv2(2) asks for
// holds for one call and travels with its buffer. All may sleep.

import { Errno } from "../../kernel/abi/errno";
import { O_APPEND, O_NONBLOCK, RWF_APPEND, RWF_DSYNC, RWF_HIPRI, RWF_NOWAIT, RWF_SYNC } from "../../kernel/abi/fcntl";
import { IoDestination, IoSource } from "../../kernel/mm/user/io-buffer";
import { UserIn } from "../../kernel/mm/user/user-memory";
import { Task } from "../../kernel/task/task";
import { OpenFile } from "../../kernel/vfs/file/open-file";

const RWF_SUPPORTED: i32 = <i32>(RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT | RWF_APPEND);

/** read(2). `canRead` refuses O_PATH descriptors, too. */
@sleeps @inline export function sysRead(task: Task, file: OpenFile, to: IoDestination): i64 {
  if (!file.canRead) return -Errno.EBADF;
  const checked = to.check();
  if (checked < 0) return checked;
  return file.sharesPosition ? file.readLocked(to) : file.read(to);
}

/** write(2) */
@sleeps @inline export function sysWrite(task: Task, file: OpenFile, from: IoSource): i64 {
  if (!file.canWrite) return -Errno.EBADF;
  const checked = from.check();
  if (checked < 0) return checked;
  return file.sharesPosition ? file.writeLocked(from) : file.write(from);
}

/** pread64(2) */
@sleeps @inline export function sysPread64(task: Task, file: OpenFile | null, to: IoDestination, offset: i64): i64 {
  if (offset < 0) return -Errno.EINVAL;
  if (file === null) return -Errno.EBADF;
  if (!file.canSeek()) return -Errno.ESPIPE;
  if (!file.canRead) return -Errno.EBADF;
  const checked = to.check();
  if (checked < 0) return checked;
  return readAt(file, offset, to);
}

/** pwrite64(2) */
@sleeps @inline export function sysPwrite64(task: Task, file: OpenFile | null, from: IoSource, offset: i64): i64 {
  if (offset < 0) return -Errno.EINVAL;
  if (file === null) return -Errno.EBADF;
  if (!file.canSeek()) return -Errno.ESPIPE;
  if (!file.canWrite) return -Errno.EBADF;
  const checked = from.check();
  if (checked < 0) return checked;
  return writeAt(file, offset, from);
}

@sleeps function readAt(file: OpenFile, offset: i64, to: IoDestination): i64 {
  return offset + <i64>to.remaining < 0 ? -Errno.EINVAL : file.readAt(offset, to);
}

@sleeps function writeAt(file: OpenFile, offset: i64, from: IoSource): i64 {
  return offset + <i64>from.remaining < 0 ? -Errno.EINVAL : file.writeAt(offset, from);
}

/** readv(2) */
@sleeps export function sysReadv(task: Task, file: OpenFile, vector: UserIn, count: u64): i64 {
  if (!file.canRead) return -Errno.EBADF;
  const to = task.arguments.destination;
  const claimed = to.claimVector(vector.address, count);
  // Unlike read(2), nothing is asked of a directory.
  if (claimed < 0 || to.remaining == 0) return claimed;
  return file.sharesPosition ? file.readLocked(to) : file.read(to);
}

/** writev(2) */
@sleeps export function sysWritev(task: Task, file: OpenFile, vector: UserIn, count: u64): i64 {
  if (!file.canWrite) return -Errno.EBADF;
  const from = task.arguments.source;
  const claimed = from.claimVector(vector.address, count);
  if (claimed < 0 || from.remaining == 0) return claimed;
  return file.sharesPosition ? file.writeLocked(from) : file.write(from);
}

/** preadv(2). On x86-64 the whole offset is in the first of its two arguments. */
@sleeps export function sysPreadv(task: Task, file: OpenFile | null, vector: UserIn, count: u64, offset: i64, high: u64): i64 {
  if (offset < 0) return -Errno.EINVAL;
  return file === null ? -Errno.EBADF : readVectorAt(task, file, vector, count, offset);
}

@sleeps function readVectorAt(task: Task, file: OpenFile, vector: UserIn, count: u64, offset: i64): i64 {
  if (!file.canSeek()) return -Errno.ESPIPE;
  if (!file.canRead) return -Errno.EBADF;
  const to = task.arguments.destination;
  const claimed = to.claimVector(vector.address, count);
  return claimed < 0 || to.remaining == 0 ? claimed : readAt(file, offset, to);
}

/** pwritev(2) */
@sleeps export function sysPwritev(task: Task, file: OpenFile | null, vector: UserIn, count: u64, offset: i64, high: u64): i64 {
  if (offset < 0) return -Errno.EINVAL;
  return file === null ? -Errno.EBADF : writeVectorAt(task, file, vector, count, offset);
}

@sleeps function writeVectorAt(task: Task, file: OpenFile, vector: UserIn, count: u64, offset: i64): i64 {
  if (!file.canSeek()) return -Errno.ESPIPE;
  if (!file.canWrite) return -Errno.EBADF;
  const from = task.arguments.source;
  const claimed = from.claimVector(vector.address, count);
  return claimed < 0 ? claimed : writeAt(file, offset, from);
}

/** True if this kind of file does not know one of the RWF_* flags. */
function lacksFlags(file: OpenFile, flags: i32, isRead: bool): bool {
  if ((flags & ~RWF_SUPPORTED) != 0) return true;
  if ((flags & <i32>RWF_NOWAIT) != 0 && !(isRead ? file.canReadNow() : file.canWriteNow())) return true;
  const inode = file.inode;
  return (flags & ~<i32>RWF_HIPRI) != 0 && inode !== null && inode.isDirectory;
}

/** What comes before flags in the order of errors, then EOPNOTSUPP. Nothing is refused where nothing is to be moved. */
@sleeps function refuseFlags(task: Task, file: OpenFile, vector: UserIn, count: u64, offset: i64, isRead: bool): i64 {
  if (offset != -1 && !file.canSeek()) return -Errno.ESPIPE;
  if (!(isRead ? file.canRead : file.canWrite)) return -Errno.EBADF;
  const buffers = task.arguments.destination;
  const claimed = buffers.claimVector(vector.address, count);
  return claimed < 0 || buffers.remaining == 0 ? claimed : -Errno.EOPNOTSUPP;
}

/** Status flags that RWF_* flags stand for during one call. */
function callFlagsOf(flags: i32): u32 {
  const append = (flags & <i32>RWF_APPEND) != 0 ? O_APPEND : 0;
  const noWait = (flags & <i32>RWF_NOWAIT) != 0 ? O_NONBLOCK : 0;
  return append | noWait;
}

/** preadv2(2): offset -1 means the current position. */
@sleeps export function sysPreadv2(
  task: Task, file: OpenFile | null, vector: UserIn, count: u64, offset: i64, high: u64, flags: i32,
): i64 {
  if (offset < -1) return -Errno.EINVAL;
  if (file === null) return -Errno.EBADF;
  if (lacksFlags(file, flags, true)) return refuseFlags(task, file, vector, count, offset, true);
  const to = task.arguments.destination;
  to.callFlags = callFlagsOf(flags);
  const result = offset == -1 ? sysReadv(task, file, vector, count) : readVectorAt(task, file, vector, count, offset);
  to.callFlags = 0;
  return result;
}

/** pwritev2(2) */
@sleeps export function sysPwritev2(
  task: Task, file: OpenFile | null, vector: UserIn, count: u64, offset: i64, high: u64, flags: i32,
): i64 {
  if (offset < -1) return -Errno.EINVAL;
  if (file === null) return -Errno.EBADF;
  if (lacksFlags(file, flags, false)) return refuseFlags(task, file, vector, count, offset, false);
  const from = task.arguments.source;
  from.callFlags = callFlagsOf(flags);
  const result = offset == -1 ? sysWritev(task, file, vector, count) : writeVectorAt(task, file, vector, count, offset);
  from.callFlags = 0;
  return result;
}

/** lseek(2) */
@sleeps @inline export function sysLseek(task: Task, file: OpenFile, offset: i64, whence: u32): i64 {
  if (whence > 4) return -Errno.EINVAL;
  const isLocked = file.sharesPosition;
  if (isLocked) file.lockPosition();
  const position = file.seek(offset, whence);
  if (isLocked) file.unlockPosition();
  return position;
}
