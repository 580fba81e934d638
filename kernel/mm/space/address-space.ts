// An address space: the mappings of a process, their page tables, and what is counted about them.
//
// Tasks that share a space hold references (Counted); the last one to leave tears it down. This file has
// the state and its life only. Those who work on it: what changes mappings is in map.ts, unmap.ts, protect.ts, remap.ts, advise.ts, lock.ts,
// break.ts and fork-space.ts, what fills pages in fault.ts. Those functions are complete before they return unless
// their header says that they sleep; the kernel is not pre-emptible, so no lock is needed on one CPU.

import { flushAll } from "../../../arch/x86_64/memory/tlb";
import { Errno } from "../../abi/errno";
import { Counted } from "../../runtime/containers/counted";
import { MapFlag } from "./mapping";
import { MappingList } from "./mapping-list";
import { UserTables, activateKernelTables } from "./user-tables";
import { USER_END } from "../../abi/page";

/** Linux's default vm.mmap_min_addr. */
export const LOWEST_ADDRESS: u64 = 0x1_0000;
/** Distance that is kept below a mapping that grows down (256 pages). */
export const STACK_GUARD_GAP: u64 = 0x10_0000;

/** The limits of setrlimit(2) that memory management obeys, in bytes; kept current by the task layer. */
@final
export class MemoryLimits {
  addressSpace: u64 = u64.MAX_VALUE;
  data: u64 = u64.MAX_VALUE;
  stack: u64 = 8 << 20;
  lockedMemory: u64 = 8 << 20;
}

@final
export class AddressSpace extends Counted {
  readonly tables: UserTables = new UserTables();
  readonly list: MappingList = new MappingList();
  readonly limits: MemoryLimits = new MemoryLimits();

  constructor() {
    super(1);
  }

  /** Where mmap begins to look, downwards. */
  mmapBase: u64 = 0x7fff_f7ff_f000;
  /** placement.ts: between this address and mmapBase no free range is larger than `largestGapAbove`, in bytes. */
  searchFrom: u64 = u64.MAX_VALUE;
  largestGapAbove: u64 = 0;
  /** There was a MAP_GROWSDOWN mapping below mmapBase: its guard gap may reach past mappings, so searches start at the top. */
  hasGuardsBelowBase: bool = false;
  /** One past the highest address of the initial stack. */
  stackTop: u64 = USER_END;
  /** An address in the initial stack (its argc), for [stack] in maps. */
  stackStart: u64 = 0;
  brkStart: u64 = 0;
  brkEnd: u64 = 0;
  /** Bytes of the program's data segment, which RLIMIT_DATA counts with the heap. */
  dataSize: u64 = 0;
  /** MapFlag.LOCK_MASK bits that new mappings get (mlockall MCL_FUTURE). */
  futureLock: u32 = 0;

  /** In pages: all mappings, private writable ones, stacks, executable ones, locked, and shared with a file. */
  totalPages: u64 = 0;
  dataPages: u64 = 0;
  stackPages: u64 = 0;
  codePages: u64 = 0;
  lockedPages: u64 = 0;
  peakTotalPages: u64 = 0;
  minorFaults: u64 = 0;
  majorFaults: u64 = 0;

  /** An empty space with one user, or null: out of memory. */
  @counted static create(): AddressSpace | null {
    const space = new AddressSpace();
    return space.tables.initialise() ? space : null;
  }

  /** A task leaves the space; the last one ends it. Does not sleep. */
  release(): void {
    if (!this.drop()) return;
    this.end();
    this.tearDown();
  }

  /** Loads the space's page tables. */
  @inline activate(): void {
    this.tables.activate();
    activeSpace = this;
  }

  /** Ends a space that never came into use, or whose last user has gone. */
  tearDown(): void {
    if (activeSpace === this) activeSpace = null;
    if (this.tables.isActive) activateKernelTables();
    const list = this.list;
    for (let i = 0; i < list.count; i++) {
      const mapping = list.at(i);
      this.tables.clear(mapping.start, mapping.end);
      mapping.detach();
    }
    list.removeRange(0, list.count);
    this.tables.destroy();
    this.totalPages = 0;
    this.dataPages = 0;
    this.stackPages = 0;
    this.codePages = 0;
    this.lockedPages = 0;
  }

  // ---- counters ---------------------------------------------------------------------------------------------------

  get residentAnonymous(): u64 { return <u64>this.tables.anonymousPages; }
  get residentFile(): u64 { return <u64>this.tables.filePages; }
  get residentShared(): u64 { return <u64>this.tables.sharedPages; }
  get residentPages(): u64 { return <u64>this.tables.residentPages; }
  get tableFrames(): u64 { return <u64>this.tables.tableFrames; }

  /** Most pages that were ever resident (VmHWM). */
  get peakResident(): u64 {
    const tables = this.tables;
    if (tables.residentPages > tables.peakPages) tables.peakPages = tables.residentPages;
    return <u64>tables.peakPages;
  }

  /** Counts `pages` of a mapping with these flags in (or out, if negative). */
  account(flags: u32, pages: i64): void {
    this.totalPages += <u64>pages;
    if (this.totalPages > this.peakTotalPages) this.peakTotalPages = this.totalPages;
    if ((flags & MapFlag.LOCKED) != 0) this.lockedPages += <u64>pages;
    if ((flags & MapFlag.GROWS_DOWN) != 0) this.stackPages += <u64>pages;
    else if ((flags & (MapFlag.WRITE | MapFlag.SHARED)) == MapFlag.WRITE) this.dataPages += <u64>pages;
    if ((flags & (MapFlag.EXEC | MapFlag.WRITE)) == MapFlag.EXEC) this.codePages += <u64>pages;
  }

  /** 0, or -ENOMEM if `pages` more with these flags exceed RLIMIT_AS or RLIMIT_DATA. */
  checkGrowth(flags: u32, pages: u64): i32 {
    const limits = this.limits;
    if (this.totalPages + pages > limits.addressSpace >> 12) return -Errno.ENOMEM;
    const isData = (flags & (MapFlag.WRITE | MapFlag.SHARED | MapFlag.GROWS_DOWN)) == MapFlag.WRITE;
    if (isData && this.dataPages + pages > limits.data >> 12) return -Errno.ENOMEM;
    return 0;
  }

  /** Forgets all translations, if the space is loaded. */
  flush(): void {
    if (this.tables.isActive) flushAll();
  }
}

@thisCpu let activeSpace: AddressSpace | null = null;

/** The space whose tables are loaded; null while the kernel's own are. For tests. */
@kept export function currentSpace(): AddressSpace | null {
  return activeSpace;
}
