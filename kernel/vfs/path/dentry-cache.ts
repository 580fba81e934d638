// The dentry cache: one hash table over all names of all file systems, bounded by dropping the least used entries.
//
// The hash starts from a random seed (seedNameHash at boot), so that chains cannot be filled on purpose without
// knowing it. A walk computes the hash of a component while it looks for the next slash: `hashStep` a byte, then
// `hashFinish` with the directory's id. Nothing here sleeps.

import { bytesSlice } from "../../runtime/text/bytes";
import { ignore } from "../../runtime/ignore";
import { rangesEqual } from "../../runtime/text/byte-access";
import { Dentry } from "./dentry";

/** Entries that may stay cached without being referenced. */
const UNUSED_LIMIT: i32 = 16384;
/** How many entries one trim looks at. */
const TRIM_BATCH: i32 = 64;
const FIRST_BUCKETS: i32 = 1024;
const NO_NAME: StaticArray<u8> = new StaticArray<u8>(0);

@bootOnly let seed: u32 = 0x811c9dc5;
@kernelLock let buckets: StaticArray<Dentry | null> = new StaticArray<Dentry | null>(FIRST_BUCKETS);
@kernelLock let mask: u32 = FIRST_BUCKETS - 1;
@kernelLock let hashedCount: i32 = 0;
@kernelLock let nextId: u32 = 1;
/** The ring's oldest entry; entries join behind the newest (oldest.agePrevious). */
@kernelLock let oldest: Dentry | null = null;
@kernelLock let ringCount: i32 = 0;

/** Sets the secret start of all name hashes. Before the first name is cached or stored. */
export function seedNameHash(random: u32): void {
  seed = random | 1;
}

/** The secret start, for hash tables of names elsewhere. */
export function nameHashSeed(): u32 {
  return seed;
}

@inline export function hashStart(): u32 {
  return seed;
}

@inline export function hashStep(hash: u32, byte: u32): u32 {
  return (hash ^ byte) * 0x01000193;
}

/** Hash of a name within a directory. */
@inline export function hashFinish(hash: u32, directory: Dentry): u32 {
  const mixed = (hash ^ (directory.id * 0x9e3779b1)) * 0x85ebca6b;
  return mixed ^ (mixed >> 15);
}

/** Hash of `length` bytes of a name within a directory. */
export function hashName(directory: Dentry, bytes: StaticArray<u8>, start: i32, length: i32): u32 {
  let hash = hashStart();
  for (let i = start, end = start + length; i < end; i++) hash = hashStep(hash, bytes[i]);
  return hashFinish(hash, directory);
}

/** The cached entry (positive or negative) of a name, or null. */
export function findDentry(directory: Dentry, hash: u32, bytes: StaticArray<u8>, start: i32, length: i32): Dentry | null {
  let entry = buckets[hash & mask];
  while (entry !== null) {
    if (
      entry.hash == hash && entry.parent === directory && entry.name.length == length &&
      rangesEqual(entry.name, 0, bytes, start, length)
    ) {
      entry.flags |= Dentry.TOUCHED;
      return entry;
    }
    entry = entry.hashNext;
  }
  return null;
}

/** A new negative dentry with a copy of the name, not yet findable. */
export function makeDentry(directory: Dentry, hash: u32, bytes: StaticArray<u8>, start: i32, length: i32): Dentry {
  const dentry = new Dentry(bytesSlice(bytes, start, start + length), directory, nextId++);
  dentry.hash = hash;
  return dentry;
}

/** A dentry without a parent: the root of a file system, or of a nameless file. */
export function makeRootDentry(name: StaticArray<u8> = NO_NAME): Dentry {
  return new Dentry(name, null, nextId++);
}

/** Makes the dentry findable. */
export function hashDentry(dentry: Dentry): void {
  if (dentry.isHashed) return;
  if (hashedCount >= <i32>mask * 2) growTable();
  const bucket = dentry.hash & mask;
  dentry.hashNext = buckets[bucket];
  buckets[bucket] = dentry;
  dentry.flags |= Dentry.HASHED;
  hashedCount++;
  joinRing(dentry);
}

/** Takes the dentry out of the table: no walk finds it any more. */
export function unhashDentry(dentry: Dentry): void {
  if (!dentry.isHashed) return;
  const bucket = dentry.hash & mask;
  let entry = buckets[bucket];
  if (entry === dentry) {
    buckets[bucket] = dentry.hashNext;
  } else {
    while (entry !== null) {
      const next = entry.hashNext;
      if (next === dentry) {
        entry.hashNext = dentry.hashNext;
        break;
      }
      entry = next;
    }
  }
  dentry.hashNext = null;
  dentry.flags &= ~Dentry.HASHED;
  hashedCount--;
  leaveRing(dentry);
}

/** The entry's name was removed from its directory: becomes negative, or is cut loose if somebody uses it. */
export function deleteDentry(dentry: Dentry): void {
  if (dentry.references == 0 && dentry.isHashed) {
    dentry.inode = null;
    return;
  }
  cutLoose(dentry, Dentry.DELETED);
}

/** Takes an entry out of the cache for good. */
function cutLoose(dentry: Dentry, flags: u32): void {
  unhashDentry(dentry);
  dentry.flags |= flags;
  if (dentry.references == 0) dentry.parent.release();
}

/** The entry's content is out of date: the next walk looks the name up afresh. */
export function dropDentry(dentry: Dentry): void {
  if (!dentry.isHashed) return;
  cutLoose(dentry, 0);
}

/** Renames in the cache: `from` takes the place of `to`, which is cut loose (deleted if it had an inode). */
export function moveDentry(from: Dentry, to: Dentry): void {
  const directory = to.parent;
  const name = to.name;
  const hash = to.hash;
  directory.retain();
  cutLoose(to, to.inode !== null ? Dentry.DELETED : 0);
  unhashDentry(from);
  place(from, directory, name, hash);
  directory.release();
}

/** Renames in the cache with RENAME_EXCHANGE: the two entries swap places. */
export function exchangeDentries(a: Dentry, b: Dentry): void {
  const directory = a.parent;
  const name = a.name;
  const hash = a.hash;
  unhashDentry(a);
  unhashDentry(b);
  place(a, b.parent, b.name, b.hash);
  place(b, directory, name, hash);
}

function place(dentry: Dentry, directory: Dentry, name: StaticArray<u8>, hash: u32): void {
  if (dentry.parent !== directory) {
    directory.retain();
    dentry.parent.release();
    dentry.parent = directory;
  }
  dentry.name = name;
  dentry.hash = hash;
  hashDentry(dentry);
}

/** Drops old unreferenced entries when there are too many. Call only while no path walk is under way. */
export function trimDentries(): void {
  if (ringCount > UNUSED_LIMIT) ignore(shrinkDentries(TRIM_BATCH));
}

/** Looks at up to `count` of the oldest entries and drops those that are unused; returns how many went. */
export function shrinkDentries(count: i32): i32 {
  let dropped = 0;
  for (let i = 0; i < count; i++) {
    const entry = oldest;
    if (entry === null) break;
    if (entry.references > 0 || (entry.flags & Dentry.TOUCHED) != 0) {
      entry.flags &= ~Dentry.TOUCHED;
      oldest = entry.ageNext;
      continue;
    }
    cutLoose(entry, 0);
    dropped++;
  }
  return dropped;
}

/** Drops every unreferenced entry below a file system's root; used when it is unmounted. */
export function dropDentriesOf(root: Dentry): void {
  let again = true;
  while (again) {
    again = false;
    for (let i = 0; i < buckets.length; i++) {
      let entry = buckets[i];
      while (entry !== null) {
        const next = entry.hashNext;
        if (entry.references == 0 && entry.isWithin(root)) {
          cutLoose(entry, 0);
          again = true;
        }
        entry = next;
      }
    }
  }
}

/** Number of entries in the table (figures in /proc/sys/fs/dentry-state). */
export function cachedDentryCount(): i32 {
  return hashedCount;
}

function joinRing(dentry: Dentry): void {
  const first = oldest;
  ringCount++;
  if (first === null) {
    dentry.ageNext = dentry;
    dentry.agePrevious = dentry;
    oldest = dentry;
    return;
  }
  const last = first.agePrevious;
  dentry.ageNext = first;
  dentry.agePrevious = last;
  first.agePrevious = dentry;
  if (last !== null) last.ageNext = dentry;
}

function leaveRing(dentry: Dentry): void {
  const next = dentry.ageNext;
  const previous = dentry.agePrevious;
  if (next === null || previous === null) return;
  ringCount--;
  if (next === dentry) {
    oldest = null;
  } else {
    previous.ageNext = next;
    next.agePrevious = previous;
    if (oldest === dentry) oldest = next;
  }
  dentry.ageNext = null;
  dentry.agePrevious = null;
}

function growTable(): void {
  const old = buckets;
  const size = old.length * 2;
  const grown = new StaticArray<Dentry | null>(size);
  const newMask = <u32>size - 1;
  for (let i = 0; i < old.length; i++) {
    let entry = old[i];
    while (entry !== null) {
      const next = entry.hashNext;
      const bucket = entry.hash & newMask;
      entry.hashNext = grown[bucket];
      grown[bucket] = entry;
      entry = next;
    }
  }
  buckets = grown;
  mask = newMask;
}
