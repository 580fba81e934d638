// From a mount and a dentry back to a path: getcwd(2), /proc/PID/fd, /proc/PID/maps, /proc/mounts.
// Nothing here sleeps; text goes to the caller's builder.

import { ByteBuilder } from "../../runtime/text/byte-builder";
import { Dentry } from "./dentry";
import { Mount } from "./mount";
import { OpenFile } from "../file/open-file";

const SLASH: u32 = 0x2f;
/** Deeper names are cut (paths beyond PATH_MAX cannot be used anyway); bounds the array of the names on the way. */
const DEPTH_LIMIT: i32 = 2048;

/** The names on the way up; used within one call, which does not sleep. */
@scratch const way: StaticArray<Dentry | null> = new StaticArray<Dentry | null>(DEPTH_LIMIT);

/**
 * Appends the absolute path of a place as seen from a root. False if the way up does not lead to that root (detached
 * mount, place outside a chroot): the path is then relative to wherever it ended.
 */
export function appendPath(mount: Mount, dentry: Dentry, rootMount: Mount, rootDentry: Dentry, to: ByteBuilder): bool {
  let depth = 0;
  let isReached = true;
  let atMount = mount;
  let at = dentry;
  while (depth < DEPTH_LIMIT && !(at === rootDentry && atMount === rootMount)) {
    if (at === atMount.root) {
      const parent = atMount.parent;
      const mountpoint = atMount.mountpoint;
      if (parent === null || mountpoint === null) {
        isReached = false;
        break;
      }
      atMount = parent;
      at = mountpoint;
      continue;
    }
    if (at.isRoot) {
      isReached = false;
      break;
    }
    way[depth++] = at;
    at = at.parent;
  }
  appendWay(depth, to);
  return isReached;
}

/** Appends the first `depth` names of `way`, the last one first, and forgets them. */
function appendWay(depth: i32, to: ByteBuilder): void {
  if (depth == 0) to.appendByte(SLASH);
  for (let i = depth - 1; i >= 0; i--) {
    const step = way[i];
    way[i] = null;
    if (step !== null) to.appendByte(SLASH).appendBytes(step.name);
  }
}

/** Appends the path of a mount's own tree root for /proc/self/mountinfo: the directory shown, within its file system. */
export function appendPathInFileSystem(dentry: Dentry, to: ByteBuilder): void {
  let depth = 0;
  let at = dentry;
  while (depth < DEPTH_LIMIT && !at.isRoot) {
    way[depth++] = at;
    at = at.parent;
  }
  appendWay(depth, to);
}

/** Appends what /proc/PID/fd/N and /proc/PID/maps show of an open file, as seen from the system's root. */
export function describePath(file: OpenFile, to: ByteBuilder): void {
  const own = file.description();
  if (own !== null) {
    to.appendBytes(own);
    return;
  }
  const mount = file.mount;
  const dentry = file.dentry;
  if (mount === null || dentry === null) return;
  describePlace(mount, dentry, to);
}

/** Appends the path of a place from the topmost mount, with " (deleted)" when its name is gone. */
export function describePlace(mount: Mount, dentry: Dentry, to: ByteBuilder): void {
  let top = mount;
  let parent = top.parent;
  while (parent !== null) {
    top = parent;
    parent = top.parent;
  }
  if (dentry.isRoot && dentry.name.length > 0) {
    to.appendByte(SLASH);
    to.appendBytes(dentry.name);
  } else {
    appendPath(mount, dentry, top, top.root, to);
  }
  if (dentry.isDeleted) to.append(" (deleted)");
}
