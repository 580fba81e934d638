// Wait queues: who wants to know when something happens, and the sleeping calls.
//
// The only shape of a blocking operation is: try; on EAGAIN wait; try again. The kernel is not pre-emptible, so nothing
// can happen between the failed attempt and the wait. `wakeOne` and `wakeAll` neither sleep nor allocate and may be
// called from interrupts. An entry leaves its queue when it is woken, so two wake-ups reach two sleepers.

import { Errno } from "../abi/errno";
import { ignore } from "../runtime/ignore";
import { NEVER, armTimer, cancelTimer } from "../time/timer";
import { currentThread, schedule, wakeThread } from "./scheduler";
import { Thread, ThreadState } from "./thread";

/** A member of a wait queue: a sleeping thread, a poll, an epoll item. In at most one queue. */
export abstract class WaitEntry {
  queue: WaitQueue | null = null;
  next: WaitEntry | null = null;
  previous: WaitEntry | null = null;

  /** True if one wake-up is meant for one such entry; observers (polls) leave it false: all of them hear of it. */
  isExclusive: bool = false;

  /** The event came; the entry has just left the queue. May put itself back (it is then called again next time). */
  abstract woken(): void;

  /** Leaves the queue, if it is in one. */
  leave(): void {
    const queue = this.queue;
    if (queue !== null) queue.remove(this);
  }
}

/** A thread asleep in `waitOn` and its relatives. */
@final
export class ThreadWaiter extends WaitEntry {
  thread: Thread | null = null;

  constructor() {
    super();
    this.isExclusive = true;
  }

  woken(): void {
    const thread = this.thread;
    if (thread !== null) wakeThread(thread);
  }
}

/** Where entries wait, oldest first. */
@final
export class WaitQueue {
  first: WaitEntry | null = null;
  last: WaitEntry | null = null;

  get isEmpty(): bool { return this.first === null; }

  /** Appends an entry that is in no queue. */
  add(entry: WaitEntry): void {
    const last = this.last;
    entry.queue = this;
    entry.next = null;
    entry.previous = last;
    if (last === null) this.first = entry;
    else last.next = entry;
    this.last = entry;
  }

  /** Takes out a member. */
  remove(entry: WaitEntry): void {
    const next = entry.next;
    const previous = entry.previous;
    if (previous === null) this.first = next;
    else previous.next = next;
    if (next === null) this.last = previous;
    else next.previous = previous;
    entry.queue = null;
    entry.next = null;
    entry.previous = null;
  }

  /** Tells every observer and wakes the longest-waiting thread. True if a thread was woken. */
  wakeOne(): bool {
    return this.first !== null && this.wakeSome(1) != 0;
  }

  /** Wakes everybody. */
  wakeAll(): void {
    if (this.first !== null) this.wakeSome(u32.MAX_VALUE);
  }

  /** As `wakeOne` for up to `limit` threads; returns how many were woken. */
  wakeSome(limit: u32): u32 {
    let count: u32 = 0;
    // An observer that puts itself back goes behind `end` and is not met twice.
    const end = this.last;
    let entry = this.first;
    while (entry !== null) {
      let next: WaitEntry | null = null;
      if (entry !== end) next = entry.next;
      if (!entry.isExclusive) {
        this.remove(entry);
        entry.woken();
      } else if (count < limit) {
        count++;
        this.remove(entry);
        entry.woken();
      }
      entry = next;
    }
    return count;
  }
}

/**
 * Sleeps until the queue is woken, a signal arrives (-ERESTARTSYS) or the monotonic moment `deadlineNs` passes
 * (-ETIMEDOUT). 0 when woken, even if a signal came at the same time. Spurious returns of 0 are possible: try again.
 */
export function waitOn(queue: WaitQueue, deadlineNs: u64 = NEVER): i32 {
  const thread = currentThread;
  if (thread.signalPending) return -Errno.ERESTARTSYS;
  return sleepOn(queue, deadlineNs, thread, ThreadState.INTERRUPTIBLE);
}

/** As `waitOn`, but only a fatal signal ends it (-ERESTARTSYS; the caller returns to exit). */
export function waitKillable(queue: WaitQueue, deadlineNs: u64 = NEVER): i32 {
  const thread = currentThread;
  if (thread.killPending) return -Errno.ERESTARTSYS;
  return sleepOn(queue, deadlineNs, thread, ThreadState.KILLABLE);
}

/** Sleeps until the queue is woken. For what always ends soon (a device's completion, a mutex). */
export function waitUninterruptible(queue: WaitQueue): void {
  ignore(sleepOn(queue, NEVER, currentThread, ThreadState.UNINTERRUPTIBLE));
}

/** Sleeps on no queue: until a signal (-ERESTARTSYS), `wakeThread` (0) or the deadline (-ETIMEDOUT). */
export function sleepUntil(deadlineNs: u64): i32 {
  const thread = currentThread;
  if (thread.signalPending) return -Errno.ERESTARTSYS;
  thread.state = ThreadState.INTERRUPTIBLE;
  const isTimed = deadlineNs != NEVER;
  if (isTimed) armTimer(thread.sleepTimer, deadlineNs);
  schedule();
  const hasExpired = isTimed && !cancelTimer(thread.sleepTimer);
  if (hasExpired) return -Errno.ETIMEDOUT;
  return thread.signalPending ? -Errno.ERESTARTSYS : 0;
}

function sleepOn(queue: WaitQueue, deadlineNs: u64, thread: Thread, state: u32): i32 {
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
