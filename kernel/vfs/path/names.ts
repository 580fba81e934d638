// Making, linking, removing and renaming names: mkdir(2), mknod(2), symlink(2), link(2), unlink(2), rmdir(2), rename(2).
//
// Each function gets walks that resolveParent has brought to the directory. Rules are checked here in Linux's order;
// the file system only changes its directories. May sleep in the file system.

import { Errno } from "../../abi/errno";
import { RENAME_EXCHANGE, RENAME_NOREPLACE } from "../../abi/fcntl";
import { S_IFBLK, S_IFCHR, S_IFDIR, S_IFMT } from "../../abi/stat";
import { Capability } from "../credentials";
import { Dentry } from "./dentry";
import { deleteDentry, exchangeDentries, moveDentry } from "./dentry-cache";
import { Inode } from "../inode/inode";
import { findMountOn, Mount } from "./mount";
import { LastName, PathWalk } from "./path-walk";
import { MAY_WRITE, checkInode, mayCreate, mayDelete, modeForNew } from "./permission";

/** Most names of one inode (LINK_MAX of tmpfs is not limited; this keeps the counter sound). */
const LINK_LIMIT: u32 = 0x7fffffff;

/** The negative dentry for a new name, or null with `walk.error`. */
export function newName(walk: PathWalk, isDirectory: bool): Dentry | null {
  if (walk.lastKind != LastName.NORMAL) {
    walk.error = -Errno.EEXIST;
    return null;
  }
  const child = walk.child();
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
export function makeNode(walk: PathWalk, mode: u32, rdev: u32): i32 {
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
export function makeSymlink(walk: PathWalk, target: StaticArray<u8>): i32 {
  const name = newName(walk, false);
  if (name === null) return walk.error;
  const directory = walk.dentry.inode!;
  const allowed = mayCreate(walk.mount, directory, walk.credentials);
  return allowed < 0 ? allowed : directory.createSymlink(name, target, walk.credentials);
}

/** link(2): `old` was resolved to the file, `walk` to the new name's directory. */
export function makeLink(old: PathWalk, walk: PathWalk): i32 {
  const name = newName(walk, false);
  if (name === null) return walk.error;
  if (old.mount !== walk.mount) return -Errno.EXDEV;
  const inode = old.inode;
  const directory = walk.dentry.inode!;
  const allowed = mayCreate(walk.mount, directory, walk.credentials);
  if (allowed < 0) return allowed;
  if (directory.fileSystem !== inode.fileSystem) return -Errno.EXDEV;
  if (inode.isDirectory) return -Errno.EPERM;
  if (inode.nlink == 0 && !old.dentry.isLinkable) return -Errno.ENOENT;
  if (inode.nlink >= LINK_LIMIT) return -Errno.EMLINK;
  return directory.link(inode, name);
}

/** Is something mounted on this name, as seen through `mount`? */
function isMountpoint(mount: Mount, dentry: Dentry): bool {
  return dentry.mountCount != 0 && findMountOn(mount, dentry) !== null;
}

/** unlink(2) */
export function removeName(walk: PathWalk): i32 {
  if (walk.lastKind != LastName.NORMAL) return -Errno.EISDIR;
  if (walk.mount.isReadOnly) return -Errno.EROFS;
  const victim = walk.child();
  if (victim === null) return walk.error;
  const inode = victim.inode;
  if (inode === null) return -Errno.ENOENT;
  if (walk.hasTrailingSlash) return inode.isDirectory ? -Errno.EISDIR : -Errno.ENOTDIR;
  const directory = walk.dentry.inode!;
  const allowed = mayDelete(walk.mount, directory, inode, walk.credentials);
  if (allowed < 0) return allowed;
  if (inode.isDirectory) return -Errno.EISDIR;
  if (isMountpoint(walk.mount, victim)) return -Errno.EBUSY;
  const removed = directory.unlink(victim);
  if (removed < 0) return removed;
  deleteDentry(victim);
  inode.releaseIfUnused();
  return 0;
}

/** rmdir(2) */
export function removeDirectory(walk: PathWalk): i32 {
  switch (walk.lastKind) {
    case LastName.DOT_DOT: return -Errno.ENOTEMPTY;
    case LastName.DOT: return -Errno.EINVAL;
    case LastName.ROOT: return -Errno.EBUSY;
    default: break;
  }
  if (walk.mount.isReadOnly) return -Errno.EROFS;
  const victim = walk.child();
  if (victim === null) return walk.error;
  const inode = victim.inode;
  if (inode === null) return -Errno.ENOENT;
  const directory = walk.dentry.inode!;
  const allowed = mayDelete(walk.mount, directory, inode, walk.credentials);
  if (allowed < 0) return allowed;
  if (!inode.isDirectory) return -Errno.ENOTDIR;
  if (isMountpoint(walk.mount, victim)) return -Errno.EBUSY;
  const removed = directory.removeDirectory(victim);
  if (removed < 0) return removed;
  deleteDentry(victim);
  inode.releaseIfUnused();
  return 0;
}

/** renameat2(2) without RENAME_WHITEOUT. */
export function renameName(from: PathWalk, to: PathWalk, flags: u32): i32 {
  if (from.mount !== to.mount) return -Errno.EXDEV;
  if (from.lastKind != LastName.NORMAL) return -Errno.EBUSY;
  if (to.lastKind != LastName.NORMAL) return (flags & RENAME_NOREPLACE) != 0 ? -Errno.EEXIST : -Errno.EBUSY;
  if (from.mount.isReadOnly) return -Errno.EROFS;
  const source = from.child();
  if (source === null) return from.error;
  const inode = source.inode;
  if (inode === null) return -Errno.ENOENT;
  const target = to.child();
  if (target === null) return to.error;
  const placed = checkPlaces(from, to, source, target, flags);
  if (placed < 0) return placed;
  if (inode === target.inode) return 0;
  const allowed = checkRename(from, to, inode, target.inode, flags);
  if (allowed < 0) return allowed;
  if (isMountpoint(from.mount, source) || isMountpoint(to.mount, target)) return -Errno.EBUSY;
  return commitRename(from, to, source, target, flags);
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

function commitRename(from: PathWalk, to: PathWalk, source: Dentry, target: Dentry, flags: u32): i32 {
  const fromDirectory = from.dentry.inode!;
  const replaced = target.inode;
  const renamed = fromDirectory.rename(source, to.dentry.inode!, target, flags);
  if (renamed < 0) return renamed;
  if ((flags & RENAME_EXCHANGE) != 0) {
    exchangeDentries(source, target);
    return 0;
  }
  moveDentry(source, target);
  if (replaced !== null) replaced.releaseIfUnused();
  return 0;
}
