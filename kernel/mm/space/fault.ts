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
import { Pte, entryFrame, makeEntry } from "../../../arch/x86_64/memory/page-table";
import { flushPage } from "../../../arch/x86_64/memory/tlb";
import { Errno } from "../../abi/errno";
import { AddressSpace, STACK_GUARD_GAP } from "./address-space";
import {
  Frame, NO_FRAME, allocateFrame, allocateZeroedFrame, copyFrame, frameReferences, outOfMemory, releaseFrame,
  retainFrame,
} from "../frames/frame";
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
const COMMON: u64 = Pte.PRESENT | Pte.USER | Pte.ACCESSED;

/** The page of zeros that reads of untouched anonymous memory see. */
@bootOnly let zeroPage: Frame = NO_FRAME;

/** Makes the zero page. Boot only. */
export function initFaults(): bool {
  zeroPage = allocateZeroedFrame();
  return zeroPage != NO_FRAME;
}

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
  if (!isWrite) {
    return space.tables.insert(page, makeEntry(zeroPage, COMMON | Pte.SPECIAL | noExecute)) ? 0 : noMemory();
  }
  const frame = allocateZeroedFrame();
  if (frame == NO_FRAME) return noMemory();
  return mapOwned(space, page, frame, noExecute);
}

/** Maps a frame that only this space has, for writing. */
@sleeps function mapOwned(space: AddressSpace, page: u64, frame: Frame, noExecute: u64): i32 {
  const bits = COMMON | Pte.WRITABLE | Pte.DIRTY | Pte.ANONYMOUS | noExecute;
  if (space.tables.insert(page, makeEntry(frame, bits))) return FaultResult.RESOLVED;
  releaseFrame(frame);
  return noMemory();
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
  retainFrame(frame);
  if (isWrite) {
    cache.markDirty(frame);
    object.written();
  }
  const bits = cachedBits(mapping, cache, isWrite);
  if (!space.tables.insert(page, makeEntry(frame, bits))) {
    releaseFrame(frame);
    return noMemory();
  }
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
  retainFrame(from);
  const frame = allocateFrame();
  if (frame == NO_FRAME) {
    releaseFrame(from);
    return noMemory();
  }
  copyFrame(frame, from);
  releaseFrame(from);
  return mapOwned(space, page, frame, mapping.entryAccess & Pte.NO_EXECUTE);
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
    if (frame == NO_FRAME || tables.entry(at) != 0) continue;
    retainFrame(frame);
    if (!tables.insert(at, makeEntry(frame, bits & ~Pte.ACCESSED))) releaseFrame(frame);
  }
}

/** A write to a page that is mapped read-only. */
@sleeps function allowWrite(space: AddressSpace, mapping: Mapping, page: u64, entry: u64): i32 {
  const frame = entryFrame(entry);
  const cache = mapping.cache;
  if (mapping.has(MapFlag.SHARED)) {
    if (cache != null) {
      cache.markDirty(frame);
      mapping.object!.written();
    }
    space.tables.replace(page, entry | Pte.WRITABLE | Pte.DIRTY | Pte.ACCESSED);
    return FaultResult.RESOLVED;
  }
  if ((entry & Pte.ANONYMOUS) != 0 && frameReferences(frame) == 1) {
    space.tables.replace(page, entry | Pte.WRITABLE | Pte.DIRTY | Pte.ACCESSED);
    return FaultResult.RESOLVED;
  }
  const bits = COMMON | Pte.WRITABLE | Pte.DIRTY | Pte.ANONYMOUS | (entry & Pte.NO_EXECUTE);
  if (frame == zeroPage) {
    const zeroed = allocateZeroedFrame();
    if (zeroed == NO_FRAME) return noMemory();
    space.tables.replace(page, makeEntry(zeroed, bits));
    return FaultResult.RESOLVED;
  }
  const copy = allocateFrame();
  if (copy == NO_FRAME) return noMemory();
  copyFrame(copy, frame);
  space.tables.replace(page, makeEntry(copy, bits));
  if ((entry & Pte.SPECIAL) == 0) releaseFrame(frame);
  return FaultResult.RESOLVED;
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
