// Waiting for several open files: the loop of poll(2) and select(2).
//
// Look at every file, registering only until something is ready; if nothing is, wait for a wake-up, a signal or the
// deadline, and look again. A file that the poll is registered at is held, unless nobody else could close it: closed by
// another thread it ends when the wait ends, as on Linux. FilePolls come from a pool and keep their entries.

import { Errno } from "../../abi/errno";
import { readU16, readU64, writeU16, writeU64 } from "../../runtime/text/byte-access";
import { Pool } from "../../runtime/containers/pool";
import { PollEvent } from "../../abi/poll";
import { Poller } from "../../sync/poll";
import { FdTable } from "./fd-table";
import { OpenFile } from "./open-file";

/** struct pollfd: fd, events, revents. */
export const POLLFD_SIZE: i32 = 8;
/** Always reported. */
const ALWAYS: u32 = PollEvent.ERR | PollEvent.HUP;
const SELECT_READ: u32 = PollEvent.RDNORM | PollEvent.RDBAND | PollEvent.IN | PollEvent.HUP | PollEvent.ERR;
const SELECT_WRITE: u32 = PollEvent.WRBAND | PollEvent.WRNORM | PollEvent.OUT | PollEvent.ERR;
const SELECT_EXCEPT: u32 = PollEvent.PRI;
/** Bytes of descriptor sets and pollfd arrays, and held files, that a pooled object has room for. */
const BUFFER_SIZE: i32 = 1024;
const HELD_SIZE: i32 = 16;

/** What one poll-like call works with. */
@final
export class FilePoll {
  private readonly poller: Poller = new Poller();
  /** pollfd records; or the three sets asked for, followed by the three answers. */
  bytes: StaticArray<u8> = new StaticArray<u8>(BUFFER_SIZE);
  /** An answer of `waitForRecords` differs from what was in `bytes` before. */
  isChanged: bool = false;
  /** Files that this call holds. */
  private held: StaticArray<OpenFile | null> = new StaticArray<OpenFile | null>(HELD_SIZE);
  private heldCount: i32 = 0;

  /** One whose `bytes` have room for `size`. */
  static acquire(size: i32): FilePoll {
    let state = spares.take();
    if (state === null) state = new FilePoll();
    if (state.bytes.length < size) state.bytes = new StaticArray<u8>(size);
    state.isChanged = false;
    return state;
  }

  release(): void {
    this.leave();
    if (this.bytes.length > BUFFER_SIZE) this.bytes = new StaticArray<u8>(BUFFER_SIZE);
    if (this.held.length > HELD_SIZE) this.held = new StaticArray<OpenFile | null>(HELD_SIZE);
    spares.give(this);
  }

  /** Takes the poll off all wait queues, and lets the files go, if there are any. */
  @inline private leave(): void {
    this.poller.release();
    if (this.heldCount != 0) this.letGo();
  }

  private letGo(): void {
    while (this.heldCount > 0) {
      const last = --this.heldCount;
      const file = this.held[last];
      this.held[last] = null;
      if (file !== null) file.release();
    }
  }

  /** Holds a file that the poll registers at. */
  private keep(file: OpenFile): void {
    file.retain();
    const count = this.heldCount;
    let held = this.held;
    if (count == held.length) {
      const more = new StaticArray<OpenFile | null>(count * 2);
      for (let i = 0; i < count; i++) more[i] = held[i];
      this.held = more;
      held = more;
    }
    held[count] = file;
    this.heldCount = count + 1;
  }

  // ---- poll(2): records --------------------------------------------------------------------------------------------

  /** Fills revents of `count` records: how many are ready, 0 at the deadline (0: do not wait), -ERESTARTNOHAND. Sleeps. */
  @sleeps waitForRecords(files: FdTable, count: i32, deadlineNs: u64): i64 {
    const poller = this.poller;
    let isLast = deadlineNs == 0;
    while (true) {
      const ready = this.lookAtRecords(files, count, isLast ? null : poller);
      if (ready > 0 || isLast) return ready;
      const waited = poller.wait(deadlineNs);
      this.leave();
      if (waited == -Errno.ETIMEDOUT) isLast = true;
      else if (waited < 0) return -Errno.ERESTARTNOHAND;
    }
  }

  private lookAtRecords(files: FdTable, count: i32, poller: Poller | null): i32 {
    const bytes = this.bytes;
    const isShared = files.isShared;
    let ready = 0;
    let registrar = poller;
    for (let i = 0; i < count; i++) {
      const at = i * POLLFD_SIZE;
      const record = readU64(bytes, at);
      const fd = <i32>record;
      let mask: u32 = 0;
      if (fd >= 0) {
        const file = files.get(fd);
        if (file === null) mask = PollEvent.NVAL;
        else {
          if (isShared && registrar !== null) this.keep(file);
          mask = file.poll(registrar) & (<u32>(record >> 32) & 0xffff | ALWAYS | PollEvent.NVAL);
        }
      }
      if (<u32>(record >> 48) != mask) {
        writeU16(bytes, at + 6, mask);
        this.isChanged = true;
      }
      if (mask != 0) {
        ready++;
        registrar = null;
      }
    }
    return ready;
  }

  /** revents of record `index`. */
  eventsOf(index: i32): u32 {
    return readU16(this.bytes, index * POLLFD_SIZE + 6);
  }

  // ---- select(2): sets ---------------------------------------------------------------------------------------------

  /**
   * Looks at the descriptors below `count` in three sets of `setSize` bytes and fills the three that follow them: the number
   * of bits set, 0 at the deadline, -EBADF, -ERESTARTNOHAND. Sleeps.
   */
  @sleeps waitForSets(files: FdTable, count: i32, setSize: i32, deadlineNs: u64): i64 {
    const poller = this.poller;
    let isLast = deadlineNs == 0;
    while (true) {
      const ready = this.lookAtSets(files, count, setSize, isLast ? null : poller);
      if (ready != 0 || isLast) return ready;
      const waited = poller.wait(deadlineNs);
      this.leave();
      if (waited == -Errno.ETIMEDOUT) isLast = true;
      else if (waited < 0) return -Errno.ERESTARTNOHAND;
    }
  }

  private lookAtSets(files: FdTable, count: i32, setSize: i32, poller: Poller | null): i32 {
    const bytes = this.bytes;
    const isShared = files.isShared;
    let ready = 0;
    let registrar = poller;
    for (let at = 0; at < setSize; at += 8) {
      const reads = readU64(bytes, at);
      const writes = readU64(bytes, setSize + at);
      const excepts = readU64(bytes, setSize * 2 + at);
      let wanted = (reads | writes | excepts) & bitsBelow(count - at * 8);
      let readable: u64 = 0;
      let writable: u64 = 0;
      let exceptional: u64 = 0;
      while (wanted != 0) {
        const index = ctz(wanted);
        const bit = <u64>1 << index;
        wanted &= wanted - 1;
        const file = files.getFile(at * 8 + <i32>index);
        if (file === null) return -Errno.EBADF;
        if (isShared && registrar !== null) this.keep(file);
        const mask = file.poll(registrar);
        if ((mask & SELECT_READ) != 0) readable |= bit & reads;
        if ((mask & SELECT_WRITE) != 0) writable |= bit & writes;
        if ((mask & SELECT_EXCEPT) != 0) exceptional |= bit & excepts;
        if ((readable | writable | exceptional) != 0) registrar = null;
      }
      writeU64(bytes, setSize * 3 + at, readable);
      writeU64(bytes, setSize * 4 + at, writable);
      writeU64(bytes, setSize * 5 + at, exceptional);
      ready += <i32>(popcnt(readable) + popcnt(writable) + popcnt(exceptional));
    }
    return ready;
  }
}

@kernelLock const spares = new Pool<FilePoll>(32);

function bitsBelow(count: i32): u64 {
  return count >= 64 ? u64.MAX_VALUE : (<u64>1 << <u64>count) - 1;
}
