// Generated from syscalls/table/ by toolchain/generators/system-calls.ts. Do not edit.
// Decodes the registers of a system call by the C types of its arguments and calls its handler.

import { Task } from "../../kernel/task/task";
import { unknownCall } from "../unknown-call";


/** The result of system call `number`: a value or `-errno`. Sleeps as the handler does. */
export function dispatch(task: Task, number: i32, a0: u64, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64): i64 {
  const user = task.arguments;
  switch (number) {

  }
  return unknownCall(number);
}
