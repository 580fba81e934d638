// pipe(2), pipe2(2), eventfd(2), eventfd2(2). Descriptors become visible after their numbers reached user space.

import { Errno } from "../../kernel/abi/errno";
import { O_CLOEXEC, O_DIRECT, O_NONBLOCK, O_RDWR } from "../../kernel/abi/fcntl";
import { EFD_SEMAPHORE, EventFile } from "../../kernel/ipc/eventfd";
import { PipePair } from "../../kernel/ipc/pipe-file";
import { UserOut } from "../../kernel/mm/user/user-memory";
import { Task } from "../../kernel/task/task";

/** pipe(2) */
@sleeps export function sysPipe(task: Task, fds: UserOut): i64 {
  return sysPipe2(task, fds, 0);
}

/** pipe2(2) */
@sleeps export function sysPipe2(task: Task, fds: UserOut, flags: u32): i64 {
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT)) != 0) return -Errno.EINVAL;
  const files = task.files;
  const reader = files.reserve();
  if (reader < 0) return reader;
  const writer = files.reserve();
  if (writer < 0) {
    files.cancel(reader);
    return writer;
  }
  let result = fds.writeI32(0, reader);
  if (result == 0) result = fds.writeI32(4, writer);
  if (result < 0) {
    files.cancel(writer);
    files.cancel(reader);
    return result;
  }
  const pair = new PipePair(flags, task.credentials.fsuid, task.credentials.fsgid);
  const isCloseOnExec = (flags & O_CLOEXEC) != 0;
  files.install(reader, pair.reader, isCloseOnExec);
  files.install(writer, pair.writer, isCloseOnExec);
  return 0;
}

/** eventfd(2) */
export function sysEventfd(task: Task, count: u32): i64 {
  return sysEventfd2(task, count, 0);
}

/** eventfd2(2) */
export function sysEventfd2(task: Task, count: u32, flags: u32): i64 {
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK | EFD_SEMAPHORE)) != 0) return -Errno.EINVAL;
  const files = task.files;
  const fd = files.reserve();
  if (fd < 0) return fd;
  const file = new EventFile(O_RDWR | (flags & O_NONBLOCK), count, (flags & EFD_SEMAPHORE) != 0);
  files.install(fd, file, (flags & O_CLOEXEC) != 0);
  return fd;
}
