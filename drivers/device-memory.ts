// Memory of a device (a frame buffer, a text screen) at a physical address: checked accesses. TRUSTED.
//
// The range lies in the direct map: below 4 GiB always, elsewhere after mapFrameBuffer of the arch layer. Nothing sleeps.

import { linearToPhys, physRead16, physWrite16 } from "../arch/x86_64/machine";
import { rangeFailure } from "../kernel/runtime/text/range-failure";

@safe @final
export class DeviceMemory {
  constructor(readonly address: u64, readonly length: u32) {}

  read16(offset: u32): u32 {
    this.check(offset, 2);
    // SAFETY: the access lies in the device's range, which is mapped.
    return physRead16(this.address + <u64>offset) & 0xffff;
  }

  write16(offset: u32, value: u32): void {
    this.check(offset, 2);
    // SAFETY: as above.
    physWrite16(this.address + <u64>offset, value);
  }

  /** Copies `length` bytes of an array to `offset`. */
  writeBytes(offset: u32, bytes: StaticArray<u8>, at: i32, length: i32): void {
    this.check(offset, <u32>length);
    if (<u64><u32>at + <u64><u32>length > <u64>bytes.length) rangeFailure(bytes.length, at, length);
    // SAFETY: both ranges were checked; the parameter keeps the array alive.
    linearToPhys(this.address + <u64>offset, changetype<usize>(bytes) + <usize>at, <u32>length);
  }

  private check(offset: u32, size: u32): void {
    if (<u64>offset + <u64>size > <u64>this.length) rangeFailure(<i32>this.length, <i32>offset, <i32>size);
  }
}
