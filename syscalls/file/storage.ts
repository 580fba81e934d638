// Size, allocation and write-back of files: truncate(2), fallocate(2), fsync(2), sync(2), posix_fadvise(2). May sleep.

import { Errno } from "../../kernel/abi/errno";
import { AT_FDCWD, FALLOC_FL_COLLAPSE_RANGE, FALLOC_FL_INSERT_RANGE, FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE, FALLOC_FL_UNSHARE_RANGE, FALLOC_FL_ZERO_RANGE } from "../../kernel/abi/fcntl";
import { S_IFIFO } from "../../kernel/abi/stat";
import { UserPath } from "../../kernel/mm/user/user-memory";
import { Limit } from "../../kernel/task/accounting/resource-limits";
import { signalTask } from "../../kernel/task/signal/signal";
import { Task } from "../../kernel/task/task";
import { truncateInode } from "../../kernel/vfs/inode/change-attributes";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { PathWalk, Walk } from "../../kernel/vfs/path/path-walk";
import { MAY_WRITE, checkAccess } from "../../kernel/vfs/path/permission";
import { Signal } from "../../kernel/abi/signal";
import { Inode } from "../../kernel/vfs/inode/inode";

const POSIX_FADV_LAST: i32 = 5;
const SYNC_FILE_RANGE_FLAGS: u32 = 7;
/** Modes that exist; which of them a file system has is its own matter (EOPNOTSUPP). */
const FALLOCATE_MODES: u32 =
  FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_ZERO_RANGE | FALLOC_FL_INSERT_RANGE
  | FALLOC_FL_UNSHARE_RANGE;

/** truncate(2) */
@sleeps export function sysTruncate(task: Task, path: UserPath, length: i64): i64 {
  if (length < 0) return -Errno.EINVAL;
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let result = walk.resolve(path, task.files, AT_FDCWD, Walk.FOLLOW);
  if (result == 0) result = truncateWalk(task, walk, length);
  walk.release();
  return result;
}

/** RLIMIT_FSIZE for a file that is to get this length: 0, or -EFBIG and SIGXFSZ. */
function checkLength(task: Task, inode: Inode, length: i64): i32 {
  if (length <= inode.size || <u64>length <= task.process.limits.soft[Limit.FSIZE]) return 0;
  signalTask(task, Signal.XFSZ);
  return -Errno.EFBIG;
}

@sleeps function truncateWalk(task: Task, walk: PathWalk, length: i64): i32 {
  const inode = walk.inode;
  if (inode.isDirectory) return -Errno.EISDIR;
  if (!inode.isRegular) return -Errno.EINVAL;
  const allowed = checkAccess(walk.mount, inode, MAY_WRITE, walk.credentials);
  if (allowed < 0) return allowed;
  const begun = inode.retainWriter();
  if (begun < 0) return begun;
  inode.retain();
  let result = checkLength(task, inode, length);
  if (result == 0) result = truncateInode(inode, length, walk.credentials);
  inode.releaseWriter();
  inode.release();
  return result;
}

/** ftruncate(2) */
@sleeps export function sysFtruncate(task: Task, file: OpenFile | null, length: i64): i64 {
  if (length < 0) return -Errno.EINVAL;
  if (file === null) return -Errno.EBADF;
  const inode = file.inode;
  if (inode === null || !inode.isRegular || !file.canWrite) return -Errno.EINVAL;
  const checked = checkLength(task, inode, length);
  return checked < 0 ? checked : file.truncate(length, task.credentials);
}

/** fallocate(2) */
@sleeps export function sysFallocate(task: Task, file: OpenFile, mode: i32, offset: i64, length: i64): i64 {
  if (offset < 0 || length <= 0) return -Errno.EINVAL;
  const bits = <u32>mode;
  if ((bits & ~FALLOCATE_MODES) != 0) return -Errno.EOPNOTSUPP;
  if ((bits & FALLOC_FL_PUNCH_HOLE) != 0 && ((bits & FALLOC_FL_KEEP_SIZE) == 0 || (bits & FALLOC_FL_ZERO_RANGE) != 0)) return -Errno.EOPNOTSUPP;
  // These three go with nothing else (the last with KEEP_SIZE).
  if ((bits & FALLOC_FL_COLLAPSE_RANGE) != 0 && bits != FALLOC_FL_COLLAPSE_RANGE) return -Errno.EINVAL;
  if ((bits & FALLOC_FL_INSERT_RANGE) != 0 && bits != FALLOC_FL_INSERT_RANGE) return -Errno.EINVAL;
  if ((bits & FALLOC_FL_UNSHARE_RANGE) != 0 && (bits & ~FALLOC_FL_KEEP_SIZE) != FALLOC_FL_UNSHARE_RANGE) return -Errno.EINVAL;
  if (!file.canWrite) return -Errno.EBADF;
  const inode = file.inode;
  if (inode === null) return -Errno.ENODEV;
  if (inode.type == S_IFIFO) return -Errno.ESPIPE;
  if (inode.isDirectory) return -Errno.EISDIR;
  if (!inode.isRegular) return -Errno.ENODEV;
  if (offset + length < 0) return -Errno.EFBIG;
  if ((bits & FALLOC_FL_KEEP_SIZE) == 0 && <u64>(offset + length) > task.process.limits.soft[Limit.FSIZE]) {
    signalTask(task, Signal.XFSZ);
    return -Errno.EFBIG;
  }
  inode.lock.lock();
  const result = inode.allocateRange(bits, offset, length);
  if (result == 0) inode.touchModified();
  inode.lock.unlock();
  return result;
}

/** fsync(2) */
export function sysFsync(task: Task, file: OpenFile): i64 {
  return file.synchronize();
}

/** fdatasync(2): no file system here writes attributes apart from contents. */
export function sysFdatasync(task: Task, file: OpenFile): i64 {
  return file.synchronize();
}

/** sync_file_range(2): everything of the range is written when fsync would write it. */
export function sysSyncFileRange(task: Task, file: OpenFile, offset: i64, length: i64, flags: u32): i64 {
  if ((flags & ~SYNC_FILE_RANGE_FLAGS) != 0 || offset < 0 || length < 0 || offset + length < 0) return -Errno.EINVAL;
  const inode = file.inode;
  if (inode === null || !(inode.isRegular || inode.isDirectory || inode.isSymlink)) return -Errno.ESPIPE;
  return flags == 0 ? 0 : file.synchronize();
}

/** sync(2) */
export function sysSync(task: Task): i64 {
  for (let i = 0; i < task.namespaces.mounts.mounts.length; i++) {
    // sync(2) cannot report errors; fsync on the file does.
    const ignored = task.namespaces.mounts.mounts[i].fileSystem.synchronize();
    if (ignored < 0) continue;
  }
  return 0;
}

/** syncfs(2) */
export function sysSyncfs(task: Task, file: OpenFile): i64 {
  const inode = file.inode;
  return inode === null ? 0 : inode.fileSystem.synchronize();
}

/** posix_fadvise(2): memory-backed files have nothing to prepare or to drop. */
export function sysFadvise64(task: Task, file: OpenFile, offset: i64, length: i64, advice: i32): i64 {
  const inode = file.inode;
  if (inode !== null && inode.type == S_IFIFO) return -Errno.ESPIPE;
  if (length < 0 || advice < 0 || advice > POSIX_FADV_LAST) return -Errno.EINVAL;
  return 0;
}

/** readahead(2) */
export function sysReadahead(task: Task, file: OpenFile, offset: i64, count: u64): i64 {
  if (!file.canRead) return -Errno.EBADF;
  const inode = file.inode;
  if (inode === null || !inode.isRegular) return -Errno.EINVAL;
  return 0;
}
