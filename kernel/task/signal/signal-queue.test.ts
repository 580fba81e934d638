import { expectEqual, expectTrue } from "../../runtime/expect";
import { SignalInfo } from "./signal-info";
import { SignalQueue, takeSignalInfo } from "./signal-queue";
import { SignalCode, signalBit } from "../../abi/signal";

function entry(number: i32, value: u64): SignalInfo {
  const info = takeSignalInfo().reset(number, SignalCode.QUEUE);
  info.word1 = value;
  return info;
}

export function testRealTimeSignalsQueueInOrder(): void {
  const queue = new SignalQueue();
  const taken = new SignalInfo();
  for (let i: u64 = 0; i < 3; i++) queue.append(entry(40, i));
  for (let i: u64 = 0; i < 3; i++) {
    expectTrue((queue.mask & signalBit(40)) != 0, "still pending");
    queue.take(40, taken);
    expectEqual<u64>(taken.word1, i, "first come first served");
  }
  expectEqual<u64>(queue.mask, 0, "none left");
}

export function testMarkedSignalComesFromTheKernel(): void {
  const queue = new SignalQueue();
  const taken = new SignalInfo();
  queue.mark(2);
  queue.append(entry(10, 7));
  queue.take(2, taken);
  expectEqual<i32>(taken.code, SignalCode.KERNEL, "code");
  expectEqual<u64>(queue.mask, signalBit(10), "the other stays");
}

export function testDiscardDropsAllOfASet(): void {
  const queue = new SignalQueue();
  const taken = new SignalInfo();
  queue.append(entry(40, 1));
  queue.append(entry(41, 2));
  queue.append(entry(40, 3));
  queue.discard(signalBit(40));
  expectEqual<u64>(queue.mask, signalBit(41), "mask");
  queue.append(entry(41, 4));
  queue.take(41, taken);
  expectEqual<u64>(taken.word1, 2, "order kept");
  queue.take(41, taken);
  expectEqual<u64>(taken.word1, 4, "the list's end is right after a removal");
}

export function testWithdrawnTimerEntryIsGone(): void {
  const queue = new SignalQueue();
  const own = new SignalInfo();
  own.isPreallocated = true;
  own.reset(14, SignalCode.TIMER);
  queue.append(own);
  queue.withdraw(own);
  expectTrue(!own.isQueued, "not queued");
  expectEqual<u64>(queue.mask, 0, "nothing pending");
}
