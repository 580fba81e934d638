// /dev/null, /dev/zero and /dev/full (null(4), full(4)).
//
// Reading zeros and discarding are the shortest paths through read(2) and write(2): no allocation, no copies. They
// sleep only as far as user memory faults.

import { Errno } from "../abi/errno";
import { IoDestination, IoSource } from "../mm/user/io-buffer";
import { Inode } from "../vfs/inode/inode";
import { OpenFile } from "../vfs/file/open-file";
import { OpenRequest } from "../vfs/inode/open-request";
import { SpecialFileOpener } from "../vfs/file/special-files";

/** What the three have in common: seeking leads to position 0, and they are always ready but not for epoll. */
abstract class MemoryFile extends OpenFile {
  canSpliceFrom(): bool { return true; }
  canSpliceInto(): bool { return true; }

  canSeek(): bool {
    return true;
  }

  seek(offset: i64, whence: u32): i64 {
    this.position = 0;
    return 0;
  }

  canPoll(): bool {
    return false;
  }

  @sleeps readAt(position: i64, to: IoDestination): i64 {
    return this.read(to);
  }

  @sleeps writeAt(position: i64, from: IoSource): i64 {
    return this.write(from);
  }
}

@final
class NullFile extends MemoryFile {
  canReadNow(): bool { return true; }
  canWriteNow(): bool { return true; }
  canSpliceFrom(): bool { return false; }

  read(to: IoDestination): i64 {
    return 0;
  }

  write(from: IoSource): i64 {
    return <i64>from.skip(from.remaining);
  }
}

@final
class ZeroFile extends MemoryFile {
  canReadNow(): bool { return true; }
  canWriteNow(): bool { return true; }

  @sleeps read(to: IoDestination): i64 {
    return to.putZeros(to.remaining);
  }

  write(from: IoSource): i64 {
    return <i64>from.skip(from.remaining);
  }

  mapsAnonymously(): bool {
    return true;
  }
}

@final
class FullFile extends MemoryFile {
  canSpliceInto(): bool { return false; }

  @sleeps read(to: IoDestination): i64 {
    return to.putZeros(to.remaining);
  }

  write(from: IoSource): i64 {
    return -Errno.ENOSPC;
  }
}

@final
export class NullOpener extends SpecialFileOpener {
  open(inode: Inode, request: OpenRequest): i32 {
    request.file = new NullFile(request.flags);
    return 0;
  }
}

@final
export class ZeroOpener extends SpecialFileOpener {
  open(inode: Inode, request: OpenRequest): i32 {
    request.file = new ZeroFile(request.flags);
    return 0;
  }
}

@final
export class FullOpener extends SpecialFileOpener {
  open(inode: Inode, request: OpenRequest): i32 {
    request.file = new FullFile(request.flags);
    return 0;
  }
}
