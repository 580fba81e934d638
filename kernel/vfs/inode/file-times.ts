// Time stamps of access (mount(8): relatime, noatime, nodiratime). Does not sleep.

import { MS_NOATIME, MS_NODIRATIME, MS_RELATIME } from "../../abi/stat";
import { realtimeNs } from "../../time/clock";
import { Inode } from "./inode";
import { Mount } from "../path/mount";

const DAY_NS: i64 = 86400_000_000_000;

/** Records a read of the file through the mount, as its options say. */
export function touchAccess(mount: Mount, inode: Inode): void {
  const flags = mount.flags;
  if ((flags & (MS_NOATIME | MS_NODIRATIME)) != 0) {
    if ((flags & MS_NOATIME) != 0 || inode.isDirectory) return;
  }
  if (mount.isReadOnly) return;
  const last = inode.accessNs;
  if ((flags & MS_RELATIME) != 0 && last > inode.modifyNs && last > inode.changeNs) {
    const now = <i64>realtimeNs();
    if (now - last < DAY_NS) return;
    inode.accessNs = now;
    return;
  }
  inode.accessNs = <i64>realtimeNs();
}
