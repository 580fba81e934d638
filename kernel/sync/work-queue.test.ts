import { expectEqual, expectFalse, expectTrue } from "../runtime/expect";
import { DelayedWork, Work, WorkQueue } from "./work-queue";
import { monotonicNs } from "../time/clock";
import { NEVER, nextDeadline, runTimers } from "../time/timer";

let order: string = "";

class Note extends Work {
  /** Queued again this often while it runs. */
  repeats: i32 = 0;

  constructor(readonly text: string, readonly queue: WorkQueue) { super(); }

  run(): void {
    order += this.text;
    if (this.repeats > 0) {
      this.repeats--;
      expectTrue(this.queue.queue(this), "a work that runs may be queued again");
    }
  }
}

class LateNote extends DelayedWork {
  run(): void {
    order += "late";
  }
}

function runAll(queue: WorkQueue): i32 {
  let count = 0;
  while (queue.runNext()) count++;
  return count;
}

export function testWorksRunInOrderAndOnce(): void {
  order = "";
  const queue = new WorkQueue();
  const a = new Note("a", queue);
  const b = new Note("b", queue);
  expectTrue(queue.queue(a));
  expectTrue(queue.queue(b));
  expectFalse(queue.queue(a), "a work waits once");
  expectEqual(runAll(queue), 2);
  expectEqual(order, "ab");
  expectTrue(queue.queue(a), "after it has run it may wait again");
  expectEqual(runAll(queue), 1);
  expectEqual(order, "aba");
}

export function testAWorkQueuedWhileItRunsRunsOnceMore(): void {
  order = "";
  const queue = new WorkQueue();
  const a = new Note("a", queue);
  a.repeats = 2;
  const b = new Note("b", queue);
  queue.queue(a);
  queue.queue(b);
  expectEqual(runAll(queue), 4);
  expectEqual(order, "abaa", "works that wait already go first");
}

export function testCancelTakesOutAnyPlace(): void {
  for (let victim = 0; victim < 3; victim++) {
    order = "";
    const queue = new WorkQueue();
    const notes: Note[] = [new Note("a", queue), new Note("b", queue), new Note("c", queue)];
    for (let i = 0; i < 3; i++) queue.queue(notes[i]);
    expectTrue(queue.cancel(notes[victim]));
    expectFalse(queue.cancel(notes[victim]), "it waits no more");
    queue.cancelAndWait(notes[victim]);
    expectEqual(runAll(queue), 2);
    expectEqual(order, victim == 0 ? "bc" : victim == 1 ? "ac" : "ab");
    expectFalse(new WorkQueue().cancel(notes[0]), "another queue's work is left alone");
  }
}

export function testFlushOfAnEmptyQueueReturns(): void {
  new WorkQueue().flush();
}

export function testADelayedWorkIsQueuedWhenItsMomentComes(): void {
  order = "";
  const queue = new WorkQueue();
  const late = new LateNote();
  queue.queueAt(late, NEVER - 1);
  runTimers();
  expectEqual(runAll(queue), 0, "not yet");
  expectTrue(nextDeadline() <= NEVER - 1);
  queue.queueAt(late, monotonicNs());
  runTimers();
  expectEqual(runAll(queue), 1);
  expectEqual(order, "late");
  queue.queueAt(late, NEVER - 1);
  expectTrue(queue.cancelDelayed(late));
  expectFalse(queue.cancelDelayed(late), "neither armed nor queued");
}
