// Mounts: where file systems are attached in the tree (mount(2), umount2(2)).
//
// `references` counts open files, roots and working directories, path results in use and child mounts; plain
// umount fails with EBUSY while it is above zero. A detached mount lives on until its users are gone (MNT_DETACH).
// Propagation: every mount is private. Nothing here sleeps except FileSystem.shutDown through release.

import { Errno } from "../../abi/errno";
import { MNT_DETACH, MNT_EXPIRE } from "../../abi/stat";
import { Counted } from "../../runtime/containers/counted";
import { Dentry } from "./dentry";
import { dropDentriesOf } from "./dentry-cache";
import { FileSystem } from "../inode/file-system";

/** Mount flags: MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_NOATIME, MS_NODIRATIME, MS_RELATIME, MS_NOSYMFOLLOW. */
@final
export class Mount extends Counted {
  /** mnt_id of /proc/self/mountinfo and statx. */
  readonly id: i32;
  readonly fileSystem: FileSystem;
  /** The directory (or file, bind mounts) of the file system that shows here. */
  readonly root: Dentry;
  /** The mount this one lies on; null for the root and for detached mounts. */
  parent: Mount | null = null;
  /** The tree it is attached in. */
  namespace: MountNamespace | null = null;
  /** The covered dentry in `parent`. */
  mountpoint: Dentry | null = null;
  flags: u64;
  /** Mounts directly on this one. */
  childCount: i32 = 0;
  isDetached: bool = false;
  /** umount2(MNT_EXPIRE) found it unused, and nobody has used it since. */
  isExpiring: bool = false;
  /** Chain of the hash bucket of parent and mountpoint. */
  hashNext: Mount | null = null;

  constructor(fileSystem: FileSystem, root: Dentry, flags: u64) {
    super(0);
    this.id = nextMountId++;
    this.fileSystem = fileSystem;
    this.root = root;
    this.flags = flags;
    root.retain();
    fileSystem.mountCount++;
  }

  /** Retains it for a use, which ends the wait of MNT_EXPIRE. */
  @inline hold(): void {
    this.retain();
    this.isExpiring = false;
  }

  @inline release(): void {
    if (this.drop() && this.isDetached) this.finish();
  }

  private finish(): void {
    this.end();
    finishMount(this);
  }

  /** True if the mount or the file system refuses writing (EROFS). */
  @inline get isReadOnly(): bool {
    return (this.flags & 1) != 0 || this.fileSystem.isReadOnly;
  }
}

/** A power of two. */
@inline const COVER_BUCKETS: u32 = 256;
@kernelLock let nextMountId: i32 = 1;
/** The tree of mounts that a process sees. One such tree so far (kernel/task/process.ts, initialNamespaces). */
@final
export class MountNamespace {
  /** The first mount. */
  @kept root: Mount | null = null;
  /** All attached mounts in the order they were made: the order of /proc/mounts. */
  readonly mounts: Mount[] = [];

  /** Makes the first mount: the root of the tree. */
  mountRoot(fileSystem: FileSystem, flags: u64): Mount {
    const mount = new Mount(fileSystem, fileSystem.root!, flags);
    mount.hold();
    this.add(mount);
    this.root = mount;
    return mount;
  }

  add(mount: Mount): void {
    this.mounts.push(mount);
    mount.namespace = this;
  }

  remove(mount: Mount): void {
    const index = this.mounts.indexOf(mount);
    if (index >= 0) this.mounts.splice(index, 1);
    mount.namespace = null;
  }
}

/** Attached mounts by what they lie on: bucket `coverBucket` of parent and mountpoint. */
@kernelLock const covers: StaticArray<Mount | null> = new StaticArray<Mount | null>(COVER_BUCKETS);

@inline function coverBucket(parent: Mount, dentry: Dentry): u32 {
  return (dentry.id + <u32>parent.id * 31) & (COVER_BUCKETS - 1);
}

/** The mount on top of `dentry` as seen in `parent`, or null. Ask only where `dentry.mountCount` is not 0. */
export function findMountOn(parent: Mount, dentry: Dentry): Mount | null {
  let mount = covers[coverBucket(parent, dentry)];
  while (mount !== null) {
    if (mount.mountpoint === dentry && mount.parent === parent) return mount;
    mount = mount.hashNext;
  }
  return null;
}

/** Attaches a mount on top of `dentry` in `parent`. */
export function attachMount(mount: Mount, parent: Mount, dentry: Dentry): void {
  linkMount(mount, parent, dentry);
  const namespace = parent.namespace;
  if (namespace !== null) namespace.add(mount);
}

function linkMount(mount: Mount, parent: Mount, dentry: Dentry): void {
  mount.parent = parent;
  mount.mountpoint = dentry;
  mount.isDetached = false;
  parent.hold();
  parent.childCount++;
  dentry.retain();
  dentry.mountCount++;
  const bucket = coverBucket(parent, dentry);
  mount.hashNext = covers[bucket];
  covers[bucket] = mount;
}

function unlinkMount(mount: Mount): void {
  const dentry = mount.mountpoint;
  const parent = mount.parent;
  if (dentry === null || parent === null) return;
  const bucket = coverBucket(parent, dentry);
  let other = covers[bucket];
  if (other === mount) {
    covers[bucket] = mount.hashNext;
  } else {
    while (other !== null && other.hashNext !== mount) other = other.hashNext;
    if (other !== null) other.hashNext = mount.hashNext;
  }
  mount.hashNext = null;
  dentry.mountCount--;
  mount.mountpoint = null;
  mount.parent = null;
  dentry.release();
  parent.childCount--;
  parent.release();
}

/** Moves an attached mount to another place (MS_MOVE). The caller checked that the target is not below it. */
export function moveMount(mount: Mount, parent: Mount, dentry: Dentry): void {
  unlinkMount(mount);
  linkMount(mount, parent, dentry);
}

/**
 * Bind mount: shows `from` (a place of `mount`) at another place as well; with `isDeep` also the mounts below it.
 */
export function bindTree(mount: Mount, from: Dentry, parent: Mount, at: Dentry, isDeep: bool): void {
  const namespace = parent.namespace;
  if (namespace === null) return;
  const mounts = namespace.mounts;
  const count = mounts.length;
  const top = new Mount(mount.fileSystem, from, mount.flags);
  attachMount(top, parent, at);
  if (!isDeep) return;
  for (let i = 0; i < count; i++) {
    const child = mounts[i];
    const mountpoint = child.mountpoint;
    if (child.parent !== mount || mountpoint === null || child === top) continue;
    if (mountpoint.isWithin(from)) bindTree(child, child.root, top, mountpoint, true);
  }
}

/** True if `mount` is `ancestor` or mounted somewhere below it. */
export function isMountWithin(mount: Mount, ancestor: Mount): bool {
  let at: Mount | null = mount;
  while (at !== null) {
    if (at === ancestor) return true;
    at = at.parent;
  }
  return false;
}

/**
 * umount2(2) of an attached mount that is not the root. -EBUSY while used, unless MNT_DETACH. MNT_EXPIRE: the first time
 * -EAGAIN, and success if nobody has used it until the next.
 */
export function detachMount(mount: Mount, flags: u32): i32 {
  if (mount.parent === null) return -Errno.EINVAL;
  if ((flags & MNT_DETACH) == 0 && mount.references > 0) return -Errno.EBUSY;
  if ((flags & MNT_EXPIRE) != 0 && !mount.isExpiring) {
    mount.isExpiring = true;
    return -Errno.EAGAIN;
  }
  detachTree(mount);
  return 0;
}

/** Detaches a mount and all below it, deepest first. */
function detachTree(mount: Mount): void {
  const namespace = mount.namespace;
  if (namespace !== null) {
    const mounts = namespace.mounts;
    for (let i = mounts.length - 1; i >= 0 && mount.childCount > 0; i--) {
      if (i < mounts.length && mounts[i].parent === mount) {
        detachTree(mounts[i]);
        i = mounts.length;
      }
    }
    namespace.remove(mount);
  }
  mount.hold();
  unlinkMount(mount);
  mount.isDetached = true;
  mount.release();
}

function finishMount(mount: Mount): void {
  const fileSystem = mount.fileSystem;
  mount.root.release();
  if (--fileSystem.mountCount > 0) return;
  dropDentriesOf(fileSystem.root!);
  fileSystem.shutDown();
}
