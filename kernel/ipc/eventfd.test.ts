import { Errno } from "../abi/errno";
import { O_NONBLOCK, O_RDWR } from "../abi/fcntl";
import { IoDestination, IoSource } from "../mm/user/io-buffer";
import { expectEqual } from "../runtime/expect";
import { readU64, writeU64 } from "../runtime/text/byte-access";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { textOf } from "../runtime/text/bytes";
import { OtherThread, beginThreads } from "../sync/test-threads";
import { EventFile } from "./eventfd";
import { PollEvent } from "../abi/poll";

const MOST: u64 = u64.MAX_VALUE - 1;

function make(count: u64, isSemaphore: bool = false): EventFile {
  return new EventFile(O_RDWR | O_NONBLOCK, count, isSemaphore);
}

function add(file: EventFile, value: u64): i64 {
  const bytes = new StaticArray<u8>(8);
  writeU64(bytes, 0, value);
  return file.write(new IoSource().claimBytes(bytes, 0, 8));
}

/** The number read, or -errno; numbers here are small or near the top. */
function take(file: EventFile): u64 {
  const bytes = new StaticArray<u8>(8);
  const count = file.read(new IoDestination().claimBytes(bytes, 0, 8));
  return count == 8 ? readU64(bytes, 0) : <u64>count;
}

export function testReadingTakesTheWholeCounter(): void {
  const file = make(3);
  expectEqual<i64>(add(file, 39), 8);
  expectEqual<u64>(take(file), 42);
  expectEqual<i64>(<i64>take(file), -Errno.EAGAIN);
}

export function testASemaphoreGivesOneAtATime(): void {
  const file = make(2, true);
  expectEqual<u64>(take(file), 1);
  expectEqual<u64>(take(file), 1);
  expectEqual<i64>(<i64>take(file), -Errno.EAGAIN);
}

export function testTheCounterStopsBelowTheLargestNumber(): void {
  const file = make(1);
  expectEqual<i64>(add(file, u64.MAX_VALUE), -Errno.EINVAL);
  expectEqual<i64>(add(file, MOST), -Errno.EAGAIN, "it would reach the largest number");
  expectEqual<i64>(add(file, MOST - 1), 8);
  expectEqual<u64>(take(file), MOST);
}

export function testPollSaysWhatWouldNotWait(): void {
  const file = make(0);
  expectEqual<u32>(file.poll(null), PollEvent.OUT);
  expectEqual<i64>(add(file, 1), 8);
  expectEqual<u32>(file.poll(null), PollEvent.IN | PollEvent.OUT);
  expectEqual<i64>(add(file, MOST - 1), 8);
  expectEqual<u32>(file.poll(null), PollEvent.IN, "adding one would wait");
}

export function testEightBytesAreNeeded(): void {
  const file = make(1);
  expectEqual<i64>(file.read(new IoDestination().claimBytes(new StaticArray<u8>(7), 0, 7)), -Errno.EINVAL);
  expectEqual<i64>(file.write(new IoSource().claimBytes(new StaticArray<u8>(7), 0, 7)), -Errno.EINVAL);
  expectEqual<u64>(take(file), 1, "nothing was taken");
}

export function testProcSaysTheCount(): void {
  const text = new ByteBuilder(64);
  const details = make(0x2a).details()!;
  text.appendBytes(details);
  expectEqual<string>(textOf(text.toBytes()), "eventfd-count:               2a\n");
}

@final
class Adder extends OtherThread {
  constructor(readonly file: EventFile) { super(); }
  run(): void { expectEqual<i64>(add(this.file, 7), 8); }
}

@final
class Taker extends OtherThread {
  constructor(readonly file: EventFile) { super(); }
  run(): void { expectEqual<u64>(take(this.file), MOST); }
}

export function testReadersAndWritersSleep(): void {
  beginThreads();
  const file = new EventFile(O_RDWR, 0, false);
  new Adder(file).start();
  expectEqual<u64>(take(file), 7);
  expectEqual<i64>(add(file, MOST), 8);
  new Taker(file).start();
  expectEqual<i64>(add(file, 5), 8);
  expectEqual<u64>(take(file), 5);
}
