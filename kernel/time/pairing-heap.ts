// An intrusive pairing heap: the ordered set behind timers and the run queue.
//
// A node is a member of at most one heap. Inserting is O(1), taking the smallest is O(log n) amortised, and nothing
// here allocates or sleeps, so interrupt handlers may use it. Nodes of equal key come out in an unspecified order.

/** A member of a heap, ordered by `key` (unsigned). Classes that are kept in order extend it. */
export abstract class HeapNode {
  /** Order within the heap. Must not change while the node is a member. */
  key: u64 = 0;
  /** First child. */
  heapChild: HeapNode | null = null;
  /** Next child of the same parent. */
  heapNext: HeapNode | null = null;
  /** Previous sibling, or the parent for a first child; null for the root and for nodes in no heap. */
  heapPrevious: HeapNode | null = null;
  /** True while the node is a member of a heap. */
  isInHeap: bool = false;
}

/** A heap of nodes, smallest key first. */
@final
export class PairingHeap {
  /** The node with the smallest key. */
  first: HeapNode | null = null;
  length: u32 = 0;

  insert(node: HeapNode): void {
    node.isInHeap = true;
    this.length++;
    const root = this.first;
    this.first = root === null ? node : meld(root, node);
  }

  /** Takes a member out. */
  remove(node: HeapNode): void {
    this.length--;
    node.isInHeap = false;
    const child = node.heapChild;
    node.heapChild = null;
    const previous = node.heapPrevious;
    if (previous === null) {
      this.first = child === null ? null : meldSiblings(child);
      return;
    }
    const next = node.heapNext;
    if (previous.heapChild === node) previous.heapChild = next;
    else previous.heapNext = next;
    if (next !== null) next.heapPrevious = previous;
    node.heapPrevious = null;
    node.heapNext = null;
    const root = this.first;
    if (child !== null && root !== null) this.first = meld(root, meldSiblings(child));
  }
}

/** Makes one tree of two roots and returns its root. */
function meld(a: HeapNode, b: HeapNode): HeapNode {
  if (b.key < a.key) {
    const c = a;
    a = b;
    b = c;
  }
  const child = a.heapChild;
  b.heapNext = child;
  if (child !== null) child.heapPrevious = b;
  b.heapPrevious = a;
  a.heapChild = b;
  return a;
}

/** Melds a list of siblings into one tree: pairs from left to right, then all from right to left. */
function meldSiblings(first: HeapNode): HeapNode {
  let pairs: HeapNode | null = null;
  let rest: HeapNode | null = first;
  while (rest !== null) {
    const a: HeapNode = rest;
    const b: HeapNode | null = a.heapNext;
    a.heapNext = null;
    a.heapPrevious = null;
    if (b === null) {
      a.heapNext = pairs;
      pairs = a;
      break;
    }
    rest = b.heapNext;
    b.heapNext = null;
    b.heapPrevious = null;
    const pair = meld(a, b);
    pair.heapNext = pairs;
    pairs = pair;
  }
  let result = pairs!;
  let next = result.heapNext;
  result.heapNext = null;
  while (next !== null) {
    const tree = next;
    next = tree.heapNext;
    tree.heapNext = null;
    result = meld(result, tree);
  }
  return result;
}
