// Dentries: names in directories, kept in one hash table so that a path walk costs one look-up a component.
//
// A dentry without an inode is a negative entry: the name is known not to exist. `references` counts open files,
// working directories, mounts and child dentries; only entries without references may be dropped (dentry-cache.ts).
// A dentry that lost its name while referenced (unlinked, replaced) is unhashed and marked DELETED; its name stays
// for /proc/PID/fd. Nothing here sleeps.

import { Counted } from "../../runtime/containers/counted";
import { Inode } from "../inode/inode";

@final
export class Dentry extends Counted {
  /** In the hash table: a walk finds it. */
  @inline static readonly HASHED: u32 = 1;
  /** The name was removed while somebody still used the dentry. */
  @inline static readonly DELETED: u32 = 2;
  /** The parent's inode is asked before each use (Inode.revalidate): procfs. */
  @inline static readonly REVALIDATE: u32 = 4;
  /** Used since the cache last looked for entries to drop. */
  @inline static readonly TOUCHED: u32 = 8;
  /** Has no name in any directory (root of a file system, memfd, O_TMPFILE). */
  @inline static readonly NAMELESS: u32 = 16;

  /** O_TMPFILE without O_EXCL: linkat(2) may give the file its first name. */
  @inline static readonly LINKABLE: u32 = 32;

  name: StaticArray<u8>;
  /** The directory; a root is its own parent. */
  parent!: Dentry;
  @kept inode: Inode | null = null;
  /** Hash of parent and name. */
  hash: u32 = 0;
  /** Identity in hashes of children. */
  readonly id: u32;
  flags: u32 = 0;
  /** Mounts on top of this dentry, of whatever parent mount (mount.ts finds them). */
  mountCount: i32 = 0;
  /** Chain of the hash bucket. */
  hashNext: Dentry | null = null;
  /** Ring of entries that may be dropped, oldest first; maintained by dentry-cache.ts. */
  agePrevious: Dentry | null = null;
  ageNext: Dentry | null = null;

  /** A negative dentry; `parent` null makes a root or nameless one. Not yet in the cache. */
  constructor(name: StaticArray<u8>, parent: Dentry | null, id: u32) {
    super(0);
    this.name = name;
    this.id = id;
    if (parent === null) {
      this.parent = this;
      this.flags = Dentry.NAMELESS;
    } else {
      this.parent = parent;
      parent.retain();
    }
  }

  /** Makes the dentry positive: the name leads to this inode. */
  attach(inode: Inode): void {
    this.inode = inode;
  }

  /** An entry that has lost its place in the cache lets go of its directory with its last user. */
  release(): void {
    if (this.drop() && (this.flags & (Dentry.HASHED | Dentry.NAMELESS)) == 0) this.parent.release();
  }

  @inline get isHashed(): bool {
    return (this.flags & Dentry.HASHED) != 0;
  }

  /** True once the name was removed. A root is never deleted. */
  @inline get isDeleted(): bool {
    return (this.flags & Dentry.DELETED) != 0;
  }

  @inline get isLinkable(): bool {
    return (this.flags & Dentry.LINKABLE) != 0;
  }

  @inline get isRoot(): bool {
    return this.parent === this;
  }

  /** True if this is `ancestor` or lies below it. */
  isWithin(ancestor: Dentry): bool {
    let at: Dentry = this;
    while (true) {
      if (at === ancestor) return true;
      if (at.parent === at) return false;
      at = at.parent;
    }
  }
}
