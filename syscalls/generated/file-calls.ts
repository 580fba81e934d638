// Generated from syscalls/table/ by toolchain/generators/system-calls.ts. Do not edit.
// System calls that work on open files: the descriptors are looked up, and where another task could close them meanwhile (it
// shares the table) the files are counted while the call runs. Sleep as their handlers do.

import { Errno } from "../../kernel/abi/errno";
import { IoDestination, IoSource } from "../../kernel/mm/user/io-buffer";
import { UserIn, UserInOut, UserOut, UserPath } from "../../kernel/mm/user/user-memory";
import { lookedUp } from "../../kernel/sync/sleep-stress";
import { Task } from "../../kernel/task/task";
import { sysDup, sysDup2, sysDup3, sysFlock, sysIoctl } from "../descriptor/descriptor";
import { sysFcntl } from "../descriptor/fcntl";
import { sysFchmod, sysFchown } from "../file/attributes";
import { sysFchdir, sysGetdents, sysGetdents64 } from "../file/directory";
import { sysFgetxattr, sysFlistxattr, sysFremovexattr, sysFsetxattr } from "../file/extended-attributes";
import { sysLseek, sysPread64, sysPreadv, sysPreadv2, sysPwrite64, sysPwritev, sysPwritev2, sysRead, sysReadv, sysWrite, sysWritev } from "../file/read-write";
import { sysSplice, sysTee, sysVmsplice } from "../file/splice";
import { sysFstat, sysFstatfs } from "../file/stat";
import { sysFadvise64, sysFallocate, sysFdatasync, sysFsync, sysFtruncate, sysReadahead, sysSyncFileRange, sysSyncfs } from "../file/storage";
import { sysCopyFileRange, sysSendfile } from "../file/transfer";
import { sysMmap } from "../memory/mmap";
import { sysEpollCtl, sysEpollPwait, sysEpollPwait2, sysEpollWait } from "../poll/epoll";
import { sysSignalfd, sysSignalfd4 } from "../poll/signalfd";
import { sysTimerfdGettime, sysTimerfdSettime } from "../poll/timerfd";
import { sysPidfdSendSignal } from "../signal/kill";

export function callRead(task: Task, a0: i32, a1: IoDestination): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysRead(task, file0, a1); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysRead(task, file0, a1);
  file0.release();
  return result;
}

export function callWrite(task: Task, a0: i32, a1: IoSource): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysWrite(task, file0, a1); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysWrite(task, file0, a1);
  file0.release();
  return result;
}

export function callFstat(task: Task, a0: i32, a1: UserOut): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysFstat(task, file0, a1); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysFstat(task, file0, a1);
  file0.release();
  return result;
}

export function callLseek(task: Task, a0: i32, a1: i64, a2: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysLseek(task, file0, a1, a2); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysLseek(task, file0, a1, a2);
  file0.release();
  return result;
}

export function callMmap(task: Task, a0: u64, a1: u64, a2: u32, a3: u32, a4: i32, a5: u64): i64 {
  const files = task.files;
  const file4 = files.getFile(a4);
  if (!files.isShared) return sysMmap(task, a0, a1, a2, a3, file4, a5); // borrowed: nobody else has the table
  if (file4 !== null) file4.retain();
  lookedUp();
  const result = sysMmap(task, a0, a1, a2, a3, file4, a5); // borrowed: retained above, if there is one
  if (file4 !== null) file4.release();
  return result;
}

export function callIoctl(task: Task, a0: i32, a1: u32, a2: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysIoctl(task, file0, a0, a1, a2); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysIoctl(task, file0, a0, a1, a2);
  file0.release();
  return result;
}

export function callPread64(task: Task, a0: i32, a1: IoDestination, a3: i64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysPread64(task, file0, a1, a3); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysPread64(task, file0, a1, a3); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callPwrite64(task: Task, a0: i32, a1: IoSource, a3: i64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysPwrite64(task, file0, a1, a3); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysPwrite64(task, file0, a1, a3); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callReadv(task: Task, a0: i32, a1: UserIn, a2: u64): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysReadv(task, file0, a1, a2); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysReadv(task, file0, a1, a2);
  file0.release();
  return result;
}

export function callWritev(task: Task, a0: i32, a1: UserIn, a2: u64): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysWritev(task, file0, a1, a2); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysWritev(task, file0, a1, a2);
  file0.release();
  return result;
}

export function callDup(task: Task, a0: i32): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysDup(task, file0); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysDup(task, file0);
  file0.release();
  return result;
}

export function callDup2(task: Task, a0: i32, a1: i32): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysDup2(task, file0, a0, a1); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysDup2(task, file0, a0, a1);
  file0.release();
  return result;
}

export function callSendfile(task: Task, a0: i32, a1: i32, a2: UserInOut, a3: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  const file1 = files.getFile(a1);
  if (!files.isShared) return sysSendfile(task, file0, file1, a2, a3); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  if (file1 !== null) file1.retain();
  lookedUp();
  const result = sysSendfile(task, file0, file1, a2, a3); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  if (file1 !== null) file1.release();
  return result;
}

export function callFcntl(task: Task, a0: i32, a1: u32, a2: u64): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysFcntl(task, file0, a0, a1, a2); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysFcntl(task, file0, a0, a1, a2);
  file0.release();
  return result;
}

export function callFlock(task: Task, a0: i32, a1: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysFlock(task, file0, a1); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysFlock(task, file0, a1); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callFsync(task: Task, a0: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysFsync(task, file0); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysFsync(task, file0);
  file0.release();
  return result;
}

export function callFdatasync(task: Task, a0: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysFdatasync(task, file0); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysFdatasync(task, file0);
  file0.release();
  return result;
}

export function callFtruncate(task: Task, a0: i32, a1: i64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysFtruncate(task, file0, a1); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysFtruncate(task, file0, a1); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callGetdents(task: Task, a0: i32, a1: UserOut, a2: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysGetdents(task, file0, a1, a2); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysGetdents(task, file0, a1, a2);
  file0.release();
  return result;
}

export function callFchdir(task: Task, a0: i32): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysFchdir(task, file0); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysFchdir(task, file0);
  file0.release();
  return result;
}

export function callFchmod(task: Task, a0: i32, a1: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysFchmod(task, file0, a1); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysFchmod(task, file0, a1);
  file0.release();
  return result;
}

export function callFchown(task: Task, a0: i32, a1: u32, a2: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysFchown(task, file0, a1, a2); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysFchown(task, file0, a1, a2);
  file0.release();
  return result;
}

export function callFstatfs(task: Task, a0: i32, a1: UserOut): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysFstatfs(task, file0, a1); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysFstatfs(task, file0, a1);
  file0.release();
  return result;
}

export function callReadahead(task: Task, a0: i32, a1: i64, a2: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysReadahead(task, file0, a1, a2); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysReadahead(task, file0, a1, a2);
  file0.release();
  return result;
}

export function callFsetxattr(task: Task, a0: i32, a1: UserPath, a2: UserIn, a3: u64, a4: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysFsetxattr(task, file0, a1, a2, a3, a4); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysFsetxattr(task, file0, a1, a2, a3, a4);
  file0.release();
  return result;
}

export function callFgetxattr(task: Task, a0: i32, a1: UserPath, a2: UserOut, a3: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysFgetxattr(task, file0, a1, a2, a3); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysFgetxattr(task, file0, a1, a2, a3);
  file0.release();
  return result;
}

export function callFlistxattr(task: Task, a0: i32, a1: UserOut, a2: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysFlistxattr(task, file0, a1, a2); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysFlistxattr(task, file0, a1, a2);
  file0.release();
  return result;
}

export function callFremovexattr(task: Task, a0: i32, a1: UserPath): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysFremovexattr(task, file0, a1); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysFremovexattr(task, file0, a1);
  file0.release();
  return result;
}

export function callGetdents64(task: Task, a0: i32, a1: UserOut, a2: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysGetdents64(task, file0, a1, a2); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysGetdents64(task, file0, a1, a2);
  file0.release();
  return result;
}

export function callFadvise64(task: Task, a0: i32, a1: i64, a2: i64, a3: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysFadvise64(task, file0, a1, a2, a3); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysFadvise64(task, file0, a1, a2, a3);
  file0.release();
  return result;
}

export function callEpollWait(task: Task, a0: i32, a1: UserOut, a2: i32, a3: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysEpollWait(task, file0, a1, a2, a3); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysEpollWait(task, file0, a1, a2, a3); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callEpollCtl(task: Task, a0: i32, a1: i32, a2: i32, a3: UserIn): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  const file2 = files.getFile(a2);
  if (!files.isShared) return sysEpollCtl(task, file0, a1, file2, a2, a3); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  if (file2 !== null) file2.retain();
  lookedUp();
  const result = sysEpollCtl(task, file0, a1, file2, a2, a3); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  if (file2 !== null) file2.release();
  return result;
}

export function callSplice(task: Task, a0: i32, a1: UserInOut, a2: i32, a3: UserInOut, a4: u64, a5: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  const file2 = files.getFile(a2);
  if (!files.isShared) return sysSplice(task, file0, a1, file2, a3, a4, a5); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  if (file2 !== null) file2.retain();
  lookedUp();
  const result = sysSplice(task, file0, a1, file2, a3, a4, a5); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  if (file2 !== null) file2.release();
  return result;
}

export function callTee(task: Task, a0: i32, a1: i32, a2: u64, a3: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  const file1 = files.getFile(a1);
  if (!files.isShared) return sysTee(task, file0, file1, a2, a3); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  if (file1 !== null) file1.retain();
  lookedUp();
  const result = sysTee(task, file0, file1, a2, a3); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  if (file1 !== null) file1.release();
  return result;
}

export function callSyncFileRange(task: Task, a0: i32, a1: i64, a2: i64, a3: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysSyncFileRange(task, file0, a1, a2, a3); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysSyncFileRange(task, file0, a1, a2, a3);
  file0.release();
  return result;
}

export function callVmsplice(task: Task, a0: i32, a1: UserIn, a2: u64, a3: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysVmsplice(task, file0, a1, a2, a3); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysVmsplice(task, file0, a1, a2, a3); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callEpollPwait(task: Task, a0: i32, a1: UserOut, a2: i32, a3: i32, a4: UserIn, a5: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysEpollPwait(task, file0, a1, a2, a3, a4, a5); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysEpollPwait(task, file0, a1, a2, a3, a4, a5); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callSignalfd(task: Task, a0: i32, a1: UserIn, a2: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysSignalfd(task, file0, a0, a1, a2); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysSignalfd(task, file0, a0, a1, a2); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callFallocate(task: Task, a0: i32, a1: i32, a2: i64, a3: i64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysFallocate(task, file0, a1, a2, a3); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysFallocate(task, file0, a1, a2, a3);
  file0.release();
  return result;
}

export function callTimerfdSettime(task: Task, a0: i32, a1: u32, a2: UserIn, a3: UserOut): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysTimerfdSettime(task, file0, a1, a2, a3); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysTimerfdSettime(task, file0, a1, a2, a3); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callTimerfdGettime(task: Task, a0: i32, a1: UserOut): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysTimerfdGettime(task, file0, a1); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysTimerfdGettime(task, file0, a1);
  file0.release();
  return result;
}

export function callSignalfd4(task: Task, a0: i32, a1: UserIn, a2: u64, a3: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysSignalfd4(task, file0, a0, a1, a2, a3); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysSignalfd4(task, file0, a0, a1, a2, a3); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callDup3(task: Task, a0: i32, a1: i32, a2: u32): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (!files.isShared) return sysDup3(task, file0, a0, a1, a2); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysDup3(task, file0, a0, a1, a2); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callPreadv(task: Task, a0: i32, a1: UserIn, a2: u64, a3: i64, a4: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysPreadv(task, file0, a1, a2, a3, a4); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysPreadv(task, file0, a1, a2, a3, a4); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callPwritev(task: Task, a0: i32, a1: UserIn, a2: u64, a3: i64, a4: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysPwritev(task, file0, a1, a2, a3, a4); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysPwritev(task, file0, a1, a2, a3, a4); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callSyncfs(task: Task, a0: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (!files.isShared) return sysSyncfs(task, file0); // borrowed: nobody else has the table
  file0.retain();
  lookedUp();
  const result = sysSyncfs(task, file0);
  file0.release();
  return result;
}

export function callCopyFileRange(task: Task, a0: i32, a1: UserInOut, a2: i32, a3: UserInOut, a4: u64, a5: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  const file2 = files.getFile(a2);
  if (file2 === null) return -Errno.EBADF;
  if (!files.isShared) return sysCopyFileRange(task, file0, a1, file2, a3, a4, a5); // borrowed: nobody else has the table
  file0.retain();
  file2.retain();
  lookedUp();
  const result = sysCopyFileRange(task, file0, a1, file2, a3, a4, a5);
  file0.release();
  file2.release();
  return result;
}

export function callPreadv2(task: Task, a0: i32, a1: UserIn, a2: u64, a3: i64, a4: u64, a5: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysPreadv2(task, file0, a1, a2, a3, a4, a5); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysPreadv2(task, file0, a1, a2, a3, a4, a5); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callPwritev2(task: Task, a0: i32, a1: UserIn, a2: u64, a3: i64, a4: u64, a5: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysPwritev2(task, file0, a1, a2, a3, a4, a5); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysPwritev2(task, file0, a1, a2, a3, a4, a5); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callPidfdSendSignal(task: Task, a0: i32, a1: i32, a2: UserIn, a3: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysPidfdSendSignal(task, file0, a1, a2, a3); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysPidfdSendSignal(task, file0, a1, a2, a3); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}

export function callEpollPwait2(task: Task, a0: i32, a1: UserOut, a2: i32, a3: UserIn, a4: UserIn, a5: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (!files.isShared) return sysEpollPwait2(task, file0, a1, a2, a3, a4, a5); // borrowed: nobody else has the table
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysEpollPwait2(task, file0, a1, a2, a3, a4, a5); // borrowed: retained above, if there is one
  if (file0 !== null) file0.release();
  return result;
}
