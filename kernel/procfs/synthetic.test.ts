import { Errno } from "../abi/errno";
import { O_RDWR, SEEK_CUR, SEEK_END, SEEK_SET } from "../abi/fcntl";
import { S_IFLNK } from "../abi/stat";
import { IoDestination, IoSource } from "../mm/user/io-buffer";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { bytesOf, textOf } from "../runtime/text/bytes";
import { expectBytes, expectEqual, expectTrue } from "../runtime/expect";
import { AnonymousFileSystem } from "../vfs/file/anonymous";
import { DirectorySink } from "../vfs/file/directory-sink";
import { FileSystem } from "../vfs/inode/file-system";
import { OpenFile } from "../vfs/file/open-file";
import { OpenRequest } from "../vfs/inode/open-request";
import { FunctionText, directoryOf } from "./proc-text";
import { FixedDirectory, FixedLink, TextInode } from "./synthetic";

const fileSystem: FileSystem = new AnonymousFileSystem("test", 0);

/** Says how often it was made; keeps what was stored. */
@final
class Counter extends TextInode {
  made: i32 = 0;
  stored: string = "";

  constructor() { super(fileSystem, 0o644); }

  generate(out: ByteBuilder): i32 {
    this.made++;
    if (this.made == 9) return -Errno.EIO;
    out.append("made ").appendDecimal(this.made).newline();
    return 0;
  }

  store(bytes: StaticArray<u8>, length: i32): i64 {
    this.stored = textOf(bytes);
    return length;
  }
}

function open(inode: TextInode): OpenFile {
  const request = new OpenRequest();
  request.flags = O_RDWR;
  expectEqual<i32>(inode.open(request), 0);
  return <OpenFile>request.file!;
}

function expectRead(file: OpenFile, length: i32, text: string): void {
  const bytes = new StaticArray<u8>(length);
  expectEqual<i64>(file.read(new IoDestination().claimBytes(bytes, 0, length)), text.length);
  expectBytes(bytes, text, text.length);
}

function write(file: OpenFile, length: i32): i64 {
  const bytes = new StaticArray<u8>(length);
  for (let i = 0; i < length; i++) bytes[i] = 0x61;
  return file.write(new IoSource().claimBytes(bytes, 0, length));
}

export function testADescriptionReadsOneSnapshot(): void {
  const inode = new Counter();
  const file = open(inode);
  expectEqual<i32>(inode.made, 0, "not before it is read");
  expectRead(file, 3, "mad");
  expectRead(file, 100, "e 1\n");
  expectRead(file, 100, "");
  expectEqual<i32>(inode.made, 1);
  expectRead(open(inode), 100, "made 2\n");
  expectEqual<i64>(file.seek(0, SEEK_SET), 0);
  expectRead(file, 100, "made 3\n");
}

export function testTheErrorOfTheContentsIsThatOfTheRead(): void {
  const inode = new Counter();
  inode.made = 8;
  expectEqual<i64>(open(inode).read(new IoDestination().claimBytes(new StaticArray<u8>(9), 0, 9)), -Errno.EIO);
}

export function testSeeking(): void {
  const file = open(new Counter());
  expectEqual<i64>(file.seek(5, SEEK_SET), 5);
  expectRead(file, 100, "1\n");
  expectEqual<i64>(file.seek(-2, SEEK_CUR), 5);
  expectEqual<i64>(file.seek(-1, SEEK_SET), -Errno.EINVAL);
  expectEqual<i64>(file.seek(0, SEEK_END), -Errno.EINVAL, "there is no size");
  expectEqual<i64>(file.seek(1000, SEEK_SET), 1000);
  expectRead(file, 1, "");
}

export function testWritesArriveWholeUpToAPage(): void {
  const inode = new Counter();
  expectEqual<i64>(write(open(inode), 5), 5);
  expectEqual<string>(inode.stored, "aaaaa");
  expectEqual<i64>(write(open(inode), 5000), 4096);
  expectEqual<i32>(inode.stored.length, 4096);
}

export function testWhatNobodyTakesIsAnError(): void {
  const text = new FunctionText(fileSystem, 0o444, (out: ByteBuilder): void => { out.append("fixed"); });
  expectRead(open(text), 10, "fixed");
  expectEqual<i64>(write(open(text), 1), -Errno.EIO);
}

/** Takes `room` names. */
@final
class Names extends DirectorySink {
  text: string = "";
  constructor(public room: i32) { super(); }

  put(name: StaticArray<u8>, nameLength: i32, inodeNumber: u64, type: u32, next: i64): bool {
    if (this.room-- == 0) return false;
    this.text += textOf(name) + ":" + type.toString() + " ";
    return true;
  }
}

function makeDirectory(): FixedDirectory {
  const root = new FixedDirectory(fileSystem, 0o555);
  root.add("counter", new Counter());
  root.add("link", new FixedLink(fileSystem, "counter"));
  root.addDirectory("below");
  return root;
}

export function testAListingGoesOnWhereTheBufferWasFull(): void {
  const root = makeDirectory();
  const first = new Names(3);
  expectEqual<i32>(root.readDirectory(first), 0);
  expectEqual<string>(first.text, ".:4 ..:4 counter:8 ");
  const second = new Names(100);
  second.position = first.position;
  expectEqual<i32>(root.readDirectory(second), 0);
  expectEqual<string>(second.text, "link:10 below:4 ");
  second.text = "";
  expectEqual<i32>(root.readDirectory(second), 0);
  expectEqual<string>(second.text, "", "the end stays the end");
}

export function testDirectoriesCountTheirSubdirectoriesAndKnowTheirParent(): void {
  const root = makeDirectory();
  expectEqual<u32>(root.nlink, 3);
  const below = <FixedDirectory>root.find(bytesOf("below"))!;
  expectTrue(below.parent === root);
  expectTrue(root.subdirectory("below") === below, "made once");
  expectTrue(root.find(bytesOf("belo")) === null);
}

export function testAPathMakesWhatIsMissing(): void {
  const root = makeDirectory();
  const deep = directoryOf(root, "below/a/b");
  expectTrue(directoryOf(root, "below/a/b") === deep);
  expectTrue(directoryOf(root, "") === root);
  expectEqual<u32>(root.nlink, 3);
}

export function testALinkHasItsTargetsLength(): void {
  const link = new FixedLink(fileSystem, "self/mounts");
  expectEqual<u32>(link.mode, S_IFLNK | 0o777);
  expectEqual<i64>(link.size, 11);
  expectEqual<string>(textOf(link.symlinkTarget()!), "self/mounts");
}
