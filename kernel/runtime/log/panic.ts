// Panic, oops and checks that stay in release builds.
//
// `panic` ends the system: report, then halt or reboot as `panic=` says. `kernelOops` reports a fault of the kernel and ends
// the process it happened in, when there is one and the process layer agrees; otherwise it panics. Neither
// returns. The report itself allocates next to nothing and survives a failure within itself (it is then cut short).
// May be called anywhere, interrupt handlers included.

import { FailureHandler, setFailureHandler } from "./abort";
import { ByteBuilder } from "../text/byte-builder";
import { LogLevel, breakLogPrinting, logLine, logText } from "./log";
import { FaultReport, reportFault } from "./fault-report";
import { stopCpu } from "./machine-view";

/** How the process layer takes part in a report. */
export abstract class OopsHandler {
  /** Appends one line that says which process runs, e.g. "PID: 42 Comm: sh". */
  abstract describeTask(out: ByteBuilder): void;
  /** True if ending the current process leaves the kernel usable (no interrupt handler, not init, not idle). */
  abstract canEndTask(): bool;
  /** Ends the current process as SIGSEGV would; does not return. */
  @sleeps abstract endTask(): void;
}

/** What to do after a panic. Does not return. */
export abstract class PanicAction {
  abstract run(): void;
}

@bootOnly let handler: OopsHandler | null = null;
@bootOnly let action: PanicAction | null = null;
/** Nesting of reports: 1 while the first is being made. */
@kernelLock let depth: i32 = 0;
@kernelLock let oopses: u32 = 0;
@scratch const line: ByteBuilder = ByteBuilder.fixed(480);
/** Why, for the report being made. */
@scratch const cause: ByteBuilder = ByteBuilder.fixed(400);

/** Ends the system with a report. */
export function panic(reason: string): void {
  cause.clear().append(reason);
  panicWith(null);
}

/** Ends the current operation unless `condition` holds; for what only a kernel bug can make false. */
@inline
export function check(condition: bool, message: string): void {
  if (!condition) checkFailed(message);
}

function checkFailed(message: string): void {
  kernelOops(message, null);
}

/**
 * Reports a fault of the kernel and ends the process at fault; panics if that is impossible. `fault`: the trap's
 * registers, or null for a failed check.
 */
export function kernelOops(reason: string, fault: FaultReport | null): void {
  cause.clear().append(reason);
  oopsWith(fault);
}

/** As `kernelOops`, with the reason in a builder. */
export function kernelOopsLine(reason: ByteBuilder, fault: FaultReport | null): void {
  cause.clear().appendBuilder(reason);
  oopsWith(fault);
}

function oopsWith(fault: FaultReport | null): void {
  const tasks = handler;
  if (depth > 0 || tasks === null || !tasks.canEndTask()) {
    panicWith(fault);
    return;
  }
  depth++;
  oopses++;
  breakLogPrinting();
  line.clear().append("Oops: ").appendBuilder(cause).append(" [#").appendUnsigned(oopses).append("]");
  logLine(LogLevel.EMERGENCY, line);
  describeTask();
  reportFault(fault);
  logText(LogLevel.EMERGENCY, "---[ end of oops ]---");
  depth--;
  tasks.endTask();
  stopCpu();
}

export function setOopsHandler(processLayer: OopsHandler): void {
  handler = processLayer;
}

export function setPanicAction(last: PanicAction): void {
  action = last;
}

function panicWith(fault: FaultReport | null): void {
  depth++;
  breakLogPrinting();
  // A failure within the report comes here again: each level tries less.
  if (depth <= 2) {
    line.clear().append("Kernel panic - not syncing: ").appendBuilder(cause);
    logLine(LogLevel.EMERGENCY, line);
  }
  if (depth == 1) {
    describeTask();
    reportFault(fault);
    line.clear().append("---[ end Kernel panic - not syncing: ").appendBuilder(cause).append(" ]---");
    logLine(LogLevel.EMERGENCY, line);
  }
  const last = action;
  if (last !== null && depth <= 3) last.run();
  stopCpu();
}

function describeTask(): void {
  const tasks = handler;
  if (tasks === null) return;
  line.clear();
  tasks.describeTask(line);
  logLine(LogLevel.EMERGENCY, line);
}

/** Uncaught exceptions and failures of the runtime become oopses. */
@final
class OopsOnFailure extends FailureHandler {
  private readonly where: ByteBuilder = ByteBuilder.fixed(400);

  failed(message: string, file: string, line: u32, column: u32): void {
    const where = this.where.clear().append(message);
    if (file.length != 0) where.append(" at ").append(file).appendByte(0x3a).appendUnsigned(line);
    if (column != 0) where.appendByte(0x3a).appendUnsigned(column);
    kernelOopsLine(where, null);
  }
}

setFailureHandler(new OopsOnFailure());
