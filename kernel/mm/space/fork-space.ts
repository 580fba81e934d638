// fork(2) for address spaces: the child gets the same mappings, and page tables that share every frame.
//
// Private pages lose their right to be written on both sides until somebody writes. The pages that both sides write at
// once (stack, thread control block) are copied now, which spares two faults each. Does not sleep.

import { Pte } from "../../../arch/x86_64/memory/page-table";
import { heapReserveOk } from "../../runtime/heap/heap";
import { AddressSpace } from "./address-space";
import { MapFlag, Mapping } from "./mapping";
import { PAGE_MASK } from "../../abi/page";

/** Spaces with more mappings ask first whether the kernel's heap has room for as many again. */
const SMALL_COUNT: i32 = 64;
const MAPPING_BYTES: u32 = 160;

/**
 * A copy for a child: private pages are shared until written. The pages at `stackPointer` and `threadPointer`, which
 * both sides write at once, are copied now (0: none). Null: out of memory.
 */
export function forkSpace(parent: AddressSpace, stackPointer: u64 = 0, threadPointer: u64 = 0): AddressSpace | null {
  const count = parent.list.count;
  if (count > SMALL_COUNT && !heapReserveOk(<u32>count * MAPPING_BYTES)) return null;
  const child = AddressSpace.create();
  if (child == null) return null;
  child.list.reserve(count);
  copyFields(parent, child);
  let isComplete: bool = true;
  const list = parent.list;
  for (let i = 0; i < list.count && isComplete; i++) {
    const mapping = list.at(i);
    if (!mapping.has(MapFlag.DONT_FORK)) isComplete = copyMapping(parent, child, mapping);
  }
  if (isComplete && stackPointer != 0) copyNow(parent, child, stackPointer);
  if (isComplete && threadPointer != 0 && (threadPointer ^ stackPointer) > PAGE_MASK) copyNow(parent, child, threadPointer);
  parent.flush();
  if (isComplete) return child;
  child.tearDown();
  return null;
}

function copyFields(parent: AddressSpace, child: AddressSpace): void {
  child.mmapBase = parent.mmapBase;
  child.hasGuardsBelowBase = parent.hasGuardsBelowBase;
  child.stackTop = parent.stackTop;
  child.stackStart = parent.stackStart;
  child.brkStart = parent.brkStart;
  child.brkEnd = parent.brkEnd;
  child.dataSize = parent.dataSize;
  child.limits.addressSpace = parent.limits.addressSpace;
  child.limits.data = parent.limits.data;
  child.limits.stack = parent.limits.stack;
  child.limits.lockedMemory = parent.limits.lockedMemory;
}

function copyMapping(parent: AddressSpace, child: AddressSpace, mapping: Mapping): bool {
  const copy = mapping.part(child.tables, mapping.start, mapping.end);
  copy.flags &= ~MapFlag.LOCK_MASK;
  child.list.append(copy);
  child.account(copy.flags, <i64>copy.pages);
  if (mapping.has(MapFlag.WIPE_ON_FORK)) return true;
  return parent.tables.copyTo(child.tables, mapping.start, mapping.end, !mapping.has(MapFlag.SHARED));
}

/** Gives the child a copy of its own of the page at an address, and the parent its right to write back. */
function copyNow(parent: AddressSpace, child: AddressSpace, address: u64): void {
  const page = address & ~PAGE_MASK;
  const mapping = parent.list.find(page);
  if (mapping == null || (mapping.flags & (MapFlag.WRITE | MapFlag.SHARED)) != MapFlag.WRITE) return;
  const entry = child.tables.entry(page);
  if ((entry & Pte.ANONYMOUS) == 0 || (entry & Pte.PRESENT) == 0) return;
  if (!child.tables.replaceByCopy(page, (entry & ~Pte.FRAME_MASK) | Pte.WRITABLE | Pte.DIRTY)) return;
  if (parent.tables.isAlone(page)) parent.tables.allowWrite(page);
}
