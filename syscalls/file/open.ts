// Opening and creating files: open(2), openat(2), openat2(2), creat(2), memfd_create(2). All may sleep.

import { Errno } from "../../kernel/abi/errno";
import {
  AT_FDCWD, MFD_ALLOW_SEALING, MFD_CLOEXEC, MFD_EXEC, MFD_NOEXEC_SEAL, O_CLOEXEC, O_CREAT, O_PATH, O_TMPFILE_BIT, O_TRUNC, O_WRONLY,
} from "../../kernel/abi/fcntl";
import { UserIn, UserPath } from "../../kernel/mm/user/user-memory";
import { Task } from "../../kernel/task/task";
import { createMemoryFile } from "../../kernel/tmpfs/memory-file";
import { OPEN_FLAGS, checkOpenFlags, openWalk } from "../../kernel/vfs/file/open-path";
import { PathWalk } from "../../kernel/vfs/path/path-walk";

/** Longest name memfd_create(2) takes, without the NUL. */
const MEMFD_NAME_MAX: i32 = 249;
const MFD_SUPPORTED: u32 = MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC;
/** struct open_how: flags, mode, resolve. */
const OPEN_HOW_SIZE: u64 = 24;

/** open(2) */
@sleeps export function sysOpen(task: Task, path: UserPath, flags: i32, mode: u32): i64 {
  return openAt(task, AT_FDCWD, path, <u32>flags, mode);
}

/** creat(2) */
@sleeps export function sysCreat(task: Task, path: UserPath, mode: u32): i64 {
  return openAt(task, AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/** openat(2) */
@sleeps export function sysOpenat(task: Task, dirfd: i32, path: UserPath, flags: i32, mode: u32): i64 {
  return openAt(task, dirfd, path, <u32>flags, mode);
}

/** openat2(2) without resolve flags: unlike openat it refuses what it does not know. */
@sleeps export function sysOpenat2(task: Task, dirfd: i32, path: UserPath, how: UserIn, size: u64): i64 {
  if (size < OPEN_HOW_SIZE) return -Errno.EINVAL;
  if (size > 4096) return -Errno.E2BIG;
  const fetched = how.fetch(<u32>OPEN_HOW_SIZE);
  if (fetched < 0) return fetched;
  const flags = how.u64(0);
  const mode = how.u64(8);
  const resolve = how.u64(16);
  for (let at = OPEN_HOW_SIZE; at < size; at++) {
    const read = how.readU8(at);
    if (read < 0) return read;
    if (how.value != 0) return -Errno.E2BIG;
  }
  if ((flags & ~<u64>OPEN_FLAGS) != 0 || resolve != 0) return -Errno.EINVAL;
  const makes = (flags & <u64>(O_CREAT | O_TMPFILE_BIT)) != 0;
  if (makes ? (mode & ~<u64>0o7777) != 0 : mode != 0) return -Errno.EINVAL;
  if ((flags & <u64>O_PATH) != 0 && (flags & ~<u64>(0o12600000 | O_CLOEXEC)) != 0) return -Errno.EINVAL;
  return openAt(task, dirfd, path, <u32>flags, <u32>mode);
}

@sleeps function openAt(task: Task, dirfd: i32, path: UserPath, given: u32, mode: u32): i64 {
  const flags = checkOpenFlags(given);
  if (flags < 0) return flags;
  const walk = PathWalk.acquire(task.fs, task.credentials);
  const result = openWith(task, walk, dirfd, path, <u32>flags, mode);
  walk.release();
  return result;
}

/** Reserves the descriptor first, so that nothing is created when there is none left. */
@sleeps function openWith(task: Task, walk: PathWalk, dirfd: i32, path: UserPath, flags: u32, mode: u32): i64 {
  const fetched = walk.fetch(path, 0);
  if (fetched < 0) return fetched;
  const files = task.files;
  const fd = files.reserve();
  if (fd < 0) return fd;
  let result = walk.begin(files, dirfd);
  if (result == 0) result = openWalk(walk, flags, mode);
  const file = walk.file;
  if (result < 0 || file === null) {
    files.cancel(fd);
    return result < 0 ? result : -Errno.ENXIO;
  }
  files.install(fd, file, (flags & O_CLOEXEC) != 0);
  return fd;
}

/** memfd_create(2) */
@sleeps export function sysMemfdCreate(task: Task, name: UserPath, flags: u32): i64 {
  if ((flags & ~MFD_SUPPORTED) != 0) return -Errno.EINVAL;
  if ((flags & (MFD_EXEC | MFD_NOEXEC_SEAL)) == (MFD_EXEC | MFD_NOEXEC_SEAL)) return -Errno.EINVAL;
  const bytes = new StaticArray<u8>(MEMFD_NAME_MAX + 1);
  const length = name.fetchString(bytes, 0, bytes.length);
  if (length < 0) return length == -Errno.ENAMETOOLONG ? -Errno.EINVAL : length;
  const files = task.files;
  const fd = files.reserve();
  if (fd < 0) return fd;
  const file = createMemoryFile(bytes, length, flags, task.credentials);
  files.install(fd, file, (flags & MFD_CLOEXEC) != 0);
  return fd;
}
