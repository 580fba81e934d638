// Times in system-call arguments: struct timespec and timeval to nanoseconds and back. 0 … 2^63 - 1 nanoseconds; longer
// times are cut there (292 years). Sleeps (page faults).

import { Errno } from "../../kernel/abi/errno";
import { UserIn, UserOut } from "../../kernel/mm/user/user-memory";
import { monotonicNs } from "../../kernel/time/clock";
import { NS_PER_SECOND, US_PER_SECOND } from "../../kernel/abi/time";

const LONGEST_SECONDS: u64 = 9_223_372_035;
const LONGEST_NS: i64 = i64.MAX_VALUE;

/** A struct timespec at `offset`: nanoseconds, -EFAULT or -EINVAL (negative, or tv_nsec out of range). */
@sleeps export function readTimespec(from: UserIn, offset: u64): i64 {
  if (from.readU64(offset) < 0) return -Errno.EFAULT;
  const seconds = from.value;
  if (from.readU64(offset + 8) < 0) return -Errno.EFAULT;
  const ns = from.value;
  if (<i64>seconds < 0 || ns >= NS_PER_SECOND) return -Errno.EINVAL;
  return seconds > LONGEST_SECONDS ? LONGEST_NS : <i64>(seconds * NS_PER_SECOND + ns);
}

/** A struct timeval at `offset`, likewise. */
@sleeps export function readTimeval(from: UserIn, offset: u64): i64 {
  if (from.readU64(offset) < 0) return -Errno.EFAULT;
  const seconds = from.value;
  if (from.readU64(offset + 8) < 0) return -Errno.EFAULT;
  const microseconds = from.value;
  if (<i64>seconds < 0 || microseconds >= US_PER_SECOND) return -Errno.EINVAL;
  return seconds > LONGEST_SECONDS ? LONGEST_NS : <i64>(seconds * NS_PER_SECOND + microseconds * 1000);
}

@sleeps export function writeTimespec(to: UserOut, offset: u64, ns: u64): i32 {
  if (to.writeU64(offset, ns / NS_PER_SECOND) < 0) return -Errno.EFAULT;
  return to.writeU64(offset + 8, ns % NS_PER_SECOND);
}

@sleeps export function writeTimeval(to: UserOut, offset: u64, ns: u64): i32 {
  if (to.writeU64(offset, ns / NS_PER_SECOND) < 0) return -Errno.EFAULT;
  return to.writeU64(offset + 8, ns % NS_PER_SECOND / 1000);
}

/** Monotonic moment `ns` from now, at most 2^63 - 1. */
export function deadlineAfter(ns: u64): u64 {
  const deadline = monotonicNs() + ns;
  return deadline > <u64>LONGEST_NS ? <u64>LONGEST_NS : deadline;
}

/** The monotonic moment that a relative struct timespec means, or -errno. */
@sleeps export function deadlineFromTimeout(timeout: UserIn): i64 {
  const ns = readTimespec(timeout, 0);
  return ns < 0 ? ns : <i64>deadlineAfter(<u64>ns);
}
