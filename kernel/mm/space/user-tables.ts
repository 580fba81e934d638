// The page tables of one address space: the lower half of a root, and the frames that its entries hold.
//
// A leaf entry is zero, or SPECIAL (a page that is not counted), or counted in its frame: so a frame that a program can reach is never
// free, whatever becomes of handles. The entry of each table's frame counts its entries that are not zero, so a table that becomes empty is found at once, is known to be all zeros, and goes back to
// the allocator's zeroed frames: neither making nor tearing down tables ever clears memory. All loops go over ranges:
// one walk for each table, then a tight loop. The kernel half is copied from the kernel's root. Nothing here sleeps or
// allocates kernel objects. TRUSTED: what it writes is what programs can reach.

import { physCopy, physCopyFrame, physFill } from "../../../arch/x86_64/machine";
import { kernelRootFrame, kernelRootVersion, touchesWrapWindow } from "../../../arch/x86_64/memory/kernel-mapping";
import {
  Pte, entryFrame, entrySpan, findLeafTable, makeEntry, setTableEntry, tableEntry, tableIndex,
} from "../../../arch/x86_64/memory/page-table";
import { frameAddress, frameFromNumber, frameNumber } from "../../../arch/x86_64/memory/physical-memory";
import { flushPage, flushRange, loadRoot } from "../../../arch/x86_64/memory/tlb";
import {
  FRAME_SHIFT, FRAME_SIZE, Frame, NO_FRAME, allocateShownFrame, allocateTableFrame, allocateZeroedFrame, haveFrames, releaseShownEntry,
  releaseShownFrame, releaseTableFrame,
} from "../frames/frame";
import { addLiveEntries, frameReferences, liveEntries, showAgain, showFrame } from "../frames/frame-table";

const LEAF_SPAN: u64 = 0x20_0000;
const HALF: u32 = 2048;
/** One past the addresses that user tables cover. */
const TABLES_END: u64 = 0x8000_0000_0000;
/** What callers say of an entry. */
const SETTABLE: u64 = Pte.PRESENT | Pte.WRITABLE | Pte.ACCESSED | Pte.DIRTY | Pte.ANONYMOUS | Pte.SHARED_MEMORY | Pte.NO_EXECUTE;
/** The page of zeros that reads of untouched anonymous memory see. One entry is counted for ever, so it is never free. */
@bootOnly let zeroPage: Frame = NO_FRAME;

/** Makes the zero page. Boot only; false: out of memory. */
@safe export function initUserTables(): bool {
  if (zeroPage != NO_FRAME) return true;
  zeroPage = allocateZeroedFrame();
  if (zeroPage == NO_FRAME) return false;
  showFrame(zeroPage);
  return true;
}

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

/** Frees a root without user entries. */
function freeRoot(root: Frame): void {
  // SAFETY: a root; nothing loads it any more.
  physFill(frameAddress(root) + HALF, 0, HALF);
  releaseTableFrame(root);
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
    if (this.root != NO_FRAME) return false;
    if (spareCount > 0 && spareVersion == kernelRootVersion()) {
      this.root = frameFromNumber(spareRoots[--spareCount]);
      this.version = spareVersion;
    } else {
      const root = allocateTableFrame();
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
    if (root == NO_FRAME || liveEntries(root) != 0) throw new Error("page tables in use");
    this.root = NO_FRAME;
    this.forgetHint();
    if (spareVersion != kernelRootVersion()) this.dropSpares();
    if (spareCount < MAX_SPARE_ROOTS && this.version == spareVersion) {
      spareRoots[spareCount++] = frameNumber(root);
      return;
    }
    freeRoot(root);
  }

  /** Makes these the tables of this CPU. */
  @inline activate(): void {
    if (active === this) return;
    if (this.root == NO_FRAME) throw new Error("no page tables");
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

  /** The data frame that an address shows, the zero page among them; NO_FRAME: none, or a page that is not counted. */
  frameAt(address: u64): Frame {
    const entry = this.entry(address);
    const frame = entryFrame(entry);
    return (entry & Pte.SPECIAL) == 0 || frame == zeroPage ? frame : NO_FRAME;
  }

  /** Shows a data frame where nothing is. `bits`: Pte bits for software and rights. False: out of memory, or something is there. */
  insert(address: u64, frame: Frame, bits: u64): bool {
    const leaf = this.leafFor(address);
    const index = tableIndex(address, 0);
    if (leaf == NO_FRAME || tableEntry(leaf, index) != 0) return false;
    showFrame(frame);
    this.setNew(leaf, index, makeEntry(frame, bits & SETTABLE | Pte.USER));
    return true;
  }

  /** Shows a new frame of zeros. False: as above. */
  insertNew(address: u64, bits: u64): bool {
    return haveFrames() && this.insertOwn(address, allocateShownFrame(true), bits);
  }

  /** Shows a new frame that is a copy of `from`. False: as above. */
  insertCopy(address: u64, from: Frame, bits: u64): bool {
    const entry = showFrame(from);
    const frame = haveFrames() ? allocateShownFrame(false) : NO_FRAME;
    // SAFETY: both hold data; the count keeps `from` while memory is reclaimed.
    if (frame != NO_FRAME) physCopyFrame(frameAddress(frame), frameAddress(from));
    releaseShownEntry(from, entry);
    return this.insertOwn(address, frame, bits);
  }

  @inline private insertOwn(address: u64, frame: Frame, bits: u64): bool {
    if (frame == NO_FRAME) return false;
    if (this.insertSpecial(address, frame, bits & SETTABLE)) return true;
    releaseShownFrame(frame);
    return false;
  }

  /** Shows the zero page, for reading. `bits` and result: as above. */
  insertZeroPage(address: u64, bits: u64): bool {
    return this.insertSpecial(address, zeroPage, bits & SETTABLE & ~Pte.WRITABLE | Pte.SPECIAL);
  }

  /** Sets an entry for a frame that is not counted here; `bits` are the entry's, with SPECIAL unless it was counted. False: as above. */
  @unsafe insertSpecial(address: u64, frame: Frame, bits: u64): bool {
    const leaf = this.leafFor(address);
    const index = tableIndex(address, 0);
    if (leaf == NO_FRAME || tableEntry(leaf, index) != 0) return false;
    this.setNew(leaf, index, makeEntry(frame, bits | Pte.USER));
    return true;
  }

  @inline private setNew(leaf: Frame, index: u32, entry: u64): void {
    setTableEntry(leaf, index, entry);
    addLiveEntries(leaf, 1);
    this.count(entry, 1);
  }

  /** Gives the right to write to a page that the caller has found to be the program's own or a shared one. */
  allowWrite(address: u64): void {
    const leaf = this.leaf(address);
    const index = tableIndex(address, 0);
    const entry = leaf == NO_FRAME ? 0 : tableEntry(leaf, index);
    // Of pages that are not counted those of devices, which are never cached, may be written to.
    if (entry == 0 || (entry & (Pte.SPECIAL | Pte.UNCACHED)) == Pte.SPECIAL) throw new Error("no page to write to");
    setTableEntry(leaf, index, entry | Pte.WRITABLE | Pte.DIRTY | Pte.ACCESSED);
    if (active === this) flushPage(address);
  }

  /** True if an anonymous page is this program's alone: then it may write to it. */
  isAlone(address: u64): bool {
    const entry = this.entry(address);
    return (entry & (Pte.ANONYMOUS | Pte.SPECIAL)) == Pte.ANONYMOUS && frameReferences(entryFrame(entry)) == 1;
  }

  /** A page becomes a copy of what it shows (zeros for the zero page), with these bits. False: out of memory. */
  replaceByCopy(address: u64, bits: u64): bool {
    if (!haveFrames()) return false;
    const leaf = this.leaf(address);
    const index = tableIndex(address, 0);
    const old = leaf == NO_FRAME ? 0 : tableEntry(leaf, index);
    const from = entryFrame(old);
    const isZero = from == zeroPage;
    if (old == 0 || ((old & Pte.SPECIAL) != 0 && !isZero)) throw new Error("no page to copy");
    const frame = allocateShownFrame(isZero);
    if (frame == NO_FRAME) return false;
    // SAFETY: the entry keeps the old frame until here.
    if (!isZero) physCopyFrame(frameAddress(frame), frameAddress(from));
    const entry = makeEntry(frame, bits & SETTABLE | Pte.USER);
    setTableEntry(leaf, index, entry);
    if (((old ^ entry) & (Pte.SPECIAL | Pte.ANONYMOUS | Pte.SHARED_MEMORY)) != 0) {
      this.count(old, -1);
      this.count(entry, 1);
    }
    if (!isZero) releaseShownFrame(from);
    if (active === this) flushPage(address);
    return true;
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
      if (liveEntries(leaf) == 0) this.prune(at);
      at = stop;
    }
    if (cleared != 0 && active === this) flushRange(start, end);
  }

  private clearLeaf(leaf: Frame, at: u64, stop: u64, keepAnonymous: bool): u32 {
    let live = liveEntries(leaf);
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
      releaseShownFrame(entryFrame(entry));
      if ((entry & Pte.ANONYMOUS) != 0) anonymous++;
      else if ((entry & Pte.SHARED_MEMORY) != 0) shared++;
    }
    addLiveEntries(leaf, 0 - cleared);
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
    const rights = Pte.PRESENT | Pte.WRITABLE | Pte.NO_EXECUTE;
    const mask = ~rights;
    const give = access & rights;
    let changed = false;
    let at = start;
    while (at < end) {
      const leaf = this.leaf(at);
      if (leaf == NO_FRAME) {
        at = this.nextCovered(at, end);
        continue;
      }
      const stop = min(end, (at + LEAF_SPAN) & ~(LEAF_SPAN - 1));
      let live = liveEntries(leaf);
      for (; at < stop && live != 0; at += FRAME_SIZE) {
        const index = tableIndex(at, 0);
        const entry = tableEntry(leaf, index);
        if (entry == 0) continue;
        live--;
        const wanted = (entry & mask) | (give & ~Pte.WRITABLE) | (entry & give & Pte.WRITABLE);
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
      if (!haveFrames()) return false;
      const leaf = this.leaf(at);
      if (leaf == NO_FRAME) {
        at = this.nextCovered(at, end);
        continue;
      }
      const stop = min(end, (at + LEAF_SPAN) & ~(LEAF_SPAN - 1));
      const target = child.ensureLeaf(at);
      if (target == NO_FRAME) return false;
      this.copyLeaf(leaf, child, target, at, stop, isPrivate);
      if (liveEntries(target) == 0) child.prune(at);
      at = stop;
    }
    return true;
  }

  private copyLeaf(leaf: Frame, child: UserTables, target: Frame, at: u64, stop: u64, isPrivate: bool): void {
    let live = liveEntries(leaf);
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
      showAgain(entryFrame(entry));
      if ((entry & Pte.ANONYMOUS) != 0) anonymous++;
      else if ((entry & Pte.SHARED_MEMORY) != 0) shared++;
    }
    addLiveEntries(target, copied);
    child.anonymousPages += <i64>anonymous;
    child.sharedPages += <i64>shared;
    child.filePages += <i64>(copied - anonymous - shared - special);
  }

  /** Moves the entries of `from .. from + length` to `to` (mremap). False: out of memory; nothing is lost then. */
  move(from: u64, to: u64, length: u64): bool {
    for (let done: u64 = 0; done < length; done += FRAME_SIZE) {
      if (!haveFrames()) {
        this.moveBack(from, to, done);
        return false;
      }
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
      addLiveEntries(target, 1);
      setTableEntry(leaf, index, 0);
      if (addLiveEntries(leaf, u32.MAX_VALUE) == 0) this.prune(from + done);
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
      if (addLiveEntries(leaf, u32.MAX_VALUE) == 0) this.prune(to + done);
      const home = this.ensureLeaf(from + done);
      if (home == NO_FRAME) {
        this.count(entry, -1);
        if ((entry & Pte.SPECIAL) == 0) releaseShownFrame(entryFrame(entry));
        continue;
      }
      setTableEntry(home, tableIndex(from + done, 0), entry);
      addLiveEntries(home, 1);
    }
    if (active === this) flushRange(from, from + length);
  }

  /** The first address at or after `at` that could have an entry: skips what no table covers. At most `end`. */
  nextCovered(at: u64, end: u64): u64 {
    let table = this.root;
    if (at >= TABLES_END || table == NO_FRAME) return max(at, end);
    for (let level: u32 = 3; level > 0; level--) {
      let index = tableIndex(at, level);
      const entry = tableEntry(table, index);
      if (entry == 0) {
        // Further empty entries of the same table are passed at once.
        const first = index;
        do index++; while (index < 512 && tableEntry(table, index) == 0);
        return min(end, (at & ~(entrySpan(level) - 1)) + <u64>(index - first) * entrySpan(level));
      }
      table = entryFrame(entry);
    }
    return at;
  }

  /** The table of leaves for an address, or NO_FRAME. */
  @inline private leaf(address: u64): Frame {
    if (address >> 21 == this.hintBlock) return this.hintLeaf;
    return this.findLeaf(address);
  }

  private findLeaf(address: u64): Frame {
    if (address >= TABLES_END || this.root == NO_FRAME) return NO_FRAME;
    const leaf = findLeafTable(this.root, address);
    if (leaf != NO_FRAME) {
      this.hintBlock = address >> 21;
      this.hintLeaf = leaf;
    }
    return leaf;
  }

  /** The table of leaves for an address, made if it is missing; NO_FRAME: out of memory. */
  @inline private leafFor(address: u64): Frame {
    const leaf = this.leaf(address);
    if (leaf != NO_FRAME) return leaf;
    return haveFrames() ? this.ensureLeaf(address) : NO_FRAME;
  }

  /** The table of leaves for an address, made if it is missing (after haveFrames: no memory is reclaimed here); NO_FRAME: out of memory. */
  private ensureLeaf(address: u64): Frame {
    const known = this.leaf(address);
    if (known != NO_FRAME) return known;
    if (address >= TABLES_END || this.root == NO_FRAME) throw new RangeError("no user address");
    if (touchesWrapWindow(address, address + 1)) throw new RangeError("page in the window where linear memory wraps");
    let table = this.root;
    for (let level: u32 = 3; level > 0; level--) {
      const index = tableIndex(address, level);
      const entry = tableEntry(table, index);
      if (entry != 0) {
        table = entryFrame(entry);
        continue;
      }
      const made = allocateTableFrame();
      if (made == NO_FRAME) {
        this.prunePartial(address, level);
        return NO_FRAME;
      }
      setTableEntry(table, index, makeEntry(made, Pte.USER_TABLE));
      addLiveEntries(table, 1);
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
      if (entry == 0 || liveEntries(entryFrame(entry)) != 0) return;
      setTableEntry(parent, index, 0);
      addLiveEntries(parent, u32.MAX_VALUE);
      // The CPU may remember upper levels: drop that before the frame serves another purpose.
      if (active === this) flushPage(address);
      releaseTableFrame(entryFrame(entry));
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
    // SAFETY: both are roots; their upper halves are the kernel's.
    physCopy(frameAddress(this.root) + HALF, frameAddress(kernelRootFrame()) + HALF, HALF);
    this.version = kernelRootVersion();
  }

  /** Spare roots with an old kernel half are of no use. */
  private dropSpares(): void {
    while (spareCount > 0) {
      freeRoot(frameFromNumber(spareRoots[--spareCount]));
    }
    spareVersion = kernelRootVersion();
  }
}
