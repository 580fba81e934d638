// Locks on the files of one inode: flock(2), POSIX record locks and open-file-description locks (fcntl(2)).
// All are advisory. A lock belongs to an owner object: the open file description (flock, OFD) or the descriptor table
// of the process (POSIX). Waiting for a lock sleeps.

import { FdTable } from "./fd-table";
import { OpenFile } from "./open-file";

@final
export class InodeLocks {
  /** The description is gone: its flock and OFD locks with it. */
  fileReleased(file: OpenFile): void {}

  /** The process closed one of its descriptors of the file: its POSIX locks on it go. */
  descriptorClosed(table: FdTable): void {}
}
