// Log lines about programs that die of a signal nothing caught, in the form Linux prints them. Nothing sleeps.

import { ByteBuilder } from "../../runtime/text/byte-builder";
import { LogLevel, logLine } from "../../runtime/log/log";
import { monotonicNs } from "../../time/clock";
import { Signal, SignalCode } from "./signal-info";
import { Task } from "../task";
import { Register, getRegister } from "../user-registers";

const line = ByteBuilder.fixed(240);

/** At most so many lines in so much time: a program in a loop must not fill the log. */
@inline const BURST: i32 = 10;
@inline const INTERVAL_NS: u64 = 5_000_000_000;
let windowStart: u64 = 0;
let inWindow: i32 = 0;

function mayLog(): bool {
  const now = monotonicNs();
  if (now - windowStart > INTERVAL_NS) {
    windowStart = now;
    inWindow = 0;
  }
  inWindow++;
  return inWindow <= BURST;
}

/** Name of an exception as Linux's do_trap callers spell it. */
function trapName(vector: u64): string {
  switch (<i32>vector) {
    case 0: return "divide error";
    case 1: return "debug";
    case 3: return "int3";
    case 4: return "overflow";
    case 5: return "bounds";
    case 6: return "invalid opcode";
    case 10: return "invalid TSS";
    case 11: return "segment not present";
    case 12: return "stack segment";
    case 13: return "general protection fault";
    case 16: return "fp exception";
    case 17: return "alignment check";
    case 19: return "simd exception";
    default: return "trap";
  }
}

/** The task is about to die of the fault signal in `task.delivered`. */
export function reportFatalSignal(task: Task, number: i32): void {
  const info = task.delivered;
  const isFault = (info.code > 0 || info.code == SignalCode.KERNEL) && task.isFaulting;
  task.isFaulting = false;
  if (!isFault || !mayLog()) return;
  line.clear();
  if (task.trapNumber == 14 && number != Signal.BUS) {
    appendTask(task).append(": segfault at ").appendHex(task.trapAddress, 1).append(" ip ");
    line.appendHex(getRegister(task, Register.RIP), 16).append(" sp ").appendHex(getRegister(task, Register.RSP), 16);
    line.append(" error ").appendHex(task.trapError, 1);
  } else if (task.trapNumber != 14) {
    line.append("traps: ");
    appendTask(task).append(" trap ").append(trapName(task.trapNumber)).append(" ip:");
    line.appendHex(getRegister(task, Register.RIP), 1).append(" sp:").appendHex(getRegister(task, Register.RSP), 1);
    line.append(" error:").appendHex(task.trapError, 1);
  } else {
    return;
  }
  logLine(LogLevel.INFO, line);
}

function appendTask(task: Task): ByteBuilder {
  for (let i = 0; i < task.name.length && task.name[i] != 0; i++) line.appendByte(task.name[i]);
  return line.appendByte(0x5b).appendDecimal(<i64>task.tid).appendByte(0x5d);
}
