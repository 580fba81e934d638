// Counts the live objects of the kernel's heap by class, for leak checks. TRUSTED (walks the heap's pages).
//
// A census collects and sweeps first, so every block that is not free is reachable, or seemed so on a stack. Does not sleep.

import { CLASSES, finishSweep, firstLargeBlock, firstPageOf } from "./allocator";
import { collect } from "./collector";
import { FREE_ID, PAGE_SIZE, PageDescriptor } from "./heap-layout";

@final
export class Census {
  /** Objects by runtime id; the last element counts blocks of asc's library (`__alloc`). */
  readonly counts: StaticArray<u32>;

  constructor() {
    // SAFETY: the compiler's table of types begins with their number.
    this.counts = new StaticArray<u32>(<i32>load<u32>(__rtti_base) + 1);
  }

  /** Collects, then counts afresh. */
  take(): void {
    const counts = this.counts;
    for (let i = 0; i < counts.length; i++) counts[i] = 0;
    collect();
    finishSweep();
    for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) this.countPages(firstPageOf(sizeClass));
    let at = firstLargeBlock();
    while (at) {
      // SAFETY: the list holds first descriptors of large blocks.
      const block = changetype<PageDescriptor>(at);
      at = block.next;
      this.add(load<u32>(block.base));
    }
  }

  private countPages(first: usize): void {
    let at = first;
    while (at) {
      // SAFETY: the list holds descriptors of pages of one class; blocks lie within their page.
      const page = changetype<PageDescriptor>(at);
      at = page.next;
      const end = page.base + PAGE_SIZE - <usize>page.blockSize;
      for (let block = page.base; block <= end; block += <usize>page.blockSize) this.add(load<u32>(block));
    }
  }

  private add(id: u32): void {
    if (id == FREE_ID) return;
    const index = min(id, <u32>this.counts.length - 1);
    this.counts[index] = this.counts[index] + 1;
  }
}
