// getrlimit(2), setrlimit(2), prlimit(2).

import { Errno } from "../../kernel/abi/errno";
import { UserIn, UserOut } from "../../kernel/mm/user/user-memory";
import { cpuTimersOf } from "../../kernel/task/accounting/cpu-timers";
import { Process } from "../../kernel/task/process";
import { INFINITY, Limit } from "../../kernel/task/accounting/resource-limits";
import { Task } from "../../kernel/task/task";
import { Capability } from "../../kernel/vfs/credentials";
import { NR_OPEN } from "../../kernel/vfs/file/fd-table";

/** getrlimit(2) */
@sleeps export function sysGetrlimit(task: Task, resource: i32, to: UserOut): i64 {
  if (<u32>resource >= <u32>Limit.COUNT) return -Errno.EINVAL;
  return <i64>writeLimit(task.process, resource, to);
}

@sleeps function writeLimit(process: Process, resource: i32, to: UserOut): i32 {
  const limits = process.limits;
  const soft = limits.soft[resource];
  const hard = limits.hard[resource];
  return to.writeU64(0, soft) == 0 && to.writeU64(8, hard) == 0 ? 0 : -Errno.EFAULT;
}

/** setrlimit(2) */
@sleeps export function sysSetrlimit(task: Task, resource: i32, from: UserIn): i64 {
  if (from.fetch(16) < 0) return -Errno.EFAULT;
  if (<u32>resource >= <u32>Limit.COUNT) return -Errno.EINVAL;
  return <i64>setLimit(task, task.process, resource, from.u64(0), from.u64(8));
}

/** prlimit(2) */
@sleeps export function sysPrlimit64(task: Task, pid: i32, resource: i32, from: UserIn, to: UserOut): i64 {
  const isChange = !from.isNull;
  if (isChange && from.fetch(16) < 0) return -Errno.EFAULT;
  const target = pid == 0 ? task : task.namespaces.pids.findTask(pid);
  if (target === null) return -Errno.ESRCH;
  if (target.process !== task.process && !mayAccess(task, target)) return -Errno.EPERM;
  if (<u32>resource >= <u32>Limit.COUNT) return -Errno.EINVAL;
  const process = target.process;
  const soft = process.limits.soft[resource];
  const hard = process.limits.hard[resource];
  if (isChange) {
    const status = setLimit(task, process, resource, from.u64(0), from.u64(8));
    if (status < 0) return <i64>status;
  }
  if (to.isNull) return 0;
  return to.writeU64(0, soft) == 0 && to.writeU64(8, hard) == 0 ? 0 : -Errno.EFAULT;
}

function mayAccess(task: Task, target: Task): bool {
  const own = task.credentials;
  const other = target.credentials;
  const isSame = own.uid == other.euid && own.uid == other.suid && own.uid == other.uid
    && own.gid == other.egid && own.gid == other.sgid && own.gid == other.gid;
  return isSame || own.has(Capability.SYS_RESOURCE);
}

/** Checks and sets; limits that other layers keep copies of are passed on. */
function setLimit(task: Task, process: Process, resource: i32, soft: u64, hard: u64): i32 {
  if (soft > hard) return -Errno.EINVAL;
  const limits = process.limits;
  if (resource == Limit.NOFILE && hard > <u64>NR_OPEN) return -Errno.EPERM;
  if (hard > limits.hard[resource] && !task.credentials.has(Capability.SYS_RESOURCE)) return -Errno.EPERM;
  limits.set(resource, soft, hard);
  if (resource == Limit.NOFILE) {
    applyToFiles(process, soft);
  } else if (resource == Limit.STACK) {
    // Page faults grow the stack without asking the process.
    applyToSpace(process, soft);
  } else if (resource == Limit.CPU && (soft != INFINITY || hard != INFINITY)) {
    // A limit of zero means one second, as Linux has it.
    if (soft == 0) limits.soft[resource] = 1;
    cpuTimersOf(process).nextLimitSeconds = 0;
  }
  return 0;
}

function applyToFiles(process: Process, soft: u64): void {
  let thread = process.firstThread;
  while (thread !== null) {
    thread.files.limit = <i32>min<u64>(soft, <u64>NR_OPEN);
    thread = thread.threadNext;
  }
}

function applyToSpace(process: Process, soft: u64): void {
  const thread = process.firstThread;
  if (thread !== null && thread.hasSpace) thread.space.limits.stack = soft;
}
