// Who may do what to a file (path_resolution(7), capabilities(7), inode(7)). Pure checks: nothing here sleeps.

import { Errno } from "../../abi/errno";
import { S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFMT, S_IFREG, S_IFSOCK, S_ISGID, S_ISVTX } from "../../abi/stat";
import { Capability, Credentials } from "../credentials";
import { Inode } from "../inode/inode";
import { Mount } from "./mount";

@inline export const MAY_EXEC: u32 = 1;
@inline export const MAY_WRITE: u32 = 2;
@inline export const MAY_READ: u32 = 4;

/** Access to an inode by its mode bits and the caller's capabilities: 0 or -EACCES. */
export function checkInode(inode: Inode, mask: u32, credentials: Credentials): i32 {
  if (inode.hasOwnPermissionCheck()) return inode.checkPermission(mask, credentials);
  let bits = inode.mode;
  if (inode.uid == credentials.fsuid) bits >>= 6;
  else if (((bits >> 3) & 7) != (bits & 7) && credentials.inGroup(inode.gid)) bits >>= 3;
  if ((mask & ~bits & 7) == 0) return 0;
  return overrideByCapability(inode, mask, credentials);
}

function overrideByCapability(inode: Inode, mask: u32, credentials: Credentials): i32 {
  if (inode.isDirectory) {
    if ((mask & MAY_WRITE) == 0 && credentials.has(Capability.DAC_READ_SEARCH)) return 0;
    return credentials.has(Capability.DAC_OVERRIDE) ? 0 : -Errno.EACCES;
  }
  if (mask == MAY_READ && credentials.has(Capability.DAC_READ_SEARCH)) return 0;
  // Root may execute only what somebody may execute.
  if ((mask & MAY_EXEC) != 0 && (inode.mode & 0o111) == 0) return -Errno.EACCES;
  return credentials.has(Capability.DAC_OVERRIDE) ? 0 : -Errno.EACCES;
}

/** Search permission on a directory: the walk's check, with the common case first. */
@inline export function maySearch(directory: Inode, credentials: Credentials): i32 {
  if ((directory.mode & 0o111) == 0o111 && !directory.hasOwnPermissionCheck()) return 0;
  return checkInode(directory, MAY_EXEC, credentials);
}

/** As checkInode, with the read-only state of the mount: 0, -EACCES or -EROFS. */
export function checkAccess(mount: Mount, inode: Inode, mask: u32, credentials: Credentials): i32 {
  if ((mask & MAY_WRITE) != 0 && mount.isReadOnly) {
    const type = inode.type;
    if (type == S_IFREG || type == S_IFDIR || inode.isSymlink) return -Errno.EROFS;
  }
  return checkInode(inode, mask, credentials);
}

/** True if the caller owns the inode or may act as its owner. */
export function isOwnerOrCapable(inode: Inode, credentials: Credentials): bool {
  return inode.uid == credentials.fsuid || credentials.has(Capability.FOWNER);
}

/** The sticky bit: only owners of the file or of the directory may remove or rename (inode(7)). */
export function isSticky(directory: Inode, inode: Inode, credentials: Credentials): bool {
  if ((directory.mode & S_ISVTX) == 0) return false;
  if (inode.uid == credentials.fsuid || directory.uid == credentials.fsuid) return false;
  return !credentials.has(Capability.FOWNER);
}

/** May a name be added to the directory? 0, -EACCES, -EROFS, or -ENOENT for a removed directory. */
export function mayCreate(mount: Mount, directory: Inode, credentials: Credentials): i32 {
  if (directory.nlink == 0) return -Errno.ENOENT;
  return checkAccess(mount, directory, MAY_WRITE | MAY_EXEC, credentials);
}

/** May a name that leads to `inode` be removed? The directory-or-not rules (ENOTDIR, EISDIR) are the caller's. */
export function mayDelete(mount: Mount, directory: Inode, inode: Inode, credentials: Credentials): i32 {
  const allowed = checkAccess(mount, directory, MAY_WRITE | MAY_EXEC, credentials);
  if (allowed < 0) return allowed;
  return isSticky(directory, inode, credentials) ? -Errno.EPERM : 0;
}

/** Mode of a new file: umask applied, set-group-id inherited by directories, dropped from files of foreign groups. */
export function modeForNew(directory: Inode, mode: u32, umask: u32, credentials: Credentials): u32 {
  let result = mode & ~(umask & 0o777);
  if ((directory.mode & S_ISGID) == 0) return result;
  if ((mode & S_IFMT) == S_IFDIR) return result | S_ISGID;
  const isGroupExecutable = (mode & (S_ISGID | 0o010)) == (S_ISGID | 0o010);
  if (isGroupExecutable && !credentials.inGroup(directory.gid) && !credentials.has(Capability.FSETID)) result &= ~S_ISGID;
  return result;
}

/** Group of a new file in the directory. */
export function groupForNew(directory: Inode, credentials: Credentials): u32 {
  return (directory.mode & S_ISGID) != 0 ? directory.gid : credentials.fsgid;
}

/** True for types mknod(2) can make. */
export function isNodeType(type: u32): bool {
  return type == S_IFREG || type == S_IFCHR || type == S_IFBLK || type == S_IFIFO || type == S_IFSOCK;
}
