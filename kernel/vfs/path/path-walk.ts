// PathWalk: from a path to a mount and a dentry (path_resolution(7)).
//
// Life: `acquire` (from a pool; a system call may use two), `resolve` or `resolveParent`, the result fields are read,
// `release`. The result is not retained: whoever sleeps with it calls `keep` before, or retains mount and dentry. A walk
// sleeps only when the path is copied from user space and, with the directory's lock, in a file system's `lookup`.
// One step is: hash the component while looking for the slash, one look in the dentry cache, search permission of the
// directory (before the look-up), then mounts and symbolic links. Links are followed by a stack of path remainders.

import { Errno } from "../../abi/errno";
import { AT_FDCWD, NAME_MAX, PATH_MAX } from "../../abi/fcntl";
import { MS_NOSYMFOLLOW, S_IFDIR, S_IFLNK, S_IFMT } from "../../abi/stat";
import { copyBytes } from "../../runtime/text/byte-access";
import { PathBuffer, UserPath } from "../../mm/user/user-memory";
import { Pool } from "../../runtime/containers/pool";
import { Credentials } from "../credentials";
import { Dentry } from "./dentry";
import { findDentry, hashDentry, dropDentry, hashFinish, hashStart, hashStep, makeDentry, shrinkDentries, cachedDentryCount, trimDentries } from "./dentry-cache";
import { FdTable } from "../file/fd-table";
import { OpenFile } from "../file/open-file";
import { FsContext } from "./fs-context";
import { Inode } from "../inode/inode";
import { Mount, findMountOn } from "./mount";
import { touchAccess } from "../inode/file-times";
import { lookedUp } from "../../sync/sleep-stress";
import { OpenRequest } from "../inode/open-request";
import { maySearch } from "./permission";
import { Place } from "./place";

/** Symbolic links one walk may follow. */
const LINK_LIMIT: i32 = 40;
const SLASH: u8 = 0x2f;
const DOT: u8 = 0x2e;
const NO_BYTES: StaticArray<u8> = new StaticArray<u8>(0);

/** How a walk treats its last component. */
export namespace Walk {
  /** Follow a symbolic link in the last component. */
  @inline export const FOLLOW: u32 = 1;
  /** The result must be a directory. */
  @inline export const DIRECTORY: u32 = 2;
  /** An empty path means the starting place (AT_EMPTY_PATH). */
  @inline export const EMPTY: u32 = 4;
}

/** What the last component of a path is. */
export namespace LastName {
  @inline export const NORMAL: u32 = 0;
  @inline export const DOT: u32 = 1;
  @inline export const DOT_DOT: u32 = 2;
  /** The path was only slashes: the starting directory itself. */
  @inline export const ROOT: u32 = 3;
}

@final
export class PathWalk {
  readonly path: PathBuffer = new PathBuffer();
  /** For Inode.open. */
  readonly request: OpenRequest = new OpenRequest();
  /** Result of openWalk and openFound: the description, with one reference for the caller. */
  file: OpenFile | null = null;
  /** Result: the object, or, after resolveParent, the directory that has (or will have) the last name. */
  mount: Mount;
  dentry: Dentry;
  /** Result of resolve: the object's inode. */
  inode: Inode;
  /** The last component: its place, its kind (LastName), its hash within the directory. */
  lastBytes: StaticArray<u8> = NO_BYTES;
  lastStart: i32 = 0;
  lastLength: i32 = 0;
  lastKind: u32 = LastName.NORMAL;
  lastHash: u32 = 0;
  /** Slashes followed a last component: the result must be a directory. */
  hasTrailingSlash: bool = false;
  fs: FsContext;
  credentials: Credentials;
  /** Why `child` returned null. */
  error: i32 = 0;

  /** Where a link without text leads. */
  private readonly jump: Place;
  private keptMount: Mount | null = null;
  private keptDentry: Dentry | null = null;
  /** The directory's descriptor that the walk began at, held; null if nobody else can close it. */
  private base: OpenFile | null = null;
  private linkCount: i32 = 0;
  private depth: i32 = 0;
  private readonly stackBytes: StaticArray<StaticArray<u8> | null> = new StaticArray<StaticArray<u8> | null>(LINK_LIMIT);
  private readonly stackStart: StaticArray<i32> = new StaticArray<i32>(LINK_LIMIT);
  private readonly stackEnd: StaticArray<i32> = new StaticArray<i32>(LINK_LIMIT);
  /** The string being walked: the path or a link's target, and what is left of it. */
  private bytes: StaticArray<u8> = NO_BYTES;
  private at: i32 = 0;
  private end: i32 = 0;

  constructor(fs: FsContext, credentials: Credentials) {
    this.fs = fs;
    this.credentials = credentials;
    this.mount = fs.rootMount;
    this.dentry = fs.rootDentry;
    this.inode = fs.rootDentry.inode!;
    this.jump = new Place(fs.rootMount, fs.rootDentry);
  }

  /** A walk for the caller's root, working directory and credentials. */
  static acquire(fs: FsContext, credentials: Credentials): PathWalk {
    if (activeWalks == 0) trimDentries();
    activeWalks++;
    const walk = spareWalks.take();
    if (walk === null) return new PathWalk(fs, credentials);
    walk.fs = fs;
    walk.credentials = credentials;
    return walk;
  }

  /** Ends the use of the walk; its fields are meaningless afterwards. */
  release(): void {
    activeWalks--;
    if (this.keptMount !== null) this.letGo();
    if (this.base !== null) this.letBaseGo();
    this.request.clear();
    this.file = null;
    spareWalks.give(this);
  }

  /** Holds on to the place that was reached, until the walk ends or keeps another: before anything that may sleep. */
  keep(): void {
    const mount = this.mount;
    const dentry = this.dentry;
    mount.hold();
    dentry.retain();
    if (this.keptMount !== null) this.letGo();
    this.keptMount = mount;
    this.keptDentry = dentry;
  }

  /** Ends what `keep` began. */
  letGo(): void {
    const mount = this.keptMount;
    const dentry = this.keptDentry;
    if (mount === null || dentry === null) return;
    this.keptMount = null;
    this.keptDentry = null;
    dentry.release();
    mount.release();
  }

  // ---- whole walks ---------------------------------------------------------------------------------------------------

  /** Walks a path of the program, from the working directory or `dirfd`, to an object: 0 or -errno. Flags: Walk. */
  @sleeps resolve(path: UserPath, files: FdTable, dirfd: i32, flags: u32): i32 {
    const fetched = this.fetch(path, flags);
    if (fetched < 0) return fetched;
    const begun = this.begin(files, dirfd);
    return begun < 0 ? begun : this.lookup(flags);
  }

  /** Walks to the directory of the last component; the `last…` fields describe that. */
  @sleeps resolveParent(path: UserPath, files: FdTable, dirfd: i32): i32 {
    const fetched = this.fetch(path, 0);
    if (fetched < 0) return fetched;
    const begun = this.begin(files, dirfd);
    return begun < 0 ? begun : this.advance();
  }

  /** As resolve for a path of the kernel's own (init, interpreters), from the working directory. */
  @sleeps resolveBytes(path: StaticArray<u8>, flags: u32): i32 {
    if (path.length >= PATH_MAX) return -Errno.ENAMETOOLONG;
    if (path.length == 0) return -Errno.ENOENT;
    this.takeBytes(path);
    const begun = this.begin(null, AT_FDCWD);
    return begun < 0 ? begun : this.lookup(flags);
  }

  /** As resolveParent for a path of the kernel's own. */
  @sleeps resolveParentBytes(path: StaticArray<u8>): i32 {
    if (path.length >= PATH_MAX) return -Errno.ENAMETOOLONG;
    if (path.length == 0) return -Errno.ENOENT;
    this.takeBytes(path);
    const begun = this.begin(null, AT_FDCWD);
    return begun < 0 ? begun : this.advance();
  }

  private takeBytes(path: StaticArray<u8>): void {
    copyBytes(this.path.bytes, 0, path, 0, path.length);
    this.path.length = path.length;
  }

  // ---- steps ---------------------------------------------------------------------------------------------------------

  /** Copies the path from user memory. An empty one is -ENOENT unless Walk.EMPTY. */
  @sleeps fetch(path: UserPath, flags: u32): i32 {
    const buffer = this.path;
    const fetched = path.fetch(buffer);
    if (fetched < 0) return fetched;
    return buffer.length == 0 && (flags & Walk.EMPTY) == 0 ? -Errno.ENOENT : 0;
  }

  /** Sets the starting place of the fetched path. */
  @sleeps begin(files: FdTable | null, dirfd: i32): i32 {
    const path = this.path;
    this.bytes = path.bytes;
    this.at = 0;
    this.end = path.length;
    this.depth = 0;
    this.linkCount = 0;
    this.hasTrailingSlash = false;
    const fs = this.fs;
    if (path.length > 0 && path.bytes[0] == SLASH) {
      this.mount = fs.rootMount;
      this.dentry = fs.rootDentry;
      return 0;
    }
    if (dirfd == AT_FDCWD || files === null) {
      this.mount = fs.cwdMount;
      this.dentry = fs.cwdDentry;
      return 0;
    }
    return this.beginAtFile(files, dirfd);
  }

  @sleeps private beginAtFile(files: FdTable, dirfd: i32): i32 {
    const file = files.get(dirfd);
    if (file === null) return -Errno.EBADF;
    const mount = file.mount;
    const dentry = file.dentry;
    if (mount === null || dentry === null) return -Errno.ENOTDIR;
    const inode = dentry.inode;
    if (inode === null) return -Errno.ENOENT;
    if (this.path.length > 0 && !inode.isDirectory) return -Errno.ENOTDIR;
    this.mount = mount;
    this.dentry = dentry;
    if (!files.isShared) return 0;
    // Another thread may close the descriptor that the walk began at.
    file.retain();
    this.letBaseGo();
    this.base = file;
    lookedUp();
    return 0;
  }

  private letBaseGo(): void {
    const base = this.base;
    if (base === null) return;
    this.base = null;
    base.release();
  }

  /** Walks on to the object: sets mount, dentry and inode. */
  @sleeps lookup(flags: u32): i32 {
    while (true) {
      const advanced = this.advance();
      if (advanced < 0) return advanced;
      if (this.lastKind == LastName.NORMAL) {
        const child = this.child();
        if (child === null) return this.error;
        const followed = this.enter(child, flags);
        if (followed < 0) return followed;
        if (followed == AGAIN) continue;
      } else if (this.lastKind == LastName.DOT_DOT) {
        this.goUp();
      }
      break;
    }
    return this.finish(flags);
  }

  /** Looks at the last component's dentry: moves to it, or follows it as a link (AGAIN: walk on). */
  enter(child: Dentry, flags: u32): i32 {
    const inode = child.inode;
    if (inode === null) return -Errno.ENOENT;
    if ((inode.mode & S_IFMT) == S_IFLNK && ((flags & Walk.FOLLOW) != 0 || this.hasTrailingSlash)) {
      return this.follow(inode, this.end);
    }
    this.dentry = child;
    if (child.mountCount != 0) this.crossDown();
    return 0;
  }

  /** Checks the object that was reached. */
  finish(flags: u32): i32 {
    const inode = this.dentry.inode;
    if (inode === null) return -Errno.ENOENT;
    this.inode = inode;
    if (((flags & Walk.DIRECTORY) != 0 || this.hasTrailingSlash) && !inode.isDirectory) return -Errno.ENOTDIR;
    return 0;
  }

  /** The dentry (maybe negative) of the last component, mounts on it not considered; null: see `error`. */
  @sleeps child(): Dentry | null {
    // borrowed: findSlowly keeps the place before it sleeps.
    return this.find(this.dentry, this.lastHash, this.lastBytes, this.lastStart, this.lastLength);
  }

  /** As `child`, for a caller that has the lock of the directory: then the answer holds until it is given back. */
  childLocked(): Dentry | null {
    return this.findLocked(this.dentry, this.lastHash, this.lastBytes, this.lastStart, this.lastLength);
  }

  /** Walks all components but the last, and describes that. The directory may be searched by the caller. */
  @sleeps advance(): i32 {
    const credentials = this.credentials;
    while (true) {
      const bytes = this.bytes;
      const end = this.end;
      let at = this.at;
      while (at < end && bytes[at] == SLASH) at++;
      if (at >= end) {
        if (this.depth > 0) {
          this.pop();
          continue;
        }
        this.lastKind = LastName.ROOT;
        return 0;
      }
      const directory = this.dentry;
      const inode = directory.inode;
      if (inode === null || (inode.mode & S_IFMT) != S_IFDIR) return -Errno.ENOTDIR;
      const allowed = maySearch(inode, credentials);
      if (allowed < 0) return allowed;
      const start = at;
      let hash = hashStart();
      let byte = bytes[at];
      while (byte != SLASH) {
        hash = hashStep(hash, byte);
        byte = ++at < end ? bytes[at] : SLASH;
      }
      const length = at - start;
      while (at < end && bytes[at] == SLASH) at++;
      const kind = bytes[start] == DOT ? dotKind(bytes, start, length) : LastName.NORMAL;
      hash = hashFinish(hash, directory);
      if (at == end && this.depth == 0) {
        if (bytes[end - 1] == SLASH) this.hasTrailingSlash = true;
        this.lastBytes = bytes;
        this.lastStart = start;
        this.lastLength = length;
        this.lastKind = kind;
        this.lastHash = hash;
        this.at = end;
        return 0;
      }
      this.at = at;
      if (kind == LastName.NORMAL) {
        // borrowed: findSlowly keeps the place before it sleeps.
        const entered = this.enterDirectory(directory, hash, bytes, start, length);
        if (entered < 0) return entered;
      } else if (kind == LastName.DOT_DOT) {
        this.goUp();
      }
      if (this.at == this.end && this.depth > 0) this.pop();
    }
  }

  /** One component in the middle of a path. */
  @sleeps @inline
  private enterDirectory(directory: Dentry, hash: u32, bytes: StaticArray<u8>, start: i32, length: i32): i32 {
    const child = this.find(directory, hash, bytes, start, length);
    if (child === null) return this.error;
    const inode = child.inode;
    if (inode === null) return -Errno.ENOENT;
    if ((inode.mode & S_IFMT) == S_IFLNK) {
      const followed = this.follow(inode, this.at);
      return followed < 0 ? followed : 0;
    }
    this.dentry = child;
    if (child.mountCount != 0) this.crossDown();
    return 0;
  }

  @sleeps @inline private find(directory: Dentry, hash: u32, bytes: StaticArray<u8>, start: i32, length: i32): Dentry | null {
    const entry = findDentry(directory, hash, bytes, start, length);
    if (entry !== null && (entry.flags & Dentry.REVALIDATE) == 0) return entry;
    // borrowed: findSlowly asks for the entry again once it has slept.
    return this.findSlowly(entry, directory, hash, bytes, start, length);
  }

  @sleeps private findSlowly(
    cached: Dentry | null, directory: Dentry, hash: u32, bytes: StaticArray<u8>, start: i32, length: i32,
  ): Dentry | null {
    const inode = directory.inode;
    if (cached !== null && inode !== null && inode.revalidate(cached)) return cached;
    if (inode === null) {
      this.error = -Errno.ENOENT;
      return null;
    }
    this.keep();
    const lock = inode.lock;
    lock.lock();
    const found = this.findLocked(directory, hash, bytes, start, length);
    lock.unlock();
    return found;
  }

  /** As `find`, for a caller that has the directory's lock. */
  private findLocked(directory: Dentry, hash: u32, bytes: StaticArray<u8>, start: i32, length: i32): Dentry | null {
    const inode = directory.inode;
    if (inode === null || directory.isDeleted) {
      this.error = -Errno.ENOENT;
      return null;
    }
    const cached = findDentry(directory, hash, bytes, start, length);
    if (cached !== null) {
      if ((cached.flags & Dentry.REVALIDATE) == 0 || inode.revalidate(cached)) return cached;
      dropDentry(cached);
    }
    if (length > NAME_MAX) {
      this.error = -Errno.ENAMETOOLONG;
      return null;
    }
    const made = makeDentry(directory, hash, bytes, start, length);
    const result = inode.lookup(made);
    if (result < 0) {
      directory.release();
      this.error = result;
      return null;
    }
    hashDentry(made);
    return made;
  }

  /** Follows a link found in the current directory; `rest` is where the current string goes on. AGAIN or -errno. */
  private follow(link: Inode, rest: i32): i32 {
    if (++this.linkCount > LINK_LIMIT || (this.mount.flags & MS_NOSYMFOLLOW) != 0) return -Errno.ELOOP;
    touchAccess(this.mount, link);
    const jump = this.jump;
    const jumped = link.followLink(jump);
    if (jumped < 0) return jumped;
    if (jumped > 0) {
      this.mount = jump.mount;
      this.dentry = jump.dentry;
      return rest < this.end || this.depth > 0 ? AGAIN : 0;
    }
    const target = link.symlinkTarget();
    if (target === null || target.length == 0) return -Errno.ENOENT;
    if (rest < this.end) this.push(rest);
    this.bytes = target;
    this.at = 0;
    this.end = target.length;
    if (target[0] == SLASH) {
      this.mount = this.fs.rootMount;
      this.dentry = this.fs.rootDentry;
    }
    return AGAIN;
  }

  private push(rest: i32): void {
    const depth = this.depth++;
    this.stackBytes[depth] = this.bytes;
    this.stackStart[depth] = rest;
    this.stackEnd[depth] = this.end;
  }

  private pop(): void {
    const depth = --this.depth;
    this.bytes = this.stackBytes[depth]!;
    this.at = this.stackStart[depth];
    this.end = this.stackEnd[depth];
    this.stackBytes[depth] = null;
  }

  /** "..": never above the caller's root; from the root of a mount to the directory it covers. */
  goUp(): void {
    const fs = this.fs;
    let mount = this.mount;
    let dentry = this.dentry;
    while (true) {
      if (dentry === fs.rootDentry && mount === fs.rootMount) break;
      if (dentry !== mount.root) {
        dentry = dentry.parent;
        break;
      }
      const parent = mount.parent;
      const mountpoint = mount.mountpoint;
      if (parent === null || mountpoint === null) break;
      mount = parent;
      dentry = mountpoint;
    }
    this.mount = mount;
    this.dentry = dentry;
    if (dentry.mountCount != 0) this.crossDown();
  }

  /** From a mountpoint to the root of what is mounted there, repeatedly. */
  crossDown(): void {
    let mount = this.mount;
    let dentry = this.dentry;
    while (dentry.mountCount != 0) {
      const on = findMountOn(mount, dentry);
      if (on === null) break;
      mount = on;
      dentry = on.root;
    }
    this.mount = mount;
    this.dentry = dentry;
  }
}

/** A link was entered: the walk is to go on. */
export const AGAIN: i32 = 1;

/** Each call that is under way uses at most two or three. */
@kernelLock const spareWalks = new Pool<PathWalk>(32);
@kernelLock let activeWalks: i32 = 0;

function dotKind(bytes: StaticArray<u8>, start: i32, length: i32): u32 {
  if (length == 1) return LastName.DOT;
  return length == 2 && bytes[start + 1] == DOT ? LastName.DOT_DOT : LastName.NORMAL;
}

/** Drops all names from the cache that nobody uses (/proc/sys/vm/drop_caches); does nothing while a walk is under way. */
export function dropUnusedDentries(): void {
  if (activeWalks > 0) return;
  // The first round only clears marks of recent use; directories become unused when what is in them has gone.
  let dropped = shrinkDentries(cachedDentryCount());
  do {
    dropped = shrinkDentries(cachedDentryCount());
  } while (dropped > 0);
}
