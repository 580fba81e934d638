// The page tables of one address space: the lower half of a root, and the frames that its entries hold.
//
// A leaf entry is zero or holds one reference to its frame (none if SPECIAL). The tag of each table's frame counts its
// entries that are not zero, so a table that becomes empty is found at once, is known to be all zeros, and goes back to
// the allocator's zeroed frames: neither making nor tearing down tables ever clears memory. All loops go over ranges:
// one walk for each table, then a tight loop. The kernel half is copied from the kernel's root. Nothing here sleeps or
// allocates kernel objects. TRUSTED: what it writes is what programs can reach.

import { kernelRootFrame, kernelRootVersion, touchesWrapWindow } from "../../../arch/x86_64/memory/kernel-mapping";
import {
  Pte, entryFrame, entrySpan, findLeafTable, makeEntry, setTableEntry, tableEntry, tableIndex,
} from "../../../arch/x86_64/memory/page-table";
import { frameFromNumber, frameNumber } from "../../../arch/x86_64/memory/physical-memory";
import { flushPage, flushRange, loadRoot } from "../../../arch/x86_64/memory/tlb";
import {
  FRAME_SHIFT, FRAME_SIZE, Frame, NO_FRAME, allocateZeroedFrame, copyFrameRange, fillFrame, releaseFrame,
  releaseZeroedFrame, retainFrame,
} from "../frames/frame";
import { addFrameTag, frameTag } from "../frames/frame-table";

const LEAF_SPAN: u64 = 0x20_0000;
const HALF: u32 = 2048;
/** Roots of ended processes, kernel half in place, kept for the next ones. */
const MAX_SPARE_ROOTS: i32 = 16;
@kernelLock const spareRoots = new StaticArray<u32>(MAX_SPARE_ROOTS);
@kernelLock let spareCount: i32 = 0;
@kernelLock let spareVersion: u32 = 0;

/** The tables that CR3 points to; null before the first program and for the kernel's own. */
@thisCpu let active: UserTables | null = null;

/** Loads the kernel's own tables (a space that is loaded is about to go). */
@safe export function activateKernelTables(): void {
  active = null;
  loadRoot(kernelRootFrame());
}

@safe @final
export class UserTables {
  private root: Frame = NO_FRAME;
  /** Version of the kernel half that was copied. */
  private version: u32 = 0;
  /** The leaf table used last, for the 2 MiB with number `hintBlock`. */
  private hintBlock: u64 = u64.MAX_VALUE;
  private hintLeaf: Frame = NO_FRAME;
  /** Pages present, for RSS: anonymous, of files, of shared memory. */
  anonymousPages: i64 = 0;
  filePages: i64 = 0;
  sharedPages: i64 = 0;
  /** Frames that the tables themselves take. */
  tableFrames: i64 = 0;
  /** Highest number of resident pages so far (VmHWM). */
  @safe peakPages: i64 = 0;

  /** Gets a root. False: out of memory. */
  initialise(): bool {
    if (spareCount > 0 && spareVersion == kernelRootVersion()) {
      this.root = frameFromNumber(spareRoots[--spareCount]);
      this.version = spareVersion;
    } else {
      const root = allocateZeroedFrame();
      if (root == NO_FRAME) return false;
      this.root = root;
      this.copyKernelHalf();
    }
    this.tableFrames = 1;
    return true;
  }

  /** Gives the root back; every range must have been cleared. */
  destroy(): void {
    if (active === this) activateKernelTables();
    const root = this.root;
    this.root = NO_FRAME;
    this.forgetHint();
    if (spareVersion != kernelRootVersion()) this.dropSpares();
    if (spareCount < MAX_SPARE_ROOTS && this.version == spareVersion) {
      spareRoots[spareCount++] = frameNumber(root);
      return;
    }
    fillFrame(root, HALF, 0, HALF);
    releaseZeroedFrame(root);
  }

  /** Makes these the tables of this CPU. */
  @inline activate(): void {
    if (active === this) return;
    if (this.version != kernelRootVersion()) this.copyKernelHalf();
    active = this;
    loadRoot(this.root);
  }

  get isActive(): bool {
    return active === this;
  }

  get residentPages(): i64 {
    return this.anonymousPages + this.filePages + this.sharedPages;
  }

  /** The leaf entry of an address; 0: nothing there. */
  @inline entry(address: u64): u64 {
    const leaf = this.leaf(address);
    return leaf == NO_FRAME ? 0 : tableEntry(leaf, tableIndex(address, 0));
  }

  /** Puts an entry where there is none; takes over the caller's reference to the frame. False: out of memory. */
  insert(address: u64, entry: u64): bool {
    const leaf = this.ensureLeaf(address);
    if (leaf == NO_FRAME) return false;
    setTableEntry(leaf, tableIndex(address, 0), entry);
    addFrameTag(leaf, 1);
    this.count(entry, 1);
    return true;
  }

  /** Changes an entry that is there. The reference to the old frame becomes the caller's if the frame changes. */
  replace(address: u64, entry: u64): void {
    const leaf = this.leaf(address);
    const index = tableIndex(address, 0);
    const old = tableEntry(leaf, index);
    setTableEntry(leaf, index, entry);
    this.count(old, -1);
    this.count(entry, 1);
    if (active === this) flushPage(address);
  }

  /**
   * Empties `start .. end` and gives the frames back; with `keepAnonymous` private copies stay (hole punching).
   * Flushes the TLB.
   */
  clear(start: u64, end: u64, keepAnonymous: bool = false): void {
    let cleared: u32 = 0;
    let at = start;
    while (at < end) {
      const leaf = this.leaf(at);
      if (leaf == NO_FRAME) {
        at = this.nextCovered(at, end);
        continue;
      }
      const stop = min(end, (at + LEAF_SPAN) & ~(LEAF_SPAN - 1));
      cleared += this.clearLeaf(leaf, at, stop, keepAnonymous);
      if (frameTag(leaf) == 0) this.prune(at);
      at = stop;
    }
    if (cleared != 0 && active === this) flushRange(start, end);
  }

  private clearLeaf(leaf: Frame, at: u64, stop: u64, keepAnonymous: bool): u32 {
    let live = frameTag(leaf);
    let index = tableIndex(at, 0);
    const last = index + <u32>((stop - at) >> FRAME_SHIFT);
    let cleared: u32 = 0;
    let anonymous: u32 = 0;
    let shared: u32 = 0;
    let special: u32 = 0;
    for (; index < last && live != 0; index++) {
      const entry = tableEntry(leaf, index);
      if (entry == 0) continue;
      live--;
      if (keepAnonymous && (entry & Pte.ANONYMOUS) != 0) continue;
      setTableEntry(leaf, index, 0);
      cleared++;
      if ((entry & Pte.SPECIAL) != 0) {
        special++;
        continue;
      }
      releaseFrame(entryFrame(entry));
      if ((entry & Pte.ANONYMOUS) != 0) anonymous++;
      else if ((entry & Pte.SHARED_MEMORY) != 0) shared++;
    }
    addFrameTag(leaf, 0 - cleared);
    if (this.residentPages > this.peakPages) this.peakPages = this.residentPages;
    this.anonymousPages -= <i64>anonymous;
    this.sharedPages -= <i64>shared;
    this.filePages -= <i64>(cleared - anonymous - shared - special);
    return cleared;
  }

  /**
   * New protection for `start .. end`: `access` holds PRESENT and NO_EXECUTE as wanted, and WRITABLE if entries that
   * are writable may stay so. Entries never gain WRITABLE here; write faults give it.
   */
  protect(start: u64, end: u64, access: u64): void {
    const mask = ~(Pte.PRESENT | Pte.WRITABLE | Pte.NO_EXECUTE);
    let changed = false;
    let at = start;
    while (at < end) {
      const leaf = this.leaf(at);
      if (leaf == NO_FRAME) {
        at = this.nextCovered(at, end);
        continue;
      }
      const stop = min(end, (at + LEAF_SPAN) & ~(LEAF_SPAN - 1));
      let live = frameTag(leaf);
      for (; at < stop && live != 0; at += FRAME_SIZE) {
        const index = tableIndex(at, 0);
        const entry = tableEntry(leaf, index);
        if (entry == 0) continue;
        live--;
        const wanted = (entry & mask) | (access & ~Pte.WRITABLE) | (entry & access & Pte.WRITABLE);
        if (wanted == entry) continue;
        setTableEntry(leaf, index, wanted);
        changed = true;
      }
      at = stop;
    }
    if (changed && active === this) flushRange(start, end);
  }

  /**
   * Fork: the child's tables get what these have in `start .. end`. With `isPrivate` both lose WRITABLE, so that the
   * next write copies. False: out of memory (the child then holds a part). The caller flushes this space's TLB.
   */
  copyTo(child: UserTables, start: u64, end: u64, isPrivate: bool): bool {
    let at = start;
    while (at < end) {
      const leaf = this.leaf(at);
      if (leaf == NO_FRAME) {
        at = this.nextCovered(at, end);
        continue;
      }
      const stop = min(end, (at + LEAF_SPAN) & ~(LEAF_SPAN - 1));
      const target = child.ensureLeaf(at);
      if (target == NO_FRAME) return false;
      this.copyLeaf(leaf, child, target, at, stop, isPrivate);
      if (frameTag(target) == 0) child.prune(at);
      at = stop;
    }
    return true;
  }

  private copyLeaf(leaf: Frame, child: UserTables, target: Frame, at: u64, stop: u64, isPrivate: bool): void {
    let live = frameTag(leaf);
    let copied: u32 = 0;
    let anonymous: u32 = 0;
    let shared: u32 = 0;
    let special: u32 = 0;
    let index = tableIndex(at, 0);
    const last = index + <u32>((stop - at) >> FRAME_SHIFT);
    for (; index < last && live != 0; index++) {
      let entry = tableEntry(leaf, index);
      if (entry == 0) continue;
      live--;
      if (isPrivate && (entry & Pte.WRITABLE) != 0) {
        entry &= ~Pte.WRITABLE;
        setTableEntry(leaf, index, entry);
      }
      setTableEntry(target, index, entry);
      copied++;
      if ((entry & Pte.SPECIAL) != 0) {
        special++;
        continue;
      }
      retainFrame(entryFrame(entry));
      if ((entry & Pte.ANONYMOUS) != 0) anonymous++;
      else if ((entry & Pte.SHARED_MEMORY) != 0) shared++;
    }
    addFrameTag(target, copied);
    child.anonymousPages += <i64>anonymous;
    child.sharedPages += <i64>shared;
    child.filePages += <i64>(copied - anonymous - shared - special);
  }

  /** Moves the entries of `from .. from + length` to `to` (mremap). False: out of memory; nothing is lost then. */
  move(from: u64, to: u64, length: u64): bool {
    for (let done: u64 = 0; done < length; done += FRAME_SIZE) {
      const leaf = this.leaf(from + done);
      if (leaf == NO_FRAME) {
        done = this.nextCovered(from + done, from + length) - from - <u64>FRAME_SIZE;
        continue;
      }
      const index = tableIndex(from + done, 0);
      const entry = tableEntry(leaf, index);
      if (entry == 0) continue;
      const target = this.ensureLeaf(to + done);
      if (target == NO_FRAME) {
        this.moveBack(from, to, done);
        return false;
      }
      setTableEntry(target, tableIndex(to + done, 0), entry);
      addFrameTag(target, 1);
      setTableEntry(leaf, index, 0);
      if (addFrameTag(leaf, u32.MAX_VALUE) == 0) this.prune(from + done);
    }
    if (active === this) flushRange(from, from + length);
    return true;
  }

  /** Undoes a move that ran out of memory. Tables for the way back were freed by the move itself, so they exist. */
  private moveBack(from: u64, to: u64, length: u64): void {
    for (let done: u64 = 0; done < length; done += FRAME_SIZE) {
      const entry = this.entry(to + done);
      if (entry == 0) continue;
      const leaf = this.leaf(to + done);
      setTableEntry(leaf, tableIndex(to + done, 0), 0);
      if (addFrameTag(leaf, u32.MAX_VALUE) == 0) this.prune(to + done);
      const home = this.ensureLeaf(from + done);
      if (home == NO_FRAME) {
        this.count(entry, -1);
        if ((entry & Pte.SPECIAL) == 0) releaseFrame(entryFrame(entry));
        continue;
      }
      setTableEntry(home, tableIndex(from + done, 0), entry);
      addFrameTag(home, 1);
    }
    if (active === this) flushRange(from, from + length);
  }

  /** The first address at or after `at` that could have an entry: skips what no table covers. At most `end`. */
  nextCovered(at: u64, end: u64): u64 {
    let table = this.root;
    for (let level: u32 = 3; level > 0; level--) {
      const entry = tableEntry(table, tableIndex(at, level));
      if (entry == 0) return min(end, (at + entrySpan(level)) & ~(entrySpan(level) - 1));
      table = entryFrame(entry);
    }
    return at;
  }

  /** The table of leaves for an address, or NO_FRAME. */
  @inline leaf(address: u64): Frame {
    if (address >> 21 == this.hintBlock) return this.hintLeaf;
    return this.findLeaf(address);
  }

  private findLeaf(address: u64): Frame {
    const leaf = findLeafTable(this.root, address);
    if (leaf != NO_FRAME) {
      this.hintBlock = address >> 21;
      this.hintLeaf = leaf;
    }
    return leaf;
  }

  /** The table of leaves for an address, made if it is missing; NO_FRAME: out of memory. */
  private ensureLeaf(address: u64): Frame {
    const known = this.leaf(address);
    if (known != NO_FRAME) return known;
    if (touchesWrapWindow(address, address + 1)) throw new RangeError("page in the window where linear memory wraps");
    let table = this.root;
    for (let level: u32 = 3; level > 0; level--) {
      const index = tableIndex(address, level);
      const entry = tableEntry(table, index);
      if (entry != 0) {
        table = entryFrame(entry);
        continue;
      }
      const made = allocateZeroedFrame();
      if (made == NO_FRAME) {
        this.prunePartial(address, level);
        return NO_FRAME;
      }
      setTableEntry(table, index, makeEntry(made, Pte.USER_TABLE));
      addFrameTag(table, 1);
      this.tableFrames++;
      table = made;
    }
    this.hintBlock = address >> 21;
    this.hintLeaf = table;
    return table;
  }

  /** Frees the leaf table of an address if it is empty, and the tables above that become empty by it. */
  private prune(address: u64): void {
    this.prunePartial(address, 0);
  }

  /** Frees empty tables on the path to an address, from `lowest` (0: the leaf table) upwards. */
  private prunePartial(address: u64, lowest: u32): void {
    this.forgetHint();
    for (let level = lowest; level < 3; level++) {
      let parent = this.root;
      for (let at: u32 = 3; at > level + 1; at--) parent = entryFrame(tableEntry(parent, tableIndex(address, at)));
      const index = tableIndex(address, level + 1);
      const entry = tableEntry(parent, index);
      if (entry == 0 || frameTag(entryFrame(entry)) != 0) return;
      setTableEntry(parent, index, 0);
      addFrameTag(parent, u32.MAX_VALUE);
      // The CPU may remember upper levels: drop that before the frame serves another purpose.
      if (active === this) flushPage(address);
      releaseZeroedFrame(entryFrame(entry));
      this.tableFrames--;
    }
  }

  @inline private count(entry: u64, change: i64): void {
    if ((entry & Pte.SPECIAL) != 0) return;
    if ((entry & Pte.ANONYMOUS) != 0) this.anonymousPages += change;
    else if ((entry & Pte.SHARED_MEMORY) != 0) this.sharedPages += change;
    else this.filePages += change;
  }

  private forgetHint(): void {
    this.hintBlock = u64.MAX_VALUE;
    this.hintLeaf = NO_FRAME;
  }

  private copyKernelHalf(): void {
    copyFrameRange(this.root, HALF, kernelRootFrame(), HALF, HALF);
    this.version = kernelRootVersion();
  }

  /** Spare roots with an old kernel half are of no use. */
  private dropSpares(): void {
    while (spareCount > 0) {
      const root = frameFromNumber(spareRoots[--spareCount]);
      fillFrame(root, HALF, 0, HALF);
      releaseZeroedFrame(root);
    }
    spareVersion = kernelRootVersion();
  }
}
