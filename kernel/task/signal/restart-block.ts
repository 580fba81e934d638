// How an interrupted system call goes on when no handler ran (restart_syscall(2)): relative sleeps must not start
// their full time again.

import { Task } from "../task";

export abstract class RestartBlock {
  /** Goes on with the call; its result as usual. Sleeps. */
  abstract resume(task: Task): i64;
}
