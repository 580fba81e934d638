// Directories: getdents64(2), getcwd(2), chdir(2), chroot(2), mkdir(2), rmdir(2). May sleep.

import { Errno } from "../../kernel/abi/errno";
import { AT_FDCWD } from "../../kernel/abi/fcntl";
import { S_IFDIR } from "../../kernel/abi/stat";
import { UserOut, UserPath } from "../../kernel/mm/user/user-memory";
import { copyBytes, readU16, readU64, writeU16, writeU64 } from "../../kernel/runtime/text/byte-access";
import { ByteBuilder } from "../../kernel/runtime/text/byte-builder";
import { Pool } from "../../kernel/runtime/containers/pool";
import { Task } from "../../kernel/task/task";
import { Capability } from "../../kernel/vfs/credentials";
import { appendPath } from "../../kernel/vfs/path/describe-path";
import { DirectorySink } from "../../kernel/vfs/file/directory-sink";
import { makeNode } from "../../kernel/vfs/path/names";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { PathWalk, Walk } from "../../kernel/vfs/path/path-walk";
import { maySearch } from "../../kernel/vfs/path/permission";
import { SCRATCH_SIZE, Scratch } from "../decode/scratch";

/** struct linux_dirent64: d_ino, d_off, d_reclen, d_type, d_name. */
const RECORD_NAME: i32 = 19;
/** struct linux_dirent (getdents): d_ino, d_off, d_reclen, d_name, with the type in the last byte of the record. */
const OLD_RECORD_NAME: i32 = 18;

/** Formats entries into a scratch array, which goes to user memory whenever it is full and at the end. */
@final
class RecordSink extends DirectorySink {
  private scratch: Scratch | null = null;
  private used: i32 = 0;
  private out: UserOut | null = null;
  private room: u64 = 0;
  /** Bytes already in user memory. */
  written: u64 = 0;
  error: i32 = 0;
  /** Where reading goes on after a fault that came behind some records; below zero: there was none. */
  resumeAt: i64 = -1;
  private isOld: bool = false;

  begin(out: UserOut, room: u64, isOld: bool): void {
    this.scratch = Scratch.acquire();
    this.used = 0;
    this.out = out;
    this.room = room;
    this.written = 0;
    this.error = 0;
    this.resumeAt = -1;
    this.isOld = isOld;
  }

  @sleeps put(name: StaticArray<u8>, nameLength: i32, inodeNumber: u64, type: u32, next: i64): bool {
    const nameAt = this.isOld ? OLD_RECORD_NAME : RECORD_NAME;
    const length = (nameAt + nameLength + (this.isOld ? 2 : 1) + 7) & ~7;
    if (this.room < <u64>length) {
      // Not even one entry fits: the call fails; otherwise it ends here.
      if (this.written == 0 && this.used == 0) this.error = -Errno.EINVAL;
      return false;
    }
    if (this.used + length > SCRATCH_SIZE && !this.flush()) return false;
    const bytes = this.scratch!.bytes;
    const at = this.used;
    writeU64(bytes, at, inodeNumber);
    writeU64(bytes, at + 8, <u64>next);
    // The NUL and the padding lie in the record's last eight bytes.
    writeU64(bytes, at + length - 8, 0);
    writeU16(bytes, at + 16, length);
    copyBytes(bytes, at + nameAt, name, 0, nameLength);
    bytes[this.isOld ? at + length - 1 : at + 18] = <u8>type;
    this.used = at + length;
    this.room -= <u64>length;
    return true;
  }

  /** Copies what has gathered to user memory. */
  @sleeps flush(): bool {
    if (this.used == 0) return true;
    const result = this.out!.writeBytes(this.written, this.scratch!.bytes, 0, this.used);
    if (result < 0) {
      this.error = result;
      this.flushRecords();
      return false;
    }
    this.written += <u64>this.used;
    this.used = 0;
    return true;
  }

  /** Where not all of them can be written: one after the other, until one faults. */
  @sleeps private flushRecords(): void {
    const bytes = this.scratch!.bytes;
    let at = 0;
    while (at < this.used) {
      const length = <i32>readU16(bytes, at + 16);
      if (this.out!.writeBytes(this.written, bytes, at, length) < 0) break;
      this.resumeAt = <i64>readU64(bytes, at + 8);
      this.written += <u64>length;
      at += length;
    }
    this.used = 0;
  }

  end(): void {
    this.scratch!.release();
    this.scratch = null;
    this.out = null;
  }
}

@kernelLock const spareSinks = new Pool<RecordSink>(8);

/** getdents64(2) */
@sleeps export function sysGetdents64(task: Task, file: OpenFile, out: UserOut, count: u32): i64 {
  return readEntries(file, out, count, false);
}

/** getdents(2) */
@sleeps export function sysGetdents(task: Task, file: OpenFile, out: UserOut, count: u32): i64 {
  return readEntries(file, out, count, true);
}

@sleeps function readEntries(file: OpenFile, out: UserOut, count: u32, isOld: bool): i64 {
  const inode = file.inode;
  if (inode === null || !inode.isDirectory) return -Errno.ENOTDIR;
  let sink = spareSinks.take();
  if (sink === null) sink = new RecordSink();
  // Linux counts what is left in an int: in more than that nothing fits.
  sink.begin(out, <i32>count < 0 ? 0 : <u64>count, isOld);
  const isLocked = file.sharesPosition;
  if (isLocked) file.lockPosition();
  const result = fillEntries(file, sink);
  if (isLocked) file.unlockPosition();
  sink.end();
  spareSinks.give(sink);
  return result;
}

@sleeps function fillEntries(file: OpenFile, sink: RecordSink): i64 {
  const before = file.position;
  const read = file.readDirectory(sink);
  if (read < 0 && sink.written == 0) return read;
  if (!sink.flush() || sink.error != 0) {
    if (sink.written == 0) {
      file.position = before;
      return sink.error;
    }
    if (sink.resumeAt >= 0) file.position = sink.resumeAt;
  }
  return <i64>sink.written;
}

/** getcwd(2), the system call: returns the length with the NUL. */
@sleeps export function sysGetcwd(task: Task, out: UserOut, size: u64): i64 {
  const fs = task.fs;
  if (fs.cwdDentry.isDeleted) return -Errno.ENOENT;
  const text = new ByteBuilder(256);
  const isReached = appendPath(fs.cwdMount, fs.cwdDentry, fs.rootMount, fs.rootDentry, text);
  if (!isReached) {
    const path = text.toBytes();
    text.clear().append("(unreachable)").appendBytes(path);
  }
  text.appendByte(0);
  if (text.length > 4096) return -Errno.ENAMETOOLONG;
  if (<u64>text.length > size) return -Errno.ERANGE;
  const written = out.writeBytes(0, text.data, 0, text.length);
  return written < 0 ? written : <i64>text.length;
}

/** chdir(2) */
@sleeps export function sysChdir(task: Task, path: UserPath): i64 {
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let result = walk.resolve(path, task.files, AT_FDCWD, Walk.FOLLOW | Walk.DIRECTORY);
  if (result == 0) result = maySearch(walk.inode, walk.credentials);
  if (result == 0) task.fs.setCwd(walk.mount, walk.dentry);
  walk.release();
  return result;
}

/** fchdir(2) */
export function sysFchdir(task: Task, file: OpenFile): i64 {
  const mount = file.mount;
  const dentry = file.dentry;
  const inode = file.inode;
  if (mount === null || dentry === null || inode === null || !inode.isDirectory) return -Errno.ENOTDIR;
  const allowed = maySearch(inode, task.credentials);
  if (allowed < 0) return allowed;
  task.fs.setCwd(mount, dentry);
  return 0;
}

/** chroot(2) */
@sleeps export function sysChroot(task: Task, path: UserPath): i64 {
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let result = walk.resolve(path, task.files, AT_FDCWD, Walk.FOLLOW | Walk.DIRECTORY);
  if (result == 0) result = maySearch(walk.inode, walk.credentials);
  if (result == 0 && !task.credentials.has(Capability.SYS_CHROOT)) result = -Errno.EPERM;
  if (result == 0) task.fs.setRoot(walk.mount, walk.dentry);
  walk.release();
  return result;
}

/** mkdir(2) */
@sleeps export function sysMkdir(task: Task, path: UserPath, mode: u32): i64 {
  return sysMkdirat(task, AT_FDCWD, path, mode);
}

/** mkdirat(2) */
@sleeps export function sysMkdirat(task: Task, dirfd: i32, path: UserPath, mode: u32): i64 {
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let result = walk.resolveParent(path, task.files, dirfd);
  if (result == 0) result = makeNode(walk, S_IFDIR | (mode & 0o1777), 0);
  walk.release();
  return result;
}

/** umask(2) */
export function sysUmask(task: Task, mask: u32): i64 {
  const old = task.fs.umask;
  task.fs.umask = mask & 0o777;
  return old;
}
