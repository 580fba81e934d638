// Reading and writing open files: read(2), write(2), readv(2), pread(2), preadv2(2), lseek(2) and relatives.
//
// Each call holds a reference to the description while it runs, because another thread may close the descriptor.
// Order of errors as on Linux: descriptor (EBADF), kind of file (EINVAL, ESPIPE), buffer (EFAULT). All may sleep.

import { Errno } from "../kernel/abi/errno";
import { O_APPEND, RWF_APPEND, RWF_DSYNC, RWF_HIPRI, RWF_NOWAIT, RWF_SYNC } from "../kernel/abi/fcntl";
import { IoDestination, IoSource } from "../kernel/mm/io-buffer";
import { UserIn } from "../kernel/mm/user-memory";
import { Task } from "../kernel/task/task";
import { OpenFile } from "../kernel/vfs/open-file";

const RWF_SUPPORTED: i32 = <i32>(RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT | RWF_APPEND);

/** read(2) */
export function sysRead(task: Task, fd: i32, to: IoDestination): i64 {
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
export function sysWrite(task: Task, fd: i32, from: IoSource): i64 {
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
export function sysPread64(task: Task, fd: i32, to: IoDestination, offset: i64): i64 {
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
export function sysPwrite64(task: Task, fd: i32, from: IoSource, offset: i64): i64 {
  if (offset < 0) return -Errno.EINVAL;
  const file = task.files.get(fd);
  if (file === null || file.isPath) return -Errno.EBADF;
  if (!file.canSeek()) return -Errno.ESPIPE;
  if (!file.canWrite) return -Errno.EBADF;
  const checked = from.check();
  if (checked < 0) return checked;
  return writeAt(file, offset, from);
}

function readAt(file: OpenFile, offset: i64, to: IoDestination): i64 {
  if (offset + <i64>to.remaining < 0) return -Errno.EINVAL;
  file.retain();
  const count = file.readAt(offset, to);
  file.release();
  return count;
}

function writeAt(file: OpenFile, offset: i64, from: IoSource): i64 {
  if (offset + <i64>from.remaining < 0) return -Errno.EINVAL;
  file.retain();
  const count = file.writeAt(offset, from);
  file.release();
  return count;
}

/** readv(2) */
export function sysReadv(task: Task, fd: i32, vector: UserIn, count: u64): i64 {
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
export function sysWritev(task: Task, fd: i32, vector: UserIn, count: u64): i64 {
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
export function sysPreadv(task: Task, fd: i32, vector: UserIn, count: u64, offset: i64, high: u64): i64 {
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
export function sysPwritev(task: Task, fd: i32, vector: UserIn, count: u64, offset: i64, high: u64): i64 {
  if (offset < 0) return -Errno.EINVAL;
  const file = task.files.get(fd);
  if (file === null || file.isPath) return -Errno.EBADF;
  if (!file.canSeek()) return -Errno.ESPIPE;
  if (!file.canWrite) return -Errno.EBADF;
  const from = task.arguments.source;
  const claimed = from.claimVector(vector.address, count);
  return claimed < 0 ? claimed : writeAt(file, offset, from);
}

function isReadableDirectory(file: OpenFile | null): bool {
  if (file === null || !file.canRead) return false;
  const inode = file.inode;
  return inode !== null && inode.isDirectory;
}

/** What comes before unknown flags in the order of errors, then EOPNOTSUPP. */
function refuseFlags(file: OpenFile | null, isRead: bool, offset: i64): i64 {
  if (offset < -1) return -Errno.EINVAL;
  if (file === null || file.isPath) return -Errno.EBADF;
  if (offset != -1 && !file.canSeek()) return -Errno.ESPIPE;
  return (isRead ? file.canRead : file.canWrite) ? -Errno.EOPNOTSUPP : -Errno.EBADF;
}

/** preadv2(2): offset -1 means the current position. */
export function sysPreadv2(task: Task, fd: i32, vector: UserIn, count: u64, offset: i64, high: u64, flags: i32): i64 {
  if ((flags & ~RWF_SUPPORTED) != 0) return refuseFlags(task.files.get(fd), true, offset);
  if ((flags & ~<i32>RWF_HIPRI) != 0 && isReadableDirectory(task.files.get(fd))) return -Errno.EOPNOTSUPP;
  if (offset == -1) return sysReadv(task, fd, vector, count);
  return sysPreadv(task, fd, vector, count, offset, high);
}

/** pwritev2(2) */
export function sysPwritev2(task: Task, fd: i32, vector: UserIn, count: u64, offset: i64, high: u64, flags: i32): i64 {
  if ((flags & ~RWF_SUPPORTED) != 0) return refuseFlags(task.files.get(fd), false, offset);
  const file = task.files.get(fd);
  if (file === null) return -Errno.EBADF;
  // RWF_APPEND holds for this call only; nothing else can see the flag meanwhile but a concurrent F_GETFL.
  const isAppend = (flags & <i32>RWF_APPEND) != 0 && (file.flags & O_APPEND) == 0;
  if (isAppend) file.flags |= O_APPEND;
  file.retain();
  const result = offset == -1
    ? sysWritev(task, fd, vector, count)
    : sysPwritev(task, fd, vector, count, offset, high);
  if (isAppend) file.flags &= ~O_APPEND;
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
