// Visits the live objects of the kernel's heap, for figures and for searches. TRUSTED (walks the heap's pages).
//
// After a collection these are all that is reachable, and what only seemed to be referred to on some stack; or what
// globals lead to: the exact part, in which a leak would show. Nothing here sleeps.

import { CLASSES, finishSweep, firstLargeBlock, firstPageOf } from "./allocator";
import { collect, markFromGlobals } from "./collector";
import { FREE_ID, MARKS_OFFSET, PAGE_SIZE, PageDescriptor } from "./heap-layout";

/** Number of classes that the compiler knows: runtime ids are below it. */
export function classCount(): u32 {
  // SAFETY: the compiler's table of types begins with their number.
  return load<u32>(__rtti_base);
}

export abstract class HeapWalk {
  /** A block in use: `id` is the object's runtime id, or RAW_ID for a block of asc's library (`__alloc`). */
  protected abstract visit(block: usize, id: u32): void;

  /** Visits what is in use, garbage since the last collection included. `visit` may allocate. */
  protected walk(): void {
    finishSweep();
    for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
      let at = firstPageOf(sizeClass);
      while (at) {
        // SAFETY: the list holds descriptors of pages of one class.
        const page = changetype<PageDescriptor>(at);
        at = page.next;
        this.walkPage(page, false);
      }
    }
    let at = firstLargeBlock();
    while (at) {
      // SAFETY: the list holds first descriptors of large blocks.
      const block = changetype<PageDescriptor>(at);
      at = block.next;
      this.visit(block.base, load<u32>(block.base));
    }
  }

  /** Visits what globals lead to, then collects. `visit` must not allocate: an allocation may collect, and marks would mislead it. */
  protected walkFromGlobals(): void {
    markFromGlobals();
    for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
      let at = firstPageOf(sizeClass);
      while (at) {
        // SAFETY: as in walk.
        const page = changetype<PageDescriptor>(at);
        at = page.next;
        this.walkPage(page, true);
        page.marks0 = 0;
        page.marks1 = 0;
        page.marks2 = 0;
        page.marks3 = 0;
      }
    }
    let at = firstLargeBlock();
    while (at) {
      // SAFETY: as in walk.
      const block = changetype<PageDescriptor>(at);
      at = block.next;
      if (block.marks0) this.visit(block.base, load<u32>(block.base));
      block.marks0 = 0;
    }
    // Marking dropped the lists of free blocks: the sweep makes them anew.
    collect();
  }

  private walkPage(page: PageDescriptor, onlyMarked: bool): void {
    const end = page.base + PAGE_SIZE - <usize>page.blockSize;
    let index: u32 = 0;
    // SAFETY: blocks lie within their page, and there are at most 256.
    for (let block = page.base; block <= end; block += <usize>page.blockSize) {
      const marks = load<u32>(changetype<usize>(page) + MARKS_OFFSET + (<usize>(index >>> 5) << 2));
      const id = load<u32>(block);
      if (id != FREE_ID && (!onlyMarked || (marks >>> (index & 31)) & 1)) this.visit(block, id);
      index++;
    }
  }
}
