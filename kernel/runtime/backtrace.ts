// Backtraces: walks the frame-pointer chain of a kernel stack and names the functions through the symbol table.
// Reads are checked by the machine (a broken chain ends the walk). Allocates nothing; does not sleep.

import { ByteBuilder } from "./byte-builder";
import { LogLevel, logLine } from "./log";
import { parentFrame, returnAddressOf } from "./machine-view";
import { appendSymbolName } from "./symbols";

/** Frames shown at most. */
@inline const DEPTH_LIMIT: i32 = 40;

const line: ByteBuilder = ByteBuilder.fixed(240);

/** Logs the call chain whose innermost frame is `framePointer`. */
export function logBacktrace(framePointer: u64): void {
  line.clear().append("Call trace:");
  logLine(LogLevel.EMERGENCY, line);
  let frame = framePointer;
  for (let i = 0; i < DEPTH_LIMIT; i++) {
    const address = returnAddressOf(frame);
    if (address == 0) break;
    line.clear().append(" ");
    // A return address is the instruction after the call: the call itself lies one byte before.
    appendSymbol(line, address - 1);
    logLine(LogLevel.EMERGENCY, line);
    const parent = parentFrame(frame);
    // Frames lie one above the other; anything else is a broken chain.
    if (parent <= frame) break;
    frame = parent;
  }
}

/** Appends "function (file:line) [address]", or the address alone when there is no symbol for it. */
export function appendSymbol(out: ByteBuilder, address: u64): void {
  appendSymbolName(out, address);
  out.append("[0x").appendHex(address, 16).appendByte(0x5d);
}
