import { Errno } from "../abi/errno";
import { O_RDONLY } from "../abi/fcntl";
import { addMemory } from "../mm/frames/frame";
import { IoDestination } from "../mm/user/io-buffer";
import { expectBytes, expectEqual, expectTrue } from "../runtime/expect";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { bytesOf, textOf } from "../runtime/text/bytes";
import { DirectorySink } from "../vfs/file/directory-sink";
import { OpenFile } from "../vfs/file/open-file";
import { FileSystem, FileSystemHolder } from "../vfs/inode/file-system";
import { Inode } from "../vfs/inode/inode";
import { OpenRequest } from "../vfs/inode/open-request";
import { Credentials } from "../vfs/credentials";
import { FsContext } from "../vfs/path/fs-context";
import { MountNamespace } from "../vfs/path/mount";
import { PathWalk, Walk } from "../vfs/path/path-walk";
import { ExampleType } from "./examplefs";

const MIB: u64 = 0x10_0000;

function make(options: string): FileSystem {
  addMemory(8 * MIB, 16 * MIB);
  const holder = new FileSystemHolder();
  expectEqual<i32>(new ExampleType().create(bytesOf("none"), bytesOf(options), holder), 0);
  return holder.value!;
}

/** The inode of a path, or null. */
function find(fileSystem: FileSystem, path: string): Inode | null {
  const mount = new MountNamespace().mountRoot(fileSystem, 0);
  const walk = PathWalk.acquire(new FsContext(mount, mount.root), new Credentials());
  const result = walk.resolveBytes(bytesOf(path), Walk.FOLLOW);
  const inode = result == 0 ? walk.dentry.inode : null;
  walk.release();
  return inode;
}

function read(inode: Inode, position: i64, length: i32): StaticArray<u8> {
  const request = new OpenRequest();
  request.flags = O_RDONLY;
  expectEqual<i32>(inode.open(request), 0);
  const file = <OpenFile>request.file!;
  file.bind(null, null, inode);
  const bytes = new StaticArray<u8>(length);
  expectEqual<i64>(file.readAt(position, new IoDestination().claimBytes(bytes, 0, length)), length);
  return bytes;
}

export function testAFileHoldsItsNumbers(): void {
  const inode = find(make("files=12"), "/12")!;
  expectEqual<i64>(inode.size, 9 * 2 + 3 * 3);
  expectBytes(read(inode, 0, 27), "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n");
  expectTrue(find(make("files=12"), "/12") !== null);
}

export function testALongFileHasSeveralPages(): void {
  const inode = find(make("files=5000"), "/5000")!;
  expectEqual<i64>(inode.size, 23893);
  expectBytes(read(inode, 23888, 5), "5000\n");
  // "1043\n" lies across the end of the first page.
  expectBytes(read(inode, 4093, 6), "1041\n1");
}

export function testNamesThatAreNot(): void {
  const fileSystem = make("");
  expectTrue(find(fileSystem, "/3") !== null);
  expectTrue(find(fileSystem, "/4") === null);
  expectTrue(find(fileSystem, "/0") === null);
  expectTrue(find(fileSystem, "/03") === null);
  expectTrue(find(fileSystem, "/3x") === null);
}

@final
class Names extends DirectorySink {
  text: string = "";
  constructor(public room: i32) { super(); }
  put(name: StaticArray<u8>, nameLength: i32, inodeNumber: u64, type: u32, next: i64): bool {
    if (this.room-- == 0) return false;
    this.text += textOf(name) + ":" + inodeNumber.toString() + " ";
    return true;
  }
}

export function testTheListingGoesOnWhereTheBufferWasFull(): void {
  const top = make("").root!.inode!;
  const first = new Names(3);
  expectEqual<i32>(top.readDirectory(first), 0);
  expectEqual<string>(first.text, ".:1 ..:1 1:2 ");
  const rest = new Names(10);
  rest.position = first.position;
  expectEqual<i32>(top.readDirectory(rest), 0);
  expectEqual<string>(rest.text, "2:3 3:4 ");
}

export function testOptionsAreChecked(): void {
  const refused: string[] = ["files=0", "files=10001", "files=", "files=x", "size=3"];
  for (let i = 0; i < refused.length; i++) {
    expectEqual<i32>(new ExampleType().create(bytesOf("none"), bytesOf(refused[i]), new FileSystemHolder()), -Errno.EINVAL, refused[i]);
  }
  const text = new ByteBuilder(20);
  make("files=7").showOptions(text);
  expectEqual<string>(textOf(text.toBytes()), ",files=7");
}
