// open(2): from a walk to an open file description, with every rule on flags, existence and permission.
// May sleep (path, file system, FIFOs). Specification: open(2), path_resolution(7).

import { Errno } from "../../abi/errno";
import {
  O_ACCMODE, O_CLOEXEC, O_CREAT, O_DIRECT, O_DIRECTORY, O_EXCL, O_LARGEFILE, O_NOATIME, O_NOCTTY, O_NOFOLLOW, O_PATH,
  O_TMPFILE, O_TMPFILE_BIT, O_TRUNC, O_WRONLY,
} from "../../abi/fcntl";
import { MS_NODEV, S_IFBLK, S_IFCHR, S_IFDIR, S_IFLNK, S_IFREG } from "../../abi/stat";
import { truncateInode } from "../inode/change-attributes";
import { Credentials } from "../credentials";
import { Dentry } from "../path/dentry";
import { makeRootDentry } from "../path/dentry-cache";
import { PathFile } from "./directory-file";
import { openedFile } from "./open-file";
import { openInode } from "./special-files";
import { Inode } from "../inode/inode";
import { Mount } from "../path/mount";
import { AGAIN, LastName, PathWalk, Walk } from "../path/path-walk";
import { MAY_READ, MAY_WRITE, checkAccess, isOwnerOrCapable, mayCreate, modeForNew } from "../path/permission";

/** All flags that open(2) knows; others are ignored by it (and refused by openat2). */
@inline export const OPEN_FLAGS: u32 = 0o37777703;
const PATH_FLAGS: u32 = O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC;
/** Flags that only matter while opening. */
const TRANSIENT_FLAGS: u32 = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC;

/** What open(2) does with flags before it walks: the flags in force, or -EINVAL. */
export function checkOpenFlags(given: u32): i32 {
  const flags = given & OPEN_FLAGS;
  if ((flags & O_PATH) != 0) return <i32>(flags & PATH_FLAGS);
  if ((flags & O_TMPFILE_BIT) != 0) {
    if ((flags & (O_TMPFILE | O_CREAT)) != O_TMPFILE) return -Errno.EINVAL;
    if ((flags & O_ACCMODE) == 0) return -Errno.EINVAL; // O_TRUNC does not count here
  } else if ((flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY)) {
    return -Errno.EINVAL;
  }
  return <i32>(flags | O_LARGEFILE);
}

/** MAY_READ and MAY_WRITE that the access mode and O_TRUNC ask for. */
function accessMask(flags: u32): u32 {
  const mode = flags & O_ACCMODE;
  let mask = mode == 0 ? MAY_READ : mode == O_WRONLY ? MAY_WRITE : MAY_READ | MAY_WRITE;
  if ((flags & O_TRUNC) != 0) mask |= MAY_WRITE;
  return mask;
}

/**
 * Opens what a walk that has begun (PathWalk.begin) leads to. `flags` come from checkOpenFlags, `mode` are the
 * permission bits for a new file. 0: `walk.file` is the description, with one reference for the caller.
 */
@sleeps export function openWalk(walk: PathWalk, flags: u32, mode: u32): i32 {
  if ((flags & O_TMPFILE_BIT) != 0) return openNameless(walk, flags, mode);
  if ((flags & O_CREAT) != 0) return openOrCreate(walk, flags, mode);
  const follow = (flags & O_NOFOLLOW) != 0 ? 0 : Walk.FOLLOW;
  const found = walk.lookup(follow);
  if (found < 0) return found;
  return openFound(walk, flags);
}

/** Opens the object that a finished walk found. */
@sleeps export function openFound(walk: PathWalk, flags: u32): i32 {
  const inode = walk.inode;
  if ((flags & O_DIRECTORY) != 0 && !inode.isDirectory) return -Errno.ENOTDIR;
  if ((flags & O_PATH) != 0) {
    const file = new PathFile(flags & ~O_CLOEXEC);
    file.bind(walk.mount, walk.dentry, inode);
    walk.file = file;
    return 0;
  }
  const allowed = mayOpen(walk.mount, inode, flags, walk.credentials);
  if (allowed < 0) return allowed;
  if ((flags & O_TRUNC) != 0 && inode.isRegular) {
    walk.keep();
    const truncated = truncateForOpen(walk, inode);
    if (truncated < 0) return truncated;
  }
  // borrowed: openPlace holds the place before it sleeps.
  return openPlace(walk, inode, flags);
}

/** The checks on an existing object. */
function mayOpen(mount: Mount, inode: Inode, flags: u32, credentials: Credentials): i32 {
  const type = inode.type;
  const mask = accessMask(flags);
  if (type == S_IFLNK) return -Errno.ELOOP;
  if (type == S_IFDIR && (mask & MAY_WRITE) != 0) return -Errno.EISDIR;
  if ((type == S_IFBLK || type == S_IFCHR) && (mount.flags & MS_NODEV) != 0) return -Errno.EACCES;
  const allowed = checkAccess(mount, inode, mask, credentials);
  if (allowed < 0) return allowed;
  if ((flags & O_NOATIME) != 0 && !isOwnerOrCapable(inode, credentials)) return -Errno.EPERM;
  return 0;
}

/** O_TRUNC: refused while the file is executed. */
@sleeps function truncateForOpen(walk: PathWalk, inode: Inode): i32 {
  if (walk.mount.isReadOnly) return -Errno.EROFS;
  const begun = inode.retainWriter();
  if (begun < 0) return begun;
  const truncated = truncateInode(inode, 0, walk.credentials);
  if (truncated == 0) inode.touchModified();
  inode.releaseWriter();
  return truncated;
}

/** Makes the description of a checked inode and binds it to the walk's place. */
@sleeps function openPlace(walk: PathWalk, inode: Inode, flags: u32): i32 {
  const request = walk.request;
  const mount = walk.mount;
  const dentry = walk.dentry;
  if ((flags & O_DIRECT) != 0) return -Errno.EINVAL;
  const isRegular = inode.isRegular;
  const isWriter = isRegular && ((flags & O_ACCMODE) + 1 & 2) != 0;
  if (isWriter) {
    const begun = inode.retainWriter();
    if (begun < 0) return begun;
  }
  request.flags = flags;
  mount.hold();
  dentry.retain();
  inode.retain();
  const opened = openInode(inode, request);
  const file = openedFile(request);
  if (opened < 0 || file === null) {
    if (isWriter) inode.releaseWriter();
    inode.release();
    dentry.release();
    mount.release();
    return opened < 0 ? opened : -Errno.ENXIO;
  }
  file.flags = (flags & ~TRANSIENT_FLAGS & ~O_CLOEXEC) | (file.flags & O_PATH);
  file.mount = mount;
  file.dentry = dentry;
  file.inode = inode;
  file.holdsWriter = isWriter;
  file.hasAtomicPosition = isRegular || inode.isDirectory;
  walk.file = file;
  return 0;
}

/** O_CREAT: opens the existing file or makes it. */
@sleeps function openOrCreate(walk: PathWalk, flags: u32, mode: u32): i32 {
  const follow = (flags & O_NOFOLLOW) != 0 ? 0 : Walk.FOLLOW;
  while (true) {
    const advanced = walk.advance();
    if (advanced < 0) return advanced;
    if (walk.lastKind != LastName.NORMAL) return openLastDots(walk, flags);
    if (walk.hasTrailingSlash) return -Errno.EISDIR;
    let child = walk.child();
    if (child === null) return walk.error;
    if (child.inode === null) {
      // borrowed: used there only if nothing has slept.
      const made = createName(walk, child, mode);
      if (made < 0) return made;
      // borrowed: openPlace holds the place before it sleeps.
      if (made > 0) return openPlace(walk, walk.inode, flags);
      // Somebody else was faster: it exists now.
      child = walk.child();
      if (child === null) return walk.error;
    }
    if ((flags & O_EXCL) != 0) return -Errno.EEXIST;
    const entered = walk.enter(child, follow);
    if (entered < 0) return entered;
    if (entered != AGAIN) break;
  }
  const finished = walk.finish(0);
  if (finished < 0) return finished;
  if (walk.inode.isDirectory) return -Errno.EISDIR;
  return openFound(walk, flags);
}

/** O_CREAT with a path that ends in ".", ".." or "/": it exists and is a directory. */
function openLastDots(walk: PathWalk, flags: u32): i32 {
  if (walk.lastKind == LastName.DOT_DOT) walk.goUp();
  return (flags & O_EXCL) != 0 ? -Errno.EEXIST : -Errno.EISDIR;
}

/**
 * Makes the last name of the walk, which then stands there: 1; 0: it exists already; or -errno. Sleeps. `negative` is what was just
 * found; it still holds if the lock is free, because nothing has slept since.
 */
@sleeps function createName(walk: PathWalk, negative: Dentry, mode: u32): i32 {
  walk.keep();
  const lock = walk.dentry.inode!.lock;
  let child: Dentry | null = negative;
  if (!lock.tryLock()) {
    lock.lock();
    child = walk.childLocked();
  }
  const result = child === null ? walk.error : child.inode !== null ? 0 : createLocked(walk, child, mode);
  lock.unlock();
  return result;
}

function createLocked(walk: PathWalk, child: Dentry, mode: u32): i32 {
  const directory = walk.dentry.inode;
  if (directory === null) return -Errno.ENOENT;
  if (walk.mount.isReadOnly) return -Errno.EROFS;
  const credentials = walk.credentials;
  const allowed = mayCreate(walk.mount, directory, credentials);
  if (allowed < 0) return allowed;
  const finalMode = modeForNew(directory, S_IFREG | (mode & 0o7777), walk.fs.umask, credentials);
  const made = directory.createNode(child, finalMode, 0, credentials);
  if (made < 0) return made;
  const inode = child.inode;
  if (inode === null) return -Errno.ENOENT;
  walk.dentry = child;
  walk.inode = inode;
  return 1;
}

/** O_TMPFILE: a regular file without a name in the file system of the directory. */
@sleeps function openNameless(walk: PathWalk, flags: u32, mode: u32): i32 {
  const found = walk.lookup((flags & O_NOFOLLOW) != 0 ? Walk.DIRECTORY : Walk.FOLLOW | Walk.DIRECTORY);
  if (found < 0) return found;
  const directory = walk.inode;
  if (!directory.isDirectory) return -Errno.ENOTDIR;
  if (walk.mount.isReadOnly) return -Errno.EROFS;
  const credentials = walk.credentials;
  const allowed = mayCreate(walk.mount, directory, credentials);
  if (allowed < 0) return allowed;
  const dentry = makeRootDentry();
  const finalMode = modeForNew(directory, S_IFREG | (mode & 0o7777), walk.fs.umask, credentials);
  const made = directory.createNameless(dentry, finalMode, credentials);
  if (made < 0) return made;
  const inode = dentry.inode;
  if (inode === null) return -Errno.ENOENT;
  dentry.flags |= (flags & O_EXCL) != 0 ? Dentry.DELETED : Dentry.DELETED | Dentry.LINKABLE;
  walk.dentry = dentry;
  walk.inode = inode;
  // borrowed: openPlace holds the place before it sleeps.
  const opened = openPlace(walk, inode, flags & ~O_DIRECTORY);
  // F_GETFL shows the flags of the call.
  const file = walk.file;
  if (opened == 0 && file !== null) file.flags |= O_DIRECTORY;
  return opened;
}
