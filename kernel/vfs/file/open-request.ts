// OpenRequest: what Inode.open gets and returns. One belongs to each PathWalk and is reused.

import { Credentials } from "../credentials";
import { Dentry } from "../path/dentry";
import { Inode } from "../inode/inode";
import { Mount } from "../path/mount";
import { OpenFile } from "./open-file";

@final
export class OpenRequest {
  /** Where the file was found; null for objects without a name (pipe(2), memfd). */
  mount: Mount | null = null;
  dentry: Dentry | null = null;
  /** O_* as given to open(2), without O_CREAT, O_EXCL, O_NOCTTY and O_TRUNC once they are done; O_NOCTTY stays. */
  flags: u32 = 0;
  credentials: Credentials | null = null;
  /** The result: Inode.open stores the new description here. */
  file: OpenFile | null = null;

  /** Opens the inode with this request: 0 and `file`, or -errno. May sleep. */
  openInode(inode: Inode): i32 {
    this.file = null;
    return inode.open(this);
  }

  clear(): void {
    this.mount = null;
    this.dentry = null;
    this.credentials = null;
    this.file = null;
  }
}
