// /dev/random and /dev/urandom: bytes of the kernel's generator (random(4)). A read of /dev/random waits until the generator is seeded,
// one of /dev/urandom never does. What is written is mixed into the pool of entropy without counting as such; root can make it
// count (RNDADDENTROPY). Reads and writes sleep.

import { Errno } from "../abi/errno";
import { IoDestination, IoSource } from "../mm/user/io-buffer";
import { UserInOut } from "../mm/user/user-memory";
import { readU64 } from "../runtime/text/byte-access";
import { POOL_BITS, absorb, credit, entropyBits, isRandomReady, readyWaiters, reseedGenerator, waitForEntropy } from "../random/entropy";
import { fillRandom } from "../random/random";
import { Capability } from "../vfs/credentials";
import { Inode } from "../vfs/inode/inode";
import { OpenFile } from "../vfs/file/open-file";
import { OpenRequest } from "../vfs/inode/open-request";
import { SpecialFileOpener } from "../vfs/file/special-files";
import { PollEvent } from "../abi/poll";
import { Poller } from "../sync/poll";
import { currentThread } from "../sync/cpu";
import { currentTask } from "../task/current";

const RNDGETENTCNT: u32 = 0x80045200;
const RNDADDENTROPY: u32 = 0x40085203;
const RNDADDTOENTCNT: u32 = 0x40045201;
const RNDZAPENTCNT: u32 = 0x5204;
const RNDCLEARPOOL: u32 = 0x5206;
const RNDRESEEDCRNG: u32 = 0x5207;
const CHUNK: i32 = 256;

@final
class RandomFile extends OpenFile {
  private readonly chunk: StaticArray<u8> = new StaticArray<u8>(CHUNK);

  /** `isBlocking`: reads wait for the seed (/dev/random). */
  constructor(flags: u32, private readonly isBlocking: bool) {
    super(flags);
  }

  canReadNow(): bool { return true; }
  canWriteNow(): bool { return true; }

  canSpliceFrom(): bool { return true; }
  canSpliceInto(): bool { return true; }

  @sleeps read(to: IoDestination): i64 {
    if (this.isBlocking) {
      const waited = waitForEntropy(this.isNonBlocking);
      if (waited < 0) return waited;
    }
    let total: i64 = 0;
    while (to.remaining > 0) {
      const length = <i32>min<u64>(to.remaining, <u64>CHUNK);
      fillRandom(this.chunk, 0, length);
      const put = to.putBytes(this.chunk, 0, length);
      if (put < 0) return total > 0 ? total : put;
      total += put;
      if (put < <i64>length) break;
      if ((total & 4095) == 0 && currentThread().signalPending) break;
    }
    for (let i = 0; i < CHUNK; i++) this.chunk[i] = 0;
    return total;
  }

  @sleeps write(from: IoSource): i64 {
    let total: i64 = 0;
    while (from.remaining > 0) {
      const taken = from.takeToBytes(this.chunk, 0, <i32>min<u64>(from.remaining, <u64>CHUNK));
      if (taken < 0) return total > 0 ? total : taken;
      if (taken == 0) break;
      this.absorbChunk(<i32>taken);
      total += taken;
    }
    return total;
  }

  /** Mixes the first bytes of the chunk into the pool; beyond them it is zeros. */
  private absorbChunk(length: i32): void {
    const chunk = this.chunk;
    for (let i = length; i < CHUNK && (i & 7) != 0; i++) chunk[i] = 0;
    for (let i = 0; i < length; i += 8) absorb(readU64(chunk, i));
  }

  /** As Linux: /dev/random is readable once it is seeded, and writable before. */
  poll(poller: Poller | null): u32 {
    if (!this.isBlocking) return PollEvent.IN | PollEvent.OUT | PollEvent.RDNORM | PollEvent.WRNORM;
    if (poller !== null) poller.watch(readyWaiters);
    return isRandomReady() ? PollEvent.IN | PollEvent.RDNORM : PollEvent.OUT | PollEvent.WRNORM;
  }

  canSeek(): bool {
    return true;
  }

  @sleeps readAt(position: i64, to: IoDestination): i64 {
    return this.read(to);
  }

  @sleeps writeAt(position: i64, from: IoSource): i64 {
    return this.write(from);
  }

  seek(offset: i64, whence: u32): i64 {
    return 0;
  }

  @sleeps ioctl(command: u32, argument: u64, memory: UserInOut): i64 {
    if (command == RNDGETENTCNT) return memory.writeU32(0, entropyBits());
    const isKnown = command == RNDADDENTROPY || command == RNDADDTOENTCNT || command == RNDZAPENTCNT || command == RNDCLEARPOOL
      || command == RNDRESEEDCRNG;
    if (!isKnown) return -Errno.EINVAL;
    if (!currentTask().credentials.has(Capability.SYS_ADMIN)) return -Errno.EPERM;
    switch (command) {
      case RNDADDENTROPY: return this.addEntropy(memory);
      case RNDADDTOENTCNT: {
        const read = memory.readU32(0);
        return read < 0 ? read : creditBits(<i32>memory.value);
      }
      case RNDRESEEDCRNG: return reseedGenerator() ? 0 : -Errno.ENODATA;
      // The generator never counts down: there is nothing to clear.
      default: return 0;
    }
  }

  /** struct rand_pool_info: bits of entropy, length in bytes, the bytes. */
  @sleeps private addEntropy(memory: UserInOut): i64 {
    const readCount = memory.readU32(0);
    if (readCount < 0) return readCount;
    const bits = <i32>memory.value;
    if (bits < 0) return -Errno.EINVAL;
    const readLength = memory.readU32(4);
    if (readLength < 0) return readLength;
    const length = <i32>memory.value;
    if (length < 0) return -Errno.EINVAL;
    for (let done = 0; done < length; done += CHUNK) {
      const part = min(length - done, CHUNK);
      const read = memory.readBytes(8 + <u64>done, this.chunk, 0, part);
      if (read < 0) return read;
      this.absorbChunk(part);
    }
    return creditBits(bits);
  }
}

/** Root vouches for what it wrote. */
function creditBits(bits: i32): i64 {
  if (bits < 0) return -Errno.EINVAL;
  credit(min<u32>(<u32>bits, POOL_BITS), "RNDADDENTROPY");
  return 0;
}

@final
export class RandomOpener extends SpecialFileOpener {
  constructor(private readonly isBlocking: bool) { super(); }

  open(inode: Inode, request: OpenRequest): i32 {
    request.file = new RandomFile(request.flags, this.isBlocking);
    return 0;
  }
}
