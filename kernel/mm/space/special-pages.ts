// Mappings of frames that nobody counts: pages of the kernel image that programs may see (vDSO).
// TRUSTED: turns physical addresses into page-table entries. Does not sleep.

import { imageRegion } from "../../../arch/x86_64/machine";
import { Pte } from "../../../arch/x86_64/memory/page-table";
import { FRAME_SIZE, frameFromAddress } from "../../../arch/x86_64/memory/physical-memory";
import { Errno } from "../../abi/errno";
import { AddressSpace } from "./address-space";
import { MapFlag, Mapping } from "./mapping";
import { removeMappings } from "./unmap";

/**
 * Maps pages that the kernel shows to every program (vDSO and its data), private and never written. `name` is a
 * MappingName. 0 or -ENOMEM. The physical range belongs to the kernel image and stays for ever.
 */
@safe export function mapKernelPages(
  space: AddressSpace, start: u64, physical: u64, length: u64, protection: u32, name: u32,
): i32 {
  if (!isForPrograms(physical, length) || (protection & MapFlag.WRITE) != 0) return -Errno.ENOMEM;
  const end = start + length;
  const removed = removeMappings(space, start, end);
  if (removed != 0) return removed;
  const may = MapFlag.MAY_READ | MapFlag.MAY_EXEC;
  const flags = protection | may | MapFlag.SPECIAL | MapFlag.DONT_EXPAND | MapFlag.DONT_DUMP;
  const mapping = new Mapping(space.tables, start, end, flags, 0);
  mapping.name = name;
  return fill(space, mapping, physical);
}

/** The range lies in what the image has for programs: regions 3 and 6 of the machine contract. */
function isForPrograms(start: u64, length: u64): bool {
  for (let region: u32 = 3; region <= 6; region += 3) {
    const first = imageRegion(region, 0);
    const end = imageRegion(region, 1);
    if (start >= first && start < end && length <= end - start) return true;
  }
  return false;
}

function fill(space: AddressSpace, mapping: Mapping, physical: u64): i32 {
  const bits = (mapping.entryAccess & ~Pte.WRITABLE) | Pte.USER | Pte.ACCESSED | Pte.DIRTY | Pte.SPECIAL;
  let from = physical;
  for (let at = mapping.start; at < mapping.end; at += FRAME_SIZE, from += FRAME_SIZE) {
    // SAFETY: the range was checked; the bits give no right to write.
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
