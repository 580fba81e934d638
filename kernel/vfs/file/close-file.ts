// What closing one descriptor does beyond dropping a reference: POSIX record locks that the process holds on the
// file go with any of its descriptors (fcntl(2), "Advisory record locking"). Does not sleep.

import { FdTable } from "./fd-table";
import { OpenFile } from "./open-file";

/** Lets go of the reference that a descriptor of `table` held. */
export function closeFile(table: FdTable, file: OpenFile): void {
  const inode = file.inode;
  if (inode !== null) {
    const locks = inode.locks;
    if (locks !== null && !file.isPath) locks.descriptorClosed(table);
  }
  file.release();
}
