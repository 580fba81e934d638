// What /proc/PID/maps calls mappings that have no file. Does not sleep or allocate.

import { AddressSpace } from "./address-space";
import { Mapping, MappingName } from "./mapping";

/** What maps calls a mapping without a file: a MappingName. */
export function nameOfMapping(space: AddressSpace, mapping: Mapping): u32 {
  if (mapping.name != MappingName.NONE || mapping.object != null) return mapping.name;
  if (mapping.start <= space.brkEnd && mapping.end >= space.brkStart && space.brkStart != space.brkEnd) return MappingName.HEAP;
  return mapping.contains(space.stackStart) ? MappingName.STACK : MappingName.NONE;
}
