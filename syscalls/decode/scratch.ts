// Byte arrays, and what is encoded into them, for results on their way to user memory. From a pool, because the copy may sleep and others need one then.

import { Pool } from "../../kernel/runtime/containers/pool";
import { FileStatus, FileSystemStatistics } from "../../kernel/vfs/inode/attributes";

/** Size of each array. */
export const SCRATCH_SIZE: i32 = 4096;

@final
export class Scratch {
  readonly bytes: StaticArray<u8> = new StaticArray<u8>(SCRATCH_SIZE);
  readonly status: FileStatus = new FileStatus();
  readonly statistics: FileSystemStatistics = new FileSystemStatistics();

  static acquire(): Scratch {
    const scratch = spares.take();
    return scratch === null ? new Scratch() : scratch;
  }

  release(): void {
    spares.give(this);
  }
}

@kernelLock const spares = new Pool<Scratch>(16);
