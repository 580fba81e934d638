import { Errno } from "../../abi/errno";
import { S_IFDIR, S_IFREG } from "../../abi/stat";
import { expectEqual, expectFalse, expectTrue } from "../../runtime/expect";
import { bytesOf, textOf } from "../../runtime/text/bytes";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { TmpfsType } from "../../tmpfs/tmpfs";
import { Credentials } from "../credentials";
import { shrinkDentries } from "./dentry-cache";
import { appendPath } from "./describe-path";
import { FileSystemHolder } from "../inode/file-system";
import { FsContext } from "./fs-context";
import { Mount, MountNamespace, attachMount, detachMount } from "./mount";
import { makeNode, makeSymlink, removeDirectory, removeName, renameName } from "./names";
import { PathWalk, Walk } from "./path-walk";

const root = new Credentials();

function makeTmpfs(): Mount {
  const holder = new FileSystemHolder();
  expectEqual<i32>(new TmpfsType("tmpfs").create(bytesOf("none"), bytesOf("size=0,nr_inodes=0"), holder), 0);
  const fileSystem = holder.value!;
  return new Mount(fileSystem, fileSystem.root!, 0);
}

function makeTree(): FsContext {
  const holder = new FileSystemHolder();
  expectEqual<i32>(new TmpfsType("rootfs").create(bytesOf("rootfs"), bytesOf("size=0,nr_inodes=0"), holder), 0);
  const mount = new MountNamespace().mountRoot(holder.value!, 0);
  return new FsContext(mount, mount.root);
}

function make(fs: FsContext, path: string, mode: u32): i32 {
  const walk = PathWalk.acquire(fs, root);
  let result = walk.resolveParentBytes(bytesOf(path));
  if (result == 0) result = makeNode(walk, mode, 0);
  walk.release();
  return result;
}

function link(fs: FsContext, target: string, path: string): i32 {
  const walk = PathWalk.acquire(fs, root);
  let result = walk.resolveParentBytes(bytesOf(path));
  if (result == 0) result = makeSymlink(walk, bytesOf(target));
  walk.release();
  return result;
}

function rename(fs: FsContext, from: string, to: string): i32 {
  const a = PathWalk.acquire(fs, root);
  const b = PathWalk.acquire(fs, root);
  let result = a.resolveParentBytes(bytesOf(from));
  if (result == 0) result = b.resolveParentBytes(bytesOf(to));
  if (result == 0) result = renameName(a, b, 0);
  b.release();
  a.release();
  return result;
}

function remove(fs: FsContext, path: string, isDirectory: bool): i32 {
  const walk = PathWalk.acquire(fs, root);
  let result = walk.resolveParentBytes(bytesOf(path));
  if (result == 0) result = isDirectory ? removeDirectory(walk) : removeName(walk);
  walk.release();
  return result;
}

/** Inode number of a path, or -errno. */
function find(fs: FsContext, path: string, flags: u32 = Walk.FOLLOW): i64 {
  const walk = PathWalk.acquire(fs, root);
  const result = walk.resolveBytes(bytesOf(path), flags);
  const number = result < 0 ? <i64>result : <i64>walk.inode.number;
  walk.release();
  return number;
}

export function testComponentsDotsAndSlashes(): void {
  const fs = makeTree();
  expectEqual<i32>(make(fs, "/a", S_IFDIR | 0o755), 0);
  expectEqual<i32>(make(fs, "a/b", S_IFDIR | 0o755), 0);
  expectEqual<i32>(make(fs, "a/b/c", S_IFREG | 0o644), 0);
  const c = find(fs, "/a/b/c");
  expectTrue(c > 0);
  expectEqual<i64>(find(fs, "//a/./b/..//b/c"), c);
  expectEqual<i64>(find(fs, "/../../a/b/c"), c);
  expectEqual<i64>(find(fs, "/"), 1);
  expectEqual<i64>(find(fs, "/.."), 1);
  expectEqual<i64>(find(fs, "a/b/c/"), -Errno.ENOTDIR);
  expectEqual<i64>(find(fs, "a/b/c/d"), -Errno.ENOTDIR);
  expectEqual<i64>(find(fs, "a/x"), -Errno.ENOENT);
  expectEqual<i64>(find(fs, "a/x"), -Errno.ENOENT, "negative entry");
  expectEqual<i64>(find(fs, "a/x/y"), -Errno.ENOENT);
  expectEqual<i32>(make(fs, "a/x", S_IFREG | 0o644), 0);
  expectTrue(find(fs, "a/x") > 0, "the negative entry became positive");
}

export function testSymbolicLinks(): void {
  const fs = makeTree();
  expectEqual<i32>(make(fs, "d", S_IFDIR | 0o755), 0);
  expectEqual<i32>(make(fs, "d/f", S_IFREG | 0o644), 0);
  const f = find(fs, "d/f");
  expectEqual<i32>(link(fs, "d", "l"), 0);
  expectEqual<i32>(link(fs, "/l/f", "d/m"), 0);
  expectEqual<i32>(link(fs, "/", "top"), 0);
  expectEqual<i32>(link(fs, "loop", "loop"), 0);
  expectEqual<i64>(find(fs, "l/f"), f);
  expectEqual<i64>(find(fs, "l/m"), f);
  expectEqual<i64>(find(fs, "top/d/f"), f, "a link to / in the middle");
  expectEqual<i64>(find(fs, "top/top/l/../d/f"), f);
  expectEqual<i64>(find(fs, "top"), 1);
  expectEqual<i64>(find(fs, "loop"), -Errno.ELOOP);
  expectTrue(find(fs, "loop", 0) > 0, "not followed");
  expectTrue(find(fs, "l", 0) != find(fs, "d"), "the link itself is another inode");
  expectEqual<i64>(find(fs, "l/", 0), find(fs, "d"));
}

export function testMountsAreCrossedBothWays(): void {
  const fs = makeTree();
  expectEqual<i32>(make(fs, "mnt", S_IFDIR | 0o755), 0);
  const walk = PathWalk.acquire(fs, root);
  expectEqual<i32>(walk.resolveBytes(bytesOf("mnt"), 0), 0);
  const below = walk.dentry;
  const mount = makeTmpfs();
  attachMount(mount, fs.rootMount, below);
  walk.release();
  expectEqual<i32>(make(fs, "mnt/inside", S_IFREG | 0o644), 0);
  expectTrue(find(fs, "mnt/inside") > 0);
  expectEqual<i64>(find(fs, "mnt/.."), 1);
  expectTrue(find(fs, "mnt/../mnt/inside") > 0);
  expectEqual<i32>(rename(fs, "mnt/inside", "outside"), -Errno.EXDEV);
  expectEqual<i32>(remove(fs, "mnt", true), -Errno.EBUSY);
  const inside = PathWalk.acquire(fs, root);
  expectEqual<i32>(inside.resolveBytes(bytesOf("mnt/inside"), 0), 0);
  const text = new ByteBuilder();
  expectTrue(appendPath(inside.mount, inside.dentry, fs.rootMount, fs.rootDentry, text));
  expectTrue(textOf(text.toBytes()) == "/mnt/inside");
  inside.release();
  mount.hold();
  expectEqual<i32>(detachMount(mount, 0), -Errno.EBUSY);
  mount.release();
  expectEqual<i32>(detachMount(mount, 0), 0);
  expectEqual<i64>(find(fs, "mnt/inside"), -Errno.ENOENT);
}

export function testRenameMovesTheCache(): void {
  const fs = makeTree();
  expectEqual<i32>(make(fs, "a", S_IFDIR | 0o755), 0);
  expectEqual<i32>(make(fs, "a/f", S_IFREG | 0o644), 0);
  expectEqual<i32>(make(fs, "b", S_IFDIR | 0o755), 0);
  const f = find(fs, "a/f");
  expectEqual<i32>(rename(fs, "a/f", "b/g"), 0);
  expectEqual<i64>(find(fs, "a/f"), -Errno.ENOENT);
  expectEqual<i64>(find(fs, "b/g"), f);
  expectEqual<i32>(rename(fs, "a", "b/a"), 0);
  expectTrue(find(fs, "b/a") > 0);
  expectEqual<i32>(rename(fs, "b", "b/a/x"), -Errno.EINVAL);
  expectEqual<i32>(remove(fs, "b/a", true), 0);
  expectEqual<i32>(remove(fs, "b", true), -Errno.ENOTEMPTY);
  expectEqual<i32>(remove(fs, "b/g", false), 0);
  expectEqual<i32>(remove(fs, "b", true), 0);
}

export function testDroppingUnusedEntriesLosesNothing(): void {
  const fs = makeTree();
  expectEqual<i32>(make(fs, "d", S_IFDIR | 0o755), 0);
  for (let i = 0; i < 500; i++) expectEqual<i32>(make(fs, "d/" + i.toString(), S_IFREG | 0o644), 0);
  const before = find(fs, "d/250");
  // The first round clears the marks of use, the second drops.
  for (let i = 0; i < 10; i++) expectTrue(shrinkDentries(600) >= 0);
  expectEqual<i64>(find(fs, "d/250"), before);
  expectEqual<i64>(find(fs, "d/500"), -Errno.ENOENT);
}

export function testPermissions(): void {
  const fs = makeTree();
  expectEqual<i32>(make(fs, "closed", S_IFDIR | 0o700), 0);
  expectEqual<i32>(make(fs, "closed/f", S_IFREG | 0o644), 0);
  const user = new Credentials();
  user.fsuid = 1000;
  user.fsgid = 1000;
  user.effective = 0;
  const walk = PathWalk.acquire(fs, user);
  expectEqual<i32>(walk.resolveBytes(bytesOf("closed/f"), 0), -Errno.EACCES);
  expectEqual<i32>(walk.resolveBytes(bytesOf("closed"), 0), 0);
  walk.release();
  expectFalse(find(fs, "closed/f") < 0);
}
