// mount(2), umount2(2), pivot_root(2). May sleep (paths, file systems).
//
// Every mount is private: MS_PRIVATE (with or without MS_REC) succeeds, MS_SHARED and MS_SLAVE are EINVAL, because
// nothing would be propagated. MS_UNBINDABLE likewise. The new mount calls (fsopen and so on) are ENOSYS.

import { Errno } from "../../kernel/abi/errno";
import { AT_FDCWD } from "../../kernel/abi/fcntl";
import {
  MNT_DETACH, MNT_EXPIRE, MNT_FORCE, MS_BIND, MS_DIRSYNC, MS_LAZYTIME, MS_MANDLOCK, MS_MGC_MSK, MS_MGC_VAL, MS_MOVE, MS_NOATIME,
  MS_NODEV, MS_NODIRATIME, MS_NOEXEC, MS_NOSUID, MS_NOSYMFOLLOW, MS_PRIVATE, MS_RDONLY, MS_REC, MS_RELATIME, MS_REMOUNT, MS_SHARED,
  MS_SLAVE, MS_STRICTATIME, MS_SYNCHRONOUS, MS_UNBINDABLE, UMOUNT_NOFOLLOW,
} from "../../kernel/abi/stat";
import { UserPath } from "../../kernel/mm/user/user-memory";
import { bytesSlice } from "../../kernel/runtime/text/bytes";
import { Task } from "../../kernel/task/task";
import { Capability } from "../../kernel/vfs/credentials";
import { FileSystem, FileSystemHolder, findFileSystemType } from "../../kernel/vfs/inode/file-system";
import { FsContext } from "../../kernel/vfs/path/fs-context";
import { Mount, attachMount, bindTree, detachMount, isMountWithin, moveMount } from "../../kernel/vfs/path/mount";
import { PathWalk, Walk } from "../../kernel/vfs/path/path-walk";
import { PAGE } from "../../kernel/abi/page";

/** Flags that belong to one mount. */
const MOUNT_FLAGS: u64 =
  MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_NODIRATIME | MS_RELATIME | MS_NOSYMFOLLOW;
/** Flags that belong to the file system, and those of them that a remount changes. */
const FILE_SYSTEM_FLAGS: u64 = MS_SYNCHRONOUS | MS_DIRSYNC | MS_MANDLOCK | MS_LAZYTIME;
const REMOUNT_FLAGS: u64 = MS_SYNCHRONOUS | MS_MANDLOCK | MS_LAZYTIME;
const TIME_FLAGS: u64 = MS_NOATIME | MS_NODIRATIME | MS_RELATIME | MS_STRICTATIME;
const PROPAGATION: u64 = MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE;
const NO_BYTES: StaticArray<u8> = new StaticArray<u8>(0);

/** Text arguments of mount(2), fetched before anything happens. */
@final
class MountText {
  source: StaticArray<u8> = NO_BYTES;
  type: StaticArray<u8> = NO_BYTES;
  options: StaticArray<u8> = NO_BYTES;

  /** Copies the three strings; null ones stay empty. 0, -EFAULT, -EINVAL. */
  @sleeps fetch(task: Task, source: u64, type: u64, options: u64): i32 {
    const path = task.arguments.path1;
    const buffer = new StaticArray<u8>(<i32>PAGE);
    let length = fetchText(path.claim(type), buffer);
    if (length < 0) return length;
    this.type = bytesSlice(buffer, 0, length);
    length = fetchText(path.claim(source), buffer);
    if (length < 0) return length;
    this.source = bytesSlice(buffer, 0, length);
    length = fetchText(path.claim(options), buffer);
    if (length < 0) return length;
    this.options = bytesSlice(buffer, 0, length);
    return 0;
  }
}

@sleeps function fetchText(path: UserPath, buffer: StaticArray<u8>): i32 {
  if (path.isNull) return 0;
  const length = path.fetchString(buffer, 0, <i32>PAGE);
  return length == -Errno.ENAMETOOLONG ? -Errno.EINVAL : length;
}

/** mount(2) */
@sleeps export function sysMount(task: Task, source: u64, target: UserPath, type: u64, flags: u64, options: u64): i64 {
  const text = new MountText();
  const fetched = text.fetch(task, source, type, options);
  if (fetched < 0) return fetched;
  const bits = (flags & MS_MGC_MSK) == MS_MGC_VAL ? flags & ~MS_MGC_MSK : flags;
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let result = walk.resolve(target, task.files, AT_FDCWD, Walk.FOLLOW);
  if (result == 0 && !task.credentials.has(Capability.SYS_ADMIN)) result = -Errno.EPERM;
  if (result == 0) result = mountAtWalk(task, walk, text, bits);
  walk.release();
  return result;
}

/** What lies below a detached mount is no part of the tree any more: nothing is mounted or changed there. */
@sleeps function mountAtWalk(task: Task, walk: PathWalk, text: MountText, flags: u64): i32 {
  if (walk.mount.isDetached) return -Errno.EINVAL;
  walk.keep();
  if ((flags & (MS_REMOUNT | MS_BIND)) == (MS_REMOUNT | MS_BIND)) return remountBind(walk, flags);
  if ((flags & MS_REMOUNT) != 0) return remount(walk, flags, text);
  if ((flags & MS_BIND) != 0) return bind(task, walk, text, flags);
  if ((flags & PROPAGATION) != 0) return changePropagation(walk, flags);
  if ((flags & MS_MOVE) != 0) return move(task, walk, text);
  return mountNew(walk, flags, text);
}

/** Flags of a mount: relatime unless another choice was made. */
function mountFlags(flags: u64): u64 {
  let result = flags & MOUNT_FLAGS;
  if ((flags & MS_STRICTATIME) != 0) result &= ~(MS_RELATIME | MS_NOATIME);
  else if ((flags & MS_NOATIME) == 0) result |= MS_RELATIME;
  return result;
}

@sleeps function mountNew(walk: PathWalk, flags: u64, text: MountText): i32 {
  if (text.type.length == 0) return -Errno.EINVAL;
  const type = findFileSystemType(text.type);
  if (type === null) return -Errno.ENODEV;
  if (!walk.inode.isDirectory) return -Errno.ENOTDIR;
  const holder = new FileSystemHolder();
  const result = type.create(text.source, text.options, holder);
  const fileSystem = holder.value;
  if (result < 0 || fileSystem === null) return result;
  const locked = lockPlace(walk);
  if (locked < 0) {
    if (fileSystem.mountCount == 0) fileSystem.shutDown();
    return locked;
  }
  const attached = attachNew(walk, fileSystem, flags);
  unlockPlace(walk);
  return attached;
}

function attachNew(walk: PathWalk, fileSystem: FileSystem, flags: u64): i32 {
  const mount = walk.mount;
  const dentry = walk.dentry;
  if (dentry === mount.root && mount.fileSystem === fileSystem && fileSystem.root === dentry) return -Errno.EBUSY;
  if (fileSystem.mountCount == 0) fileSystem.flags = flags & FILE_SYSTEM_FLAGS;
  attachMount(new Mount(fileSystem, fileSystem.root!, mountFlags(flags)), mount, dentry);
  return 0;
}

/**
 * Keeps what is to be covered from being removed until `unlockPlace`. If something was mounted there meanwhile, the walk
 * goes on to that. 0, -ENOENT (removed), -EINVAL (its mount was detached). Sleeps.
 */
@sleeps function lockPlace(walk: PathWalk): i32 {
  while (true) {
    walk.keep();
    const dentry = walk.dentry;
    const inode = dentry.inode!;
    inode.lock.lock();
    const status = dentry.isDeleted ? -Errno.ENOENT : walk.mount.isDetached ? -Errno.EINVAL : 0;
    if (status == 0) walk.crossDown();
    if (status == 0 && walk.dentry === dentry) return 0;
    inode.lock.unlock();
    if (status < 0) return status;
  }
}

function unlockPlace(walk: PathWalk): void {
  walk.dentry.inode!.lock.unlock();
}

function remountBind(walk: PathWalk, flags: u64): i32 {
  const mount = walk.mount;
  if (walk.dentry !== mount.root) return -Errno.EINVAL;
  mount.flags = keepTimes(mount, flags);
  return 0;
}

/** New flags of a remount; without any choice about access times the old one stays. */
function keepTimes(mount: Mount, flags: u64): u64 {
  if ((flags & TIME_FLAGS) != 0) return mountFlags(flags);
  return (mountFlags(flags) & ~TIME_FLAGS) | (mount.flags & TIME_FLAGS);
}

function remount(walk: PathWalk, flags: u64, text: MountText): i32 {
  const mount = walk.mount;
  if (walk.dentry !== mount.root) return -Errno.EINVAL;
  const fileSystem = mount.fileSystem;
  if ((flags & MS_RDONLY) != 0 && fileSystem.writers > 0) return -Errno.EBUSY;
  const result = fileSystem.remount(text.options);
  if (result < 0) return result;
  fileSystem.isReadOnly = (flags & MS_RDONLY) != 0;
  fileSystem.flags = (fileSystem.flags & ~REMOUNT_FLAGS) | (flags & REMOUNT_FLAGS);
  mount.flags = keepTimes(mount, flags);
  return 0;
}

@sleeps function bind(task: Task, walk: PathWalk, text: MountText, flags: u64): i32 {
  if (text.source.length == 0) return -Errno.EINVAL;
  const from = PathWalk.acquire(task.fs, task.credentials);
  let result = from.resolveBytes(text.source, Walk.FOLLOW);
  if (result == 0 && from.inode.isDirectory != walk.inode.isDirectory) result = -Errno.ENOTDIR;
  if (result == 0 && from.mount.isDetached) result = -Errno.EINVAL;
  if (result == 0) {
    from.keep();
    result = lockPlace(walk);
  }
  if (result == 0) {
    bindTree(from.mount, from.dentry, walk.mount, walk.dentry, (flags & MS_REC) != 0);
    unlockPlace(walk);
  }
  from.release();
  return result;
}

function changePropagation(walk: PathWalk, flags: u64): i32 {
  if (walk.dentry !== walk.mount.root) return -Errno.EINVAL;
  return (flags & (PROPAGATION | MS_REC)) == MS_PRIVATE || (flags & PROPAGATION) == MS_PRIVATE ? 0 : -Errno.EINVAL;
}

@sleeps function move(task: Task, walk: PathWalk, text: MountText): i32 {
  if (text.source.length == 0) return -Errno.EINVAL;
  const from = PathWalk.acquire(task.fs, task.credentials);
  let result = from.resolveBytes(text.source, Walk.FOLLOW);
  if (result == 0) {
    from.keep();
    result = lockPlace(walk);
  }
  if (result == 0) {
    const mount = from.mount;
    if (from.dentry !== mount.root || mount.parent === null) result = -Errno.EINVAL;
    else if (from.inode.isDirectory != walk.dentry.inode!.isDirectory) result = -Errno.EINVAL;
    else if (isMountWithin(walk.mount, mount)) result = -Errno.ELOOP;
    else moveMount(mount, walk.mount, walk.dentry);
    unlockPlace(walk);
  }
  from.release();
  return result;
}

/** umount2(2). MNT_FORCE has nothing to abort here. */
@sleeps export function sysUmount2(task: Task, target: UserPath, flags: u32): i64 {
  if ((flags & ~(MNT_DETACH | MNT_FORCE | MNT_EXPIRE | UMOUNT_NOFOLLOW)) != 0) return -Errno.EINVAL;
  if ((flags & MNT_EXPIRE) != 0 && (flags & (MNT_FORCE | MNT_DETACH)) != 0) return -Errno.EINVAL;
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let result = walk.resolve(target, task.files, AT_FDCWD, (flags & UMOUNT_NOFOLLOW) != 0 ? 0 : Walk.FOLLOW);
  if (result == 0) {
    const mount = walk.mount;
    if (!task.credentials.has(Capability.SYS_ADMIN)) result = -Errno.EPERM;
    else if (walk.dentry !== mount.root) result = -Errno.EINVAL;
    else {
      // Its own hold must not count as use.
      walk.letGo();
      result = detachMount(mount, flags);
    }
  }
  walk.release();
  return result;
}

/** pivot_root(2): the caller's root moves to `oldRoot`, the mount `newRoot` becomes the root of the tree. */
@sleeps export function sysPivotRoot(task: Task, newRoot: UserPath, oldRoot: UserPath): i64 {
  if (!task.credentials.has(Capability.SYS_ADMIN)) return -Errno.EPERM;
  const to = PathWalk.acquire(task.fs, task.credentials);
  const put = PathWalk.acquire(task.fs, task.credentials);
  let result = to.resolve(newRoot, task.files, AT_FDCWD, Walk.FOLLOW | Walk.DIRECTORY);
  if (result == 0) {
    to.keep();
    result = put.resolve(oldRoot, task.files, AT_FDCWD, Walk.FOLLOW | Walk.DIRECTORY);
  }
  if (result == 0) result = pivot(task.fs, to, put);
  put.release();
  to.release();
  return result;
}

function pivot(fs: FsContext, to: PathWalk, put: PathWalk): i32 {
  const oldMount = fs.rootMount;
  const newMount = to.mount;
  if (newMount === oldMount || put.mount === oldMount) return -Errno.EBUSY;
  if (to.dentry !== newMount.root || fs.rootDentry !== oldMount.root) return -Errno.EINVAL;
  // The first mount of all (the initial root) cannot move.
  if (newMount.parent === null || oldMount.parent === null) return -Errno.EINVAL;
  if (!isMountWithin(put.mount, newMount)) return -Errno.EINVAL;
  const parent = oldMount.parent!;
  const mountpoint = oldMount.mountpoint!;
  moveMount(newMount, parent, mountpoint);
  moveMount(oldMount, put.mount, put.dentry);
  fs.setRoot(newMount, newMount.root);
  if (fs.cwdMount === oldMount && fs.cwdDentry === oldMount.root) fs.setCwd(newMount, newMount.root);
  return 0;
}
