// Generated from syscalls/table/ by toolchain/generators/system-calls.ts. Do not edit.
// System calls that work on open files: the descriptors are looked up. Where another task could close them meanwhile (it shares the
// table) the call goes by way of held-calls.ts. Sleep as their handlers do.

import { Errno } from "../../kernel/abi/errno";
import { IoDestination, IoSource } from "../../kernel/mm/user/io-buffer";
import { UserIn, UserInOut, UserOut, UserPath } from "../../kernel/mm/user/user-memory";
import { Task } from "../../kernel/task/task";
import { heldCopyFileRange, heldDup, heldDup2, heldDup3, heldEpollCtl, heldEpollPwait, heldEpollPwait2, heldEpollWait, heldFadvise64, heldFallocate, heldFchdir, heldFchmod, heldFchown, heldFcntl, heldFdatasync, heldFgetxattr, heldFlistxattr, heldFlock, heldFremovexattr, heldFsetxattr, heldFstat, heldFstatfs, heldFsync, heldFtruncate, heldGetdents, heldGetdents64, heldIoctl, heldLseek, heldMmap, heldPidfdSendSignal, heldPread64, heldPreadv, heldPreadv2, heldPwrite64, heldPwritev, heldPwritev2, heldRead, heldReadahead, heldReadv, heldSendfile, heldSignalfd, heldSignalfd4, heldSplice, heldSyncFileRange, heldSyncfs, heldTee, heldTimerfdGettime, heldTimerfdSettime, heldVmsplice, heldWrite, heldWritev } from "./held-calls";
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

@sleeps export function callRead(task: Task, a0: i32, a1: IoDestination): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldRead(task, file0, a1); // borrowed: retained first of all
  return sysRead(task, file0, a1); // borrowed: nobody else has the table
}

@sleeps export function callWrite(task: Task, a0: i32, a1: IoSource): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldWrite(task, file0, a1); // borrowed: retained first of all
  return sysWrite(task, file0, a1); // borrowed: nobody else has the table
}

@sleeps export function callFstat(task: Task, a0: i32, a1: UserOut): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldFstat(task, file0, a1); // borrowed: retained first of all
  return sysFstat(task, file0, a1); // borrowed: nobody else has the table
}

@sleeps export function callLseek(task: Task, a0: i32, a1: i64, a2: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldLseek(task, file0, a1, a2); // borrowed: retained first of all
  return sysLseek(task, file0, a1, a2); // borrowed: nobody else has the table
}

@sleeps export function callMmap(task: Task, a0: u64, a1: u64, a2: u32, a3: u32, a4: i32, a5: u64): i64 {
  const files = task.files;
  const file4 = files.getFile(a4);
  if (files.isShared) return heldMmap(task, a0, a1, a2, a3, file4, a5); // borrowed: retained first of all
  return sysMmap(task, a0, a1, a2, a3, file4, a5); // borrowed: nobody else has the table
}

@sleeps export function callIoctl(task: Task, a0: i32, a1: u32, a2: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldIoctl(task, file0, a0, a1, a2); // borrowed: retained first of all
  return sysIoctl(task, file0, a0, a1, a2); // borrowed: nobody else has the table
}

@sleeps export function callPread64(task: Task, a0: i32, a1: IoDestination, a3: i64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldPread64(task, file0, a1, a3); // borrowed: retained first of all
  return sysPread64(task, file0, a1, a3); // borrowed: nobody else has the table
}

@sleeps export function callPwrite64(task: Task, a0: i32, a1: IoSource, a3: i64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldPwrite64(task, file0, a1, a3); // borrowed: retained first of all
  return sysPwrite64(task, file0, a1, a3); // borrowed: nobody else has the table
}

@sleeps export function callReadv(task: Task, a0: i32, a1: UserIn, a2: u64): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldReadv(task, file0, a1, a2); // borrowed: retained first of all
  return sysReadv(task, file0, a1, a2); // borrowed: nobody else has the table
}

@sleeps export function callWritev(task: Task, a0: i32, a1: UserIn, a2: u64): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldWritev(task, file0, a1, a2); // borrowed: retained first of all
  return sysWritev(task, file0, a1, a2); // borrowed: nobody else has the table
}

@sleeps export function callDup(task: Task, a0: i32): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldDup(task, file0); // borrowed: retained first of all
  return sysDup(task, file0); // borrowed: nobody else has the table
}

@sleeps export function callDup2(task: Task, a0: i32, a1: i32): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldDup2(task, file0, a0, a1); // borrowed: retained first of all
  return sysDup2(task, file0, a0, a1); // borrowed: nobody else has the table
}

@sleeps export function callSendfile(task: Task, a0: i32, a1: i32, a2: UserInOut, a3: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  const file1 = files.getFile(a1);
  if (files.isShared) return heldSendfile(task, file0, file1, a2, a3); // borrowed: retained first of all
  return sysSendfile(task, file0, file1, a2, a3); // borrowed: nobody else has the table
}

@sleeps export function callFcntl(task: Task, a0: i32, a1: u32, a2: u64): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldFcntl(task, file0, a0, a1, a2); // borrowed: retained first of all
  return sysFcntl(task, file0, a0, a1, a2); // borrowed: nobody else has the table
}

@sleeps export function callFlock(task: Task, a0: i32, a1: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldFlock(task, file0, a1); // borrowed: retained first of all
  return sysFlock(task, file0, a1); // borrowed: nobody else has the table
}

@sleeps export function callFsync(task: Task, a0: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldFsync(task, file0); // borrowed: retained first of all
  return sysFsync(task, file0); // borrowed: nobody else has the table
}

@sleeps export function callFdatasync(task: Task, a0: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldFdatasync(task, file0); // borrowed: retained first of all
  return sysFdatasync(task, file0); // borrowed: nobody else has the table
}

@sleeps export function callFtruncate(task: Task, a0: i32, a1: i64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldFtruncate(task, file0, a1); // borrowed: retained first of all
  return sysFtruncate(task, file0, a1); // borrowed: nobody else has the table
}

@sleeps export function callGetdents(task: Task, a0: i32, a1: UserOut, a2: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldGetdents(task, file0, a1, a2); // borrowed: retained first of all
  return sysGetdents(task, file0, a1, a2); // borrowed: nobody else has the table
}

@sleeps export function callFchdir(task: Task, a0: i32): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldFchdir(task, file0); // borrowed: retained first of all
  return sysFchdir(task, file0); // borrowed: nobody else has the table
}

@sleeps export function callFchmod(task: Task, a0: i32, a1: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldFchmod(task, file0, a1); // borrowed: retained first of all
  return sysFchmod(task, file0, a1); // borrowed: nobody else has the table
}

@sleeps export function callFchown(task: Task, a0: i32, a1: u32, a2: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldFchown(task, file0, a1, a2); // borrowed: retained first of all
  return sysFchown(task, file0, a1, a2); // borrowed: nobody else has the table
}

@sleeps export function callFstatfs(task: Task, a0: i32, a1: UserOut): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldFstatfs(task, file0, a1); // borrowed: retained first of all
  return sysFstatfs(task, file0, a1); // borrowed: nobody else has the table
}

@sleeps export function callReadahead(task: Task, a0: i32, a1: i64, a2: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldReadahead(task, file0, a1, a2); // borrowed: retained first of all
  return sysReadahead(task, file0, a1, a2); // borrowed: nobody else has the table
}

@sleeps export function callFsetxattr(task: Task, a0: i32, a1: UserPath, a2: UserIn, a3: u64, a4: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldFsetxattr(task, file0, a1, a2, a3, a4); // borrowed: retained first of all
  return sysFsetxattr(task, file0, a1, a2, a3, a4); // borrowed: nobody else has the table
}

@sleeps export function callFgetxattr(task: Task, a0: i32, a1: UserPath, a2: UserOut, a3: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldFgetxattr(task, file0, a1, a2, a3); // borrowed: retained first of all
  return sysFgetxattr(task, file0, a1, a2, a3); // borrowed: nobody else has the table
}

@sleeps export function callFlistxattr(task: Task, a0: i32, a1: UserOut, a2: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldFlistxattr(task, file0, a1, a2); // borrowed: retained first of all
  return sysFlistxattr(task, file0, a1, a2); // borrowed: nobody else has the table
}

@sleeps export function callFremovexattr(task: Task, a0: i32, a1: UserPath): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldFremovexattr(task, file0, a1); // borrowed: retained first of all
  return sysFremovexattr(task, file0, a1); // borrowed: nobody else has the table
}

@sleeps export function callGetdents64(task: Task, a0: i32, a1: UserOut, a2: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldGetdents64(task, file0, a1, a2); // borrowed: retained first of all
  return sysGetdents64(task, file0, a1, a2); // borrowed: nobody else has the table
}

@sleeps export function callFadvise64(task: Task, a0: i32, a1: i64, a2: i64, a3: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldFadvise64(task, file0, a1, a2, a3); // borrowed: retained first of all
  return sysFadvise64(task, file0, a1, a2, a3); // borrowed: nobody else has the table
}

@sleeps export function callEpollWait(task: Task, a0: i32, a1: UserOut, a2: i32, a3: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldEpollWait(task, file0, a1, a2, a3); // borrowed: retained first of all
  return sysEpollWait(task, file0, a1, a2, a3); // borrowed: nobody else has the table
}

@sleeps export function callEpollCtl(task: Task, a0: i32, a1: i32, a2: i32, a3: UserIn): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  const file2 = files.getFile(a2);
  if (files.isShared) return heldEpollCtl(task, file0, a1, file2, a2, a3); // borrowed: retained first of all
  return sysEpollCtl(task, file0, a1, file2, a2, a3); // borrowed: nobody else has the table
}

@sleeps export function callSplice(task: Task, a0: i32, a1: UserInOut, a2: i32, a3: UserInOut, a4: u64, a5: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  const file2 = files.getFile(a2);
  if (files.isShared) return heldSplice(task, file0, a1, file2, a3, a4, a5); // borrowed: retained first of all
  return sysSplice(task, file0, a1, file2, a3, a4, a5); // borrowed: nobody else has the table
}

@sleeps export function callTee(task: Task, a0: i32, a1: i32, a2: u64, a3: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  const file1 = files.getFile(a1);
  if (files.isShared) return heldTee(task, file0, file1, a2, a3); // borrowed: retained first of all
  return sysTee(task, file0, file1, a2, a3); // borrowed: nobody else has the table
}

@sleeps export function callSyncFileRange(task: Task, a0: i32, a1: i64, a2: i64, a3: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldSyncFileRange(task, file0, a1, a2, a3); // borrowed: retained first of all
  return sysSyncFileRange(task, file0, a1, a2, a3); // borrowed: nobody else has the table
}

@sleeps export function callVmsplice(task: Task, a0: i32, a1: UserIn, a2: u64, a3: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldVmsplice(task, file0, a1, a2, a3); // borrowed: retained first of all
  return sysVmsplice(task, file0, a1, a2, a3); // borrowed: nobody else has the table
}

@sleeps export function callEpollPwait(task: Task, a0: i32, a1: UserOut, a2: i32, a3: i32, a4: UserIn, a5: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldEpollPwait(task, file0, a1, a2, a3, a4, a5); // borrowed: retained first of all
  return sysEpollPwait(task, file0, a1, a2, a3, a4, a5); // borrowed: nobody else has the table
}

@sleeps export function callSignalfd(task: Task, a0: i32, a1: UserIn, a2: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldSignalfd(task, file0, a0, a1, a2); // borrowed: retained first of all
  return sysSignalfd(task, file0, a0, a1, a2); // borrowed: nobody else has the table
}

@sleeps export function callFallocate(task: Task, a0: i32, a1: i32, a2: i64, a3: i64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldFallocate(task, file0, a1, a2, a3); // borrowed: retained first of all
  return sysFallocate(task, file0, a1, a2, a3); // borrowed: nobody else has the table
}

@sleeps export function callTimerfdSettime(task: Task, a0: i32, a1: u32, a2: UserIn, a3: UserOut): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldTimerfdSettime(task, file0, a1, a2, a3); // borrowed: retained first of all
  return sysTimerfdSettime(task, file0, a1, a2, a3); // borrowed: nobody else has the table
}

@sleeps export function callTimerfdGettime(task: Task, a0: i32, a1: UserOut): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldTimerfdGettime(task, file0, a1); // borrowed: retained first of all
  return sysTimerfdGettime(task, file0, a1); // borrowed: nobody else has the table
}

@sleeps export function callSignalfd4(task: Task, a0: i32, a1: UserIn, a2: u64, a3: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldSignalfd4(task, file0, a0, a1, a2, a3); // borrowed: retained first of all
  return sysSignalfd4(task, file0, a0, a1, a2, a3); // borrowed: nobody else has the table
}

@sleeps export function callDup3(task: Task, a0: i32, a1: i32, a2: u32): i64 {
  const files = task.files;
  const file0 = files.get(a0);
  if (files.isShared) return heldDup3(task, file0, a0, a1, a2); // borrowed: retained first of all
  return sysDup3(task, file0, a0, a1, a2); // borrowed: nobody else has the table
}

@sleeps export function callPreadv(task: Task, a0: i32, a1: UserIn, a2: u64, a3: i64, a4: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldPreadv(task, file0, a1, a2, a3, a4); // borrowed: retained first of all
  return sysPreadv(task, file0, a1, a2, a3, a4); // borrowed: nobody else has the table
}

@sleeps export function callPwritev(task: Task, a0: i32, a1: UserIn, a2: u64, a3: i64, a4: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldPwritev(task, file0, a1, a2, a3, a4); // borrowed: retained first of all
  return sysPwritev(task, file0, a1, a2, a3, a4); // borrowed: nobody else has the table
}

@sleeps export function callSyncfs(task: Task, a0: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  if (files.isShared) return heldSyncfs(task, file0); // borrowed: retained first of all
  return sysSyncfs(task, file0); // borrowed: nobody else has the table
}

@sleeps export function callCopyFileRange(task: Task, a0: i32, a1: UserInOut, a2: i32, a3: UserInOut, a4: u64, a5: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (file0 === null) return -Errno.EBADF;
  const file2 = files.getFile(a2);
  if (file2 === null) return -Errno.EBADF;
  if (files.isShared) return heldCopyFileRange(task, file0, a1, file2, a3, a4, a5); // borrowed: retained first of all
  return sysCopyFileRange(task, file0, a1, file2, a3, a4, a5); // borrowed: nobody else has the table
}

@sleeps export function callPreadv2(task: Task, a0: i32, a1: UserIn, a2: u64, a3: i64, a4: u64, a5: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldPreadv2(task, file0, a1, a2, a3, a4, a5); // borrowed: retained first of all
  return sysPreadv2(task, file0, a1, a2, a3, a4, a5); // borrowed: nobody else has the table
}

@sleeps export function callPwritev2(task: Task, a0: i32, a1: UserIn, a2: u64, a3: i64, a4: u64, a5: i32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldPwritev2(task, file0, a1, a2, a3, a4, a5); // borrowed: retained first of all
  return sysPwritev2(task, file0, a1, a2, a3, a4, a5); // borrowed: nobody else has the table
}

@sleeps export function callPidfdSendSignal(task: Task, a0: i32, a1: i32, a2: UserIn, a3: u32): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldPidfdSendSignal(task, file0, a1, a2, a3); // borrowed: retained first of all
  return sysPidfdSendSignal(task, file0, a1, a2, a3); // borrowed: nobody else has the table
}

@sleeps export function callEpollPwait2(task: Task, a0: i32, a1: UserOut, a2: i32, a3: UserIn, a4: UserIn, a5: u64): i64 {
  const files = task.files;
  const file0 = files.getFile(a0);
  if (files.isShared) return heldEpollPwait2(task, file0, a1, a2, a3, a4, a5); // borrowed: retained first of all
  return sysEpollPwait2(task, file0, a1, a2, a3, a4, a5); // borrowed: nobody else has the table
}
