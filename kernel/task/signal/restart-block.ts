// How an interrupted system call goes on when no handler ran (restart_syscall(2)): relative sleeps must not start
// their full time again.

export abstract class RestartBlock {
  /** Goes on with the call of the current task; its result as usual. Sleeps. */
  @sleeps abstract resume(): i64;
}
