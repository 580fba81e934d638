// The directories of tmpfs. Sizes, link counts and time stamps change exactly as Linux reports them: an entry counts
// twenty bytes, a subdirectory adds a link to its parent. Nothing here sleeps.

import { Errno } from "../abi/errno";
import { RENAME_EXCHANGE, RENAME_WHITEOUT } from "../abi/fcntl";
import { S_IFCHR, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG, directoryEntryType } from "../abi/stat";
import { realtimeNs } from "../time/clock";
import { Credentials } from "../vfs/credentials";
import { Dentry } from "../vfs/path/dentry";
import { DirectoryFile } from "../vfs/file/directory-file";
import { DirectorySink } from "../vfs/file/directory-sink";
import { Inode } from "../vfs/inode/inode";
import { OpenRequest } from "../vfs/inode/open-request";
import { DirectoryTable, START_POSITION } from "./directory-table";
import { Tmpfs } from "./tmpfs";
import { TmpfsFile, TmpfsInode, TmpfsSpecial, TmpfsSymlink, symlinkPages } from "./tmpfs-inode";

/** What an entry adds to the size of its directory (BOGO_DIRENT_SIZE). */
const ENTRY_SIZE: i64 = 20;
const DOT_NAME: StaticArray<u8> = [0x2e, 0x2e];

@final
export class TmpfsDirectory extends TmpfsInode {
  readonly entries: DirectoryTable = new DirectoryTable();
  /** The directory above; null in a root. */
  private above: TmpfsDirectory | null;

  constructor(tmpfs: Tmpfs, mode: u32, above: TmpfsDirectory | null) {
    super(tmpfs, mode);
    this.above = above;
    this.nlink = 2;
    this.size = ENTRY_SIZE * 2;
  }

  lookup(name: Dentry): i32 {
    const entry = this.entries.find(name.name);
    if (entry !== null) name.attach(entry.inode);
    return 0;
  }

  createNode(name: Dentry, mode: u32, rdev: u32, owner: Credentials): i32 {
    const reserved = this.tmpfs.reserveInode();
    if (reserved < 0) return reserved;
    const type = mode & S_IFMT;
    if (type == S_IFDIR) {
      this.adopt(name, new TmpfsDirectory(this.tmpfs, mode, this), owner);
      this.nlink++;
    } else if (type == S_IFREG) {
      this.adopt(name, new TmpfsFile(this.tmpfs, mode), owner);
    } else {
      const node = new TmpfsSpecial(this.tmpfs, mode);
      node.rdev = rdev;
      this.adopt(name, node, owner);
    }
    return 0;
  }

  createSymlink(name: Dentry, target: StaticArray<u8>, owner: Credentials): i32 {
    const tmpfs = this.tmpfs;
    const reserved = tmpfs.reserveInode();
    if (reserved < 0) return reserved;
    if (!tmpfs.quota.charge(symlinkPages(target))) {
      tmpfs.releaseInode();
      return -Errno.ENOSPC;
    }
    this.adopt(name, new TmpfsSymlink(this.tmpfs, S_IFLNK | 0o777, target), owner);
    return 0;
  }

  createNameless(name: Dentry, mode: u32, owner: Credentials): i32 {
    const reserved = this.tmpfs.reserveInode();
    if (reserved < 0) return reserved;
    const file = new TmpfsFile(this.tmpfs, mode);
    this.tmpfs.initialiseIn(this, file, owner);
    file.nlink = 0;
    name.attach(file);
    return 0;
  }

  /** A new inode gets its first name. */
  private adopt(name: Dentry, inode: TmpfsInode, owner: Credentials): void {
    this.tmpfs.initialiseIn(this, inode, owner);
    this.addEntry(name.name, inode);
    this.touchModified();
    name.attach(inode);
  }

  private addEntry(name: StaticArray<u8>, inode: Inode): void {
    this.entries.add(name, inode);
    this.size += ENTRY_SIZE;
  }

  private removeEntry(name: StaticArray<u8>): void {
    const entry = this.entries.find(name);
    if (entry === null) return;
    this.entries.remove(entry);
    this.size -= ENTRY_SIZE;
  }

  link(target: Inode, name: Dentry): i32 {
    // Each further name costs an inode, so that names cannot fill memory.
    if (target.nlink > 0) {
      const reserved = this.tmpfs.reserveInode();
      if (reserved < 0) return reserved;
    }
    target.nlink++;
    this.addEntry(name.name, target);
    this.touchModified();
    target.changeNs = this.changeNs;
    name.attach(target);
    return 0;
  }

  unlink(name: Dentry): i32 {
    const inode = name.inode;
    if (inode === null) return -Errno.ENOENT;
    this.removeEntry(name.name);
    this.touchModified();
    this.dropLink(inode);
    return 0;
  }

  /** One name less for a file that is no directory. */
  private dropLink(inode: Inode): void {
    inode.changeNs = <i64>realtimeNs();
    inode.nlink--;
    if (inode.nlink > 0) this.tmpfs.releaseInode();
  }

  removeDirectory(name: Dentry): i32 {
    const inode = name.inode;
    if (!(inode instanceof TmpfsDirectory)) return -Errno.ENOTDIR;
    const directory = <TmpfsDirectory>inode;
    if (directory.entries.count > 0) return -Errno.ENOTEMPTY;
    this.removeEntry(name.name);
    this.nlink--;
    directory.nlink = 0;
    this.touchModified();
    directory.changeNs = this.changeNs;
    return 0;
  }

  rename(from: Dentry, toDirectory: Inode, to: Dentry, flags: u32, owner: Credentials): i32 {
    const inode = from.inode;
    if (inode === null) return -Errno.ENOENT;
    if (!(toDirectory instanceof TmpfsDirectory)) return -Errno.EXDEV;
    const target = <TmpfsDirectory>toDirectory;
    const other = to.inode;
    if ((flags & RENAME_EXCHANGE) != 0) return other === null ? -Errno.ENOENT : this.exchange(from, inode, target, to, other);
    if (other instanceof TmpfsDirectory && (<TmpfsDirectory>other).entries.count > 0) return -Errno.ENOTEMPTY;
    const leavesWhiteout = (flags & RENAME_WHITEOUT) != 0;
    const reserved = leavesWhiteout ? this.tmpfs.reserveInode() : 0;
    if (reserved < 0) return reserved;
    if (other !== null) {
      target.removeEntry(to.name);
      if (other.isDirectory) {
        target.nlink--;
        other.nlink = 0;
        other.touchChanged();
      } else {
        this.dropLink(other);
      }
    }
    this.removeEntry(from.name);
    target.addEntry(to.name, inode);
    if (leavesWhiteout) this.addWhiteout(from.name, owner);
    this.moveAbove(inode, target);
    this.touchRenamed(target, inode);
    return 0;
  }

  /** What overlay file systems leave where a name was: a character device 0:0. Its inode is reserved. */
  private addWhiteout(name: StaticArray<u8>, owner: Credentials): void {
    const whiteout = new TmpfsSpecial(this.tmpfs, S_IFCHR);
    this.tmpfs.initialiseIn(this, whiteout, owner);
    this.addEntry(name, whiteout);
  }

  private exchange(from: Dentry, inode: Inode, target: TmpfsDirectory, to: Dentry, other: Inode): i32 {
    const mine = this.entries.find(from.name);
    const theirs = target.entries.find(to.name);
    if (mine === null || theirs === null) return -Errno.ENOENT;
    mine.inode = other;
    theirs.inode = inode;
    this.moveAbove(inode, target);
    target.moveAbove(other, this);
    this.touchRenamed(target, inode);
    other.changeNs = inode.changeNs;
    return 0;
  }

  /** A directory that went from this one to `target` has another parent. */
  private moveAbove(inode: Inode, target: TmpfsDirectory): void {
    if (!(inode instanceof TmpfsDirectory) || target === this) return;
    (<TmpfsDirectory>inode).above = target;
    this.nlink--;
    target.nlink++;
  }

  private touchRenamed(target: TmpfsDirectory, inode: Inode): void {
    this.touchModified();
    target.modifyNs = this.modifyNs;
    target.changeNs = this.modifyNs;
    inode.changeNs = this.modifyNs;
  }

  open(request: OpenRequest): i32 {
    request.file = new DirectoryFile(request.flags);
    return 0;
  }

  @sleeps readDirectory(sink: DirectorySink): i32 {
    const above = this.above;
    const upward = above === null ? this.number : above.number;
    const type = directoryEntryType(S_IFDIR);
    if (sink.position == 0) {
      if (!sink.put(DOT_NAME, 1, this.number, type, 1)) return 0;
      sink.position = 1;
    }
    if (sink.position == 1) {
      if (!sink.put(DOT_NAME, 2, upward, type, START_POSITION)) return 0;
      sink.position = START_POSITION;
    }
    // Newest first. Once begun, the position is that of the entry given last: what is added meanwhile is not seen.
    const entries = this.entries;
    let index = entries.indexBelow(sink.position);
    let generation = entries.generation;
    while (true) {
      // The sink may sleep: afterwards the index may be out of date, the position never is.
      if (entries.generation != generation) {
        index = entries.indexBelow(sink.position);
        generation = entries.generation;
      }
      const entry = entries.entryAt(index--);
      if (entry === null) break;
      if (sink.position != START_POSITION && entry.position >= sink.position) continue;
      const inode = entry.inode;
      if (!sink.put(entry.name, entry.name.length, inode.number, directoryEntryType(inode.mode), entry.position)) break;
      sink.position = entry.position;
    }
    return 0;
  }
}
