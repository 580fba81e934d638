// Counts the objects of the kernel's heap that globals lead to, by class, for leak checks.
//
// What only a word on some stack seems to refer to is left out: a thread that sleeps keeps what it touched last, some objects a
// thread at most, and that cannot grow. Does not sleep.

import { HeapWalk, classCount } from "./heap-walk";

@final
export class Census extends HeapWalk {
  /** Objects by runtime id; the last element counts blocks of asc's library (`__alloc`). */
  readonly counts: StaticArray<u32> = new StaticArray<u32>(<i32>classCount() + 1);

  /** All classes together. */
  objects: u32 = 0;

  /** Counts afresh, and collects. */
  take(): void {
    const counts = this.counts;
    for (let i = 0; i < counts.length; i++) counts[i] = 0;
    this.objects = 0;
    this.walkFromGlobals();
  }

  protected visit(block: usize, id: u32): void {
    this.objects++;
    const index = min(id, <u32>this.counts.length - 1);
    this.counts[index] = this.counts[index] + 1;
  }
}
