// Work queues: what an interrupt handler, or code that must not sleep, leaves to a thread that may.
//
// A WorkQueue has one worker, a kernel thread that calls `serve` (kernel/task/life/kernel-thread.ts). Works run one after the
// other, in the order they were queued; a work runs at most once at a time. `queue`, `queueAt` and `cancel` neither sleep nor
// allocate and may be called from interrupts; the object of the work is made beforehand. A work that is running may be queued
// again, by itself too: it then runs once more, so no event is lost between its last look and its end.
//
//   interrupt: store the byte, queue(work)        worker: takes the work out of the queue, then run()
//                                                  a byte that comes during run() queues the work again

import { check } from "../runtime/log/panic";
import { ignore } from "../runtime/ignore";
import { Timer, armTimer, cancelTimer } from "../time/timer";
import { isRescheduleNeeded, schedule } from "./scheduler";
import { waitOn, waitUninterruptible } from "./sleep";
import { Thread } from "./thread";
import { WaitQueue } from "./wait-queue";
import { currentThread } from "./cpu";

/** Something to be done by a worker. In at most one queue. */
export abstract class Work {
  /** The queue it waits in; null while it waits in none (it may be running). */
  waitsIn: WorkQueue | null = null;
  next: Work | null = null;
  previous: Work | null = null;

  /** Called by the worker. May sleep, which holds up the works behind it. */
  @sleeps abstract run(): void;
}

/** A work that can be queued at a moment to come. */
export abstract class DelayedWork extends Work {
  readonly delay: WorkTimer = new WorkTimer();
}

/** Queues a work when its moment has come. */
@final
export class WorkTimer extends Timer {
  work: DelayedWork | null = null;
  target: WorkQueue | null = null;

  expired(): void {
    const target = this.target;
    const work = this.work;
    if (target !== null && work !== null) ignore(target.queue(work));
  }
}

/** Marks a place in a queue for `flush`. */
@final
class Barrier extends Work {
  isPassed: bool = false;

  run(): void {
    this.isPassed = true;
  }
}

@final
export class WorkQueue {
  private first: Work | null = null;
  private last: Work | null = null;
  private running: Work | null = null;
  private worker: Thread | null = null;
  /** The worker sleeps here while there is nothing to do. */
  private readonly arrivals: WaitQueue = new WaitQueue();
  /** Woken each time a work has ended. */
  private readonly ends: WaitQueue = new WaitQueue();

  /** Has `work` run by the worker; false if it waits in a queue already. Interrupt context allowed. */
  queue(work: Work): bool {
    if (work.waitsIn !== null) return false;
    const last = this.last;
    work.waitsIn = this;
    work.previous = last;
    if (last === null) this.first = work;
    else last.next = work;
    this.last = work;
    this.arrivals.wakeOne();
    return true;
  }

  /** Queues `work` at the monotonic moment `deadlineNs`, instead of one set before. Interrupt context allowed. */
  queueAt(work: DelayedWork, deadlineNs: u64): void {
    const delay = work.delay;
    delay.work = work;
    delay.target = this;
    armTimer(delay, deadlineNs);
  }

  /** Takes back a work that has not begun; false if there was nothing to take back. It may be running. Interrupt context allowed. */
  cancel(work: Work): bool {
    if (work.waitsIn !== this) return false;
    this.remove(work);
    return true;
  }

  /** As `cancel`, its delay included. */
  cancelDelayed(work: DelayedWork): bool {
    const wasArmed = cancelTimer(work.delay);
    return this.cancel(work) || wasArmed;
  }

  /** Takes back a work, and waits until it is not running either. Sleeps; not for works of this queue. */
  @sleeps cancelAndWait(work: Work): void {
    this.checkNotWorker();
    while (this.cancel(work) || this.running === work) {
      if (this.running === work) waitUninterruptible(this.ends);
    }
  }

  /** Waits until everything that is queued now has run. Sleeps; not for works of this queue. */
  @sleeps flush(): void {
    this.checkNotWorker();
    if (this.first === null && this.running === null) return;
    const barrier = new Barrier();
    ignore(this.queue(barrier));
    while (!barrier.isPassed) waitUninterruptible(this.ends);
  }

  /** What the worker does for ever. */
  @sleeps serve(): void {
    this.worker = currentThread();
    while (true) {
      if (!this.runNext()) ignore(waitOn(this.arrivals));
      else if (isRescheduleNeeded()) schedule();
    }
  }

  /** Runs the first work; false if there is none. For the worker, and for tests without threads. */
  @sleeps runNext(): bool {
    const work = this.first;
    if (work === null) return false;
    this.remove(work);
    this.running = work;
    work.run();
    this.running = null;
    this.ends.wakeAll();
    return true;
  }

  private remove(work: Work): void {
    const next = work.next;
    const previous = work.previous;
    if (previous === null) this.first = next;
    else previous.next = next;
    if (next === null) this.last = previous;
    else next.previous = previous;
    work.waitsIn = null;
    work.next = null;
    work.previous = null;
  }

  private checkNotWorker(): void {
    const worker = this.worker;
    check(worker === null || worker !== currentThread(), "work queue: a work waits for its own queue");
  }
}

/** Work that may take long or sleep long, in no hurry: run by the thread `kthreadd`. */
@kernelLock export const deferredWork: WorkQueue = new WorkQueue();
