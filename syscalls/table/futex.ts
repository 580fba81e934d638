// System calls about futexes.

import type { Call } from "./format.ts";

export const calls: Call[] = [
  {
    number: 202, call: "futex(inout uint *word, uflags:FUTEX operation, uint value, ulong timeout, inout uint *word2, uint value3)",
    handler: "sysFutex", from: "futex/futex", support: "partial", note: "no requeueing to priority-inheritance futexes: ENOSYS",
    refused: "FUTEX_WAIT_REQUEUE_PI FUTEX_CMP_REQUEUE_PI",
    errors: "EAGAIN EDEADLK EFAULT EINTR EINVAL ENOSYS EPERM ESRCH ETIMEDOUT", unprovoked: "EACCES ENFILE ENOMEM",
  },
  {
    number: 273, call: "set_robust_list(address head, size_t size)", handler: "sysSetRobustList", from: "futex/futex", support: "full",
    errors: "EINVAL",
  },
  {
    number: 274, call: "get_robust_list(pid_t pid, out ulong *head, out size_t *size)", handler: "sysGetRobustList", from: "futex/futex", support: "full",
    errors: "EFAULT EPERM ESRCH", unprovoked: "EINVAL",
  },
];
