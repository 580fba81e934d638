// rseq(2): restartable sequences.

import { Errno } from "../../kernel/abi/errno";
import { registerSequences, unregisterSequences } from "../../kernel/task/restartable-sequence";
import { Task } from "../../kernel/task/task";

const RSEQ_FLAG_UNREGISTER: i32 = 1;

/** rseq(2) */
@sleeps export function sysRseq(task: Task, area: u64, size: u32, flags: i32, signature: u32): i64 {
  if ((flags & RSEQ_FLAG_UNREGISTER) != 0) {
    return flags != RSEQ_FLAG_UNREGISTER ? -Errno.EINVAL : <i64>unregisterSequences(task, area, size, signature);
  }
  return flags != 0 ? -Errno.EINVAL : <i64>registerSequences(task, area, size, signature);
}
