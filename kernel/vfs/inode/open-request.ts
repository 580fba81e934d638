// OpenRequest: what Inode.open gets and returns. One belongs to each PathWalk and is reused.
//
// Inodes lie below open file descriptions and need to know nothing of them but that they are made here: Description is
// their base. kernel/vfs/file/open-file.ts has the one subclass and gives the result back as that (`openedFile`).

import { Counted } from "../../runtime/containers/counted";

/** An open file description, as inodes see it. */
export abstract class Description extends Counted {
  constructor() {
    super(1);
  }
}

/** Inode.open: a device or FIFO, to be opened by whoever registered for its type (kernel/vfs/file/special-files.ts). */
@inline export const OPEN_BY_TYPE: i32 = 1;

@final
export class OpenRequest {
  /** O_* as given to open(2), without O_CREAT, O_EXCL, O_NOCTTY and O_TRUNC once they are done; O_NOCTTY stays. */
  flags: u32 = 0;
  /** The result: Inode.open stores the new description here. */
  file: Description | null = null;

  clear(): void {
    this.file = null;
  }
}
