// eventfd(2): a 64-bit counter to wait on. Reading and writing may sleep.

import { Errno } from "../abi/errno";
import { O_NONBLOCK } from "../abi/fcntl";
import { IoDestination, IoSource } from "../mm/user/io-buffer";
import { writeU64 } from "../runtime/text/byte-access";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { bytesOf } from "../runtime/text/bytes";
import { Poller } from "../sync/poll";
import { waitOn } from "../sync/sleep";
import { WaitQueue } from "../sync/wait-queue";
import { bindToSharedInode } from "../vfs/file/anonymous";
import { OpenFile } from "../vfs/file/open-file";
import { PollEvent } from "../abi/poll";

@inline export const EFD_SEMAPHORE: u32 = 1;
const NAME: StaticArray<u8> = bytesOf("anon_inode:[eventfd]");
/** The counter never reaches this value. */
const CEILING: u64 = u64.MAX_VALUE;

@final
export class EventFile extends OpenFile {
  private readonly readable: WaitQueue = new WaitQueue();
  private readonly writable: WaitQueue = new WaitQueue();

  /** `flags`: O_RDWR with O_NONBLOCK or not. */
  constructor(flags: u32, private count: u64, private readonly isSemaphore: bool) {
    super(flags);
    bindToSharedInode(this);
  }

  canReadNow(): bool { return true; }

  @sleeps read(to: IoDestination): i64 {
    if (to.remaining < 8) return -Errno.EINVAL;
    while (this.count == 0) {
      if (((this.flags | to.callFlags) & O_NONBLOCK) != 0) return -Errno.EAGAIN;
      const waited = waitOn(this.readable);
      if (waited < 0) return waited;
    }
    const taken: u64 = this.isSemaphore ? 1 : this.count;
    this.count -= taken;
    this.writable.wakeOne();
    const eight = new StaticArray<u8>(8);
    writeU64(eight, 0, taken);
    const moved = to.putBytes(eight, 0, 8);
    return moved < 8 ? -Errno.EFAULT : 8;
  }

  /** Each segment of a vector is a write of its own; one longer than a number is the last. */
  @sleeps write(from: IoSource): i64 {
    let total: i64 = 0;
    while (true) {
      const length = from.segmentLength();
      const added = length < 8 ? <i64>-Errno.EINVAL : this.add(from);
      if (added < 0) return total != 0 ? total : added;
      total += added;
      if (length > 8 || from.remaining == 0) return total;
    }
  }

  @sleeps private add(from: IoSource): i64 {
    const taken = from.takeU64();
    if (taken < 0) return taken;
    const added = from.value;
    if (added == CEILING) return -Errno.EINVAL;
    while (CEILING - 1 - this.count < added) {
      if (this.isNonBlocking) return -Errno.EAGAIN;
      const waited = waitOn(this.writable);
      if (waited < 0) return waited;
    }
    this.count += added;
    this.readable.wakeOne();
    return 8;
  }

  poll(poller: Poller | null): u32 {
    if (poller !== null) {
      poller.watch(this.readable);
      poller.watch(this.writable);
    }
    let mask: u32 = 0;
    if (this.count > 0) mask |= PollEvent.IN;
    if (this.count == CEILING) mask |= PollEvent.ERR;
    if (this.count < CEILING - 1) mask |= PollEvent.OUT;
    return mask;
  }

  /** There is no position, but asking for it is no error (noop_llseek). */
  seek(offset: i64, whence: u32): i64 {
    return 0;
  }

  description(): StaticArray<u8> | null {
    return NAME;
  }

  details(): StaticArray<u8> | null {
    return new ByteBuilder(40).append("eventfd-count: ").appendHexPadded(this.count, 16).newline().toBytes();
  }
}
