// What compiled code calls when it throws or an assertion fails (asc: `--use abort=kernel/runtime/log/abort/kernelAbort`),
// and the cold end of the allocator. An uncaught exception is a kernel bug: it becomes an oops. Nothing here returns.
//
// This file stands below everything else, because every bounds check leads here: the report is made by a handler that
// panic.ts installs. Before that, the message goes to the early console. Its globals are `@lazy` for the same
// reason: any initialiser may already need them.

import { stopCpu, writeEarlyByte } from "./machine-view";

/** Makes the report. */
export abstract class FailureHandler {
  /** `file` is empty and `line` and `column` are 0 when unknown. Does not return. */
  abstract failed(message: string, file: string, line: u32, column: u32): void;
}

@bootOnly @lazy let handler: FailureHandler | null = null;

export function setFailureHandler(reporter: FailureHandler): void {
  handler = reporter;
}

/** asc's `abort`: reports message, file, line and column, and ends the current operation. */
export function kernelAbort(message: string | null, fileName: string | null, line: u32, column: u32): void {
  fail(message !== null ? message : "failed assertion", fileName !== null ? fileName : "", line, column);
}

/** The allocator or the collector cannot go on. */
export function heapFailure(reason: string): void {
  fail(reason, "", 0, 0);
}

function fail(message: string, file: string, line: u32, column: u32): void {
  const reporter = handler;
  if (reporter !== null) reporter.failed(message, file, line, column);
  writeEarly("kernel failure: ");
  writeEarly(message);
  writeEarly(" ");
  writeEarly(file);
  writeEarly("\r\n");
  stopCpu();
}

function writeEarly(text: string): void {
  for (let i = 0; i < text.length; i++) writeEarlyByte(<u32>text.charCodeAt(i));
}
