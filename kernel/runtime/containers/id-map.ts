// IdMap: a hash map from numbers (process ids, inode numbers, user addresses) to objects. Open addressing with
// linear probing; removing shifts later entries back, so there are no tombstones. Looking up and removing allocate
// nothing; inserting allocates when the table is three quarters full. Keys are spread by a multiplication, so
// consecutive ids do not cluster.

/** Table size at the start. */
@inline const SMALLEST: i32 = 8;

@final
export class IdMap<V> {
  /** Number of entries. */
  length: i32 = 0;
  private mask: i32 = SMALLEST - 1;
  private shift: u64 = 61;
  private keys: StaticArray<u64> = new StaticArray<u64>(SMALLEST);
  private values: StaticArray<V | null> = new StaticArray<V | null>(SMALLEST);

  /** The value of a key, or null. */
  get(key: u64): V | null {
    const at = this.find(key);
    return at >= 0 ? this.values[at] : null;
  }

  has(key: u64): bool {
    return this.find(key) >= 0;
  }

  /** Sets the value of a key; returns the former one, or null. */
  set(key: u64, value: V): V | null {
    const found = this.find(key);
    if (found >= 0) {
      const former = this.values[found];
      this.values[found] = value;
      return former;
    }
    if ((this.length + 1) * 4 > (this.mask + 1) * 3) this.grow();
    this.place(key, value);
    this.length++;
    return null;
  }

  /** Removes a key; returns its value, or null. */
  remove(key: u64): V | null {
    let hole = this.find(key);
    if (hole < 0) return null;
    const former = this.values[hole];
    // Entries behind the hole move into it unless that would put them before their home.
    let at = hole;
    while (true) {
      at = (at + 1) & this.mask;
      const value = this.values[at];
      if (value === null) break;
      const home = this.home(this.keys[at]);
      if (((at - home) & this.mask) < ((at - hole) & this.mask)) continue;
      this.keys[hole] = this.keys[at];
      this.values[hole] = value;
      hole = at;
    }
    this.values[hole] = null;
    this.length--;
    return former;
  }

  /** Removes everything and gives the table's memory back. */
  clear(): void {
    this.length = 0;
    this.mask = SMALLEST - 1;
    this.shift = 61;
    this.keys = new StaticArray<u64>(SMALLEST);
    this.values = new StaticArray<V | null>(SMALLEST);
  }

  /**
   * Iteration in no particular order: `for (let i = map.nextIndex(-1); i >= 0; i = map.nextIndex(i))`, with `keyAt(i)` and
   * `valueAt(i)`. The map must not change meanwhile.
   */
  nextIndex(index: i32): i32 {
    for (let i = index + 1; i <= this.mask; i++) {
      if (this.values[i] !== null) return i;
    }
    return -1;
  }

  keyAt(index: i32): u64 {
    return this.keys[index];
  }

  valueAt(index: i32): V | null {
    return this.values[index];
  }

  @inline
  private home(key: u64): i32 {
    return <i32>((key * 0x9e3779b97f4a7c15) >> this.shift);
  }

  private find(key: u64): i32 {
    let at = this.home(key);
    while (this.values[at] !== null) {
      if (this.keys[at] == key) return at;
      at = (at + 1) & this.mask;
    }
    return -1;
  }

  private place(key: u64, value: V): void {
    let at = this.home(key);
    while (this.values[at] !== null) at = (at + 1) & this.mask;
    this.keys[at] = key;
    this.values[at] = value;
  }

  private grow(): void {
    const keys = this.keys;
    const values = this.values;
    const size = (this.mask + 1) * 2;
    this.keys = new StaticArray<u64>(size);
    this.values = new StaticArray<V | null>(size);
    this.mask = size - 1;
    this.shift--;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value !== null) this.place(keys[i], value);
    }
  }
}
