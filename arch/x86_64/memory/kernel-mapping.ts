// The kernel's half of every address space: direct map, image, linear memory, stacks, devices. TRUSTED.
//
// Built once at boot (`buildKernelTables`) to replace the tables that the boot code made: W^X for the image, nothing
// but the image's text executable, large pages for the direct map. The upper half of the root is copied into each user
// root; when it gains an entry later `kernelRootVersion` changes, and address spaces copy it anew when activated.
// docs/inside/machine-contract.md has the address map. Nothing here sleeps; frames come from the TableSource.

import {
  imageBase, imageRegion, imageSection, invalidatePage, linearBase, readControl, readMsr, stackTop, writeControl,
  writeMsr,
} from "../machine";
import {
  Pte, TableSource, entryFrame, entrySpan, makeEntry, noExecuteBit, setNoExecute, setTableEntry, tableEntry, tableIndex,
  walk,
} from "./page-table";
import { FRAME_SIZE, Frame, NO_FRAME, frameAddress, frameFromAddress } from "./physical-memory";
import { loadRoot } from "./tlb";
import { PAGE } from "../../../kernel/abi/page";

const DIRECT_MAP: u64 = 0xffff_8000_0000_0000;
/** The direct map ends where the stacks begin. */
const DIRECT_LIMIT: u64 = 0x4900_0000_0000;
const FOUR_GIB: u64 = 0x1_0000_0000;
const LARGE_PAGE: u64 = 0x20_0000;
const GIANT_PAGE: u64 = 0x4000_0000;
/** Linear memory never grows beyond this. */
const LINEAR_LIMIT: u64 = 0x4000_0000;
const STACK_PAGES: u64 = 4;
/** Mapped stacks of dead threads that are kept for the next ones. */
const STACK_CACHE: u32 = 64;

const EFER: u32 = 0xc000_0080;
const EFER_NXE: u64 = 0x800;
const PAT_MSR: u32 = 0x277;
/** Entries: 0 WB, 1 WC, 2 UC-, 3 UC, then 4 WB, 5 WP, 6 UC-, 7 WT. SDM volume 3A, section 12.12. */
const PAT_VALUE: u64 = 0x0407_0506_0007_0106;
const CR0_WP: u64 = 0x1_0000;
const CR4_PGE: u64 = 0x80;

@bootOnly let kernelRoot: Frame = NO_FRAME;
@bootOnly let source: TableSource | null = null;
@bootOnly let globalBit: u64 = 0;
@bootOnly let hasGiant: bool = false;
@kernelLock let rootVersion: u32 = 1;
@kernelLock let cachedStacks: u32 = 0;
@kernelLock let stackVersionNumber: u32 = 1;
/** One past the mapped part of linear memory. */
@kernelLock let linearEnd: u64 = 0;

/**
 * An address that leaves the upper half of linear memory's 4 GiB, as null with a negative offset does, wraps to just below 2 GiB in the
 * program's half; with a field's offset added, to just above. Compiled code subtracts at most 20 (object headers) from what may be null
 * and adds less than 4096 (translate-body.ts refuses more). SMAP makes the access fault. Without it programs can have nothing
 * there: the two leaf tables around 2 GiB are never made.
 */
@safe export const WRAP_WINDOW_START: u64 = 0x7fe0_0000;
@safe export const WRAP_WINDOW_END: u64 = 0x8020_0000;
const CR4_SMAP: u64 = 0x20_0000;
@bootOnly let isWrapWindowClosed: bool = true;

/** True if programs can have nothing in some part of `start .. end` (above). */
@safe @inline export function touchesWrapWindow(start: u64, end: u64): bool {
  return start < WRAP_WINDOW_END && end > WRAP_WINDOW_START && isWrapWindowClosed;
}

/** Root whose upper half every address space has. */
@unsafe export function kernelRootFrame(): Frame {
  return kernelRoot;
}

/** Changes whenever the upper half of the root gained an entry. */
@safe export function kernelRootVersion(): u32 {
  return rootVersion;
}

/**
 * Builds the final tables and switches to them. `ram` holds pairs of start and end of RAM, ascending (reserved firmware
 * memory included). False: out of memory (the old tables stay). Boot only.
 */
@unsafe export function buildKernelTables(
  frames: TableSource, ram: StaticArray<u64>, hasNx: bool, hasGiantPages: bool, hasPat: bool, hasGlobal: bool,
): bool {
  source = frames;
  isWrapWindowClosed = (readControl(4) & CR4_SMAP) == 0;
  setNoExecute(hasNx);
  hasGiant = hasGiantPages;
  globalBit = hasGlobal ? Pte.GLOBAL : 0;
  if (hasNx) writeMsr(EFER, readMsr(EFER) | EFER_NXE);
  if (hasPat) writeMsr(PAT_MSR, PAT_VALUE);
  const oldRoot = frameFromAddress(readControl(3) & Pte.FRAME_MASK);
  const root = frames.allocate();
  if (root == NO_FRAME) return false;
  kernelRoot = root;
  if (!mapAllMemory(ram)) return false;
  if (!mapImage()) return false;
  if (!mapFirstLinear()) return false;
  takeOverStacks(oldRoot);
  // SAFETY: the new tables map all that runs now: text, data, linear memory and the current stack.
  writeControl(0, readControl(0) | CR0_WP);
  loadRoot(root);
  if (hasGlobal) writeControl(4, readControl(4) | CR4_PGE);
  return true;
}

/** The table below entry `index` of `table`, made if it is missing; NO_FRAME: out of memory. */
function descend(table: Frame, index: u32): Frame {
  const entry = tableEntry(table, index);
  if ((entry & Pte.PRESENT) != 0) return entryFrame(entry);
  const frames = source;
  if (frames == null) return NO_FRAME;
  const made = frames.allocate();
  if (made == NO_FRAME) return NO_FRAME;
  setTableEntry(table, index, makeEntry(made, Pte.KERNEL_TABLE));
  return made;
}

/** The table of `level` that covers a kernel address; splits large pages in the way. NO_FRAME: out of memory. */
function tableFor(address: u64, level: u32): Frame {
  let table = kernelRoot;
  const isNewTop = tableEntry(table, tableIndex(address, 3)) == 0;
  for (let at: u32 = 3; at > level; at--) {
    const index = tableIndex(address, at);
    const entry = tableEntry(table, index);
    if (at < 3 && (entry & Pte.LARGE) != 0 && !splitLarge(table, index, entry, at)) return NO_FRAME;
    table = descend(table, index);
    if (table == NO_FRAME) return NO_FRAME;
  }
  if (isNewTop) publishTop(tableIndex(address, 3));
  return table;
}

/** A new entry in the root: the tables in use get it now, the others when they are activated. */
function publishTop(index: u32): void {
  rootVersion++;
  const active = frameFromAddress(readControl(3) & Pte.FRAME_MASK);
  if (linearEnd != 0 && active != kernelRoot) setTableEntry(active, index, tableEntry(kernelRoot, index));
}

/** Replaces a large page by a table of the next smaller size with the same attributes. */
function splitLarge(table: Frame, index: u32, entry: u64, level: u32): bool {
  const frames = source;
  if (frames == null) return false;
  const made = frames.allocate();
  if (made == NO_FRAME) return false;
  const bits = level == 1 ? entry & ~Pte.LARGE : entry;
  const step = entrySpan(level - 1);
  for (let i: u32 = 0; i < 512; i++) setTableEntry(made, i, bits + <u64>i * step);
  setTableEntry(table, index, makeEntry(made, Pte.KERNEL_TABLE));
  return true;
}

/** Maps physical `start .. end` (page aligned) at `virtual` with the largest pages that fit. */
function mapRange(virtual: u64, start: u64, end: u64, bits: u64): bool {
  let to = virtual;
  for (let at = start; at < end;) {
    const both = to | at;
    let level: u32 = 0;
    if (hasGiant && (both & (GIANT_PAGE - 1)) == 0 && end - at >= GIANT_PAGE) level = 2;
    else if ((both & (LARGE_PAGE - 1)) == 0 && end - at >= LARGE_PAGE) level = 1;
    const table = tableFor(to, level);
    if (table == NO_FRAME) return false;
    setTableEntry(table, tableIndex(to, level), at | bits | (level != 0 ? Pte.LARGE : 0));
    to += entrySpan(level);
    at += entrySpan(level);
  }
  return true;
}

/** The direct map: RAM cached, the rest of the first 4 GiB uncached. */
function mapAllMemory(ram: StaticArray<u64>): bool {
  const cached = Pte.PRESENT | Pte.WRITABLE | Pte.ACCESSED | Pte.DIRTY | globalBit | noExecuteBit();
  let done: u64 = 0;
  for (let i = 0; i + 1 < ram.length; i += 2) {
    const start = max(ram[i] & ~(LARGE_PAGE - 1), done);
    const end = min((ram[i + 1] + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1), DIRECT_LIMIT);
    if (end <= start) continue;
    const gapEnd = min(start, FOUR_GIB);
    if (done < gapEnd && !mapRange(DIRECT_MAP + done, done, gapEnd, cached | Pte.UNCACHED)) return false;
    if (!mapRange(DIRECT_MAP + start, start, end, cached)) return false;
    done = end;
  }
  if (done < FOUR_GIB && !mapRange(DIRECT_MAP + done, done, FOUR_GIB, cached | Pte.UNCACHED)) return false;
  // Video memory and option ROMs lie inside the first large page.
  return mapDevice(0xa_0000, 0x2_0000);
}

function mapImage(): bool {
  const offset = imageRegion(0, 0) - imageBase();
  for (let section: u32 = 0; section < 3; section++) {
    const start = imageSection(section, 0) & ~(PAGE - 1);
    const end = (imageSection(section, 1) + PAGE - 1) & ~(PAGE - 1);
    let bits = Pte.PRESENT | Pte.ACCESSED | globalBit;
    if (section != 0) bits |= noExecuteBit();
    if (section == 2) bits |= Pte.WRITABLE | Pte.DIRTY;
    if (start < end && !mapRange(start, start + offset, end + offset, bits)) return false;
  }
  return true;
}

/** The first page is left out, so that null faults. */
function mapFirstLinear(): bool {
  const start = imageRegion(1, 0);
  const end = imageRegion(1, 1);
  const bits = Pte.PRESENT | Pte.WRITABLE | Pte.ACCESSED | Pte.DIRTY | globalBit | noExecuteBit();
  if (!mapRange(linearBase() + PAGE, start + PAGE, end, bits)) return false;
  linearEnd = linearBase() + (end - start);
  return true;
}

/** The boot code's tables for kernel stacks go on serving: slot 0, on which this runs, and the interrupt stacks. */
function takeOverStacks(oldRoot: Frame): void {
  const index = tableIndex(stackTop(0), 3);
  setTableEntry(kernelRoot, index, tableEntry(oldRoot, index) | noExecuteBit());
}

function mapStackPage(virtual: u64, frame: Frame): bool {
  const table = tableFor(virtual, 0);
  if (table == NO_FRAME) return false;
  const bits = Pte.PRESENT | Pte.WRITABLE | Pte.ACCESSED | Pte.DIRTY | globalBit | noExecuteBit();
  setTableEntry(table, tableIndex(virtual, 0), makeEntry(frame, bits));
  return true;
}

/**
 * Makes sure that the stack and the FPU page of a slot are mapped; a dead thread's mapping is used again as it is.
 * False: out of memory, nothing changed.
 */
@unsafe export function mapKernelStack(slot: u32): bool {
  const frames = source;
  if (frames == null) return false;
  const top = stackTop(slot);
  if ((walk(kernelRoot, top) & Pte.PRESENT) != 0) {
    if (cachedStacks > 0) cachedStacks--;
    return true;
  }
  for (let at = top - STACK_PAGES * PAGE; at <= top; at += PAGE) {
    const frame = frames.allocate();
    if (frame == NO_FRAME || !mapStackPage(at, frame)) {
      if (frame != NO_FRAME) frames.release(frame);
      unmapPages(top - STACK_PAGES * PAGE, at);
      return false;
    }
  }
  return true;
}

/** The slot's thread is dead. Its stack is kept for the next thread of this slot unless many are kept already. */
@unsafe export function unmapKernelStack(slot: u32): void {
  if (cachedStacks < STACK_CACHE) {
    cachedStacks++;
    return;
  }
  const top = stackTop(slot);
  unmapPages(top - STACK_PAGES * PAGE, top + PAGE);
}

/** Changes whenever pages of a kernel stack were unmapped. */
@safe @inline export function stackVersion(): u32 {
  return stackVersionNumber;
}

function unmapPages(start: u64, end: u64): void {
  stackVersionNumber++;
  const frames = source;
  if (frames == null) return;
  for (let at = start; at < end; at += PAGE) {
    const entry = walk(kernelRoot, at);
    if ((entry & Pte.PRESENT) == 0) continue;
    setTableEntry(tableFor(at, 0), tableIndex(at, 0), 0);
    invalidatePage(at);
    frames.release(entryFrame(entry));
  }
}

/** The frame of a mapped slot's FPU page, for signal frames and ptrace. NO_FRAME if the slot is not mapped. */
@unsafe export function fpuFrame(slot: u32): Frame {
  const entry = walk(kernelRoot, stackTop(slot));
  return (entry & Pte.PRESENT) != 0 ? entryFrame(entry) : NO_FRAME;
}

/** Makes device registers at a physical address reachable by mmioRead32 and the frame accessors, uncached. */
@unsafe export function mapDevice(address: u64, length: u64): bool {
  return setDirectAttributes(address, length, Pte.UNCACHED);
}

/** The same for a frame buffer: writes are combined. */
@unsafe export function mapFrameBuffer(address: u64, length: u64): bool {
  return setDirectAttributes(address, length, Pte.WRITE_COMBINING);
}

function setDirectAttributes(address: u64, length: u64, cacheBits: u64): bool {
  if (length == 0 || length > DIRECT_LIMIT || address > DIRECT_LIMIT - length) return false;
  const start = address & ~(PAGE - 1);
  const end = (address + length + PAGE - 1) & ~(PAGE - 1);
  const bits = Pte.PRESENT | Pte.WRITABLE | Pte.ACCESSED | Pte.DIRTY | globalBit | noExecuteBit() | cacheBits;
  for (let at = start; at < end;) {
    const level: u32 = (at & (LARGE_PAGE - 1)) == 0 && end - at >= LARGE_PAGE && !hasTable(DIRECT_MAP + at) ? 1 : 0;
    const table = tableFor(DIRECT_MAP + at, level);
    if (table == NO_FRAME) return false;
    setTableEntry(table, tableIndex(at, level), at | bits | (level != 0 ? Pte.LARGE : 0));
    invalidatePage(DIRECT_MAP + at);
    at += entrySpan(level);
  }
  return true;
}

/** True if the 2 MiB around a kernel address are mapped by a table of small pages. */
function hasTable(address: u64): bool {
  let entry = tableEntry(kernelRoot, tableIndex(address, 3));
  if (entry == 0) return false;
  entry = tableEntry(entryFrame(entry), tableIndex(address, 2));
  if (entry == 0 || (entry & Pte.LARGE) != 0) return false;
  entry = tableEntry(entryFrame(entry), tableIndex(address, 1));
  return entry != 0 && (entry & Pte.LARGE) == 0;
}

/**
 * Maps zeroed frames for `wasmPages` further 64 KiB pages of linear memory. 1: done; 0: out of memory or of address
 * space, nothing changed. The body of the export `growLinearMemory`: must not allocate kernel objects.
 */
@safe export function growLinear(wasmPages: u32): i32 {
  const frames = source;
  if (frames == null) return 0;
  const start = linearEnd;
  const end = start + (<u64>wasmPages << 16);
  if (end - linearBase() > LINEAR_LIMIT) return 0;
  const bits = Pte.PRESENT | Pte.WRITABLE | Pte.ACCESSED | Pte.DIRTY | globalBit | noExecuteBit();
  for (let at = start; at < end; at += FRAME_SIZE) {
    const table = tableFor(at, 0);
    const frame = table == NO_FRAME ? NO_FRAME : frames.allocate();
    if (frame == NO_FRAME) {
      unmapPages(start, at);
      return 0;
    }
    setTableEntry(table, tableIndex(at, 0), makeEntry(frame, bits));
  }
  linearEnd = end;
  return 1;
}

/** Regions of physical memory that the boot code and the image occupy (machine contract, imageRegion). */
@safe export function imageRegionCount(): u32 {
  return 5;
}

@safe export function imageRegionStart(region: u32): u64 {
  return imageRegion(region, 0);
}

/** One past the region's last byte. */
@safe export function imageRegionEnd(region: u32): u64 {
  return imageRegion(region, 1);
}
