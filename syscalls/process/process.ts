// System calls of process life: clone and relatives, exit, identification numbers (clone(2), _exit(2), getpid(2)).

import { CloneArgs } from "../../kernel/abi/generated/structs";
import { Errno } from "../../kernel/abi/errno";
import { UserIn, UserOut } from "../../kernel/mm/user/user-memory";
import { exitProcess, exitTask } from "../../kernel/task/life/exit";
import { CloneFlag, CloneRequest, cloneTask, giveCloneRequest, takeCloneRequest } from "../../kernel/task/life/fork";
import { PidFile } from "../../kernel/task/life/pidfd";
import { Task } from "../../kernel/task/task";
import { Signal } from "../../kernel/abi/signal";
import { O_NONBLOCK } from "../../kernel/abi/fcntl";
import { USER_END } from "../../kernel/abi/page";

const EXIT_SIGNAL_MASK: u64 = 0xff;

/** getpid(2) */
export function sysGetpid(task: Task): i64 {
  return <i64>task.process.tgid;
}

/** gettid(2) */
export function sysGettid(task: Task): i64 {
  return <i64>task.tid;
}

/** getppid(2) */
export function sysGetppid(task: Task): i64 {
  const parent = task.process.parent;
  return parent === null ? 0 : <i64>parent.tgid;
}

/** fork(2) */
@sleeps export function sysFork(task: Task): i64 {
  return cloneSimply(task, 0);
}

/** vfork(2) */
@sleeps export function sysVfork(task: Task): i64 {
  return cloneSimply(task, CloneFlag.VFORK | CloneFlag.VM);
}

@sleeps function cloneSimply(task: Task, flags: u64): i64 {
  const request = takeCloneRequest();
  request.flags = flags;
  request.exitSignal = Signal.CHLD;
  const result = cloneTask(task, request);
  giveCloneRequest(request);
  return result;
}

/** clone(2), the x86-64 argument order. */
@sleeps export function sysClone(task: Task, flags: u32, stack: u64, parentTid: UserOut, childTid: u64, tls: u64): i64 {
  const request = takeCloneRequest();
  request.flags = <u64>flags & ~EXIT_SIGNAL_MASK;
  request.exitSignal = <i32>(flags & 0xff);
  request.stack = stack;
  request.tls = tls;
  request.childTid = childTid;
  request.parentTid.claim(parentTid.address);
  request.pidfd.claim(parentTid.address);
  let result: i64 = -Errno.EINVAL;
  // Both would be stored in the same place.
  const both = CloneFlag.PIDFD | CloneFlag.PARENT_SETTID;
  if ((request.flags & both) != both) result = cloneTask(task, request);
  giveCloneRequest(request);
  return result;
}

/** clone3(2) */
@sleeps export function sysClone3(task: Task, args: UserIn, size: u64): i64 {
  if (size > 4096) return -Errno.E2BIG;
  if (size < 64) return -Errno.EINVAL;
  const known = size < <u64>CloneArgs.SIZE ? <u32>size : CloneArgs.SIZE;
  const trailing = checkZero(args, known, size);
  if (trailing < 0) return trailing;
  if (args.fetch(known) < 0) return -Errno.EFAULT;
  const checked = checkCloneArgs(args, known);
  if (checked < 0) return checked;
  const request = takeCloneRequest();
  fillRequest(request, args);
  const result = cloneTask(task, request);
  giveCloneRequest(request);
  return result;
}

/** Fields that this kernel does not know must be zero: -E2BIG otherwise. */
@sleeps export function checkZero(claim: UserIn, from: u64, to: u64): i32 {
  for (let at = from; at < to; at++) {
    if (claim.readU8(at) < 0) return -Errno.EFAULT;
    if (claim.value != 0) return -Errno.E2BIG;
  }
  return 0;
}

function checkCloneArgs(args: UserIn, size: u32): i32 {
  const flags = args.u64(CloneArgs.flags);
  const exitSignal = args.u64(CloneArgs.exit_signal);
  const stack = args.u64(CloneArgs.stack);
  const stackSize = args.u64(CloneArgs.stack_size);
  if ((flags & ~(<u64>0xffff_ffff | CloneFlag.CLEAR_SIGHAND)) != 0) return -Errno.EINVAL;
  if ((flags & (EXIT_SIGNAL_MASK | CloneFlag.DETACHED)) != 0 || exitSignal > <u64>Signal.MAX) return -Errno.EINVAL;
  if ((flags & (CloneFlag.THREAD | CloneFlag.PARENT)) != 0 && exitSignal != 0) return -Errno.EINVAL;
  if ((stack == 0) != (stackSize == 0)) return -Errno.EINVAL;
  if (stack != 0 && (stackSize > USER_END || stack > USER_END - stackSize)) return -Errno.EINVAL;
  if (size > CloneArgs.set_tid && (args.u64(CloneArgs.set_tid) != 0 || args.u64(CloneArgs.set_tid_size) != 0)) return -Errno.EINVAL;
  return 0;
}

function fillRequest(request: CloneRequest, args: UserIn): void {
  request.flags = args.u64(CloneArgs.flags);
  request.exitSignal = <i32>args.u64(CloneArgs.exit_signal);
  request.stack = args.u64(CloneArgs.stack) + args.u64(CloneArgs.stack_size);
  request.tls = args.u64(CloneArgs.tls);
  request.childTid = args.u64(CloneArgs.child_tid);
  request.parentTid.claim(args.u64(CloneArgs.parent_tid));
  request.pidfd.claim(args.u64(CloneArgs.pidfd));
}

/** _exit(2) of one thread. */
@sleeps export function sysExit(task: Task, status: i32): i64 {
  exitTask((status & 0xff) << 8);
  return 0;
}

/** exit_group(2) */
@sleeps export function sysExitGroup(task: Task, status: i32): i64 {
  exitProcess((status & 0xff) << 8);
  return 0;
}

/** set_tid_address(2) */
export function sysSetTidAddress(task: Task, address: u64): i64 {
  task.clearChildTid = address;
  return <i64>task.tid;
}

/** unshare(2): descriptors and file-system context; there are no namespaces. */
export function sysUnshare(task: Task, flags: u64): i64 {
  const known = CloneFlag.FILES | CloneFlag.FS | CloneFlag.THREAD | CloneFlag.SIGHAND | CloneFlag.VM | CloneFlag.SYSVSEM;
  if ((flags & ~known) != 0) return -Errno.EINVAL;
  const group = CloneFlag.THREAD | CloneFlag.SIGHAND | CloneFlag.VM;
  if ((flags & group) != 0 && task.process.threadCount > 1) return -Errno.EINVAL;
  const files = task.files;
  if ((flags & CloneFlag.FILES) != 0 && files.references > 1) {
    task.files = files.forkCopy();
    files.release();
  }
  const fs = task.fs;
  if ((flags & CloneFlag.FS) != 0 && fs.references > 1) {
    task.fs = fs.copy();
    fs.release();
  }
  return 0;
}

/** pidfd_open(2) */
export function sysPidfdOpen(task: Task, number: i32, flags: u32): i64 {
  if ((flags & ~O_NONBLOCK) != 0 || number <= 0) return -Errno.EINVAL;
  const pid = task.namespaces.pids.find(number);
  if (pid === null || (pid.process === null && pid.task === null)) return -Errno.ESRCH;
  // A thread that leads no process (PIDFD_THREAD came later than the release this kernel reports).
  if (pid.process === null) return -Errno.EINVAL;
  const file = PidFile.create(pid, flags);
  const fd = task.files.add(file, true);
  if (fd < 0) file.release();
  return <i64>fd;
}

/** personality(2): 0xffffffff asks without changing. */
export function sysPersonality(task: Task, persona: u32): i64 {
  const old = task.personality;
  if (persona != 0xffff_ffff) task.personality = persona;
  return <i64>old;
}

/** getcpu(2) */
@sleeps export function sysGetcpu(task: Task, cpu: UserOut, node: UserOut): i64 {
  if (!cpu.isNull && cpu.writeU32(0, 0) < 0) return -Errno.EFAULT;
  if (!node.isNull && node.writeU32(0, 0) < 0) return -Errno.EFAULT;
  return 0;
}

/** membarrier(2): on one CPU, entering the kernel is the barrier. */
export function sysMembarrier(task: Task, command: i32, flags: u32, cpu: i32): i64 {
  if (flags != 0) return -Errno.EINVAL;
  switch (command) {
    // QUERY: GLOBAL, GLOBAL_EXPEDITED and its registration, PRIVATE_EXPEDITED, SYNC_CORE and theirs
    case 0: return 0x7f;
    case 1:
    case 2:
    case 4: return 0;
    case 8: return task.process.barrierRegistrations & 16 ? 0 : -Errno.EPERM;
    case 32: return task.process.barrierRegistrations & 64 ? 0 : -Errno.EPERM;
    case 16:
    case 64:
      task.process.barrierRegistrations |= <u32>command;
      return 0;
    default: return -Errno.EINVAL;
  }
}
