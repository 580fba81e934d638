// The one way into system calls: from the exported `syscall` to the generated dispatcher, past the tracer.

import { currentTask } from "../kernel/task/task";
import { dispatch } from "./generated/dispatch";
import { tracedCall } from "./strace";

/** Does system call `number` (rax as the program set it; Linux looks at its low 32 bits). A value or `-errno`. */
@inline
export function systemCall(number: u64, a0: u64, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64): i64 {
  const task = currentTask;
  if (task.isTraced) return tracedCall(task, <i32>number, a0, a1, a2, a3, a4, a5);
  return dispatch(task, <i32>number, a0, a1, a2, a3, a4, a5);
}
