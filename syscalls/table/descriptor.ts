// Descriptors, pipes and eventfd.

import type { Call } from "./format.ts";

export const calls: Call[] = [
  {
    number: 3, call: "close(fd fd)", handler: "sysClose", from: "descriptor/descriptor", support: "full",
    errors: "EBADF", unprovoked: "EDQUOT EINTR EIO ENOSPC",
  },
  {
    number: 16, call: "ioctl(file# fd, uint request, ulong argument)", handler: "sysIoctl", from: "descriptor/descriptor", support: "partial", note: "each device has its own commands; unknown ones are ENOTTY",
    errors: "EBADF EFAULT EINVAL EIO ENOTTY EPERM ESRCH",
  },
  {
    number: 22, call: "pipe(out int *pipefd)", handler: "sysPipe", from: "descriptor/pipe", support: "full",
    errors: "EFAULT EMFILE", unprovoked: "ENFILE",
  },
  {
    number: 32, call: "dup(place oldfd)", handler: "sysDup", from: "descriptor/descriptor", support: "full",
    errors: "EBADF EMFILE",
  },
  {
    number: 33, call: "dup2(place# oldfd, fd newfd)", handler: "sysDup2", from: "descriptor/descriptor", support: "full",
    errors: "EBADF", unprovoked: "EBUSY EINTR",
  },
  {
    number: 72, call: "fcntl(place# fd, uint cmd, ulong arg)", handler: "sysFcntl", from: "descriptor/fcntl", support: "partial", note: "leases, F_NOTIFY and hints are EINVAL; O_ASYNC is kept, but no SIGIO is sent",
    errors: "EAGAIN EBADF EBUSY EDEADLK EFAULT EINTR EINVAL EMFILE EOVERFLOW EPERM ESRCH", unprovoked: "EACCES ENOLCK ENOTDIR",
  },
  {
    number: 73, call: "flock(file? fd, uflags:FLOCK operation)", handler: "sysFlock", from: "descriptor/descriptor", support: "full",
    errors: "EAGAIN EBADF EINTR EINVAL", unprovoked: "ENOLCK",
  },
  {
    number: 284, call: "eventfd(uint count)", handler: "sysEventfd", from: "descriptor/pipe", support: "full",
    errors: "EMFILE", unprovoked: "ENFILE ENODEV ENOMEM",
  },
  {
    number: 290, call: "eventfd2(uint count, uflags:EVENTFD flags)", handler: "sysEventfd2", from: "descriptor/pipe", support: "full",
    errors: "EINVAL EMFILE", unprovoked: "ENFILE ENODEV ENOMEM",
  },
  {
    number: 292, call: "dup3(place?# oldfd, fd newfd, uflags:DUP flags)", handler: "sysDup3", from: "descriptor/descriptor", support: "full",
    errors: "EBADF EINVAL", unprovoked: "EBUSY EINTR",
  },
  {
    number: 293, call: "pipe2(out int *pipefd, uflags:PIPE flags)", handler: "sysPipe2", from: "descriptor/pipe", support: "full",
    errors: "EFAULT EINVAL EMFILE", unprovoked: "ENFILE ENOPKG",
  },
  {
    number: 436, call: "close_range(uint first, uint last, uflags:CLOSE_RANGE flags)", handler: "sysCloseRange", from: "descriptor/descriptor", support: "full",
    errors: "EINVAL", unprovoked: "EMFILE ENOMEM",
  },
];
