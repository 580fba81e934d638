// Building blocks of file systems whose contents the kernel makes up: text files, directories with fixed or computed
// entries, symbolic links. procfs, sysfs and devpts are made of them.
//
// A text file is generated when a description reads it from position 0, and that description then reads the same
// snapshot until it starts again (seq_file semantics). Nothing here sleeps except what a subclass's `generate` does.

import { Errno } from "../abi/errno";
import { O_ACCMODE, O_TRUNC, SEEK_CUR, SEEK_END, SEEK_SET } from "../abi/fcntl";
import { S_IFDIR, S_IFLNK, S_IFREG } from "../abi/stat";
import { IoDestination, IoSource } from "../mm/user/io-buffer";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { bytesEqual, bytesOf } from "../runtime/text/bytes";
import { realtimeNs } from "../time/clock";
import { AttributeChange } from "../vfs/inode/attributes";
import { Dentry } from "../vfs/path/dentry";
import { DirectoryFile } from "../vfs/file/directory-file";
import { DirectorySink } from "../vfs/file/directory-sink";
import { FileSystem } from "../vfs/inode/file-system";
import { Inode } from "../vfs/inode/inode";
import { OpenFile } from "../vfs/file/open-file";
import { OpenRequest } from "../vfs/inode/open-request";

/** d_type values. */
@inline export const DT_CHR: u32 = 2;
@inline export const DT_DIR: u32 = 4;
@inline export const DT_REG: u32 = 8;
@inline export const DT_LNK: u32 = 10;

/** Longest text that may be written to a file here. */
const WRITE_LIMIT: u64 = 4096;

@kernelLock let nextInodeNumber: u64 = 0xf000_0000;

/** An inode number that no other made-up file has. */
export function takeInodeNumber(): u64 {
  return nextInodeNumber++;
}

/** Common part: times are those of creation, owners root. */
export abstract class SyntheticInode extends Inode {
  constructor(fileSystem: FileSystem, mode: u32) {
    super(fileSystem, mode);
    this.number = takeInodeNumber();
    const now = <i64>realtimeNs();
    this.accessNs = now;
    this.modifyNs = now;
    this.changeNs = now;
  }
}

// ---- text files ---------------------------------------------------------------------------------------------------------

export abstract class TextInode extends SyntheticInode {
  constructor(fileSystem: FileSystem, permissions: u32) {
    super(fileSystem, S_IFREG | permissions);
  }

  /** Appends the contents; 0 or -errno. May sleep. */
  @sleeps abstract generate(out: ByteBuilder): i32;

  /** Takes what a program wrote: the bytes taken, or -errno. */
  store(bytes: StaticArray<u8>, length: i32): i64 {
    return -Errno.EIO;
  }

  /** Called before a description is made: 0 or -errno. */
  checkOpen(request: OpenRequest): i32 {
    return 0;
  }

  open(request: OpenRequest): i32 {
    const checked = this.checkOpen(request);
    if (checked < 0) return checked;
    request.file = new TextFile(this, request.flags & ~O_TRUNC);
    return 0;
  }

  setAttributes(change: AttributeChange): i32 {
    this.applyAttributes(change);
    return 0;
  }

  truncate(size: i64): i32 {
    return 0;
  }
}

/** A description of a text file, with its snapshot. */
@final
export class TextFile extends OpenFile {
  private text: ByteBuilder | null = null;

  constructor(readonly source: TextInode, flags: u32) {
    super(flags);
  }

  canSpliceFrom(): bool { return true; }
  canSpliceInto(): bool { return true; }

  @sleeps read(to: IoDestination): i64 {
    const moved = this.readAt(this.position, to);
    if (moved > 0) this.position += moved;
    return moved;
  }

  @sleeps readAt(position: i64, to: IoDestination): i64 {
    let text = this.text;
    if (text === null || position == 0) {
      if (text === null) text = new ByteBuilder(512);
      const generated = this.source.generate(text.clear());
      if (generated < 0) return generated;
      this.text = text;
    }
    if (position < 0) return -Errno.EINVAL;
    if (position >= <i64>text.length) return 0;
    const length = <i32>min<u64>(<u64>(<i64>text.length - position), to.remaining);
    return to.putBytes(text.data, <i32>position, length);
  }

  @sleeps write(from: IoSource): i64 {
    const length = <i32>min<u64>(from.remaining, WRITE_LIMIT);
    const bytes = new StaticArray<u8>(length);
    const taken = from.takeToBytes(bytes, 0, length);
    if (taken < <i64>length) return -Errno.EFAULT;
    const stored = this.source.store(bytes, length);
    if (stored > 0) this.position += stored;
    return stored;
  }

  @sleeps writeAt(position: i64, from: IoSource): i64 {
    return this.write(from);
  }

  canSeek(): bool {
    return true;
  }

  canPoll(): bool {
    return false;
  }

  seek(offset: i64, whence: u32): i64 {
    let target = offset;
    if (whence == SEEK_CUR) target = this.position + offset;
    else if (whence == SEEK_END || whence != SEEK_SET) return -Errno.EINVAL;
    if (target < 0) return -Errno.EINVAL;
    this.position = target;
    return target;
  }
}

// ---- directories --------------------------------------------------------------------------------------------------------

/** A directory whose entries are computed. Positions 0 and 1 are "." and "..". */
export abstract class SyntheticDirectory extends SyntheticInode {
  /** The directory above; null for a root. */
  parent: Inode | null = null;

  constructor(fileSystem: FileSystem, permissions: u32) {
    super(fileSystem, S_IFDIR | permissions);
    this.nlink = 2;
  }

  /** The inode of a name, or null. May sleep. */
  abstract find(name: StaticArray<u8>): Inode | null;

  /** Gives the sink the entries from `position` (at least 2) on: false when the sink was full. */
  @sleeps abstract list(position: i64, sink: DirectorySink): bool;

  /** True if names may come and go: each use of a cached name asks `isCurrent`. */
  get isVolatile(): bool {
    return false;
  }

  /** True if the inode is what the name still stands for. */
  isCurrent(inode: Inode): bool {
    return true;
  }

  lookup(name: Dentry): i32 {
    const inode = this.find(name.name);
    if (this.isVolatile) name.flags |= Dentry.REVALIDATE;
    if (inode !== null) name.attach(inode);
    return 0;
  }

  revalidate(name: Dentry): bool {
    const inode = name.inode;
    return inode !== null && this.isCurrent(inode);
  }

  open(request: OpenRequest): i32 {
    request.file = new DirectoryFile(request.flags);
    return 0;
  }

  @sleeps readDirectory(sink: DirectorySink): i32 {
    if (sink.position == 0) {
      if (!sink.put(DOT, 1, this.number, DT_DIR, 1)) return 0;
      sink.position = 1;
    }
    if (sink.position == 1) {
      const above = this.parent;
      if (!sink.put(DOT_DOT, 2, above === null ? this.number : above.number, DT_DIR, 2)) return 0;
      sink.position = 2;
    }
    this.list(sink.position, sink);
    return 0;
  }
}

const DOT = bytesOf(".");
const DOT_DOT = bytesOf("..");

/** A name of a fixed directory. */
@final
class FixedEntry {
  constructor(readonly name: StaticArray<u8>, readonly inode: Inode) {}
}

/** A directory with entries added by the kernel. */
export class FixedDirectory extends SyntheticDirectory {
  private readonly entries: FixedEntry[] = [];

  add(name: string, inode: Inode): void {
    this.addBytes(bytesOf(name), inode);
  }

  addBytes(name: StaticArray<u8>, inode: Inode): void {
    this.entries.push(new FixedEntry(name, inode));
    if (inode.isDirectory) {
      this.nlink++;
      if (inode instanceof SyntheticDirectory) (<SyntheticDirectory>inode).parent = this;
    }
  }

  /** A new subdirectory, readable by all. */
  addDirectory(name: string): FixedDirectory {
    const made = new FixedDirectory(this.fileSystem, 0o555);
    this.add(name, made);
    return made;
  }

  /** The subdirectory of that name, made when it is not there. */
  subdirectory(name: string): FixedDirectory {
    const found = this.find(bytesOf(name));
    return found !== null && found instanceof FixedDirectory ? <FixedDirectory>found : this.addDirectory(name);
  }

  get count(): i32 {
    return this.entries.length;
  }

  find(name: StaticArray<u8>): Inode | null {
    for (let i = 0; i < this.entries.length; i++) {
      if (bytesEqual(this.entries[i].name, name)) return this.entries[i].inode;
    }
    return null;
  }

  @sleeps list(position: i64, sink: DirectorySink): bool {
    for (let i = <i32>min<i64>(position - 2, <i64>this.entries.length); i < this.entries.length; i++) {
      const entry = this.entries[i];
      if (!sink.put(entry.name, entry.name.length, entry.inode.number, directoryType(entry.inode.mode), <i64>i + 3)) return false;
      sink.position = <i64>i + 3;
    }
    return true;
  }
}

/** d_type of a mode. */
export function directoryType(mode: u32): u32 {
  return (mode >> 12) & 15;
}

// ---- symbolic links -------------------------------------------------------------------------------------------------------

/** A link with a fixed target. */
export class FixedLink extends SyntheticInode {
  private readonly target: StaticArray<u8>;

  constructor(fileSystem: FileSystem, target: string) {
    super(fileSystem, S_IFLNK | 0o777);
    this.target = bytesOf(target);
    this.size = <i64>this.target.length;
  }

  symlinkTarget(): StaticArray<u8> | null {
    return this.target;
  }
}
