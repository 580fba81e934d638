// getrandom(2). The generator is seeded before the first program runs, so it never blocks.

import { Errno } from "../../kernel/abi/errno";
import { IoDestination } from "../../kernel/mm/user/io-buffer";
import { fillRandom } from "../../kernel/task/random";
import { Task } from "../../kernel/task/task";

const GRND_NONBLOCK: u32 = 1;
const GRND_RANDOM: u32 = 2;
const GRND_INSECURE: u32 = 4;
const CHUNK: i32 = 256;

/** getrandom(2): the bytes stored; less than asked when a signal arrives after the first 256. */
@sleeps export function sysGetrandom(task: Task, to: IoDestination, flags: u32): i64 {
  if ((flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE)) != 0) return -Errno.EINVAL;
  if ((flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE)) return -Errno.EINVAL;
  const checked = to.check();
  if (checked < 0) return <i64>checked;
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
