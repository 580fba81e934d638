// Page faults: demand paging, zero page, copy on write, stack growth, file pages with fault-around. Sleeps when a page
// comes from a backing or memory is exhausted.
//
// A fault that slept looks everything up again before it changes a table. When it cannot tell what became of the world
// it answers RESOLVED without having mapped anything: the access is tried again and faults anew.
//
// Which frame may be written through a private mapping: one that is ANONYMOUS and has a single reference. Everything
// else is copied first. A shared mapping of a file with a backing stays read-only until written, so that the cache
// learns of it.

import { touchesWrapWindow } from "../../../arch/x86_64/memory/kernel-mapping";
import { Pte } from "../../../arch/x86_64/memory/page-table";
import { flushPage } from "../../../arch/x86_64/memory/tlb";
import { Errno } from "../../abi/errno";
import { AddressSpace, STACK_GUARD_GAP } from "./address-space";
import { Frame, NO_FRAME, outOfMemory } from "../frames/frame";
import { ignore } from "../../runtime/ignore";
import { MapFlag, Mapping } from "./mapping";
import { PageCache } from "../cache/page-cache";
import { PAGE, PAGE_MASK, USER_END } from "../../abi/page";

/** What became of a fault; the others tell which signal the program gets. */
export namespace FaultResult {
  /** Try the access again. */
  @inline export const RESOLVED: i32 = 0;
  /** SIGSEGV, SEGV_MAPERR: nothing is mapped there. */
  @inline export const MAPERR: i32 = 1;
  /** SIGSEGV, SEGV_ACCERR: the mapping does not allow this access. */
  @inline export const ACCERR: i32 = 2;
  /** SIGBUS, BUS_ADRERR: past the end of the object, or its page cannot be had. */
  @inline export const BUS_ADRERR: i32 = 3;
  /** Memory is exhausted; the current task was chosen to die, or nobody can. */
  @inline export const NO_MEMORY: i32 = 4;
}

/** What an access tried: bits that have the values of the CPU's page-fault error (SDM volume 3A, 4.7), so that none need be moved. */
export const FAULT_WRITE: u64 = 2;
export const FAULT_USER: u64 = 4;
export const FAULT_FETCH: u64 = 16;

/** Pages of a file that one read fault maps if they are cached: an aligned window. */
const AROUND: u64 = 16;
const COMMON: u64 = Pte.PRESENT | Pte.ACCESSED;
/** A page that only this space has, for writing. */
const OWN: u64 = COMMON | Pte.WRITABLE | Pte.DIRTY | Pte.ANONYMOUS;

/** Resolves a fault at `address`; `error`: what was tried (FAULT bits). */
@sleeps export function handleFault(space: AddressSpace, address: u64, error: u64): i32 {
  if (address >= USER_END) return FaultResult.MAPERR;
  let mapping = space.list.find(address);
  if (mapping == null) {
    mapping = growStack(space, address);
    if (mapping == null) return FaultResult.MAPERR;
  }
  const isWrite = (error & FAULT_WRITE) != 0;
  const wanted = isWrite ? MapFlag.WRITE : (error & FAULT_FETCH) != 0 ? MapFlag.EXEC : MapFlag.ACCESS;
  if ((mapping.flags & wanted) == 0) return FaultResult.ACCERR;
  const page = address & ~PAGE_MASK;
  const entry = space.tables.entry(page);
  if (entry == 0) {
    space.minorFaults++;
    if (mapping.cache != null) return mapCached(space, mapping, page, isWrite);
    if (mapping.object != null) return FaultResult.BUS_ADRERR;
    return mapAnonymousPage(space, mapping, page, isWrite);
  }
  if (isWrite && (entry & Pte.WRITABLE) == 0) {
    space.minorFaults++;
    return allowWrite(space, mapping, page, entry);
  }
  // Somebody else resolved it, or the TLB remembered a stricter entry.
  if (space.tables.isActive) flushPage(page);
  return FaultResult.RESOLVED;
}

/** No frame was to be had. */
@sleeps function noMemory(): i32 {
  return outOfMemory() ? FaultResult.RESOLVED : FaultResult.NO_MEMORY;
}

@sleeps function mapAnonymousPage(space: AddressSpace, mapping: Mapping, page: u64, isWrite: bool): i32 {
  const noExecute = mapping.entryAccess & Pte.NO_EXECUTE;
  const tables = space.tables;
  const isThere = isWrite ? tables.insertNew(page, OWN | noExecute) : tables.insertZeroPage(page, COMMON | noExecute);
  return isThere ? FaultResult.RESOLVED : noMemory();
}

/** A page of a file or of shared memory that is not mapped yet. */
@sleeps function mapCached(space: AddressSpace, mapping: Mapping, page: u64, isWrite: bool): i32 {
  const cache = mapping.cache!;
  const object = mapping.object!;
  const index = mapping.pageAt(page);
  if (index >= (object.size() + PAGE_MASK) >> 12) return FaultResult.BUS_ADRERR;
  let frame = cache.find(index);
  if (frame == NO_FRAME) {
    frame = cache.get(index);
    if (frame == NO_FRAME) return cache.error == -Errno.ENOMEM ? noMemory() : FaultResult.BUS_ADRERR;
    if (!cache.isMemory) {
      space.majorFaults++;
      if (!isUnchanged(space, mapping, cache, page, index)) return FaultResult.RESOLVED;
    }
  }
  const isShared = mapping.has(MapFlag.SHARED);
  if (isWrite && !isShared) return mapCopy(space, mapping, page, frame);
  if (isWrite) {
    cache.markDirty(frame);
    object.written();
  }
  if (!space.tables.insert(page, frame, cachedBits(mapping, cache, isWrite))) return noMemory();
  if (!isWrite || cache.isMemory) mapAround(space, mapping, cache, page, cachedBits(mapping, cache, false));
  return FaultResult.RESOLVED;
}

/** After a sleep: the same page of the same mapping is still missing. */
function isUnchanged(space: AddressSpace, mapping: Mapping, cache: PageCache, page: u64, index: u64): bool {
  if (space.list.find(page) !== mapping || mapping.cache !== cache) return false;
  return mapping.pageAt(page) == index && space.tables.entry(page) == 0;
}

/** Entry bits for a cached page. */
function cachedBits(mapping: Mapping, cache: PageCache, isWrite: bool): u64 {
  const access = mapping.entryAccess;
  let bits = COMMON | (access & Pte.NO_EXECUTE);
  if (cache.isMemory) bits |= Pte.SHARED_MEMORY;
  if (mapping.has(MapFlag.SHARED) && (isWrite || cache.isMemory)) bits |= access & Pte.WRITABLE;
  return isWrite ? bits | Pte.DIRTY : bits;
}

/** A private write: the page becomes a copy of the cached one. */
@sleeps function mapCopy(space: AddressSpace, mapping: Mapping, page: u64, from: Frame): i32 {
  return space.tables.insertCopy(page, from, OWN | (mapping.entryAccess & Pte.NO_EXECUTE)) ? FaultResult.RESOLVED : noMemory();
}

/** Maps cached neighbours of a file page that are not mapped yet, within an aligned window. */
function mapAround(space: AddressSpace, mapping: Mapping, cache: PageCache, page: u64, bits: u64): void {
  if (mapping.has(MapFlag.RANDOM)) return;
  const first = max(page & ~(AROUND * PAGE - 1), mapping.start);
  const fileEnd = (mapping.object!.size() + PAGE_MASK) >> 12;
  const last = min((page & ~(AROUND * PAGE - 1)) + AROUND * PAGE, mapping.end);
  const tables = space.tables;
  let index = mapping.pageAt(first);
  for (let at = first; at < last && index < fileEnd; at += PAGE, index++) {
    const frame = cache.find(index);
    // Where something is already, nothing happens.
    if (frame != NO_FRAME) ignore(tables.insert(at, frame, bits & ~Pte.ACCESSED));
  }
}

/** A write to a page that is mapped read-only. */
@sleeps function allowWrite(space: AddressSpace, mapping: Mapping, page: u64, entry: u64): i32 {
  const tables = space.tables;
  const cache = mapping.cache;
  if (mapping.has(MapFlag.SHARED)) {
    if (cache != null) {
      cache.markDirty(tables.frameAt(page));
      mapping.object!.written();
    }
    tables.allowWrite(page);
    return FaultResult.RESOLVED;
  }
  if (tables.isAlone(page)) {
    tables.allowWrite(page);
    return FaultResult.RESOLVED;
  }
  return tables.replaceByCopy(page, OWN | (entry & Pte.NO_EXECUTE)) ? FaultResult.RESOLVED : noMemory();
}

/** Extends the stack above `address` down to it, if there is one and limits and neighbours allow it. */
function growStack(space: AddressSpace, address: u64): Mapping | null {
  const list = space.list;
  const index = list.indexFrom(address);
  if (index == list.count) return null;
  const stack = list.at(index);
  if (!stack.has(MapFlag.GROWS_DOWN)) return null;
  const start = address & ~PAGE_MASK;
  if (stack.end - start > space.limits.stack) return null;
  if (index > 0) {
    const below = list.at(index - 1);
    const isBarrier = !below.has(MapFlag.GROWS_DOWN) && below.has(MapFlag.ACCESS);
    if (isBarrier && start - below.end < STACK_GUARD_GAP) return null;
  }
  if (start < STACK_GUARD_GAP || touchesWrapWindow(start, stack.start)) return null;
  const pages = (stack.start - start) >> 12;
  if (space.checkGrowth(stack.flags, pages) != 0) return null;
  if (stack.has(MapFlag.LOCKED) && space.lockedPages + pages > space.limits.lockedMemory >> 12) return null;
  space.account(stack.flags, <i64>pages);
  stack.start = start;
  stack.pageOffset -= pages;
  return stack;
}
