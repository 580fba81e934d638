// Reading and writing open files: read(2), write(2), readv(2), pread(2), preadv2(2), lseek(2) and relatives.
//
// Each call holds a reference to the description while it runs, because another thread may close the descriptor.
// Order of errors as on Linux: descriptor (EBADF), kind of file (EINVAL, ESPIPE), buffer (EFAULT). All may sleep.

import { Errno } from "../../kernel/abi/errno";
import { O_APPEND, O_NONBLOCK, RWF_APPEND, RWF_DSYNC, RWF_HIPRI, RWF_NOWAIT, RWF_SYNC } from "../../kernel/abi/fcntl";
import { IoDestination, IoSource } from "../../kernel/mm/user/io-buffer";
import { UserIn } from "../../kernel/mm/user/user-memory";
import { Task } from "../../kernel/task/task";
import { OpenFile } from "../../kernel/vfs/file/open-file";

const RWF_SUPPORTED: i32 = <i32>(RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT | RWF_APPEND);

/** read(2) */
@sleeps export function sysRead(task: Task, fd: i32, to: IoDestination): i64 {
  const file = task.files.get(fd);
  if (file === null || !file.canRead) return -Errno.EBADF;
  const checked = to.check();
  if (checked < 0) return checked;
  file.retain();
  const count = file.read(to);
  file.release();
  return count;
}

/** write(2) */
@sleeps export function sysWrite(task: Task, fd: i32, from: IoSource): i64 {
  const file = task.files.get(fd);
  if (file === null || !file.canWrite) return -Errno.EBADF;
  const checked = from.check();
  if (checked < 0) return checked;
  file.retain();
  const count = file.write(from);
  file.release();
  return count;
}

/** pread64(2) */
@sleeps export function sysPread64(task: Task, fd: i32, to: IoDestination, offset: i64): i64 {
  if (offset < 0) return -Errno.EINVAL;
  const file = task.files.get(fd);
  if (file === null || file.isPath) return -Errno.EBADF;
  if (!file.canSeek()) return -Errno.ESPIPE;
  if (!file.canRead) return -Errno.EBADF;
  const checked = to.check();
  if (checked < 0) return checked;
  return readAt(file, offset, to);
}

/** pwrite64(2) */
@sleeps export function sysPwrite64(task: Task, fd: i32, from: IoSource, offset: i64): i64 {
  if (offset < 0) return -Errno.EINVAL;
  const file = task.files.get(fd);
  if (file === null || file.isPath) return -Errno.EBADF;
  if (!file.canSeek()) return -Errno.ESPIPE;
  if (!file.canWrite) return -Errno.EBADF;
  const checked = from.check();
  if (checked < 0) return checked;
  return writeAt(file, offset, from);
}

@sleeps function readAt(file: OpenFile, offset: i64, to: IoDestination): i64 {
  if (offset + <i64>to.remaining < 0) return -Errno.EINVAL;
  file.retain();
  const count = file.readAt(offset, to);
  file.release();
  return count;
}

@sleeps function writeAt(file: OpenFile, offset: i64, from: IoSource): i64 {
  if (offset + <i64>from.remaining < 0) return -Errno.EINVAL;
  file.retain();
  const count = file.writeAt(offset, from);
  file.release();
  return count;
}

/** readv(2) */
@sleeps export function sysReadv(task: Task, fd: i32, vector: UserIn, count: u64): i64 {
  const file = task.files.get(fd);
  if (file === null || !file.canRead) return -Errno.EBADF;
  const to = task.arguments.destination;
  const claimed = to.claimVector(vector.address, count);
  if (claimed < 0) return claimed;
  // Unlike read(2), nothing is asked of a directory.
  if (to.remaining == 0) return 0;
  file.retain();
  const moved = file.read(to);
  file.release();
  return moved;
}

/** writev(2) */
@sleeps export function sysWritev(task: Task, fd: i32, vector: UserIn, count: u64): i64 {
  const file = task.files.get(fd);
  if (file === null || !file.canWrite) return -Errno.EBADF;
  const from = task.arguments.source;
  const claimed = from.claimVector(vector.address, count);
  if (claimed < 0) return claimed;
  if (from.remaining == 0) return 0;
  file.retain();
  const moved = file.write(from);
  file.release();
  return moved;
}

/** preadv(2). On x86-64 the whole offset is in the first of its two arguments. */
@sleeps export function sysPreadv(task: Task, fd: i32, vector: UserIn, count: u64, offset: i64, high: u64): i64 {
  if (offset < 0) return -Errno.EINVAL;
  const file = task.files.get(fd);
  if (file === null || file.isPath) return -Errno.EBADF;
  if (!file.canSeek()) return -Errno.ESPIPE;
  if (!file.canRead) return -Errno.EBADF;
  const to = task.arguments.destination;
  const claimed = to.claimVector(vector.address, count);
  if (claimed < 0 || to.remaining == 0) return claimed;
  return readAt(file, offset, to);
}

/** pwritev(2) */
@sleeps export function sysPwritev(task: Task, fd: i32, vector: UserIn, count: u64, offset: i64, high: u64): i64 {
  if (offset < 0) return -Errno.EINVAL;
  const file = task.files.get(fd);
  if (file === null || file.isPath) return -Errno.EBADF;
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
  if (offset < -1) return -Errno.EINVAL;
  if (file.isPath) return -Errno.EBADF;
  if (offset != -1 && !file.canSeek()) return -Errno.ESPIPE;
  if (!(isRead ? file.canRead : file.canWrite)) return -Errno.EBADF;
  const buffers = task.arguments.destination;
  const claimed = buffers.claimVector(vector.address, count);
  return claimed < 0 || buffers.remaining == 0 ? claimed : -Errno.EOPNOTSUPP;
}

/** Status flags that an RWF_* flag stands for during one call and that the description does not have. */
function addedFlags(file: OpenFile, flags: i32): u32 {
  const append = (flags & <i32>RWF_APPEND) != 0 ? O_APPEND : 0;
  const noWait = (flags & <i32>RWF_NOWAIT) != 0 ? O_NONBLOCK : 0;
  return (append | noWait) & ~file.flags;
}

/** preadv2(2): offset -1 means the current position. */
@sleeps export function sysPreadv2(task: Task, fd: i32, vector: UserIn, count: u64, offset: i64, high: u64, flags: i32): i64 {
  const file = task.files.get(fd);
  if (file === null) return offset < -1 ? -Errno.EINVAL : -Errno.EBADF;
  if (lacksFlags(file, flags, true)) return refuseFlags(task, file, vector, count, offset, true);
  const added = addedFlags(file, flags);
  // They hold for this call only; nothing else can see them meanwhile but a concurrent F_GETFL.
  file.flags |= added;
  file.retain();
  const result = offset == -1
    ? sysReadv(task, fd, vector, count)
    : sysPreadv(task, fd, vector, count, offset, high);
  file.flags &= ~added;
  file.release();
  return result;
}

/** pwritev2(2) */
@sleeps export function sysPwritev2(task: Task, fd: i32, vector: UserIn, count: u64, offset: i64, high: u64, flags: i32): i64 {
  const file = task.files.get(fd);
  if (file === null) return offset < -1 ? -Errno.EINVAL : -Errno.EBADF;
  if (lacksFlags(file, flags, false)) return refuseFlags(task, file, vector, count, offset, false);
  const added = addedFlags(file, flags);
  file.flags |= added;
  file.retain();
  const result = offset == -1
    ? sysWritev(task, fd, vector, count)
    : sysPwritev(task, fd, vector, count, offset, high);
  file.flags &= ~added;
  file.release();
  return result;
}

/** lseek(2) */
export function sysLseek(task: Task, fd: i32, offset: i64, whence: u32): i64 {
  const file = task.files.get(fd);
  if (file === null || file.isPath) return -Errno.EBADF;
  if (whence > 4) return -Errno.EINVAL;
  return file.seek(offset, whence);
}
