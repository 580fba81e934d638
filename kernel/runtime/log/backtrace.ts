// Backtraces: walks the frame-pointer chain of a kernel stack and names the functions through the symbol table.
// Reads are checked by the machine (a broken chain ends the walk). Allocates nothing; does not sleep.

import { ByteBuilder } from "../text/byte-builder";
import { LogLevel, logLine } from "./log";
import { parentFrame, returnAddressOf } from "./machine-view";
import { appendSymbolName, symbolStartsWith } from "./symbols";

/** Frames shown at most. */
@inline const DEPTH_LIMIT: i32 = 40;

@scratch const line: ByteBuilder = ByteBuilder.fixed(240);

/** Files whose functions make reports: their frames at the start of a call chain say nothing about what failed. */
const REPORTERS: StaticArray<string> = [
  "kernel/runtime/log/fault-report.ts ", "kernel/runtime/log/panic.ts ", "kernel/runtime/log/abort.ts ", "kernel/runtime/text/range-failure.ts ", "~lib/builtins/abort",
];

/**
 * Logs the call chain whose innermost frame is `framePointer`. It begins at `ip`, where the fault was; without one (0), with the first
 * function that is not part of the reporting.
 */
export function logBacktrace(ip: u64, framePointer: u64): void {
  line.clear().append("Call trace:");
  logLine(LogLevel.EMERGENCY, line);
  let isReporting = ip == 0;
  if (ip != 0) logFrame(ip);
  let frame = framePointer;
  for (let i = 0; i < DEPTH_LIMIT; i++) {
    const address = returnAddressOf(frame);
    if (address == 0) break;
    // A return address is the instruction after the call: the call itself lies one byte before.
    if (isReporting && !isReporter(address - 1)) isReporting = false;
    if (!isReporting) logFrame(address - 1);
    const parent = parentFrame(frame);
    // Frames lie one above the other; anything else is a broken chain.
    if (parent <= frame) break;
    frame = parent;
  }
}

function logFrame(address: u64): void {
  line.clear().append(" ");
  appendSymbol(line, address);
  logLine(LogLevel.EMERGENCY, line);
}

function isReporter(address: u64): bool {
  for (let i = 0; i < REPORTERS.length; i++) {
    if (symbolStartsWith(address, REPORTERS[i])) return true;
  }
  return false;
}

/** Appends "function (file:line) [address]", or the address alone when there is no symbol for it. */
export function appendSymbol(out: ByteBuilder, address: u64): void {
  appendSymbolName(out, address);
  out.append("[0x").appendHex(address, 16).appendByte(0x5d);
}
