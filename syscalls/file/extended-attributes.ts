// Extended attributes (xattr(7)): setxattr(2), getxattr(2), listxattr(2), removexattr(2) with l- and f-variants. May sleep.
//
// Namespaces: user (regular files and directories, by file permission), trusted (CAP_SYS_ADMIN), security. POSIX ACLs
// (system.*) are not supported: EOPNOTSUPP.

import { Errno } from "../../kernel/abi/errno";
import { AT_FDCWD } from "../../kernel/abi/fcntl";
import { S_ISVTX } from "../../kernel/abi/stat";
import { UserIn, UserOut, UserPath } from "../../kernel/mm/user/user-memory";
import { bytesSlice, startsWithText } from "../../kernel/runtime/text/bytes";
import { copyBytes } from "../../kernel/runtime/text/byte-access";
import { Task } from "../../kernel/task/task";
import { Capability, Credentials } from "../../kernel/vfs/credentials";
import { XATTR_CREATE, XATTR_REPLACE } from "../../kernel/vfs/inode/extended-attributes";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { Inode } from "../../kernel/vfs/inode/inode";
import { Mount } from "../../kernel/vfs/path/mount";
import { PathWalk, Walk } from "../../kernel/vfs/path/path-walk";
import { MAY_READ, MAY_WRITE, checkAccess, isOwnerOrCapable } from "../../kernel/vfs/path/permission";

const NAME_LIMIT: i32 = 255;
const SIZE_LIMIT: u64 = 65536;

/** What one call works on: found by path or by descriptor. */
@final
class Target {
  @kept mount: Mount | null = null;
  @kept inode: Inode | null = null;
  error: i32 = 0;

  constructor(private readonly task: Task) {}

  @sleeps byPath(path: UserPath, flags: u32): this {
    const walk = PathWalk.acquire(this.task.fs, this.task.credentials);
    this.error = walk.resolve(path, this.task.files, AT_FDCWD, flags);
    if (this.error == 0) this.keep(walk.mount, walk.inode);
    walk.release();
    return this;
  }

  byFile(file: OpenFile): this {
    const mount = file.mount;
    const inode = file.inode;
    if (mount === null || inode === null) this.error = -Errno.EOPNOTSUPP;
    else this.keep(mount, inode);
    return this;
  }

  private keep(mount: Mount, inode: Inode): void {
    mount.hold();
    inode.retain();
    this.mount = mount;
    this.inode = inode;
  }

  release(): void {
    const mount = this.mount;
    const inode = this.inode;
    if (inode !== null) inode.release();
    if (mount !== null) mount.release();
  }

  // ---- operations ----------------------------------------------------------------------------------------------------

  // As Linux 6.1: the file is looked for first, then the arguments are read.

  @sleeps set(name: UserPath, value: UserIn, size: u64, flags: i32): i64 {
    const writable = this.checkWritable();
    if (writable < 0) return writable;
    if ((flags & ~<i32>(XATTR_CREATE | XATTR_REPLACE)) != 0) return -Errno.EINVAL;
    const key = fetchName(this, name);
    if (key === null) return this.error;
    if (size > SIZE_LIMIT) return -Errno.E2BIG;
    const bytes = new StaticArray<u8>(<i32>size);
    if (size > 0) {
      const read = value.readBytes(0, bytes, 0, <i32>size);
      if (read < 0) return read;
    }
    return this.change(key, bytes, <u32>flags);
  }

  @sleeps remove(name: UserPath): i64 {
    const writable = this.checkWritable();
    if (writable < 0) return writable;
    const key = fetchName(this, name);
    return key === null ? <i64>this.error : this.change(key, null, 0);
  }

  private checkWritable(): i32 {
    const mount = this.mount;
    if (this.error < 0) return this.error;
    return mount !== null && mount.isReadOnly ? -Errno.EROFS : 0;
  }

  @sleeps private change(key: StaticArray<u8>, bytes: StaticArray<u8> | null, flags: u32): i64 {
    const mount = this.mount!;
    const inode = this.inode!;
    const allowed = checkNamespace(mount, inode, key, MAY_WRITE, this.task.credentials);
    if (allowed < 0) return allowed;
    inode.retain();
    inode.lock.lock();
    const result = inode.setExtendedAttribute(key, bytes, flags);
    inode.lock.unlock();
    inode.release();
    return result;
  }

  @sleeps get(name: UserPath, out: UserOut, size: u64): i64 {
    const mount = this.mount;
    const inode = this.inode;
    if (this.error < 0 || mount === null || inode === null) return this.error;
    const key = fetchName(this, name);
    if (key === null) return this.error;
    const allowed = checkNamespace(mount, inode, key, MAY_READ, this.task.credentials);
    if (allowed < 0) return allowed;
    const value = inode.getExtendedAttribute(key);
    return value === null ? -Errno.ENODATA : putValue(value, out, size);
  }

  @sleeps list(out: UserOut, size: u64): i64 {
    const inode = this.inode;
    if (this.error < 0 || inode === null) return this.error;
    const names = inode.listExtendedAttributes();
    if (names === null) return 0;
    return putValue(this.task.credentials.has(Capability.SYS_ADMIN) ? names : withoutTrusted(names), out, size);
  }
}

/** A list of names without those that only CAP_SYS_ADMIN sees. */
function withoutTrusted(names: StaticArray<u8>): StaticArray<u8> {
  const kept = new StaticArray<u8>(names.length);
  let length = 0;
  for (let at = 0; at < names.length; ) {
    let end = at;
    while (names[end] != 0) end++;
    const name = bytesSlice(names, at, end);
    if (!startsWithText(name, "trusted.")) {
      copyBytes(kept, length, name, 0, name.length);
      length += name.length + 1;
    }
    at = end + 1;
  }
  return bytesSlice(kept, 0, length);
}

@sleeps function putValue(value: StaticArray<u8>, out: UserOut, size: u64): i64 {
  if (size == 0) return value.length;
  if (size < <u64>value.length) return -Errno.ERANGE;
  const written = out.writeBytes(0, value, 0, value.length);
  return written < 0 ? written : <i64>value.length;
}

/** The attribute's name, or null with the target's `error`. */
@sleeps function fetchName(target: Target, name: UserPath): StaticArray<u8> | null {
  const buffer = new StaticArray<u8>(NAME_LIMIT + 1);
  const length = name.fetchString(buffer, 0, buffer.length);
  if (length <= 0) {
    target.error = length == -Errno.ENAMETOOLONG || length == 0 ? -Errno.ERANGE : length;
    return null;
  }
  return bytesSlice(buffer, 0, length);
}

/** May the caller use this name on this file? */
function checkNamespace(mount: Mount, inode: Inode, name: StaticArray<u8>, mask: u32, credentials: Credentials): i32 {
  if (!inode.hasExtendedAttributes()) return -Errno.EOPNOTSUPP;
  const isWrite = mask == MAY_WRITE;
  if (startsWithText(name, "security.")) {
    if (isWrite && !credentials.has(Capability.SYS_ADMIN)) return -Errno.EPERM;
    return checkSuffix(name, 9);
  }
  if (startsWithText(name, "system.")) return -Errno.EOPNOTSUPP;
  if (startsWithText(name, "trusted.")) {
    if (!credentials.has(Capability.SYS_ADMIN)) return isWrite ? -Errno.EPERM : -Errno.ENODATA;
    return checkSuffix(name, 8);
  }
  const isUser = startsWithText(name, "user.");
  if (isUser && !inode.isRegular && !inode.isDirectory) return isWrite ? -Errno.EPERM : -Errno.ENODATA;
  const isSticky = inode.isDirectory && (inode.mode & S_ISVTX) != 0;
  if (isUser && isSticky && isWrite && !isOwnerOrCapable(inode, credentials)) return -Errno.EPERM;
  const allowed = checkAccess(mount, inode, mask, credentials);
  if (allowed < 0) return allowed;
  return isUser ? checkSuffix(name, 5) : -Errno.EOPNOTSUPP;
}

/** A name is more than its prefix. */
function checkSuffix(name: StaticArray<u8>, prefixLength: i32): i32 {
  return name.length > prefixLength ? 0 : -Errno.EINVAL;
}

/** setxattr(2) */
@sleeps export function sysSetxattr(task: Task, path: UserPath, name: UserPath, value: UserIn, size: u64, flags: i32): i64 {
  const target = new Target(task).byPath(path, Walk.FOLLOW);
  const result = target.set(name, value, size, flags);
  target.release();
  return result;
}

/** lsetxattr(2) */
@sleeps export function sysLsetxattr(task: Task, path: UserPath, name: UserPath, value: UserIn, size: u64, flags: i32): i64 {
  const target = new Target(task).byPath(path, 0);
  const result = target.set(name, value, size, flags);
  target.release();
  return result;
}

/** fsetxattr(2) */
@sleeps export function sysFsetxattr(task: Task, file: OpenFile, name: UserPath, value: UserIn, size: u64, flags: i32): i64 {
  const target = new Target(task).byFile(file);
  const result = target.set(name, value, size, flags);
  target.release();
  return result;
}

/** getxattr(2) */
@sleeps export function sysGetxattr(task: Task, path: UserPath, name: UserPath, out: UserOut, size: u64): i64 {
  const target = new Target(task).byPath(path, Walk.FOLLOW);
  const result = target.get(name, out, size);
  target.release();
  return result;
}

/** lgetxattr(2) */
@sleeps export function sysLgetxattr(task: Task, path: UserPath, name: UserPath, out: UserOut, size: u64): i64 {
  const target = new Target(task).byPath(path, 0);
  const result = target.get(name, out, size);
  target.release();
  return result;
}

/** fgetxattr(2) */
@sleeps export function sysFgetxattr(task: Task, file: OpenFile, name: UserPath, out: UserOut, size: u64): i64 {
  const target = new Target(task).byFile(file);
  const result = target.get(name, out, size);
  target.release();
  return result;
}

/** listxattr(2) */
@sleeps export function sysListxattr(task: Task, path: UserPath, out: UserOut, size: u64): i64 {
  const target = new Target(task).byPath(path, Walk.FOLLOW);
  const result = target.list(out, size);
  target.release();
  return result;
}

/** llistxattr(2) */
@sleeps export function sysLlistxattr(task: Task, path: UserPath, out: UserOut, size: u64): i64 {
  const target = new Target(task).byPath(path, 0);
  const result = target.list(out, size);
  target.release();
  return result;
}

/** flistxattr(2) */
@sleeps export function sysFlistxattr(task: Task, file: OpenFile, out: UserOut, size: u64): i64 {
  const target = new Target(task).byFile(file);
  const result = target.list(out, size);
  target.release();
  return result;
}

/** removexattr(2) */
@sleeps export function sysRemovexattr(task: Task, path: UserPath, name: UserPath): i64 {
  const target = new Target(task).byPath(path, Walk.FOLLOW);
  const result = target.remove(name);
  target.release();
  return result;
}

/** lremovexattr(2) */
@sleeps export function sysLremovexattr(task: Task, path: UserPath, name: UserPath): i64 {
  const target = new Target(task).byPath(path, 0);
  const result = target.remove(name);
  target.release();
  return result;
}

/** fremovexattr(2) */
@sleeps export function sysFremovexattr(task: Task, file: OpenFile, name: UserPath): i64 {
  const target = new Target(task).byFile(file);
  const result = target.remove(name);
  target.release();
  return result;
}
