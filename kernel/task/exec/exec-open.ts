// Opening files to be executed: permission, ETXTBSY, and the reference that keeps writers out (execve(2), "ERRORS"). Sleeps.

import { Errno } from "../../abi/errno";
import { MS_NOEXEC } from "../../abi/stat";
import { UserPath } from "../../mm/user/user-memory";
import { openedFile } from "../../vfs/file/open-file";
import { openInode } from "../../vfs/file/special-files";
import { PathWalk, Walk } from "../../vfs/path/path-walk";
import { MAY_EXEC, checkInode } from "../../vfs/path/permission";
import { ExecRequest } from "./exec-request";
import { Task } from "../task";

/** Opens the path of execveat(2): sets file, name and path of the request. `flags`: Walk bits. 0 or -errno, -EINVAL for invalid flags once the path was read. */
@sleeps export function openUserExecutable(task: Task, request: ExecRequest, path: UserPath, dirfd: i32, flags: u32, areFlagsValid: bool): i32 {
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let status = walk.fetch(path, flags);
  if (status == 0 && !areFlagsValid) status = -Errno.EINVAL;
  if (status == 0) status = nameRequest(task, request, walk, dirfd);
  if (status == 0) status = walk.begin(task.files, dirfd);
  if (status == 0) status = walk.lookup(flags);
  if (status == 0 && walk.inode.isSymlink) status = -Errno.ELOOP;
  if (status == 0) {
    status = openWalked(walk, request);
    if (status == 0) request.file = openedFile(walk.request);
  }
  walk.release();
  return status;
}

/** AT_EXECFN is the path as given, or /dev/fd/N/path for a path relative to a descriptor. */
function nameRequest(task: Task, request: ExecRequest, walk: PathWalk, dirfd: i32): i32 {
  const path = walk.path;
  const isRelative = dirfd != -100 && (path.length == 0 || path.bytes[0] != 0x2f);
  let isAdded: bool = true;
  if (!isRelative) {
    isAdded = request.name.add(path.bytes, 0, path.length) && request.path.add(path.bytes, 0, path.length);
  } else {
    const text = descriptorPath(dirfd, path.bytes, path.length);
    request.isPathHidden = task.files.get(dirfd) !== null && task.files.isCloseOnExec(dirfd);
    isAdded = request.name.add(text, 0, text.length) && request.path.add(text, 0, text.length);
  }
  return isAdded ? 0 : -Errno.ENOMEM;
}

function descriptorPath(dirfd: i32, path: StaticArray<u8>, length: i32): StaticArray<u8> {
  const prefix = "/dev/fd/" + dirfd.toString() + (length == 0 ? "" : "/");
  const text = new StaticArray<u8>(prefix.length + length);
  for (let i = 0; i < prefix.length; i++) text[i] = <u8>prefix.charCodeAt(i);
  for (let i = 0; i < length; i++) text[prefix.length + i] = path[i];
  return text;
}

/** Opens a path of the kernel's own: a script's interpreter, init. Sets the request's file. */
@sleeps export function openExecutable(task: Task, request: ExecRequest, path: StaticArray<u8>): i32 {
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let status = walk.resolveBytes(path, Walk.FOLLOW);
  if (status == 0) status = openWalked(walk, request);
  if (status == 0) request.file = openedFile(walk.request);
  walk.release();
  return status;
}

/** Opens an ELF interpreter (PT_INTERP). */
@sleeps export function openInterpreter(task: Task, request: ExecRequest, path: StaticArray<u8>): i32 {
  const walk = PathWalk.acquire(task.fs, task.credentials);
  let status = walk.resolveBytes(path, Walk.FOLLOW);
  if (status == 0) status = openWalked(walk, request);
  if (status == 0) request.interpreterFile = openedFile(walk.request);
  walk.release();
  return status;
}

@sleeps function openWalked(walk: PathWalk, request: ExecRequest): i32 {
  const inode = walk.inode;
  const mount = walk.mount;
  if (!inode.isRegular || (mount.flags & MS_NOEXEC) != 0) return -Errno.EACCES;
  const allowed = checkInode(inode, MAY_EXEC, walk.credentials);
  if (allowed < 0) return allowed;
  walk.keep();
  const held = inode.retainExecution();
  if (held < 0) return held;
  const open = walk.request;
  const dentry = walk.dentry;
  open.flags = 0;
  const opened = openInode(inode, open);
  const file = openedFile(open);
  if (opened < 0 || file === null) {
    inode.releaseExecution();
    return opened < 0 ? opened : -Errno.EACCES;
  }
  if (file.inode === null) file.bind(mount, dentry, inode);
  return 0;
}
