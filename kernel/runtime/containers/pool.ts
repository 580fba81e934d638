// Pools of objects that are used again instead of made anew: what a system call needs while it runs, and too large or too
// frequent to leave to the collector.
//
// A pool keeps at most `limit` objects; what is given beyond that is garbage, and so is all that it keeps when pools are
// dropped (/proc/sys/vm/drop_caches). An object in a pool may refer to what its last user left in it. Taking and giving
// allocate nothing and never sleep; interrupt context allowed.

/** What all pools have in common. */
abstract class AnyPool {
  nextPool: AnyPool | null = null;
  abstract drop(): void;
}

@kernelLock let pools: AnyPool | null = null;

@final
export class Pool<T> extends AnyPool {
  private readonly items: StaticArray<T | null>;
  private count: i32 = 0;

  /** Pools are made at boot and stay. */
  constructor(limit: i32) {
    super();
    this.items = new StaticArray<T | null>(limit);
    this.nextPool = pools;
    pools = this;
  }

  /** An object given before, as its last user left it; null: there is none, so make one. */
  take(): T | null {
    const last = this.count - 1;
    if (last < 0) return null;
    this.count = last;
    // The place keeps its reference: the object comes back to it.
    return this.items[last];
  }

  /** The caller's use of the object has ended. */
  give(item: T): void {
    const count = this.count;
    if (count == this.items.length) return;
    this.items[count] = item;
    this.count = count + 1;
  }

  /** Leaves the objects to the collector. */
  drop(): void {
    this.count = 0;
    for (let i = 0; i < this.items.length; i++) this.items[i] = null;
  }
}

/** Empties all pools. */
export function dropPools(): void {
  let pool = pools;
  while (pool !== null) {
    pool.drop();
    pool = pool.nextPool;
  }
}
