// What files are: stat(2), lstat(2), fstat(2), newfstatat(2), statx(2), statfs(2), access(2). May sleep.

import { Errno } from "../../kernel/abi/errno";
import {
  AT_EACCESS, AT_EMPTY_PATH, AT_FDCWD, AT_NO_AUTOMOUNT, AT_STATX_SYNC_TYPE, AT_SYMLINK_NOFOLLOW, X_OK,
} from "../../kernel/abi/fcntl";
import { Stat, Statfs, Statx } from "../../kernel/abi/generated/structs";
import {
  MS_MANDLOCK, MS_NOATIME, MS_NODEV, MS_NODIRATIME, MS_NOEXEC, MS_NOSUID, MS_NOSYMFOLLOW, MS_RELATIME, MS_SYNCHRONOUS, STATX_ATTR_MOUNT_ROOT,
  STATX_BASIC_STATS, STATX_BTIME, STATX_MNT_ID, STATX_RESERVED, ST_MANDLOCK, ST_NOATIME, ST_NODEV, ST_NODIRATIME, ST_NOEXEC, ST_NOSUID,
  ST_NOSYMFOLLOW, ST_RDONLY, ST_RELATIME, ST_SYNCHRONOUS, ST_VALID, S_IFREG,
} from "../../kernel/abi/stat";
import { UserOut, UserPath } from "../../kernel/mm/user/user-memory";
import { fillBytes, writeU16, writeU32, writeU64 } from "../../kernel/runtime/text/byte-access";
import { Task } from "../../kernel/task/task";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { deviceMajor, deviceMinor } from "../../kernel/vfs/inode/device-number";
import { Inode } from "../../kernel/vfs/inode/inode";
import { Mount } from "../../kernel/vfs/path/mount";
import { PathWalk, Walk } from "../../kernel/vfs/path/path-walk";
import { checkAccess } from "../../kernel/vfs/path/permission";
import { Scratch } from "../decode/scratch";
import { NS_PER_SECOND } from "../../kernel/abi/time";

const STAT_FLAGS: i32 = <i32>(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE);

/** stat(2) */
@sleeps export function sysStat(task: Task, path: UserPath, out: UserOut): i64 {
  return statPath(task, AT_FDCWD, path, Walk.FOLLOW, out);
}

/** lstat(2) */
@sleeps export function sysLstat(task: Task, path: UserPath, out: UserOut): i64 {
  return statPath(task, AT_FDCWD, path, 0, out);
}

/** fstat(2) */
@sleeps @inline export function sysFstat(task: Task, file: OpenFile, out: UserOut): i64 {
  const inode = file.inode;
  if (inode === null) return -Errno.EBADF;
  return putStat(inode, out);
}

/** newfstatat(2) */
@sleeps export function sysNewfstatat(task: Task, dirfd: i32, path: UserPath, out: UserOut, flags: i32): i64 {
  if ((flags & ~STAT_FLAGS) != 0) return -Errno.EINVAL;
  return statPath(task, dirfd, path, walkFlags(flags), out);
}

/** Walk flags of AT_* flags. */
export function walkFlags(flags: i32): u32 {
  let walk: u32 = (<u32>flags & AT_SYMLINK_NOFOLLOW) != 0 ? 0 : Walk.FOLLOW;
  if ((<u32>flags & AT_EMPTY_PATH) != 0) walk |= Walk.EMPTY;
  return walk;
}

@sleeps function statPath(task: Task, dirfd: i32, path: UserPath, flags: u32, out: UserOut): i64 {
  const walk = PathWalk.acquire(task.fs, task.credentials);
  const found = walk.resolve(path, task.files, dirfd, flags);
  const result = found < 0 ? <i64>found : putStat(walk.inode, out); // borrowed: read before the copy, which alone sleeps
  walk.release();
  return result;
}

/** Whole seconds of a time stamp, rounded down. */
@inline
function seconds(ns: i64): i64 {
  return ns >= 0 ? ns / <i64>NS_PER_SECOND : (ns - (<i64>NS_PER_SECOND - 1)) / <i64>NS_PER_SECOND;
}

@inline
function putTime(bytes: StaticArray<u8>, at: u32, ns: i64): void {
  const whole = seconds(ns);
  writeU64(bytes, <i32>at, <u64>whole);
  writeU64(bytes, <i32>at + 8, <u64>(ns - whole * <i64>NS_PER_SECOND));
}

@sleeps function putStat(inode: Inode, out: UserOut): i64 {
  const scratch = Scratch.acquire();
  const bytes = scratch.bytes;
  const status = scratch.status;
  inode.getStatus(status);
  writeU64(bytes, Stat.st_dev, status.device);
  writeU64(bytes, Stat.st_ino, status.number);
  writeU64(bytes, Stat.st_nlink, status.linkCount);
  writeU32(bytes, Stat.st_mode, status.mode);
  writeU32(bytes, Stat.st_uid, status.uid);
  writeU32(bytes, Stat.st_gid, status.gid);
  writeU32(bytes, Stat.__pad0, 0);
  writeU64(bytes, Stat.st_rdev, status.rdev);
  writeU64(bytes, Stat.st_size, <u64>status.size);
  writeU64(bytes, Stat.st_blksize, status.blockSize);
  writeU64(bytes, Stat.st_blocks, status.blocks);
  putTime(bytes, Stat.st_atim, status.accessNs);
  putTime(bytes, Stat.st_mtim, status.modifyNs);
  putTime(bytes, Stat.st_ctim, status.changeNs);
  fillBytes(bytes, Stat.__glibc_reserved, 0, <i32>(Stat.SIZE - Stat.__glibc_reserved));
  const result = out.writeBytes(0, bytes, 0, Stat.SIZE);
  scratch.release();
  return result;
}

/** statx(2) */
@sleeps export function sysStatx(task: Task, dirfd: i32, path: UserPath, flags: i32, mask: u32, out: UserOut): i64 {
  if ((mask & STATX_RESERVED) != 0) return -Errno.EINVAL;
  if ((flags & ~STAT_FLAGS) != 0 || (<u32>flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE) return -Errno.EINVAL;
  // Since 6.11 a null path with AT_EMPTY_PATH means the descriptor itself.
  const walk = PathWalk.acquire(task.fs, task.credentials);
  const found = walk.resolve(path, task.files, dirfd, walkFlags(flags));
  const result = found < 0 ? found : putStatx(walk.mount, walk.inode, walk.dentry === walk.mount.root, out); // borrowed: read before the copy, which alone sleeps
  walk.release();
  return result;
}

@sleeps function putStatx(mount: Mount, inode: Inode, isMountRoot: bool, out: UserOut): i32 {
  const scratch = Scratch.acquire();
  const bytes = scratch.bytes;
  fillBytes(bytes, 0, 0, Statx.SIZE);
  const status = scratch.status;
  inode.getStatus(status);
  writeU32(bytes, Statx.stx_mask, STATX_BASIC_STATS | STATX_MNT_ID | (status.hasBirthTime ? STATX_BTIME : 0));
  writeU32(bytes, Statx.stx_blksize, status.blockSize);
  writeU64(bytes, Statx.stx_attributes, isMountRoot ? STATX_ATTR_MOUNT_ROOT : 0);
  writeU64(bytes, Statx.stx_attributes_mask, STATX_ATTR_MOUNT_ROOT);
  writeU32(bytes, Statx.stx_nlink, status.linkCount);
  writeU32(bytes, Statx.stx_uid, status.uid);
  writeU32(bytes, Statx.stx_gid, status.gid);
  writeU16(bytes, Statx.stx_mode, status.mode);
  writeU64(bytes, Statx.stx_ino, status.number);
  writeU64(bytes, Statx.stx_size, <u64>status.size);
  writeU64(bytes, Statx.stx_blocks, status.blocks);
  putStatxTime(bytes, Statx.stx_atime, status.accessNs);
  if (status.hasBirthTime) putStatxTime(bytes, Statx.stx_btime, status.birthNs);
  putStatxTime(bytes, Statx.stx_ctime, status.changeNs);
  putStatxTime(bytes, Statx.stx_mtime, status.modifyNs);
  writeU32(bytes, Statx.stx_rdev_major, deviceMajor(status.rdev));
  writeU32(bytes, Statx.stx_rdev_minor, deviceMinor(status.rdev));
  writeU32(bytes, Statx.stx_dev_major, deviceMajor(status.device));
  writeU32(bytes, Statx.stx_dev_minor, deviceMinor(status.device));
  writeU64(bytes, Statx.stx_mnt_id, <u64>mount.id);
  const result = out.writeBytes(0, bytes, 0, Statx.SIZE);
  scratch.release();
  return result;
}

function putStatxTime(bytes: StaticArray<u8>, at: u32, ns: i64): void {
  const whole = seconds(ns);
  writeU64(bytes, <i32>at, <u64>whole);
  writeU32(bytes, <i32>at + 8, <u32>(ns - whole * <i64>NS_PER_SECOND));
}

/** statfs(2) */
@sleeps export function sysStatfs(task: Task, path: UserPath, out: UserOut): i64 {
  const walk = PathWalk.acquire(task.fs, task.credentials);
  const found = walk.resolve(path, task.files, AT_FDCWD, Walk.FOLLOW);
  const result = found < 0 ? found : putStatfs(walk.mount, out); // borrowed: read before the copy, which alone sleeps
  walk.release();
  return result;
}

/** fstatfs(2) */
@sleeps export function sysFstatfs(task: Task, file: OpenFile, out: UserOut): i64 {
  const mount = file.mount;
  return mount === null ? -Errno.EBADF : putStatfs(mount, out);
}

@sleeps function putStatfs(mount: Mount, out: UserOut): i32 {
  const scratch = Scratch.acquire();
  const bytes = scratch.bytes;
  const fileSystem = mount.fileSystem;
  fillBytes(bytes, 0, 0, Statfs.SIZE);
  const statistics = scratch.statistics;
  statistics.blocks = 0;
  statistics.freeBlocks = 0;
  statistics.availableBlocks = 0;
  statistics.inodes = 0;
  statistics.freeInodes = 0;
  statistics.blockSize = fileSystem.blockSize;
  statistics.nameLimit = 255;
  fileSystem.getStatistics(statistics);
  writeU64(bytes, Statfs.f_type, statistics.magic);
  writeU64(bytes, Statfs.f_bsize, statistics.blockSize);
  writeU64(bytes, Statfs.f_blocks, statistics.blocks);
  writeU64(bytes, Statfs.f_bfree, statistics.freeBlocks);
  writeU64(bytes, Statfs.f_bavail, statistics.availableBlocks);
  writeU64(bytes, Statfs.f_files, statistics.inodes);
  writeU64(bytes, Statfs.f_ffree, statistics.freeInodes);
  writeU64(bytes, Statfs.f_fsid, fileSystem.device);
  writeU64(bytes, Statfs.f_namelen, statistics.nameLimit);
  writeU64(bytes, Statfs.f_frsize, statistics.blockSize);
  writeU64(bytes, Statfs.f_flags, statfsFlags(mount));
  const result = out.writeBytes(0, bytes, 0, Statfs.SIZE);
  scratch.release();
  return result;
}

function statfsFlags(mount: Mount): u64 {
  const flags = mount.flags;
  let result = ST_VALID;
  if (mount.isReadOnly) result |= ST_RDONLY;
  if ((flags & MS_NOSUID) != 0) result |= ST_NOSUID;
  if ((flags & MS_NODEV) != 0) result |= ST_NODEV;
  if ((flags & MS_NOEXEC) != 0) result |= ST_NOEXEC;
  if ((flags & MS_NOATIME) != 0) result |= ST_NOATIME;
  if ((flags & MS_NODIRATIME) != 0) result |= ST_NODIRATIME;
  if ((flags & MS_RELATIME) != 0) result |= ST_RELATIME;
  if ((flags & MS_NOSYMFOLLOW) != 0) result |= ST_NOSYMFOLLOW;
  if ((mount.fileSystem.flags & MS_SYNCHRONOUS) != 0) result |= ST_SYNCHRONOUS;
  if ((mount.fileSystem.flags & MS_MANDLOCK) != 0) result |= ST_MANDLOCK;
  return result;
}

/** access(2) */
@sleeps export function sysAccess(task: Task, path: UserPath, mode: u32): i64 {
  return accessAt(task, AT_FDCWD, path, mode, 0);
}

/** faccessat(2), the system call: it has no flags. */
@sleeps export function sysFaccessat(task: Task, dirfd: i32, path: UserPath, mode: u32): i64 {
  return accessAt(task, dirfd, path, mode, 0);
}

/** faccessat2(2) */
@sleeps export function sysFaccessat2(task: Task, dirfd: i32, path: UserPath, mode: u32, flags: i32): i64 {
  if ((<u32>flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0) return -Errno.EINVAL;
  return accessAt(task, dirfd, path, mode, <u32>flags);
}

@sleeps function accessAt(task: Task, dirfd: i32, path: UserPath, mode: u32, flags: u32): i64 {
  if ((mode & ~7) != 0) return -Errno.EINVAL;
  const own = task.credentials;
  const credentials = (flags & AT_EACCESS) != 0 ? own : own.withRealIds();
  const walk = PathWalk.acquire(task.fs, credentials);
  let result = walk.resolve(path, task.files, dirfd, walkFlags(<i32>flags));
  if (result == 0) result = checkFor(walk, mode);
  walk.release();
  return result;
}

function checkFor(walk: PathWalk, mode: u32): i32 {
  const inode = walk.inode;
  if ((mode & X_OK) != 0 && inode.type == S_IFREG && (walk.mount.flags & MS_NOEXEC) != 0) return -Errno.EACCES;
  if (mode == 0) return 0;
  return checkAccess(walk.mount, inode, mode, walk.credentials);
}
