// Descriptors: close(2), close_range(2), dup(2), dup2(2), dup3(2), ioctl(2), flock(2).

import { Errno } from "../../kernel/abi/errno";
import { LOCK_EX, LOCK_MAND, LOCK_NB, LOCK_SH, LOCK_UN, O_ASYNC, O_CLOEXEC, O_NONBLOCK } from "../../kernel/abi/fcntl";
import { UserInOut } from "../../kernel/mm/user/user-memory";
import { Task } from "../../kernel/task/task";
import { Capability } from "../../kernel/vfs/credentials";
import { FdTable } from "../../kernel/vfs/file/fd-table";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { FileCommand } from "../../kernel/abi/ioctl";

const CLOSE_RANGE_UNSHARE: u32 = 2;
const CLOSE_RANGE_CLOEXEC: u32 = 4;
const FIGETBSZ: u32 = 2;
const FIBMAP: u32 = 1;

/** close(2) */
export function sysClose(task: Task, fd: i32): i64 {
  return task.files.close(fd);
}

/** close_range(2) */
export function sysCloseRange(task: Task, first: u32, last: u32, flags: u32): i64 {
  if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0 || first > last) return -Errno.EINVAL;
  let files = task.files;
  if ((flags & CLOSE_RANGE_UNSHARE) != 0 && files.references > 1) {
    const own = files.forkCopy();
    task.files = own;
    files.release();
    files = own;
  }
  const start = <i32>min<u32>(first, <u32>i32.MAX_VALUE);
  for (let fd = files.nextOpen(start); fd >= 0 && <u32>fd <= last; fd = files.nextOpen(fd + 1)) {
    if ((flags & CLOSE_RANGE_CLOEXEC) != 0) files.setCloseOnExec(fd, true);
    else if (files.close(fd) < 0) break;
  }
  return 0;
}

/** dup(2) */
export function sysDup(task: Task, file: OpenFile): i64 {
  return duplicate(task.files, file, 0, false);
}

/** The lowest free descriptor from `min` on for one more reference to the file: fcntl(F_DUPFD). */
export function duplicate(files: FdTable, file: OpenFile, min: i32, isCloseOnExec: bool): i64 {
  const copy = files.reserve(min);
  if (copy < 0) return copy;
  file.retain();
  files.install(copy, file, isCloseOnExec);
  return copy;
}

/** dup2(2) */
export function sysDup2(task: Task, file: OpenFile, from: i32, to: i32): i64 {
  return from == to ? to : task.files.replace(to, file, false);
}

/** dup3(2) */
export function sysDup3(task: Task, file: OpenFile | null, from: i32, to: i32, flags: u32): i64 {
  if ((flags & ~O_CLOEXEC) != 0 || from == to) return -Errno.EINVAL;
  if (file === null) return -Errno.EBADF;
  return task.files.replace(to, file, (flags & O_CLOEXEC) != 0);
}

/** ioctl(2): what all files have is answered here, the rest by the file. */
@sleeps export function sysIoctl(task: Task, file: OpenFile, fd: i32, command: u32, argument: u64): i64 {
  const memory = task.arguments.inOut0.claim(argument);
  switch (command) {
    case FileCommand.FIOCLEX:
      task.files.setCloseOnExec(fd, true);
      return 0;
    case FileCommand.FIONCLEX:
      task.files.setCloseOnExec(fd, false);
      return 0;
    case FileCommand.FIONBIO: return setFlag(file, O_NONBLOCK, memory);
    case FileCommand.FIOASYNC: return setFlag(file, O_ASYNC, memory);
    default: break;
  }
  const inode = file.inode;
  if (inode !== null && inode.isRegular) {
    if (command == FileCommand.FIONREAD) return memory.writeI32(0, <i32>(inode.size - file.position));
    if (command == FileCommand.FIOQSIZE) return memory.writeI64(0, inode.size);
    if (command == FIBMAP) return mapBlock(task, memory);
  }
  if (inode !== null && inode.isDirectory && command == FileCommand.FIOQSIZE) return memory.writeI64(0, inode.size);
  if (command == FIGETBSZ && inode !== null) return memory.writeU32(0, inode.fileSystem.blockSize);
  return file.ioctl(command, argument, memory);
}

/** FIBMAP: no file system here lies in blocks. */
@sleeps function mapBlock(task: Task, memory: UserInOut): i64 {
  if (!task.credentials.has(Capability.SYS_RAWIO)) return -Errno.EPERM;
  return memory.readU32(0) < 0 ? -Errno.EFAULT : -Errno.EINVAL;
}

@sleeps function setFlag(file: OpenFile, flag: u32, memory: UserInOut): i64 {
  const read = memory.readU32(0);
  if (read < 0) return read;
  const flags = memory.value != 0 ? file.flags | flag : file.flags & ~flag;
  const checked = file.checkFlags(flags);
  if (checked < 0) return checked;
  file.flags = flags;
  return 0;
}

/** flock(2). Waiting sleeps. */
@sleeps export function sysFlock(task: Task, file: OpenFile | null, operation: u32): i64 {
  // Mandatory locks never worked; since Linux 5.18 asking for one does nothing, whatever the descriptor is.
  if ((operation & LOCK_MAND) != 0) return 0;
  const command = operation & ~LOCK_NB;
  if (command != LOCK_SH && command != LOCK_EX && command != LOCK_UN) return -Errno.EINVAL;
  if (file === null) return -Errno.EBADF;
  const inode = file.inode;
  if (inode === null) return -Errno.EBADF;
  if (command != LOCK_UN && !file.canRead && !file.canWrite) return -Errno.EBADF;
  return inode.needLocks().flock(file, command, (operation & LOCK_NB) == 0);
}
