// The page cache: the pages of one file (or of one shared anonymous object), by page index.
//
// Without a backing the pages are the data (tmpfs, shared memory): a missing page reads as zeros. With one, a page is
// filled from it on first use and written back when asked. The cache holds one reference to each of its frames, the
// mappings in processes hold their own, so a frame outlives its removal while somebody still uses it.
//
// There are no page locks. `get` fills a frame before anybody can find it, and looks again afterwards: if another
// thread was quicker its frame wins. Bytes past the end of the file in the last page are zero (`truncate` sees to it).
// Lookups neither sleep nor allocate; `get`, `writeBack` and the copies to and from user memory sleep.

import { Errno } from "../../abi/errno";
import { heapReserveOk, isHeapUnderPressure } from "../../runtime/heap/heap";
import {
  FRAME_SHIFT, FRAME_SIZE, Frame, NO_FRAME, allocateFrame, allocateZeroedFrame, copyFrameRange, fillFrame,
  releaseFrame, retainFrame,
} from "../frames/frame";
import { isDirty, markCached, markClean, markDirty } from "../frames/frame-table";
import { FrameTree, NO_INDEX } from "../frames/frame-tree";
import { frameWanted } from "../../sync/sleep-stress";
import { IoDestination, IoSource } from "../user/io-buffer";
import { PAGE } from "../../abi/page";

/** Kernel heap that an insertion into the tree may need. */
const TREE_RESERVE: u32 = 8192;

/** Where the pages of a cache come from and go to. Both may sleep; 0 or -errno. */
export abstract class PageBacking {
  /** Fills the whole frame (zeros where the file has nothing). */
  abstract fill(index: u64, frame: Frame): i32;
  abstract write(index: u64, frame: Frame): i32;
}

/** A limit on the pages of several caches together (the size of a tmpfs). */
export abstract class PageQuota {
  /** True if `pages` more fit; they then count. */
  abstract charge(pages: u32): bool;
  abstract release(pages: u32): void;
}

/** Something that shows pages of a cache in an address space: linked into the cache's list. */
export abstract class CacheUser {
  previousUser: CacheUser | null = null;
  nextUser: CacheUser | null = null;

  /** Forget pages `from` (inclusive) to `to` (exclusive); private copies too unless `keepCopies`. */
  abstract dropPages(from: u64, to: u64, keepCopies: bool): void;
  /** Make pages `from .. to` read-only, so that the next write is noticed. */
  abstract writeProtectPages(from: u64, to: u64): void;
  /** Writes to it change the pages, now or after an mprotect(2) that would be granted. */
  abstract mayWriteThrough(): bool;
}

@final
export class PageCache {
  /** Why the last `get` found no frame. */
  error: i32 = 0;
  private tree: FrameTree = new FrameTree();
  private users: CacheUser | null = null;
  /** Counts truncations, so that a fill that slept knows that the file changed. */
  private generation: u32 = 0;

  constructor(
    readonly backing: PageBacking | null,
    /** Charged for each page of a cache without backing. */
    readonly quota: PageQuota | null = null,
  ) {}

  /** Pages held. */
  get frameCount(): u64 {
    return this.tree.count;
  }

  /** The pages are the data: nothing can be read again from elsewhere. */
  @inline get isMemory(): bool {
    return this.backing == null;
  }

  /** The page at `index`, NO_FRAME if it is not cached. No reference is taken. */
  @inline find(index: u64): Frame {
    return this.tree.find(index);
  }

  /** The page at `index`, created or filled if need be; NO_FRAME: see `error`. No reference is taken. Sleeps. */
  @inline get(index: u64): Frame {
    const frame = this.tree.find(index);
    return frame != NO_FRAME ? frame : this.create(index);
  }

  /** The first cached page at or after `index`, NO_INDEX (2^64 - 1) if there is none. For SEEK_DATA and SEEK_HOLE. */
  nextPage(index: u64): u64 {
    return this.tree.next(index);
  }

  private create(index: u64): Frame {
    const backing = this.backing;
    if (backing == null) {
      const frame = allocateZeroedFrame();
      if (frame == NO_FRAME) return this.failed(-Errno.ENOMEM);
      return this.adopt(index, frame) ? frame : NO_FRAME;
    }
    while (true) {
      const frame = allocateFrame();
      if (frame == NO_FRAME) return this.failed(-Errno.ENOMEM);
      const before = this.generation;
      const status = backing.fill(index, frame);
      const other = this.tree.find(index);
      if (status == 0 && other == NO_FRAME && before == this.generation) {
        return this.adopt(index, frame) ? frame : NO_FRAME;
      }
      releaseFrame(frame);
      if (other != NO_FRAME) return other;
      if (status != 0) return this.failed(status);
    }
  }

  /**
   * Puts a new frame (one reference, which the cache takes) where there is none. False: no quota, or no memory for the
   * tree (see `error`); the frame is released then.
   */
  adopt(index: u64, frame: Frame): bool {
    if (isHeapUnderPressure() && !heapReserveOk(TREE_RESERVE)) {
      releaseFrame(frame);
      this.error = -Errno.ENOMEM;
      return false;
    }
    const quota = this.quota;
    if (quota != null && !quota.charge(1)) {
      releaseFrame(frame);
      this.error = -Errno.ENOSPC;
      return false;
    }
    markCached(frame);
    this.tree.insert(index, frame);
    return true;
  }

  private failed(error: i32): Frame {
    this.error = error;
    return NO_FRAME;
  }

  /** The page is about to differ from its backing. */
  @inline markDirty(frame: Frame): void {
    if (this.backing != null) markDirty(frame);
  }

  isDirty(index: u64): bool {
    const frame = this.tree.find(index);
    return this.backing != null && frame != NO_FRAME && isDirty(frame);
  }

  /** Writes dirty pages `from .. to` (exclusive) to the backing. 0 or the first error. Sleeps. */
  writeBack(from: u64, to: u64): i32 {
    const backing = this.backing;
    if (backing == null) return 0;
    let result = 0;
    for (let index = this.tree.next(from); index < to; index = this.tree.next(index + 1)) {
      const frame = this.tree.find(index);
      if (!isDirty(frame)) continue;
      markClean(frame);
      this.writeProtect(index, index + 1);
      retainFrame(frame);
      const status = backing.write(index, frame);
      if (status != 0) markDirty(frame);
      releaseFrame(frame);
      if (status != 0 && result == 0) result = status;
    }
    return result;
  }

  /** The file now ends at `size`: pages past it go, in processes too, and the rest of the last page becomes zero. */
  truncate(size: u64): void {
    const first = (size + (PAGE - 1)) >> FRAME_SHIFT;
    this.removeRange(first, NO_INDEX, false);
    this.zeroPart(size, first << FRAME_SHIFT);
  }

  /** Bytes `from .. to` become a hole. Whole pages go; parts of pages become zero. */
  punch(from: u64, to: u64): void {
    if (from >= to) return;
    const first = (from + (PAGE - 1)) >> FRAME_SHIFT;
    const last = to >> FRAME_SHIFT;
    if (first > last) {
      this.zeroPart(from, to);
      return;
    }
    this.zeroPart(from, first << FRAME_SHIFT);
    this.zeroPart(last << FRAME_SHIFT, to);
    if (first < last) this.removeRange(first, last, true);
  }

  /** The object is gone for good: gives every frame back. */
  dispose(): void {
    this.removeRange(0, NO_INDEX, false);
  }

  private removeRange(first: u64, end: u64, keepCopies: bool): void {
    this.generation++;
    let user = this.users;
    while (user != null) {
      user.dropPages(first, end, keepCopies);
      user = user.nextUser;
    }
    let removed: u32 = 0;
    for (let index = this.tree.next(first); index < end; index = this.tree.next(index + 1)) {
      releaseFrame(this.tree.remove(index));
      removed++;
    }
    const quota = this.quota;
    if (quota != null && removed != 0) quota.release(removed);
  }

  /** Zeroes bytes `from .. to`, which lie in one page, if that page is cached (or has to be filled to keep the rest). */
  private zeroPart(from: u64, to: u64): void {
    if (from >= to) return;
    const index = from >> FRAME_SHIFT;
    const frame = this.isMemory ? this.find(index) : this.get(index);
    if (frame == NO_FRAME) return;
    fillFrame(frame, <u32>(from & (PAGE - 1)), 0, <u32>(to - from));
    this.markDirty(frame);
  }

  private writeProtect(from: u64, to: u64): void {
    let user = this.users;
    while (user != null) {
      user.writeProtectPages(from, to);
      user = user.nextUser;
    }
  }

  /** A mapping can change the pages, now or after mprotect(2). */
  hasWritableUser(): bool {
    let user = this.users;
    while (user !== null) {
      if (user.mayWriteThrough()) return true;
      user = user.nextUser;
    }
    return false;
  }

  addUser(user: CacheUser): void {
    const head = this.users;
    user.previousUser = null;
    user.nextUser = head;
    if (head != null) head.previousUser = user;
    this.users = user;
  }

  removeUser(user: CacheUser): void {
    const previous = user.previousUser;
    const next = user.nextUser;
    if (previous != null) previous.nextUser = next;
    else if (this.users === user) this.users = next;
    if (next != null) next.previousUser = previous;
    user.previousUser = null;
    user.nextUser = null;
  }
}

/**
 * read(2) from a cache: copies from `position` on, not past `fileSize`. Bytes moved; -EFAULT, -EIO or -ENOMEM only if
 * none were. Sleeps.
 */
@sleeps export function readPages(cache: PageCache, fileSize: u64, position: u64, to: IoDestination): i64 {
  if (position >= fileSize) return 0;
  let left = min(to.remaining, fileSize - position);
  let at = position;
  while (left != 0) {
    const offset = <u32>(at & (PAGE - 1));
    const want = <u32>min<u64>(<u64>(FRAME_SIZE - offset), left);
    let moved: i64;
    const frame = cache.isMemory ? cache.find(at >> FRAME_SHIFT) : cache.get(at >> FRAME_SHIFT);
    if (frame != NO_FRAME) {
      // The copy may sleep in a page fault while the file is truncated: keep the frame.
      retainFrame(frame);
      moved = to.putFrame(frame, offset, want);
      releaseFrame(frame);
    } else {
      moved = cache.isMemory ? to.putZeros(want) : <i64>cache.error;
    }
    if (moved < 0) return at != position ? <i64>(at - position) : moved;
    at += <u64>moved;
    left -= <u64>moved;
    if (<u32>moved < want) break;
  }
  return <i64>(at - position);
}

/**
 * write(2) into a cache, one page at a time: what of `from` goes to the page of `position`. Bytes taken, fewer than there is room
 * for where the source ends; -EFAULT, -ENOSPC, -EIO or -ENOMEM only if none were. The caller has checked limits, and raises its
 * file size before it goes on to the next page: the source may be a mapping of the file. Sleeps.
 */
@sleeps export function writePage(cache: PageCache, fileSize: u64, position: u64, from: IoSource): i64 {
  const index = position >> FRAME_SHIFT;
  const offset = <u32>(position & (PAGE - 1));
  const want = <u32>min<u64>(<u64>(FRAME_SIZE - offset), from.remaining);
  let frame = cache.find(index);
  if (frame == NO_FRAME) {
    const isWhole = want == FRAME_SIZE || !cache.isMemory && offset == 0 && (index << FRAME_SHIFT) + <u64>want >= fileSize;
    if (isWhole || cache.isMemory) return writeNewPage(cache, index, offset, want, from, isWhole);
    frame = cache.get(index);
    if (frame == NO_FRAME) return <i64>cache.error;
  }
  retainFrame(frame);
  const moved = from.takeToFrame(frame, offset, want);
  if (moved > 0) cache.markDirty(frame);
  releaseFrame(frame);
  return moved;
}

/**
 * Writes to a page that is not cached: into a frame that nobody sees yet, which joins the cache afterwards. The source
 * may be a mapping of this very page, so the page can have come into being during the copy: then it gets the bytes.
 */
@sleeps function writeNewPage(cache: PageCache, index: u64, offset: u32, want: u32, from: IoSource, isWhole: bool): i64 {
  frameWanted();
  const fresh = isWhole && want == FRAME_SIZE ? allocateFrame() : allocateZeroedFrame();
  if (fresh == NO_FRAME) return -Errno.ENOMEM;
  const moved = from.takeToFrame(fresh, offset, want);
  if (moved <= 0) {
    releaseFrame(fresh);
    return moved;
  }
  const isPartial = <u32>moved < want;
  let present = cache.find(index);
  if (present == NO_FRAME && isPartial && !cache.isMemory) {
    present = cache.get(index);
    if (present == NO_FRAME) {
      releaseFrame(fresh);
      return <i64>cache.error;
    }
  }
  if (present != NO_FRAME) {
    copyFrameRange(present, offset, fresh, offset, <u32>moved);
    releaseFrame(fresh);
    cache.markDirty(present);
    return moved;
  }
  if (isPartial && isWhole && want == FRAME_SIZE) fillFrame(fresh, <u32>moved, 0, FRAME_SIZE - <u32>moved);
  if (!cache.adopt(index, fresh)) return <i64>cache.error;
  cache.markDirty(fresh);
  return moved;
}
