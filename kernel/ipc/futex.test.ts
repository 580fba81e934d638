import { Errno } from "../abi/errno";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../abi/mman";
import { addMemory } from "../mm/frames/frame";
import { PagingFeatures, initMemory } from "../mm/frames/init";
import { MapRequest } from "../mm/cache/mapped-object";
import { AddressSpace } from "../mm/space/address-space";
import { mapRegion } from "../mm/space/map";
import { resolveFault } from "../mm/user/simulated-faults";
import { UserInOut } from "../mm/user/user-memory";
import { expectEqual, expectTrue } from "../runtime/expect";
import { OtherThread, beginThreads } from "../sync/test-threads";
import { monotonicNs } from "../time/clock";
import { NEVER, runDueTimers } from "../time/timer";
import { setTsc } from "../../tests/simulated-machine/kernel/controls";
import { FutexKey, FutexWaiter, MATCH_ANY, findKey, requeueFutex, waitFutex, wakeFutex } from "./futex";
import { currentThread } from "../sync/cpu";

const MIB: u64 = 0x10_0000;

export function pageFault(address: u64, error: u64, fromUser: u32): u32 {
  return resolveFault(address, error);
}

function begin(): AddressSpace {
  beginThreads();
  addMemory(8 * MIB, 64 * MIB);
  expectTrue(initMemory([0, 64 * MIB], new PagingFeatures()));
  const space = AddressSpace.create()!;
  space.activate();
  return space;
}

function map(space: AddressSpace, protection: u32, kind: u32): u64 {
  const request = new MapRequest();
  request.length = 8192;
  request.protection = protection;
  request.flags = kind | MAP_ANONYMOUS;
  const address = mapRegion(space, request);
  expectTrue(address > 0, "mapped");
  return <u64>address;
}

function keyOf(space: AddressSpace, address: u64, isPrivate: bool = false): FutexKey {
  const key = new FutexKey();
  expectEqual<i32>(findKey(space, address, isPrivate, key), 0);
  return key;
}

/** Waits for the word at `address` to differ from `expected`. */
function wait(space: AddressSpace, address: u64, expected: u32, bitset: u32 = MATCH_ANY, deadline: u64 = NEVER): i32 {
  const waiter = new FutexWaiter(currentThread());
  waiter.bitset = bitset;
  expectEqual<i32>(findKey(space, address, false, waiter.key), 0);
  return waitFutex(waiter, new UserInOut().claim(address), expected, deadline);
}

export function testKeysOfPrivateMemoryAreAddresses(): void {
  const space = begin();
  const address = map(space, PROT_READ | PROT_WRITE, MAP_PRIVATE);
  const key = keyOf(space, address + 8);
  expectTrue(key.owner === space);
  expectEqual<u64>(key.place, address + 8);
}

export function testKeysOfSharedMemoryAreTheSameInEachMapping(): void {
  const space = begin();
  const address = map(space, PROT_READ | PROT_WRITE, MAP_SHARED);
  const key = keyOf(space, address + 4100);
  expectTrue(key.owner !== space);
  expectEqual<u64>(key.place, 4100, "the offset in the object");
  expectTrue(keyOf(space, address + 4100, true).owner === space, "FUTEX_PRIVATE_FLAG");
}

export function testKeysThatDoNotExist(): void {
  const space = begin();
  const key = new FutexKey();
  const address = map(space, PROT_READ, MAP_PRIVATE);
  expectEqual<i32>(findKey(space, address + 2, false, key), -Errno.EINVAL, "unaligned");
  expectEqual<i32>(findKey(space, address, false, key), -Errno.EFAULT, "own memory that nobody can write");
  expectEqual<i32>(findKey(space, 4096, false, key), -Errno.EFAULT, "nothing there");
  expectEqual<i32>(findKey(space, 0xffff_8000_0000_0000, true, key), -Errno.EFAULT, "the kernel's half");
  expectEqual<i32>(findKey(space, 4096, true, key), 0, "private words are looked for when they are read");
}

export function testAnotherValueIsNotWaitedFor(): void {
  const space = begin();
  const address = map(space, PROT_READ | PROT_WRITE, MAP_PRIVATE);
  expectEqual<i32>(wait(space, address, 1), -Errno.EAGAIN);
}

export function testASignalComesFirst(): void {
  const space = begin();
  const address = map(space, PROT_READ | PROT_WRITE, MAP_PRIVATE);
  currentThread().signalPending = true;
  expectEqual<i32>(wait(space, address, 0), -Errno.ERESTARTSYS);
  expectEqual<i32>(wakeFutex(keyOf(space, address), 10, MATCH_ANY), 0, "nobody is left in the queue");
}

/** Wakes what waits at a key; remembers how many. */
@final
class Waker extends OtherThread {
  woken: i32 = -1;
  constructor(readonly key: FutexKey, readonly bitset: u32) { super(); }
  run(): void { this.woken = wakeFutex(this.key, 10, this.bitset); }
}

export function testAWakeUpEndsTheWait(): void {
  const space = begin();
  const address = map(space, PROT_READ | PROT_WRITE, MAP_SHARED);
  const waker = new Waker(keyOf(space, address), 4);
  waker.start();
  expectEqual<i32>(wait(space, address, 0, 6), 0);
  expectEqual<i32>(waker.woken, 1);
}

@final
class ClockHand extends OtherThread {
  constructor(readonly key: FutexKey) { super(); }
  run(): void {
    expectEqual<i32>(wakeFutex(this.key, 10, 1), 0, "the bits differ");
    setTsc(5_000_000_000, 0);
    runDueTimers();
  }
}

export function testTheDeadlineEndsTheWait(): void {
  const space = begin();
  const address = map(space, PROT_READ | PROT_WRITE, MAP_PRIVATE);
  new ClockHand(keyOf(space, address)).start();
  expectEqual<i32>(wait(space, address, 0, 2, monotonicNs() + 1_000_000_000), -Errno.ETIMEDOUT);
  expectEqual<i32>(wakeFutex(keyOf(space, address), 10, MATCH_ANY), 0);
}

/** Moves the waiter to another word, then wakes there. */
@final
class Mover extends OtherThread {
  constructor(readonly from: FutexKey, readonly to: FutexKey) { super(); }
  run(): void {
    expectEqual<i32>(requeueFutex(this.from, this.to, 0, 5), 1, "moved");
    expectEqual<i32>(wakeFutex(this.from, 10, MATCH_ANY), 0, "not there any more");
    expectEqual<i32>(wakeFutex(this.to, 10, MATCH_ANY), 1);
  }
}

export function testAMovedWaiterIsWokenAtItsNewWord(): void {
  const space = begin();
  const address = map(space, PROT_READ | PROT_WRITE, MAP_PRIVATE);
  new Mover(keyOf(space, address), keyOf(space, address + 64)).start();
  expectEqual<i32>(wait(space, address, 0), 0);
}
