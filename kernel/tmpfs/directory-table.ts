// The entries of one tmpfs directory: found by name through a hash table, read newest first, as Linux does.
//
// Every entry has a position (d_off) of its own that never changes and is never used again, so that getdents64 goes on
// at the right place whatever was added or removed meanwhile. `order` is sorted by position; removed entries stay in
// it, marked, until half of it is dead. Nothing here sleeps.

import { hashRange } from "../runtime/text/byte-access";
import { bytesEqual } from "../runtime/text/bytes";
import { nameHashSeed } from "../vfs/path/dentry-cache";
import { Inode } from "../vfs/inode/inode";

/** Where reading stands before the newest entry. Positions below belong to "." and "..", those above to entries. */
export const START_POSITION: i64 = 2;
const FIRST_BUCKETS: i32 = 8;

@final
export class DirectoryEntry {
  next: DirectoryEntry | null = null;
  isRemoved: bool = false;

  constructor(readonly name: StaticArray<u8>, readonly hash: u32, public inode: Inode, readonly position: i64) {}
}

@final
export class DirectoryTable {
  private buckets: StaticArray<DirectoryEntry | null> = new StaticArray<DirectoryEntry | null>(FIRST_BUCKETS);
  private order: StaticArray<DirectoryEntry | null> = new StaticArray<DirectoryEntry | null>(FIRST_BUCKETS);
  /** Used length of `order`, dead entries included. */
  private orderLength: i32 = 0;
  private nextPosition: i64 = START_POSITION + 1;
  /** Living entries. */
  count: i32 = 0;
  /** Changes whenever indexes into `order` may mean something else. */
  generation: u32 = 0;

  find(name: StaticArray<u8>): DirectoryEntry | null {
    const buckets = this.buckets;
    const hash = hashRange(name, 0, name.length, nameHashSeed());
    let entry = buckets[hash & (buckets.length - 1)];
    while (entry !== null) {
      if (entry.hash == hash && bytesEqual(entry.name, name)) return entry;
      entry = entry.next;
    }
    return null;
  }

  /** Adds a name that is not there. The array is kept: callers pass one that never changes. */
  add(name: StaticArray<u8>, inode: Inode): void {
    if (this.count >= this.buckets.length * 2) this.growBuckets();
    const entry = new DirectoryEntry(name, hashRange(name, 0, name.length, nameHashSeed()), inode, this.nextPosition++);
    const buckets = this.buckets;
    const bucket = entry.hash & (buckets.length - 1);
    entry.next = buckets[bucket];
    buckets[bucket] = entry;
    if (this.orderLength == this.order.length) this.makeRoom();
    this.order[this.orderLength++] = entry;
    this.count++;
  }

  /** Removes an entry that is there. */
  remove(entry: DirectoryEntry): void {
    const buckets = this.buckets;
    const bucket = entry.hash & (buckets.length - 1);
    let at = buckets[bucket];
    if (at === entry) {
      buckets[bucket] = entry.next;
    } else {
      while (at !== null) {
        const next = at.next;
        if (next === entry) {
          at.next = entry.next;
          break;
        }
        at = next;
      }
    }
    entry.next = null;
    entry.isRemoved = true;
    this.count--;
  }

  /** The newest living entry older than that of a position, or the newest of all; null if there is none. */
  entryBelow(position: i64): DirectoryEntry | null {
    return this.entryAt(this.indexBelow(position));
  }

  /** The living entry at an index of indexBelow or the newest before it, or null; valid while `generation` stays. */
  entryAt(index: i32): DirectoryEntry | null {
    const order = this.order;
    for (let i = index; i >= 0; i--) {
      const entry = order[i];
      if (entry !== null && !entry.isRemoved) return entry;
    }
    return null;
  }

  /** Index of the newest entry, living or not, that is older than that of a position; -1 if there is none. */
  indexBelow(position: i64): i32 {
    if (position == START_POSITION) return this.orderLength - 1;
    const order = this.order;
    let low = 0;
    let high = this.orderLength;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (order[middle]!.position < position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** `order` is full: drops dead entries, and grows unless that freed half of it. */
  private makeRoom(): void {
    const old = this.order;
    const size = this.count * 2 > old.length ? old.length * 2 : old.length;
    const fresh = new StaticArray<DirectoryEntry | null>(size);
    let length = 0;
    for (let i = 0; i < this.orderLength; i++) {
      const entry = old[i];
      if (entry !== null && !entry.isRemoved) fresh[length++] = entry;
    }
    this.order = fresh;
    this.orderLength = length;
    this.generation++;
  }

  private growBuckets(): void {
    const old = this.buckets;
    const fresh = new StaticArray<DirectoryEntry | null>(old.length * 2);
    const mask = fresh.length - 1;
    for (let i = 0; i < old.length; i++) {
      let entry = old[i];
      while (entry !== null) {
        const next = entry.next;
        const bucket = entry.hash & mask;
        entry.next = fresh[bucket];
        fresh[bucket] = entry;
        entry = next;
      }
    }
    this.buckets = fresh;
  }
}
