// How much memory a mapping really takes, for /proc/PID/smaps, smaps_rollup and pagemap-like figures: a walk over its page
// tables. Does not sleep or allocate.

import { Pte } from "../../../arch/x86_64/memory/page-table";
import { AddressSpace } from "./address-space";
import { frameReferences } from "../frames/frame";
import { MapFlag, Mapping, MappingName } from "./mapping";
import { PAGE } from "../../abi/page";

/** Proportional sizes are summed in 1/4096 of a byte. */
const FRACTION: u64 = 4096;

/** What maps calls a mapping without a file: a MappingName. */
export function nameOfMapping(space: AddressSpace, mapping: Mapping): u32 {
  if (mapping.name != MappingName.NONE || mapping.object != null) return mapping.name;
  if (mapping.start <= space.brkEnd && mapping.end >= space.brkStart && space.brkStart != space.brkEnd) return MappingName.HEAP;
  return mapping.contains(space.stackStart) ? MappingName.STACK : MappingName.NONE;
}

/** Bytes, as smaps names them. `clear` it, then `add` mappings. */
@final
export class MemoryUsage {
  size: u64 = 0;
  resident: u64 = 0;
  sharedClean: u64 = 0;
  sharedDirty: u64 = 0;
  privateClean: u64 = 0;
  privateDirty: u64 = 0;
  referenced: u64 = 0;
  anonymous: u64 = 0;
  locked: u64 = 0;
  private proportionalFraction: u64 = 0;
  private lockedFraction: u64 = 0;

  clear(): void {
    this.size = 0;
    this.resident = 0;
    this.sharedClean = 0;
    this.sharedDirty = 0;
    this.privateClean = 0;
    this.privateDirty = 0;
    this.referenced = 0;
    this.anonymous = 0;
    this.locked = 0;
    this.proportionalFraction = 0;
    this.lockedFraction = 0;
  }

  /** Pss: each page divided by the number of tables that show it. */
  get proportional(): u64 {
    return this.proportionalFraction / FRACTION;
  }

  /** Pss of locked mappings. */
  get lockedProportional(): u64 {
    return this.lockedFraction / FRACTION;
  }

  add(space: AddressSpace, mapping: Mapping): void {
    this.size += mapping.size;
    if (mapping.has(MapFlag.SPECIAL)) return;
    const before = this.proportionalFraction;
    const tables = space.tables;
    for (let at = mapping.start; at < mapping.end;) {
      const entry = tables.entry(at);
      if (entry == 0) {
        at = max(tables.nextCovered(at, mapping.end), at + PAGE);
        continue;
      }
      if ((entry & Pte.SPECIAL) == 0) this.addPage(entry, frameReferences(tables.frameAt(at)));
      at += PAGE;
    }
    if (mapping.has(MapFlag.LOCKED)) this.lockedFraction += this.proportionalFraction - before;
  }

  private addPage(entry: u64, references: u32): void {
    this.resident += PAGE;
    const isAnonymous = (entry & Pte.ANONYMOUS) != 0;
    if (isAnonymous) this.anonymous += PAGE;
    if ((entry & Pte.ACCESSED) != 0) this.referenced += PAGE;
    // The cache holds a reference besides those of the tables.
    const users = isAnonymous ? references : max<u32>(references - 1, 1);
    this.proportionalFraction += PAGE * FRACTION / <u64>users;
    const isDirty = isAnonymous || (entry & Pte.DIRTY) != 0;
    if (users > 1) {
      if (isDirty) this.sharedDirty += PAGE;
      else this.sharedClean += PAGE;
    } else if (isDirty) {
      this.privateDirty += PAGE;
    } else {
      this.privateClean += PAGE;
    }
  }
}
