// Where an initramfs is read from, front to back: physical memory as the boot loader left it. TRUSTED (makes frame
// handles from physical addresses).
//
// Copies go from frame to frame without passing through linear memory. Nothing here sleeps.

import { FRAME_SIZE, Frame, copyFrameRange, frameFromAddress, frameToBytes } from "../../arch/x86_64/memory/physical-memory";

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
  /** `start .. end`: reserved memory inside the direct map, as boot information gave it. */
  constructor(private at: u64, private readonly end: u64) {
    super();
  }

  /** Bytes that follow. */
  get remaining(): u64 {
    return this.end - this.at;
  }

  read(bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    let done: i32 = 0;
    while (done < length) {
      const part = this.step(<u32>(length - done));
      if (part == 0) break;
      // SAFETY: the range belongs to the module, which stays reserved until the archive is unpacked.
      frameToBytes(frameFromAddress(this.at), this.offset, bytes, at + done, part);
      this.at += <u64>part;
      done += <i32>part;
    }
    return done;
  }

  readToFrame(frame: Frame, offset: u32, length: u32): u32 {
    let done: u32 = 0;
    while (done < length) {
      const part = this.step(length - done);
      if (part == 0) break;
      // SAFETY: as above.
      copyFrameRange(frame, offset + done, frameFromAddress(this.at), this.offset, part);
      this.at += <u64>part;
      done += part;
    }
    return done;
  }

  /** Goes back by bytes that were read but not used. */
  giveBack(count: u64): void {
    this.at -= count;
  }

  private get offset(): u32 {
    return <u32>(this.at & <u64>(FRAME_SIZE - 1));
  }

  /** Bytes of the next copy that lie in one frame. */
  private step(length: u32): u32 {
    return <u32>min<u64>(min<u64>(<u64>length, this.end - this.at), <u64>(FRAME_SIZE - this.offset));
  }
}
