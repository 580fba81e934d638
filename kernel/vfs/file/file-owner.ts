// Who is told by signal about an open file (fcntl F_SETOWN, F_SETSIG; tty and socket SIGIO).
// The task layer resolves the id when a signal is due; here it is only stored.

@final
export class FileOwner {
  /** F_OWNER_TID, F_OWNER_PID or F_OWNER_PGRP. */
  kind: i32 = 1;
  /** The id; 0: nobody. */
  id: i32 = 0;
  /** F_SETSIG; 0: SIGIO without details. */
  signal: i32 = 0;
  /** Ids of the task that set the owner: it must be allowed to send the signal. */
  uid: u32 = 0;
  euid: u32 = 0;
}
