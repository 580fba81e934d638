// A mapping: one range of an address space with the same rights and the same contents behind it (a VMA of Linux).
//
// Mappings of one space never overlap and are kept in order by MappingList. Changes of `start`, `end` and `flags` are
// made by the files of this folder only, together with the page tables. Private anonymous memory has no object; its
// `pageOffset` is its first address / 4096 and stays when mremap moves it, as in Linux, so that neighbours merge only
// where Linux merges them. Nothing here sleeps.

import { Pte, noExecuteBit } from "../../../arch/x86_64/memory/page-table";
import { CacheUser, PageCache } from "../cache/page-cache";
import { MappedObject } from "../cache/mapped-object";
import { UserTables } from "./user-tables";

/** Flags of a mapping; the low eight bits and most others are those that Linux shows in smaps. */
export namespace MapFlag {
  @inline export const READ: u32 = 1;
  @inline export const WRITE: u32 = 2;
  @inline export const EXEC: u32 = 4;
  /** Changes are seen by others (MAP_SHARED of a file opened for writing, or shared memory). */
  @inline export const SHARED: u32 = 8;
  /** mprotect may grant the right. */
  @inline export const MAY_READ: u32 = 0x10;
  @inline export const MAY_WRITE: u32 = 0x20;
  @inline export const MAY_EXEC: u32 = 0x40;
  /** MAP_SHARED was asked for (also of a file that is open for reading only). */
  @inline export const MAY_SHARE: u32 = 0x80;
  @inline export const GROWS_DOWN: u32 = 0x100;
  /** Its entries are frames without count: device memory, vDSO. */
  @inline export const SPECIAL: u32 = 0x400;
  @inline export const LOCKED: u32 = 0x2000;
  @inline export const SEQUENTIAL: u32 = 0x8000;
  @inline export const RANDOM: u32 = 0x1_0000;
  @inline export const DONT_FORK: u32 = 0x2_0000;
  @inline export const DONT_EXPAND: u32 = 0x4_0000;
  @inline export const LOCK_ON_FAULT: u32 = 0x8_0000;
  @inline export const ACCOUNT: u32 = 0x10_0000;
  @inline export const NO_RESERVE: u32 = 0x20_0000;
  @inline export const WIPE_ON_FORK: u32 = 0x200_0000;
  @inline export const DONT_DUMP: u32 = 0x400_0000;
  @inline export const HUGE_PAGE: u32 = 0x2000_0000;
  @inline export const NO_HUGE_PAGE: u32 = 0x4000_0000;
  @inline export const MERGEABLE: u32 = 0x8000_0000;

  @inline export const ACCESS: u32 = 7;
  @inline export const LOCK_MASK: u32 = LOCKED | LOCK_ON_FAULT;
}

/** What /proc/PID/maps calls a mapping without a file. */
export namespace MappingName {
  @inline export const NONE: u32 = 0;
  @inline export const HEAP: u32 = 1;
  @inline export const STACK: u32 = 2;
  @inline export const VDSO: u32 = 3;
  @inline export const VVAR: u32 = 4;
}

@final
export class Mapping extends CacheUser {
  /** What it shows; null: private anonymous memory, or SPECIAL frames set by the kernel. */
  object: MappedObject | null = null;
  /** object's cache, kept at hand for faults. */
  cache: PageCache | null = null;
  /** VDSO or VVAR; the other names follow from the place. */
  name: u32 = MappingName.NONE;

  constructor(
    /** The tables that its pages are in. */
    readonly tables: UserTables,
    /** First address; page aligned. */
    public start: u64,
    /** One past the last. */
    public end: u64,
    public flags: u32,
    /** Page of the object (or of the address space) that `start` shows. */
    public pageOffset: u64,
  ) {
    super();
  }

  @inline contains(address: u64): bool {
    return address >= this.start && address < this.end;
  }

  @inline has(flags: u32): bool {
    return (this.flags & flags) != 0;
  }

  get size(): u64 {
    return this.end - this.start;
  }

  get pages(): u64 {
    return (this.end - this.start) >> 12;
  }

  /** Private memory that starts as zeros. */
  get isAnonymous(): bool {
    return this.object == null && (this.flags & MapFlag.SPECIAL) == 0;
  }

  /** Private and writable, not stack: what RLIMIT_DATA limits. */
  get isData(): bool {
    return isDataFlags(this.flags);
  }

  /** Page of the object at an address inside. */
  @inline pageAt(address: u64): u64 {
    return this.pageOffset + ((address - this.start) >> 12);
  }

  /** Bits of a page-table entry that its rights give, WRITABLE included. */
  get entryAccess(): u64 {
    const flags = this.flags;
    if ((flags & MapFlag.ACCESS) == 0) return noExecuteBit();
    let bits = Pte.PRESENT;
    if ((flags & MapFlag.WRITE) != 0) bits |= Pte.WRITABLE;
    if ((flags & MapFlag.EXEC) == 0) bits |= noExecuteBit();
    return bits;
  }

  /** Shows an object: counts, and joins its cache's list. */
  attach(object: MappedObject | null): void {
    this.object = object;
    if (object == null) return;
    object.retained();
    const cache = object.cache();
    this.cache = cache;
    if (cache != null) cache.addUser(this);
  }

  /** Ends that. */
  detach(): void {
    const object = this.object;
    if (object == null) return;
    const cache = this.cache;
    if (cache != null) cache.removeUser(this);
    this.cache = null;
    this.object = null;
    object.released();
  }

  /** A mapping like this one of `start .. end` within it. */
  part(tables: UserTables, start: u64, end: u64): Mapping {
    const other = new Mapping(tables, start, end, this.flags, this.pageAt(start));
    other.name = this.name;
    other.attach(this.object);
    return other;
  }

  /** True if `next`, which begins where this one ends, continues it. */
  continuesIn(next: Mapping): bool {
    return this.end == next.start && this.flags == next.flags && this.object === next.object &&
      this.name == next.name && (this.flags & MapFlag.SPECIAL) == 0 && this.pageAt(this.end) == next.pageOffset;
  }

  dropPages(from: u64, to: u64, keepCopies: bool): void {
    const first = max(from, this.pageOffset);
    const last = min(to, this.pageOffset + this.pages);
    if (first >= last) return;
    const base = this.start - (this.pageOffset << 12);
    this.tables.clear(base + (first << 12), base + (last << 12), keepCopies);
  }

  writeProtectPages(from: u64, to: u64): void {
    const first = max(from, this.pageOffset);
    const last = min(to, this.pageOffset + this.pages);
    if (first >= last || (this.flags & MapFlag.SHARED) == 0) return;
    const base = this.start - (this.pageOffset << 12);
    this.tables.protect(base + (first << 12), base + (last << 12), this.entryAccess & ~Pte.WRITABLE);
  }

  mayWriteThrough(): bool {
    return (this.flags & (MapFlag.SHARED | MapFlag.MAY_WRITE)) == (MapFlag.SHARED | MapFlag.MAY_WRITE);
  }
}

/** Private, writable, not growing. */
@inline export function isDataFlags(flags: u32): bool {
  return (flags & (MapFlag.WRITE | MapFlag.SHARED | MapFlag.GROWS_DOWN)) == MapFlag.WRITE;
}

/** Memory that must be there when it is touched: private and writable, or shared anonymous. */
@inline export function isAccountable(flags: u32): bool {
  return (flags & (MapFlag.NO_RESERVE | MapFlag.SHARED | MapFlag.WRITE)) == MapFlag.WRITE;
}
