// Open regular files whose contents are a page cache: reading, writing, seeking with all partial-result rules.
//
// Writers hold the inode's lock, so that writes (and appends) do not mix; readers take none. May sleep (user memory,
// page cache). Specification: read(2), write(2), pread(2), lseek(2), setrlimit(2) RLIMIT_FSIZE.

import { Errno } from "../../abi/errno";
import { O_APPEND, O_NOATIME, SEEK_CUR, SEEK_DATA, SEEK_END, SEEK_HOLE, SEEK_SET } from "../../abi/fcntl";
import { S_ISGID, S_ISUID } from "../../abi/stat";
import { FRAME_SIZE } from "../../mm/frames/frame";
import { IoDestination, IoSource } from "../../mm/user/io-buffer";
import { MappedObject } from "../../mm/cache/mapped-object";
import { readPages, writePage } from "../../mm/cache/page-cache";
import { dropSetIds, truncateInode } from "../inode/change-attributes";
import { touchAccess } from "../inode/file-times";
import { Inode } from "../inode/inode";
import { MappedFile } from "./mapped-file";
import { OpenFile } from "./open-file";
import { credentialsOf } from "../caller";
import { Credentials } from "../credentials";

@final
export class RegularFile extends OpenFile {
  private mapped: MappedFile | null = null;

  canSpliceFrom(): bool { return true; }
  canSpliceInto(): bool { return true; }

  @sleeps read(to: IoDestination): i64 {
    const position = this.position;
    const count = this.readAt(position, to);
    if (count > 0) this.position = position + count;
    return count;
  }

  @sleeps readAt(position: i64, to: IoDestination): i64 {
    const inode = this.inode;
    if (inode === null) return -Errno.EBADF;
    const cache = inode.pageCache;
    if (cache === null) return -Errno.EINVAL;
    const count = readPages(cache, <u64>inode.size, <u64>position, to);
    const mount = this.mount;
    if (mount !== null && (this.flags & O_NOATIME) == 0) touchAccess(mount, inode);
    return count;
  }

  @sleeps write(from: IoSource): i64 {
    const inode = this.inode;
    if (inode === null) return -Errno.EBADF;
    const lock = inode.lock;
    lock.lock();
    const position = ((this.flags | from.callFlags) & O_APPEND) != 0 ? inode.size : this.position;
    const count = writeLocked(inode, position, from);
    if (count > 0) this.position = position + count;
    lock.unlock();
    return count;
  }

  /** As Linux does, a description opened with O_APPEND appends whatever the position. */
  @sleeps writeAt(position: i64, from: IoSource): i64 {
    const inode = this.inode;
    if (inode === null) return -Errno.EBADF;
    const lock = inode.lock;
    lock.lock();
    const at = ((this.flags | from.callFlags) & O_APPEND) != 0 ? inode.size : position;
    const count = writeLocked(inode, at, from);
    lock.unlock();
    return count;
  }

  canSeek(): bool {
    return true;
  }

  canPoll(): bool {
    return false;
  }

  seek(offset: i64, whence: u32): i64 {
    const inode = this.inode;
    if (inode === null) return -Errno.EBADF;
    const size = inode.size;
    let target = offset;
    switch (whence) {
      case SEEK_SET: break;
      case SEEK_CUR: target += this.position; break;
      case SEEK_END: target += size; break;
      case SEEK_DATA:
      case SEEK_HOLE: {
        if (offset < 0 || offset >= size) return -Errno.ENXIO;
        target = whence == SEEK_DATA ? inode.seekData(offset) : inode.seekHole(offset);
        if (target < 0) return target;
        break;
      }
      default: return -Errno.EINVAL;
    }
    if (target < 0) return -Errno.EINVAL;
    this.position = target;
    return target;
  }

  @sleeps truncate(size: i64, credentials: Credentials): i32 {
    const inode = this.inode;
    if (inode === null) return -Errno.EBADF;
    const result = truncateInode(inode, size, credentials);
    if (result == 0) inode.touchModified();
    return result;
  }

  synchronize(): i32 {
    const inode = this.inode;
    return inode === null ? -Errno.EBADF : inode.synchronize();
  }

  mappedObject(): MappedObject | null {
    const inode = this.inode;
    if (inode === null || inode.pageCache === null) return null;
    let mapped = this.mapped;
    if (mapped === null) {
      mapped = new MappedFile(this, inode);
      this.mapped = mapped;
    }
    return mapped;
  }
}

/** Writes at a position; the caller holds the inode's lock. */
@sleeps function writeLocked(inode: Inode, position: i64, from: IoSource): i64 {
  const cache = inode.pageCache;
  if (cache === null) return -Errno.EINVAL;
  if (from.remaining == 0) return 0;
  const limit = from.caller.fileSizeLimit();
  if (<u64>position >= limit) {
    from.caller.fileSizeExceeded();
    return -Errno.EFBIG;
  }
  if (position == i64.MAX_VALUE) return -Errno.EFBIG;
  from.limit(min(limit, <u64>i64.MAX_VALUE) - <u64>position);
  const checked = inode.checkWrite(position, from.remaining);
  if (checked < 0) return checked;
  from.limit(<u64>checked);
  if ((inode.mode & (S_ISUID | S_ISGID)) != 0) dropSetIds(inode, credentialsOf(from.caller));
  inode.touchModified();
  let at = position;
  while (from.remaining != 0) {
    const count = writePage(cache, <u64>inode.size, <u64>at, from);
    if (count < 0) return at != position ? at - position : count;
    at += count;
    if (at > inode.size) inode.size = at;
    // Short of the page's end with bytes left: the source has faulted.
    if ((at & <i64>(FRAME_SIZE - 1)) != 0) break;
  }
  return at - position;
}
