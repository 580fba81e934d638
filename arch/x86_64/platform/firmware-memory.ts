// Reading what firmware and boot loader left in memory. TRUSTED (physical reads).
//
// Only the first 4 GiB can be read, which the direct map always covers; elsewhere reads give 0. So tables with wild
// pointers do no harm, and the parsers above (boot-info.ts, acpi.ts) need not be trusted.

import { physRead16, physRead32, physRead64, physRead8 } from "../machine";

/** Addresses from here on are not mapped at boot. */
const MAPPED: u64 = 0x1_0000_0000;

/** Whether `length` bytes at a physical address can be read. Address 0 is no table's. */
@safe export function isReadable(address: u64, length: u64): bool {
  return address != 0 && address < MAPPED && length <= MAPPED - address;
}

// SAFETY of all four: the whole access lies below MAPPED.
@safe export function firmwareRead8(address: u64): u32 {
  return isReadable(address, 1) ? physRead8(address) : 0;
}
@safe export function firmwareRead16(address: u64): u32 {
  return isReadable(address, 2) ? physRead16(address) : 0;
}
@safe export function firmwareRead32(address: u64): u32 {
  return isReadable(address, 4) ? physRead32(address) : 0;
}
@safe export function firmwareRead64(address: u64): u64 {
  return isReadable(address, 8) ? physRead64(address) : 0;
}
