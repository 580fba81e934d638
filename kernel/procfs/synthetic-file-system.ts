// SyntheticFileSystem and SingleType: what proc(5) and sysfs(5) share. There is one instance of each, made when it is first
// mounted and kept for good. Nothing here sleeps.

import { bytesOf } from "../runtime/text/bytes";
import { FileSystemStatistics } from "../vfs/inode/attributes";
import { makeRootDentry } from "../vfs/path/dentry-cache";
import { FileSystem, FileSystemHolder, FileSystemType } from "../vfs/inode/file-system";
import { FunctionText, TextFunction } from "./proc-text";
import { FixedDirectory } from "./synthetic";

export abstract class SyntheticFileSystem extends FileSystem {
  /** `magic`: f_type of statfs(2). */
  constructor(type: FileSystemType, private readonly magic: u64) {
    super(type, type.name);
  }

  getStatistics(statistics: FileSystemStatistics): void {
    statistics.magic = this.magic;
  }

  /** Makes the filled directory the root. Once, by the subclass's constructor. */
  protected start(top: FixedDirectory): void {
    top.number = 1;
    const dentry = makeRootDentry();
    dentry.attach(top);
    dentry.retain();
    this.root = dentry;
    // One mount that never goes.
    this.mountCount++;
  }

  /** Adds a text that everybody may read. */
  protected text(directory: FixedDirectory, name: string, show: TextFunction): void {
    directory.add(name, new FunctionText(this, 0o444, show));
  }
}

/** A type with one instance, whose options are ignored as on Linux when it is there already. */
export abstract class SingleType extends FileSystemType {
  private instance: FileSystem | null = null;

  protected abstract make(): FileSystem;

  create(source: StaticArray<u8>, options: StaticArray<u8>, holder: FileSystemHolder): i32 {
    let instance = this.instance;
    if (instance === null) {
      instance = this.make();
      this.instance = instance;
    }
    holder.value = instance;
    return 0;
  }
}
