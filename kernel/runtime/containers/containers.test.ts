// Tests of linked-list.ts, queue.ts, id-map.ts, id-allocator.ts, ordered-tree.ts and pool.ts.

import { expectBytes, expectEqual, expectFalse, expectNotEqual, expectTrue } from "../expect";
import { bytesOf } from "../text/bytes";
import { IdAllocator } from "./id-allocator";
import { IdMap } from "./id-map";
import { Link, LinkedList } from "./linked-list";
import { OrderedTree, TreeNode } from "./ordered-tree";
import { Pool, dropPools } from "./pool";
import { ByteRing, ObjectQueue } from "./queue";

class Item {
  link: Link<Item> | null = null;
  node: TreeNode<Item> | null = null;
  constructor(public value: i32) {}
}

function linked(value: i32): Link<Item> {
  const item = new Item(value);
  const link = new Link<Item>(item);
  item.link = link;
  return link;
}

/** The values as decimal digits, first to last; checks the backward chain too. */
function digits(list: LinkedList<Item>): i32 {
  let number = 0;
  let count = 0;
  let at = list.first;
  let before: Link<Item> | null = null;
  while (at !== null) {
    expectTrue(at.previous === before);
    number = number * 10 + at.owner.value;
    count++;
    before = at;
    at = at.next;
  }
  expectTrue(list.last === before);
  expectEqual<i32>(list.length, count);
  return number;
}

export function testLinkedListKeepsOrder(): void {
  const list = new LinkedList<Item>();
  const two = linked(2);
  list.append(two);
  list.append(linked(4));
  list.prepend(linked(1));
  const three = linked(3);
  list.insertAfter(three, two);
  list.insertBefore(linked(9), three);
  expectEqual<i32>(digits(list), 12934);
  two.unlink();
  expectFalse(two.isLinked);
  expectTrue(two.next === null && two.previous === null);
  two.unlink();
  list.moveToEnd(three);
  expectEqual<i32>(digits(list), 1943);
  let left = 4;
  while (list.removeFirst() !== null) left--;
  expectEqual<i32>(left, 0);
  expectTrue(list.isEmpty);
  expectEqual<i32>(digits(list), 0);
}

export function testObjectQueueWrapsAndGrows(): void {
  const queue = new ObjectQueue<Item>(4);
  let next = 0;
  let taken = 0;
  for (let round = 0; round < 50; round++) {
    for (let i = 0; i < round % 7; i++) queue.put(new Item(next++));
    for (let i = 0; i < round % 5; i++) {
      const item = queue.take();
      if (item === null) break;
      expectEqual<i32>(item.value, taken++);
    }
    expectEqual<i32>(queue.length, next - taken);
  }
  const front = queue.peek();
  expectTrue(front !== null && front.value == taken);
  expectTrue(queue.peek(queue.length) === null);
}

export function testByteRing(): void {
  const ring = new ByteRing(16);
  expectEqual<i32>(ring.putBytes(bytesOf("0123456789"), 0, 10), 10);
  const out = new StaticArray<u8>(20);
  expectEqual<i32>(ring.takeBytes(out, 0, 8), 8);
  expectEqual<i32>(ring.putBytes(bytesOf("abcdefghijklmnopq"), 0, 17), 14);
  expectFalse(ring.putByte(0));
  expectEqual<i32>(ring.peek(1), 0x39);
  expectEqual<i32>(ring.peek(16), -1);
  expectEqual<i32>(ring.unputByte(), 0x6e);
  expectTrue(ring.putByte(0x21));
  expectEqual<i32>(ring.takeBytes(out, 0, 20), 16);
  expectBytes(out, "89abcdefghijklm!", 16);
  expectEqual<i32>(ring.takeByte(), -1);
  expectTrue(ring.isEmpty);
}

export function testIdMapAgainstPlainArray(): void {
  const map = new IdMap<Item>();
  const plain = new StaticArray<i32>(256);
  let random: u32 = 1;
  let count = 0;
  for (let step = 1; step < 20000; step++) {
    random = random * 1664525 + 1013904223;
    const key = (random >> 16) & 255;
    // Keys that collide: multiples of a large power of two.
    const wide = <u64>key << 40;
    if ((random >> 8) & 1) {
      const former = map.set(wide, new Item(step));
      expectEqual<i32>(former === null ? 0 : former.value, plain[key]);
      if (plain[key] == 0) count++;
      plain[key] = step;
    } else {
      const former = map.remove(wide);
      expectEqual<i32>(former === null ? 0 : former.value, plain[key]);
      if (plain[key] != 0) count--;
      plain[key] = 0;
    }
    expectEqual<i32>(map.length, count);
  }
  for (let key: u64 = 0; key < 256; key++) {
    const found = map.get(key << 40);
    expectEqual<i32>(found === null ? 0 : found.value, plain[<i32>key]);
  }
  let seen = 0;
  for (let i = map.nextIndex(-1); i >= 0; i = map.nextIndex(i)) {
    const value = map.valueAt(i);
    expectTrue(value !== null && plain[<i32>(map.keyAt(i) >> 40)] == value.value);
    seen++;
  }
  expectEqual<i32>(seen, count);
  map.clear();
  expectEqual<i32>(map.nextIndex(-1), -1);
}

export function testIdAllocatorGivesTheLowest(): void {
  const ids = new IdAllocator(5000);
  for (let i = 0; i < 5000; i++) expectEqual<i32>(ids.allocate(), i);
  expectEqual<i32>(ids.allocate(), -1);
  expectTrue(ids.release(4097));
  expectTrue(ids.release(70));
  expectFalse(ids.release(70));
  expectEqual<i32>(ids.lowestFree(71), 4097);
  expectEqual<i32>(ids.allocate(), 70);
  expectEqual<i32>(ids.allocate(), 4097);
  expectEqual<i32>(ids.count, 5000);
}

export function testIdAllocatorFromAndTake(): void {
  const ids = new IdAllocator(1 << 20);
  expectEqual<i32>(ids.allocate(1000), 1000);
  expectTrue(ids.take(3));
  expectFalse(ids.take(3));
  expectFalse(ids.take(-1));
  expectFalse(ids.take(1 << 20));
  expectEqual<i32>(ids.allocate(3), 4);
  expectEqual<i32>(ids.nextUsed(0), 3);
  expectEqual<i32>(ids.nextUsed(5), 1000);
  expectEqual<i32>(ids.nextUsed(1001), -1);
  expectEqual<i32>(ids.lowestFree(-5), 0);
}

function checkTree(tree: OrderedTree<Item>): void {
  let count = 0;
  let before: TreeNode<Item> | null = null;
  let at = tree.first;
  while (at !== null) {
    expectTrue(before === null || before.key <= at.key, "order");
    expectTrue(at.previous === before, "previous");
    const left = at.left;
    const right = at.right;
    const leftHeight = left === null ? 0 : left.height;
    const rightHeight = right === null ? 0 : right.height;
    expectTrue(abs(leftHeight - rightHeight) <= 1, "balance");
    expectEqual<i32>(at.height, max(leftHeight, rightHeight) + 1, "height");
    before = at;
    at = at.next;
    count++;
  }
  expectTrue(tree.last === before, "last");
  expectEqual<i32>(tree.length, count);
}

export function testTreeStaysOrderedAndBalanced(): void {
  const tree = new OrderedTree<Item>();
  const nodes = new StaticArray<TreeNode<Item> | null>(300);
  let random: u32 = 7;
  for (let i = 0; i < 300; i++) nodes[i] = new TreeNode<Item>(new Item(i));
  for (let step = 0; step < 3000; step++) {
    random = random * 1664525 + 1013904223;
    const node = nodes[(random >> 16) % 300]!;
    if (node.isLinked) node.unlink();
    else tree.insert(node, <u64>((random >> 8) & 127) << 33);
    if (step % 50 == 0) checkTree(tree);
  }
  checkTree(tree);
  for (let i = 0; i < 300; i++) nodes[i]!.unlink();
  expectTrue(tree.isEmpty && tree.first === null && tree.last === null);
}

export function testTreeFindsNeighboursAndKeepsEqualKeysInOrder(): void {
  const tree = new OrderedTree<Item>();
  for (let i = 0; i < 10; i++) tree.insert(new TreeNode<Item>(new Item(i)), <u64>(i / 2) * 10);
  const twenty = tree.find(20);
  expectTrue(twenty !== null && twenty.owner.value == 4, "first of equals");
  const below = tree.floor(29);
  expectTrue(below !== null && below.owner.value == 5, "last of equals");
  const above = tree.ceiling(21);
  expectTrue(above !== null && above.key == 30);
  expectTrue(tree.find(25) === null);
  expectTrue(tree.ceiling(41) === null);
  tree.first!.unlink();
  tree.first!.unlink();
  expectTrue(tree.floor(9) === null);
  expectNotEqual<u64>(tree.first!.key, 0);
}

export function testPoolGivesBackWhatItWasGivenUpToItsLimit(): void {
  const pool = new Pool<Item>(2);
  expectTrue(pool.take() === null, "empty");
  for (let i = 0; i < 3; i++) pool.give(new Item(i));
  expectEqual<i32>(pool.take()!.value, 1);
  expectEqual<i32>(pool.take()!.value, 0);
  expectTrue(pool.take() === null, "the third was too many");
  pool.give(new Item(7));
  dropPools();
  expectTrue(pool.take() === null, "dropped");
  pool.give(new Item(8));
  expectEqual<i32>(pool.take()!.value, 8, "still of use");
}
