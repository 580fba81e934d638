// Pipes and FIFOs (pipe(7), fifo(7)): a ring of page slots between readers and writers.
//
// As on Linux the capacity counts slots: a write fills the rest of the last slot only if its odd bytes fit there, so
// that up to PIPE_BUF bytes are never split. `lock` guards ring and slots across copies to and from user memory, which
// sleep; counts of ends change without it. Nobody waits for bytes or room while holding the lock. Two pipes are locked in the
// order of their numbers (splice.ts).

import { Errno } from "../abi/errno";
import { Frame, FRAME_SIZE, NO_FRAME, allocateFrame, frameToBytes, releaseFrame } from "../mm/frames/frame";
import { IoDestination, IoSource } from "../mm/user/io-buffer";
import { LockRank } from "../sync/lock-rank";
import { frameWanted } from "../sync/sleep-stress";
import { Mutex } from "../sync/mutex";
import { Poller } from "../sync/poll";
import { waitOn } from "../sync/sleep";
import { WaitQueue } from "../sync/wait-queue";
import { PAGE_MASK } from "../abi/page";

/** Slots of a new pipe: 64 KiB. */
export const DEFAULT_SLOTS: u32 = 16;
/** Largest pipe an unprivileged process may ask for (/proc/sys/fs/pipe-max-size), in bytes. */
export const PIPE_MAX_SIZE: u32 = 1048576;
/** Slots of the largest pipe of all, 256 MiB: for more Linux finds no memory in one piece, either. */
const MAX_SLOTS: u32 = 65536;

@final
export class Pipe {
  private frames: StaticArray<Frame> = new StaticArray<Frame>(DEFAULT_SLOTS);
  private offsets: StaticArray<u32> = new StaticArray<u32>(DEFAULT_SLOTS);
  private lengths: StaticArray<u32> = new StaticArray<u32>(DEFAULT_SLOTS);
  /** Bytes may be put behind those of the last slot. */
  private mayJoin: bool = false;
  /** Slots written in packet mode (O_DIRECT): never joined, read one at a time. */
  private packets: StaticArray<bool> = new StaticArray<bool>(DEFAULT_SLOTS);
  private mask: u32 = DEFAULT_SLOTS - 1;
  /** Slots ever filled and ever emptied; their difference is what is in use. */
  private head: u32 = 0;
  private tail: u32 = 0;
  /** A page kept for the next write. */
  private spare: Frame = NO_FRAME;
  readers: i32 = 0;
  writers: i32 = 0;
  /** Number of opens of each kind so far, for FIFO opens that wait for a partner. */
  readerOpens: u32 = 1;
  writerOpens: u32 = 1;
  readonly readable: WaitQueue = new WaitQueue();
  readonly writable: WaitQueue = new WaitQueue();
  private readonly lock: Mutex = new Mutex(LockRank.PIPE);
  /** Somebody polls: every write is worth a wake-up (edge-triggered epoll). */
  private isPolled: bool = false;

  @inline get isEmpty(): bool {
    return this.head == this.tail;
  }

  @inline get isFull(): bool {
    return this.head - this.tail > this.mask;
  }

  /** Capacity in bytes. */
  get capacity(): u32 {
    return (this.mask + 1) * FRAME_SIZE;
  }

  /** Bytes that can be read (FIONREAD). */
  get byteCount(): u32 {
    let count: u32 = 0;
    for (let i = this.tail; i != this.head; i++) count += this.lengths[i & this.mask];
    return count;
  }

  // ---- reading ---------------------------------------------------------------------------------------------------

  /** read(2): at least one byte, 0 at the end (no writers), -EAGAIN, -ERESTARTSYS. Sleeps. */
  @sleeps read(to: IoDestination, isNonBlocking: bool): i64 {
    if (to.remaining == 0) return 0;
    let hasWaited = false;
    let count: i64 = 0;
    this.lock.lock();
    while (true) {
      const wasFull = this.isFull;
      count = this.take(to);
      if (wasFull && !this.isFull) this.writable.wakeOne();
      if (count != 0 || this.writers == 0) break;
      if (isNonBlocking) {
        count = -Errno.EAGAIN;
        break;
      }
      this.lock.unlock();
      const waited = waitOn(this.readable);
      if (waited < 0) return waited;
      hasWaited = true;
      this.lock.lock();
    }
    this.lock.unlock();
    if (hasWaited && !this.isEmpty) this.readable.wakeOne();
    return count;
  }

  /** Moves what is there: bytes moved, 0 if the pipe is empty, -EFAULT. */
  @sleeps private take(to: IoDestination): i64 {
    let total: i64 = 0;
    while (!this.isEmpty) {
      const slot = this.tail & this.mask;
      const want = <u32>min<u64>(<u64>this.lengths[slot], to.remaining);
      const moved = to.putFrame(this.frames[slot], this.offsets[slot], want);
      // As in Linux, a page that cannot be delivered stays in the pipe.
      if (moved != <i64>want) return total != 0 ? total : -Errno.EFAULT;
      total += moved;
      const isPacket = this.packets[slot];
      this.offsets[slot] += <u32>moved;
      this.lengths[slot] -= <u32>moved;
      if (this.lengths[slot] == 0 || isPacket) this.dropFirst();
      if (isPacket || to.remaining == 0) break;
    }
    return total;
  }

  private dropFirst(): void {
    const slot = this.tail & this.mask;
    this.recycle(this.frames[slot]);
    this.frames[slot] = NO_FRAME;
    this.lengths[slot] = 0;
    this.tail++;
  }

  // ---- writing ---------------------------------------------------------------------------------------------------

  /** write(2): all bytes, or what went before an obstacle; -EAGAIN, -EPIPE (with SIGPIPE), -ERESTARTSYS. Sleeps. */
  @sleeps write(from: IoSource, isNonBlocking: bool, isPacketMode: bool): i64 {
    const written = this.send(from, isNonBlocking, isPacketMode);
    if (written > 0) this.mayJoin = !isPacketMode;
    return written;
  }

  /** What splice(2), tee(2) and vmsplice(2) send: pages of their own, with which nothing joins. Like write otherwise. */
  @sleeps splice(from: IoSource, isNonBlocking: bool): i64 {
    this.mayJoin = false;
    const written = this.send(from, isNonBlocking, false);
    this.mayJoin = false;
    return written;
  }

  @sleeps private send(from: IoSource, isNonBlocking: bool, isPacketMode: bool): i64 {
    if (from.remaining == 0) return 0;
    let hasWaited = false;
    let total: i64 = 0;
    this.lock.lock();
    while (true) {
      if (this.readers == 0) {
        from.caller.brokenPipe();
        if (total == 0) total = -Errno.EPIPE;
        break;
      }
      const wasEmpty = this.isEmpty;
      const moved = this.put(from, isPacketMode, total == 0);
      if (moved > 0) total += moved;
      if (moved > 0 && (wasEmpty || this.isPolled)) this.readable.wakeOne();
      if (moved < 0 && moved != -Errno.EAGAIN) {
        if (total == 0) total = moved;
        break;
      }
      // Bytes are left though there is room: user memory faulted after what went before.
      if (from.remaining == 0 || !this.isFull) break;
      if (isNonBlocking) {
        if (total == 0) total = -Errno.EAGAIN;
        break;
      }
      this.lock.unlock();
      const waited = waitOn(this.writable);
      if (waited < 0) return total != 0 ? total : <i64>waited;
      hasWaited = true;
      this.lock.lock();
    }
    this.lock.unlock();
    if (hasWaited && !this.isFull) this.writable.wakeOne();
    return total;
  }

  /** Moves what fits: bytes moved, -EAGAIN if nothing fits, -EFAULT, -ENOMEM. `isStart`: odd bytes may join the last slot. */
  @sleeps private put(from: IoSource, isPacketMode: bool, isStart: bool): i64 {
    let total: i64 = 0;
    const odd = <u32>(from.remaining & PAGE_MASK);
    if (isStart && odd != 0 && this.mayJoin && !this.isEmpty) {
      const joined = this.join(from, odd);
      if (joined < 0) return joined;
      total = joined;
    }
    while (from.remaining != 0 && !this.isFull) {
      const frame = this.takeSpare();
      if (frame == NO_FRAME) return total != 0 ? total : -Errno.ENOMEM;
      const want = <u32>min<u64>(<u64>FRAME_SIZE, from.remaining);
      const moved = from.takeToFrame(frame, 0, want);
      // As in Linux, a page that cannot be filled is not sent at all.
      if (moved != <i64>want) {
        this.recycle(frame);
        return total != 0 ? total : -Errno.EFAULT;
      }
      this.append(frame, 0, want, isPacketMode);
      total += moved;
    }
    return total != 0 ? total : -Errno.EAGAIN;
  }

  /** Puts `length` bytes behind those of the last slot if all fit: bytes moved, 0 if they do not fit. */
  @sleeps private join(from: IoSource, length: u32): i64 {
    const slot = (this.head - 1) & this.mask;
    const end = this.offsets[slot] + this.lengths[slot];
    if (end + length > FRAME_SIZE) return 0;
    const moved = from.takeToFrame(this.frames[slot], end, length);
    if (moved != <i64>length) return -Errno.EFAULT;
    this.lengths[slot] += length;
    return moved;
  }

  private append(frame: Frame, offset: u32, length: u32, isPacket: bool): void {
    const slot = this.head & this.mask;
    this.frames[slot] = frame;
    this.offsets[slot] = offset;
    this.lengths[slot] = length;
    this.packets[slot] = isPacket;
    this.head++;
  }

  @sleeps private takeSpare(): Frame {
    const spare = this.spare;
    if (spare == NO_FRAME) {
      frameWanted();
      return allocateFrame();
    }
    this.spare = NO_FRAME;
    return spare;
  }

  private recycle(frame: Frame): void {
    if (this.spare == NO_FRAME) this.spare = frame;
    else releaseFrame(frame);
  }

  // ---- the rest ----------------------------------------------------------------------------------------------------

  /** Registers a poll of an end. */
  watch(poller: Poller, isReader: bool, isWriter: bool): void {
    this.isPolled = true;
    if (isReader) poller.watch(this.readable);
    if (isWriter) poller.watch(this.writable);
  }

  /** fcntl(F_SETPIPE_SZ): the new capacity, -EBUSY if more is in the pipe, -ENOMEM. */
  resize(bytes: u32): i64 {
    const pages = (bytes + (FRAME_SIZE - 1)) / FRAME_SIZE;
    let slots: u32 = 1;
    while (slots < pages) slots <<= 1;
    if (slots > MAX_SLOTS) return -Errno.ENOMEM;
    const used = this.head - this.tail;
    if (slots < used) return -Errno.EBUSY;
    const frames = new StaticArray<Frame>(<i32>slots);
    const offsets = new StaticArray<u32>(<i32>slots);
    const lengths = new StaticArray<u32>(<i32>slots);
    const packets = new StaticArray<bool>(<i32>slots);
    for (let i: u32 = 0; i < used; i++) {
      const old = (this.tail + i) & this.mask;
      frames[i] = this.frames[old];
      offsets[i] = this.offsets[old];
      lengths[i] = this.lengths[old];
      packets[i] = this.packets[old];
    }
    this.frames = frames;
    this.offsets = offsets;
    this.lengths = lengths;
    this.packets = packets;
    this.mask = slots - 1;
    this.tail = 0;
    this.head = used;
    this.writable.wakeAll();
    return <i64>slots * <i64>FRAME_SIZE;
  }

  /** An end was closed: the other side learns of it; with the last end the contents go. */
  leave(wasReader: bool, wasWriter: bool): void {
    if (wasReader) this.readers--;
    if (wasWriter) this.writers--;
    if (this.readers == 0 && this.writers == 0) {
      this.clear();
      return;
    }
    if (wasReader && this.readers == 0) this.writable.wakeAll();
    if (wasWriter && this.writers == 0) this.readable.wakeAll();
  }

  private clear(): void {
    while (!this.isEmpty) this.dropFirst();
    if (this.spare != NO_FRAME) releaseFrame(this.spare);
    this.spare = NO_FRAME;
  }

  // ---- splice(2), tee(2) ---------------------------------------------------------------------------------------------

  /** Keeps other readers and writers out while the caller looks and consumes; may sleep. Undo with `letGo`. */
  @sleeps hold(): void {
    this.lock.lock();
  }

  /** `hold` while another pipe is held: that of the lower number. */
  @sleeps holdSecond(): void {
    this.lock.lockAs(LockRank.PIPE_SECOND);
  }

  /** The order in which two pipes are held. */
  get number(): u32 {
    return this.lock.serial;
  }

  letGo(): void {
    this.lock.unlock();
  }

  /** Copies up to `limit` unread bytes of the slot `index` after the first: their number, 0 if there is no such slot. Held. */
  peek(index: u32, bytes: StaticArray<u8>, limit: u64): i32 {
    if (index >= this.head - this.tail) return 0;
    const slot = (this.tail + index) & this.mask;
    const length = <i32>min<u64>(this.lengths[slot], limit);
    frameToBytes(this.frames[slot], this.offsets[slot], bytes, 0, length);
    return length;
  }

  /** As `splice` by somebody who holds the pipe, without waiting: -EAGAIN if nothing fits. */
  @sleeps spliceHeld(from: IoSource): i64 {
    if (this.readers == 0) {
      from.caller.brokenPipe();
      return -Errno.EPIPE;
    }
    this.mayJoin = false;
    const wasEmpty = this.isEmpty;
    const moved = this.put(from, false, true);
    if (moved > 0 && (wasEmpty || this.isPolled)) this.readable.wakeOne();
    return moved;
  }

  /** Takes `count` bytes, which lie in the first slot, out. Held. */
  consume(count: u32): void {
    const slot = this.tail & this.mask;
    const wasFull = this.isFull;
    this.offsets[slot] += count;
    this.lengths[slot] -= count;
    if (this.lengths[slot] != 0) return;
    this.dropFirst();
    if (wasFull) this.writable.wakeOne();
  }

  /** Waits until there is something to read: 1, or 0 at the end, -EAGAIN, -ERESTARTSYS. */
  @sleeps waitForBytes(isNonBlocking: bool): i32 {
    while (this.isEmpty) {
      if (this.writers == 0) return 0;
      if (isNonBlocking) return -Errno.EAGAIN;
      const waited = waitOn(this.readable);
      if (waited < 0) return waited;
    }
    return 1;
  }

  /** Waits until a slot is free or nobody reads any more: 1, -EAGAIN, -ERESTARTSYS. */
  @sleeps waitForRoom(isNonBlocking: bool): i32 {
    while (this.isFull && this.readers > 0) {
      if (isNonBlocking) return -Errno.EAGAIN;
      const waited = waitOn(this.writable);
      if (waited < 0) return waited;
    }
    return 1;
  }
}
