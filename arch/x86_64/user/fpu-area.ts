// The FPU state of a thread in memory: its XSAVE area. TRUSTED (physical accesses).
//
// The area lies in a page of the kernel's, whose end the native side uses: every access is checked against the area's end. It is found again
// when any kernel stack was unmapped since the last look, so a stale object reaches the area of another thread at worst, which is
// user data. Copies from and to programs sleep; nothing else does.

import {
  physFill, physRead16, physRead32, physRead64, physToUser, physWrite32, physWrite64, userToPhys,
} from "../machine";
import { fpuFrame, stackVersion } from "../memory/kernel-mapping";
import { NO_FRAME, frameAddress } from "../memory/physical-memory";
import { isUserRange } from "../../../kernel/mm/user/user-access";
import { rangeFailure } from "../../../kernel/runtime/text/range-failure";

/** FPU_STATE_LIMIT of native.h. */
const AREA_BYTES: u32 = 0xf00;

@safe @final
export class FpuArea {
  private address: u64 = 0;
  private version: u32 = 0;

  constructor(private readonly slot: u32) {}

  /** Physical address of `length` bytes at `offset`. */
  @unsafe @inline private place(offset: u32, length: u32): u64 {
    if (<u64>offset + <u64>length > <u64>AREA_BYTES) rangeFailure(<i32>AREA_BYTES, <i32>offset, <i32>length);
    if (this.version != stackVersion()) this.find();
    return this.address + <u64>offset;
  }

  private find(): void {
    const frame = fpuFrame(this.slot);
    if (frame == NO_FRAME) throw new Error("no such thread");
    this.address = frameAddress(frame);
    this.version = stackVersion();
  }

  // SAFETY of all: `place` has checked the range.
  read16(offset: u32): u32 { return physRead16(this.place(offset, 2)); }
  read32(offset: u32): u32 { return physRead32(this.place(offset, 4)); }
  read64(offset: u32): u64 { return physRead64(this.place(offset, 8)); }
  write32(offset: u32, value: u32): void { physWrite32(this.place(offset, 4), value); }
  write64(offset: u32, value: u64): void { physWrite64(this.place(offset, 8), value); }
  clear(offset: u32, length: u32): void { physFill(this.place(offset, length), 0, length); }

  /** Copies a part to the program of the current space. False: fault. */
  @sleeps toUser(to: u64, offset: u32, length: u32): bool {
    return isUserRange(to, length) && physToUser(to, this.place(offset, length), length) == 0;
  }

  /** Copies a part from the program. False: fault. */
  @sleeps fromUser(from: u64, offset: u32, length: u32): bool {
    return isUserRange(from, length) && userToPhys(this.place(offset, length), from, length) == 0;
  }
}
