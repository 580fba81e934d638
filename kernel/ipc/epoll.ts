// epoll(7): interest in many files with a list of those that are ready.
//
// An item stays registered at its file's wait queues; a wake-up puts it on the ready list (no allocation, interrupts
// allowed) and wakes waiters. `collect` polls ready items, reports those that really are, and keeps level-triggered
// ones listed. `lock` guards items and collection across copies to user memory; only the end of a watched file does not
// wait for it: an item that ends during a copy is not touched afterwards (`isAlive`). Instances may watch each other up to
// NESTING deep; loops are refused. An item ends with its file's description, not with the descriptor (epoll(7)).

import { Errno } from "../abi/errno";
import { UserOut } from "../mm/user/user-memory";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { bytesOf } from "../runtime/text/bytes";
import { LockRank } from "../sync/lock-rank";
import { Mutex } from "../sync/mutex";
import { Poller } from "../sync/poll";
import { waitOn } from "../sync/sleep";
import { WaitEntry, WaitQueue } from "../sync/wait-queue";
import { NEVER } from "../time/timer";
import { bindToSharedInode } from "../vfs/file/anonymous";
import { FileObserver, OpenFile, setFileObserver } from "../vfs/file/open-file";
import { PollEvent } from "../abi/poll";

@inline export const EPOLL_CTL_ADD: i32 = 1;
@inline export const EPOLL_CTL_DEL: i32 = 2;
@inline export const EPOLL_CTL_MOD: i32 = 3;
@inline export const EPOLLWAKEUP: u32 = 1 << 29;
@inline export const EPOLLEXCLUSIVE: u32 = 1 << 28;
@inline export const EPOLLONESHOT: u32 = 1 << 30;
@inline export const EPOLLET: u32 = 1 << 31;
/** sizeof(struct epoll_event): packed on x86-64. */
export const EVENT_SIZE: u32 = 12;

/** Bits that stay when EPOLLONESHOT disarms an item. */
const PRIVATE_BITS: u32 = EPOLLWAKEUP | EPOLLEXCLUSIVE | EPOLLONESHOT | EPOLLET;
const EXCLUSIVE_BITS: u32 =
  PollEvent.IN | PollEvent.OUT | PollEvent.ERR | PollEvent.HUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE;
/** How deep instances may watch instances. */
const NESTING: i32 = 4;
const BUCKETS: i32 = 16;
const NAME: StaticArray<u8> = bytesOf("anon_inode:[eventpoll]");

/** An item's place in one wait queue of its file. */
@final
class EpollEntry extends WaitEntry {
  sibling: EpollEntry | null = null;

  constructor(private readonly item: EpollItem, private readonly home: WaitQueue) {
    super();
  }

  /** Stays registered: a wake-up takes entries out of their queue. */
  woken(): void {
    this.home.add(this);
    this.item.notify();
  }
}

/** Interest in one description under one descriptor number. */
@final
export class EpollItem extends Poller {
  /** Chain of the instance's bucket, of the file's items, and of the ready list. */
  bucketNext: EpollItem | null = null;
  fileNext: EpollItem | null = null;
  readyNext: EpollItem | null = null;
  isReady: bool = false;
  /** False once it has ended, which may happen while a collection reports it. */
  isAlive: bool = true;
  private entries: EpollEntry | null = null;

  constructor(
    readonly epoll: EpollFile, readonly file: OpenFile, readonly fd: i32, public events: u32, public data: u64,
  ) {
    super();
  }

  watch(queue: WaitQueue): void {
    const entry = new EpollEntry(this, queue);
    entry.isExclusive = (this.events & EPOLLEXCLUSIVE) != 0;
    entry.sibling = this.entries;
    this.entries = entry;
    queue.add(entry);
  }

  notify(): void {
    if ((this.events & ~PRIVATE_BITS) != 0) this.epoll.itemReady(this);
  }

  /** What is ready and wanted. */
  readyMask(): u32 {
    // ERR and HUP are in `events`, unless EPOLLONESHOT has disarmed the item.
    return this.file.poll(null) & this.events & ~PRIVATE_BITS;
  }

  /** Leaves the wait queues. */
  unregister(): void {
    let entry = this.entries;
    while (entry !== null) {
      entry.leave();
      entry = entry.sibling;
    }
    this.entries = null;
  }
}

@final
export class EpollFile extends OpenFile {
  private readonly buckets: StaticArray<EpollItem | null> = new StaticArray<EpollItem | null>(BUCKETS);
  private readyFirst: EpollItem | null = null;
  private readyLast: EpollItem | null = null;
  private readyCount: i32 = 0;
  /** Threads in epoll_wait. */
  private readonly waiters: WaitQueue = new WaitQueue();
  /** Polls of this instance itself. */
  private readonly observers: WaitQueue = new WaitQueue();
  private readonly lock: Mutex = new Mutex(LockRank.EPOLL);

  constructor(flags: u32) {
    super(flags);
    bindToSharedInode(this);
  }

  // ---- interest ------------------------------------------------------------------------------------------------------

  /** epoll_ctl(2) with checked operation; `events` as given. The file is not this one. Does not sleep but for the lock. */
  @sleeps control(operation: i32, fd: i32, file: OpenFile, events: u32, data: u64): i32 {
    if (!file.canPoll()) return -Errno.EPERM;
    if ((events & EPOLLEXCLUSIVE) != 0 && operation != EPOLL_CTL_DEL) {
      if (operation == EPOLL_CTL_MOD) return -Errno.EINVAL;
      if (file instanceof EpollFile || (events & ~EXCLUSIVE_BITS) != 0) return -Errno.EINVAL;
    }
    this.lock.lock();
    const result = this.controlLocked(operation, fd, file, events, data);
    this.lock.unlock();
    return result;
  }

  private controlLocked(operation: i32, fd: i32, file: OpenFile, events: u32, data: u64): i32 {
    const item = this.find(fd, file);
    switch (operation) {
      case EPOLL_CTL_ADD:
        if (item !== null) return -Errno.EEXIST;
        return this.add(fd, file, events, data);
      case EPOLL_CTL_DEL:
        if (item === null) return -Errno.ENOENT;
        this.remove(item);
        return 0;
      case EPOLL_CTL_MOD: {
        if (item === null) return -Errno.ENOENT;
        if ((item.events & EPOLLEXCLUSIVE) != 0) return -Errno.EINVAL;
        item.events = events | PollEvent.ERR | PollEvent.HUP;
        item.data = data;
        if (item.readyMask() != 0) this.itemReady(item);
        return 0;
      }
      default:
        return -Errno.EINVAL;
    }
  }

  private add(fd: i32, file: OpenFile, events: u32, data: u64): i32 {
    if (file instanceof EpollFile) {
      const other = <EpollFile>file;
      if (other.reaches(this, 0) || other.depth(0) + this.height(0) > NESTING) return -Errno.ELOOP;
    }
    const item = new EpollItem(this, file, fd, events | PollEvent.ERR | PollEvent.HUP, data);
    const bucket = fd & (BUCKETS - 1);
    item.bucketNext = this.buckets[bucket];
    this.buckets[bucket] = item;
    item.fileNext = <EpollItem | null>file.watches;
    file.watches = item;
    const mask = file.poll(item) & item.events & ~PRIVATE_BITS;
    if (mask != 0) this.itemReady(item);
    return 0;
  }

  /** Ends an item: by EPOLL_CTL_DEL, or with its file or this instance. */
  remove(item: EpollItem): void {
    item.isAlive = false;
    item.unregister();
    this.unlinkReady(item);
    const bucket = item.fd & (BUCKETS - 1);
    let at = this.buckets[bucket];
    if (at === item) this.buckets[bucket] = item.bucketNext;
    while (at !== null) {
      if (at.bucketNext === item) at.bucketNext = item.bucketNext;
      at = at.bucketNext;
    }
    const file = item.file;
    let other = <EpollItem | null>file.watches;
    if (other === item) file.watches = item.fileNext;
    while (other !== null) {
      if (other.fileNext === item) other.fileNext = item.fileNext;
      other = other.fileNext;
    }
  }

  private find(fd: i32, file: OpenFile): EpollItem | null {
    let item = this.buckets[fd & (BUCKETS - 1)];
    while (item !== null) {
      if (item.fd == fd && item.file === file) return item;
      item = item.bucketNext;
    }
    return null;
  }

  /** True if this instance is `other` or watches it, directly or not. */
  private reaches(other: EpollFile, level: i32): bool {
    if (this === other) return true;
    if (level > NESTING) return true;
    for (let i = 0; i < BUCKETS; i++) {
      let item: EpollItem | null = this.buckets[i];
      while (item !== null) {
        const file = item.file;
        if (file instanceof EpollFile && (<EpollFile>file).reaches(other, level + 1)) return true;
        item = item.bucketNext;
      }
    }
    return false;
  }

  /** Levels of instances below this one, itself included. */
  private depth(level: i32): i32 {
    if (level > NESTING) return level;
    let deepest = 1;
    for (let i = 0; i < BUCKETS; i++) {
      let item: EpollItem | null = this.buckets[i];
      while (item !== null) {
        const file = item.file;
        if (file instanceof EpollFile) deepest = max(deepest, 1 + (<EpollFile>file).depth(level + 1));
        item = item.bucketNext;
      }
    }
    return deepest;
  }

  /** Levels of instances above this one. */
  private height(level: i32): i32 {
    if (level > NESTING) return level;
    let highest = 0;
    let item = <EpollItem | null>this.watches;
    while (item !== null) {
      highest = max(highest, 1 + item.epoll.height(level + 1));
      item = item.fileNext;
    }
    return highest;
  }

  // ---- readiness -------------------------------------------------------------------------------------------------------

  /** An item may be ready: lists it and wakes waiters. Interrupt context allowed. */
  itemReady(item: EpollItem): void {
    if (!item.isReady) this.pushReady(item);
    this.waiters.wakeOne();
    this.observers.wakeAll();
  }

  private pushReady(item: EpollItem): void {
    const last = this.readyLast;
    item.isReady = true;
    item.readyNext = null;
    if (last === null) this.readyFirst = item;
    else last.readyNext = item;
    this.readyLast = item;
    this.readyCount++;
  }

  private shiftReady(): EpollItem | null {
    const item = this.readyFirst;
    if (item === null) return null;
    this.readyFirst = item.readyNext;
    if (this.readyFirst === null) this.readyLast = null;
    item.readyNext = null;
    item.isReady = false;
    this.readyCount--;
    return item;
  }

  private unshiftReady(item: EpollItem): void {
    const first = this.readyFirst;
    item.isReady = true;
    item.readyNext = first;
    this.readyFirst = item;
    if (first === null) this.readyLast = item;
    this.readyCount++;
  }

  private unlinkReady(item: EpollItem): void {
    if (!item.isReady) return;
    let previous: EpollItem | null = null;
    let at = this.readyFirst;
    while (at !== null && at !== item) {
      previous = at;
      at = at.readyNext;
    }
    if (previous === null) this.readyFirst = item.readyNext;
    else previous.readyNext = item.readyNext;
    if (this.readyLast === item) this.readyLast = previous;
    item.readyNext = null;
    item.isReady = false;
    this.readyCount--;
  }

  /** epoll_wait(2): number of events written, 0 at the deadline, -errno. `deadlineNs` 0: do not wait. Sleeps. */
  @sleeps wait(events: UserOut, limit: i32, deadlineNs: u64): i32 {
    while (true) {
      const count = this.collect(events, limit);
      if (count != 0 || deadlineNs == 0) return count;
      const waited = waitOn(this.waiters, deadlineNs);
      if (waited == -Errno.ETIMEDOUT) return this.collect(events, limit);
      if (waited < 0) return -Errno.EINTR;
    }
  }

  /** Reports ready items to user memory: their number, or -EFAULT if the first could not be written. */
  @sleeps private collect(events: UserOut, limit: i32): i32 {
    if (this.readyCount == 0) return 0;
    this.lock.lock();
    let count = 0;
    for (let left = this.readyCount; left > 0 && count < limit; left--) {
      const item = this.shiftReady();
      if (item === null) break;
      const mask = item.readyMask();
      if (mask == 0) continue;
      const at = <u64>count * <u64>EVENT_SIZE;
      if (events.writeU32(at, mask) < 0 || events.writeU64(at + 4, item.data) < 0) {
        // Next time it comes first again, as on Linux.
        if (item.isAlive) {
          this.unlinkReady(item);
          this.unshiftReady(item);
        }
        if (count == 0) count = -Errno.EFAULT;
        break;
      }
      count++;
      // Its file may have been closed during the copy: the event was true, but the item is gone.
      if (!item.isAlive) continue;
      if ((item.events & EPOLLONESHOT) != 0) item.events &= PRIVATE_BITS;
      else if ((item.events & EPOLLET) == 0 && !item.isReady) this.pushReady(item);
    }
    this.lock.unlock();
    if (this.readyCount > 0 && !this.waiters.isEmpty) this.waiters.wakeOne();
    return count;
  }

  // ---- as a file ---------------------------------------------------------------------------------------------------------

  poll(poller: Poller | null): u32 {
    if (poller !== null) poller.watch(this.observers);
    for (let left = this.readyCount; left > 0; left--) {
      const item = this.readyFirst;
      if (item === null) break;
      if (item.readyMask() != 0) return PollEvent.IN | PollEvent.RDNORM;
      this.unlinkReady(item);
    }
    return 0;
  }

  /** There is no position, but asking for it is no error (noop_llseek). */
  seek(offset: i64, whence: u32): i64 {
    return 0;
  }

  released(): void {
    for (let i = 0; i < BUCKETS; i++) {
      let item: EpollItem | null = this.buckets[i];
      while (item !== null) {
        this.remove(item);
        item = this.buckets[i];
      }
    }
  }

  description(): StaticArray<u8> | null {
    return NAME;
  }

  details(): StaticArray<u8> | null {
    const text = new ByteBuilder(128);
    for (let i = 0; i < BUCKETS; i++) {
      let item: EpollItem | null = this.buckets[i];
      while (item !== null) {
        text.append("tfd: ").appendPadded(item.fd, 8).append(" events: ").appendHex(item.events, 8);
        text.append(" data: ").appendHex(item.data, 16).newline();
        item = item.bucketNext;
      }
    }
    return text.toBytes();
  }
}

/** Ends the items of a description that goes. */
@final
class EpollObserver extends FileObserver {
  fileReleased(file: OpenFile): void {
    let item = <EpollItem | null>file.watches;
    while (item !== null) {
      const next = item.fileNext;
      item.epoll.remove(item);
      item = next;
    }
  }
}

/** Once, at boot. */
export function initEpoll(): void {
  setFileObserver(new EpollObserver());
}
