// Run queue of the real-time classes: one list for each priority 1 … 99, first come first served within a priority.
// Neither sleeps nor allocates.

import { Thread } from "./thread";

@inline const PRIORITIES: i32 = 100;

@final
export class RealtimeQueue {
  private readonly first: StaticArray<Thread | null> = new StaticArray<Thread | null>(PRIORITIES);
  private readonly last: StaticArray<Thread | null> = new StaticArray<Thread | null>(PRIORITIES);
  /** Bit p % 64 of word p / 64: list p is not empty. */
  private low: u64 = 0;
  private high: u64 = 0;

  get isEmpty(): bool { return (this.low | this.high) == 0; }

  /** Highest priority in the queue, 0 if empty. */
  get highest(): u32 {
    if (this.high != 0) return 127 - <u32>clz<u64>(this.high);
    if (this.low != 0) return 63 - <u32>clz<u64>(this.low);
    return 0;
  }

  pushBack(thread: Thread): void {
    const p = <i32>thread.realtimePriority;
    const last = this.last[p];
    thread.queueNext = null;
    thread.queuePrevious = last;
    if (last === null) this.first[p] = thread;
    else last.queueNext = thread;
    this.last[p] = thread;
    this.mark(p);
  }

  pushFront(thread: Thread): void {
    const p = <i32>thread.realtimePriority;
    const first = this.first[p];
    thread.queuePrevious = null;
    thread.queueNext = first;
    if (first === null) this.last[p] = thread;
    else first.queuePrevious = thread;
    this.first[p] = thread;
    this.mark(p);
  }

  remove(thread: Thread): void {
    const p = <i32>thread.realtimePriority;
    const next = thread.queueNext;
    const previous = thread.queuePrevious;
    if (previous === null) this.first[p] = next;
    else previous.queueNext = next;
    if (next === null) this.last[p] = previous;
    else next.queuePrevious = previous;
    thread.queueNext = null;
    thread.queuePrevious = null;
    if (this.first[p] === null) this.unmark(p);
  }

  /** Takes out the thread that is to run; null if empty. */
  takeFirst(): Thread | null {
    const p = this.highest;
    if (p == 0) return null;
    const thread = this.first[p];
    if (thread !== null) this.remove(thread);
    return thread;
  }

  private mark(p: i32): void {
    if (p < 64) this.low |= (<u64>1) << <u64>p;
    else this.high |= (<u64>1) << <u64>(p - 64);
  }

  private unmark(p: i32): void {
    if (p < 64) this.low &= ~((<u64>1) << <u64>p);
    else this.high &= ~((<u64>1) << <u64>(p - 64));
  }
}
