// tmpfs: files in memory (tmpfs(5)); also the root file system. The page caches of its inodes are the data.
//
// Limits: `size` in pages through the page quota, `nr_inodes` (a hard link counts as one, as on Linux). What an
// instance holds is given back when its last mount goes. Nothing here sleeps.

import { Errno } from "../abi/errno";
import { S_IFDIR } from "../abi/stat";
import { totalFrameCount } from "../mm/frames/frame";
import { PageQuota } from "../mm/cache/page-cache";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { FileSystemStatistics } from "../vfs/inode/attributes";
import { Credentials } from "../vfs/credentials";
import { makeRootDentry } from "../vfs/path/dentry-cache";
import { FileSystem, FileSystemHolder, FileSystemType } from "../vfs/inode/file-system";
import { groupForNew } from "../vfs/path/permission";
import { Inode } from "../vfs/inode/inode";
import { realtimeNs } from "../time/clock";
import { TmpfsDirectory } from "./tmpfs-directory";
import { TmpfsInode } from "./tmpfs-inode";
import { TmpfsOptions, parseTmpfsOptions } from "./tmpfs-options";

export const TMPFS_MAGIC: u64 = 0x01021994;

/** Pages of one instance; a limit of 0 means none. */
@final
export class TmpfsQuota extends PageQuota {
  used: u64 = 0;
  limit: u64 = 0;

  charge(pages: u32): bool {
    if (this.limit != 0 && this.used + <u64>pages > this.limit) return false;
    this.used += <u64>pages;
    return true;
  }

  release(pages: u32): void {
    this.used -= <u64>pages;
  }
}

@final
export class Tmpfs extends FileSystem {
  readonly quota: TmpfsQuota = new TmpfsQuota();
  inodesUsed: u64 = 0;
  /** 0: no limit. */
  inodeLimit: u64 = 0;
  private nextNumber: u64 = 1;
  private options: TmpfsOptions;
  /** Every inode with storage, for shutDown: a ring through TmpfsInode.ringNext. */
  private ring: TmpfsInode | null = null;

  constructor(type: FileSystemType, source: StaticArray<u8>, options: TmpfsOptions, owner: Credentials) {
    super(type, source);
    this.options = options;
    this.quota.limit = options.pageLimit(totalFrameCount());
    this.inodeLimit = options.inodeLimit(totalFrameCount());
    this.inodesUsed = 1;
    const root = new TmpfsDirectory(this, S_IFDIR | options.mode, null);
    this.initialise(root, owner);
    if (options.hasUid) root.uid = options.uid;
    if (options.hasGid) root.gid = options.gid;
    const dentry = makeRootDentry();
    dentry.attach(root);
    dentry.retain();
    this.root = dentry;
  }

  /** Reserves one inode: 0 or -ENOSPC. */
  reserveInode(): i32 {
    if (this.inodeLimit != 0 && this.inodesUsed >= this.inodeLimit) return -Errno.ENOSPC;
    this.inodesUsed++;
    return 0;
  }

  releaseInode(): void {
    this.inodesUsed--;
  }

  /** Number, owner and times of a new inode. */
  initialise(inode: Inode, owner: Credentials): void {
    inode.number = this.nextNumber++;
    inode.uid = owner.fsuid;
    inode.gid = owner.fsgid;
    const now = <i64>realtimeNs();
    inode.accessNs = now;
    inode.modifyNs = now;
    inode.changeNs = now;
    inode.birthNs = now;
  }

  /** Initialises an inode made in a directory: its group may come from there. */
  initialiseIn(directory: Inode, inode: Inode, owner: Credentials): void {
    this.initialise(inode, owner);
    inode.gid = groupForNew(directory, owner);
  }

  getStatistics(statistics: FileSystemStatistics): void {
    const limit = this.quota.limit;
    const free = limit == 0 ? 0 : limit - min(limit, this.quota.used);
    statistics.magic = TMPFS_MAGIC;
    statistics.blocks = limit;
    statistics.freeBlocks = free;
    statistics.availableBlocks = free;
    statistics.inodes = this.inodeLimit;
    statistics.freeInodes = this.inodeLimit == 0 ? 0 : this.inodeLimit - min(this.inodeLimit, this.inodesUsed);
  }

  remount(options: StaticArray<u8>): i32 {
    const next = new TmpfsOptions();
    const parsed = parseTmpfsOptions(options, next);
    if (parsed < 0) return parsed;
    const total = totalFrameCount();
    if (next.hasSize) {
      const limit = next.pageLimit(total);
      // Neither a limit below what is used, nor one where there was none.
      if (limit != 0 && (this.quota.used > limit || this.quota.limit == 0)) return -Errno.EINVAL;
      this.quota.limit = limit;
      this.options.takeSize(next);
    }
    if (next.hasInodes) {
      const limit = next.inodeLimit(total);
      if (limit != 0 && (this.inodesUsed > limit || this.inodeLimit == 0)) return -Errno.EINVAL;
      this.inodeLimit = limit;
      this.options.takeInodes(next);
    }
    return 0;
  }

  showOptions(text: ByteBuilder): void {
    this.options.show(text, this.quota.limit, this.inodeLimit);
  }

  /** An inode that may have pages joins the ring of what shutDown gives back. */
  join(inode: TmpfsInode): void {
    const first = this.ring;
    inode.ringNext = first;
    inode.ringPrevious = null;
    if (first !== null) first.ringPrevious = inode;
    this.ring = inode;
  }

  leave(inode: TmpfsInode): void {
    const next = inode.ringNext;
    const previous = inode.ringPrevious;
    if (previous !== null) previous.ringNext = next;
    else if (this.ring === inode) this.ring = next;
    if (next !== null) next.ringPrevious = previous;
    inode.ringNext = null;
    inode.ringPrevious = null;
  }

  shutDown(): void {
    let inode = this.ring;
    while (inode !== null) {
      const next = inode.ringNext;
      inode.dispose();
      inode = next;
    }
    this.ring = null;
  }
}

/** The type "tmpfs" (and, under its own name, the root "rootfs"). */
@final
export class TmpfsType extends FileSystemType {
  /** The root file system's top directory is not for everybody to write. */
  private readonly isRoot: bool;

  constructor(name: string) {
    super(name);
    this.isRoot = name == "rootfs";
  }

  create(source: StaticArray<u8>, options: StaticArray<u8>, holder: FileSystemHolder): i32 {
    const parsed = new TmpfsOptions();
    if (this.isRoot) parsed.mode = 0o755;
    const result = parseTmpfsOptions(options, parsed);
    if (result < 0) return result;
    holder.value = new Tmpfs(this, source, parsed, new Credentials());
    return 0;
  }
}
