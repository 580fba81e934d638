// Wait queues: who wants to know when something happens. The calls that sleep on them are in sleep.ts.
//
// `wakeOne` and `wakeAll` neither sleep nor allocate and may be called from interrupts. An entry leaves its queue when
// it is woken, so two wake-ups reach two sleepers.

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
