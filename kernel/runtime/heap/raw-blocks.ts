// Blocks from `__alloc`, which some library code uses for scratch: freed explicitly, scanned conservatively. TRUSTED.
//
// Each is a heap block with RAW_ID whose first 8 bytes link it into a list, the roots of the collector.

import { HEADER_SIZE, RAW_ID } from "./heap-layout";
import { allocate } from "./allocator";

/** Bytes of the links before the caller's part. */
@inline @lazy const LINKS: usize = 8;
/** Runtime id of an ArrayBuffer: a raw block becomes one when it is freed, and goes with the next collection. */
@inline @lazy const DEAD_ID: u32 = 1;

/** First raw block (its object address), 0 for none. */
@kernelLock @unsafe @lazy export let firstRawBlock: usize = 0;

/** The next raw block after `object`. */
@unsafe @inline
export function nextRawBlock(object: usize): usize {
  return load<usize>(object);
}

/** A zeroed block of `size` bytes. */
@unsafe export function rawAllocate(size: usize): usize {
  const object = allocate(size + LINKS, RAW_ID);
  const next = firstRawBlock;
  // SAFETY: the first two words of a raw block are its links.
  store<usize>(object, next);
  store<usize>(object, 0, 4);
  if (next) store<usize>(next, object, 4);
  firstRawBlock = object;
  return object + LINKS;
}

/** Ends the life of a raw block. */
@unsafe export function rawFree(block: usize): void {
  const object = block - LINKS;
  // SAFETY: a block from rawAllocate; its neighbours are raw blocks too.
  const next = load<usize>(object);
  const previous = load<usize>(object, 4);
  if (next) store<usize>(next, previous, 4);
  if (previous) store<usize>(previous, next);
  else firstRawBlock = next;
  store<u32>(object - HEADER_SIZE, DEAD_ID);
}

/** A block with the contents of `block` and another size. */
@unsafe export function rawReallocate(block: usize, size: usize): usize {
  // SAFETY: a block from rawAllocate; its size is in its header.
  const oldSize = <usize>load<u32>(block - LINKS - HEADER_SIZE, 4) - LINKS;
  if (size <= oldSize) return block;
  const moved = rawAllocate(size);
  memory.copy(moved, block, oldSize);
  rawFree(block);
  return moved;
}
