// Allocation of kernel objects: size classes with free lists, large blocks, lazy sweeping. TRUSTED.
//
// Invariants: a block on a free list carries FREE_ID and is zero behind its header (poisoned in stress mode), so that
// `new` only writes the header. A page's mark bits are zero except between marking and the sweep of that page; all
// pages are swept before the next marking. Free lists in use (`freeLists`) belong to no page until a collection drops
// them; a page's own list (`freeHead`) waits in `partialPages`.
// `new` never fails: without memory it collects, then ends the operation at fault. It never sleeps.

import {
  FREE_ID, HEADER_SIZE, MARKS_OFFSET, PAGE_BITS, PAGE_MASK, PAGE_SIZE, POISON, PageDescriptor, PageKind,
  RECIPROCAL_SHIFT,
} from "./heap-layout";
import { RESERVE_PAGES, descriptorOf, freePages, givePages, heapStart, initPageHeap, isUnderPressure, takePages } from "./page-heap";
import { collect, isStressCollectionDue, isStressed, prepareCollector } from "./collector";
import { heapFailure } from "../log/abort";
import { askForReturnWork } from "../log/machine-view";

/** Block sizes of the classes, header included. */
// prettier-ignore
@lazy const BLOCK_SIZES: usize = memory.data<u16>([
  16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120, 128, 144, 160, 176, 192, 208, 224, 240, 256,
  288, 320, 352, 384, 448, 512, 584, 680, 816, 1024, 1360, 2048,
]);
@safe @inline @lazy export const CLASSES: u32 = 35;
/** Largest object that shares a page with others. */
@inline @lazy const SMALL_LIMIT: usize = 2048 - HEADER_SIZE;
/** Largest object at all: linear memory has 1 GiB. */
@inline @lazy const SIZE_LIMIT: usize = (1 << 30) - 65536;

/** Bytes allocated since the last collection that make another one worth while when memory has ended. */
@inline @lazy const WORTH_COLLECTING: usize = 256 * 1024;

/** Size class by (object size + header + 7) / 8. */
@lazy const classTable: usize = memory.data(264);
/** First free block of each class, 0 when there is none. */
@lazy const freeLists: usize = memory.data(140);
/** All pages of each class. */
@lazy const classPages: usize = memory.data(140);
/** Next page of each class that the last collection left to sweep. */
@lazy const sweepCursors: usize = memory.data(140);
/** Swept pages of each class that have free blocks. */
@lazy const partialPages: usize = memory.data(140);

@kernelLock @lazy let isReady: bool = false;
/** Pages of some class are still to be swept. */
@kernelLock @lazy let isSweepPending: bool = false;
/** First large block's descriptor. */
@kernelLock @lazy let largeBlocks: usize = 0;

/** From here on the way back to user mode looks whether a collection is due. */
@safe @inline export const SAFE_POINT_AFTER: usize = 256 * 1024;
/** Bytes handed out since the last collection (small blocks: when their page's list was taken). */
@kernelLock @safe @lazy export let allocatedBytes: usize = 0;
/** Bytes in pages that hold blocks. */
@kernelLock @safe @lazy export let usedPageBytes: usize = 0;

/** asc's `__new`: a zeroed object of `size` bytes. The fast path is some fifteen machine instructions. */
@unsafe @inline
export function allocate(size: usize, id: u32): usize {
  if (size <= SMALL_LIMIT) {
    // SAFETY: sizes up to the limit have an entry; before initialisation all lists are empty.
    const list = freeLists + (<usize>load<u8>(classTable + ((size + HEADER_SIZE + 7) >>> 3)) << 2);
    const block = load<usize>(list);
    if (block) {
      store<usize>(list, load<usize>(block, 4));
      store<u32>(block, id);
      store<u32>(block, <u32>size, 4);
      return block + HEADER_SIZE;
    }
  }
  return allocateSlow(size, id);
}

/** A new object when its class has no free list: sweeps, takes a page, or makes a large block. */
function allocateSlow(size: usize, id: u32): usize {
  if (!isReady) initialise();
  if ((isStressed && isStressCollectionDue()) || isReserveGoing()) collect();
  let block = tryAllocate(size);
  if (!block) {
    // Everything unreachable goes before giving up. Safe here: stacks are scanned whatever runs.
    collect();
    finishSweep();
    block = tryAllocate(size);
    if (!block) heapFailure("out of kernel memory");
  }
  store<u32>(block, id);
  store<u32>(block, <u32>size, 4);
  return block + HEADER_SIZE;
}

/** Linear memory cannot grow and half of the reserve is used, while there is garbage enough to be worth a collection. */
function isReserveGoing(): bool {
  return isUnderPressure && freePages < RESERVE_PAGES / 2 && allocatedBytes >= WORTH_COLLECTING;
}

/** A zeroed block for `size` bytes with undefined header, or 0. */
function tryAllocate(size: usize): usize {
  if (size > SMALL_LIMIT) return size <= SIZE_LIMIT ? allocateLarge(size) : 0;
  const sizeClass = <u32>load<u8>(classTable + ((size + HEADER_SIZE + 7) >>> 3));
  const list = freeLists + (<usize>sizeClass << 2);
  let block = load<usize>(list);
  if (!block) block = refill(sizeClass);
  if (!block) return 0;
  store<usize>(list, load<usize>(block, 4));
  if (isStressed) {
    takePoison(block);
    returnList(list);
  }
  return block;
}

/** Takes the free list of some page of the class; the first block, or 0 without memory. */
function refill(sizeClass: u32): usize {
  const at = <usize>sizeClass << 2;
  const partial = load<usize>(partialPages + at);
  if (partial) {
    // SAFETY: lists of pages hold descriptors of pages of their class.
    const page = changetype<PageDescriptor>(partial);
    store<usize>(partialPages + at, page.nextPartial);
    return takeList(page);
  }
  let cursor = load<usize>(sweepCursors + at);
  while (cursor) {
    const page = changetype<PageDescriptor>(cursor);
    cursor = page.next;
    store<usize>(sweepCursors + at, cursor);
    sweepPage(page);
    if (page.freeHead) return takeList(page);
  }
  const page = takePagesOrSweep(1);
  if (page == null) return 0;
  formatPage(page, sizeClass);
  return takeList(page);
}

/** Moves a page's list into use. */
function takeList(page: PageDescriptor): usize {
  const head = page.freeHead;
  countAllocated(<usize>page.freeCount * <usize>page.blockSize);
  page.freeHead = 0;
  page.freeCount = 0;
  return head;
}

/** A task that never sleeps must still come by a safe point: on its way back to user mode. */
function countAllocated(bytes: usize): void {
  allocatedBytes += bytes;
  if (allocatedBytes >= SAFE_POINT_AFTER) askForReturnWork();
}

/** Stress mode keeps no list in use, so that each allocation comes by the slow path. */
function returnList(list: usize): void {
  let block = load<usize>(list);
  store<usize>(list, 0);
  if (!block) return;
  const page = descriptorOf(block);
  page.freeHead = block;
  let count: u16 = 0;
  while (block) {
    count++;
    block = load<usize>(block, 4);
  }
  page.freeCount = count;
  const at = <usize>page.sizeClass << 2;
  page.nextPartial = load<usize>(partialPages + at);
  store<usize>(partialPages + at, changetype<usize>(page));
}

/** Pages, sweeping what is left to sweep before linear memory grows. */
function takePagesOrSweep(count: u32): PageDescriptor | null {
  if (isSweepPending && freePages < count + RESERVE_PAGES) finishSweep();
  return takePages(count);
}

/** Makes a fresh page of blocks of a class, all free. */
function formatPage(page: PageDescriptor, sizeClass: u32): void {
  const blockSize = <u32>load<u16>(BLOCK_SIZES + (<usize>sizeClass << 1));
  page.kind = PageKind.SMALL;
  page.sizeClass = <u8>sizeClass;
  page.blockSize = blockSize;
  page.reciprocal = ((1 << RECIPROCAL_SHIFT) + blockSize - 1) / blockSize;
  usedPageBytes += PAGE_SIZE;
  // SAFETY: the page is ours alone; blocks below lie within it.
  memory.fill(page.base, isStressed ? POISON : 0, PAGE_SIZE);
  const end = page.base + PAGE_SIZE - <usize>blockSize;
  let count: u16 = 0;
  let head: usize = 0;
  for (let block = page.base + lastBlockOffset(blockSize); block >= page.base && block <= end; block -= <usize>blockSize) {
    store<u32>(block, FREE_ID);
    store<usize>(block, head, 4);
    head = block;
    count++;
  }
  page.freeHead = head;
  page.freeCount = count;
  linkPage(classPages + (<usize>sizeClass << 2), page);
}

@inline
function lastBlockOffset(blockSize: u32): usize {
  return <usize>(<u32>PAGE_SIZE / blockSize - 1) * <usize>blockSize;
}

@inline
function linkPage(list: usize, page: PageDescriptor): void {
  // SAFETY: the list holds descriptors.
  const head = load<usize>(list);
  page.next = head;
  page.previous = 0;
  if (head) changetype<PageDescriptor>(head).previous = changetype<usize>(page);
  store<usize>(list, changetype<usize>(page));
}

/** Frees the unmarked blocks of a page, rebuilds its list and clears its marks. */
function sweepPage(page: PageDescriptor): void {
  const blockSize = <usize>page.blockSize;
  const blocks = <u32>PAGE_SIZE / page.blockSize;
  const marked = <u32>(popcnt(page.marks0) + popcnt(page.marks1) + popcnt(page.marks2) + popcnt(page.marks3));
  page.freeHead = 0;
  page.freeCount = 0;
  if (marked != blocks) {
    let head: usize = 0;
    let block = page.base + lastBlockOffset(page.blockSize);
    for (let i = <i32>blocks - 1; i >= 0; i--, block -= blockSize) {
      // SAFETY: block i of this page; the mark word of i lies within the descriptor.
      const word = load<u32>(changetype<usize>(page) + MARKS_OFFSET + (<usize>(i >>> 5) << 2));
      if ((word >>> (i & 31)) & 1) continue;
      if (load<u32>(block) != FREE_ID) freeBlock(block, blockSize);
      store<usize>(block, head, 4);
      head = block;
    }
    page.freeHead = head;
    page.freeCount = <u16>(blocks - marked);
  }
  page.marks0 = 0;
  page.marks1 = 0;
  page.marks2 = 0;
  page.marks3 = 0;
}

@inline
function freeBlock(block: usize, blockSize: usize): void {
  // SAFETY: the block is dead: no reference to it was found.
  store<u32>(block, FREE_ID);
  memory.fill(block + HEADER_SIZE, isStressed ? POISON : 0, blockSize - HEADER_SIZE);
}

/** A large block: whole pages. */
function allocateLarge(size: usize): usize {
  const pages = <u32>((size + HEADER_SIZE + PAGE_MASK) >>> PAGE_BITS);
  const first = takePagesOrSweep(pages);
  if (first == null) return 0;
  const bytes = <usize>pages << PAGE_BITS;
  first.kind = PageKind.LARGE;
  first.blockSize = <u32>bytes;
  first.reciprocal = pages;
  // SAFETY: the run is ours alone.
  for (let i: u32 = 1; i < pages; i++) {
    const rest = descriptorOf(first.base + (<usize>i << PAGE_BITS));
    rest.kind = PageKind.LARGE_REST;
    rest.freeHead = changetype<usize>(first);
  }
  memory.fill(first.base, 0, bytes);
  const head = largeBlocks;
  first.next = head;
  first.previous = 0;
  if (head) changetype<PageDescriptor>(head).previous = changetype<usize>(first);
  largeBlocks = changetype<usize>(first);
  countAllocated(bytes);
  usedPageBytes += bytes;
  return first.base;
}

/** Gives back the unmarked large blocks and clears the marks of the others. */
function sweepLarge(): void {
  let at = largeBlocks;
  while (at) {
    // SAFETY: the list holds first descriptors of large blocks.
    const block = changetype<PageDescriptor>(at);
    at = block.next;
    if (block.marks0) {
      block.marks0 = 0;
      continue;
    }
    if (block.next) changetype<PageDescriptor>(block.next).previous = block.previous;
    if (block.previous) changetype<PageDescriptor>(block.previous).next = block.next;
    else largeBlocks = block.next;
    usedPageBytes -= <usize>block.blockSize;
    if (isStressed) memory.fill(block.base, POISON, <usize>block.blockSize);
    givePages(block, block.reciprocal);
  }
}

/** After marking: large blocks are swept, pages of small ones become due. */
@unsafe export function startSweep(): void {
  sweepLarge();
  for (let c: usize = 0; c < <usize>CLASSES << 2; c += 4) {
    store<usize>(sweepCursors + c, load<usize>(classPages + c));
  }
  allocatedBytes = 0;
  isSweepPending = true;
}

/** Sweeps all that is due. Empty pages go back to the page heap. */
@safe export function finishSweep(): void {
  if (!isSweepPending) return;
  isSweepPending = false;
  for (let c: usize = 0; c < <usize>CLASSES << 2; c += 4) {
    let at = load<usize>(sweepCursors + c);
    store<usize>(sweepCursors + c, 0);
    while (at) {
      // SAFETY: the list holds descriptors of pages of this class.
      const page = changetype<PageDescriptor>(at);
      at = page.next;
      sweepPage(page);
      if (<u32>page.freeCount * page.blockSize > <u32>PAGE_SIZE - page.blockSize) {
        releasePage(classPages + c, page);
      } else if (page.freeHead) {
        page.nextPartial = load<usize>(partialPages + c);
        store<usize>(partialPages + c, changetype<usize>(page));
      }
    }
  }
}

function releasePage(list: usize, page: PageDescriptor): void {
  // SAFETY: page is in the list.
  if (page.next) changetype<PageDescriptor>(page.next).previous = page.previous;
  if (page.previous) changetype<PageDescriptor>(page.previous).next = page.next;
  else store<usize>(list, page.next);
  usedPageBytes -= PAGE_SIZE;
  givePages(page, 1);
}

/** Before marking: no list is in use or waiting any more; sweeping rebuilds them. */
@unsafe export function dropFreeLists(): void {
  for (let c: usize = 0; c < <usize>CLASSES << 2; c += 4) {
    store<usize>(freeLists + c, 0);
    store<usize>(partialPages + c, 0);
  }
}

/** First page descriptor of a size class, 0 for none; follow `next`. */
@unsafe @inline
export function firstPageOf(sizeClass: u32): usize {
  return load<usize>(classPages + (<usize>sizeClass << 2));
}

/** First descriptor of the list of large blocks. */
@unsafe @inline
export function firstLargeBlock(): usize {
  return largeBlocks;
}

/** asc's `__renew`: an object with the same contents and another size, the same one if its block suffices. */
@unsafe export function reallocate(object: usize, size: usize): usize {
  const block = object - HEADER_SIZE;
  const oldSize = <usize>load<u32>(block, 4);
  if (object >= heapStart) {
    // SAFETY: an object of the heap lies in a page with a descriptor.
    const capacity = <usize>descriptorOf(block).blockSize - HEADER_SIZE;
    if (size <= capacity) {
      if (size > oldSize) memory.fill(object + oldSize, 0, size - oldSize);
      store<u32>(block, <u32>size, 4);
      return object;
    }
  }
  // The old object stays as it is: the stack may still lead to it. Its owner keeps it alive until then.
  const moved = allocate(size, load<u32>(block));
  memory.copy(moved, object, min(size, oldSize));
  return moved;
}

/** Prepares the heap if nothing has been allocated yet. */
@safe export function startHeap(): void {
  if (!isReady) initialise();
}

function initialise(): void {
  isReady = true;
  initPageHeap();
  let sizeClass: u32 = 0;
  for (let units: u32 = 0; units <= 256; units++) {
    while (<u32>load<u16>(BLOCK_SIZES + (<usize>sizeClass << 1)) < units << 3) sizeClass++;
    store<u8>(classTable + <usize>units, <u8>sizeClass);
  }
  prepareCollector();
}

/** Checks that nobody wrote to a free block since it was poisoned, and zeroes it. */
function takePoison(block: usize): void {
  const end = block + <usize>descriptorOf(block).blockSize;
  for (let at = block + HEADER_SIZE; at < end; at += 8) {
    // SAFETY: within the block, which was on a free list.
    if (load<u64>(at) != 0xdbdb_dbdb_dbdb_dbdb) heapFailure("a freed object was written to");
    store<u64>(at, 0);
  }
}

/** Gives every free block the fill that the current mode expects. All free lists have been dropped, all pages swept. */
@unsafe export function refillFreeBlocks(fill: u8): void {
  for (let c: u32 = 0; c < CLASSES; c++) {
    let at = firstPageOf(c);
    while (at) {
      const page = changetype<PageDescriptor>(at);
      at = page.next;
      const end = page.base + PAGE_SIZE - <usize>page.blockSize;
      for (let block = page.base; block <= end; block += <usize>page.blockSize) {
        // SAFETY: free blocks hold nothing but their header.
        if (load<u32>(block) == FREE_ID) memory.fill(block + HEADER_SIZE, fill, <usize>page.blockSize - HEADER_SIZE);
      }
    }
  }
}
