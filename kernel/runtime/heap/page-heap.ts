// The heap's pages: growth of linear memory, descriptors, and runs of free pages. TRUSTED.
//
// Free runs are kept by length in bins and merge with their neighbours. A reserve of free pages is kept so that `new`
// goes on when physical memory ends; system calls that need much ask `reservePages` first. Growing calls back into
// the memory manager (growLinearMemory): it must not sleep, and what it allocates itself comes from the reserve.

import {
  CHUNK_BITS, CHUNK_LIMIT, CHUNK_SIZE, DESCRIPTOR_BITS, PAGES_PER_CHUNK, PAGE_BITS, PAGE_MASK, PAGE_SIZE,
  PageDescriptor, PageKind,
} from "./heap-layout";

/** Free pages that only `new` under memory pressure uses: 512 KiB. */
@safe @inline @lazy export const RESERVE_PAGES: u32 = 128;
/** Linear memory grows by at least this many chunks (256 KiB). */
@inline @lazy const GROWTH_CHUNKS: usize = 4;
/** Runs of 1 .. BINS - 1 pages have a bin each; longer ones share bin 0. */
@inline @lazy const BINS: u32 = 64;

/** First and one past the last byte of the heap. Both 0 before the first allocation. */
@bootOnly @safe @lazy export let heapStart: usize = 0;
@kernelLock @safe @lazy export let heapEnd: usize = 0;
/** Pages in free runs. */
@kernelLock @safe @lazy export let freePages: u32 = 0;
/** Growing failed; cleared when it succeeds or enough pages came free. */
@kernelLock @safe @lazy export let isUnderPressure: bool = false;

@bootOnly @lazy let directory: usize = 0;
/** Space for descriptors that is not used yet. */
@kernelLock @lazy let metaCursor: usize = 0;
@kernelLock @lazy let metaEnd: usize = 0;
@kernelLock @lazy let isGrowing: bool = false;
@lazy const bins: usize = memory.data(256);

/** Descriptor of the page that contains `address`, which must lie in heapStart .. heapEnd. */
@unsafe @inline
export function descriptorOf(address: usize): PageDescriptor {
  // SAFETY: every chunk of the heap has its directory entry before heapEnd moves past it.
  return changetype<PageDescriptor>(
    load<usize>(directory + ((address >>> CHUNK_BITS) << 2)) +
    (((address >>> PAGE_BITS) & (PAGES_PER_CHUNK - 1)) << DESCRIPTOR_BITS),
  );
}

/** Takes what lies between static data and the end of linear memory. Called by the first allocation. */
@unsafe export function initPageHeap(): void {
  directory = (__heap_base + PAGE_MASK) & ~PAGE_MASK;
  heapStart = directory + (CHUNK_LIMIT << 2);
  let end = <usize>memory.size() << CHUNK_BITS;
  if (end < heapStart + CHUNK_SIZE) {
    const missing = (heapStart + CHUNK_SIZE - end + CHUNK_SIZE - 1) >>> CHUNK_BITS;
    if (memory.grow(<i32>missing) < 0) unreachable();
    end = <usize>memory.size() << CHUNK_BITS;
  }
  heapEnd = heapStart;
  addRange(end);
}

/**
 * A run of `count` pages, contents undefined, described as META; null when there is none and linear memory cannot
 * grow. Uses the reserve when it must.
 */
@unsafe export function takePages(count: u32): PageDescriptor | null {
  if (freePages < count + RESERVE_PAGES) growFor(count + RESERVE_PAGES);
  let run = findRun(count);
  if (run == null) {
    // Enough pages, but none in a row: more memory is better than failing.
    if (!growFor(freePages + count)) return null;
    run = findRun(count);
    if (run == null) return null;
  }
  const pages = run.reciprocal;
  unlinkRun(run);
  if (pages > count) {
    // SAFETY: the run has more than `count` pages, so its further pages are in the heap.
    linkRun(descriptorOf(run.base + (<usize>count << PAGE_BITS)), pages - count);
  }
  for (let i: u32 = 0; i < count; i++) descriptorOf(run.base + (<usize>i << PAGE_BITS)).kind = PageKind.META;
  freePages -= count;
  return run;
}

/** Gives back a run taken before. */
@unsafe export function givePages(first: PageDescriptor, count: u32): void {
  freePages += count;
  let run = first;
  let pages = count;
  if (run.base > heapStart) {
    const before = descriptorOf(run.base - PAGE_SIZE);
    if (before.kind == PageKind.FREE) {
      // SAFETY: the last page of a free run leads to its first.
      run = changetype<PageDescriptor>(before.freeHead);
      pages += run.reciprocal;
      unlinkRun(run);
    }
  }
  const end = first.base + (<usize>count << PAGE_BITS);
  if (end < heapEnd) {
    const after = descriptorOf(end);
    if (after.kind == PageKind.FREE) {
      pages += after.reciprocal;
      unlinkRun(after);
    }
  }
  for (let i: u32 = 0; i < count; i++) descriptorOf(first.base + (<usize>i << PAGE_BITS)).kind = PageKind.FREE;
  linkRun(run, pages);
  if (freePages >= RESERVE_PAGES * 2) isUnderPressure = false;
}

/** Makes sure that `count` pages in a row are free beyond the reserve; false when memory does not suffice. */
@safe export function reservePages(count: u32): bool {
  if (freePages >= count + RESERVE_PAGES && findRun(count) != null) return true;
  // Growing adds one run at the end of the heap; take it long enough for all of the request.
  return growFor(freePages + count + (freePages < RESERVE_PAGES ? RESERVE_PAGES - freePages : 0));
}

/** Grows so that `pages` are free. False if linear memory cannot grow. */
@safe export function growFor(pages: u32): bool {
  if (freePages >= pages) return true;
  // The memory manager allocates while it maps new frames: that must come from what is there.
  if (isGrowing) return false;
  const missing = (<usize>(pages - freePages) << PAGE_BITS) + CHUNK_SIZE;
  const needed = (missing + (missing >>> 5) + CHUNK_SIZE - 1) >>> CHUNK_BITS;
  const wanted = max(max(needed, GROWTH_CHUNKS), (heapEnd - heapStart) >>> (CHUNK_BITS + 4));
  isGrowing = true;
  let grown = memory.grow(<i32>wanted) >= 0;
  if (!grown && needed < wanted) grown = memory.grow(<i32>needed) >= 0;
  isGrowing = false;
  if (!grown) {
    isUnderPressure = true;
    return false;
  }
  isUnderPressure = false;
  addRange(<usize>memory.size() << CHUNK_BITS);
  return true;
}

/** Moves heapEnd to `end`: descriptors for the new pages (carved from them), then one free run. */
function addRange(end: usize): void {
  const from = heapEnd;
  let chunk = from >>> CHUNK_BITS;
  // The chunk in which the heap starts has no descriptors yet; any other end of the heap is a chunk's end.
  const chunks = (end >>> CHUNK_BITS) - chunk;
  const bytes = chunks << (DESCRIPTOR_BITS + CHUNK_BITS - PAGE_BITS);
  let firstFree = from;
  if (metaEnd - metaCursor < bytes) {
    metaCursor = from;
    metaEnd = from + ((bytes + PAGE_MASK) & ~PAGE_MASK);
    firstFree = metaEnd;
  }
  for (let i: usize = 0; i < chunks; i++) {
    // SAFETY: metaCursor .. metaEnd has room for all of them, and is zero: fresh linear memory is.
    store<usize>(directory + (chunk << 2), metaCursor);
    for (let page: usize = 0; page < PAGES_PER_CHUNK; page++) {
      const descriptor = changetype<PageDescriptor>(metaCursor);
      descriptor.base = (chunk << CHUNK_BITS) + (page << PAGE_BITS);
      metaCursor += <usize>1 << DESCRIPTOR_BITS;
    }
    chunk++;
  }
  heapEnd = end;
  for (let page = from; page < firstFree; page += PAGE_SIZE) descriptorOf(page).kind = PageKind.META;
  givePages(descriptorOf(firstFree), <u32>((end - firstFree) >>> PAGE_BITS));
}

/** A free run of at least `count` pages: an exact one if possible. */
function findRun(count: u32): PageDescriptor | null {
  for (let pages = count; pages < BINS; pages++) {
    // SAFETY: bins hold descriptors of free runs or 0.
    const head = load<usize>(bins + (<usize>pages << 2));
    if (head) return changetype<PageDescriptor>(head);
  }
  let best: PageDescriptor | null = null;
  let bestPages: u32 = u32.MAX_VALUE;
  let at = load<usize>(bins);
  while (at) {
    const run = changetype<PageDescriptor>(at);
    if (run.reciprocal >= count && run.reciprocal < bestPages) {
      best = run;
      bestPages = run.reciprocal;
    }
    at = run.next;
  }
  return best;
}

@inline
function binOf(pages: u32): usize {
  return bins + (<usize>(pages < BINS ? pages : <u32>0) << 2);
}

function linkRun(run: PageDescriptor, pages: u32): void {
  // SAFETY: run and the links in its bin are descriptors of free runs.
  run.kind = PageKind.FREE;
  run.reciprocal = pages;
  const last = descriptorOf(run.base + (<usize>(pages - 1) << PAGE_BITS));
  last.freeHead = changetype<usize>(run);
  const bin = binOf(pages);
  const head = load<usize>(bin);
  run.next = head;
  run.previous = 0;
  if (head) changetype<PageDescriptor>(head).previous = changetype<usize>(run);
  store<usize>(bin, changetype<usize>(run));
}

function unlinkRun(run: PageDescriptor): void {
  // SAFETY: as linkRun.
  if (run.next) changetype<PageDescriptor>(run.next).previous = run.previous;
  if (run.previous) changetype<PageDescriptor>(run.previous).next = run.next;
  else store<usize>(binOf(run.reciprocal), run.next);
}
