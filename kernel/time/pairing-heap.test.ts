import { expectEqual, expectTrue } from "../runtime/expect";
import { HeapNode, PairingHeap } from "./pairing-heap";

@final
class Node extends HeapNode {}

function fill(heap: PairingHeap, count: i32): StaticArray<Node> {
  const nodes = new StaticArray<Node>(count);
  let seed: u64 = 1;
  for (let i = 0; i < count; i++) {
    const node = new Node();
    seed = seed * 6364136223846793005 + 1442695040888963407;
    node.key = seed >> 48;
    nodes[i] = node;
    heap.insert(node);
  }
  return nodes;
}

function drain(heap: PairingHeap): i32 {
  let last: u64 = 0;
  let count = 0;
  let first = heap.first;
  while (first !== null) {
    expectTrue(first.key >= last, "ascending");
    last = first.key;
    heap.remove(first);
    expectTrue(!first.isInHeap, "no member any more");
    count++;
    first = heap.first;
  }
  return count;
}

export function testTakesTheSmallestFirst(): void {
  const heap = new PairingHeap();
  const nodes = fill(heap, 500);
  expectEqual<i32>(nodes.length, 500, "nodes");
  expectEqual<u32>(heap.length, 500, "length");
  expectEqual<i32>(drain(heap), 500, "all come out");
}

export function testRemovesFromAnywhere(): void {
  const heap = new PairingHeap();
  const nodes = fill(heap, 300);
  // Taking the root restructures the tree; then every third node goes.
  for (let i = 0; i < 20; i++) heap.remove(heap.first!);
  let removed = 20;
  for (let i = 0; i < 300; i += 3) {
    if (!nodes[i].isInHeap) continue;
    heap.remove(nodes[i]);
    removed++;
  }
  expectEqual<i32>(drain(heap), 300 - removed, "the others come out in order");
}

export function testNodesCanComeBack(): void {
  const heap = new PairingHeap();
  const nodes = fill(heap, 50);
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < 50; i += 2) {
      heap.remove(nodes[i]);
      nodes[i].key = <u64>(i * 7919 + round) % 1000;
      heap.insert(nodes[i]);
    }
  }
  expectEqual<i32>(drain(heap), 50, "none lost");
}
