// si_code of SIGFPE for floating-point exceptions: the highest-ranking exception that is raised and not masked
// (Intel SDM volume 1, 8.5 and 11.5). Nothing sleeps.

import { NO_FRAME, frameRead16, frameRead32 } from "../../../arch/x86_64/memory/physical-memory";
import { SignalCode } from "./signal-info";
import { Task } from "../task";
import { savedFpuFrame } from "../user-registers";

/** Offsets in the FXSAVE image. */
@inline const CONTROL_WORD: u32 = 0;
@inline const STATUS_WORD: u32 = 2;
@inline const MXCSR: u32 = 24;

/** Vector 16: x87; 19: SSE. */
export function floatingPointCode(task: Task, vector: u32): i32 {
  const frame = savedFpuFrame(task);
  if (frame === NO_FRAME) return SignalCode.FPE_FLTINV;
  let raised: u32;
  if (vector == 16) {
    raised = frameRead16(frame, STATUS_WORD) & ~frameRead16(frame, CONTROL_WORD);
  } else {
    const mxcsr = frameRead32(frame, MXCSR);
    raised = mxcsr & ~(mxcsr >> 7);
  }
  if ((raised & 1) != 0) return SignalCode.FPE_FLTINV;
  if ((raised & 4) != 0) return SignalCode.FPE_FLTDIV;
  if ((raised & 8) != 0) return SignalCode.FPE_FLTOVF;
  if ((raised & 0x12) != 0) return SignalCode.FPE_FLTUND;
  if ((raised & 0x20) != 0) return SignalCode.FPE_FLTRES;
  return 0;
}
