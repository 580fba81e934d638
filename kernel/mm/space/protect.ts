// mprotect(2). Does not sleep.
//
// As in Linux, a range that runs into a hole or a mapping that forbids the right keeps the changes made before it.

import { Errno } from "../../abi/errno";
import { PROT_EXEC, PROT_GROWSDOWN, PROT_GROWSUP, PROT_READ, PROT_SEM, PROT_WRITE } from "../../abi/mman";
import { AddressSpace } from "./address-space";
import { isObviousOvercommit, protectionFlags } from "./map";
import { MapFlag, Mapping, isAccountable, isDataFlags } from "./mapping";
import { isolate, joinRange, pageAlign } from "./unmap";
import { PAGE_MASK } from "../../abi/page";

const VALID: u32 = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM;

/** mprotect(2): 0, -EINVAL, -ENOMEM (hole, limit, too many mappings) or -EACCES (the file was opened without the right). */
export function protectRegion(space: AddressSpace, address: u64, length: u64, protection: u32): i32 {
  const grows = protection & (PROT_GROWSDOWN | PROT_GROWSUP);
  const access = protection & ~(PROT_GROWSDOWN | PROT_GROWSUP);
  if (grows == (PROT_GROWSDOWN | PROT_GROWSUP)) return -Errno.EINVAL;
  if ((address & PAGE_MASK) != 0) return -Errno.EINVAL;
  if (length == 0) return 0;
  const end = address + pageAlign(length);
  if (end <= address) return -Errno.ENOMEM;
  if ((access & ~VALID) != 0) return -Errno.EINVAL;
  const list = space.list;
  const index = list.indexFrom(address);
  if (index == list.count) return -Errno.ENOMEM;
  const first = list.at(index);
  let start = address;
  if (grows == PROT_GROWSDOWN) {
    if (first.start >= end) return -Errno.ENOMEM;
    start = first.start;
    if (!first.has(MapFlag.GROWS_DOWN)) return -Errno.EINVAL;
  } else {
    if (first.start > start) return -Errno.ENOMEM;
    if (grows != 0) return -Errno.EINVAL;
  }
  const status = protectMappings(space, start, end, protectionFlags(access));
  joinRange(space, start, end);
  return status;
}

function protectMappings(space: AddressSpace, start: u64, end: u64, access: u32): i32 {
  const list = space.list;
  let at = start;
  while (at < end) {
    let index = list.indexFrom(at);
    if (index == list.count || list.at(index).start > at) return -Errno.ENOMEM;
    const mapping = list.at(index);
    const flags = (mapping.flags & ~MapFlag.ACCESS) | access;
    if ((access & ~((mapping.flags >> 4) & 7)) != 0) return -Errno.EACCES;
    const stop = min(mapping.end, end);
    if (flags != mapping.flags) {
      const allowed = checkChange(space, mapping, flags, (stop - at) >> 12);
      if (allowed != 0) return allowed;
      index = isolate(space, index, at, stop);
      if (index < 0) return index;
      applyFlags(space, list.at(index), flags);
    }
    at = stop;
  }
  return 0;
}

/** RLIMIT_DATA and overcommit, for pages that become private and writable. */
function checkChange(space: AddressSpace, mapping: Mapping, flags: u32, pages: u64): i32 {
  if (isDataFlags(flags) && !isDataFlags(mapping.flags)) {
    if (space.dataPages + pages > space.limits.data >> 12) return -Errno.ENOMEM;
  }
  if (isAccountable(flags) && (mapping.flags & MapFlag.ACCOUNT) == 0 && isObviousOvercommit(flags, pages)) {
    return -Errno.ENOMEM;
  }
  return 0;
}

function applyFlags(space: AddressSpace, mapping: Mapping, flags: u32): void {
  const pages = <i64>mapping.pages;
  space.account(mapping.flags, -pages);
  mapping.flags = isAccountable(flags) ? flags | MapFlag.ACCOUNT : flags;
  space.account(mapping.flags, pages);
  space.tables.protect(mapping.start, mapping.end, mapping.entryAccess);
}
