// The sleeping calls: the one place that waits.
//
// The only shape of a blocking operation is: try; on EAGAIN wait; try again. The kernel is not pre-emptible, so nothing
// can happen between the failed attempt and the wait. All of these sleep; none may be called from an interrupt.

import { Errno } from "../abi/errno";
import { ignore } from "../runtime/ignore";
import { NEVER, armTimer, cancelTimer } from "../time/timer";
import { schedule } from "./scheduler";
import { Thread, ThreadState } from "./thread";
import { WaitQueue } from "./wait-queue";
import { currentThread } from "./cpu";

/**
 * Sleeps until the queue is woken, a signal arrives (-ERESTARTSYS) or the monotonic moment `deadlineNs` passes
 * (-ETIMEDOUT). 0 when woken, even if a signal came at the same time. Spurious returns of 0 are possible: try again.
 */
@sleeps export function waitOn(queue: WaitQueue, deadlineNs: u64 = NEVER): i32 {
  const thread = currentThread();
  if (thread.signalPending) return -Errno.ERESTARTSYS;
  return sleepOn(queue, deadlineNs, thread, ThreadState.INTERRUPTIBLE);
}

/** As `waitOn`, but only a fatal signal ends it (-ERESTARTSYS; the caller returns to exit). */
@sleeps export function waitKillable(queue: WaitQueue, deadlineNs: u64 = NEVER): i32 {
  const thread = currentThread();
  if (thread.killPending) return -Errno.ERESTARTSYS;
  return sleepOn(queue, deadlineNs, thread, ThreadState.KILLABLE);
}

/** Sleeps until the queue is woken. For what always ends soon (a device's completion, a mutex). */
@sleeps export function waitUninterruptible(queue: WaitQueue): void {
  ignore(sleepOn(queue, NEVER, currentThread(), ThreadState.UNINTERRUPTIBLE));
}

/** Sleeps on no queue: until a signal (-ERESTARTSYS), `wakeThread` (0) or the deadline (-ETIMEDOUT). */
@sleeps export function sleepUntil(deadlineNs: u64): i32 {
  const thread = currentThread();
  if (thread.signalPending) return -Errno.ERESTARTSYS;
  thread.state = ThreadState.INTERRUPTIBLE;
  const isTimed = deadlineNs != NEVER;
  if (isTimed) armTimer(thread.sleepTimer, deadlineNs);
  schedule();
  const hasExpired = isTimed && !cancelTimer(thread.sleepTimer);
  if (hasExpired) return -Errno.ETIMEDOUT;
  return thread.signalPending ? -Errno.ERESTARTSYS : 0;
}

@sleeps function sleepOn(queue: WaitQueue, deadlineNs: u64, thread: Thread, state: u32): i32 {
  const waiter = thread.waiter;
  queue.add(waiter);
  thread.state = state;
  if (deadlineNs == NEVER) {
    schedule();
    if (waiter.queue === null) return 0;
    queue.remove(waiter);
    return endOfSleep(thread, state);
  }
  armTimer(thread.sleepTimer, deadlineNs);
  schedule();
  const hasExpired = !cancelTimer(thread.sleepTimer);
  if (waiter.queue === null) return 0;
  queue.remove(waiter);
  return hasExpired ? -Errno.ETIMEDOUT : endOfSleep(thread, state);
}

/** Why a sleep ended that no wake-up of its queue has ended. */
function endOfSleep(thread: Thread, state: u32): i32 {
  if (state == ThreadState.INTERRUPTIBLE) return thread.signalPending ? -Errno.ERESTARTSYS : 0;
  return thread.killPending ? -Errno.ERESTARTSYS : 0;
}
