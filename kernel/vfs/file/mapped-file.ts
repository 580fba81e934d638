// MappedFile: a regular file as memory mappings see it. One belongs to each open file description that is mapped; every
// mapping holds a reference to that description. Nothing here sleeps.

import { MappedObject } from "../../mm/cache/mapped-object";
import { PageCache } from "../../mm/cache/page-cache";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { describePath } from "../path/describe-path";
import { Inode } from "../inode/inode";
import { OpenFile } from "./open-file";

@final
export class MappedFile extends MappedObject {
  constructor(readonly file: OpenFile, private readonly node: Inode) {
    super();
  }

  cache(): PageCache | null {
    return this.node.pageCache;
  }

  size(): u64 {
    return <u64>this.node.size;
  }

  retained(): void {
    this.file.retain();
  }

  released(): void {
    this.file.release();
  }

  device(): u64 {
    return <u64>this.node.fileSystem.device;
  }

  inode(): u64 {
    return this.node.number;
  }

  describe(to: ByteBuilder): void {
    describePath(this.file, to);
  }

  written(): void {
    this.node.touchModified();
  }

  punch(from: u64, to: u64): i32 {
    return this.node.allocateRange(PUNCH, <i64>from, <i64>(to - from));
  }
}

/** FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE */
const PUNCH: u32 = 3;
