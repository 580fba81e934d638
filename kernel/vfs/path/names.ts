// Making, linking, removing and renaming names: mkdir(2), mknod(2), symlink(2), link(2), unlink(2), rmdir(2), rename(2).
//
// Each function gets walks that resolveParent has brought to the directory. Rules are checked here in Linux's order;
// the file system only changes its directories. May sleep, for locks and in the file system; look-up, checks and change
// of a name are one step to everybody else, because they happen with these locks (ranks: kernel/sync/lock-rank.ts):
//   RENAME      the file system's, for a rename between two directories: nobody else moves directories meanwhile
//   DIRECTORY   the parent's; of two, the ancestor's first, otherwise by Mutex.serial
//   VICTIM      of the directories removed, moved or replaced, so that nothing is made in them or mounted on them
//   FILE        of files that gain or lose a name, so that link counts are right
// Specification of the order: Linux, Documentation/filesystems/directory-locking.rst (the idea; no text of it is used).

import { Errno } from "../../abi/errno";
import { RENAME_EXCHANGE, RENAME_NOREPLACE } from "../../abi/fcntl";
import { S_IFBLK, S_IFCHR, S_IFDIR, S_IFMT } from "../../abi/stat";
import { LockRank } from "../../sync/lock-rank";
import { Mutex } from "../../sync/mutex";
import { Capability } from "../credentials";
import { Dentry } from "./dentry";
import { deleteDentry, exchangeDentries, moveDentry } from "./dentry-cache";
import { Inode } from "../inode/inode";
import { findMountOn, Mount } from "./mount";
import { LastName, PathWalk } from "./path-walk";
import { MAY_WRITE, checkInode, mayCreate, mayDelete, modeForNew } from "./permission";

/** Most names of one inode (LINK_MAX of tmpfs is not limited; this keeps the counter sound). */
const LINK_LIMIT: u32 = 0x7fffffff;

/** Takes the lock of the directory that a walk has reached. */
@sleeps function lockDirectory(walk: PathWalk): Mutex {
  walk.keep();
  const lock = walk.dentry.inode!.lock;
  lock.lock();
  return lock;
}

/** The negative dentry for a new name, or null with `walk.error`. The directory is locked. */
function newName(walk: PathWalk, isDirectory: bool): Dentry | null {
  if (walk.lastKind != LastName.NORMAL) {
    walk.error = -Errno.EEXIST;
    return null;
  }
  const child = walk.childLocked();
  if (child === null) return null;
  if (child.inode !== null) {
    walk.error = -Errno.EEXIST;
    return null;
  }
  if (walk.hasTrailingSlash && !isDirectory) {
    walk.error = -Errno.ENOENT;
    return null;
  }
  if (walk.mount.isReadOnly) {
    walk.error = -Errno.EROFS;
    return null;
  }
  return child;
}

/** mkdir(2) and mknod(2): `mode` has the type; umask is applied here. */
@sleeps export function makeNode(walk: PathWalk, mode: u32, rdev: u32): i32 {
  const lock = lockDirectory(walk);
  const result = makeNodeLocked(walk, mode, rdev);
  lock.unlock();
  return result;
}

function makeNodeLocked(walk: PathWalk, mode: u32, rdev: u32): i32 {
  const isDirectory = (mode & S_IFMT) == S_IFDIR;
  const name = newName(walk, isDirectory);
  if (name === null) return walk.error;
  const directory = walk.dentry.inode!;
  const credentials = walk.credentials;
  const allowed = mayCreate(walk.mount, directory, credentials);
  if (allowed < 0) return allowed;
  const type = mode & S_IFMT;
  if ((type == S_IFCHR || type == S_IFBLK) && !credentials.has(Capability.MKNOD)) return -Errno.EPERM;
  return directory.createNode(name, modeForNew(directory, mode, walk.fs.umask, credentials), rdev, credentials);
}

/** symlink(2) */
@sleeps export function makeSymlink(walk: PathWalk, target: StaticArray<u8>): i32 {
  const lock = lockDirectory(walk);
  const result = makeSymlinkLocked(walk, target);
  lock.unlock();
  return result;
}

function makeSymlinkLocked(walk: PathWalk, target: StaticArray<u8>): i32 {
  const name = newName(walk, false);
  if (name === null) return walk.error;
  const directory = walk.dentry.inode!;
  const allowed = mayCreate(walk.mount, directory, walk.credentials);
  return allowed < 0 ? allowed : directory.createSymlink(name, target, walk.credentials);
}

/** link(2): `old` was resolved to the file, `walk` to the new name's directory. */
@sleeps export function makeLink(old: PathWalk, walk: PathWalk): i32 {
  old.keep();
  const lock = lockDirectory(walk);
  const result = makeLinkLocked(old, walk);
  lock.unlock();
  return result;
}

@sleeps function makeLinkLocked(old: PathWalk, walk: PathWalk): i32 {
  const name = newName(walk, false);
  if (name === null) return walk.error;
  if (old.mount !== walk.mount) return -Errno.EXDEV;
  const inode = old.inode;
  const directory = walk.dentry.inode!;
  const allowed = mayCreate(walk.mount, directory, walk.credentials);
  if (allowed < 0) return allowed;
  if (directory.fileSystem !== inode.fileSystem) return -Errno.EXDEV;
  if (inode.isDirectory) return -Errno.EPERM;
  // Unused names may be dropped from the cache while this sleeps.
  name.retain();
  const lock = inode.lock;
  lock.lock();
  let result = 0;
  // borrowed: makeLink keeps the old place.
  if (inode.nlink == 0 && !old.dentry.isLinkable) result = -Errno.ENOENT;
  else if (inode.nlink >= LINK_LIMIT) result = -Errno.EMLINK;
  // borrowed: lockDirectory keeps the walk's place.
  else result = directory.link(inode, name);
  lock.unlock();
  name.release();
  return result;
}

/** Is something mounted on this name, as seen through `mount`? */
function isMountpoint(mount: Mount, dentry: Dentry): bool {
  return dentry.mountCount != 0 && findMountOn(mount, dentry) !== null;
}

/** unlink(2) */
@sleeps export function removeName(walk: PathWalk): i32 {
  const lock = lockDirectory(walk);
  const result = removeNameLocked(walk);
  lock.unlock();
  return result;
}

@sleeps function removeNameLocked(walk: PathWalk): i32 {
  if (walk.lastKind != LastName.NORMAL) return -Errno.EISDIR;
  if (walk.mount.isReadOnly) return -Errno.EROFS;
  const victim = walk.childLocked();
  if (victim === null) return walk.error;
  const inode = victim.inode;
  if (inode === null) return -Errno.ENOENT;
  if (walk.hasTrailingSlash) return inode.isDirectory ? -Errno.EISDIR : -Errno.ENOTDIR;
  const directory = walk.dentry.inode!;
  const allowed = mayDelete(walk.mount, directory, inode, walk.credentials);
  if (allowed < 0) return allowed;
  if (inode.isDirectory) return -Errno.EISDIR;
  victim.retain();
  const lock = inode.lock;
  lock.lock();
  // borrowed: lockDirectory keeps the walk's place.
  const removed = isMountpoint(walk.mount, victim) ? -Errno.EBUSY : directory.unlink(victim);
  lock.unlock();
  victim.release();
  if (removed < 0) return removed;
  deleteDentry(victim);
  inode.releaseIfUnused();
  return 0;
}

/** rmdir(2) */
@sleeps export function removeDirectory(walk: PathWalk): i32 {
  const lock = lockDirectory(walk);
  const result = removeDirectoryLocked(walk);
  lock.unlock();
  return result;
}

@sleeps function removeDirectoryLocked(walk: PathWalk): i32 {
  switch (walk.lastKind) {
    case LastName.DOT_DOT: return -Errno.ENOTEMPTY;
    case LastName.DOT: return -Errno.EINVAL;
    case LastName.ROOT: return -Errno.EBUSY;
    default: break;
  }
  if (walk.mount.isReadOnly) return -Errno.EROFS;
  const victim = walk.childLocked();
  if (victim === null) return walk.error;
  const inode = victim.inode;
  if (inode === null) return -Errno.ENOENT;
  const directory = walk.dentry.inode!;
  const allowed = mayDelete(walk.mount, directory, inode, walk.credentials);
  if (allowed < 0) return allowed;
  if (!inode.isDirectory) return -Errno.ENOTDIR;
  victim.retain();
  const lock = inode.lock;
  lock.lockAs(LockRank.VICTIM);
  // borrowed: lockDirectory keeps the walk's place.
  const removed = isMountpoint(walk.mount, victim) ? -Errno.EBUSY : directory.removeDirectory(victim);
  lock.unlock();
  victim.release();
  if (removed < 0) return removed;
  deleteDentry(victim);
  inode.releaseIfUnused();
  return 0;
}

/** renameat2(2) without RENAME_WHITEOUT. */
@sleeps export function renameName(from: PathWalk, to: PathWalk, flags: u32): i32 {
  if (from.mount !== to.mount) return -Errno.EXDEV;
  if (from.lastKind != LastName.NORMAL) return -Errno.EBUSY;
  if (to.lastKind != LastName.NORMAL) return (flags & RENAME_NOREPLACE) != 0 ? -Errno.EEXIST : -Errno.EBUSY;
  if (from.mount.isReadOnly) return -Errno.EROFS;
  from.keep();
  to.keep();
  lockDirectories(from.dentry, to.dentry);
  const result = renameLocked(from, to, flags);
  unlockDirectories(from.dentry, to.dentry);
  return result;
}

/** Takes what guards the names in two directories of one file system (or in one, if they are the same). */
@sleeps function lockDirectories(a: Dentry, b: Dentry): void {
  const first = a.inode!;
  const second = b.inode!;
  if (first === second) {
    first.lock.lock();
    return;
  }
  first.fileSystem.renameLock.lock();
  // Now no directory moves from one to another, and "ancestor" stays what it is.
  const isFirstBelow = b.isWithin(a) || (!a.isWithin(b) && first.lock.serial < second.lock.serial);
  (isFirstBelow ? first : second).lock.lock();
  (isFirstBelow ? second : first).lock.lockAs(LockRank.DIRECTORY_SECOND);
}

function unlockDirectories(a: Dentry, b: Dentry): void {
  const first = a.inode!;
  const second = b.inode!;
  first.lock.unlock();
  if (first === second) return;
  second.lock.unlock();
  first.fileSystem.renameLock.unlock();
}

/** Look-up, checks and change, with the directories locked. */
@sleeps function renameLocked(from: PathWalk, to: PathWalk, flags: u32): i32 {
  const source = from.childLocked();
  if (source === null) return from.error;
  const inode = source.inode;
  if (inode === null) return -Errno.ENOENT;
  source.retain();
  const target = to.childLocked();
  // borrowed: renameTo retains it before it sleeps.
  const result = target === null ? to.error : renameTo(from, to, source, target, flags);
  source.release();
  return result;
}

@sleeps function renameTo(from: PathWalk, to: PathWalk, source: Dentry, target: Dentry, flags: u32): i32 {
  const inode = source.inode!;
  const placed = checkPlaces(from, to, source, target, flags);
  if (placed < 0) return placed;
  if (inode === target.inode) return 0;
  const allowed = checkRename(from, to, inode, target.inode, flags);
  if (allowed < 0) return allowed;
  const other = target.inode;
  target.retain();
  lockVictims(inode, other);
  let result = -Errno.EBUSY;
  if (!isMountpoint(from.mount, source) && !isMountpoint(to.mount, target)) {
    result = from.dentry.inode!.rename(source, to.dentry.inode!, target, flags, from.credentials);
  }
  inode.lock.unlock();
  if (other !== null) other.lock.unlock();
  target.release();
  if (result < 0) return result;
  if ((flags & RENAME_EXCHANGE) != 0) {
    exchangeDentries(source, target);
    return 0;
  }
  moveDentry(source, target);
  if (other !== null) other.releaseIfUnused();
  return 0;
}

/** Locks what is moved and what is replaced or exchanged: directories before files, two of a kind by their serials. */
@sleeps function lockVictims(inode: Inode, other: Inode | null): void {
  const lock = inode.lock;
  if (other === null) {
    lock.lockAs(inode.isDirectory ? LockRank.VICTIM : LockRank.FILE);
    return;
  }
  const isFirst = inode.isDirectory == other.isDirectory ? lock.serial < other.lock.serial : inode.isDirectory;
  const before = isFirst ? inode : other;
  const after = isFirst ? other : inode;
  before.lock.lockAs(before.isDirectory ? LockRank.VICTIM : LockRank.FILE);
  after.lock.lockAs(after.isDirectory ? LockRank.VICTIM_SECOND : before.isDirectory ? LockRank.FILE : LockRank.FILE_SECOND);
}

/** Existence, trailing slashes and loops. */
function checkPlaces(from: PathWalk, to: PathWalk, source: Dentry, target: Dentry, flags: u32): i32 {
  const inode = source.inode!;
  const other = target.inode;
  if ((flags & RENAME_NOREPLACE) != 0 && other !== null) return -Errno.EEXIST;
  if ((flags & RENAME_EXCHANGE) != 0) {
    if (other === null) return -Errno.ENOENT;
    if (!other.isDirectory && to.hasTrailingSlash) return -Errno.ENOTDIR;
  }
  if (!inode.isDirectory) {
    if (from.hasTrailingSlash) return -Errno.ENOTDIR;
    if ((flags & RENAME_EXCHANGE) == 0 && to.hasTrailingSlash) return -Errno.ENOTDIR;
  }
  if (to.dentry.isWithin(source)) return -Errno.EINVAL;
  if (other !== null && from.dentry.isWithin(target)) return (flags & RENAME_EXCHANGE) != 0 ? -Errno.EINVAL : -Errno.ENOTEMPTY;
  return 0;
}

/** Permissions and kinds. */
function checkRename(from: PathWalk, to: PathWalk, inode: Inode, other: Inode | null, flags: u32): i32 {
  const credentials = from.credentials;
  const fromDirectory = from.dentry.inode!;
  const toDirectory = to.dentry.inode!;
  const removable = mayDelete(from.mount, fromDirectory, inode, credentials);
  if (removable < 0) return removable;
  const isExchange = (flags & RENAME_EXCHANGE) != 0;
  if (other === null) {
    const creatable = mayCreate(to.mount, toDirectory, credentials);
    if (creatable < 0) return creatable;
  } else {
    const replaceable = mayDelete(to.mount, toDirectory, other, credentials);
    if (replaceable < 0) return replaceable;
    if (!isExchange) {
      if (inode.isDirectory && !other.isDirectory) return -Errno.ENOTDIR;
      if (!inode.isDirectory && other.isDirectory) return -Errno.EISDIR;
    }
  }
  if (fromDirectory === toDirectory) return 0;
  // A directory that moves has its ".." rewritten.
  if (inode.isDirectory) {
    const writable = checkInode(inode, MAY_WRITE, credentials);
    if (writable < 0) return writable;
  }
  if (isExchange && other !== null && other.isDirectory) return checkInode(other, MAY_WRITE, credentials);
  return 0;
}
