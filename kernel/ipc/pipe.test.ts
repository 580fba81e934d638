import { Errno } from "../abi/errno";
import { addMemory, freeFrameCount } from "../mm/frames/frame";
import { IoDestination, IoSource } from "../mm/user/io-buffer";
import { expectBytes, expectEqual, expectTrue } from "../runtime/expect";
import { bytesOf } from "../runtime/text/bytes";
import { OtherThread, WakeCounter, beginThreads } from "../sync/test-threads";
import { Pipe } from "./pipe";
import { currentThread } from "../sync/cpu";

const MIB: u64 = 0x10_0000;
const PAGE: i32 = 4096;
const SLOTS: i32 = 16;

function makePipe(): Pipe {
  addMemory(8 * MIB, 16 * MIB);
  const pipe = new Pipe();
  pipe.readers = 1;
  pipe.writers = 1;
  return pipe;
}

function source(bytes: StaticArray<u8>): IoSource {
  return new IoSource().claimBytes(bytes, 0, bytes.length);
}

/** Writes text without waiting. */
function put(pipe: Pipe, text: string, isPacket: bool = false): i64 {
  return pipe.write(source(bytesOf(text)), true, isPacket);
}

function putBytes(pipe: Pipe, length: i32): i64 {
  return pipe.write(source(new StaticArray<u8>(length)), true, false);
}

/** Reads up to `length` bytes without waiting, which must be `text`. */
function expectRead(pipe: Pipe, length: i32, text: string): void {
  const bytes = new StaticArray<u8>(length);
  const count = pipe.read(new IoDestination().claimBytes(bytes, 0, length), true);
  expectEqual<i64>(count, text.length, "bytes read");
  expectBytes(bytes, text, text.length);
}

function drain(pipe: Pipe, length: i32): i64 {
  return pipe.read(new IoDestination().claimBytes(new StaticArray<u8>(length), 0, length), true);
}

export function testBytesComeInOrderAcrossReadsOfOtherSizes(): void {
  const pipe = makePipe();
  expectEqual<i64>(put(pipe, "hello "), 6);
  expectEqual<i64>(put(pipe, "world"), 5);
  expectEqual<u32>(pipe.byteCount, 11);
  expectRead(pipe, 3, "hel");
  expectRead(pipe, 20, "lo world");
  expectEqual<i64>(drain(pipe, 1), -Errno.EAGAIN, "empty, a writer is left");
}

export function testSmallWritesShareASlot(): void {
  const pipe = makePipe();
  for (let i = 0; i < PAGE; i++) expectEqual<i64>(put(pipe, "x"), 1);
  // Fifteen whole pages fit beside the one that 4096 writes filled.
  expectEqual<i64>(putBytes(pipe, 16 * PAGE), 15 * PAGE);
  expectTrue(pipe.isFull);
  expectEqual<i64>(put(pipe, "x"), -Errno.EAGAIN);
}

export function testCapacityCountsSlots(): void {
  const pipe = makePipe();
  // Each of these writes is one byte too long to join the slot before it.
  for (let i = 0; i < SLOTS; i++) expectEqual<i64>(putBytes(pipe, PAGE / 2 + 1), PAGE / 2 + 1);
  expectEqual<i64>(putBytes(pipe, PAGE / 2 + 1), -Errno.EAGAIN, "no slot is left though half the bytes would fit");
  expectEqual<i64>(putBytes(pipe, PAGE / 2 - 1), PAGE / 2 - 1, "what fits the last slot joins it");
  expectEqual<i64>(drain(pipe, PAGE / 2 + 1), PAGE / 2 + 1);
  expectEqual<i64>(putBytes(pipe, PAGE), PAGE, "a slot is free again");
}

export function testPacketsAreReadOneAtATimeAndTheirRestIsLost(): void {
  const pipe = makePipe();
  expectEqual<i64>(put(pipe, "first", true), 5);
  expectEqual<i64>(put(pipe, "second", true), 6);
  expectEqual<i64>(put(pipe, "plain"), 5);
  expectRead(pipe, 100, "first");
  expectRead(pipe, 3, "sec");
  expectRead(pipe, 100, "plain");
}

export function testNothingJoinsWhatWasSpliced(): void {
  const pipe = makePipe();
  expectEqual<i64>(pipe.splice(source(bytesOf("page")), true), 4);
  for (let i = 1; i < SLOTS; i++) expectEqual<i64>(pipe.splice(source(bytesOf("p")), true), 1);
  expectTrue(pipe.isFull);
  expectEqual<i64>(put(pipe, "x"), -Errno.EAGAIN);
}

export function testTheEndIsSeenWhenNobodyWrites(): void {
  const pipe = makePipe();
  expectEqual<i64>(put(pipe, "rest"), 4);
  pipe.leave(false, true);
  expectRead(pipe, 10, "rest");
  expectEqual<i64>(drain(pipe, 10), 0);
}

export function testNobodyReadsAnyMore(): void {
  const pipe = makePipe();
  pipe.leave(true, false);
  expectEqual<i64>(put(pipe, "x"), -Errno.EPIPE);
}

export function testThePagesGoWithTheLastEnd(): void {
  const pipe = makePipe();
  // Frames are taken from the memory in batches.
  expectEqual<i64>(putBytes(pipe, 2 * PAGE), 2 * PAGE);
  expectEqual<i64>(drain(pipe, 2 * PAGE), 2 * PAGE);
  const before = freeFrameCount() + 1;
  expectEqual<i64>(putBytes(pipe, 10 * PAGE), 10 * PAGE);
  expectEqual<i64>(drain(pipe, PAGE), PAGE);
  pipe.leave(true, false);
  expectTrue(freeFrameCount() < before, "a writer is left");
  pipe.leave(false, true);
  expectEqual<u64>(freeFrameCount(), before, "the spare page went, too");
}

export function testWhoIsWokenWhen(): void {
  const pipe = makePipe();
  const readable = new WakeCounter(pipe.readable);
  const writable = new WakeCounter(pipe.writable);
  expectEqual<i64>(put(pipe, "x"), 1);
  expectEqual<i64>(put(pipe, "x"), 1);
  expectEqual<i32>(readable.count, 1, "only the write into an empty pipe");
  expectEqual<i64>(putBytes(pipe, 20 * PAGE), 15 * PAGE);
  expectEqual<i64>(drain(pipe, 1), 1);
  expectEqual<i32>(writable.count, 0, "still no slot");
  expectEqual<i64>(drain(pipe, 1), 1);
  expectEqual<i32>(writable.count, 1, "the first slot became free");
  pipe.leave(false, true);
  expectEqual<i32>(readable.count, 2, "the end");
}

export function testResizingKeepsTheContents(): void {
  const pipe = makePipe();
  expectEqual<i64>(put(pipe, "abc", true), 3);
  expectEqual<i64>(put(pipe, "defg", true), 4);
  expectRead(pipe, 3, "abc");
  expectEqual<i64>(put(pipe, "hi", true), 2);
  expectEqual<i64>(pipe.resize(1), -Errno.EBUSY, "two slots are in use");
  expectEqual<i64>(pipe.resize(5000), 2 * PAGE, "rounded up to a power of two of pages");
  expectEqual<u32>(pipe.capacity, 2 * PAGE);
  expectTrue(pipe.isFull);
  expectEqual<i64>(pipe.resize(1 << 20), 1 << 20);
  expectRead(pipe, 10, "defg");
  expectRead(pipe, 10, "hi");
}

@final
class Writer extends OtherThread {
  constructor(readonly pipe: Pipe, readonly text: string) { super(); }
  run(): void { expectEqual<i64>(put(this.pipe, this.text), this.text.length); }
}

@final
class Reader extends OtherThread {
  constructor(readonly pipe: Pipe, readonly length: i32) { super(); }
  run(): void { expectEqual<i64>(drain(this.pipe, this.length), this.length); }
}

@final
class Closer extends OtherThread {
  constructor(readonly pipe: Pipe) { super(); }
  run(): void { this.pipe.leave(false, true); }
}

function readWaiting(pipe: Pipe, bytes: StaticArray<u8>): i64 {
  return pipe.read(new IoDestination().claimBytes(bytes, 0, bytes.length), false);
}

export function testAReaderSleepsUntilSomethingComes(): void {
  beginThreads();
  const pipe = makePipe();
  const bytes = new StaticArray<u8>(10);
  new Writer(pipe, "late").start();
  expectEqual<i64>(readWaiting(pipe, bytes), 4);
  expectBytes(bytes, "late", 4);
}

export function testAReaderSleepsUntilTheEnd(): void {
  beginThreads();
  const pipe = makePipe();
  new Closer(pipe).start();
  expectEqual<i64>(readWaiting(pipe, new StaticArray<u8>(10)), 0);
}

export function testAWriterSleepsUntilThereIsRoomForTheRest(): void {
  beginThreads();
  const pipe = makePipe();
  new Reader(pipe, 5 * PAGE).start();
  expectEqual<i64>(pipe.write(source(new StaticArray<u8>(20 * PAGE)), false, false), 20 * PAGE);
  expectEqual<u32>(pipe.byteCount, 15 * PAGE);
}

export function testASignalEndsTheWait(): void {
  beginThreads();
  const pipe = makePipe();
  currentThread().signalPending = true;
  expectEqual<i64>(readWaiting(pipe, new StaticArray<u8>(10)), -Errno.ERESTARTSYS);
  expectEqual<i64>(pipe.write(source(new StaticArray<u8>(20 * PAGE)), false, false), 16 * PAGE, "what went before the wait");
}
