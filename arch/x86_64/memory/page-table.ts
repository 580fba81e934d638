// Four-level page tables: the layout of entries, access to them, and walks. TRUSTED.
//
// A table is a frame of 512 entries. This file knows entries and tables; who owns the frames that they name is known
// above (kernel/mm/space/user-tables.ts for programs, kernel-mapping.ts for the kernel).
// Intel SDM volume 3A, section 4.5 (4-level paging); AMD64 manual volume 2, section 5.3.
//
//   63 NX | 62..52 ignored | 51..12 frame | 11..9 for software | 8 G | 7 PS/PAT | 6 D | 5 A | 4 PCD | 3 PWT | 2 U | 1 W | 0 P
//
// Leaf entries of user tables: zero means that nothing is there; every other entry holds a frame, also when it is not
// present (PROT_NONE). Bits for software say what the frame is (below).

import { physRead64, physWrite64 } from "../machine";
import { Frame, NO_FRAME, frameAddress, frameFromAddress } from "./physical-memory";

@safe export namespace Pte {
  @inline export const PRESENT: u64 = 1;
  @inline export const WRITABLE: u64 = 2;
  @inline export const USER: u64 = 4;
  /** With the PAT that kernel-mapping.ts loads: PWT alone is write-combining, PWT and PCD are uncached. */
  @inline export const WRITE_COMBINING: u64 = 8;
  @inline export const UNCACHED: u64 = 0x18;
  @inline export const ACCESSED: u64 = 0x20;
  @inline export const DIRTY: u64 = 0x40;
  /** In a directory: the entry maps 2 MiB or 1 GiB. */
  @inline export const LARGE: u64 = 0x80;
  @inline export const GLOBAL: u64 = 0x100;
  /** Software: the frame is not counted (zero page, vDSO, device memory). */
  @inline export const SPECIAL: u64 = 0x200;
  /** Software: the frame is anonymous memory of processes. */
  @inline export const ANONYMOUS: u64 = 0x400;
  /** Software: the frame belongs to a cache that is its only home (tmpfs, shared anonymous memory). */
  @inline export const SHARED_MEMORY: u64 = 0x800;
  @inline export const NO_EXECUTE: u64 = 0x8000_0000_0000_0000;
  @inline export const FRAME_MASK: u64 = 0x000f_ffff_ffff_f000;
  /** What entries above the leaves have in user tables. */
  @inline export const USER_TABLE: u64 = 7;
  /** What entries above the leaves have in kernel tables. */
  @inline export const KERNEL_TABLE: u64 = 3;
}

/** NO_EXECUTE if the CPU has it, else 0. */
@bootOnly let noExecute: u64 = Pte.NO_EXECUTE;

/** The bit that forbids execution, as far as this CPU has one. */
@safe @inline export function noExecuteBit(): u64 {
  return noExecute;
}

/** Says whether the CPU has NX. Boot only. */
@unsafe export function setNoExecute(isAvailable: bool): void {
  noExecute = isAvailable ? Pte.NO_EXECUTE : 0;
}

/** Entry `index` (taken modulo 512) of a table. */
@unsafe @inline export function tableEntry(table: Frame, index: u32): u64 {
  // SAFETY: the handle names a frame; the index is masked, so the access stays within it.
  return physRead64(frameAddress(table) + (<u64>(index & 511) << 3));
}

@unsafe @inline export function setTableEntry(table: Frame, index: u32, entry: u64): void {
  // SAFETY: as above. What the entry maps is the caller's responsibility.
  physWrite64(frameAddress(table) + (<u64>(index & 511) << 3), entry);
}

/** The frame that an entry names. */
@unsafe @inline export function entryFrame(entry: u64): Frame {
  return frameFromAddress(entry & Pte.FRAME_MASK);
}

@unsafe @inline export function makeEntry(frame: Frame, bits: u64): u64 {
  return frameAddress(frame) | bits;
}

/** Index into the table of a level (0: leaves, 3: root) for an address. */
@safe @inline export function tableIndex(address: u64, level: u32): u32 {
  return <u32>(address >> (12 + 9 * level)) & 511;
}

/** Bytes that one entry of a level covers. */
@safe @inline export function entrySpan(level: u32): u64 {
  return <u64>1 << (12 + 9 * level);
}

/** The table of leaves for an address, NO_FRAME if there is none. User tables only (no large pages). */
@unsafe @inline export function findLeafTable(root: Frame, address: u64): Frame {
  let entry = tableEntry(root, tableIndex(address, 3));
  if (entry == 0) return NO_FRAME;
  entry = tableEntry(entryFrame(entry), tableIndex(address, 2));
  if (entry == 0) return NO_FRAME;
  entry = tableEntry(entryFrame(entry), tableIndex(address, 1));
  return entry == 0 ? NO_FRAME : entryFrame(entry);
}

/** The entry that maps an address (large ones included), or 0. */
@unsafe export function walk(root: Frame, address: u64): u64 {
  let table = root;
  for (let level: u32 = 3; level > 0; level--) {
    const entry = tableEntry(table, tableIndex(address, level));
    if ((entry & Pte.PRESENT) == 0 || (entry & Pte.LARGE) != 0 && level < 3) return entry;
    table = entryFrame(entry);
  }
  return tableEntry(table, tableIndex(address, 0));
}

/** Where kernel tables get their frames from (kernel/mm, one layer up). */
@unsafe export abstract class TableSource {
  /** A frame of zeros, or NO_FRAME. */
  abstract allocate(): Frame;
  abstract release(frame: Frame): void;
}
