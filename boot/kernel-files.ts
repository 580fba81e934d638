// Files that the kernel itself uses while booting: open, read whole, remove, mount. Errors are negative errno.

import { O_LARGEFILE } from "../kernel/abi/fcntl";
import { IoDestination } from "../kernel/mm/user/io-buffer";
import { bytesOf, bytesSlice } from "../kernel/runtime/text/bytes";
import { Credentials } from "../kernel/vfs/credentials";
import { FileSystemHolder, findFileSystemType } from "../kernel/vfs/inode/file-system";
import { FsContext } from "../kernel/vfs/path/fs-context";
import { Mount, attachMount } from "../kernel/vfs/path/mount";
import { removeName } from "../kernel/vfs/path/names";
import { OpenFile } from "../kernel/vfs/file/open-file";
import { openFound } from "../kernel/vfs/file/open-path";
import { PathWalk, Walk } from "../kernel/vfs/path/path-walk";

const NO_BYTES = new StaticArray<u8>(0);

/** Opens an existing file with all rights; null if that fails. May sleep. */
@counted @sleeps export function openAt(fs: FsContext, path: string, flags: u32): OpenFile | null {
  const walk = PathWalk.acquire(fs, new Credentials());
  let file: OpenFile | null = null;
  if (walk.resolveBytes(bytesOf(path), Walk.FOLLOW) == 0 && openFound(walk, flags | O_LARGEFILE) == 0) file = walk.file;
  walk.release();
  return file;
}

/** The first `limit` bytes of a file, or null if it cannot be read. */
@sleeps export function readFile(fs: FsContext, path: string, limit: i32): StaticArray<u8> | null {
  const file = openAt(fs, path, 0);
  if (file === null) return null;
  const bytes = new StaticArray<u8>(limit);
  const length = file.readAt(0, new IoDestination().claimBytes(bytes, 0, limit));
  file.release();
  return length < 0 ? null : bytesSlice(bytes, 0, <i32>length);
}

/** Mounts a file system of the named type on a directory that exists; false if there is no such directory or type. */
@sleeps export function mountOn(fs: FsContext, typeName: string, path: string): bool {
  const type = findFileSystemType(bytesOf(typeName));
  if (type === null) return false;
  const walk = PathWalk.acquire(fs, new Credentials());
  let isMounted = false;
  const holder = new FileSystemHolder();
  if (walk.resolveBytes(bytesOf(path), Walk.FOLLOW | Walk.DIRECTORY) == 0 && type.create(bytesOf(typeName), NO_BYTES, holder) == 0) {
    const fileSystem = holder.value!;
    attachMount(new Mount(fileSystem, fileSystem.root!, 0), walk.mount, walk.dentry);
    isMounted = true;
  }
  walk.release();
  return isMounted;
}

/** Makes a directory the working directory; false if it cannot be. */
@sleeps export function changeDirectory(fs: FsContext, path: string): bool {
  const walk = PathWalk.acquire(fs, new Credentials());
  const isFound = walk.resolveBytes(bytesOf(path), Walk.FOLLOW | Walk.DIRECTORY) == 0;
  if (isFound) fs.setCwd(walk.mount, walk.dentry);
  walk.release();
  return isFound;
}

/** Removes a file of the root file system; false if it is not there. */
@sleeps export function removeFile(fs: FsContext, path: string): bool {
  const walk = PathWalk.acquire(fs, new Credentials());
  const isRemoved = walk.resolveParentBytes(bytesOf(path)) == 0 && removeName(walk) == 0;
  walk.release();
  return isRemoved;
}
