// Log lines about programs that die of a signal nothing caught, in the form Linux prints them. Nothing sleeps.

import { ByteBuilder } from "../../runtime/text/byte-builder";
import { LogLevel, logLine } from "../../runtime/log/log";
import { monotonicNs } from "../../time/clock";
import { Task } from "../task";
import { Signal, SignalCode } from "../../abi/signal";
import { isPageFault, trapName } from "../user-context";

@scratch const line = ByteBuilder.fixed(240);

/** At most so many lines in so much time: a program in a loop must not fill the log. */
@inline const BURST: i32 = 10;
@inline const INTERVAL_NS: u64 = 5_000_000_000;
@kernelLock let windowStart: u64 = 0;
@kernelLock let inWindow: i32 = 0;

function mayLog(): bool {
  const now = monotonicNs();
  if (now - windowStart > INTERVAL_NS) {
    windowStart = now;
    inWindow = 0;
  }
  inWindow++;
  return inWindow <= BURST;
}

/** The task is about to die of the fault signal in `task.delivered`. */
export function reportFatalSignal(task: Task, number: i32): void {
  const info = task.delivered;
  const isFault = (info.code > 0 || info.code == SignalCode.KERNEL) && task.isFaulting;
  task.isFaulting = false;
  if (!isFault || !mayLog()) return;
  line.clear();
  const user = task.user;
  if (isPageFault(user) && number != Signal.BUS) {
    appendTask(task).append(": segfault at ").appendHex(user.trapAddress, 1).append(" ip ");
    line.appendHex(user.programCounter, 16).append(" sp ").appendHex(user.stackPointer, 16);
    line.append(" error ").appendHex(user.trapError, 1);
  } else if (!isPageFault(user)) {
    line.append("traps: ");
    appendTask(task).append(" trap ").append(trapName(user)).append(" ip:");
    line.appendHex(user.programCounter, 1).append(" sp:").appendHex(user.stackPointer, 1);
    line.append(" error:").appendHex(user.trapError, 1);
  } else {
    return;
  }
  logLine(LogLevel.INFO, line);
}

function appendTask(task: Task): ByteBuilder {
  for (let i = 0; i < task.name.length && task.name[i] != 0; i++) line.appendByte(task.name[i]);
  return line.appendByte(0x5b).appendDecimal(<i64>task.tid).appendByte(0x5d);
}
