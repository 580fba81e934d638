// Open directories and O_PATH descriptors: descriptions without data of their own. Reading entries may sleep.

import { Errno } from "../../abi/errno";
import { SEEK_CUR, SEEK_SET } from "../../abi/fcntl";
import { IoDestination, IoSource } from "../../mm/user/io-buffer";
import { Poller } from "../../sync/poll";
import { DirectorySink } from "./directory-sink";
import { touchAccess } from "../inode/file-times";
import { OpenFile } from "./open-file";
import { PollEvent } from "../../abi/poll";

/** An open directory. `position` is the d_off of the next entry. */
@final
export class DirectoryFile extends OpenFile {
  read(to: IoDestination): i64 {
    return -Errno.EISDIR;
  }

  readAt(position: i64, to: IoDestination): i64 {
    return -Errno.EISDIR;
  }

  write(from: IoSource): i64 {
    return -Errno.EBADF;
  }

  canSeek(): bool {
    return true;
  }

  seek(offset: i64, whence: u32): i64 {
    let target = offset;
    if (whence == SEEK_CUR) target += this.position;
    else if (whence != SEEK_SET) return -Errno.EINVAL;
    if (target < 0) return -Errno.EINVAL;
    this.position = target;
    return target;
  }

  canPoll(): bool {
    return false;
  }

  @sleeps readDirectory(sink: DirectorySink): i32 {
    const inode = this.inode;
    const mount = this.mount;
    if (inode === null || mount === null) return -Errno.ENOTDIR;
    const lock = inode.lock;
    lock.lock();
    sink.position = this.position;
    const result = inode.nlink == 0 ? -Errno.ENOENT : inode.readDirectory(sink);
    this.position = sink.position;
    lock.unlock();
    touchAccess(mount, inode);
    return result;
  }

  synchronize(): i32 {
    const inode = this.inode;
    return inode === null ? -Errno.EINVAL : inode.synchronize();
  }
}

/** A place in the tree, nothing more (O_PATH): every operation on contents is refused by its caller with EBADF. */
@final
export class PathFile extends OpenFile {
  /** POLLNVAL: as if the descriptor were not open. */
  poll(poller: Poller | null): u32 {
    return PollEvent.NVAL;
  }
}
