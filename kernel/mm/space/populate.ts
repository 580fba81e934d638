// Bringing pages in ahead of use: MAP_POPULATE, locked memory, MADV_POPULATE. Sleeps.

import { Pte } from "../../../arch/x86_64/memory/page-table";
import { Errno } from "../../abi/errno";
import { AddressSpace } from "./address-space";
import { FAULT_USER, FAULT_WRITE, FaultResult, handleFault } from "./fault";
import { MapFlag } from "./mapping";
import { PAGE } from "../../abi/page";

/**
 * Faults in every page of a range as an access by the program would; private writable pages are made its own.
 * 0, or at the first page that cannot be had -EFAULT (no right at all, or past the end) or -ENOMEM (a hole, no memory).
 */
@sleeps export function populate(space: AddressSpace, start: u64, end: u64): i32 {
  let at = start;
  while (at < end) {
    const mapping = space.list.find(at);
    if (mapping == null) return -Errno.ENOMEM;
    const isWrite = (mapping.flags & (MapFlag.WRITE | MapFlag.SHARED)) == MapFlag.WRITE;
    if ((mapping.flags & MapFlag.ACCESS) == 0) return -Errno.EFAULT;
    const status = populatePage(space, at, isWrite);
    if (status != 0) return status;
    at += PAGE;
  }
  return 0;
}

/** Makes one page present, and writable with `isWrite`. 0, -EFAULT (not allowed, or past the end) or -ENOMEM. */
@sleeps export function populatePage(space: AddressSpace, page: u64, isWrite: bool): i32 {
  while (true) {
    const entry = space.tables.entry(page);
    if (entry != 0 && (!isWrite || (entry & Pte.WRITABLE) != 0)) return 0;
    const result = handleFault(space, page, FAULT_USER | (isWrite ? FAULT_WRITE : 0));
    if (result == FaultResult.RESOLVED) continue;
    return result == FaultResult.NO_MEMORY ? -Errno.ENOMEM : -Errno.EFAULT;
  }
}
