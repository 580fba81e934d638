// getrandom(2). Waits until the generator is seeded, which it is from the start where the CPU has a generator of its own. Sleeps.

import { Errno } from "../../kernel/abi/errno";
import { IoDestination } from "../../kernel/mm/user/io-buffer";
import { waitForEntropy } from "../../kernel/random/entropy";
import { fillRandom } from "../../kernel/random/random";
import { Task } from "../../kernel/task/task";

const GRND_NONBLOCK: u32 = 1;
const GRND_RANDOM: u32 = 2;
const GRND_INSECURE: u32 = 4;
const CHUNK: i32 = 256;

/** getrandom(2): the bytes stored; less than asked when a signal arrives after the first 256. -EAGAIN: GRND_NONBLOCK, and not seeded yet. */
@sleeps export function sysGetrandom(task: Task, to: IoDestination, flags: u32): i64 {
  if ((flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE)) != 0) return -Errno.EINVAL;
  if ((flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE)) return -Errno.EINVAL;
  const checked = to.check();
  if (checked < 0) return <i64>checked;
  if ((flags & GRND_INSECURE) == 0) {
    const waited = waitForEntropy((flags & GRND_NONBLOCK) != 0);
    if (waited < 0) return waited;
  }
  const bytes = new StaticArray<u8>(CHUNK);
  let total: i64 = 0;
  while (to.remaining > 0) {
    const part = <i32>min<u64>(to.remaining, <u64>CHUNK);
    fillRandom(bytes, 0, part);
    const put = to.putBytes(bytes, 0, part);
    if (put < 0) return total != 0 ? total : put;
    total += put;
    if (put < <i64>part || task.signalPending) break;
  }
  return total;
}
