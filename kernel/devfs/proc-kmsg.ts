// /proc/kmsg: the kernel log as syslog(2) action 2 returns it: what is read is gone for other readers (proc(5)).
// Reading sleeps until there is something, unless O_NONBLOCK.

import { Errno } from "../abi/errno";
import { S_IFREG } from "../abi/stat";
import { IoDestination } from "../mm/user/io-buffer";
import { addProcInode } from "../procfs/proc-text";
import { SyntheticInode } from "../procfs/synthetic";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { syslogHasUnread, syslogRead } from "../runtime/log/log-reader";
import { Poller } from "../sync/poll";
import { waitOn } from "../sync/sleep";
import { Capability } from "../vfs/credentials";
import { FileSystem } from "../vfs/inode/file-system";
import { Inode } from "../vfs/inode/inode";
import { OpenFile } from "../vfs/file/open-file";
import { OpenRequest } from "../vfs/inode/open-request";
import { logReaders } from "./kmsg";
import { PollEvent } from "../abi/poll";
import { currentTask } from "../task/current";

/** Most bytes of one read. */
const READ_LIMIT: u64 = 0x4000;

@final
class ProcKmsgFile extends OpenFile {
  private readonly text: ByteBuilder = new ByteBuilder(512);

  @sleeps read(to: IoDestination): i64 {
    if (to.remaining == 0) return 0;
    while (true) {
      const length = syslogRead(this.text.clear(), <i32>min<u64>(to.remaining, READ_LIMIT));
      if (length > 0) return to.putBytes(this.text.data, 0, length);
      if (this.isNonBlocking) return -Errno.EAGAIN;
      const waited = waitOn(logReaders);
      if (waited < 0) return waited;
    }
  }

  poll(poller: Poller | null): u32 {
    if (poller !== null) poller.watch(logReaders);
    return syslogHasUnread() ? PollEvent.IN | PollEvent.RDNORM : 0;
  }
}

@final
class ProcKmsgInode extends SyntheticInode {
  open(request: OpenRequest): i32 {
    if (!currentTask().credentials.has(Capability.SYSLOG)) return -Errno.EPERM;
    request.file = new ProcKmsgFile(request.flags);
    return 0;
  }
}

function makeInode(fileSystem: FileSystem): Inode {
  return new ProcKmsgInode(fileSystem, S_IFREG | 0o400);
}

/** Adds the file; before procfs is first mounted. */
export function registerProcKmsg(): void {
  addProcInode("", "kmsg", makeInode);
}
