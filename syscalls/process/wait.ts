// wait4(2) and waitid(2).

import { Errno } from "../../kernel/abi/errno";
import { UserOut } from "../../kernel/mm/user/user-memory";
import { PidFile } from "../../kernel/task/life/pidfd";
import { Task } from "../../kernel/task/task";
import {
  WaitFor, WaitOption, WaitRequest, giveWaitRequest, takeWaitRequest, waitForChild,
} from "../../kernel/task/life/wait";

const P_ALL: i32 = 0;
const P_PID: i32 = 1;
const P_PGID: i32 = 2;
const P_PIDFD: i32 = 3;

/** wait4(2) */
@sleeps export function sysWait4(task: Task, pid: i32, status: UserOut, options: u32, usage: UserOut): i64 {
  const known = WaitOption.NOHANG | WaitOption.STOPPED | WaitOption.CONTINUED | WaitOption.NOTHREAD | WaitOption.CLONE | WaitOption.ALL;
  if ((options & ~known) != 0) return -Errno.EINVAL;
  if (pid == i32.MIN_VALUE) return -Errno.ESRCH;
  const request = takeWaitRequest();
  request.options = options | WaitOption.EXITED;
  request.wantsUsage = !usage.isNull;
  if (pid > 0) {
    request.kind = WaitFor.PID;
    request.id = pid;
  } else if (pid != -1) {
    request.kind = WaitFor.GROUP;
    request.id = pid == 0 ? task.process.group.id : -pid;
  }
  const statusAddress = status.address;
  const usageAddress = usage.address;
  let result: i64 = waitForChild(task, request);
  if (result == 0 && request.tgid != 0) {
    result = <i64>request.tgid;
    if (statusAddress != 0 && status.claim(statusAddress).writeI32(0, request.status) < 0) result = -Errno.EFAULT;
    else if (usageAddress != 0 && request.usage.write(usage.claim(usageAddress)) < 0) result = -Errno.EFAULT;
  }
  giveWaitRequest(request);
  return result;
}

/** waitid(2) */
@sleeps export function sysWaitid(task: Task, kind: i32, id: i32, info: UserOut, options: u32, usage: UserOut): i64 {
  const states = WaitOption.EXITED | WaitOption.STOPPED | WaitOption.CONTINUED;
  const known = states | WaitOption.NOHANG | WaitOption.NOWAIT | WaitOption.NOTHREAD | WaitOption.CLONE | WaitOption.ALL;
  if ((options & ~known) != 0 || (options & states) == 0) return -Errno.EINVAL;
  const request = takeWaitRequest();
  request.options = options;
  request.wantsUsage = !usage.isNull;
  let result: i64 = <i64>choose(task, request, kind, id);
  if (result == 0) result = waitForChild(task, request);
  if (result == 0) result = <i64>report(request, info, usage);
  giveWaitRequest(request);
  return result;
}

/** Sets whom to wait for. 0 or -errno. */
function choose(task: Task, request: WaitRequest, kind: i32, id: i32): i32 {
  switch (kind) {
    case P_ALL: return 0;
    case P_PID:
      if (id <= 0) return -Errno.EINVAL;
      request.kind = WaitFor.PID;
      request.id = id;
      return 0;
    case P_PGID:
      if (id < 0) return -Errno.EINVAL;
      request.kind = WaitFor.GROUP;
      request.id = id == 0 ? task.process.group.id : id;
      return 0;
    case P_PIDFD: return chooseByDescriptor(task, request, id);
    default: return -Errno.EINVAL;
  }
}

function chooseByDescriptor(task: Task, request: WaitRequest, fd: i32): i32 {
  if (fd < 0) return -Errno.EINVAL;
  const file = task.files.get(fd);
  if (file === null || !(file instanceof PidFile)) return -Errno.EBADF;
  const process = (<PidFile>file).process;
  request.kind = WaitFor.PID;
  // A process that was reaped is nobody's child.
  request.id = process === null ? -1 : process.tgid;
  if (file.isNonBlocking && (request.options & WaitOption.NOHANG) == 0) request.options |= WaitOption.NOHANG | WaitRequest.FAILS_WHEN_NONE;
  return 0;
}

@sleeps function report(request: WaitRequest, info: UserOut, usage: UserOut): i32 {
  const hasChild = request.tgid != 0;
  if (!hasChild && (request.options & WaitRequest.FAILS_WHEN_NONE) != 0) return -Errno.EAGAIN;
  if (hasChild && !usage.isNull && request.usage.write(usage) < 0) return -Errno.EFAULT;
  if (info.isNull) return 0;
  // Linux stores only the fields that waitid defines; those, and zeros when there is nothing to report.
  const found = request.info;
  const isStored = info.writeI32(0, hasChild ? found.number : 0) == 0 && info.writeI32(4, 0) == 0
    && info.writeI32(8, hasChild ? found.code : 0) == 0 && info.writeU64(16, hasChild ? found.word0 : 0) == 0
    && info.writeI32(24, hasChild ? <i32>found.word1 : 0) == 0;
  return isStored ? 0 : -Errno.EFAULT;
}
