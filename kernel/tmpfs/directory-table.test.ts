import { expectEqual, expectTrue } from "../runtime/expect";
import { bytesOf } from "../runtime/text/bytes";
import { Credentials } from "../vfs/credentials";
import { Tmpfs, TmpfsType } from "./tmpfs";
import { DirectoryTable, START_POSITION } from "./directory-table";
import { TmpfsOptions, parseTmpfsOptions } from "./tmpfs-options";

function inodeFor(): Tmpfs {
  const options = new TmpfsOptions();
  expectEqual<i32>(parseTmpfsOptions(bytesOf("size=64k,nr_inodes=10"), options), 0);
  return new Tmpfs(new TmpfsType("tmpfs"), bytesOf("none"), options, new Credentials());
}

export function testManyEntriesAreFoundAndRemoved(): void {
  const inode = inodeFor().root!.inode!;
  const table = new DirectoryTable();
  for (let i = 0; i < 3000; i++) table.add(bytesOf("entry" + i.toString()), inode);
  for (let i = 0; i < 3000; i++) expectTrue(table.find(bytesOf("entry" + i.toString())) !== null);
  for (let i = 0; i < 3000; i += 2) table.remove(table.find(bytesOf("entry" + i.toString()))!);
  expectEqual<i32>(table.count, 1500);
  expectTrue(table.find(bytesOf("entry2")) === null);
  expectTrue(table.find(bytesOf("entry3")) !== null);
}

export function testPositionsStayUnderChange(): void {
  const inode = inodeFor().root!.inode!;
  const table = new DirectoryTable();
  expectTrue(table.entryBelow(START_POSITION) === null, "empty");
  for (let i = 0; i < 20; i++) table.add(bytesOf("n" + i.toString()), inode);
  const newest = table.entryBelow(START_POSITION)!;
  expectTrue(newest === table.find(bytesOf("n19")));
  const twelfth = table.find(bytesOf("n12"))!;
  const eleventh = table.find(bytesOf("n11"))!;
  for (let i = 13; i < 20; i++) table.remove(table.find(bytesOf("n" + i.toString()))!);
  for (let i = 20; i < 200; i++) table.add(bytesOf("n" + i.toString()), inode);
  expectTrue(table.entryBelow(newest.position) === twelfth, "after removing and compacting");
  expectTrue(table.entryBelow(twelfth.position) === eleventh);
  let count = 0;
  let position = START_POSITION;
  while (true) {
    const entry = table.entryBelow(position);
    if (entry === null) break;
    position = entry.position;
    count++;
  }
  expectEqual<i32>(count, 193);
}

export function testOptions(): void {
  const options = new TmpfsOptions();
  expectEqual<i32>(parseTmpfsOptions(bytesOf("size=10%,mode=700,uid=5,,gid=6"), options), 0);
  expectEqual<u64>(options.pageLimit(1000), 100);
  expectEqual<u32>(options.mode, 0o700);
  expectEqual<u32>(options.uid, 5);
  expectTrue(parseTmpfsOptions(bytesOf("size=1x"), new TmpfsOptions()) < 0);
  expectTrue(parseTmpfsOptions(bytesOf("size="), new TmpfsOptions()) < 0);
  expectTrue(parseTmpfsOptions(bytesOf("mode=9"), new TmpfsOptions()) < 0);
  expectTrue(parseTmpfsOptions(bytesOf("nonsense"), new TmpfsOptions()) < 0);
  expectTrue(parseTmpfsOptions(bytesOf("size=99999999999999999999"), new TmpfsOptions()) < 0);
}

export function testInodeLimit(): void {
  const tmpfs = inodeFor();
  for (let i = 1; i < 10; i++) expectEqual<i32>(tmpfs.reserveInode(), 0);
  expectTrue(tmpfs.reserveInode() < 0);
  tmpfs.releaseInode();
  expectEqual<i32>(tmpfs.reserveInode(), 0);
}
