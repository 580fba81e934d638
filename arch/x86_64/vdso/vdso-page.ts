// The data page of the vDSO: what programs need to read the clocks without a system call. TRUSTED (physical writes).
//
// Layout and reading protocol: vdso/vdso-data.h. Called with interrupts off; never sleeps.

import { imageRegion, physRead32, physWrite32, physWrite64 } from "../machine";

const SEQUENCE: u64 = 0;
const IS_TSC_USABLE: u64 = 4;
const BASE_TSC: u64 = 8;
const MULT: u64 = 16;
const SHIFT: u64 = 20;
const REALTIME_OFFSET: u64 = 24;

/** Physical address of the page to map right before the vDSO, read-only. */
@safe export function vdsoDataPage(): u64 {
  return imageRegion(6, 0);
}

/** Physical start of the vDSO, page aligned; it ends at `vdsoEnd`, a page boundary too. */
@safe export function vdsoStart(): u64 {
  return imageRegion(3, 0);
}
@safe export function vdsoEnd(): u64 {
  return imageRegion(3, 1);
}

/** Publishes the clocks: nanoseconds = ((tsc - baseTsc) * mult) >> shift, real time = that + realtimeOffset. shift <= 32. */
@safe export function writeVdsoClock(baseTsc: u64, mult: u32, shift: u32, realtimeOffset: u64): void {
  const page = vdsoDataPage();
  const sequence = physRead32(page + SEQUENCE);
  // SAFETY: the page is part of the image and has no other writer. Stores stay in this order (volatile, x86).
  physWrite32(page + SEQUENCE, sequence | 1);
  physWrite64(page + BASE_TSC, baseTsc);
  physWrite32(page + MULT, mult);
  physWrite32(page + SHIFT, shift);
  physWrite64(page + REALTIME_OFFSET, realtimeOffset);
  physWrite32(page + IS_TSC_USABLE, 1);
  physWrite32(page + SEQUENCE, (sequence | 1) + 1);
}
