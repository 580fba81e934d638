// /dev/random and /dev/urandom: bytes of the kernel's generator (random(4)). The generator is seeded at boot, so neither
// blocks. What is written is mixed into the generator's state without counting as entropy. Reads sleep as far as
// user memory faults.

import { Errno } from "../abi/errno";
import { IoDestination, IoSource } from "../mm/user/io-buffer";
import { UserInOut } from "../mm/user/user-memory";
import { readU64 } from "../runtime/text/byte-access";
import { addEntropy, fillRandom } from "../task/random";
import { Capability } from "../vfs/credentials";
import { Inode } from "../vfs/inode/inode";
import { OpenFile } from "../vfs/file/open-file";
import { OpenRequest } from "../vfs/inode/open-request";
import { SpecialFileOpener } from "../vfs/file/special-files";
import { currentThread } from "../sync/cpu";
import { currentTask } from "../task/current";

const RNDGETENTCNT: u32 = 0x80045200;
const RNDADDTOENTCNT: u32 = 0x40045201;
const RNDZAPENTCNT: u32 = 0x5204;
const RNDCLEARPOOL: u32 = 0x5206;
const RNDRESEEDCRNG: u32 = 0x5207;
/** Bits in the pool, as a seeded generator reports them. */
@inline export const ENTROPY_BITS: u32 = 256;
const CHUNK: i32 = 256;

@final
class RandomFile extends OpenFile {
  private readonly chunk: StaticArray<u8> = new StaticArray<u8>(CHUNK);

  canReadNow(): bool { return true; }
  canWriteNow(): bool { return true; }

  canSpliceFrom(): bool { return true; }
  canSpliceInto(): bool { return true; }

  @sleeps read(to: IoDestination): i64 {
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
      for (let i = 0; i + 8 <= <i32>taken; i += 8) addEntropy(readU64(this.chunk, i));
      total += taken;
    }
    return total;
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
    switch (command) {
      case RNDGETENTCNT: return memory.writeU32(0, ENTROPY_BITS);
      case RNDADDTOENTCNT:
      case RNDZAPENTCNT:
      case RNDCLEARPOOL:
      case RNDRESEEDCRNG:
        // The generator never counts down: who may ask for it finds nothing to do.
        return currentTask().credentials.has(Capability.SYS_ADMIN) ? 0 : -Errno.EPERM;
      default: return -Errno.EINVAL;
    }
  }
}

@final
export class RandomOpener extends SpecialFileOpener {
  open(inode: Inode, request: OpenRequest): i32 {
    request.file = new RandomFile(request.flags);
    return 0;
  }
}
