// Waiting for any of several events: poll(2), select(2), and whatever else looks at many files at once.
//
// A file's `poll(poller)` first registers (`poller.watch(queue)` for each queue whose wake-up may change the answer),
// then looks at its state and returns the mask. The caller polls every file; if none is ready it calls `wait`, and
// polls all again. epoll has its own subclass of Poller, whose entries stay registered.

import { Errno } from "../abi/errno";
import { armTimer, cancelTimer, NEVER } from "../time/timer";
import { schedule, wakeThread } from "./scheduler";
import { Thread, ThreadState } from "./thread";
import { WaitEntry, WaitQueue } from "./wait-queue";
import { currentThread } from "./cpu";

/** One queue that a poll watches. */
@final
export class PollEntry extends WaitEntry {
  /** Next entry of the same poller, in use or spare. */
  sibling: PollEntry | null = null;

  constructor(readonly poller: Poller) { super(); }

  woken(): void {
    this.poller.notify();
  }
}

/**
 * The set of queues that one waiting thread watches. Reusable: `release` keeps the entries for the next round.
 * Belongs to the thread that created it.
 */
export class Poller {
  /** True once a watched queue was woken since the last `reset`. */
  isTriggered: bool = false;
  private used: PollEntry | null = null;
  private spare: PollEntry | null = null;
  private thread: Thread | null = null;

  /** Registers for the next wake-up of `queue`. Allocates when no entry is spare. */
  watch(queue: WaitQueue): void {
    let entry = this.spare;
    if (entry === null) entry = new PollEntry(this);
    else this.spare = entry.sibling;
    entry.sibling = this.used;
    this.used = entry;
    queue.add(entry);
  }

  /** A watched queue was woken. Interrupt context allowed. */
  notify(): void {
    this.isTriggered = true;
    const thread = this.thread;
    if (thread !== null) wakeThread(thread);
  }

  /** Sleeps until a watched queue was woken since the last `release` (0), a signal (-ERESTARTSYS) or the deadline (-ETIMEDOUT). */
  @sleeps wait(deadlineNs: u64 = NEVER): i32 {
    if (this.isTriggered) return 0;
    const thread = currentThread();
    if (thread.signalPending) return -Errno.ERESTARTSYS;
    this.thread = thread;
    thread.state = ThreadState.INTERRUPTIBLE;
    const isTimed = deadlineNs != NEVER;
    if (isTimed) armTimer(thread.sleepTimer, deadlineNs);
    schedule();
    const hasExpired = isTimed && !cancelTimer(thread.sleepTimer);
    this.thread = null;
    if (this.isTriggered) return 0;
    if (hasExpired) return -Errno.ETIMEDOUT;
    return thread.signalPending ? -Errno.ERESTARTSYS : 0;
  }

  /** Leaves every queue and forgets what was triggered: before polling all files again, and at the end. */
  release(): void {
    let entry = this.used;
    while (entry !== null) {
      const next = entry.sibling;
      entry.leave();
      entry.sibling = this.spare;
      this.spare = entry;
      entry = next;
    }
    this.used = null;
    this.isTriggered = false;
  }
}
