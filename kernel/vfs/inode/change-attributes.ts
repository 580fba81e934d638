// chmod(2), chown(2), utimensat(2), truncate(2): who may change what, and what changes along with it (set-id bits).
// The callers have resolved the file and checked that the mount is writable. May sleep, for the inode's lock and in the
// file system.

import { Errno } from "../../abi/errno";
import { S_ISGID, S_ISUID } from "../../abi/stat";
import { realtimeNs } from "../../time/clock";
import { AttributeChange, Change } from "./attributes";
import { Capability, Credentials } from "../credentials";
import { Inode } from "./inode";
import { MAY_WRITE, checkInode, isOwnerOrCapable } from "../path/permission";

/** No change of this id (chown(2)). */
@inline export const KEEP_ID: u32 = 0xffffffff;
/** What utimensat(2) may ask for a time stamp besides a moment. */
export namespace TimeChoice {
  @inline export const SET: u32 = 0;
  @inline export const NOW: u32 = 1;
  @inline export const OMIT: u32 = 2;
}

function begin(valid: u32): AttributeChange {
  const change = new AttributeChange();
  change.valid = valid;
  change.changeNs = <i64>realtimeNs();
  return change;
}

/** chmod(2). */
@sleeps export function changeMode(inode: Inode, mode: u32, credentials: Credentials): i32 {
  inode.lock.lock();
  const result = changeModeLocked(inode, mode, credentials);
  inode.lock.unlock();
  return result;
}

function changeModeLocked(inode: Inode, mode: u32, credentials: Credentials): i32 {
  if (!isOwnerOrCapable(inode, credentials)) return -Errno.EPERM;
  const next = begin(Change.MODE);
  next.mode = mode & 0o7777;
  if (!credentials.inGroup(inode.gid) && !credentials.has(Capability.FSETID)) next.mode &= ~S_ISGID;
  return inode.setAttributes(next);
}

/** chown(2); KEEP_ID leaves an id as it is. */
@sleeps export function changeOwner(inode: Inode, uid: u32, gid: u32, credentials: Credentials): i32 {
  inode.lock.lock();
  const result = changeOwnerLocked(inode, uid, gid, credentials);
  inode.lock.unlock();
  return result;
}

function changeOwnerLocked(inode: Inode, uid: u32, gid: u32, credentials: Credentials): i32 {
  const isOwner = inode.uid == credentials.fsuid;
  const isCapable = credentials.has(Capability.CHOWN);
  if (uid != KEEP_ID && !isCapable && !(isOwner && uid == inode.uid)) return -Errno.EPERM;
  if (gid != KEEP_ID && !isCapable && !(isOwner && (gid == inode.gid || credentials.inGroup(gid)))) return -Errno.EPERM;
  let valid: u32 = 0;
  if (uid != KEEP_ID) valid |= Change.UID;
  if (gid != KEEP_ID) valid |= Change.GID;
  const next = begin(valid);
  next.uid = uid;
  next.gid = gid;
  if (!inode.isDirectory) {
    const kept = withoutSetIds(inode, credentials);
    if (kept != (inode.mode & 0o7777)) {
      // Clearing set-id bits is a change of mode, with its rule.
      if (!isOwnerOrCapable(inode, credentials)) return -Errno.EPERM;
      next.valid |= Change.MODE;
      next.mode = kept;
    }
  }
  return inode.setAttributes(next);
}

/** Permission bits left when contents or owner change: no S_ISUID, no S_ISGID on group-executable or foreign files. */
function withoutSetIds(inode: Inode, credentials: Credentials): u32 {
  let mode = inode.mode & 0o7777 & ~S_ISUID;
  if ((mode & S_ISGID) == 0) return mode;
  const isForeign = !credentials.inGroup(inode.gid) && !credentials.has(Capability.FSETID);
  if ((mode & 0o010) != 0 || isForeign) mode &= ~S_ISGID;
  return mode;
}

/** Writing or truncating by an unprivileged caller drops set-id bits (inode(7)). The inode is locked. */
export function dropSetIds(inode: Inode, credentials: Credentials): void {
  if ((inode.mode & (S_ISUID | S_ISGID)) == 0 || inode.isDirectory) return;
  if (credentials.has(Capability.FSETID)) return;
  const kept = withoutSetIds(inode, credentials);
  if (kept == (inode.mode & 0o7777)) return;
  const next = begin(Change.MODE);
  next.mode = kept;
  if (inode.setAttributes(next) < 0) return;
}

/** utimensat(2): times by choice (TimeChoice), in nanoseconds since 1970. */
@sleeps export function changeTimes(
  inode: Inode, accessChoice: u32, accessNs: i64, modifyChoice: u32, modifyNs: i64, credentials: Credentials,
): i32 {
  const now = <i64>realtimeNs();
  const isNow = accessChoice == TimeChoice.NOW && modifyChoice == TimeChoice.NOW;
  if (!isOwnerOrCapable(inode, credentials)) {
    if (!isNow) return -Errno.EPERM;
    const allowed = checkInode(inode, MAY_WRITE, credentials);
    if (allowed < 0) return allowed;
  }
  inode.lock.lock();
  const next = begin(0);
  if (accessChoice != TimeChoice.OMIT) {
    next.valid |= Change.ACCESS_TIME;
    next.accessNs = accessChoice == TimeChoice.NOW ? now : accessNs;
  }
  if (modifyChoice != TimeChoice.OMIT) {
    next.valid |= Change.MODIFY_TIME;
    next.modifyNs = modifyChoice == TimeChoice.NOW ? now : modifyNs;
  }
  const result = inode.setAttributes(next);
  inode.lock.unlock();
  return result;
}

/**
 * truncate(2) of a regular file that the caller may write. Times change if the size does; ftruncate(2) and O_TRUNC touch them anyway.
 * The caller has checked its file-size limit.
 */
@sleeps export function truncateInode(inode: Inode, size: i64, credentials: Credentials): i32 {
  const old = inode.size;
  inode.lock.lock();
  const result = inode.truncate(size);
  if (result == 0 && size != old) inode.touchModified();
  if (result == 0) dropSetIds(inode, credentials);
  inode.lock.unlock();
  return result;
}
