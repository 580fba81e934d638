// Threads for unit tests of code that sleeps (`*.test.ts`). Tests only.
//
// The simulated machine has one stack: a switch comes back at once. So a test runs as one thread, and what another thread is to do
// happens in the moment in which the scheduler would switch to it, which is when the test's thread goes to sleep.

import { initClock } from "../time/clock";
import { initScheduler, schedule, startThread } from "./scheduler";
import { Thread, ThreadRole } from "./thread";
import { WaitEntry, WaitQueue } from "./wait-queue";
import { currentThread } from "./cpu";

/** A thread that does something once, when it gets the CPU. */
export abstract class OtherThread extends ThreadRole {
  hasRun: bool = false;

  started(thread: Thread): void { unreachable(); }

  switchedIn(thread: Thread): void {
    if (this.hasRun) return;
    this.hasRun = true;
    this.run();
  }

  /** What it does; it must not sleep. */
  abstract run(): void;

  /** Makes it runnable: it runs when the test's thread sleeps. */
  start(): void {
    startThread(new Thread(this), currentThread());
  }
}

@final
class TestThread extends OtherThread {
  run(): void {}
}

/** Clock and scheduler for a test, which goes on as a thread that may sleep. Time begins at 0, real time at `realtimeNs`. */
@sleeps export function beginThreads(realtimeNs: u64 = 0): void {
  initClock(1_000_000_000, realtimeNs);
  initScheduler();
  new TestThread().start();
  schedule();
}

/** Counts the wake-ups of a queue. */
@final
export class WakeCounter extends WaitEntry {
  count: i32 = 0;

  constructor(private readonly home: WaitQueue) {
    super();
    home.add(this);
  }

  woken(): void {
    this.count++;
    this.home.add(this);
  }
}
