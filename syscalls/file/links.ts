// Names: link(2), symlink(2), readlink(2), unlink(2), rmdir(2), rename(2), mknod(2) and their at-variants. May sleep.

import { Errno } from "../../kernel/abi/errno";
import {
  AT_EMPTY_PATH, AT_FDCWD, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, RENAME_EXCHANGE, RENAME_NOREPLACE, RENAME_WHITEOUT,
} from "../../kernel/abi/fcntl";
import { S_IFDIR, S_IFMT, S_IFREG } from "../../kernel/abi/stat";
import { UserOut, UserPath } from "../../kernel/mm/user/user-memory";
import { bytesSlice } from "../../kernel/runtime/text/bytes";
import { Task } from "../../kernel/task/task";
import { Capability } from "../../kernel/vfs/credentials";
import { makeLink, makeNode, makeSymlink, removeDirectory, removeName, renameName } from "../../kernel/vfs/path/names";
import { touchAccess } from "../../kernel/vfs/inode/file-times";
import { PathWalk, Walk } from "../../kernel/vfs/path/path-walk";
import { isNodeType } from "../../kernel/vfs/path/permission";

/** link(2) */
@sleeps export function sysLink(task: Task, oldPath: UserPath, newPath: UserPath): i64 {
  return sysLinkat(task, AT_FDCWD, oldPath, AT_FDCWD, newPath, 0);
}

/** linkat(2) */
@sleeps export function sysLinkat(task: Task, oldFd: i32, oldPath: UserPath, newFd: i32, newPath: UserPath, flags: i32): i64 {
  const bits = <u32>flags;
  if ((bits & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) != 0) return -Errno.EINVAL;
  let walkFlags: u32 = (bits & AT_SYMLINK_FOLLOW) != 0 ? Walk.FOLLOW : 0;
  if ((bits & AT_EMPTY_PATH) != 0) {
    if (!task.credentials.has(Capability.DAC_READ_SEARCH)) return -Errno.ENOENT;
    walkFlags |= Walk.EMPTY;
  }
  const old = PathWalk.acquire(task.fs, task.credentials);
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let result = old.resolve(oldPath, task.files, oldFd, walkFlags);
  if (result == 0) {
    // The second walk may sleep: the inode stays, whatever happens to its names.
    const inode = old.inode;
    inode.retain();
    old.keep();
    result = walk.resolveParent(newPath, task.files, newFd);
    if (result == 0) result = makeLink(old, walk);
    inode.release();
  }
  walk.release();
  old.release();
  return result;
}

/** symlink(2) */
@sleeps export function sysSymlink(task: Task, target: UserPath, path: UserPath): i64 {
  return sysSymlinkat(task, target, AT_FDCWD, path);
}

/** symlinkat(2) */
@sleeps export function sysSymlinkat(task: Task, target: UserPath, dirfd: i32, path: UserPath): i64 {
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let result = walk.fetch(target, 0);
  if (result == 0) {
    const text = bytesSlice(walk.path.bytes, 0, walk.path.length);
    result = walk.resolveParent(path, task.files, dirfd);
    if (result == 0) result = makeSymlink(walk, text);
  }
  walk.release();
  return result;
}

/** readlink(2) */
@sleeps export function sysReadlink(task: Task, path: UserPath, out: UserOut, size: i32): i64 {
  return sysReadlinkat(task, AT_FDCWD, path, out, size);
}

/** readlinkat(2): an empty path means the symbolic link that dirfd refers to. */
@sleeps export function sysReadlinkat(task: Task, dirfd: i32, path: UserPath, out: UserOut, size: i32): i64 {
  if (size <= 0) return -Errno.EINVAL;
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let result: i64 = walk.resolve(path, task.files, dirfd, Walk.EMPTY);
  if (result == 0) {
    const isEmpty = walk.path.length == 0;
    result = readLink(walk, out, size, isEmpty && (dirfd == AT_FDCWD || !walk.inode.isSymlink));
  }
  walk.release();
  return result;
}

@sleeps function readLink(walk: PathWalk, out: UserOut, size: i32, isMissing: bool): i64 {
  if (isMissing) return -Errno.ENOENT;
  const inode = walk.inode;
  if (!inode.isSymlink) return -Errno.EINVAL;
  const target = inode.symlinkTarget();
  if (target === null) return -Errno.EINVAL;
  touchAccess(walk.mount, inode);
  const length = min(size, target.length);
  const written = out.writeBytes(0, target, 0, length);
  return written < 0 ? written : <i64>length;
}

/** unlink(2) */
@sleeps export function sysUnlink(task: Task, path: UserPath): i64 {
  return sysUnlinkat(task, AT_FDCWD, path, 0);
}

/** rmdir(2) */
@sleeps export function sysRmdir(task: Task, path: UserPath): i64 {
  return sysUnlinkat(task, AT_FDCWD, path, AT_REMOVEDIR);
}

/** unlinkat(2) */
@sleeps export function sysUnlinkat(task: Task, dirfd: i32, path: UserPath, flags: i32): i64 {
  if ((<u32>flags & ~AT_REMOVEDIR) != 0) return -Errno.EINVAL;
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let result = walk.resolveParent(path, task.files, dirfd);
  if (result == 0) result = (<u32>flags & AT_REMOVEDIR) != 0 ? removeDirectory(walk) : removeName(walk);
  walk.release();
  return result;
}

/** rename(2) */
@sleeps export function sysRename(task: Task, oldPath: UserPath, newPath: UserPath): i64 {
  return sysRenameat2(task, AT_FDCWD, oldPath, AT_FDCWD, newPath, 0);
}

/** renameat(2) */
@sleeps export function sysRenameat(task: Task, oldFd: i32, oldPath: UserPath, newFd: i32, newPath: UserPath): i64 {
  return sysRenameat2(task, oldFd, oldPath, newFd, newPath, 0);
}

/** renameat2(2) */
@sleeps export function sysRenameat2(task: Task, oldFd: i32, oldPath: UserPath, newFd: i32, newPath: UserPath, flags: u32): i64 {
  if ((flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT)) != 0) return -Errno.EINVAL;
  if ((flags & RENAME_EXCHANGE) != 0 && (flags & (RENAME_NOREPLACE | RENAME_WHITEOUT)) != 0) return -Errno.EINVAL;
  const from = PathWalk.acquire(task.fs, task.credentials);
  const to = PathWalk.acquire(task.fs, task.credentials);
  let result = from.resolveParent(oldPath, task.files, oldFd);
  if (result == 0) {
    from.keep();
    result = to.resolveParent(newPath, task.files, newFd);
    if (result == 0) result = renameName(from, to, flags);
  }
  to.release();
  from.release();
  return result;
}

/** mknod(2) */
@sleeps export function sysMknod(task: Task, path: UserPath, mode: u32, device: u32): i64 {
  return sysMknodat(task, AT_FDCWD, path, mode, device);
}

/** mknodat(2) */
@sleeps export function sysMknodat(task: Task, dirfd: i32, path: UserPath, mode: u32, device: u32): i64 {
  const given = mode & 0xffff;
  const type = (given & S_IFMT) == 0 ? S_IFREG : given & S_IFMT;
  if (type == S_IFDIR) return -Errno.EPERM;
  if (!isNodeType(type)) return -Errno.EINVAL;
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let result = walk.resolveParent(path, task.files, dirfd);
  if (result == 0) result = makeNode(walk, type | (given & 0o7777), device);
  walk.release();
  return result;
}
