// FsContext: root directory, working directory and file-mode mask of one task or of several (CLONE_FS).
// Counted explicitly, because its directories keep mounts busy. Nothing here sleeps.

import { Dentry } from "./dentry";
import { Mount } from "./mount";

@final
export class FsContext {
  rootMount: Mount;
  rootDentry: Dentry;
  cwdMount: Mount;
  cwdDentry: Dentry;
  umask: u32 = 0o022;
  /** Tasks that share this context. */
  references: i32 = 1;

  /** A context whose root and working directory are that of `mount`. */
  constructor(mount: Mount, directory: Dentry) {
    this.rootMount = mount;
    this.rootDentry = directory;
    this.cwdMount = mount;
    this.cwdDentry = directory;
    for (let i = 0; i < 2; i++) {
      mount.retain();
      directory.retain();
    }
  }

  /** A context of its own for fork(2) without CLONE_FS, and for unshare(CLONE_FS). */
  copy(): FsContext {
    const other = new FsContext(this.rootMount, this.rootDentry);
    other.setCwd(this.cwdMount, this.cwdDentry);
    other.umask = this.umask;
    return other;
  }

  /** One more task shares it. */
  retain(): FsContext {
    this.references++;
    return this;
  }

  /** A task left it (exit, unshare). */
  release(): void {
    if (--this.references > 0) return;
    this.rootDentry.release();
    this.rootMount.release();
    this.cwdDentry.release();
    this.cwdMount.release();
  }

  setCwd(mount: Mount, directory: Dentry): void {
    mount.retain();
    directory.retain();
    this.cwdDentry.release();
    this.cwdMount.release();
    this.cwdMount = mount;
    this.cwdDentry = directory;
  }

  setRoot(mount: Mount, directory: Dentry): void {
    mount.retain();
    directory.retain();
    this.rootDentry.release();
    this.rootMount.release();
    this.rootMount = mount;
    this.rootDentry = directory;
  }
}
