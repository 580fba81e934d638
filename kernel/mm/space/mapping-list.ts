// The mappings of one address space, ordered by address.
//
// An array: a lookup is a binary search over a few dozen neighbours in memory, fork copies it in one loop, and nothing
// is allocated for a place in it. Inserting moves what follows; Linux's limit of 65530 mappings bounds that. The
// mapping found last is tried first (faults and system calls come in runs). Nothing here sleeps.

import { ignore } from "../../runtime/ignore";
import { Mapping } from "./mapping";

/** Linux's default vm.max_map_count. */
export const MAX_MAPPINGS: i32 = 65530;

@final
export class MappingList {
  private items: StaticArray<Mapping | null> = new StaticArray<Mapping | null>(16);
  private hint: i32 = 0;
  count: i32 = 0;

  /** The mapping at a position below `count`. */
  @inline at(index: i32): Mapping {
    return this.items[index]!;
  }

  /** The mapping that contains an address, or null. */
  @inline find(address: u64): Mapping | null {
    const hint = this.items[this.hint];
    if (hint != null && hint.contains(address)) return hint;
    return this.search(address);
  }

  private search(address: u64): Mapping | null {
    const index = this.indexFrom(address);
    if (index == this.count) return null;
    const mapping = this.at(index);
    if (mapping.start > address) return null;
    this.hint = index;
    return mapping;
  }

  /** Position of the first mapping that ends after `address`; `count` if there is none. */
  indexFrom(address: u64): i32 {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle).end <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** True if a mapping has a byte of `start .. end`. */
  overlaps(start: u64, end: u64): bool {
    const index = this.indexFrom(start);
    return index < this.count && this.at(index).start < end;
  }

  /** Adds a mapping that overlaps no other. */
  insert(mapping: Mapping): void {
    this.insertAt(this.indexFrom(mapping.start), mapping);
  }

  /** Adds a mapping at the position that the order demands. */
  insertAt(index: i32, mapping: Mapping): void {
    if (this.count == this.items.length) this.grow();
    const items = this.items;
    if (index < this.count) ignore(items.copyWithin(index + 1, index, this.count));
    items[index] = mapping;
    this.count++;
    this.hint = index;
  }

  /** Adds a mapping that lies above all others. */
  append(mapping: Mapping): void {
    if (this.count == this.items.length) this.grow();
    this.items[this.count++] = mapping;
  }

  /** Takes the mappings `from .. to` (exclusive) out. */
  removeRange(from: i32, to: i32): void {
    const items = this.items;
    const removed = to - from;
    if (to < this.count) ignore(items.copyWithin(from, to, this.count));
    for (let i = this.count - removed; i < this.count; i++) items[i] = null;
    this.count -= removed;
    this.hint = 0;
  }

  /** Makes room for `count` mappings in all. Allocates. */
  reserve(count: i32): void {
    if (count > this.items.length) this.enlarge(count + 8);
  }

  private grow(): void {
    this.enlarge(this.items.length * 2);
  }

  private enlarge(length: i32): void {
    const shorter = this.items;
    const longer = new StaticArray<Mapping | null>(length);
    for (let i = 0; i < this.count; i++) {
      longer[i] = shorter[i];
      // A dead word on a kernel stack may keep the old array: not all its mappings, too.
      shorter[i] = null;
    }
    this.items = longer;
  }
}
