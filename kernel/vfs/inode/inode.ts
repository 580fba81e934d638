// Inodes: what a file is, whatever its names. A file system makes one leaf class for each kind of file it has.
//
// Callers (path walk, system calls) have checked permissions, mount flags and name length before a method runs, and
// hold the locks of the inodes concerned (names.ts); a method checks what only the file system can know. Directory methods get the parent's inode as `this` and a dentry
// that carries the name. Methods return 0 or a value, or a negative errno; they may sleep unless told otherwise.
// An inode whose last name is gone lives until its last user goes (references: open file descriptions, O_PATH ones too, and
// executing programs); then `evict` gives its storage back.

import { Errno } from "../../abi/errno";
import { Counted } from "../../runtime/containers/counted";
import { S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK } from "../../abi/stat";
import { PageCache } from "../../mm/cache/page-cache";
import { LockRank } from "../../sync/lock-rank";
import { Mutex } from "../../sync/mutex";
import { realtimeNs } from "../../time/clock";
import { AttributeChange, Change, FileStatus } from "./attributes";
import { Credentials } from "../credentials";
import { Dentry } from "../path/dentry";
import { DirectorySink } from "../file/directory-sink";
import { FileSystem } from "./file-system";
import { LinkTarget } from "./link-target";
import { InodeLocks } from "./locks";
import { OPEN_BY_TYPE, OpenRequest } from "./open-request";

export abstract class Inode extends Counted {
  fileSystem: FileSystem;
  number: u64 = 0;
  /** File type and permission bits. */
  mode: u32;
  uid: u32 = 0;
  gid: u32 = 0;
  nlink: u32 = 1;
  /** Device number of a character or block special file (makeDevice). */
  rdev: u32 = 0;
  size: i64 = 0;
  /** Nanoseconds since 1970. */
  accessNs: i64 = 0;
  modifyNs: i64 = 0;
  changeNs: i64 = 0;
  birthNs: i64 = 0;
  /** Above zero: so many open for writing. Below zero: so many execute it (ETXTBSY in both directions). */
  writers: i32 = 0;
  /** The pages of a regular file; null for anything without pages. */
  pageCache: PageCache | null = null;
  /** flock, POSIX and OFD locks; made with the first lock. */
  locks: InodeLocks | null = null;
  /** The pipe of a FIFO, the endpoint of a bound socket: whoever opens or binds the inode puts it here. */
  attachment: Object | null = null;
  private lockObject: Mutex | null = null;

  constructor(fileSystem: FileSystem, mode: u32) {
    super(0);
    this.fileSystem = fileSystem;
    this.mode = mode;
  }

  @inline get type(): u32 {
    return this.mode & S_IFMT;
  }

  @inline get isDirectory(): bool {
    return (this.mode & S_IFMT) == S_IFDIR;
  }

  @inline get isRegular(): bool {
    return (this.mode & S_IFMT) == S_IFREG;
  }

  @inline get isSymlink(): bool {
    return (this.mode & S_IFMT) == S_IFLNK;
  }

  /** The file's locks of flock(2) and fcntl(2), made on first use. */
  needLocks(): InodeLocks {
    const existing = this.locks;
    if (existing !== null) return existing;
    const made = new InodeLocks();
    this.locks = made;
    return made;
  }

  /**
   * Guards, across sleeps, the names in a directory; contents and length of a regular file; link count and attributes of
   * any inode. kernel/vfs takes it around the methods that change these; readers of a regular file do without.
   */
  get lock(): Mutex {
    const existing = this.lockObject;
    if (existing !== null) return existing;
    const made = new Mutex(this.isDirectory ? LockRank.DIRECTORY : LockRank.FILE);
    this.lockObject = made;
    return made;
  }

  // ---- users -----------------------------------------------------------------------------------------------------

  /** The last user of a nameless inode makes it go. */
  release(): void {
    if (this.drop() && this.nlink == 0) this.evict();
  }

  /** A name went away (nlink was lowered): gives the storage back if nobody uses the inode. */
  releaseIfUnused(): void {
    if (this.references == 0 && this.nlink == 0) this.evict();
  }

  /** Gives back what the file occupies: no name and no user is left. Does not sleep. */
  evict(): void {}

  /** Begins writing: fails with -ETXTBSY while a program executes the file. Undo with releaseWriter. */
  retainWriter(): i32 {
    if (this.writers < 0) return -Errno.ETXTBSY;
    this.writers++;
    this.fileSystem.writers++;
    return 0;
  }

  releaseWriter(): void {
    this.writers--;
    this.fileSystem.writers--;
  }

  /** Begins executing: fails with -ETXTBSY while somebody has the file open for writing. Undo with releaseExecution. */
  retainExecution(): i32 {
    if (this.writers > 0) return -Errno.ETXTBSY;
    this.writers--;
    return 0;
  }

  releaseExecution(): void {
    this.writers++;
  }

  // ---- attributes --------------------------------------------------------------------------------------------------

  /** Fills what stat(2) reports. */
  getStatus(status: FileStatus): void {
    status.device = this.fileSystem.device;
    status.number = this.number;
    status.mode = this.mode;
    status.linkCount = this.nlink;
    status.uid = this.uid;
    status.gid = this.gid;
    status.rdev = this.rdev;
    status.size = this.size;
    status.blockSize = this.fileSystem.blockSize;
    status.blocks = this.blocks();
    status.accessNs = this.accessNs;
    status.modifyNs = this.modifyNs;
    status.changeNs = this.changeNs;
    status.birthNs = this.birthNs;
    status.hasBirthTime = this.birthNs != 0;
  }

  /** Storage in units of 512 bytes. */
  blocks(): u64 {
    return 0;
  }

  /** Applies a checked change. The default serves file systems that keep attributes in memory only. */
  setAttributes(change: AttributeChange): i32 {
    if (change.valid & Change.SIZE) {
      const resized = this.truncate(change.size);
      if (resized < 0) return resized;
    }
    this.applyAttributes(change);
    return 0;
  }

  /** Stores all fields of a change but the size. */
  applyAttributes(change: AttributeChange): void {
    const valid = change.valid;
    if (valid & Change.UID) this.uid = change.uid;
    if (valid & Change.GID) this.gid = change.gid;
    if (valid & Change.MODE) this.mode = (this.mode & S_IFMT) | (change.mode & 0o7777);
    if (valid & Change.ACCESS_TIME) this.accessNs = change.accessNs;
    if (valid & Change.MODIFY_TIME) this.modifyNs = change.modifyNs;
    this.changeNs = change.changeNs;
  }

  /** Sets the length of a regular file; what lies beyond is lost, what is new reads as zeros. */
  truncate(size: i64): i32 {
    return -Errno.EINVAL;
  }

  /** Asked before bytes `position .. position + length` are written: how many of them may be, or -EPERM (sealed). */
  checkWrite(position: i64, length: u64): i64 {
    return <i64>length;
  }

  /** F_SEAL_* of a memfd; -EINVAL for files that cannot be sealed. */
  seals(): i32 {
    return -Errno.EINVAL;
  }

  addSeals(seals: u32): i32 {
    return -Errno.EINVAL;
  }

  /** fallocate(2) with mode bits FALLOC_FL_*; the range is checked. */
  allocateRange(mode: u32, offset: i64, length: i64): i32 {
    return -Errno.EOPNOTSUPP;
  }

  /** Data or hole at or after `offset` (lseek SEEK_DATA, SEEK_HOLE), or -ENXIO. Offset is below the size. */
  seekData(offset: i64): i64 {
    return offset;
  }

  seekHole(offset: i64): i64 {
    return this.size;
  }

  /** Records a modification of contents now. */
  touchModified(): void {
    const now = <i64>realtimeNs();
    this.modifyNs = now;
    this.changeNs = now;
  }

  /** Records a change of attributes now. */
  touchChanged(): void {
    this.changeNs = <i64>realtimeNs();
  }

  // ---- names in a directory ------------------------------------------------------------------------------------------

  /** Looks `name` up: attaches the inode (`name.attach`) or leaves the dentry negative. */
  lookup(name: Dentry): i32 {
    return -Errno.ENOTDIR;
  }

  /** For dentries marked Dentry.REVALIDATE: false if the name must be looked up afresh. Does not sleep. */
  revalidate(name: Dentry): bool {
    return true;
  }

  /** Makes a file of any type but symlink under the negative dentry; `mode` has the type and final permission bits. */
  createNode(name: Dentry, mode: u32, rdev: u32, owner: Credentials): i32 {
    return -Errno.EPERM;
  }

  createSymlink(name: Dentry, target: StaticArray<u8>, owner: Credentials): i32 {
    return -Errno.EPERM;
  }

  /** Makes a nameless regular file (O_TMPFILE); the dentry is not in the cache. */
  createNameless(name: Dentry, mode: u32, owner: Credentials): i32 {
    return -Errno.EOPNOTSUPP;
  }

  /** Gives `target` a further name. */
  link(target: Inode, name: Dentry): i32 {
    return -Errno.EPERM;
  }

  /** Removes a name that is not a directory's. */
  unlink(name: Dentry): i32 {
    return -Errno.EPERM;
  }

  /** Removes an empty directory; -ENOTEMPTY. */
  removeDirectory(name: Dentry): i32 {
    return -Errno.EPERM;
  }

  /** Renames within one file system; `to` is negative or is replaced (or exchanged, RENAME_EXCHANGE). */
  rename(from: Dentry, toDirectory: Inode, to: Dentry, flags: u32, owner: Credentials): i32 {
    return -Errno.EPERM;
  }

  /** Gives the sink entries from `sink.position` on, "." and ".." included; 0 at the end or when the sink is full. */
  @sleeps readDirectory(sink: DirectorySink): i32 {
    return -Errno.ENOTDIR;
  }

  // ---- symbolic links ------------------------------------------------------------------------------------------------

  /** Target of a symbolic link, or null for one without text (ELOOP unless followLink serves it). */
  symlinkTarget(): StaticArray<u8> | null {
    return null;
  }

  /** For links that lead to an object, not to a name (/proc/PID/fd/N): `leadTo(target, mount, dentry)` and returns 1. */
  followLink(target: LinkTarget): i32 {
    return 0;
  }

  // ---- opening ---------------------------------------------------------------------------------------------------------

  /** Makes the open file description: sets `request.file`; 0 or -errno. Devices and FIFOs: OPEN_BY_TYPE. */
  open(request: OpenRequest): i32 {
    switch (this.type) {
      case S_IFCHR:
      case S_IFBLK:
      case S_IFIFO:
        return OPEN_BY_TYPE;
      case S_IFSOCK:
        return -Errno.ENXIO;
      default:
        return -Errno.EINVAL;
    }
  }

  /** access check of a kind only the file system knows; null checks are done. Most use the mode bits: see permission.ts. */
  hasOwnPermissionCheck(): bool {
    return false;
  }

  /** MAY_READ 4, MAY_WRITE 2, MAY_EXEC 1: 0 or -EACCES. Asked only when hasOwnPermissionCheck. Does not sleep. */
  checkPermission(mask: u32, credentials: Credentials): i32 {
    return 0;
  }

  // ---- extended attributes: names and values are bytes -------------------------------------------------------------------

  /** The value, or null when there is none. */
  getExtendedAttribute(name: StaticArray<u8>): StaticArray<u8> | null {
    return null;
  }

  /** Stores or (value null) removes; flags XATTR_CREATE 1, XATTR_REPLACE 2. */
  setExtendedAttribute(name: StaticArray<u8>, value: StaticArray<u8> | null, flags: u32): i32 {
    return -Errno.EOPNOTSUPP;
  }

  /** Names, each ended by a NUL, or null when the file system has no extended attributes. */
  listExtendedAttributes(): StaticArray<u8> | null {
    return null;
  }

  hasExtendedAttributes(): bool {
    return false;
  }

  /** fsync(2) of the inode's contents. In-memory file systems have nothing to do. */
  synchronize(): i32 {
    return 0;
  }
}
