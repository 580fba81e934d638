// The collector: marks what is reachable, then leaves the freeing to the allocator's sweep. TRUSTED.
//
// Roots: native stacks and saved registers (the machine's scanStacks, word by word, conservatively), blocks from
// `__alloc` (conservatively), static objects and globals (precisely, `__visit_globals`). Heap objects are visited
// precisely by `__visit_members`. An address counts from a block's header to one past its end. An ArrayBuffer found
// conservatively has its contents scanned too, because the library fills buffers before it links them.
// Conservative finds are traced first, so that no such buffer has already been taken for plain data.
//
// Marking uses an explicit stack: precise entries grow upwards, conservative ones downwards. When the two meet, the
// object stays marked, and a pass over all marked objects makes up for what was not pushed.
//
// Runs at safe points (heap.ts), in stress mode at each allocation, and when memory has ended. Never sleeps.

import { readTsc, scanStacks } from "../../../arch/x86_64/machine";
import { Event, Trace, trace, traceMask } from "../../trace/trace";
import { heapFailure } from "../log/abort";
import {
  CLASSES, dropFreeLists, finishSweep, firstLargeBlock, firstPageOf, refillFreeBlocks, startSweep,
} from "./allocator";
import {
  FREE_ID, HEADER_SIZE, MARKS_OFFSET, PAGE_MASK, PAGE_SIZE, POISON, PageDescriptor, PageKind, RAW_ID, RECIPROCAL_SHIFT,
} from "./heap-layout";
import { descriptorOf, heapEnd, heapStart, takePages } from "./page-heap";
import { firstRawBlock, nextRawBlock } from "./raw-blocks";

/** Runtime ids that are the same in each compilation, all without references: Object, ArrayBuffer, String. */
@inline @lazy const ARRAY_BUFFER_ID: u32 = 1;
@inline @lazy const STRING_ID: u32 = 2;
/** Flags of `__rtti_base`'s entries (asc's shared/typeinfo). */
@inline @lazy const TYPE_ARRAY: u32 = 1 << 1;
@inline @lazy const TYPE_POINTER_FREE: u32 = 1 << 5;
@inline @lazy const TYPE_VALUE_MANAGED: u32 = 1 << 14;
/** Fields of asc's Array: where its elements begin, their capacity in bytes, and its length. */
@inline @lazy const ARRAY_DATA: usize = 4;
@inline @lazy const ARRAY_CAPACITY: usize = 8;
@inline @lazy const ARRAY_LENGTH: usize = 12;
/** Pages of the mark stack. */
@inline @lazy const MARK_STACK_PAGES: u32 = 16;
/** Static objects have their headers at multiples of 16 plus this. */
@inline @lazy const STATIC_START: usize = 4096 + 12;
/** Header of a static object. */
@inline @lazy const STATIC_HEADER: usize = 20;

/** Collect at allocations, poison what is freed. */
@bootOnly @safe @lazy export let isStressed: bool = false;
/** In stress mode every so many-th allocation collects; and how many are left until then. */
@bootOnly @lazy let stressPeriod: u32 = 1;
@kernelLock @lazy let stressCountdown: u32 = 1;
/** Collections since boot. */
@kernelLock @safe @lazy export let collections: u32 = 0;
/** Objects, and bytes of their blocks, that the last collection found alive. */
@kernelLock @safe @lazy export let liveObjects: u32 = 0;
@kernelLock @safe @lazy export let liveBytes: usize = 0;
/** Time stamp counter ticks of the longest collection and of all together, sweeping of small blocks excluded. */
@kernelLock @safe @lazy export let longestPause: u64 = 0;
@kernelLock @safe @lazy export let totalPause: u64 = 0;
/** Times that the mark stack was full. */
@kernelLock @safe @lazy export let markOverflows: u32 = 0;

@kernelLock @lazy let isCollecting: bool = false;
@kernelLock @lazy let stackBottom: usize = 0;
@kernelLock @lazy let stackTop: usize = 0;
/** Next free precise entry, and lowest conservative entry. */
@kernelLock @lazy let preciseTop: usize = 0;
@kernelLock @lazy let conservativeTop: usize = 0;
@kernelLock @lazy let hasOverflowed: bool = false;

/** Marks everything reachable and starts the sweep. */
@safe export function collect(): void {
  // A collection within a collection can only be a failure report in the making: that must not collect.
  if (isCollecting || stackTop == 0) return;
  isCollecting = true;
  if (traceMask & Trace.COLLECTIONS) trace(Event.COLLECTION_BEGIN, 0, 0);
  const start = readTsc();
  prepareMarking();
  scanStacks();
  markFromRoots();
  startSweep();
  // In stress mode everything unreachable is poisoned at once.
  if (isStressed) finishSweep();
  collections++;
  const pause = readTsc() - start;
  totalPause += pause;
  if (pause > longestPause) longestPause = pause;
  if (traceMask & Trace.COLLECTIONS) trace(Event.COLLECTION_END, <u64>liveObjects, <u64>liveBytes);
  isCollecting = false;
}

/**
 * Marks what globals and static data lead to, and nothing else: words on stacks do not count. For figures. The caller takes the
 * marks away again (heap-walk.ts) before anything is allocated.
 */
@unsafe export function markFromGlobals(): void {
  prepareMarking();
  markFromRoots();
}

/** Sweeps what is left to sweep, so that all marks are zero, and empties the mark stack. */
function prepareMarking(): void {
  finishSweep();
  dropFreeLists();
  preciseTop = stackBottom;
  conservativeTop = stackTop;
  liveObjects = 0;
  liveBytes = 0;
}

/** Marks everything that raw blocks, static data and globals lead to, and what the mark stack holds. */
function markFromRoots(): void {
  markRawBlocks();
  traceConservative();
  scanStatics();
  __visit_globals(0);
  tracePrecise();
  while (hasOverflowed) recoverFromOverflow();
}

/** In stress mode, at each allocation: true if this one is to collect. */
@safe export function isStressCollectionDue(): bool {
  if (--stressCountdown != 0) return false;
  stressCountdown = stressPeriod;
  return true;
}

/**
 * Stress mode on or off: a collection at each `period`-th allocation; freed objects are poisoned, and checked when reused.
 */
@safe export function switchStress(on: bool, period: u32): void {
  stressPeriod = period;
  stressCountdown = period;
  if (on == isStressed) return;
  collect();
  finishSweep();
  dropFreeLists();
  isStressed = on;
  refillFreeBlocks(on ? POISON : 0);
  // The pages' own lists were dropped: the next sweep rebuilds them.
  collect();
}

/** One word of a stack or a saved register that may lead into the heap (the machine's scanStacks calls it). */
@safe export function gcMarkWord(address: u32): void {
  if (isCollecting) markAddress(<usize>address);
}

/** A reference found in an object (asc's `__visit`). */
@unsafe export function markReference(object: usize): void {
  // Null and static objects; what static objects hold is found by the scan of static data.
  if (object < heapStart) return;
  const block = object - HEADER_SIZE;
  // A wild reference must not make the collector read outside the heap.
  if (object > heapEnd) heapFailure("reference outside the heap");
  const page = descriptorOf(block);
  const id = load<u32>(block);
  if (page.kind == PageKind.SMALL) {
    const offset = <u32>(block & PAGE_MASK);
    const index = (offset * page.reciprocal) >>> RECIPROCAL_SHIFT;
    // SAFETY: index is below 256, so its mark word lies in the descriptor.
    const word = changetype<usize>(page) + MARKS_OFFSET + (<usize>(index >>> 5) << 2);
    const bit = <u32>1 << (index & 31);
    const marks = load<u32>(word);
    if (marks & bit) return;
    if (id == FREE_ID || index * page.blockSize != offset) heapFailure("reference to a freed object");
    store<u32>(word, marks | bit);
  } else {
    if (page.kind != PageKind.LARGE || block != page.base) heapFailure("reference to a freed large object");
    if (page.marks0) return;
    page.marks0 = 1;
  }
  liveObjects++;
  liveBytes += <usize>page.blockSize;
  if (hasReferences(id)) pushPrecise(object);
}

/** True if objects of this runtime id may hold references. */
@inline
function hasReferences(id: u32): bool {
  // SAFETY: the compiler's table has an entry for each id it gives out; it begins with their number.
  return id > STRING_ID && (load<u32>(__rtti_base + 4 + (<usize>id << 2)) & TYPE_POINTER_FREE) == 0;
}

/** Marks the block that `address` points into, if any; also the one that ends exactly there. */
function markAddress(address: usize): void {
  if (address < heapStart || address > heapEnd) return;
  if (address < heapEnd && !markBlockAt(address)) return;
  // The start of a block is one past the end of the block before.
  if (address > heapStart) markBlockAt(address - 1);
}

/** Marks the block around an address in the heap. True if the address may be the end of another block. */
function markBlockAt(address: usize): bool {
  const page = descriptorOf(address);
  if (page.kind == PageKind.SMALL) {
    const offset = <u32>(address & PAGE_MASK);
    const index = (offset * page.reciprocal) >>> RECIPROCAL_SHIFT;
    const start = index * page.blockSize;
    if (start + page.blockSize <= <u32>PAGE_SIZE) {
      // SAFETY: a whole block of this page; index is below 256.
      const block = page.base + <usize>start;
      const word = changetype<usize>(page) + MARKS_OFFSET + (<usize>(index >>> 5) << 2);
      const bit = <u32>1 << (index & 31);
      const marks = load<u32>(word);
      if (!(marks & bit) && load<u32>(block) != FREE_ID) {
        store<u32>(word, marks | bit);
        foundConservatively(block, page);
      }
    }
    return offset == start;
  }
  if (page.kind == PageKind.LARGE) {
    markLarge(page);
    return address == page.base;
  }
  if (page.kind == PageKind.LARGE_REST) {
    // SAFETY: a further page leads to the first one's descriptor.
    markLarge(changetype<PageDescriptor>(page.freeHead));
    return false;
  }
  return (address & PAGE_MASK) == 0;
}

function markLarge(page: PageDescriptor): void {
  if (page.marks0) return;
  page.marks0 = 1;
  foundConservatively(page.base, page);
}

/** A block that was not marked before, found through a word that may be anything. */
function foundConservatively(block: usize, page: PageDescriptor): void {
  liveObjects++;
  liveBytes += <usize>page.blockSize;
  const id = load<u32>(block);
  if (id == ARRAY_BUFFER_ID) pushConservative(block);
  // Raw blocks are scanned as roots anyway.
  else if (id != RAW_ID && hasReferences(id)) pushPrecise(block + HEADER_SIZE);
}

@inline
function pushPrecise(object: usize): void {
  if (preciseTop >= conservativeTop) {
    noteOverflow();
    return;
  }
  // SAFETY: within the mark stack.
  store<usize>(preciseTop, object);
  preciseTop += 4;
}

function pushConservative(block: usize): void {
  if (preciseTop >= conservativeTop) {
    noteOverflow();
    return;
  }
  conservativeTop -= 4;
  // SAFETY: within the mark stack.
  store<usize>(conservativeTop, block);
}

function noteOverflow(): void {
  hasOverflowed = true;
  markOverflows++;
}

function markRawBlocks(): void {
  let raw = firstRawBlock;
  while (raw) {
    // The block itself, so that it is not swept, and all it holds.
    markAddress(raw);
    scanBlock(raw - HEADER_SIZE);
    raw = nextRawBlock(raw);
  }
}

/**
 * Visits the static objects that hold references: static arrays, scratch of template literals. Static data without an object
 * header (`memory.data`, the compiler's tables) holds none.
 */
function scanStatics(): void {
  let at = STATIC_START;
  while (at + STATIC_HEADER <= __data_end) {
    // SAFETY: within static data.
    const blockSize = load<usize>(at);
    if (blockSize != 0 && load<u64>(at, 4) == 0 && isStaticObject(at, blockSize)) {
      if (hasReferences(load<u32>(at, 12))) visitObject(at + STATIC_HEADER);
      at += blockSize + 4;
    } else {
      at += 16;
    }
  }
}

/** True if a static object has its header at `at`: asc writes block size, 0, 0, runtime id, object size. */
@inline
function isStaticObject(at: usize, blockSize: usize): bool {
  const id = load<u32>(at, 12);
  const size = <usize>load<u32>(at, 16);
  if (id == 0 || id >= load<u32>(__rtti_base) || size > blockSize || at + size > __data_end) return false;
  return blockSize == ((size + STATIC_HEADER + 15) & ~15) - 4;
}

/** Takes every word of a block's object for a possible address. */
function scanBlock(block: usize): void {
  const object = block + HEADER_SIZE;
  // SAFETY: an allocated block; its size is in its header.
  scanRange(object, object + <usize>load<u32>(block, 4));
}

function scanRange(from: usize, to: usize): void {
  for (let at = (from + 3) & ~3; at + 4 <= to; at += 4) {
    // SAFETY: the range is static data or one object.
    const word = load<usize>(at);
    if (word >= heapStart) markAddress(word);
  }
}

function traceConservative(): void {
  while (conservativeTop < stackTop) {
    const block = load<usize>(conservativeTop);
    conservativeTop += 4;
    scanBlock(block);
  }
}

function tracePrecise(): void {
  while (preciseTop > stackBottom) {
    preciseTop -= 4;
    // SAFETY: entries are marked objects.
    visitObject(load<usize>(preciseTop));
  }
}

function visitObject(object: usize): void {
  const flags = load<u32>(__rtti_base + 4 + (<usize>load<u32>(object - 8) << 2));
  if ((flags & (TYPE_ARRAY | TYPE_VALUE_MANAGED)) == (TYPE_ARRAY | TYPE_VALUE_MANAGED)) clearArrayGap(object);
  __visit_members(object, 0);
}

/**
 * The library leaves references beyond an array's length (after `pop`, say) and exposes them again when the length grows.
 * They are not visited, so they go before what they refer to is freed.
 */
function clearArrayGap(array: usize): void {
  // SAFETY: the layout of asc's Array; the library keeps length within capacity.
  const data = load<usize>(array, ARRAY_DATA);
  const used = <usize>load<u32>(array, ARRAY_LENGTH) << 2;
  const capacity = <usize>load<u32>(array, ARRAY_CAPACITY);
  if (used < capacity) memory.fill(data + used, 0, capacity - used);
}

/** Visits every marked object once more: what was not pushed is marked now. */
function recoverFromOverflow(): void {
  hasOverflowed = false;
  for (let c: u32 = 0; c < CLASSES; c++) {
    let at = firstPageOf(c);
    while (at) {
      // SAFETY: the list holds descriptors of pages of blocks.
      const page = changetype<PageDescriptor>(at);
      at = page.next;
      const end = page.base + PAGE_SIZE - <usize>page.blockSize;
      let index: u32 = 0;
      for (let block = page.base; block <= end; block += <usize>page.blockSize) {
        const word = load<u32>(changetype<usize>(page) + MARKS_OFFSET + (<usize>(index >>> 5) << 2));
        if ((word >>> (index & 31)) & 1) revisit(block);
        index++;
      }
    }
  }
  let at = firstLargeBlock();
  while (at) {
    const page = changetype<PageDescriptor>(at);
    at = page.next;
    if (page.marks0) revisit(page.base);
  }
}

function revisit(block: usize): void {
  const id = load<u32>(block);
  if (id == ARRAY_BUFFER_ID) scanBlock(block);
  else if (id != RAW_ID && hasReferences(id)) visitObject(block + HEADER_SIZE);
  traceConservative();
  tracePrecise();
}

/** Takes the mark stack, so that a collection needs no memory. Called by the first allocation. */
@unsafe export function prepareCollector(): void {
  const pages = takePages(MARK_STACK_PAGES);
  if (pages == null) {
    heapFailure("no memory for the mark stack");
    return;
  }
  stackBottom = pages.base;
  stackTop = pages.base + <usize>MARK_STACK_PAGES * PAGE_SIZE;
}
