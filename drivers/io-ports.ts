// A device's I/O ports: a checked range over the raw port instructions. TRUSTED.
//
// Every access names a register by its offset; one outside the range is a driver's bug and ends the operation.
// Nothing here sleeps.

import { portRead16, portRead32, portRead8, portWrite16, portWrite32, portWrite8 } from "../arch/x86_64/machine";
import { rangeFailure } from "../kernel/runtime/text/range-failure";

@safe @final
export class IoPorts {
  constructor(readonly base: u32, readonly length: u32) {}

  read8(offset: u32): u32 {
    this.check(offset, 1);
    // SAFETY: the port lies in the range this device was given.
    return portRead8(this.base + offset) & 0xff;
  }

  write8(offset: u32, value: u32): void {
    this.check(offset, 1);
    // SAFETY: as above.
    portWrite8(this.base + offset, value & 0xff);
  }

  read16(offset: u32): u32 {
    this.check(offset, 2);
    // SAFETY: as above.
    return portRead16(this.base + offset) & 0xffff;
  }

  write16(offset: u32, value: u32): void {
    this.check(offset, 2);
    // SAFETY: as above.
    portWrite16(this.base + offset, value & 0xffff);
  }

  read32(offset: u32): u32 {
    this.check(offset, 4);
    // SAFETY: as above.
    return portRead32(this.base + offset);
  }

  write32(offset: u32, value: u32): void {
    this.check(offset, 4);
    // SAFETY: as above.
    portWrite32(this.base + offset, value);
  }

  private check(offset: u32, size: u32): void {
    if (offset + size > this.length) rangeFailure(<i32>this.length, <i32>offset, <i32>size);
  }
}
