// IdAllocator: gives out the lowest free number, as descriptors, process ids and minor numbers need it. A bitmap with a
// summary of full words on top, so that finding costs a few operations for thousands of numbers. Grows by doubling.

@final
export class IdAllocator {
  /** Numbers are below this. */
  readonly limit: i32;
  /** Numbers in use. */
  count: i32 = 0;
  private words: StaticArray<u64> = new StaticArray<u64>(1);
  /** Bit w: word w is full. */
  private full: StaticArray<u64> = new StaticArray<u64>(1);

  constructor(limit: i32) {
    this.limit = limit;
  }

  isUsed(id: i32): bool {
    const word = id >> 6;
    return id >= 0 && word < this.words.length && ((this.words[word] >> <u64>(id & 63)) & 1) != 0;
  }

  /** The lowest free number from `from` on, or -1 when none is below the limit. Does not take it. */
  lowestFree(from: i32 = 0): i32 {
    const start = max(from, 0);
    let word = start >> 6;
    if (word < this.words.length) {
      const free = ~this.words[word] & (u64.MAX_VALUE << <u64>(start & 63));
      if (free != 0) return this.below((word << 6) + <i32>ctz(free));
      word = this.nextNotFull(word + 1);
      if (word < this.words.length) return this.below((word << 6) + <i32>ctz(~this.words[word]));
      return this.below(this.words.length << 6);
    }
    return this.below(start);
  }

  /** Takes the lowest free number from `from` on; -1 when none is below the limit. */
  allocate(from: i32 = 0): i32 {
    const id = this.lowestFree(from);
    if (id >= 0) this.take(id);
    return id;
  }

  /** Takes a given number; false if it is in use or out of range. */
  take(id: i32): bool {
    if (id < 0 || id >= this.limit || this.isUsed(id)) return false;
    const word = id >> 6;
    if (word >= this.words.length) this.grow(word + 1);
    const bits = this.words[word] | (<u64>1 << <u64>(id & 63));
    this.words[word] = bits;
    if (bits == u64.MAX_VALUE) this.full[word >> 6] = this.full[word >> 6] | (<u64>1 << <u64>(word & 63));
    this.count++;
    return true;
  }

  /** Gives a number back; false if it was not in use. */
  release(id: i32): bool {
    if (!this.isUsed(id)) return false;
    const word = id >> 6;
    this.words[word] = this.words[word] & ~(<u64>1 << <u64>(id & 63));
    this.full[word >> 6] = this.full[word >> 6] & ~(<u64>1 << <u64>(word & 63));
    this.count--;
    return true;
  }

  /** The lowest number in use from `from` on, or -1. */
  nextUsed(from: i32 = 0): i32 {
    const start = max(from, 0);
    for (let word = start >> 6; word < this.words.length; word++) {
      const mask = word == start >> 6 ? u64.MAX_VALUE << <u64>(start & 63) : u64.MAX_VALUE;
      const used = this.words[word] & mask;
      if (used != 0) return (word << 6) + <i32>ctz(used);
    }
    return -1;
  }

  @inline
  private below(id: i32): i32 {
    return id < this.limit ? id : -1;
  }

  /** First word at or after `word` that is not full; the number of words when all are. */
  private nextNotFull(word: i32): i32 {
    let at = word;
    while (at < this.words.length) {
      const open = ~this.full[at >> 6] & (u64.MAX_VALUE << <u64>(at & 63));
      if (open != 0) return min((at & ~63) + <i32>ctz(open), this.words.length);
      at = (at & ~63) + 64;
    }
    return this.words.length;
  }

  private grow(needed: i32): void {
    let size = this.words.length;
    while (size < needed) size *= 2;
    const words = new StaticArray<u64>(size);
    for (let i = 0; i < this.words.length; i++) words[i] = this.words[i];
    this.words = words;
    const full = new StaticArray<u64>((size + 63) >> 6);
    for (let i = 0; i < this.full.length; i++) full[i] = this.full[i];
    this.full = full;
  }
}
