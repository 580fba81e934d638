// /dev/kmsg: the kernel log as records (one a read), and a way for programs to write into it. Also the queue that
// readers of the log wait on (syslog(2), /proc/kmsg). Format: Documentation/ABI/testing/dev-kmsg of Linux.

import { Errno } from "../abi/errno";
import { IoDestination, IoSource } from "../mm/user/io-buffer";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { LogListener, addLogListener, logRange } from "../runtime/log/log";
import { KmsgReader } from "../runtime/log/log-reader";
import { Poller } from "../sync/poll";
import { waitOn } from "../sync/sleep";
import { WaitQueue } from "../sync/wait-queue";
import { Inode } from "../vfs/inode/inode";
import { OpenFile } from "../vfs/file/open-file";
import { OpenRequest } from "../vfs/inode/open-request";
import { SpecialFileOpener } from "../vfs/file/special-files";
import { SEEK_DATA, SEEK_END, SEEK_SET } from "../abi/fcntl";
import { PollEvent } from "../abi/poll";

/** Longest line a program may write. */
const LINE_LIMIT: i32 = 992;
const FACILITY_USER: u32 = 1;
const DEFAULT_LEVEL: u32 = 4;

/** Woken at each new record. */
@kernelLock export const logReaders = new WaitQueue();

@final
class WakeReaders extends LogListener {
  recordAdded(): void {
    logReaders.wakeAll();
  }
}

/** Lets new records wake readers. Once, at boot. */
export function watchLog(): void {
  addLogListener(new WakeReaders());
}

@final
class KmsgFile extends OpenFile {
  private readonly reader: KmsgReader = new KmsgReader();
  private readonly text: ByteBuilder = new ByteBuilder(256);

  @sleeps read(to: IoDestination): i64 {
    while (true) {
      const length = this.reader.read(this.text, <i32>min<u64>(to.remaining, 0x7fff_ffff));
      if (length >= 0) {
        const put = to.putBytes(this.text.data, 0, length);
        return put < <i64>length ? -Errno.EFAULT : put;
      }
      if (length != -Errno.EAGAIN || this.isNonBlocking) return length;
      const waited = waitOn(logReaders);
      if (waited < 0) return waited;
    }
  }

  @sleeps write(from: IoSource): i64 {
    const length = from.remaining;
    if (length > <u64>LINE_LIMIT) return -Errno.EINVAL;
    const bytes = new StaticArray<u8>(<i32>length);
    const taken = from.takeToBytes(bytes, 0, <i32>length);
    if (taken < <i64>length) return -Errno.EFAULT;
    let priority = FACILITY_USER * 8 + DEFAULT_LEVEL;
    let start = 0;
    if (length > 2 && bytes[0] == 0x3c) {
      let value: u32 = 0;
      let at = 1;
      while (at < <i32>length && at < 8 && <u32>bytes[at] - 0x30 < 10) value = value * 10 + (<u32>bytes[at++] - 0x30);
      if (at > 1 && at < <i32>length && bytes[at] == 0x3e) {
        const facility = (value >> 3) & 0xff;
        priority = (facility != 0 ? facility : FACILITY_USER) * 8 + (value & 7);
        start = at + 1;
      }
    }
    logRange(priority, bytes, start, <i32>length - start);
    return <i64>length;
  }

  seek(offset: i64, whence: u32): i64 {
    if (offset != 0) return -Errno.ESPIPE;
    switch (whence) {
      case SEEK_SET: this.reader.seekFirst(); return 0;
      case SEEK_DATA: this.reader.seekCleared(); return 0;
      case SEEK_END: this.reader.seekEnd(); return 0;
      default: return -Errno.EINVAL;
    }
  }

  poll(poller: Poller | null): u32 {
    if (poller !== null) poller.watch(logReaders);
    let events = PollEvent.OUT | PollEvent.WRNORM;
    if (this.reader.isReadable) events |= PollEvent.IN | PollEvent.RDNORM;
    if (this.reader.hasLostRecords) events |= PollEvent.ERR | PollEvent.PRI;
    return events;
  }
}

@final
export class KmsgOpener extends SpecialFileOpener {
  open(inode: Inode, request: OpenRequest): i32 {
    request.file = new KmsgFile(request.flags);
    return 0;
  }
}
