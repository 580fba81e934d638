// From the time-outs of poll-like calls to moments of the monotonic clock, computed once a call, so that spurious
// wake-ups do not lengthen a wait. 0 means "do not wait", NEVER "without end".

import { Errno } from "../../kernel/abi/errno";
import { UserIn } from "../../kernel/mm/user/user-memory";
import { monotonicNs } from "../../kernel/time/clock";
import { NEVER } from "../../kernel/time/timer";
import { NS_PER_MILLISECOND, NS_PER_SECOND, US_PER_SECOND } from "../../kernel/abi/time";

/** Longer waits are endless for all purposes. */
const SECONDS_LIMIT: u64 = 1 << 33;

/** What is wrong with a deadline that was to be read from user memory: -EFAULT, -EINVAL; 0: nothing. */
@inline export function deadlineError(deadlineNs: u64): i64 {
  const result = <i64>deadlineNs;
  return result < -1 && result >= -4095 ? result : 0;
}

/** poll(2), epoll_wait(2): negative waits without end. */
export function deadlineOfMilliseconds(timeout: i32): u64 {
  if (timeout < 0) return NEVER;
  return timeout == 0 ? 0 : monotonicNs() + <u64>timeout * NS_PER_MILLISECOND;
}

/** A relative struct timespec; null waits without end. A `deadlineError` in its place if it cannot be read. */
@sleeps export function deadlineOfTimespec(timeout: UserIn): u64 {
  if (timeout.isNull) return NEVER;
  const fetched = timeout.fetch(16);
  if (fetched < 0) return <u64>fetched;
  return deadlineOf(timeout.i64(0), timeout.i64(8), 1);
}

/** A relative struct timeval, whose microseconds may exceed a second (select(2)); likewise. */
@sleeps export function deadlineOfTimeval(timeout: UserIn): u64 {
  if (timeout.isNull) return NEVER;
  const fetched = timeout.fetch(16);
  if (fetched < 0) return <u64>fetched;
  const seconds = timeout.i64(0);
  const micro = timeout.i64(8);
  if (seconds < 0 || micro < 0) return <u64>-Errno.EINVAL;
  return deadlineOf(seconds + micro / US_PER_SECOND, micro % US_PER_SECOND, 1000);
}

function deadlineOf(seconds: i64, fraction: i64, unit: u64): u64 {
  if (seconds < 0 || fraction < 0 || <u64>fraction * unit >= NS_PER_SECOND) return <u64>-Errno.EINVAL;
  if (<u64>seconds >= SECONDS_LIMIT) return NEVER;
  const relative = <u64>seconds * NS_PER_SECOND + <u64>fraction * unit;
  return relative == 0 ? 0 : monotonicNs() + relative;
}

/** Nanoseconds left until a deadline. */
export function remainingNs(deadlineNs: u64): u64 {
  const now = monotonicNs();
  return deadlineNs > now ? deadlineNs - now : 0;
}
