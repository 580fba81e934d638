// The memory that recordings fill from outside linear memory: tracepoints (kernel/trace) and the profiler's samples. TRUSTED.
//
// A buffer is a run of the kernel's frames, allocated when first needed and kept until a start with another size. It is given back only after
// its writer was told that it has none. Nothing here sleeps.

import { startSampling } from "../../../arch/x86_64/platform/sampling";
import { physRead64, profileBuffer as sampleInto, readTsc } from "../../../arch/x86_64/machine";
import { startTrace } from "../../trace/trace";
import { FRAME_SIZE, Frame, NO_FRAME, allocateContiguous, frameAddress, releaseContiguous } from "./frame";

@safe @final
export class RecordBuffer {
  private frames: Frame = NO_FRAME;
  private order: u32 = 0;
  /** Time-stamp counter when the recording began. */
  startTsc: u64 = 0;

  @unsafe constructor(private readonly isTrace: bool) {}

  /** Makes sure of 2^order frames; what was recorded is gone. False: out of memory. */
  prepare(order: u32): bool {
    if (order > 20) return false;
    if (this.isTrace) startTrace(0, 0, 0, 0);
    else sampleInto(0, 0);
    if (this.frames != NO_FRAME && this.order == order) return true;
    if (this.frames != NO_FRAME) releaseContiguous(this.frames, this.order);
    this.frames = allocateContiguous(order, u64.MAX_VALUE);
    this.order = order;
    return this.frames != NO_FRAME;
  }

  get isThere(): bool { return this.frames != NO_FRAME; }

  /** Physical address, for who reads the buffer from outside. */
  get address(): u64 { return frameAddress(this.frames); }

  /** Bytes that there is room for. */
  get bytes(): u32 { return this.frames == NO_FRAME ? 0 : FRAME_SIZE << this.order; }

  /** The word at a multiple of 8 below `bytes`. */
  word(offset: u32): u64 {
    // SAFETY: the word lies within the run.
    return offset < this.bytes ? physRead64(frameAddress(this.frames) + <u64>(offset & ~7)) : 0;
  }

  /** Begins to record the events of `mask` (Trace bits); `task` runs now. */
  trace(mask: u32, task: u32): void {
    this.startTsc = readTsc();
    if (this.isTrace) startTrace(mask, frameAddress(this.frames), this.bytes, task);
  }

  /** Begins to sample. False: this machine has no NMI at a fixed rate. */
  sample(hz: u32): bool {
    this.startTsc = readTsc();
    if (this.isTrace || !this.isThere) return false;
    // SAFETY: the run is this buffer's until prepare has told the machine that there is none.
    sampleInto(frameAddress(this.frames), this.bytes);
    if (startSampling(hz)) return true;
    sampleInto(0, 0);
    return false;
  }
}

@safe @kernelLock export const traceBuffer = new RecordBuffer(true);
@safe @kernelLock export const profileBuffer = new RecordBuffer(false);
