// fcntl(2). F_SETLKW and F_OFD_SETLKW sleep; leases and directory notification are not supported (EINVAL).

import { Errno } from "../../kernel/abi/errno";
import {
  FD_CLOEXEC, F_ADD_SEALS, F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_GETFL, F_GETLK, F_GETOWN, F_GETOWNER_UIDS, F_GETOWN_EX, F_GETPIPE_SZ,
  F_GETSIG, F_GET_SEALS, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW, F_OWNER_PGRP, F_OWNER_PID, F_OWNER_TID, F_RDLCK,
  F_SETFD, F_SETFL, F_SETLK, F_SETLKW, F_SETOWN, F_SETOWN_EX, F_SETPIPE_SZ, F_SETSIG, F_UNLCK, F_WRLCK,
  O_NOATIME, SEEK_CUR, SEEK_END, SEEK_SET,
} from "../../kernel/abi/fcntl";
import { Flock } from "../../kernel/abi/generated/structs";
import { PIPE_MAX_SIZE } from "../../kernel/ipc/pipe";
import { PipeFile } from "../../kernel/ipc/pipe-file";
import { UserInOut } from "../../kernel/mm/user/user-memory";
import { Task } from "../../kernel/task/task";
import { Capability } from "../../kernel/vfs/credentials";
import { FileOwner } from "../../kernel/vfs/file/file-owner";
import { RecordLock } from "../../kernel/vfs/inode/locks";
import { OpenFile, SETTABLE_FLAGS } from "../../kernel/vfs/file/open-file";
import { isOwnerOrCapable } from "../../kernel/vfs/path/permission";
import { duplicate } from "./descriptor";
import { ownerExists } from "./file-owner";

const NSIG: u64 = 64;

/** fcntl(2) */
@sleeps export function sysFcntl(task: Task, file: OpenFile, fd: i32, command: u32, argument: u64): i64 {
  const files = task.files;
  switch (command) {
    case F_DUPFD: return duplicateFrom(task, file, argument, false);
    case F_DUPFD_CLOEXEC: return duplicateFrom(task, file, argument, true);
    case F_GETFD: return files.isCloseOnExec(fd) ? FD_CLOEXEC : 0;
    case F_SETFD:
      files.setCloseOnExec(fd, (argument & <u64>FD_CLOEXEC) != 0);
      return 0;
    case F_GETFL: return file.flags;
    default: break;
  }
  // An O_PATH descriptor can do nothing else.
  if (file.isPath) return -Errno.EBADF;
  const memory = task.arguments.inOut0.claim(argument);
  switch (command) {
    case F_SETFL: return setFlags(task, file, <u32>argument);
    case F_GETLK: return getLock(task, file, memory, false);
    case F_SETLK: return setLock(task, fd, file, memory, false, false);
    case F_SETLKW: return setLock(task, fd, file, memory, false, true);
    case F_OFD_GETLK: return getLock(task, file, memory, true);
    case F_OFD_SETLK: return setLock(task, fd, file, memory, true, false);
    case F_OFD_SETLKW: return setLock(task, fd, file, memory, true, true);
    case F_SETPIPE_SZ: return setPipeSize(task, file, argument);
    case F_GETPIPE_SZ: return file instanceof PipeFile ? <i64>(<PipeFile>file).pipe.capacity : -Errno.EBADF;
    case F_GET_SEALS: {
      const inode = file.inode;
      return inode === null ? -Errno.EINVAL : inode.seals();
    }
    case F_ADD_SEALS: return addSeals(file, <u32>argument);
    default: return ownerCommand(task, file, command, argument, memory);
  }
}

function duplicateFrom(task: Task, file: OpenFile, argument: u64, isCloseOnExec: bool): i64 {
  if (argument >= <u64>task.files.limit) return -Errno.EINVAL;
  return duplicate(task.files, file, <i32>argument, isCloseOnExec);
}

function setFlags(task: Task, file: OpenFile, argument: u32): i64 {
  const inode = file.inode;
  const flags = (file.flags & ~SETTABLE_FLAGS) | (argument & SETTABLE_FLAGS);
  if (((flags & ~file.flags) & O_NOATIME) != 0 && inode !== null && !isOwnerOrCapable(inode, task.credentials)) {
    return -Errno.EPERM;
  }
  const checked = file.checkFlags(flags);
  if (checked < 0) return checked;
  file.flags = flags;
  return 0;
}

function setPipeSize(task: Task, file: OpenFile, argument: u64): i64 {
  if (!(file instanceof PipeFile)) return -Errno.EBADF;
  const size = <u32>argument;
  if (argument > <u64>0x80000000) return -Errno.EINVAL;
  if (size > PIPE_MAX_SIZE && !task.credentials.has(Capability.SYS_RESOURCE)) return -Errno.EPERM;
  return (<PipeFile>file).pipe.resize(max(size, 4096));
}

@sleeps function addSeals(file: OpenFile, seals: u32): i64 {
  const inode = file.inode;
  if (inode === null) return -Errno.EINVAL;
  if (!file.canWrite) return -Errno.EPERM;
  // Writes under way have the lock, too: they end before.
  inode.retain();
  inode.lock.lock();
  const added = inode.addSeals(seals);
  inode.lock.unlock();
  inode.release();
  return added;
}

// ---- record locks ------------------------------------------------------------------------------------------------------

/** Reads struct flock into a request: 0 or -errno. */
@sleeps function readLock(task: Task, file: OpenFile, memory: UserInOut, lock: RecordLock): i32 {
  const fetched = memory.fetch(Flock.SIZE);
  if (fetched < 0) return fetched;
  lock.kind = memory.i16(Flock.l_type);
  let base: i64 = 0;
  const inode = file.inode;
  switch (<u32>memory.i16(Flock.l_whence)) {
    case SEEK_SET: break;
    case SEEK_CUR: base = file.position; break;
    case SEEK_END: base = inode === null ? 0 : inode.size; break;
    default: return -Errno.EINVAL;
  }
  const offset = memory.i64(Flock.l_start);
  const length = memory.i64(Flock.l_len);
  if (offset > 0 && base > i64.MAX_VALUE - offset) return -Errno.EOVERFLOW;
  lock.start = base + offset;
  if (lock.start < 0) return -Errno.EINVAL;
  if (length > 0) {
    if (length - 1 > i64.MAX_VALUE - lock.start) return -Errno.EOVERFLOW;
    lock.end = lock.start + length - 1;
  } else if (length < 0) {
    if (lock.start + length < 0) return -Errno.EINVAL;
    lock.end = lock.start - 1;
    lock.start += length;
  } else {
    lock.end = i64.MAX_VALUE;
  }
  if (lock.kind != F_RDLCK && lock.kind != F_WRLCK && lock.kind != F_UNLCK) return -Errno.EINVAL;
  return 0;
}

function makeRequest(task: Task, file: OpenFile, isOfd: bool): RecordLock {
  const lock = isOfd ? new RecordLock(file) : new RecordLock(task.files);
  lock.pid = isOfd ? -1 : task.tgid;
  return lock;
}

@sleeps function getLock(task: Task, file: OpenFile, memory: UserInOut, isOfd: bool): i64 {
  const inode = file.inode;
  if (inode === null) return -Errno.EINVAL;
  const wanted = makeRequest(task, file, isOfd);
  const fetched = memory.fetch(Flock.SIZE);
  if (fetched < 0) return fetched;
  // What may be asked for comes before the range.
  if (memory.i16(Flock.l_type) == F_UNLCK) return -Errno.EINVAL;
  const read = readLock(task, file, memory, wanted);
  if (read < 0) return read;
  if (isOfd && memory.i32(Flock.l_pid) != 0) return -Errno.EINVAL;
  const other = inode.needLocks().findConflict(wanted);
  if (other === null) return memory.writeU16(Flock.l_type, <u32>F_UNLCK);
  let result = memory.writeU16(Flock.l_type, <u32>other.kind);
  if (result == 0) result = memory.writeU16(Flock.l_whence, SEEK_SET);
  if (result == 0) result = memory.writeI64(Flock.l_start, other.start);
  if (result == 0) result = memory.writeI64(Flock.l_len, other.end == i64.MAX_VALUE ? 0 : other.end - other.start + 1);
  if (result == 0) result = memory.writeI32(Flock.l_pid, other.pid);
  return result;
}

@sleeps function setLock(task: Task, fd: i32, file: OpenFile, memory: UserInOut, isOfd: bool, mayWait: bool): i64 {
  const inode = file.inode;
  if (inode === null) return -Errno.EINVAL;
  const wanted = makeRequest(task, file, isOfd);
  const read = readLock(task, file, memory, wanted);
  if (read < 0) return read;
  if (isOfd && memory.i32(Flock.l_pid) != 0) return -Errno.EINVAL;
  if (wanted.kind == F_RDLCK && !file.canRead) return -Errno.EBADF;
  if (wanted.kind == F_WRLCK && !file.canWrite) return -Errno.EBADF;
  const result = inode.needLocks().setRecord(wanted, mayWait);
  // Another thread may have closed the descriptor while this one waited: the lock must not stay.
  if (result == 0 && wanted.kind != F_UNLCK && !isOfd && task.files.get(fd) !== file) {
    inode.needLocks().descriptorClosed(task.files);
    return -Errno.EBADF;
  }
  return result;
}

// ---- owners and signals ----------------------------------------------------------------------------------------------

function ownerOf(file: OpenFile): FileOwner {
  let owner = file.owner;
  if (owner === null) {
    owner = new FileOwner();
    file.owner = owner;
  }
  return owner;
}

@sleeps function ownerCommand(task: Task, file: OpenFile, command: u32, argument: u64, memory: UserInOut): i64 {
  const owner = file.owner;
  switch (command) {
    case F_SETOWN: {
      const id = <i32>argument;
      if (id == i32.MIN_VALUE) return -Errno.EINVAL;
      return setOwner(task, file, id < 0 ? F_OWNER_PGRP : F_OWNER_PID, id < 0 ? -id : id);
    }
    case F_GETOWN: {
      if (owner === null) return 0;
      return owner.kind == F_OWNER_PGRP ? -owner.id : owner.id;
    }
    case F_SETOWN_EX: {
      const fetched = memory.fetch(8);
      if (fetched < 0) return fetched;
      const kind = memory.i32(0);
      if (kind != F_OWNER_TID && kind != F_OWNER_PID && kind != F_OWNER_PGRP) return -Errno.EINVAL;
      return setOwner(task, file, kind, memory.i32(4));
    }
    case F_GETOWN_EX: {
      const result = memory.writeI32(0, owner === null ? F_OWNER_PID : owner.kind);
      return result < 0 ? result : memory.writeI32(4, owner === null ? 0 : owner.id);
    }
    case F_GETOWNER_UIDS: {
      const result = memory.writeU32(0, owner === null ? 0 : owner.uid);
      return result < 0 ? result : memory.writeU32(4, owner === null ? 0 : owner.euid);
    }
    case F_SETSIG: {
      if (argument > NSIG) return -Errno.EINVAL;
      ownerOf(file).signal = <i32>argument;
      return 0;
    }
    case F_GETSIG: return owner === null ? 0 : owner.signal;
    default: return -Errno.EINVAL;
  }
}

function setOwner(task: Task, file: OpenFile, kind: i32, id: i32): i64 {
  if (id != 0 && !ownerExists(task.namespaces.pids, kind, id)) return -Errno.ESRCH;
  const owner = ownerOf(file);
  owner.kind = kind;
  owner.id = id;
  if (id == 0) return 0;
  owner.uid = task.credentials.uid;
  owner.euid = task.credentials.euid;
  return 0;
}
