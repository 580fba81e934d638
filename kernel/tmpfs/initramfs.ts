// The initramfs: cpio archives in the "newc" format, plain or gzip-compressed, unpacked into the root file system.
//
// As on Linux several archives may follow one another, with zero bytes between them, each plain or compressed. File
// contents are copied frame by frame into the page cache. Existing directories get the archive's attributes, other
// existing names are replaced. Damaged input stops with a message and leaves what was unpacked. Runs at boot only.

import { Frame, FRAME_SIZE, NO_FRAME, allocateFrame, fillFrame, releaseFrame } from "../mm/frames/frame";
import { bytesSlice, bytesEqualText, digitValue, textOf } from "../runtime/text/bytes";
import { S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from "../abi/stat";
import { Credentials } from "../vfs/credentials";
import { Dentry } from "../vfs/path/dentry";
import { makeDevice } from "../vfs/inode/device-number";
import { FsContext } from "../vfs/path/fs-context";
import { Inode } from "../vfs/inode/inode";
import { removeName } from "../vfs/path/names";
import { LastName, PathWalk } from "../vfs/path/path-walk";
import { isNodeType } from "../vfs/path/permission";
import { ArchiveSource, PhysicalSource } from "./archive-source";
import { GzipSource } from "./inflate";
import { NS_PER_SECOND } from "../abi/time";
import { PAGE } from "../abi/page";

const HEADER_SIZE: i32 = 110;
const NAME_LIMIT: u32 = 4096;
const PLAIN: u8 = 0x30;
const GZIP: u8 = 0x1f;

/** One header's fields. */
@final
class Header {
  ino: u32 = 0;
  mode: u32 = 0;
  uid: u32 = 0;
  gid: u32 = 0;
  nlink: u32 = 0;
  mtime: u32 = 0;
  size: u32 = 0;
  devMajor: u32 = 0;
  devMinor: u32 = 0;
  rdev: u32 = 0;
  nameSize: u32 = 0;

  /** Reads the 110 bytes; false if they are no header. */
  parse(bytes: StaticArray<u8>): bool {
    if (!isMagic(bytes)) return false;
    for (let i = 6; i < HEADER_SIZE; i++) {
      if (digitValue(bytes[i]) > 15) return false;
    }
    this.ino = field(bytes, 0);
    this.mode = field(bytes, 1);
    this.uid = field(bytes, 2);
    this.gid = field(bytes, 3);
    this.nlink = field(bytes, 4);
    this.mtime = field(bytes, 5);
    this.size = field(bytes, 6);
    this.devMajor = field(bytes, 7);
    this.devMinor = field(bytes, 8);
    this.rdev = makeDevice(field(bytes, 9), field(bytes, 10));
    this.nameSize = field(bytes, 11);
    return true;
  }

  get type(): u32 {
    return this.mode & S_IFMT;
  }

  /** Identity of a file with several names. */
  get identity(): u64 {
    return (<u64>this.ino << 32) ^ (<u64>this.devMajor << 16) ^ <u64>this.devMinor;
  }
}

function isMagic(bytes: StaticArray<u8>): bool {
  // "070701" or, with checksums (which nobody makes), "070702".
  return bytes[0] == 0x30 && bytes[1] == 0x37 && bytes[2] == 0x30 && bytes[3] == 0x37 && bytes[4] == 0x30 &&
    (bytes[5] == 0x31 || bytes[5] == 0x32);
}

function field(bytes: StaticArray<u8>, index: i32): u32 {
  let value: u32 = 0;
  for (let i = 6 + index * 8, end = i + 8; i < end; i++) value = (value << 4) | digitValue(bytes[i]);
  return value;
}

/** A directory whose modification time is set when everything is in it. */
@final
class LateTime {
  constructor(readonly inode: Inode, readonly mtimeNs: i64) {}
}

/** Unpacks the archives in physical memory `start .. end` into the tree of `fs`. Null, or what is wrong with them. */
@sleeps export function unpackInitramfs(fs: FsContext, start: u64, end: u64): string | null {
  return new Unpacker(fs).unpack(new PhysicalSource(start, end));
}

@final
class Unpacker {
  private readonly owner: Credentials = new Credentials();
  private readonly head: StaticArray<u8> = new StaticArray<u8>(HEADER_SIZE);
  private readonly header: Header = new Header();
  /** Files with several names, of the current archive. */
  private links: Map<u64, Inode> = new Map<u64, Inode>();
  private readonly lateTimes: LateTime[] = [];
  private problem: string | null = null;

  constructor(private readonly fs: FsContext) {}

  @sleeps unpack(source: PhysicalSource): string | null {
    while (this.problem === null) {
      const first = this.firstByte(source);
      if (first < 0) break;
      if (<u8>first == GZIP) {
        if (source.read(this.head, 1, 1) != 1 || this.head[1] != 0x8b) {
          this.problem = "neither a cpio nor a gzip archive";
          break;
        }
        this.unpackCompressed(new GzipSource(source));
      } else {
        this.unpackArchive(source);
      }
    }
    for (let i = 0; i < this.lateTimes.length; i++) this.lateTimes[i].inode.modifyNs = this.lateTimes[i].mtimeNs;
    return this.problem;
  }

  @sleeps private unpackCompressed(source: GzipSource): void {
    while (this.problem === null && this.firstByte(source) >= 0) this.unpackArchive(source);
    const error = source.error;
    if (error !== null) this.problem = error;
  }

  /** The first byte that is not zero, kept in `head[0]`, or -1 at the end. */
  private firstByte(source: ArchiveSource): i32 {
    while (source.read(this.head, 0, 1) == 1) {
      if (this.head[0] != 0) return this.head[0];
    }
    return -1;
  }

  /** Unpacks up to the trailer; the first byte of the first header is in `head[0]`. */
  @sleeps private unpackArchive(source: ArchiveSource): void {
    this.links = new Map<u64, Inode>();
    let got = 1;
    while (true) {
      if (source.read(this.head, got, HEADER_SIZE - got) != HEADER_SIZE - got) return this.fail(source, "archive ends too early");
      got = 0;
      const header = this.header;
      if (!header.parse(this.head)) return this.fail(source, "damaged cpio header");
      if (header.nameSize == 0 || header.nameSize > NAME_LIMIT) return this.fail(source, "invalid length of a name");
      const name = this.take(source, header.nameSize, (HEADER_SIZE + header.nameSize) & 3);
      if (name === null) return this.fail(source, "archive ends too early");
      const path = bytesSlice(name, 0, name.length - 1);
      if (header.size == 0 && bytesEqualText(path, "TRAILER!!!")) return;
      const problem = this.unpackEntry(source, header, path);
      if (problem !== null) return this.fail(source, textOf(path) + ": " + problem);
    }
  }

  private fail(source: ArchiveSource, problem: string): void {
    const deeper = source.error;
    this.problem = deeper !== null ? deeper : problem;
  }

  /** `length` bytes and the padding up to a multiple of four behind them; `odd` is the position's remainder then. */
  private take(source: ArchiveSource, length: u32, odd: u32): StaticArray<u8> | null {
    const bytes = new StaticArray<u8>(<i32>length);
    if (source.read(bytes, 0, <i32>length) != <i32>length) return null;
    return this.skipPadding(source, odd) ? bytes : null;
  }

  private skipPadding(source: ArchiveSource, odd: u32): bool {
    const padding = <i32>((4 - odd) & 3);
    return source.read(this.head, 0, padding) == padding;
  }

  @sleeps private unpackEntry(source: ArchiveSource, header: Header, path: StaticArray<u8>): string | null {
    if (header.type == S_IFLNK) {
      if (header.size == 0 || header.size > NAME_LIMIT) return "invalid length of a link";
      const target = this.take(source, header.size, header.size & 3);
      return target === null ? "archive ends too early" : this.make(header, path, target, null);
    }
    return this.make(header, path, null, source);
  }

  /** Makes the entry, and reads contents if `source` is given. */
  @sleeps private make(header: Header, path: StaticArray<u8>, target: StaticArray<u8> | null, source: ArchiveSource | null): string | null {
    const walk = PathWalk.acquire(this.fs, this.owner);
    let problem: string | null = null;
    if (path.length == 0) problem = "empty name";
    else if (walk.resolveParentBytes(path) < 0) problem = "its directory is missing";
    else problem = this.makeIn(walk, header, target);
    const inode = walk.inode;
    walk.release();
    if (problem !== null) return problem;
    if (source !== null && header.size > 0) problem = this.readContents(source, header, inode);
    this.setAttributes(inode, header);
    return problem;
  }

  /** Makes the last component; its inode is then in `walk.inode`. */
  @sleeps private makeIn(walk: PathWalk, header: Header, target: StaticArray<u8> | null): string | null {
    const directory = walk.dentry.inode;
    if (directory === null) return "its directory is missing";
    if (walk.lastKind != LastName.NORMAL) {
      walk.inode = directory;
      return header.type == S_IFDIR && walk.lastKind != LastName.DOT_DOT ? null : "not a name";
    }
    const child = walk.child();
    if (child === null) return "not a name";
    const existing = child.inode;
    if (existing !== null) {
      if (header.type == S_IFDIR && existing.isDirectory) {
        walk.inode = existing;
        return null;
      }
      if (existing.isDirectory || removeName(walk) < 0) return "is in the way";
    }
    const name = walk.child();
    if (name === null) return "not a name";
    // borrowed: at boot nobody else changes the tree.
    const made = this.makeNode(directory, name, header, target);
    const inode = name.inode;
    if (made < 0 || inode === null) return "cannot be made (error " + (-made).toString() + ")";
    walk.inode = inode;
    return null;
  }

  private makeNode(directory: Inode, name: Dentry, header: Header, target: StaticArray<u8> | null): i32 {
    if (target !== null) return directory.createSymlink(name, target, this.owner);
    const type = header.type;
    if (type != S_IFDIR && !isNodeType(type)) return -22;
    const hasLinks = type != S_IFDIR && header.nlink > 1;
    if (hasLinks && this.links.has(header.identity)) return directory.link(this.links.get(header.identity), name);
    const made = directory.createNode(name, header.mode & 0o177777, header.rdev, this.owner);
    const inode = name.inode;
    if (hasLinks && inode !== null) this.links.set(header.identity, inode);
    return made;
  }

  private setAttributes(inode: Inode, header: Header): void {
    if (!inode.isSymlink) inode.mode = header.mode & 0o177777;
    inode.uid = header.uid;
    inode.gid = header.gid;
    const mtimeNs = <i64>header.mtime * <i64>NS_PER_SECOND;
    inode.modifyNs = mtimeNs;
    if (inode.isDirectory) this.lateTimes.push(new LateTime(inode, mtimeNs));
  }

  /** Copies the contents into the page cache. */
  private readContents(source: ArchiveSource, header: Header, inode: Inode): string | null {
    const cache = inode.pageCache;
    if (header.type != S_IFREG || cache === null) return "has contents but is no regular file";
    if (inode.size != 0 && inode.truncate(0) < 0) return "cannot be replaced";
    let left = <u64>header.size;
    for (let index: u64 = 0; left > 0; index++) {
      const frame = allocateFrame();
      if (frame == NO_FRAME) return "out of memory";
      const length = <u32>min<u64>(left, PAGE);
      if (!fill(source, frame, length)) return "archive ends too early";
      if (!cache.adopt(index, frame)) return "the root file system is full";
      left -= <u64>length;
      inode.size = <i64>(<u64>header.size - left);
    }
    return this.skipPadding(source, header.size & 3) ? null : "archive ends too early";
  }
}

/** Fills a new frame, the rest with zeros. False: the archive ended; the frame is released. */
function fill(source: ArchiveSource, frame: Frame, length: u32): bool {
  if (source.readToFrame(frame, 0, length) != length) {
    releaseFrame(frame);
    return false;
  }
  if (length < FRAME_SIZE) fillFrame(frame, length, 0, FRAME_SIZE - length);
  return true;
}
