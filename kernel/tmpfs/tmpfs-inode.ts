// The inodes of tmpfs other than directories: regular files (with seals, for memfd_create), symbolic links, devices,
// FIFOs and sockets; and the extended attributes that all of them can have. Only copies to user memory sleep.

import { Errno } from "../abi/errno";
import {
  FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE, F_SEAL_EXEC, F_SEAL_FUTURE_WRITE, F_SEAL_GROW, F_SEAL_SEAL, F_SEAL_SHRINK,
  F_SEAL_WRITE,
} from "../abi/fcntl";
import { NO_FRAME } from "../mm/frames/frame";
import { NO_INDEX } from "../mm/frames/frame-tree";
import { PageCache } from "../mm/cache/page-cache";
import { ExtendedAttributes } from "../vfs/inode/extended-attributes";
import { Inode } from "../vfs/inode/inode";
import { OpenRequest } from "../vfs/inode/open-request";
import { RegularFile } from "../vfs/file/regular-file";
import { Tmpfs } from "./tmpfs";
import { PAGE } from "../abi/page";

const ALL_SEALS: u32 = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE | F_SEAL_EXEC;
/** Links whose text is longer occupy a page on Linux (SHORT_SYMLINK_LEN). */
const SHORT_SYMLINK: i32 = 128;

/** What all inodes of tmpfs share. */
export abstract class TmpfsInode extends Inode {
  readonly tmpfs: Tmpfs;
  /** Ring of the instance's inodes with storage. */
  ringNext: TmpfsInode | null = null;
  ringPrevious: TmpfsInode | null = null;
  private attributes: ExtendedAttributes | null = null;
  private isEvicted: bool = false;

  constructor(tmpfs: Tmpfs, mode: u32) {
    super(tmpfs, mode);
    this.tmpfs = tmpfs;
  }

  evict(): void {
    if (this.isEvicted) return;
    this.isEvicted = true;
    this.dispose();
    this.tmpfs.releaseInode();
  }

  /** Gives frames back. */
  dispose(): void {}

  hasExtendedAttributes(): bool {
    return true;
  }

  getExtendedAttribute(name: StaticArray<u8>): StaticArray<u8> | null {
    const attributes = this.attributes;
    return attributes === null ? null : attributes.get(name);
  }

  setExtendedAttribute(name: StaticArray<u8>, value: StaticArray<u8> | null, flags: u32): i32 {
    let attributes = this.attributes;
    if (attributes === null) {
      attributes = new ExtendedAttributes();
      this.attributes = attributes;
    }
    const result = attributes.set(name, value, flags);
    if (result == 0) this.touchChanged();
    return result;
  }

  listExtendedAttributes(): StaticArray<u8> | null {
    const attributes = this.attributes;
    return attributes === null ? new StaticArray<u8>(0) : attributes.list();
  }
}

/** A regular file. */
@final
export class TmpfsFile extends TmpfsInode {
  private readonly pages: PageCache;
  /** F_SEAL_*; files in directories are sealed against sealing. */
  private sealBits: u32 = F_SEAL_SEAL;

  constructor(tmpfs: Tmpfs, mode: u32) {
    super(tmpfs, mode);
    const pages = new PageCache(null, tmpfs.quota);
    this.pages = pages;
    this.pageCache = pages;
    tmpfs.join(this);
  }

  /** memfd_create(2): which seals it starts with. */
  startSeals(seals: u32): void {
    this.sealBits = seals;
  }

  blocks(): u64 {
    return this.pages.frameCount << 3;
  }

  open(request: OpenRequest): i32 {
    request.file = new RegularFile(request.flags);
    return 0;
  }

  dispose(): void {
    this.pages.dispose();
    this.size = 0;
    this.tmpfs.leave(this);
  }

  truncate(size: i64): i32 {
    const seals = this.sealBits;
    if (size < this.size && (seals & F_SEAL_SHRINK) != 0) return -Errno.EPERM;
    if (size > this.size && (seals & F_SEAL_GROW) != 0) return -Errno.EPERM;
    if (size < this.size) {
      this.size = size;
      this.pages.truncate(<u64>size);
    } else {
      this.size = size;
    }
    return 0;
  }

  /** With F_SEAL_GROW, the pages that end within the file are still written, as on Linux. */
  checkWrite(position: i64, length: u64): i64 {
    const seals = this.sealBits;
    if ((seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) != 0) return -Errno.EPERM;
    if ((seals & F_SEAL_GROW) == 0 || <u64>position + length <= <u64>this.size) return <i64>length;
    const end = this.size - this.size % <i64>PAGE;
    return end > position ? end - position : -Errno.EPERM;
  }

  seals(): i32 {
    return <i32>this.sealBits;
  }

  addSeals(seals: u32): i32 {
    if ((seals & ~ALL_SEALS) != 0) return -Errno.EINVAL;
    if ((this.sealBits & F_SEAL_SEAL) != 0) return -Errno.EPERM;
    let added = seals;
    if ((seals & F_SEAL_EXEC) != 0 && (this.mode & 0o111) != 0) added |= F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE;
    // Later mappings lose the right to write; those that have it would go on writing.
    if ((added & ~this.sealBits & F_SEAL_WRITE) != 0 && this.pages.hasWritableUser()) return -Errno.EBUSY;
    this.sealBits |= added;
    return 0;
  }

  allocateRange(mode: u32, offset: i64, length: i64): i32 {
    if ((mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE)) != 0) return -Errno.EOPNOTSUPP;
    const end = offset + length;
    if ((mode & FALLOC_FL_PUNCH_HOLE) != 0) {
      if ((this.sealBits & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) != 0) return -Errno.EPERM;
      this.pages.punch(<u64>offset, <u64>end);
      return 0;
    }
    const grows = (mode & FALLOC_FL_KEEP_SIZE) == 0 && end > this.size;
    if (end > this.size && (this.sealBits & F_SEAL_GROW) != 0) return -Errno.EPERM;
    const allocated = this.allocatePages(<u64>offset / PAGE, (<u64>end + (PAGE - 1)) / PAGE);
    if (allocated < 0) return allocated;
    if (grows) this.size = end;
    return 0;
  }

  /** Makes the pages `from .. to` present, or none that were not. */
  private allocatePages(from: u64, to: u64): i32 {
    const pages = this.pages;
    const quota = this.tmpfs.quota;
    if (quota.limit != 0 && to - from > quota.limit) return -Errno.ENOSPC;
    for (let index = from; index < to; index++) {
      if (pages.find(index) != NO_FRAME) continue;
      if (pages.get(index) == NO_FRAME) {
        if (index > from) this.undoAllocation(from, index);
        return pages.error;
      }
    }
    return 0;
  }

  /** Pages that an allocation added beyond the end of the file go again; those within are zeros and do no harm. */
  private undoAllocation(from: u64, to: u64): void {
    const end = (<u64>this.size + (PAGE - 1)) / PAGE;
    const first = max(from, end);
    if (first < to) this.pages.punch(first * PAGE, to * PAGE);
  }

  seekData(offset: i64): i64 {
    const page = this.pages.nextPage(<u64>offset / PAGE);
    if (page == NO_INDEX || page * PAGE >= <u64>this.size) return -Errno.ENXIO;
    return max(offset, <i64>(page * PAGE));
  }

  seekHole(offset: i64): i64 {
    let page = <u64>offset / PAGE;
    while (page * PAGE < <u64>this.size && this.pages.find(page) != NO_FRAME) page++;
    return min(this.size, max(offset, <i64>(page * PAGE)));
  }
}

/** Pages that a link's text counts for. */
export function symlinkPages(target: StaticArray<u8>): u32 {
  return target.length + 1 > SHORT_SYMLINK ? 1 : 0;
}

/** A symbolic link; whoever makes it has charged its pages. */
@final
export class TmpfsSymlink extends TmpfsInode {
  constructor(tmpfs: Tmpfs, mode: u32, private readonly target: StaticArray<u8>) {
    super(tmpfs, mode);
    this.size = <i64>target.length;
  }

  symlinkTarget(): StaticArray<u8> | null {
    return this.target;
  }

  blocks(): u64 {
    return <u64>symlinkPages(this.target) << 3;
  }

  dispose(): void {
    this.tmpfs.quota.release(symlinkPages(this.target));
  }
}

/** A device node, a FIFO or a socket. */
@final
export class TmpfsSpecial extends TmpfsInode {}
