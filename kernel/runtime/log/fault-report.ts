// The body of an oops or panic report: the trap, control registers, the user registers of the current thread, and the
// backtrace. Allocates nothing; does not sleep.

import { logBacktrace } from "./backtrace";
import { ByteBuilder } from "../text/byte-builder";
import { LogLevel, logLine } from "./log";
import { callerFrame, controlRegister, currentUserRegister, isBootThread, linearOffset } from "./machine-view";
import {
  REPORTED_CONTROLS, USER_REGISTER_COUNT, controlName, controlNumber, exceptionName, userRegisterName,
} from "../../../arch/x86_64/register-names";

/** What the native side knows about a fault of the kernel (machine contract, `kernelFault`). */
@final
export class FaultReport {
  vector: u32 = 0;
  error: u64 = 0;
  /** What a page fault was about. */
  address: u64 = 0;
  ip: u64 = 0;
  framePointer: u64 = 0;

  set(vector: u32, error: u64, address: u64, ip: u64, framePointer: u64): FaultReport {
    this.vector = vector;
    this.error = error;
    this.address = address;
    this.ip = ip;
    this.framePointer = framePointer;
    return this;
  }
}

@scratch const line: ByteBuilder = ByteBuilder.fixed(240);

/** Why generated code trapped, as the native side reports it for `ud2` (machine contract, `kernelFault`); empty for other numbers. */
function trapReason(reason: u64): string {
  if (reason > 0x100) return "";
  switch (<u32>reason) {
    case 1: return "memory access out of bounds";
    case 2: return "integer overflow";
    case 3: return "integer divide by zero";
    case 4: return "invalid conversion to integer";
    case 5: return "unreachable code reached";
    case 6: return "indirect call to a missing or different function";
    case 7: return "abort";
    case 0x100: return "bad slot, register or range passed to the machine";
    default: return "";
  }
}

/** What lies around linear address 0 is not mapped; below it, as a u32, addresses wrap (kernel-mapping.ts). */
const NULL_REACH: u32 = 4096;

/** The fault is an access to a field (or, before it, the header) of null. */
function isNullAccess(fault: FaultReport): bool {
  const offset = linearOffset(fault.address);
  return fault.vector == 14 && offset < 0x1_0000_0000 + <u64>NULL_REACH && <u32>offset + NULL_REACH < 2 * NULL_REACH;
}

/** What happened, in words. */
export function faultName(fault: FaultReport): string {
  if (isNullAccess(fault)) return "null reference";
  const reason = fault.vector == 6 ? trapReason(fault.error) : "";
  return reason.length > 0 ? reason : exceptionName(fault.vector);
}

/** Logs registers and backtrace: of the fault, or of the caller when `fault` is null. */
export function reportFault(fault: FaultReport | null): void {
  if (fault !== null) {
    line.clear().append(faultName(fault)).append(" (vector ").appendUnsigned(fault.vector);
    line.append(") error ").appendHex(fault.error, 4).append(" address ").appendHex(fault.address, 16);
    logLine(LogLevel.EMERGENCY, line);
  }
  line.clear();
  for (let i: u32 = 0; i < REPORTED_CONTROLS; i++) {
    line.append(controlName(i)).append(": ").appendHex(controlRegister(controlNumber(i)), 16).appendByte(0x20);
  }
  logLine(LogLevel.EMERGENCY, line);
  logUserRegisters();
  if (fault !== null) logBacktrace(fault.ip, fault.framePointer);
  else logBacktrace(0, callerFrame());
}

function logUserRegisters(): void {
  if (isBootThread()) return;
  line.clear().append("User");
  for (let register: u32 = 0; register < USER_REGISTER_COUNT; register++) {
    line.appendByte(0x20).append(userRegisterName(register)).appendByte(0x20).appendHex(currentUserRegister(register), 16);
    if (register % 4 == 3 || register == USER_REGISTER_COUNT - 1) {
      logLine(LogLevel.EMERGENCY, line);
      line.clear().append("    ");
    }
  }
}
