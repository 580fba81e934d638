// What execve(2) does to credentials: set-user-ID and set-group-ID files, capability sets (capabilities(7), "Transformation of
// capabilities during execve"), and whether the program runs in secure mode. Nothing here sleeps.

import { MS_NOSUID, S_ISGID, S_ISUID } from "../../abi/stat";
import { Credentials } from "../../vfs/credentials";
import { Inode } from "../../vfs/inode/inode";
import { Mount } from "../../vfs/path/mount";
import { Task } from "../task";

export namespace SecureBit {
  @inline export const NOROOT: u32 = 1;
  @inline export const NO_SETUID_FIXUP: u32 = 4;
  @inline export const KEEP_CAPS: u32 = 16;
  @inline export const NO_CAP_AMBIENT_RAISE: u32 = 64;
}

@final
export class ExecCredentials {
  credentials: Credentials;
  /** AT_SECURE */
  isSecure: bool = false;
  /** Ids or capabilities changed: the process is not dumpable and gets no parent-death signal. */
  isRaised: bool = false;

  /** Credentials of `task` after executing the file. */
  constructor(task: Task, inode: Inode, mount: Mount) {
    const old = task.credentials;
    const changed = old.copy();
    this.credentials = changed;
    if ((mount.flags & MS_NOSUID) == 0 && !task.noNewPrivileges) setIds(changed, inode);
    changed.suid = changed.euid;
    changed.fsuid = changed.euid;
    changed.sgid = changed.egid;
    changed.fsgid = changed.egid;
    const hasChangedIds = changed.euid != old.euid || changed.egid != old.egid;
    transformCapabilities(changed, old, hasChangedIds);
    changed.secureBits &= ~SecureBit.KEEP_CAPS;
    this.isRaised = hasChangedIds || (changed.permitted & ~old.permitted) != 0;
    this.isSecure = changed.uid != changed.euid || changed.gid != changed.egid
      || (changed.uid != 0 && (changed.effective & ~changed.ambient) != 0);
  }
}

function setIds(credentials: Credentials, inode: Inode): void {
  const mode = inode.mode;
  if ((mode & S_ISUID) != 0) credentials.euid = inode.uid;
  // Without group execution the bit means mandatory locking, historically.
  if ((mode & (S_ISGID | 0o010)) == (S_ISGID | 0o010)) credentials.egid = inode.gid;
}

/** Files have no capabilities of their own here; root gets all, as without SECBIT_NOROOT. */
function transformCapabilities(changed: Credentials, old: Credentials, hasChangedIds: bool): void {
  const isRootful = (old.secureBits & SecureBit.NOROOT) == 0;
  if (hasChangedIds) changed.ambient = 0;
  if (isRootful && (changed.euid == 0 || changed.uid == 0)) {
    changed.permitted = changed.bounding | changed.inheritable;
    changed.effective = changed.euid == 0 ? changed.permitted : 0;
    if (changed.euid != 0) changed.effective = changed.ambient;
    return;
  }
  changed.permitted = changed.ambient;
  changed.effective = changed.ambient;
}
