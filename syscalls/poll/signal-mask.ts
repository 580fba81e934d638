// The temporary signal mask of ppoll(2), pselect6(2) and epoll_pwait(2): in force while the call waits; if a signal
// ends it, the mask stays until the handler's frame is made, and the old one comes back afterwards.

import { Errno } from "../../kernel/abi/errno";
import { UserIn } from "../../kernel/mm/user/user-memory";
import { setBlocked } from "../../kernel/task/signal/signal";
import { Task } from "../../kernel/task/task";
import { UNBLOCKABLE } from "../../kernel/abi/signal";

/** sizeof(sigset_t) of the kernel. */
const MASK_SIZE: u64 = 8;

/** Installs the mask, if one is given: 0, -EINVAL (size), -EFAULT. */
@sleeps export function beginSignalMask(task: Task, mask: UserIn, size: u64): i32 {
  if (mask.isNull) return 0;
  if (size != MASK_SIZE) return -Errno.EINVAL;
  const read = mask.readU64(0);
  if (read < 0) return read;
  task.savedMask = task.blocked;
  task.hasSavedMask = true;
  setBlocked(task, mask.value & ~UNBLOCKABLE);
  return 0;
}

/** The call is over: unless a signal ended it (its delivery restores the mask), the old mask returns at once. */
export function endSignalMask(task: Task, result: i64): void {
  if (!task.hasSavedMask) return;
  if (result == -Errno.EINTR || result == -Errno.ERESTARTNOHAND || result == -Errno.ERESTARTSYS) return;
  task.hasSavedMask = false;
  setBlocked(task, task.savedMask);
}
