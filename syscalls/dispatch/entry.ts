// The one way into system calls: from the exported `syscall` to the generated dispatcher, past those who watch.

import { Errno } from "../../kernel/abi/errno";
import { Task, Watch } from "../../kernel/task/task";
import { Event, Trace, trace, traceMask } from "../../kernel/trace/trace";
import { dispatch } from "../generated/dispatch";
import { tracedCall } from "./strace";
import { currentTask } from "../../kernel/task/current";

/** Does system call `number` (rax as the program set it; Linux looks at its low 32 bits). A value or `-errno`. */
@sleeps @inline
export function systemCall(number: u64, a0: u64, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64): i64 {
  const task = currentTask();
  if (task.watch != 0) return watchedCall(task, <i32>number, a0, a1, a2, a3, a4, a5);
  return dispatch(task, <i32>number, a0, a1, a2, a3, a4, a5);
}

/** The same for a task that strace or a trace looks at. */
@sleeps function watchedCall(task: Task, number: i32, a0: u64, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64): i64 {
  if (traceMask & Trace.SYSTEM_CALLS) trace(Event.CALL_BEGIN, <u64>number, a0);
  const result = (task.watch & Watch.STRACE) != 0
    ? tracedCall(task, number, a0, a1, a2, a3, a4, a5)
    : dispatch(task, number, a0, a1, a2, a3, a4, a5);
  if (traceMask & Trace.SYSTEM_CALLS) trace(Event.CALL_END, <u64>number, <u64>result);
  // Internal codes are not for programs; what becomes of them is decided, and traced, on the way back to user mode.
  if ((traceMask & Trace.ERRORS) != 0 && result < 0 && result > -<i64>Errno.ERESTARTSYS) trace(Event.CALL_ERROR, <u64>number, <u64>-result);
  return result;
}
