// OrderedTree: a balanced (AVL) search tree of nodes that the members own, ordered by an unsigned 64-bit key: mappings by
// start address, timers by deadline. Equal keys are allowed and keep their order of insertion. Inserting and
// removing take logarithmic time and allocate nothing; the first node is found in constant time. Removing clears the
// node's references.

/** Membership of `owner` in one tree at a time. `key` may only change while the node is in no tree. */
@final
export class TreeNode<T> {
  readonly owner: T;
  key: u64 = 0;
  tree: OrderedTree<T> | null = null;
  parent: TreeNode<T> | null = null;
  left: TreeNode<T> | null = null;
  right: TreeNode<T> | null = null;
  height: i32 = 1;

  constructor(owner: T) {
    this.owner = owner;
  }

  get isLinked(): bool {
    return this.tree !== null;
  }

  /** Leaves its tree, if it is in one. */
  unlink(): void {
    const tree = this.tree;
    if (tree !== null) tree.remove(this);
  }

  /** The node after this one in key order. */
  get next(): TreeNode<T> | null {
    let node: TreeNode<T> | null = this.right;
    if (node !== null) return leftmost<T>(node);
    let child: TreeNode<T> = this;
    node = this.parent;
    while (node !== null && node.right === child) {
      child = node;
      node = node.parent;
    }
    return node;
  }

  /** The node before this one in key order. */
  get previous(): TreeNode<T> | null {
    let node: TreeNode<T> | null = this.left;
    if (node !== null) return rightmost<T>(node);
    let child: TreeNode<T> = this;
    node = this.parent;
    while (node !== null && node.left === child) {
      child = node;
      node = node.parent;
    }
    return node;
  }
}

function leftmost<T>(from: TreeNode<T>): TreeNode<T> {
  let node = from;
  while (true) {
    const left = node.left;
    if (left === null) return node;
    node = left;
  }
}

function rightmost<T>(from: TreeNode<T>): TreeNode<T> {
  let node = from;
  while (true) {
    const right = node.right;
    if (right === null) return node;
    node = right;
  }
}

@inline
function heightOf<T>(node: TreeNode<T> | null): i32 {
  return node !== null ? node.height : 0;
}

@final
export class OrderedTree<T> {
  /** The node with the smallest key. */
  first: TreeNode<T> | null = null;
  length: i32 = 0;
  private root: TreeNode<T> | null = null;

  get isEmpty(): bool {
    return this.root === null;
  }

  /** The node with the largest key. */
  get last(): TreeNode<T> | null {
    const root = this.root;
    return root !== null ? rightmost<T>(root) : null;
  }

  /** Inserts a node under `key`, after those of the same key. The node must not be in a tree. */
  insert(node: TreeNode<T>, key: u64): void {
    if (node.tree !== null) throw new Error("node is in a tree already");
    node.key = key;
    node.tree = this;
    node.height = 1;
    let parent: TreeNode<T> | null = null;
    let at = this.root;
    let isFirst = true;
    while (at !== null) {
      parent = at;
      if (key < at.key) {
        at = at.left;
      } else {
        at = at.right;
        isFirst = false;
      }
    }
    node.parent = parent;
    if (parent === null) this.root = node;
    else if (key < parent.key) parent.left = node;
    else parent.right = node;
    if (isFirst) this.first = node;
    this.length++;
    this.rebalance(parent);
  }

  /** Takes a node out. */
  remove(node: TreeNode<T>): void {
    if (node.tree !== this) throw new Error("node is in another tree");
    if (this.first === node) this.first = node.next;
    const left = node.left;
    const right = node.right;
    if (left !== null && right !== null) {
      this.replaceBySuccessor(node, left, right);
    } else {
      const parent = node.parent;
      this.replaceChild(parent, node, left !== null ? left : right);
      this.rebalance(parent);
    }
    node.tree = null;
    node.parent = null;
    node.left = null;
    node.right = null;
    this.length--;
  }

  /** The first node of exactly this key, or null. */
  find(key: u64): TreeNode<T> | null {
    const node = this.ceiling(key);
    return node !== null && node.key == key ? node : null;
  }

  /** The last node whose key is at most `key`, or null. */
  floor(key: u64): TreeNode<T> | null {
    let best: TreeNode<T> | null = null;
    let at = this.root;
    while (at !== null) {
      if (at.key <= key) {
        best = at;
        at = at.right;
      } else {
        at = at.left;
      }
    }
    return best;
  }

  /** The first node whose key is at least `key`, or null. */
  ceiling(key: u64): TreeNode<T> | null {
    let best: TreeNode<T> | null = null;
    let at = this.root;
    while (at !== null) {
      if (at.key >= key) {
        best = at;
        at = at.left;
      } else {
        at = at.right;
      }
    }
    return best;
  }

  /** The next node in order takes the place of one with two children. */
  private replaceBySuccessor(node: TreeNode<T>, left: TreeNode<T>, right: TreeNode<T>): void {
    const successor = leftmost<T>(right);
    let lowest: TreeNode<T> = successor;
    if (successor !== right) {
      const parent = successor.parent;
      this.replaceChild(parent, successor, successor.right);
      if (parent !== null) lowest = parent;
      successor.right = right;
      right.parent = successor;
    }
    successor.left = left;
    left.parent = successor;
    successor.height = node.height;
    this.replaceChild(node.parent, node, successor);
    this.rebalance(lowest);
  }

  private replaceChild(parent: TreeNode<T> | null, child: TreeNode<T>, by: TreeNode<T> | null): void {
    if (parent === null) this.root = by;
    else if (parent.left === child) parent.left = by;
    else parent.right = by;
    if (by !== null) by.parent = parent;
  }

  /** Restores heights and balance from a node up to the root. */
  private rebalance(from: TreeNode<T> | null): void {
    let at = from;
    while (at !== null) {
      const node = at;
      const before = node.height;
      const balance = heightOf<T>(node.left) - heightOf<T>(node.right);
      let top: TreeNode<T> = node;
      if (balance > 1) {
        const left = node.left!;
        if (heightOf<T>(left.left) < heightOf<T>(left.right)) this.rotateLeft(left);
        top = this.rotateRight(node);
      } else if (balance < -1) {
        const right = node.right!;
        if (heightOf<T>(right.right) < heightOf<T>(right.left)) this.rotateRight(right);
        top = this.rotateLeft(node);
      } else {
        this.updateHeight(node);
      }
      // Nothing changes further up when the subtree is as high as before.
      if (top.height == before) break;
      at = top.parent;
    }
  }

  @inline
  private updateHeight(node: TreeNode<T>): void {
    node.height = max(heightOf<T>(node.left), heightOf<T>(node.right)) + 1;
  }

  private rotateLeft(node: TreeNode<T>): TreeNode<T> {
    const up = node.right!;
    const moved = up.left;
    this.replaceChild(node.parent, node, up);
    up.left = node;
    node.parent = up;
    node.right = moved;
    if (moved !== null) moved.parent = node;
    this.updateHeight(node);
    this.updateHeight(up);
    return up;
  }

  private rotateRight(node: TreeNode<T>): TreeNode<T> {
    const up = node.left!;
    const moved = up.right;
    this.replaceChild(node.parent, node, up);
    up.right = node;
    node.parent = up;
    node.left = moved;
    if (moved !== null) moved.parent = node;
    this.updateHeight(node);
    this.updateHeight(up);
    return up;
  }
}
