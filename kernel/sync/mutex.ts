// A sleeping lock, for what must stay consistent across sleeps (the directory operations of an inode, say).
//
// The kernel is not pre-emptible: code that does not sleep needs no lock. Waiters get the lock in the order they came;
// `unlock` hands it over, so nobody starves. Not recursive. Not for interrupt handlers. Waiting cannot be interrupted.

import { Thread } from "./thread";
import { waitUninterruptible } from "./sleep";
import { WaitQueue } from "./wait-queue";
import { check } from "../runtime/log/panic";
import { currentThread } from "./cpu";

@final
export class Mutex {
  private owner: Thread | null = null;
  private waiting: u32 = 0;
  /** Made when the first thread has to wait. */
  private waiters: WaitQueue | null = null;

  get isLocked(): bool { return this.owner !== null; }

  /** Takes the lock; sleeps while another thread has it. */
  @sleeps lock(): void {
    const thread = currentThread();
    if (this.owner === null && this.waiting == 0) {
      this.owner = thread;
      return;
    }
    this.lockSlowly(thread);
  }

  /** Takes the lock if it is free. */
  tryLock(): bool {
    if (this.owner !== null || this.waiting != 0) return false;
    this.owner = currentThread();
    return true;
  }

  unlock(): void {
    check(this.owner === currentThread(), "mutex: unlocked by a thread that does not hold it");
    this.owner = null;
    const waiters = this.waiters;
    if (waiters !== null) waiters.wakeOne();
  }

  @sleeps private lockSlowly(thread: Thread): void {
    check(this.owner !== thread, "mutex: locked twice by one thread");
    let waiters = this.waiters;
    if (waiters === null) {
      waiters = new WaitQueue();
      this.waiters = waiters;
    }
    this.waiting++;
    // A thread that was woken may find the lock free: newcomers queue as long as anybody waits.
    while (true) {
      waitUninterruptible(waiters);
      if (this.owner === null) break;
    }
    this.waiting--;
    this.owner = thread;
  }
}
