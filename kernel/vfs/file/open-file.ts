// Open file descriptions: what descriptors, mappings and running system calls refer to (open(2)).
//
// Counted explicitly: every descriptor, every mapping and every call in progress retains; `released` runs when the
// last one lets go, so that closing has its effects at once. Reading and writing may sleep; `poll` does not.
// `O_RDONLY`, `O_WRONLY` and O_PATH checks happen in the callers (canRead, canWrite).

import { Errno } from "../../abi/errno";
import { O_ACCMODE, O_APPEND, O_ASYNC, O_DIRECT, O_NOATIME, O_NONBLOCK, O_PATH, O_WRONLY } from "../../abi/fcntl";
import { IoDestination, IoSource } from "../../mm/user/io-buffer";
import { MappedObject } from "../../mm/cache/mapped-object";
import { UserInOut } from "../../mm/user/user-memory";
import { LockRank } from "../../sync/lock-rank";
import { Mutex } from "../../sync/mutex";
import { Poller } from "../../sync/poll";
import { Dentry } from "../path/dentry";
import { DirectorySink } from "./directory-sink";
import { FileOwner } from "./file-owner";
import { Inode } from "../inode/inode";
import { Description, OpenRequest } from "../inode/open-request";
import { Mount } from "../path/mount";
import { Credentials } from "../credentials";

/** POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM: what files that never block answer. */
@inline export const ALWAYS_READY: u32 = 0x145;

/** Status flags that fcntl(F_SETFL) may change. */
@inline export const SETTABLE_FLAGS: u32 = O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT | O_NOATIME;

/** Descriptions that somebody holds (/proc/sys/fs/file-nr, leak checks). */
@kernelLock export let openFileCount: i32 = 0;

export abstract class OpenFile extends Description {
  /** Access mode and status flags as F_GETFL reports them (O_LARGEFILE included when opened so). */
  flags: u32;
  position: i64 = 0;
  /** Where it was opened; null for nameless objects (pipes, eventfd, sockets). Each holds a reference. */
  @kept mount: Mount | null = null;
  @kept dentry: Dentry | null = null;
  /** The file; null for objects without an inode. Retained while open. */
  @kept inode: Inode | null = null;
  /** Reads, writes and seeks at the position are atomic among those who share the description: regular files, directories. */
  hasAtomicPosition: bool = false;
  private positionLock: Mutex | null = null;
  /** The inode counts this description as a writer (Inode.retainWriter). */
  holdsWriter: bool = false;
  /** Who gets SIGIO (F_SETOWN), or null. */
  owner: FileOwner | null = null;
  /** epoll instances that watch this description, ended by `released`; kept by kernel/ipc/epoll.ts. */
  watches: Object | null = null;

  constructor(flags: u32) {
    super();
    this.flags = flags;
    openFileCount++;
  }

  @inline get canRead(): bool {
    // Modes 0 and 2 read; 3 (for ioctl only) and 1 do not.
    return (this.flags & (O_PATH | O_WRONLY)) == 0;
  }

  @inline get canWrite(): bool {
    // Modes 1 and 2 write; adding one sets bit 1 for exactly these.
    return (this.flags & O_PATH) == 0 && (((this.flags & O_ACCMODE) + 1) & 2) != 0;
  }

  @inline get isNonBlocking(): bool {
    return (this.flags & O_NONBLOCK) != 0;
  }

  @inline get isPath(): bool {
    return (this.flags & O_PATH) != 0;
  }

  // ---- life --------------------------------------------------------------------------------------------------------

  /** Names the place this description was opened at, and holds on to it. Once, right after construction. */
  bind(mount: Mount | null, dentry: Dentry | null, inode: Inode | null): void {
    this.mount = mount;
    this.dentry = dentry;
    this.inode = inode;
    if (mount !== null) mount.hold();
    if (dentry !== null) dentry.retain();
    if (inode !== null) {
      inode.retain();
      this.hasAtomicPosition = inode.isRegular || inode.isDirectory;
    }
  }

  /** A description that was made but never given to anybody, and not bound: opening failed. */
  forget(): void {
    openFileCount--;
  }

  @inline release(): void {
    if (this.drop()) this.finish();
  }

  private finish(): void {
    this.end();
    finishFile(this);
  }

  /** The last reference is gone: end what the file stands for (wake the peer, free buffers). Does not sleep. */
  released(): void {}

  /** A descriptor was closed, others may remain (close(2) of POSIX locks is done by the caller). */
  descriptorClosed(): void {}

  // ---- position ----------------------------------------------------------------------------------------------------

  /** A call that uses the position begins with `lockPosition`: others refer to the description and could move it meanwhile. */
  @inline get sharesPosition(): bool {
    return this.references > 1 && this.hasAtomicPosition;
  }

  /** Sleeps. */
  @sleeps lockPosition(): void {
    let lock = this.positionLock;
    if (lock === null) {
      lock = new Mutex(LockRank.POSITION);
      this.positionLock = lock;
    }
    lock.lock();
  }

  unlockPosition(): void {
    this.positionLock!.unlock();
  }

  /** As `read`, alone at the position. Sleeps. */
  @sleeps readLocked(to: IoDestination): i64 {
    this.lockPosition();
    const count = this.read(to);
    this.unlockPosition();
    return count;
  }

  /** As `write`, alone at the position. Sleeps. */
  @sleeps writeLocked(from: IoSource): i64 {
    this.lockPosition();
    const count = this.write(from);
    this.unlockPosition();
    return count;
  }

  // ---- data --------------------------------------------------------------------------------------------------------

  /** Reads at the description's position and advances it. */
  @sleeps read(to: IoDestination): i64 {
    return -Errno.EINVAL;
  }

  /** Writes at the position (or the end, O_APPEND) and advances it. */
  @sleeps write(from: IoSource): i64 {
    return -Errno.EINVAL;
  }

  /** pread(2): -ESPIPE for what cannot seek. */
  @sleeps readAt(position: i64, to: IoDestination): i64 {
    return -Errno.ESPIPE;
  }

  @sleeps writeAt(position: i64, from: IoSource): i64 {
    return -Errno.ESPIPE;
  }

  /** True if splice(2) may take what this gives. */
  canSpliceFrom(): bool {
    return false;
  }

  /** True if splice(2) and sendfile(2) may write to it. */
  canSpliceInto(): bool {
    return false;
  }

  /** True if reading (writing) can be told to answer EAGAIN instead of waiting, by RWF_NOWAIT. */
  canReadNow(): bool {
    return false;
  }

  canWriteNow(): bool {
    return false;
  }

  /** True if pread, pwrite and lseek make sense. */
  canSeek(): bool {
    return false;
  }

  seek(offset: i64, whence: u32): i64 {
    return -Errno.ESPIPE;
  }

  /** POLL* mask of what is ready now; registers with the poller, if given, for changes. Does not sleep. */
  poll(poller: Poller | null): u32 {
    return ALWAYS_READY;
  }

  /** True if epoll may watch this kind of file (regular files and directories: EPERM). */
  canPoll(): bool {
    return true;
  }

  /** ioctl(2); `memory` is claimed at `argument` for commands that take a pointer. -ENOTTY for unknown commands. */
  @sleeps ioctl(command: u32, argument: u64, memory: UserInOut): i64 {
    return -Errno.ENOTTY;
  }

  // ---- mapping -----------------------------------------------------------------------------------------------------

  /** What mmap(2) of this file shows (mapped-file.ts for regular files), or null: -ENODEV. */
  mappedObject(): MappedObject | null {
    return null;
  }

  /** True for /dev/zero: a private mapping of it is anonymous memory, a shared one new SharedMemory. */
  mapsAnonymously(): bool {
    return false;
  }

  // ---- the rest ----------------------------------------------------------------------------------------------------

  /** Gives the sink entries from `position` on and advances it. */
  @sleeps readDirectory(sink: DirectorySink): i32 {
    return -Errno.ENOTDIR;
  }

  /** Asked before F_SETFL changes flags; 0 or -errno. No file system here moves data past the page cache. */
  checkFlags(flags: u32): i32 {
    return (flags & O_DIRECT) != 0 ? -Errno.EINVAL : 0;
  }

  @sleeps truncate(size: i64, credentials: Credentials): i32 {
    return -Errno.EINVAL;
  }

  synchronize(): i32 {
    return -Errno.EINVAL;
  }

  /** Text of /proc/PID/fd/N for a file without a dentry: "pipe:[12]"; null otherwise. */
  description(): StaticArray<u8> | null {
    return null;
  }

  /** Further lines of /proc/PID/fdinfo/N, or null. */
  details(): StaticArray<u8> | null {
    return null;
  }
}

/** The description that Inode.open made, or null. */
export function openedFile(request: OpenRequest): OpenFile | null {
  const made = request.file;
  return made === null ? null : <OpenFile>made;
}

/** Ends interest of others in a description that goes (epoll, locks); set at boot by those who keep such interest. */
export abstract class FileObserver {
  abstract fileReleased(file: OpenFile): void;
}

@bootOnly let observer: FileObserver | null = null;

/** Installs the observer of descriptions with `watches` (kernel/ipc/epoll.ts). */
export function setFileObserver(watcher: FileObserver): void {
  observer = watcher;
}

function finishFile(file: OpenFile): void {
  openFileCount--;
  if (file.watches !== null) {
    const watcher = observer;
    if (watcher !== null) watcher.fileReleased(file);
  }
  const inode = file.inode;
  if (inode !== null) {
    const locks = inode.locks;
    if (locks !== null) locks.fileReleased(file);
  }
  file.released();
  if (inode !== null) {
    if (file.holdsWriter) inode.releaseWriter();
    inode.release();
  }
  const dentry = file.dentry;
  if (dentry !== null) dentry.release();
  const mount = file.mount;
  if (mount !== null) mount.release();
}
