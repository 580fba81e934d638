// Where an initramfs is read from, front to back: physical memory as the boot loader left it. TRUSTED (reads
// physical memory).
//
// Copies go from frame to frame without passing through linear memory. Nothing here sleeps.

import { physCopy, physToLinear } from "../../arch/x86_64/machine";
import { FRAME_SIZE, Frame } from "../mm/frames/frame";
import { place } from "../mm/frames/frame-access";
import { isReserved } from "../mm/frames/memory-ranges";
import { rangeFailure } from "../runtime/text/range-failure";

/** A stream of bytes. */
@safe export abstract class ArchiveSource {
  /** Why the stream ended early, or null. */
  @safe error: string | null = null;

  /** The next `length` bytes into an array; how many there were. */
  abstract read(bytes: StaticArray<u8>, at: i32, length: i32): i32;
  /** The next `length` bytes into a frame; how many there were. */
  abstract readToFrame(frame: Frame, offset: u32, length: u32): u32;
}

/** A range of physical memory. */
@safe @final
export class PhysicalSource extends ArchiveSource {
  private at: u64;

  /** `start .. end`: memory that boot reserved with just these bounds, for a module of the boot loader. */
  constructor(private readonly start: u64, private readonly end: u64) {
    super();
    this.at = start;
    if (start > end || !isReserved(start, end)) throw new RangeError("no module of the boot loader");
  }

  /** Bytes that follow. */
  get remaining(): u64 {
    return this.end - this.at;
  }

  read(bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    if (<u64><u32>at + <u64><u32>length > <u64>bytes.length) rangeFailure(bytes.length, at, length);
    const part = <u32>min<u64>(<u64><u32>length, this.end - this.at);
    // SAFETY: both ranges were checked; boot reserved the source inside the direct map.
    physToLinear(changetype<usize>(bytes) + <usize>at, this.at, part);
    this.at += <u64>part;
    return <i32>part;
  }

  readToFrame(frame: Frame, offset: u32, length: u32): u32 {
    if (<u64>offset + <u64>length > <u64>FRAME_SIZE) rangeFailure(<i32>FRAME_SIZE, <i32>offset, <i32>length);
    const part = <u32>min<u64>(<u64>length, this.end - this.at);
    // SAFETY: both ranges were checked.
    physCopy(place(frame) + <u64>offset, this.at, part);
    this.at += <u64>part;
    return part;
  }

  /** Goes back by bytes that were read but not used. */
  giveBack(count: u64): void {
    if (count > this.at - this.start) rangeFailure(<i32>(this.at - this.start), 0, <i32>count);
    this.at -= count;
  }
}
