// signalfd(2) and signalfd4(2).

import { Errno } from "../../kernel/abi/errno";
import { UserIn } from "../../kernel/mm/user/user-memory";
import { SignalFile } from "../../kernel/task/signal/signal-file";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { Task } from "../../kernel/task/task";
import { UNBLOCKABLE } from "../../kernel/abi/signal";

const SFD_CLOEXEC: u32 = 0o2000000;
const SFD_NONBLOCK: u32 = 0o4000;

/** signalfd(2) */
@sleeps export function sysSignalfd(task: Task, existing: OpenFile | null, fd: i32, mask: UserIn, size: u64): i64 {
  return sysSignalfd4(task, existing, fd, mask, size, 0);
}

/** signalfd4(2): -1 makes a descriptor, another number changes the mask of an existing one. */
@sleeps export function sysSignalfd4(task: Task, existing: OpenFile | null, fd: i32, mask: UserIn, size: u64, flags: u32): i64 {
  if (size != 8) return -Errno.EINVAL;
  if (mask.readU64(0) < 0) return -Errno.EFAULT;
  if ((flags & ~(SFD_CLOEXEC | SFD_NONBLOCK)) != 0) return -Errno.EINVAL;
  const signals = mask.value & ~UNBLOCKABLE;
  if (fd == -1) {
    const file = SignalFile.create(signals, flags & SFD_NONBLOCK);
    const created = task.files.add(file, (flags & SFD_CLOEXEC) != 0);
    if (created < 0) file.release();
    return <i64>created;
  }
  if (existing === null) return -Errno.EBADF;
  if (!(existing instanceof SignalFile)) return -Errno.EINVAL;
  (<SignalFile>existing).mask = signals;
  task.process.signalWaiters.wakeAll();
  return <i64>fd;
}
