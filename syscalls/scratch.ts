// Byte arrays for results on their way to user memory. From a pool, because the copy may sleep and others need one then.

/** Size of each array. */
export const SCRATCH_SIZE: i32 = 4096;

@final
export class Scratch {
  readonly bytes: StaticArray<u8> = new StaticArray<u8>(SCRATCH_SIZE);
  private nextFree: Scratch | null = null;

  static acquire(): Scratch {
    const scratch = free;
    if (scratch === null) return new Scratch();
    free = scratch.nextFree;
    scratch.nextFree = null;
    return scratch;
  }

  release(): void {
    this.nextFree = free;
    free = this;
  }
}

let free: Scratch | null = null;
