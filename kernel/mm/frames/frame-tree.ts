// A sparse array of frames by page index: a radix tree of 64 slots a node, with short cuts for the common cases.
//
// A file of one page needs no node at all; the leaf used last is remembered, so that sequential access costs a compare
// and a load. Looking up makes no garbage; inserting allocates nodes. The tree owns no references: its user counts.

import { Frame, NO_FRAME } from "./frame";

const SHIFT: u64 = 6;
const SLOTS: i32 = 64;
const MASK: u64 = 63;
/** Indices are below this: files end at 2^63 bytes, so nothing valid comes near. */
const INDEX_LIMIT: u64 = <u64>1 << 54;
/** Answer of `next` when nothing follows. */
export const NO_INDEX: u64 = u64.MAX_VALUE;

@inline function orNone(frame: Frame | null): Frame {
  return frame != null ? frame : NO_FRAME;
}

@final
class TreeNode {
  /** Slots in use. */
  used: i32 = 0;
  /** Leaves have frames (their numbers), other nodes children. */
  readonly frames: StaticArray<Frame | null> | null;
  readonly children: StaticArray<TreeNode | null> | null;

  constructor(isLeaf: bool) {
    this.frames = isLeaf ? new StaticArray<Frame | null>(SLOTS) : null;
    this.children = isLeaf ? null : new StaticArray<TreeNode | null>(SLOTS);
  }
}

@final
export class FrameTree {
  /** Page 0 while the tree has no node. */
  private first: Frame = NO_FRAME;
  private root: TreeNode | null = null;
  /** Levels of nodes; the tree covers 64^height pages. */
  private height: u32 = 0;
  /** The leaf that covers pages `lastBlock * 64` and on. */
  private lastBlock: u64 = NO_INDEX;
  private lastFrames: StaticArray<Frame | null> = EMPTY;
  /** Number of frames. */
  count: u64 = 0;

  /** The frame at a page index, or NO_FRAME. */
  @inline find(index: u64): Frame {
    if (index >> SHIFT == this.lastBlock) return orNone(this.lastFrames[<i32>(index & MASK)]);
    return this.findSlowly(index);
  }

  private findSlowly(index: u64): Frame {
    let node = this.root;
    if (node == null) return index == 0 ? this.first : NO_FRAME;
    if (index >> (SHIFT * <u64>this.height) != 0) return NO_FRAME;
    for (let level = this.height - 1; level > 0; level--) {
      const children: StaticArray<TreeNode | null> = node!.children!;
      node = children[<i32>((index >> (SHIFT * <u64>level)) & MASK)];
      if (node == null) return NO_FRAME;
    }
    const frames = node!.frames!;
    this.lastBlock = index >> SHIFT;
    this.lastFrames = frames;
    return orNone(frames[<i32>(index & MASK)]);
  }

  /** Puts a frame where there is none. Allocates. */
  insert(index: u64, frame: Frame): void {
    if (index >= INDEX_LIMIT) throw new RangeError("page index");
    this.count++;
    if (this.root == null) {
      if (index == 0) {
        this.first = frame;
        return;
      }
      this.plant();
    }
    while (index >> (SHIFT * <u64>this.height) != 0) this.raise();
    let node = this.root!;
    for (let level = this.height - 1; level > 0; level--) {
      const children = node.children!;
      const slot = <i32>((index >> (SHIFT * <u64>level)) & MASK);
      let child = children[slot];
      if (child == null) {
        child = new TreeNode(level == 1);
        children[slot] = child;
        node.used++;
      }
      node = child;
    }
    const frames = node.frames!;
    frames[<i32>(index & MASK)] = frame;
    node.used++;
  }

  /** Takes the frame at an index out and returns it; NO_FRAME if there is none. */
  remove(index: u64): Frame {
    const frame = this.find(index);
    if (frame == NO_FRAME) return NO_FRAME;
    this.count--;
    const root = this.root;
    if (root == null) {
      this.first = NO_FRAME;
    } else if (this.removeBelow(root, this.height - 1, index)) {
      this.root = null;
      this.height = 0;
      this.forgetLast();
    }
    return frame;
  }

  /** The smallest index at or after `from` that has a frame, or NO_INDEX. */
  next(from: u64): u64 {
    const root = this.root;
    if (root == null) return from == 0 && this.first != NO_FRAME ? 0 : NO_INDEX;
    if (from >> (SHIFT * <u64>this.height) != 0) return NO_INDEX;
    return this.nextBelow(root, this.height - 1, 0, from);
  }

  /** The first node: takes over page 0. */
  private plant(): void {
    const leaf = new TreeNode(true);
    if (this.first != NO_FRAME) {
      const frames = leaf.frames!;
      frames[0] = this.first;
      leaf.used = 1;
      this.first = NO_FRAME;
    }
    this.root = leaf;
    this.height = 1;
  }

  /** One more level on top. */
  private raise(): void {
    const top = new TreeNode(false);
    const root = this.root!;
    if (root.used > 0) {
      const children = top.children!;
      children[0] = root;
      top.used = 1;
    }
    this.root = top;
    this.height++;
    this.forgetLast();
  }

  /** Removes below a node; true if the node is empty now. */
  private removeBelow(node: TreeNode, level: u32, index: u64): bool {
    const slot = <i32>((index >> (SHIFT * <u64>level)) & MASK);
    if (level == 0) {
      const frames = node.frames!;
      frames[slot] = null;
      node.used--;
      return node.used == 0;
    }
    const children = node.children!;
    const child = children[slot];
    if (child != null && this.removeBelow(child, level - 1, index)) {
      children[slot] = null;
      node.used--;
      this.forgetLast();
    }
    return node.used == 0;
  }

  private nextBelow(node: TreeNode, level: u32, base: u64, from: u64): u64 {
    const span = <u64>1 << (SHIFT * <u64>level);
    let slot = from > base ? <i32>((from - base) / span) : 0;
    const frames = node.frames;
    for (; slot < SLOTS; slot++) {
      const at = base + <u64>slot * span;
      if (frames != null) {
        if (frames[slot] != null) return at;
        continue;
      }
      const children = node.children!;
      const child = children[slot];
      if (child == null) continue;
      const found = this.nextBelow(child, level - 1, at, from);
      if (found != NO_INDEX) return found;
    }
    return NO_INDEX;
  }

  private forgetLast(): void {
    this.lastBlock = NO_INDEX;
    this.lastFrames = EMPTY;
  }
}

/** Stands for "no leaf": never indexed, because no index has block NO_INDEX. */
const EMPTY: StaticArray<Frame | null> = new StaticArray<Frame | null>(SLOTS);
