// What the `pageFault` of unit tests does: faults of user copies go to the space that is loaded. Tests only; the
// kernel's own export also sends signals.

import { currentSpace } from "../space/address-space";
import { FaultResult, handleFault } from "../space/fault";

/** 1: resolved; 0: the copy ends. */
@sleeps export function resolveFault(address: u64, error: u64): u32 {
  const space = currentSpace();
  return space != null && handleFault(space, address, error) == FaultResult.RESOLVED ? 1 : 0;
}
