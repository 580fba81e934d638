// The locks that a file system's methods may rely on: a file system that looks, in each method, which ones are held.

import { Errno } from "../../abi/errno";
import { RENAME_EXCHANGE } from "../../abi/fcntl";
import { S_IFDIR, S_IFMT, S_IFREG } from "../../abi/stat";
import { expectEqual, expectTrue } from "../../runtime/expect";
import { bytesOf } from "../../runtime/text/bytes";
import { checkLockRanks } from "../../sync/mutex";
import { Credentials } from "../credentials";
import { FileSystemStatistics } from "../inode/attributes";
import { FileSystem, FileSystemHolder, FileSystemType } from "../inode/file-system";
import { Inode } from "../inode/inode";
import { Dentry } from "./dentry";
import { makeRootDentry } from "./dentry-cache";
import { FsContext } from "./fs-context";
import { MountNamespace } from "./mount";
import { makeLink, makeNode, removeDirectory, removeName, renameName } from "./names";
import { PathWalk } from "./path-walk";

const root = new Credentials();

@final
class WitnessType extends FileSystemType {
  constructor() {
    super("witness");
  }

  create(source: StaticArray<u8>, options: StaticArray<u8>, holder: FileSystemHolder): i32 {
    return -Errno.EINVAL;
  }
}

@final
class WitnessFileSystem extends FileSystem {
  constructor() {
    super(new WitnessType(), bytesOf("witness"));
    const dentry = makeRootDentry();
    dentry.attach(new WitnessInode(this, S_IFDIR | 0o755));
    this.root = dentry;
  }

  getStatistics(statistics: FileSystemStatistics): void {}
}

/** Keeps no names: what the dentry cache knows is all there is. */
@final
class WitnessInode extends Inode {
  constructor(fileSystem: FileSystem, mode: u32) {
    super(fileSystem, mode);
    if (this.isDirectory) this.nlink = 2;
  }

  lookup(name: Dentry): i32 {
    expectTrue(this.lock.isLocked, "look-up");
    return 0;
  }

  createNode(name: Dentry, mode: u32, rdev: u32, owner: Credentials): i32 {
    expectTrue(this.lock.isLocked, "create");
    name.attach(new WitnessInode(this.fileSystem, mode));
    return 0;
  }

  link(target: Inode, name: Dentry): i32 {
    expectTrue(this.lock.isLocked && target.lock.isLocked, "link");
    target.nlink++;
    name.attach(target);
    return 0;
  }

  unlink(name: Dentry): i32 {
    expectTrue(this.lock.isLocked && name.inode!.lock.isLocked, "unlink");
    name.inode!.nlink--;
    return 0;
  }

  removeDirectory(name: Dentry): i32 {
    expectTrue(this.lock.isLocked && name.inode!.lock.isLocked, "rmdir");
    name.inode!.nlink = 0;
    return 0;
  }

  rename(from: Dentry, toDirectory: Inode, to: Dentry, flags: u32, owner: Credentials): i32 {
    const other = to.inode;
    expectTrue(this.lock.isLocked && toDirectory.lock.isLocked && from.inode!.lock.isLocked, "rename");
    expectTrue(other === null || other.lock.isLocked, "what is replaced");
    expectEqual<bool>(this.fileSystem.renameLock.isLocked, this !== toDirectory, "between two directories");
    return 0;
  }
}

function begin(): FsContext {
  checkLockRanks();
  const mount = new MountNamespace().mountRoot(new WitnessFileSystem(), 0);
  return new FsContext(mount, mount.root);
}

/** A walk at the directory of the path's last name. */
function at(fs: FsContext, path: string): PathWalk {
  const walk = PathWalk.acquire(fs, root);
  expectEqual<i32>(walk.resolveParentBytes(bytesOf(path)), 0, path);
  return walk;
}

function make(fs: FsContext, path: string, mode: u32): void {
  const walk = at(fs, path);
  expectEqual<i32>(makeNode(walk, mode, 0), 0, path);
  walk.release();
}

function rename(fs: FsContext, from: string, to: string, flags: u32 = 0): i32 {
  const a = at(fs, from);
  const b = at(fs, to);
  const result = renameName(a, b, flags);
  a.release();
  b.release();
  return result;
}

/** A tree with directories a, a/b and c, and a file in each. */
function makeTree(): FsContext {
  const fs = begin();
  make(fs, "a", S_IFDIR | 0o755);
  make(fs, "a/b", S_IFDIR | 0o755);
  make(fs, "c", S_IFDIR | 0o755);
  make(fs, "a/f", S_IFREG | 0o644);
  make(fs, "a/b/f", S_IFREG | 0o644);
  make(fs, "c/f", S_IFREG | 0o644);
  return fs;
}

function expectUnlocked(fs: FsContext): void {
  const fileSystem = fs.rootMount.fileSystem;
  expectTrue(!fileSystem.renameLock.isLocked, "rename lock given back");
  expectTrue(!fs.rootDentry.inode!.lock.isLocked, "root given back");
  expectEqual<u32>(fs.rootDentry.inode!.mode & S_IFMT, S_IFDIR);
}

export function testMethodsRunWithTheirLocks(): void {
  const fs = makeTree();
  const file = at(fs, "a/f");
  expectEqual<i32>(removeName(file), 0);
  file.release();
  const old = PathWalk.acquire(fs, root);
  expectEqual<i32>(old.resolveBytes(bytesOf("c/f"), 0), 0);
  const name = at(fs, "a/g");
  expectEqual<i32>(makeLink(old, name), 0);
  name.release();
  old.release();
  const directory = at(fs, "c");
  expectEqual<i32>(removeDirectory(directory), 0);
  directory.release();
  expectUnlocked(fs);
}

export function testRenamesTakeBothDirectoriesWhateverTheOrder(): void {
  const fs = makeTree();
  expectEqual<i32>(rename(fs, "a/f", "a/g"), 0, "one directory");
  expectEqual<i32>(rename(fs, "a/g", "a/b/g"), 0, "down");
  expectEqual<i32>(rename(fs, "a/b/g", "a/f"), 0, "up");
  expectEqual<i32>(rename(fs, "a/f", "c/g"), 0, "across");
  expectEqual<i32>(rename(fs, "c/g", "a/f"), 0, "and back");
  expectEqual<i32>(rename(fs, "a/b/f", "c/f"), 0, "over a file");
  expectEqual<i32>(rename(fs, "a/b", "c/f", RENAME_EXCHANGE), 0, "a directory and a file");
  expectUnlocked(fs);
}

export function testRefusalsGiveTheLocksBack(): void {
  const fs = makeTree();
  expectEqual<i32>(rename(fs, "a", "a/b/x"), -Errno.EINVAL, "below itself");
  expectEqual<i32>(rename(fs, "a/b/f", "a"), -Errno.ENOTEMPTY, "over its ancestor");
  expectEqual<i32>(rename(fs, "a/none", "c/x"), -Errno.ENOENT);
  expectEqual<i32>(rename(fs, "a/f", "c"), -Errno.EISDIR);
  expectUnlocked(fs);
  expectEqual<i32>(rename(fs, "a/f", "c/x"), 0, "still possible");
}

export function testNothingIsMadeInARemovedDirectory(): void {
  const fs = makeTree();
  const inside = at(fs, "c/x");
  const removal = at(fs, "c");
  expectEqual<i32>(removeDirectory(removal), 0);
  expectEqual<i32>(makeNode(inside, S_IFREG | 0o644, 0), -Errno.ENOENT);
  expectEqual<i32>(removeName(inside), -Errno.ENOENT);
  removal.release();
  inside.release();
  expectUnlocked(fs);
}
