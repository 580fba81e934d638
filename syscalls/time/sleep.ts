// nanosleep(2) and clock_nanosleep(2). An interrupted relative sleep goes on with its first deadline, so that signals
// never lengthen it; the remaining time is reported when a handler ran.

import { Errno } from "../../kernel/abi/errno";
import { UserIn, UserOut } from "../../kernel/mm/user/user-memory";
import { sleepUntil } from "../../kernel/sync/sleep";
import { RestartBlock } from "../../kernel/task/signal/restart-block";
import { Task } from "../../kernel/task/task";
import { monotonicNs, realtimeNs, realtimeToMonotonic } from "../../kernel/time/clock";
import { deadlineAfter, readTimespec, writeTimespec } from "../decode/time-arguments";
import { ClockId, TIMER_ABSTIME } from "../../kernel/abi/time";
import { currentTask } from "../../kernel/task/current";

/** The rest of a relative sleep. */
@final
class SleepRestart extends RestartBlock {
  deadlineNs: u64 = 0;
  remainder: u64 = 0;

  @sleeps resume(): i64 {
    const task = currentTask();
    return sleepRelative(task, this.deadlineNs, this.remainder);
  }
}

/** nanosleep(2) */
@sleeps export function sysNanosleep(task: Task, request: UserIn, remainder: UserOut): i64 {
  const ns = readTimespec(request, 0);
  return ns < 0 ? ns : sleepRelative(task, deadlineAfter(<u64>ns), remainder.address);
}

/** clock_nanosleep(2) */
@sleeps export function sysClockNanosleep(task: Task, clock: i32, flags: i32, request: UserIn, remainder: UserOut): i64 {
  if (!ClockId.canSleep(clock)) return ClockId.isKnown(clock) ? -Errno.EOPNOTSUPP : -Errno.EINVAL;
  const ns = readTimespec(request, 0);
  if (ns < 0) return ns;
  if ((flags & TIMER_ABSTIME) == 0) return sleepRelative(task, deadlineAfter(<u64>ns), remainder.address);
  return sleepAbsolute(clock, <u64>ns);
}

@sleeps function sleepRelative(task: Task, deadlineNs: u64, remainder: u64): i64 {
  while (monotonicNs() < deadlineNs) {
    const slept = sleepUntil(deadlineNs);
    if (slept != -Errno.ERESTARTSYS) continue;
    const now = monotonicNs();
    if (now >= deadlineNs) break;
    if (remainder != 0 && writeTimespec(task.arguments.out1.claim(remainder), 0, deadlineNs - now) < 0) return -Errno.EFAULT;
    const restart = new SleepRestart();
    restart.deadlineNs = deadlineNs;
    restart.remainder = remainder;
    task.restart = restart;
    return -Errno.ERESTART_RESTARTBLOCK;
  }
  return 0;
}

/** Until a moment of the clock. Real time may be set meanwhile: it is looked at again in steps of a second. */
@sleeps function sleepAbsolute(clock: i32, deadlineNs: u64): i64 {
  const isWall = ClockId.isRealtime(clock);
  while (true) {
    const now = isWall ? realtimeNs() : monotonicNs();
    if (now >= deadlineNs) return 0;
    const deadline = isWall ? realtimeToMonotonic(deadlineNs) : deadlineNs;
    const slept = sleepUntil(isWall ? min<u64>(deadline, deadlineAfter(1_000_000_000)) : deadline);
    if (slept == -Errno.ERESTARTSYS) return -Errno.ERESTARTNOHAND;
  }
}
