// Generated from syscalls/table/ by toolchain/generators/system-calls.ts. Do not edit.
// The same calls for tasks that share their descriptors: the files are counted while the handler runs, and let go on every way
// back. Apart from file-calls.ts, so that the short way there saves no registers for this one. Sleep as their handlers do.

import { IoDestination, IoSource } from "../../kernel/mm/user/io-buffer";
import { UserIn, UserInOut, UserOut, UserPath } from "../../kernel/mm/user/user-memory";
import { lookedUp } from "../../kernel/sync/sleep-stress";
import { Task } from "../../kernel/task/task";
import { OpenFile } from "../../kernel/vfs/file/open-file";
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

@sleeps export function heldRead(task: Task, file0: OpenFile, a1: IoDestination): i64 {
  file0.retain();
  lookedUp();
  const result = sysRead(task, file0, a1);
  file0.release();
  return result;
}

@sleeps export function heldWrite(task: Task, file0: OpenFile, a1: IoSource): i64 {
  file0.retain();
  lookedUp();
  const result = sysWrite(task, file0, a1);
  file0.release();
  return result;
}

@sleeps export function heldFstat(task: Task, file0: OpenFile, a1: UserOut): i64 {
  file0.retain();
  lookedUp();
  const result = sysFstat(task, file0, a1);
  file0.release();
  return result;
}

@sleeps export function heldLseek(task: Task, file0: OpenFile, a1: i64, a2: u32): i64 {
  file0.retain();
  lookedUp();
  const result = sysLseek(task, file0, a1, a2);
  file0.release();
  return result;
}

@sleeps export function heldMmap(task: Task, a0: u64, a1: u64, a2: u32, a3: u32, file4: OpenFile | null, a5: u64): i64 {
  if (file4 !== null) file4.retain();
  lookedUp();
  const result = sysMmap(task, a0, a1, a2, a3, file4, a5);
  if (file4 !== null) file4.release();
  return result;
}

@sleeps export function heldIoctl(task: Task, file0: OpenFile, a0: i32, a1: u32, a2: u64): i64 {
  file0.retain();
  lookedUp();
  const result = sysIoctl(task, file0, a0, a1, a2);
  file0.release();
  return result;
}

@sleeps export function heldPread64(task: Task, file0: OpenFile | null, a1: IoDestination, a3: i64): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysPread64(task, file0, a1, a3);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldPwrite64(task: Task, file0: OpenFile | null, a1: IoSource, a3: i64): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysPwrite64(task, file0, a1, a3);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldReadv(task: Task, file0: OpenFile, a1: UserIn, a2: u64): i64 {
  file0.retain();
  lookedUp();
  const result = sysReadv(task, file0, a1, a2);
  file0.release();
  return result;
}

@sleeps export function heldWritev(task: Task, file0: OpenFile, a1: UserIn, a2: u64): i64 {
  file0.retain();
  lookedUp();
  const result = sysWritev(task, file0, a1, a2);
  file0.release();
  return result;
}

@sleeps export function heldDup(task: Task, file0: OpenFile): i64 {
  file0.retain();
  lookedUp();
  const result = sysDup(task, file0);
  file0.release();
  return result;
}

@sleeps export function heldDup2(task: Task, file0: OpenFile, a0: i32, a1: i32): i64 {
  file0.retain();
  lookedUp();
  const result = sysDup2(task, file0, a0, a1);
  file0.release();
  return result;
}

@sleeps export function heldSendfile(task: Task, file0: OpenFile | null, file1: OpenFile | null, a2: UserInOut, a3: u64): i64 {
  if (file0 !== null) file0.retain();
  if (file1 !== null) file1.retain();
  lookedUp();
  const result = sysSendfile(task, file0, file1, a2, a3);
  if (file0 !== null) file0.release();
  if (file1 !== null) file1.release();
  return result;
}

@sleeps export function heldFcntl(task: Task, file0: OpenFile, a0: i32, a1: u32, a2: u64): i64 {
  file0.retain();
  lookedUp();
  const result = sysFcntl(task, file0, a0, a1, a2);
  file0.release();
  return result;
}

@sleeps export function heldFlock(task: Task, file0: OpenFile | null, a1: u32): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysFlock(task, file0, a1);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldFsync(task: Task, file0: OpenFile): i64 {
  file0.retain();
  lookedUp();
  const result = sysFsync(task, file0);
  file0.release();
  return result;
}

@sleeps export function heldFdatasync(task: Task, file0: OpenFile): i64 {
  file0.retain();
  lookedUp();
  const result = sysFdatasync(task, file0);
  file0.release();
  return result;
}

@sleeps export function heldFtruncate(task: Task, file0: OpenFile | null, a1: i64): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysFtruncate(task, file0, a1);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldGetdents(task: Task, file0: OpenFile, a1: UserOut, a2: u32): i64 {
  file0.retain();
  lookedUp();
  const result = sysGetdents(task, file0, a1, a2);
  file0.release();
  return result;
}

@sleeps export function heldFchdir(task: Task, file0: OpenFile): i64 {
  file0.retain();
  lookedUp();
  const result = sysFchdir(task, file0);
  file0.release();
  return result;
}

@sleeps export function heldFchmod(task: Task, file0: OpenFile, a1: u32): i64 {
  file0.retain();
  lookedUp();
  const result = sysFchmod(task, file0, a1);
  file0.release();
  return result;
}

@sleeps export function heldFchown(task: Task, file0: OpenFile, a1: u32, a2: u32): i64 {
  file0.retain();
  lookedUp();
  const result = sysFchown(task, file0, a1, a2);
  file0.release();
  return result;
}

@sleeps export function heldFstatfs(task: Task, file0: OpenFile, a1: UserOut): i64 {
  file0.retain();
  lookedUp();
  const result = sysFstatfs(task, file0, a1);
  file0.release();
  return result;
}

@sleeps export function heldReadahead(task: Task, file0: OpenFile, a1: i64, a2: u64): i64 {
  file0.retain();
  lookedUp();
  const result = sysReadahead(task, file0, a1, a2);
  file0.release();
  return result;
}

@sleeps export function heldFsetxattr(task: Task, file0: OpenFile, a1: UserPath, a2: UserIn, a3: u64, a4: i32): i64 {
  file0.retain();
  lookedUp();
  const result = sysFsetxattr(task, file0, a1, a2, a3, a4);
  file0.release();
  return result;
}

@sleeps export function heldFgetxattr(task: Task, file0: OpenFile, a1: UserPath, a2: UserOut, a3: u64): i64 {
  file0.retain();
  lookedUp();
  const result = sysFgetxattr(task, file0, a1, a2, a3);
  file0.release();
  return result;
}

@sleeps export function heldFlistxattr(task: Task, file0: OpenFile, a1: UserOut, a2: u64): i64 {
  file0.retain();
  lookedUp();
  const result = sysFlistxattr(task, file0, a1, a2);
  file0.release();
  return result;
}

@sleeps export function heldFremovexattr(task: Task, file0: OpenFile, a1: UserPath): i64 {
  file0.retain();
  lookedUp();
  const result = sysFremovexattr(task, file0, a1);
  file0.release();
  return result;
}

@sleeps export function heldGetdents64(task: Task, file0: OpenFile, a1: UserOut, a2: u32): i64 {
  file0.retain();
  lookedUp();
  const result = sysGetdents64(task, file0, a1, a2);
  file0.release();
  return result;
}

@sleeps export function heldFadvise64(task: Task, file0: OpenFile, a1: i64, a2: i64, a3: i32): i64 {
  file0.retain();
  lookedUp();
  const result = sysFadvise64(task, file0, a1, a2, a3);
  file0.release();
  return result;
}

@sleeps export function heldEpollWait(task: Task, file0: OpenFile | null, a1: UserOut, a2: i32, a3: i32): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysEpollWait(task, file0, a1, a2, a3);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldEpollCtl(task: Task, file0: OpenFile | null, a1: i32, file2: OpenFile | null, a2: i32, a3: UserIn): i64 {
  if (file0 !== null) file0.retain();
  if (file2 !== null) file2.retain();
  lookedUp();
  const result = sysEpollCtl(task, file0, a1, file2, a2, a3);
  if (file0 !== null) file0.release();
  if (file2 !== null) file2.release();
  return result;
}

@sleeps export function heldSplice(task: Task, file0: OpenFile | null, a1: UserInOut, file2: OpenFile | null, a3: UserInOut, a4: u64, a5: u32): i64 {
  if (file0 !== null) file0.retain();
  if (file2 !== null) file2.retain();
  lookedUp();
  const result = sysSplice(task, file0, a1, file2, a3, a4, a5);
  if (file0 !== null) file0.release();
  if (file2 !== null) file2.release();
  return result;
}

@sleeps export function heldTee(task: Task, file0: OpenFile | null, file1: OpenFile | null, a2: u64, a3: u32): i64 {
  if (file0 !== null) file0.retain();
  if (file1 !== null) file1.retain();
  lookedUp();
  const result = sysTee(task, file0, file1, a2, a3);
  if (file0 !== null) file0.release();
  if (file1 !== null) file1.release();
  return result;
}

@sleeps export function heldSyncFileRange(task: Task, file0: OpenFile, a1: i64, a2: i64, a3: u32): i64 {
  file0.retain();
  lookedUp();
  const result = sysSyncFileRange(task, file0, a1, a2, a3);
  file0.release();
  return result;
}

@sleeps export function heldVmsplice(task: Task, file0: OpenFile | null, a1: UserIn, a2: u64, a3: u32): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysVmsplice(task, file0, a1, a2, a3);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldEpollPwait(task: Task, file0: OpenFile | null, a1: UserOut, a2: i32, a3: i32, a4: UserIn, a5: u64): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysEpollPwait(task, file0, a1, a2, a3, a4, a5);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldSignalfd(task: Task, file0: OpenFile | null, a0: i32, a1: UserIn, a2: u64): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysSignalfd(task, file0, a0, a1, a2);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldFallocate(task: Task, file0: OpenFile, a1: i32, a2: i64, a3: i64): i64 {
  file0.retain();
  lookedUp();
  const result = sysFallocate(task, file0, a1, a2, a3);
  file0.release();
  return result;
}

@sleeps export function heldTimerfdSettime(task: Task, file0: OpenFile | null, a1: u32, a2: UserIn, a3: UserOut): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysTimerfdSettime(task, file0, a1, a2, a3);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldTimerfdGettime(task: Task, file0: OpenFile, a1: UserOut): i64 {
  file0.retain();
  lookedUp();
  const result = sysTimerfdGettime(task, file0, a1);
  file0.release();
  return result;
}

@sleeps export function heldSignalfd4(task: Task, file0: OpenFile | null, a0: i32, a1: UserIn, a2: u64, a3: u32): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysSignalfd4(task, file0, a0, a1, a2, a3);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldDup3(task: Task, file0: OpenFile | null, a0: i32, a1: i32, a2: u32): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysDup3(task, file0, a0, a1, a2);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldPreadv(task: Task, file0: OpenFile | null, a1: UserIn, a2: u64, a3: i64, a4: u64): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysPreadv(task, file0, a1, a2, a3, a4);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldPwritev(task: Task, file0: OpenFile | null, a1: UserIn, a2: u64, a3: i64, a4: u64): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysPwritev(task, file0, a1, a2, a3, a4);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldSyncfs(task: Task, file0: OpenFile): i64 {
  file0.retain();
  lookedUp();
  const result = sysSyncfs(task, file0);
  file0.release();
  return result;
}

@sleeps export function heldCopyFileRange(task: Task, file0: OpenFile, a1: UserInOut, file2: OpenFile, a3: UserInOut, a4: u64, a5: u32): i64 {
  file0.retain();
  file2.retain();
  lookedUp();
  const result = sysCopyFileRange(task, file0, a1, file2, a3, a4, a5);
  file0.release();
  file2.release();
  return result;
}

@sleeps export function heldPreadv2(task: Task, file0: OpenFile | null, a1: UserIn, a2: u64, a3: i64, a4: u64, a5: i32): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysPreadv2(task, file0, a1, a2, a3, a4, a5);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldPwritev2(task: Task, file0: OpenFile | null, a1: UserIn, a2: u64, a3: i64, a4: u64, a5: i32): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysPwritev2(task, file0, a1, a2, a3, a4, a5);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldPidfdSendSignal(task: Task, file0: OpenFile | null, a1: i32, a2: UserIn, a3: u32): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysPidfdSendSignal(task, file0, a1, a2, a3);
  if (file0 !== null) file0.release();
  return result;
}

@sleeps export function heldEpollPwait2(task: Task, file0: OpenFile | null, a1: UserOut, a2: i32, a3: UserIn, a4: UserIn, a5: u64): i64 {
  if (file0 !== null) file0.retain();
  lookedUp();
  const result = sysEpollPwait2(task, file0, a1, a2, a3, a4, a5);
  if (file0 !== null) file0.release();
  return result;
}
