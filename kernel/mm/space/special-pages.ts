// Mappings of frames that nobody counts: device memory, and pages of the kernel image that programs may see (vDSO).
// TRUSTED: turns physical addresses into page-table entries. Does not sleep.

import { Pte } from "../../../arch/x86_64/memory/page-table";
import { FRAME_SIZE, frameFromAddress } from "../../../arch/x86_64/memory/physical-memory";
import { Errno } from "../../abi/errno";
import { AddressSpace } from "./address-space";
import { MappedObject } from "../cache/mapped-object";
import { MapFlag, Mapping } from "./mapping";
import { removeMappings } from "./unmap";

/** Maps pages of a device into a free range. 0, -EINVAL (beyond the device's end) or -ENOMEM. */
@safe export function mapDevicePages(
  space: AddressSpace, object: MappedObject, start: u64, end: u64, flags: u32, pageOffset: u64,
): i32 {
  const size = (object.size() + 0xfff) & ~0xfff;
  const offset = pageOffset << 12;
  if (offset >= size || end - start > size - offset) return -Errno.EINVAL;
  const special = flags | MapFlag.SPECIAL | MapFlag.DONT_EXPAND | MapFlag.DONT_DUMP;
  const mapping = new Mapping(space.tables, start, end, special, pageOffset);
  mapping.attach(object);
  const cacheBits = object.combinesWrites() ? Pte.WRITE_COMBINING : Pte.UNCACHED;
  return fill(space, mapping, object.physicalAddress() + offset, cacheBits);
}

/**
 * Maps pages that the kernel shows to every program (vDSO and its data), private and never written. `name` is a
 * MappingName. 0 or -ENOMEM. The physical range belongs to the kernel image and stays for ever.
 */
@safe export function mapKernelPages(
  space: AddressSpace, start: u64, physical: u64, length: u64, protection: u32, name: u32,
): i32 {
  const end = start + length;
  const removed = removeMappings(space, start, end);
  if (removed != 0) return removed;
  const may = MapFlag.MAY_READ | MapFlag.MAY_EXEC;
  const flags = protection | may | MapFlag.SPECIAL | MapFlag.DONT_EXPAND | MapFlag.DONT_DUMP;
  const mapping = new Mapping(space.tables, start, end, flags, 0);
  mapping.name = name;
  return fill(space, mapping, physical, 0);
}

function fill(space: AddressSpace, mapping: Mapping, physical: u64, cacheBits: u64): i32 {
  const bits = mapping.entryAccess | Pte.USER | Pte.ACCESSED | Pte.DIRTY | Pte.SPECIAL | cacheBits;
  let from = physical;
  for (let at = mapping.start; at < mapping.end; at += FRAME_SIZE, from += FRAME_SIZE) {
    // SAFETY: callers name memory of a device or of the kernel image meant for programs; the bits give no more than
    // the mapping's rights.
    if (!space.tables.insertSpecial(at, frameFromAddress(from), bits)) {
      space.tables.clear(mapping.start, at);
      mapping.detach();
      return -Errno.ENOMEM;
    }
  }
  space.list.insert(mapping);
  space.account(mapping.flags, <i64>mapping.pages);
  return 0;
}
