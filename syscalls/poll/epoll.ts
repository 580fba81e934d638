// epoll_create1(2), epoll_ctl(2), epoll_wait(2), epoll_pwait(2), epoll_pwait2(2). Waiting sleeps.

import { Errno } from "../../kernel/abi/errno";
import { O_CLOEXEC, O_RDWR } from "../../kernel/abi/fcntl";
import { EPOLL_CTL_DEL, EVENT_SIZE, EpollFile } from "../../kernel/ipc/epoll";
import { isUserRange } from "../../kernel/mm/user/user-access";
import { UserIn, UserOut } from "../../kernel/mm/user/user-memory";
import { Task } from "../../kernel/task/task";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { beginSignalMask, endSignalMask } from "./signal-mask";
import { deadlineOfMilliseconds, deadlineOfTimespec, deadlineError } from "../decode/deadline";

/** epoll_create(2): the size is only checked. */
export function sysEpollCreate(task: Task, size: i32): i64 {
  return size <= 0 ? -Errno.EINVAL : sysEpollCreate1(task, 0);
}

/** epoll_create1(2) */
export function sysEpollCreate1(task: Task, flags: u32): i64 {
  if ((flags & ~O_CLOEXEC) != 0) return -Errno.EINVAL;
  const files = task.files;
  const fd = files.reserve();
  if (fd < 0) return fd;
  files.install(fd, new EpollFile(O_RDWR), (flags & O_CLOEXEC) != 0);
  return fd;
}

/** epoll_ctl(2) */
@sleeps export function sysEpollCtl(
  task: Task, epoll: OpenFile | null, operation: i32, file: OpenFile | null, fd: i32, event: UserIn,
): i64 {
  let events: u32 = 0;
  let data: u64 = 0;
  if (operation != EPOLL_CTL_DEL) {
    const fetched = event.fetch(EVENT_SIZE);
    if (fetched < 0) return fetched;
    events = event.u32(0);
    data = event.u64(4);
  }
  if (epoll === null || file === null) return -Errno.EBADF;
  if (!file.canPoll()) return -Errno.EPERM;
  if (!(epoll instanceof EpollFile) || epoll === file) return -Errno.EINVAL;
  return (<EpollFile>epoll).control(operation, fd, file, events, data);
}

/** epoll_wait(2) */
@sleeps @inline export function sysEpollWait(task: Task, epoll: OpenFile | null, events: UserOut, limit: i32, timeoutMs: i32): i64 {
  return waitFor(epoll, events, limit, deadlineOfMilliseconds(timeoutMs));
}

/** epoll_pwait(2) */
@sleeps export function sysEpollPwait(
  task: Task, epoll: OpenFile | null, events: UserOut, limit: i32, timeoutMs: i32, mask: UserIn, maskSize: u64,
): i64 {
  const begun = beginSignalMask(task, mask, maskSize);
  if (begun < 0) return begun;
  const result = waitFor(epoll, events, limit, deadlineOfMilliseconds(timeoutMs));
  endSignalMask(task, result);
  return result;
}

/** epoll_pwait2(2) */
@sleeps export function sysEpollPwait2(
  task: Task, epoll: OpenFile | null, events: UserOut, limit: i32, timeout: UserIn, mask: UserIn, maskSize: u64,
): i64 {
  const deadline = deadlineOfTimespec(timeout);
  if (deadlineError(deadline) < 0) return deadlineError(deadline);
  const begun = beginSignalMask(task, mask, maskSize);
  if (begun < 0) return begun;
  const result = waitFor(epoll, events, limit, deadline);
  endSignalMask(task, result);
  return result;
}

@sleeps function waitFor(file: OpenFile | null, events: UserOut, limit: i32, deadlineNs: u64): i64 {
  if (limit <= 0 || <u32>limit > <u32>i32.MAX_VALUE / EVENT_SIZE) return -Errno.EINVAL;
  if (!isUserRange(events.address, <u64><u32>limit * EVENT_SIZE)) return -Errno.EFAULT;
  if (file === null) return -Errno.EBADF;
  if (!(file instanceof EpollFile)) return -Errno.EINVAL;
  return (<EpollFile>file).wait(events, limit, deadlineNs);
}
