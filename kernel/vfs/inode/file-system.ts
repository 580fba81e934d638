// File systems: one mounted instance each (FileSystem) and the kinds there are (FileSystemType, mount(2)).
//
// A type is registered at boot by whoever implements it; mount(2) finds it by name. An instance may be mounted in
// several places (bind mounts); it is shut down when the last mount is gone.

import { Errno } from "../../abi/errno";
import { LockRank } from "../../sync/lock-rank";
import { Mutex } from "../../sync/mutex";
import { bytesEqual, bytesOf } from "../../runtime/text/bytes";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { FileSystemStatistics } from "./attributes";
import { Dentry } from "../path/dentry";
import { makeDevice } from "./device-number";

/** Anonymous device numbers (major 0) of file systems without a device. */
@kernelLock let nextAnonymousMinor: u32 = 1;

export abstract class FileSystem {
  readonly type: FileSystemType;
  /** st_dev of its files. */
  device: u32;
  /** st_blksize. */
  blockSize: u32 = 4096;
  /** No file of it is longer, in bytes (s_maxbytes): reading on from there is EOVERFLOW. */
  largestFile: i64 = i64.MAX_VALUE;
  /** The root directory; set by the subclass before it is mounted. */
  root: Dentry | null = null;
  /** What mount(2) named as source; first column of /proc/mounts. */
  source: StaticArray<u8>;
  /** Read-only as a whole (MS_RDONLY at first mount or remount). */
  isReadOnly: bool = false;
  /** MS_SYNCHRONOUS, MS_DIRSYNC, MS_MANDLOCK and MS_LAZYTIME as asked for: in memory they change nothing but what is shown. */
  flags: u64 = 0;
  /** Descriptions open for writing, and writers that are underway: with some it cannot become read-only. */
  writers: i32 = 0;
  /** Held while a name moves from one directory to another: the tree keeps its shape while it is looked at. */
  readonly renameLock: Mutex = new Mutex(LockRank.RENAME);
  /** Number of mounts of this instance. */
  mountCount: i32 = 0;

  constructor(type: FileSystemType, source: StaticArray<u8>) {
    this.type = type;
    this.source = source;
    this.device = makeDevice(0, nextAnonymousMinor++);
  }

  abstract getStatistics(statistics: FileSystemStatistics): void;

  /** Changes options of a mounted instance (MS_REMOUNT); `options` as in mount(2)'s data. Nothing changes on failure. */
  remount(options: StaticArray<u8>): i32 {
    return 0;
  }

  /** Appends ",size=…" and the like for /proc/mounts. */
  showOptions(text: ByteBuilder): void {}

  /** syncfs(2). May sleep. */
  synchronize(): i32 {
    return 0;
  }

  /** The last mount is gone: give everything back. */
  shutDown(): void {}
}

/** Holder for a new FileSystem, as FileSystemType.create returns it. */
@final
export class FileSystemHolder {
  value: FileSystem | null = null;
}

export abstract class FileSystemType {
  readonly name: StaticArray<u8>;
  /** "nodev" in /proc/filesystems. */
  needsDevice: bool = false;

  constructor(name: string) {
    this.name = bytesOf(name);
  }

  /** Makes (or, for single instances like proc, finds) an instance for mount(2); 0 or -errno. May sleep. */
  abstract create(source: StaticArray<u8>, options: StaticArray<u8>, holder: FileSystemHolder): i32;
}

@kernelLock const types: FileSystemType[] = [];

/** Makes a type known to mount(2) and /proc/filesystems. */
export function registerFileSystem(type: FileSystemType): void {
  types.push(type);
}

export function fileSystemTypeCount(): i32 {
  return types.length;
}

export function fileSystemTypeAt(index: i32): FileSystemType {
  return types[index];
}

/** The type of that name, or null (mount(2): ENODEV). */
export function findFileSystemType(name: StaticArray<u8>): FileSystemType | null {
  for (let i = 0; i < types.length; i++) {
    if (bytesEqual(types[i].name, name)) return types[i];
  }
  return null;
}
