import { expectEqual, expectTrue } from "../runtime/expect";
// The scheduler first: its globals need what the files it imports declare.
import { RealtimeQueue } from "./realtime-queue";
import { Thread } from "./thread";
import { IdleRole } from "./cpu";

function threadOf(priority: u32): Thread {
  const thread = new Thread(new IdleRole());
  thread.realtimePriority = priority;
  return thread;
}

export function testHighestPriorityFirst(): void {
  const queue = new RealtimeQueue();
  const low = threadOf(1);
  const middle = threadOf(63);
  const high = threadOf(99);
  queue.pushBack(middle);
  queue.pushBack(low);
  queue.pushBack(high);
  expectEqual<u32>(queue.highest, 99, "highest");
  expectTrue(queue.takeFirst() === high, "99");
  expectTrue(queue.takeFirst() === middle, "63");
  expectTrue(queue.takeFirst() === low, "1");
  expectTrue(queue.isEmpty, "empty");
}

export function testOrderWithinOnePriority(): void {
  const queue = new RealtimeQueue();
  const a = threadOf(64);
  const b = threadOf(64);
  const c = threadOf(64);
  queue.pushBack(a);
  queue.pushBack(b);
  queue.pushFront(c);
  queue.remove(a);
  expectTrue(queue.takeFirst() === c, "pre-empted thread goes on first");
  expectTrue(queue.takeFirst() === b, "then the rest");
  expectTrue(queue.takeFirst() === null, "empty");
}
