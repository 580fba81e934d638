// Making tasks (clone(2), clone3(2), fork(2), vfork(2)).
//
// Everything that can fail comes first; the child is linked to its family and its numbers are published before it can
// run. `makeTask` undoes by name what it took when a later step fails. Sleeps (page faults; vfork).

import { nameSampledSlot } from "../../../arch/x86_64/cpuid";
import { Errno } from "../../abi/errno";
import { AddressSpace } from "../../mm/space/address-space";
import { forkSpace } from "../../mm/space/fork-space";
import { UserOut } from "../../mm/user/user-memory";
import { heapReserveOk } from "../../runtime/heap/heap";
import { ignore } from "../../runtime/ignore";
import { check } from "../../runtime/log/panic";
import { Pool } from "../../runtime/containers/pool";
import { startThread } from "../../sync/scheduler";
import { allocateSlot, forkSlot, freeSlot } from "../../sync/stack-slots";
import { Event, trace, traceMask } from "../../trace/trace";
import { NEVER } from "../../time/timer";
import { waitKillable } from "../../sync/sleep";
import { WaitQueue } from "../../sync/wait-queue";
import { monotonicNs } from "../../time/clock";
import { Capability } from "../../vfs/credentials";
import { taskAdded, taskCount } from "./exit";
import { CpuTimers } from "../accounting/process-timers";
import { retainExecutable } from "../exec/executable-file";
import { PidFile } from "./pidfd";
import { Pid } from "../pid";
import { Process } from "../process";
import { INFINITY, Limit, threadsMax } from "../accounting/resource-limits";
import { Task, TASK_NAME_SIZE } from "../task";
import { taskRole } from "./task-role";
import { USER_END } from "../../abi/page";
import { weightOfNice } from "../../sync/thread";
import { giveArguments } from "../task-caller";

/** Bytes of kernel objects that a new task may need at most, its page-table and mapping records included. */
@inline const FORK_RESERVE: u32 = 256 * 1024;

export namespace CloneFlag {
  @inline export const VM: u64 = 0x100;
  @inline export const FS: u64 = 0x200;
  @inline export const FILES: u64 = 0x400;
  @inline export const SIGHAND: u64 = 0x800;
  @inline export const PIDFD: u64 = 0x1000;
  @inline export const PTRACE: u64 = 0x2000;
  @inline export const VFORK: u64 = 0x4000;
  @inline export const PARENT: u64 = 0x8000;
  @inline export const THREAD: u64 = 0x10000;
  @inline export const SYSVSEM: u64 = 0x40000;
  @inline export const SETTLS: u64 = 0x80000;
  @inline export const PARENT_SETTID: u64 = 0x100000;
  @inline export const CHILD_CLEARTID: u64 = 0x200000;
  @inline export const DETACHED: u64 = 0x400000;
  @inline export const UNTRACED: u64 = 0x800000;
  @inline export const CHILD_SETTID: u64 = 0x1000000;
  @inline export const IO: u64 = 0x80000000;
  @inline export const CLEAR_SIGHAND: u64 = 0x1_0000_0000;
  /** Namespaces, which do not exist here: NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
  @inline export const NAMESPACES: u64 = 0x7e020000;
  @inline export const INTO_CGROUP: u64 = 0x2_0000_0000;
}

/** The arguments of clone3(2), which the other calls are special cases of. */
@final
export class CloneRequest {
  flags: u64 = 0;
  exitSignal: i32 = 0;
  /** Top of the child's stack; 0: the parent's. */
  stack: u64 = 0;
  tls: u64 = 0;
  readonly parentTid: UserOut = new UserOut();
  readonly pidfd: UserOut = new UserOut();
  childTid: u64 = 0;
  /** Why no task could be made. */
  error: i32 = 0;
}

@kernelLock const spareRequests = new Pool<CloneRequest>(8);

export function takeCloneRequest(): CloneRequest {
  const request = spareRequests.take();
  if (request === null) return new CloneRequest();
  request.stack = 0;
  request.tls = 0;
  request.childTid = 0;
  return request;
}

export function giveCloneRequest(request: CloneRequest): void {
  spareRequests.give(request);
}

/** Makes a task as asked: its tid (as the parent sees it) or -errno. */
@sleeps export function cloneTask(parent: Task, request: CloneRequest): i64 {
  const flags = request.flags;
  const checked = checkFlags(parent, request);
  if (checked < 0) return checked;
  const allowed = checkLimits(parent);
  if (allowed < 0) return allowed;
  parent.exceedsProcessLimit = false;
  let pidfd = -1;
  if ((flags & CloneFlag.PIDFD) != 0) {
    pidfd = parent.files.reserve();
    if (pidfd < 0) return pidfd;
    if (request.pidfd.writeI32(0, pidfd) < 0) {
      parent.files.cancel(pidfd);
      return -Errno.EFAULT;
    }
  }
  const child = makeTask(parent, request);
  if (child === null) {
    if (pidfd >= 0) parent.files.cancel(pidfd);
    return request.error;
  }
  if (pidfd >= 0) parent.files.install(pidfd, PidFile.create(child.pid, 0), true);
  const tid = child.tid;
  if (traceMask != 0) trace(Event.FORK, <u64>tid, <u64>child.tgid);
  if ((flags & CloneFlag.PARENT_SETTID) != 0) ignore(request.parentTid.writeI32(0, tid));
  if ((flags & CloneFlag.VFORK) == 0) {
    startThread(child, parent);
    return tid;
  }
  const waiters = new WaitQueue();
  child.vforkWaiters = waiters;
  startThread(child, parent);
  // A killed parent goes; the child is then on its own.
  while (!child.isVforkDone) {
    if (waitKillable(waiters, NEVER) < 0) break;
  }
  return tid;
}

/** clone(2), "ERRORS". */
function checkFlags(parent: Task, request: CloneRequest): i32 {
  const flags = request.flags;
  if ((flags & CloneFlag.NAMESPACES) != 0) return parent.credentials.has(Capability.SYS_ADMIN) ? -Errno.EINVAL : -Errno.EPERM;
  if ((flags & CloneFlag.THREAD) != 0 && (flags & CloneFlag.SIGHAND) == 0) return -Errno.EINVAL;
  if ((flags & CloneFlag.SIGHAND) != 0 && (flags & CloneFlag.VM) == 0) return -Errno.EINVAL;
  if ((flags & CloneFlag.CLEAR_SIGHAND) != 0 && (flags & CloneFlag.SIGHAND) != 0) return -Errno.EINVAL;
  // Children of init stay its children: nobody else could wait for a sibling's.
  if ((flags & CloneFlag.PARENT) != 0 && parent.process === parent.namespaces.pids.init) return -Errno.EINVAL;
  if ((flags & CloneFlag.PIDFD) != 0 && (flags & (CloneFlag.THREAD | CloneFlag.DETACHED)) != 0) return -Errno.EINVAL;
  if ((flags & CloneFlag.SETTLS) != 0 && request.tls >= USER_END) return -Errno.EPERM;
  return 0;
}

function checkLimits(parent: Task): i32 {
  const credentials = parent.credentials;
  const account = parent.namespaces.users.of(credentials.uid);
  if (<u64>account.tasks >= parent.process.limits.soft[Limit.NPROC] && credentials.uid != 0
    && !credentials.has(Capability.SYS_RESOURCE) && !credentials.has(Capability.SYS_ADMIN)) return -Errno.EAGAIN;
  if (taskCount >= threadsMax()) return -Errno.EAGAIN;
  return heapReserveOk(FORK_RESERVE) ? 0 : -Errno.ENOMEM;
}

function makeTask(parent: Task, request: CloneRequest): Task | null {
  const flags = request.flags;
  request.error = -Errno.EAGAIN;
  const slot = allocateSlot();
  if (slot == 0) return null;
  const pid = parent.namespaces.pids.allocate();
  if (pid === null) {
    freeSlot(slot);
    return null;
  }
  let space: AddressSpace | null = parent.space;
  if ((flags & CloneFlag.VM) != 0) parent.space.retain();
  else space = forkSpace(parent.space, parent.user.stackPointer, parent.user.threadPointer);
  if (space === null) {
    pid.freeIfUnused();
    freeSlot(slot);
    request.error = -Errno.ENOMEM;
    return null;
  }
  const process = (flags & CloneFlag.THREAD) != 0 ? parent.process : childProcess(parent, pid, request);
  const actions = parent.actions;
  if ((flags & CloneFlag.SIGHAND) != 0) actions.retain();
  const child = new Task(taskRole, slot, pid, process, parent.credentials, (flags & CloneFlag.SIGHAND) != 0 ? actions : actions.copy());
  if ((flags & CloneFlag.CLEAR_SIGHAND) != 0) child.actions = actions.resetForExec();
  child.space = space;
  child.hasSpace = true;
  inherit(child, parent, flags);
  join(child, process, parent, flags);
  forkSlot(slot, parent.slot);
  nameSampledSlot(slot, <u32>pid.number);
  child.user.callResult = 0;
  if (request.stack != 0) child.user.stackPointer = request.stack;
  if ((flags & CloneFlag.SETTLS) != 0) setCheckedBase(child, request.tls);
  if ((flags & CloneFlag.CHILD_SETTID) != 0) child.setChildTid = request.childTid;
  if ((flags & CloneFlag.CHILD_CLEARTID) != 0) child.clearChildTid = request.childTid;
  return child;
}

/** The process of a child that is no thread of the parent's. */
function childProcess(parent: Task, pid: Pid, request: CloneRequest): Process {
  const from = parent.process;
  const process = new Process(pid, from.limits.copy(), from.namespaces);
  process.startNs = monotonicNs();
  process.exitSignal = (request.flags & CloneFlag.PARENT) != 0 ? from.exitSignal : request.exitSignal;
  // Its CPU time is only looked at when there are timers.
  if (process.limits.soft[Limit.CPU] != INFINITY || process.limits.hard[Limit.CPU] != INFINITY) process.cpuTimers = new CpuTimers();
  process.dumpable = from.dumpable;
  process.oomScoreAdjust = from.oomScoreAdjust;
  process.argumentsStart = from.argumentsStart;
  process.argumentsEnd = from.argumentsEnd;
  process.environmentStart = from.environmentStart;
  process.environmentEnd = from.environmentEnd;
  process.auxiliaryVector = from.auxiliaryVector;
  process.stackStart = from.stackStart;
  const executable = from.executable;
  if (executable !== null) retainExecutable(executable);
  process.executable = executable;
  return process;
}

function inherit(child: Task, parent: Task, flags: u64): void {
  giveArguments(child);
  child.files = (flags & CloneFlag.FILES) != 0 ? parent.files.share() : parent.files.forkCopy();
  child.fs = (flags & CloneFlag.FS) != 0 ? parent.fs.share() : parent.fs.copy();
  for (let i = 0; i < TASK_NAME_SIZE; i++) child.name[i] = parent.name[i];
  child.blocked = parent.blocked;
  child.noNewPrivileges = parent.noNewPrivileges;
  child.keepCapabilities = parent.keepCapabilities;
  child.timerSlackNs = parent.timerSlackNs;
  child.personality = parent.personality;
  child.watch = parent.watch;
  inheritScheduling(child, parent);
  child.startNs = monotonicNs();
  // A thread on memory that others run on must not share their signal stack (sigaltstack(2)).
  if ((flags & (CloneFlag.VM | CloneFlag.VFORK)) == CloneFlag.VM) return;
  child.alternateStack = parent.alternateStack;
  child.alternateStackSize = parent.alternateStackSize;
  child.alternateStackFlags = parent.alternateStackFlags;
  // Nor the area of restartable sequences, for the time of vfork(2) either.
  if ((flags & CloneFlag.VM) != 0) return;
  child.rseqAddress = parent.rseqAddress;
  child.rseqSize = parent.rseqSize;
  child.rseqSignature = parent.rseqSignature;
}

function inheritScheduling(child: Task, parent: Task): void {
  child.affinity = parent.affinity;
  if (parent.resetsSchedulingOnFork) {
    // Neither real-time nor a raised nice value is passed on (sched(7)).
    child.nice = parent.ownPriority != 0 || parent.nice < 0 ? 0 : parent.nice;
    child.weight = weightOfNice(child.nice);
    return;
  }
  child.policy = parent.policy;
  child.nice = parent.nice;
  child.weight = parent.weight;
  child.ownPriority = parent.ownPriority;
  child.realtimePriority = parent.ownPriority;
}

/** Publishes the child: numbers, thread group, family, process group. */
function join(child: Task, process: Process, parent: Task, flags: u64): void {
  child.pid.task = child;
  process.addThread(child);
  taskAdded();
  parent.namespaces.users.of(child.credentials.uid).tasks++;
  if ((flags & CloneFlag.THREAD) != 0) return;
  process.leader = child;
  const from = parent.process;
  const grandparent = from.parent;
  if ((flags & CloneFlag.PARENT) != 0 && grandparent !== null) {
    process.creator = from.creator;
    grandparent.addChild(process);
  } else {
    process.creator = parent;
    from.addChild(process);
  }
  from.group.add(process);
}

/** checkFlags has made sure that the base is a user address. */
function setCheckedBase(child: Task, base: u64): void {
  check(child.user.setThreadPointer(base), "clone: thread pointer outside user space");
}
