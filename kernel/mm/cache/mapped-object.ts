// What a mapping shows other than private anonymous memory: a file, shared anonymous memory.
//
// The layers above make one for each open file description (kernel/vfs/file/mapped-file.ts); mm only asks it. Nothing here
// sleeps.

import { Errno } from "../../abi/errno";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { PageCache } from "./page-cache";
import { PAGE_MASK, PAGE_SHIFT } from "../../abi/page";

export abstract class MappedObject {
  /** The pages it shows; null: it has none. */
  abstract cache(): PageCache | null;
  /** Its length in bytes now: access past its last page is SIGBUS. */
  abstract size(): u64;
  /** A mapping of it was made, or ended: keeps what is behind it alive. */
  abstract retained(): void;
  abstract released(): void;
  /** Device and inode number for /proc/PID/maps. */
  abstract device(): u64;
  abstract inode(): u64;
  /** Path for /proc/PID/maps. */
  abstract describe(to: ByteBuilder): void;

  /** The first write to a shared mapping's page, for the file's times. */
  written(): void {}

  /** msync(2), MS_SYNC. 0 or -errno; sleeps. */
  synchronize(from: u64, to: u64): i32 {
    const cache = this.cache();
    return cache != null ? cache.writeBack(from >> PAGE_SHIFT, (to + PAGE_MASK) >> PAGE_SHIFT) : 0;
  }

  /** madvise(2), MADV_REMOVE: bytes `from .. to` become a hole. 0 or -errno. */
  punch(from: u64, to: u64): i32 {
    const cache = this.cache();
    if (cache == null || !cache.isMemory) return -Errno.EOPNOTSUPP;
    cache.punch(from, to);
    return 0;
  }

  /** mincore(2) may tell what is cached. */
  canTellResidency(): bool {
    return true;
  }
}

@kernelLock let nextSharedInode: u64 = 1;

/** Memory shared between a process and its descendants: mmap(2) with MAP_SHARED and MAP_ANONYMOUS, and /dev/zero. */
@final
export class SharedMemory extends MappedObject {
  private readonly pages: PageCache = new PageCache(null);
  private readonly number: u64 = nextSharedInode++;
  private users: u32 = 0;

  constructor(private readonly length: u64) {
    super();
  }

  cache(): PageCache | null { return this.pages; }
  size(): u64 { return this.length; }
  retained(): void { this.users++; }

  released(): void {
    this.users--;
    if (this.users == 0) this.pages.dispose();
  }

  /** Linux shows its internal tmpfs, device 00:01. */
  device(): u64 { return 1; }
  inode(): u64 { return this.number; }

  describe(to: ByteBuilder): void {
    to.append("/dev/zero (deleted)");
  }
}

/** What mmap(2) is asked for, checked and completed by the layers above. One a call, reused. */
@final
export class MapRequest {
  address: u64 = 0;
  length: u64 = 0;
  /** PROT_*. */
  protection: u32 = 0;
  /** MAP_*. */
  flags: u32 = 0;
  /** In bytes, page aligned. */
  offset: u64 = 0;
  object: MappedObject | null = null;
  /** The file is /dev/zero: memory of its own, though a descriptor was given. */
  isZeroDevice: bool = false;
  /** -errno that the file gives (EACCES, ENODEV ...), once the checks that come first have passed; 0: none. */
  refusal: i32 = 0;
  /** PROT_* that mprotect may give later, beyond what it has; all for anonymous memory. */
  maximum: u32 = 7;
  /** The caller may exceed RLIMIT_MEMLOCK (CAP_IPC_LOCK). */
  mayLock: bool = false;
  /** The caller may map below mmap_min_addr (CAP_SYS_RAWIO). */
  mayMapLow: bool = false;

  clear(): MapRequest {
    this.address = 0;
    this.length = 0;
    this.protection = 0;
    this.flags = 0;
    this.offset = 0;
    this.object = null;
    this.isZeroDevice = false;
    this.refusal = 0;
    this.maximum = 7;
    this.mayLock = false;
    this.mayMapLow = false;
    return this;
  }
}
