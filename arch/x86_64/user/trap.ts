// What traps of user mode mean for programs: the signal, its si_code and address, and the name in the log. Nothing sleeps.
//
// Which exceptions give which signal is Linux's choice (signal(7), sigaction(2)); vectors and error codes are the CPU's
// (Intel SDM volume 3, 4.7 and 6.15; volume 1, 8.5 and 11.5).

import { Signal, SignalCode } from "../../../kernel/abi/signal";
import { UserContext } from "./user-context";
import { FAULT_FETCH, FAULT_USER, FAULT_WRITE } from "../../../kernel/mm/space/fault";

namespace Vector {
  @inline export const DIVIDE: u32 = 0;
  @inline export const DEBUG: u32 = 1;
  @inline export const BREAKPOINT: u32 = 3;
  @inline export const INVALID_OPCODE: u32 = 6;
  @inline export const SEGMENT_NOT_PRESENT: u32 = 11;
  @inline export const STACK_SEGMENT: u32 = 12;
  @inline export const PAGE_FAULT: u32 = 14;
  @inline export const X87: u32 = 16;
  @inline export const ALIGNMENT: u32 = 17;
  @inline export const SIMD: u32 = 19;
}

/** Offsets in the FXSAVE image. */
@inline const CONTROL_WORD: u32 = 0;
@inline const STATUS_WORD: u32 = 2;
@inline const MXCSR: u32 = 24;

/** What a page fault's access tried, as bits of kernel/mm/space/fault.ts; those have the CPU's values. */
@inline
export function faultAccess(error: u64): u64 {
  return error & (FAULT_WRITE | FAULT_USER | FAULT_FETCH);
}

/** A page fault of user mode that memory management could not resolve. */
export function notePageFault(user: UserContext, error: u64, address: u64): void {
  user.trapNumber = <u64>Vector.PAGE_FAULT;
  user.trapError = error;
  user.trapAddress = address;
}

/** Another exception in user mode. The address of the last page fault stays, as on Linux. */
export function noteTrap(user: UserContext, vector: u32, error: u64): void {
  user.trapNumber = <u64>vector;
  user.trapError = error;
}

/** True if the last trap was a page fault. */
export function isPageFault(user: UserContext): bool {
  return user.trapNumber == <u64>Vector.PAGE_FAULT;
}

/** The signal that the last trap, no page fault, gives. */
export function trapSignal(user: UserContext): i32 {
  switch (<u32>user.trapNumber) {
    case Vector.DIVIDE:
    case Vector.X87:
    case Vector.SIMD: return Signal.FPE;
    case Vector.DEBUG:
    case Vector.BREAKPOINT: return Signal.TRAP;
    case Vector.INVALID_OPCODE: return Signal.ILL;
    case Vector.SEGMENT_NOT_PRESENT:
    case Vector.STACK_SEGMENT:
    case Vector.ALIGNMENT: return Signal.BUS;
    default: return Signal.SEGV;
  }
}

/** Its si_code. */
export function trapCode(user: UserContext): i32 {
  switch (<u32>user.trapNumber) {
    case Vector.DIVIDE: return SignalCode.FPE_INTDIV;
    case Vector.DEBUG: return SignalCode.TRAP_TRACE;
    case Vector.INVALID_OPCODE: return SignalCode.ILL_ILLOPN;
    case Vector.X87:
    case Vector.SIMD: return floatingPointCode(user);
    case Vector.ALIGNMENT: return SignalCode.BUS_ADRALN;
    default: return SignalCode.KERNEL;
  }
}

/** Its si_addr: the instruction, where the exception is one of that. */
export function trapPlace(user: UserContext): u64 {
  switch (<u32>user.trapNumber) {
    case Vector.DIVIDE:
    case Vector.DEBUG:
    case Vector.INVALID_OPCODE:
    case Vector.X87:
    case Vector.SIMD: return user.programCounter;
    default: return 0;
  }
}

/** The highest-ranking floating-point exception that is raised and not masked. */
function floatingPointCode(user: UserContext): i32 {
  const area = user.savedFpu();
  let raised: u32;
  if (<u32>user.trapNumber == Vector.X87) {
    raised = area.read16(STATUS_WORD) & ~area.read16(CONTROL_WORD);
  } else {
    const mxcsr = area.read32(MXCSR);
    raised = mxcsr & ~(mxcsr >> 7);
  }
  if ((raised & 1) != 0) return SignalCode.FPE_FLTINV;
  if ((raised & 4) != 0) return SignalCode.FPE_FLTDIV;
  if ((raised & 8) != 0) return SignalCode.FPE_FLTOVF;
  if ((raised & 0x12) != 0) return SignalCode.FPE_FLTUND;
  if ((raised & 0x20) != 0) return SignalCode.FPE_FLTRES;
  return 0;
}

/** Name of the last trap as Linux's log spells it. */
export function trapName(user: UserContext): string {
  switch (<u32>user.trapNumber) {
    case Vector.DIVIDE: return "divide error";
    case Vector.DEBUG: return "debug";
    case Vector.BREAKPOINT: return "int3";
    case 4: return "overflow";
    case 5: return "bounds";
    case Vector.INVALID_OPCODE: return "invalid opcode";
    case 10: return "invalid TSS";
    case Vector.SEGMENT_NOT_PRESENT: return "segment not present";
    case Vector.STACK_SEGMENT: return "stack segment";
    case 13: return "general protection fault";
    case Vector.X87: return "fp exception";
    case Vector.ALIGNMENT: return "alignment check";
    case Vector.SIMD: return "simd exception";
    default: return "trap";
  }
}
