// A file system to learn from: the example of docs/how-to/adding-a-file-system.md. Read-only, made in memory: file N holds the numbers
// from 1 to N, one a line. `mount -t example -o files=5 none /mnt`. Known to mount(2) with `typix.examples` on the command line.
//
// It has what every file system has: a type, an instance, a directory and files whose pages a PageCache holds, so that reading,
// mapping and execution come from kernel/mm. Nothing here sleeps but the sink of readDirectory.

import { Errno } from "../abi/errno";
import { PAGE } from "../abi/page";
import { S_IFDIR, S_IFREG } from "../abi/stat";
import { PageBacking, PageCache } from "../mm/cache/page-cache";
import { Frame } from "../mm/frames/frame";
import { fillFrame, frameWrite8 } from "../mm/frames/frame-access";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { bytesOf, parseDecimal, startsWithText } from "../runtime/text/bytes";
import { realtimeNs } from "../time/clock";
import { DirectoryFile } from "../vfs/file/directory-file";
import { DirectorySink } from "../vfs/file/directory-sink";
import { RegularFile } from "../vfs/file/regular-file";
import { FileSystemStatistics } from "../vfs/inode/attributes";
import { FileSystem, FileSystemHolder, FileSystemType } from "../vfs/inode/file-system";
import { Inode } from "../vfs/inode/inode";
import { OpenRequest } from "../vfs/inode/open-request";
import { Dentry } from "../vfs/path/dentry";
import { makeRootDentry } from "../vfs/path/dentry-cache";

/** f_type of statfs(2): a number that no other file system has. */
const MAGIC: u64 = 0x7e5a3b1e;
const FILES_DEFAULT: i64 = 3;
const FILES_MOST: i64 = 10_000;
/** d_type of getdents64(2). */
const DT_DIR: u32 = 4;
const DT_REG: u32 = 8;

// ---- files --------------------------------------------------------------------------------------------------------------

/** Where the pages of a file come from. A file system on a disk would read blocks here, and sleep. */
@final
class Numbers extends PageBacking {
  constructor(private readonly text: StaticArray<u8>) {
    super();
  }

  /** Fills the whole frame, zeros behind the end. */
  fill(index: u64, frame: Frame): i32 {
    const from = <i32>(index * PAGE);
    const length = max(0, min(this.text.length - from, <i32>PAGE));
    for (let i = 0; i < length; i++) frameWrite8(frame, i, this.text[from + i]);
    fillFrame(frame, length, 0, <u32>PAGE - length);
    return 0;
  }

  /** Nothing is ever written: the file system is read-only. */
  write(index: u64, frame: Frame): i32 {
    return -Errno.EROFS;
  }
}

@final
class ExampleFile extends Inode {
  constructor(fileSystem: FileSystem, last: i32) {
    super(fileSystem, S_IFREG | 0o444);
    const text = new ByteBuilder(8 * last);
    for (let i = 1; i <= last; i++) text.appendDecimal(i).newline();
    this.size = text.length;
    this.pageCache = new PageCache(new Numbers(text.toBytes()));
  }

  open(request: OpenRequest): i32 {
    request.file = new RegularFile(request.flags);
    return 0;
  }
}

// ---- the directory ------------------------------------------------------------------------------------------------------

@final
class ExampleDirectory extends Inode {
  /** File N is at N - 1; made when it is first looked up. */
  private readonly files: StaticArray<ExampleFile | null>;

  constructor(fileSystem: FileSystem, count: i32) {
    super(fileSystem, S_IFDIR | 0o555);
    this.number = 1;
    this.nlink = 2;
    this.files = new StaticArray<ExampleFile | null>(count);
  }

  /** Attaches the inode of the name, or leaves the dentry as it is: there is none. The answer is cached. */
  lookup(name: Dentry): i32 {
    const bytes = name.name;
    const last = bytes[0] == 0x30 ? -1 : parseDecimal(bytes);
    if (last >= 1 && last <= this.files.length) name.attach(this.file(<i32>last));
    return 0;
  }

  private file(last: i32): ExampleFile {
    const known = this.files[last - 1];
    if (known !== null) return known;
    const made = new ExampleFile(this.fileSystem, last);
    made.number = 1 + <u64>last;
    setTimes(made);
    this.files[last - 1] = made;
    return made;
  }

  open(request: OpenRequest): i32 {
    request.file = new DirectoryFile(request.flags);
    return 0;
  }

  /** Positions: 0 and 1 are "." and "..", file N is at N + 1. A full sink takes no entry: the next call goes on there. */
  @sleeps readDirectory(sink: DirectorySink): i32 {
    for (let at = sink.position; at < <i64>this.files.length + 2; at++) {
      const name = at == 0 ? DOT : at == 1 ? DOT_DOT : bytesOf((at - 1).toString());
      const number: u64 = at < 2 ? this.number : <u64>at;
      if (!sink.put(name, name.length, number, at < 2 ? DT_DIR : DT_REG, at + 1)) return 0;
      sink.position = at + 1;
    }
    return 0;
  }

  /** Gives back the pages of all files. */
  dispose(): void {
    for (let i = 0; i < this.files.length; i++) {
      const file = this.files[i];
      if (file !== null) file.pageCache!.dispose();
    }
  }
}

const DOT = bytesOf(".");
const DOT_DOT = bytesOf("..");

function setTimes(inode: Inode): void {
  const now = <i64>realtimeNs();
  inode.accessNs = now;
  inode.modifyNs = now;
  inode.changeNs = now;
  inode.birthNs = now;
}

// ---- the instance and the type ------------------------------------------------------------------------------------------

@final
class ExampleFileSystem extends FileSystem {
  constructor(type: FileSystemType, source: StaticArray<u8>, private readonly count: i32) {
    super(type, source);
    this.isReadOnly = true;
    const top = new ExampleDirectory(this, count);
    setTimes(top);
    const dentry = makeRootDentry();
    dentry.attach(top);
    dentry.retain();
    this.root = dentry;
  }

  getStatistics(statistics: FileSystemStatistics): void {
    statistics.magic = MAGIC;
    statistics.inodes = <u64>this.count + 1;
  }

  showOptions(text: ByteBuilder): void {
    text.append(",files=").appendDecimal(this.count);
  }

  shutDown(): void {
    (<ExampleDirectory>this.root!.inode!).dispose();
  }
}

@final
export class ExampleType extends FileSystemType {
  constructor() {
    super("example");
  }

  /** `files=N`, 1 to 10,000: anything else is -EINVAL. */
  create(source: StaticArray<u8>, options: StaticArray<u8>, holder: FileSystemHolder): i32 {
    let count = FILES_DEFAULT;
    if (options.length != 0) {
      if (!startsWithText(options, "files=")) return -Errno.EINVAL;
      count = parseDecimal(options, 6);
      if (count < 1 || count > FILES_MOST) return -Errno.EINVAL;
    }
    holder.value = new ExampleFileSystem(this, source, <i32>count);
    return 0;
  }
}
