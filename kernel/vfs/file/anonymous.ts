// A place for files without a name in any directory (pipe(2), eventfd, epoll, memfd, sockets): a mount that is in no tree.
// So every open file has a mount, a dentry and an inode, and /proc/PID/fd/N can be opened again. Nothing here sleeps.

import { bytesOf } from "../../runtime/text/bytes";
import { realtimeNs } from "../../time/clock";
import { FileSystemStatistics } from "../inode/attributes";
import { makeRootDentry } from "../path/dentry-cache";
import { Dentry } from "../path/dentry";
import { FileSystem, FileSystemHolder, FileSystemType } from "../inode/file-system";
import { Inode } from "../inode/inode";
import { Mount } from "../path/mount";
import { OpenFile } from "./open-file";
import { Errno } from "../../abi/errno";

/** ANON_INODE_FS_MAGIC and PIPEFS_MAGIC of statfs(2). */
const ANONYMOUS_MAGIC: u64 = 0x09041934;
const PIPE_MAGIC: u64 = 0x50495045;

@final
class AnonymousType extends FileSystemType {
  create(source: StaticArray<u8>, options: StaticArray<u8>, holder: FileSystemHolder): i32 {
    return -Errno.EINVAL;
  }
}

/** A file system whose inodes are in no directory. */
@final
export class AnonymousFileSystem extends FileSystem {
  private nextNumber: u64 = 2;

  constructor(name: string, readonly magic: u64) {
    super(new AnonymousType(name), bytesOf(name));
  }

  /** A fresh inode number. */
  takeNumber(): u64 {
    return this.nextNumber++;
  }

  getStatistics(statistics: FileSystemStatistics): void {
    statistics.magic = this.magic;
  }
}

/** The inode shared by eventfd, epoll, timerfd and the like. */
@final
class SharedInode extends Inode {}

@kernelLock const sharedFileSystem = new AnonymousFileSystem("anon_inodefs", ANONYMOUS_MAGIC);
@kernelLock const sharedInode = makeSharedInode();
@kernelLock const sharedDentry = makeAnonymousDentry(sharedInode);
@kernelLock const sharedMount = makeAnonymousMount(sharedFileSystem, sharedDentry);

/** The file system of pipes and its mount. */
@kernelLock export const pipeFileSystem: AnonymousFileSystem = new AnonymousFileSystem("pipefs", PIPE_MAGIC);
@kernelLock export const pipeMount: Mount = makeAnonymousMount(pipeFileSystem, makeAnonymousDentry(sharedInode));

/** A mount in no tree, for files of `fileSystem` that have no directory. */
export function makeAnonymousMount(fileSystem: FileSystem, root: Dentry): Mount {
  fileSystem.root = root;
  const mount = new Mount(fileSystem, root, 0);
  mount.hold();
  return mount;
}

/** A nameless dentry of an inode. */
export function makeAnonymousDentry(inode: Inode): Dentry {
  const dentry = makeRootDentry();
  dentry.attach(inode);
  return dentry;
}

/** Binds a description without an inode of its own (eventfd, epoll) to the shared one. */
export function bindToSharedInode(file: OpenFile): void {
  file.bind(sharedMount, sharedDentry, sharedInode);
}

function makeSharedInode(): Inode {
  const inode = new SharedInode(sharedFileSystem, 0o600);
  inode.number = 1;
  inode.modifyNs = <i64>realtimeNs();
  inode.accessNs = inode.modifyNs;
  inode.changeNs = inode.modifyNs;
  return inode;
}
