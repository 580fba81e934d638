// FsContext: root directory, working directory and file-mode mask of one task or of several (CLONE_FS).
// Counted by the tasks that share it, because its directories keep mounts busy. Nothing here sleeps.

import { Counted } from "../../runtime/containers/counted";
import { Dentry } from "./dentry";
import { Mount } from "./mount";

@final
export class FsContext extends Counted {
  rootMount: Mount;
  rootDentry: Dentry;
  cwdMount: Mount;
  cwdDentry: Dentry;
  umask: u32 = 0o022;

  /** A context whose root and working directory are that of `mount`. */
  constructor(mount: Mount, directory: Dentry) {
    super(1);
    this.rootMount = mount;
    this.rootDentry = directory;
    this.cwdMount = mount;
    this.cwdDentry = directory;
    for (let i = 0; i < 2; i++) {
      mount.hold();
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

  /** For one more task that shares it. */
  share(): FsContext {
    this.retain();
    return this;
  }

  /** A task left it (exit, unshare). */
  release(): void {
    if (!this.drop()) return;
    this.end();
    this.rootDentry.release();
    this.rootMount.release();
    this.cwdDentry.release();
    this.cwdMount.release();
  }

  setCwd(mount: Mount, directory: Dentry): void {
    mount.hold();
    directory.retain();
    this.cwdDentry.release();
    this.cwdMount.release();
    this.cwdMount = mount;
    this.cwdDentry = directory;
  }

  setRoot(mount: Mount, directory: Dentry): void {
    mount.hold();
    directory.retain();
    this.rootDentry.release();
    this.rootMount.release();
    this.rootMount = mount;
    this.rootDentry = directory;
  }
}
