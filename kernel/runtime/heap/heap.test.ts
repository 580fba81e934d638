// The allocator and the collector on the simulated machine (roots on asc's shadow stack). What native code adds,
// stacks scanned word by word, is tested in tests/gc/.

import { expectEqual, expectFalse, expectTrue } from "../expect";
import {
  collectIfNeeded, collectNow, collectionCount, heapFree, heapLiveObjects, heapReserveOk, heapSize, heapUsed, setStress,
} from "./heap";

class Node {
  next: Node | null = null;
  stamp: u64 = 0;
  constructor(public value: i32) {}
}

class Holder {
  child: Node | null = null;
  items: Array<Node> = new Array<Node>();
  optional: Array<Node | null> = new Array<Node | null>();
  bytes: StaticArray<u8> = new StaticArray<u8>(0);
}

let root: Holder | null = null;

function makeRoot(): Holder {
  const holder = new Holder();
  root = holder;
  return holder;
}

/** A list of `count` nodes; other garbage between them. */
function buildList(count: i32): Node {
  let first: Node | null = null;
  for (let i = 0; i < count; i++) {
    const node = new Node(i);
    expectEqual<u64>(node.stamp, 0, "fresh memory");
    node.stamp = 0xdead_beef_dead_beef;
    node.next = first;
    first = node;
    const waste = new StaticArray<u8>(i % 100);
    if (waste.length > 0) {
      expectEqual<u8>(waste[waste.length - 1], 0, "fresh memory");
      waste[waste.length - 1] = 0xff;
    }
  }
  return first!;
}

function checkList(list: Node | null, count: i32): void {
  let at = list;
  let left = count;
  while (at !== null) {
    left--;
    expectEqual<i32>(at.value, left);
    expectEqual<u64>(at.stamp, 0xdead_beef_dead_beef);
    at = at.next;
  }
  expectEqual<i32>(left, 0);
}

export function testReachableObjectsSurviveAndOthersGo(): void {
  const holder = makeRoot();
  collectNow();
  const before = heapLiveObjects();
  holder.child = buildList(10000);
  collectNow();
  expectTrue(heapLiveObjects() >= before + 10000);
  expectTrue(heapLiveObjects() < before + 10020);
  checkList(holder.child, 10000);
  holder.child = null;
  collectNow();
  expectTrue(heapLiveObjects() <= before + 10);
}

export function testMemoryIsUsedAgain(): void {
  const holder = makeRoot();
  for (let round = 0; round < 5; round++) {
    holder.child = buildList(20000);
    collectNow();
    checkList(holder.child, 20000);
  }
  holder.child = null;
  collectNow();
  collectNow();
  const size = heapSize();
  expectTrue(heapUsed() < 1024 * 1024, "empty pages go back");
  expectTrue(heapFree() > size / 2);
  for (let round = 0; round < 20; round++) {
    holder.child = buildList(20000);
    collectNow();
  }
  expectTrue(heapSize() <= size * 2, "the heap does not creep");
}

export function testLargeObjects(): void {
  const holder = makeRoot();
  let total = 0;
  for (let i = 1; i < 60; i++) {
    const size = i * i * 701 + 2000;
    holder.bytes = new StaticArray<u8>(size);
    expectEqual<u8>(holder.bytes[0], 0);
    expectEqual<u8>(holder.bytes[size - 1], 0);
    holder.bytes[0] = 1;
    holder.bytes[size - 1] = 2;
    total += size;
    collectNow();
    expectEqual<u8>(holder.bytes[size - 1], 2);
  }
  expectTrue(<i32>heapUsed() < total / 4, "large garbage goes");
}

export function testWideAndDeepStructures(): void {
  // More children than the mark stack holds, each with children of its own.
  const holder = makeRoot();
  for (let i = 0; i < 40000; i++) {
    const node = new Node(i);
    node.next = new Node(-i);
    holder.items.push(node);
  }
  collectNow();
  collectNow();
  for (let i = 0; i < 40000; i++) {
    const node = holder.items[i];
    expectEqual<i32>(node.value, i);
    expectEqual<i32>(node.next!.value, -i);
  }
}

export function testArrayGapIsCleared(): void {
  const items = makeRoot().optional;
  for (let i = 0; i < 20; i++) items.push(new Node(i));
  while (items.length > 5) items.pop();
  collectNow();
  for (let i = 0; i < 500; i++) new Node(i);
  items.length = 20;
  for (let i = 5; i < 20; i++) expectTrue(items[i] === null);
  for (let i = 0; i < 5; i++) expectEqual<i32>(items[i]!.value, i);
  collectNow();
}

export function testStressMode(): void {
  const holder = makeRoot();
  buildList(100);
  setStress(true);
  const before = collectionCount();
  const map = new Map<u64, Node>();
  for (let i = 0; i < 60; i++) {
    map.set(<u64>i, new Node(i));
    holder.items.push(new Node(i));
    if (i >= 10) map.delete(<u64>(i - 10));
    const text = "x" + i.toString();
    expectEqual<i32>(text.length, i < 10 ? 2 : 3);
  }
  holder.child = buildList(50);
  expectTrue(collectionCount() > before + 100);
  setStress(false);
  checkList(holder.child, 50);
  expectEqual<i32>(map.size, 10);
  for (let i = 50; i < 60; i++) expectEqual<i32>(map.get(<u64>i).value, i);
  buildList(1000);
}

export function testReserve(): void {
  expectTrue(heapReserveOk(1024 * 1024));
  const size = heapSize();
  const bytes = new StaticArray<u8>(1024 * 1024);
  expectEqual<u32>(heapSize(), size, "the reserved memory was there");
  expectEqual<i32>(bytes.length, 1024 * 1024);
  expectFalse(heapReserveOk(0x7fff_0000));
}

export function testSafePointCollectsWhenDue(): void {
  makeRoot();
  collectNow();
  const before = collectionCount();
  collectIfNeeded();
  expectEqual<u32>(collectionCount(), before);
  buildList(60000);
  collectIfNeeded();
  expectEqual<u32>(collectionCount(), before + 1);
}
