// Visits the live objects of the kernel's heap, for figures and for searches. TRUSTED (walks the heap's pages).
//
// After a collection these are all that is reachable, and what only seemed to be referred to on some stack; or what
// globals lead to: the exact part, in which a leak would show. Nothing here sleeps.

import { CLASSES, finishSweep, firstLargeBlock, firstPageOf } from "./allocator";
import { collect, markFromGlobals } from "./collector";
import { FREE_ID, MARKS_OFFSET, PAGE_SIZE, PageDescriptor } from "./heap-layout";

/** Number of classes that the compiler knows: runtime ids are below it. */
@safe export function classCount(): u32 {
  // SAFETY: the compiler's table of types begins with their number.
  return load<u32>(__rtti_base);
}

/** Which blocks a walk visits. */
namespace Blocks {
  @inline export const IN_USE: u32 = 0;
  /** What is marked; the walk takes the marks away. */
  @inline export const MARKED: u32 = 1;
}

@safe export abstract class HeapWalk {
  /** A block in use: `id` is the object's runtime id, or RAW_ID for a block of asc's library (`__alloc`). */
  protected abstract visit(block: usize, id: u32): void;

  /** Visits what is in use, garbage since the last collection included. `visit` may allocate. */
  protected walk(): void {
    finishSweep();
    this.visitBlocks(Blocks.IN_USE);
  }

  /** Visits what globals lead to, then collects. `visit` must not allocate: an allocation may collect, and marks would mislead it. */
  protected walkFromGlobals(): void {
    markFromGlobals();
    this.visitBlocks(Blocks.MARKED);
    // Marking dropped the lists of free blocks: the sweep makes them anew.
    collect();
  }

  private visitBlocks(which: u32): void {
    for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
      let at = firstPageOf(sizeClass);
      while (at) {
        // SAFETY: the list holds descriptors of pages of one class.
        const page = changetype<PageDescriptor>(at);
        at = page.next;
        this.visitPage(page, which);
        if (which == Blocks.MARKED) clearMarks(page);
      }
    }
    let at = firstLargeBlock();
    while (at) {
      // SAFETY: the list holds first descriptors of large blocks.
      const block = changetype<PageDescriptor>(at);
      at = block.next;
      if (which == Blocks.IN_USE || block.marks0) this.visit(block.base, load<u32>(block.base));
      if (which == Blocks.MARKED) clearMarks(block);
    }
  }

  private visitPage(page: PageDescriptor, which: u32): void {
    const end = page.base + PAGE_SIZE - <usize>page.blockSize;
    let index: u32 = 0;
    // SAFETY: blocks lie within their page, and there are at most 256.
    for (let block = page.base; block <= end; block += <usize>page.blockSize) {
      const marks = load<u32>(changetype<usize>(page) + MARKS_OFFSET + (<usize>(index >>> 5) << 2));
      const id = load<u32>(block);
      if (id != FREE_ID && (which == Blocks.IN_USE || (marks >>> (index & 31)) & 1)) this.visit(block, id);
      index++;
    }
  }
}

function clearMarks(page: PageDescriptor): void {
  page.marks0 = 0;
  page.marks1 = 0;
  page.marks2 = 0;
  page.marks3 = 0;
}
