// Changing attributes: chmod(2), chown(2), utimensat(2), utime(2) and relatives. May sleep.

import { Errno } from "../../kernel/abi/errno";
import { AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW } from "../../kernel/abi/fcntl";
import { UserIn, UserPath } from "../../kernel/mm/user/user-memory";
import { Task } from "../../kernel/task/task";
import { TimeChoice, changeMode, changeOwner, changeTimes } from "../../kernel/vfs/inode/change-attributes";
import { Credentials } from "../../kernel/vfs/credentials";
import { Inode } from "../../kernel/vfs/inode/inode";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { PathWalk, Walk } from "../../kernel/vfs/path/path-walk";
import { walkFlags } from "./stat";
import { NS_PER_SECOND } from "../../kernel/abi/time";

const AT_FLAGS: u32 = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH;
const UTIME_NOW: i64 = 0x3fffffff;
const UTIME_OMIT: i64 = 0x3ffffffe;
/** Seconds beyond which time stamps are cut: 64-bit nanoseconds reach the year 2262. */
const SECONDS_LIMIT: i64 = 9223372035;

/** chmod(2) */
@sleeps export function sysChmod(task: Task, path: UserPath, mode: u32): i64 {
  return chmodAt(task, AT_FDCWD, path, mode, Walk.FOLLOW);
}

/** fchmodat(2), the system call: it has no flags. */
@sleeps export function sysFchmodat(task: Task, dirfd: i32, path: UserPath, mode: u32): i64 {
  return chmodAt(task, dirfd, path, mode, Walk.FOLLOW);
}

/** fchmodat2(2) */
@sleeps export function sysFchmodat2(task: Task, dirfd: i32, path: UserPath, mode: u32, flags: i32): i64 {
  if ((<u32>flags & ~AT_FLAGS) != 0) return -Errno.EINVAL;
  return chmodAt(task, dirfd, path, mode, walkFlags(flags));
}

@sleeps function chmodAt(task: Task, dirfd: i32, path: UserPath, mode: u32, flags: u32): i64 {
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let result = walk.resolve(path, task.files, dirfd, flags);
  if (result == 0) {
    walk.keep();
    if (walk.mount.isReadOnly) result = -Errno.EROFS;
    else if (walk.inode.isSymlink) result = -Errno.EOPNOTSUPP;
    else result = changeMode(walk.inode, mode, walk.credentials);
  }
  walk.release();
  return result;
}

/** fchmod(2) */
@sleeps export function sysFchmod(task: Task, file: OpenFile, mode: u32): i64 {
  const inode = file.inode;
  const mount = file.mount;
  if (inode === null || mount === null) return -Errno.EINVAL;
  return mount.isReadOnly ? -Errno.EROFS : changeMode(inode, mode, task.credentials);
}

/** chown(2) */
@sleeps export function sysChown(task: Task, path: UserPath, uid: u32, gid: u32): i64 {
  return chownAt(task, AT_FDCWD, path, uid, gid, Walk.FOLLOW);
}

/** lchown(2) */
@sleeps export function sysLchown(task: Task, path: UserPath, uid: u32, gid: u32): i64 {
  return chownAt(task, AT_FDCWD, path, uid, gid, 0);
}

/** fchownat(2) */
@sleeps export function sysFchownat(task: Task, dirfd: i32, path: UserPath, uid: u32, gid: u32, flags: i32): i64 {
  if ((<u32>flags & ~AT_FLAGS) != 0) return -Errno.EINVAL;
  return chownAt(task, dirfd, path, uid, gid, walkFlags(flags));
}

@sleeps function chownAt(task: Task, dirfd: i32, path: UserPath, uid: u32, gid: u32, flags: u32): i64 {
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let result = walk.resolve(path, task.files, dirfd, flags);
  if (result == 0) walk.keep();
  if (result == 0) result = walk.mount.isReadOnly ? -Errno.EROFS : changeOwner(walk.inode, uid, gid, walk.credentials);
  walk.release();
  return result;
}

/** fchown(2) */
@sleeps export function sysFchown(task: Task, file: OpenFile, uid: u32, gid: u32): i64 {
  const inode = file.inode;
  const mount = file.mount;
  if (inode === null || mount === null) return -Errno.EINVAL;
  return mount.isReadOnly ? -Errno.EROFS : changeOwner(inode, uid, gid, task.credentials);
}

/** Two time stamps as a call gives them. */
@final
class TimePair {
  /** False if a field of nanoseconds is out of range, which counts only once the file is found. */
  isValid: bool = true;
  accessChoice: u32 = TimeChoice.NOW;
  accessNs: i64 = 0;
  modifyChoice: u32 = TimeChoice.NOW;
  modifyNs: i64 = 0;

  @sleeps apply(inode: Inode, credentials: Credentials): i32 {
    if (!this.isValid) return -Errno.EINVAL;
    return changeTimes(inode, this.accessChoice, this.accessNs, this.modifyChoice, this.modifyNs, credentials);
  }
}

/** Nanoseconds of a moment, cut to what fits. */
function toNs(seconds: i64, ns: i64): i64 {
  return max(-SECONDS_LIMIT, min(SECONDS_LIMIT, seconds)) * <i64>NS_PER_SECOND + ns;
}

/** utimensat(2). A null path means the descriptor itself. */
@sleeps export function sysUtimensat(task: Task, dirfd: i32, path: UserPath, times: UserIn, flags: i32): i64 {
  const pair = new TimePair();
  if (!times.isNull) {
    const fetched = times.fetch(32);
    if (fetched < 0) return fetched;
    const accessNs = times.i64(8);
    const modifyNs = times.i64(24);
    if (accessNs == UTIME_OMIT && modifyNs == UTIME_OMIT) return 0;
    pair.isValid = isValidNs(accessNs) && isValidNs(modifyNs);
    pair.accessChoice = choiceOf(accessNs);
    pair.accessNs = toNs(times.i64(0), accessNs);
    pair.modifyChoice = choiceOf(modifyNs);
    pair.modifyNs = toNs(times.i64(16), modifyNs);
  }
  if (path.isNull && dirfd != AT_FDCWD) {
    if (flags != 0) return -Errno.EINVAL;
    return setFileTimes(task, dirfd, pair);
  }
  if ((<u32>flags & ~AT_FLAGS) != 0) return -Errno.EINVAL;
  return setTimesAt(task, dirfd, path, pair, walkFlags(flags));
}

function isValidNs(ns: i64): bool {
  return ns == UTIME_NOW || ns == UTIME_OMIT || (ns >= 0 && ns < <i64>NS_PER_SECOND);
}

function choiceOf(ns: i64): u32 {
  return ns == UTIME_NOW ? TimeChoice.NOW : ns == UTIME_OMIT ? TimeChoice.OMIT : TimeChoice.SET;
}

/** The descriptor in the place of a directory is the file itself. */
@sleeps function setFileTimes(task: Task, fd: i32, pair: TimePair): i64 {
  const file = task.files.getFile(fd);
  if (file === null) return -Errno.EBADF;
  file.retain();
  const result = setTimesOf(task, file, pair);
  file.release();
  return result;
}

@sleeps function setTimesOf(task: Task, file: OpenFile, pair: TimePair): i64 {
  const inode = file.inode;
  const mount = file.mount;
  if (inode === null || mount === null) return -Errno.EINVAL;
  return mount.isReadOnly ? -Errno.EROFS : pair.apply(inode, task.credentials);
}

@sleeps function setTimesAt(task: Task, dirfd: i32, path: UserPath, pair: TimePair, flags: u32): i64 {
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let result = walk.resolve(path, task.files, dirfd, flags);
  if (result == 0) walk.keep();
  if (result == 0) result = walk.mount.isReadOnly ? -Errno.EROFS : pair.apply(walk.inode, walk.credentials);
  walk.release();
  return result;
}

/** utime(2): whole seconds. */
@sleeps export function sysUtime(task: Task, path: UserPath, times: UserIn): i64 {
  const pair = new TimePair();
  if (!times.isNull) {
    const fetched = times.fetch(16);
    if (fetched < 0) return fetched;
    pair.accessChoice = TimeChoice.SET;
    pair.accessNs = toNs(times.i64(0), 0);
    pair.modifyChoice = TimeChoice.SET;
    pair.modifyNs = toNs(times.i64(8), 0);
  }
  return setTimesAt(task, AT_FDCWD, path, pair, Walk.FOLLOW);
}

/** utimes(2): microseconds. */
@sleeps export function sysUtimes(task: Task, path: UserPath, times: UserIn): i64 {
  return sysFutimesat(task, AT_FDCWD, path, times);
}

/** futimesat(2) */
@sleeps export function sysFutimesat(task: Task, dirfd: i32, path: UserPath, times: UserIn): i64 {
  const pair = new TimePair();
  if (!times.isNull) {
    const fetched = times.fetch(32);
    if (fetched < 0) return fetched;
    const access = times.i64(8);
    const modify = times.i64(24);
    if (access < 0 || access >= 1_000_000 || modify < 0 || modify >= 1_000_000) return -Errno.EINVAL;
    pair.accessChoice = TimeChoice.SET;
    pair.accessNs = toNs(times.i64(0), access * 1000);
    pair.modifyChoice = TimeChoice.SET;
    pair.modifyNs = toNs(times.i64(16), modify * 1000);
  }
  if (path.isNull && dirfd != AT_FDCWD) return setFileTimes(task, dirfd, pair);
  return setTimesAt(task, dirfd, path, pair, Walk.FOLLOW);
}
