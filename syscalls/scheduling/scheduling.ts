// Scheduling policy, priority and affinity (sched(7)). There is one CPU, number 0.

import { Errno } from "../../kernel/abi/errno";
import { UserIn, UserOut } from "../../kernel/mm/user/user-memory";
import { ROUND_ROBIN_SLICE_NS, setScheduling, yieldNow } from "../../kernel/sync/scheduler";
import { SchedulingPolicy } from "../../kernel/sync/thread";
import { Limit } from "../../kernel/task/accounting/resource-limits";
import { Task } from "../../kernel/task/task";
import { Capability } from "../../kernel/vfs/credentials";
import { writeTimespec } from "../decode/time-arguments";

const RESET_ON_FORK: i32 = 0x40000000;
const CPU_MASK: u64 = 1;
const FAIR_INTERVAL_NS: u64 = 3_000_000;

export function isRealtime(policy: u32): bool {
  return policy == SchedulingPolicy.FIFO || policy == SchedulingPolicy.ROUND_ROBIN;
}

export function isKnown(policy: u32): bool {
  return policy <= SchedulingPolicy.BATCH || policy == SchedulingPolicy.IDLE;
}

/** The task with this number; the caller for 0. */
export function schedulingTarget(task: Task, pid: i32): Task | null {
  return pid == 0 ? task : task.namespaces.pids.findTask(pid);
}

/** True if the caller may change the target's scheduling at all. */
export function owns(task: Task, target: Task): bool {
  const own = task.credentials;
  return own.euid == target.credentials.euid || own.euid == target.credentials.uid;
}

/** True if the target may have capabilities that the caller may not: only CAP_SYS_NICE lets it be rescheduled then. */
export function isMoreCapable(target: Task, caller: Task): bool {
  return (target.credentials.permitted & ~caller.credentials.permitted) != 0;
}

/** Checks and makes a change of policy. 0 or -errno (sched_setscheduler(2)). */
export function changePolicy(task: Task, target: Task, policy: u32, priority: i32, nice: i32, resetsOnFork: bool): i32 {
  if (!isKnown(policy)) return -Errno.EINVAL;
  if (isRealtime(policy) ? priority < 1 || priority > 99 : priority != 0) return -Errno.EINVAL;
  if (!task.credentials.has(Capability.SYS_NICE)) {
    const allowed = checkUnprivileged(task, target, policy, priority, nice, resetsOnFork);
    if (allowed < 0) return allowed;
  }
  target.resetsSchedulingOnFork = resetsOnFork;
  setScheduling(target, policy, <u32>priority, nice);
  return 0;
}

function checkUnprivileged(task: Task, target: Task, policy: u32, priority: i32, nice: i32, resetsOnFork: bool): i32 {
  const soft = target.process.limits.soft;
  if (isRealtime(policy)) {
    const limit = soft[Limit.RTPRIO];
    if (policy != target.policy && limit == 0) return -Errno.EPERM;
    if (<u64>priority > <u64>target.ownPriority && <u64>priority > limit) return -Errno.EPERM;
  } else if (nice < target.nice && <u64>(20 - nice) > soft[Limit.NICE]) {
    return -Errno.EPERM;
  }
  if (target.policy == SchedulingPolicy.IDLE && policy != SchedulingPolicy.IDLE && <u64>(20 - target.nice) > soft[Limit.NICE]) return -Errno.EPERM;
  if (!owns(task, target) || isMoreCapable(target, task)) return -Errno.EPERM;
  return target.resetsSchedulingOnFork && !resetsOnFork ? -Errno.EPERM : 0;
}

/** sched_yield(2) */
@sleeps export function sysSchedYield(task: Task): i64 {
  yieldNow();
  return 0;
}

/** sched_setscheduler(2) */
@sleeps export function sysSchedSetscheduler(task: Task, pid: i32, policy: i32, param: UserIn): i64 {
  if (policy < 0 || pid < 0 || param.isNull) return -Errno.EINVAL;
  if (param.readU32(0) < 0) return -Errno.EFAULT;
  const target = schedulingTarget(task, pid);
  if (target === null) return -Errno.ESRCH;
  const resetsOnFork = (policy & RESET_ON_FORK) != 0;
  return <i64>changePolicy(task, target, <u32>(policy & ~RESET_ON_FORK), <i32>param.value, target.nice, resetsOnFork);
}

/** sched_setparam(2) */
@sleeps export function sysSchedSetparam(task: Task, pid: i32, param: UserIn): i64 {
  if (pid < 0 || param.isNull) return -Errno.EINVAL;
  if (param.readU32(0) < 0) return -Errno.EFAULT;
  const target = schedulingTarget(task, pid);
  if (target === null) return -Errno.ESRCH;
  return <i64>changePolicy(task, target, target.policy, <i32>param.value, target.nice, target.resetsSchedulingOnFork);
}

/** sched_getscheduler(2) */
export function sysSchedGetscheduler(task: Task, pid: i32): i64 {
  if (pid < 0) return -Errno.EINVAL;
  const target = schedulingTarget(task, pid);
  if (target === null) return -Errno.ESRCH;
  return <i64>(<i32>target.policy | (target.resetsSchedulingOnFork ? RESET_ON_FORK : 0));
}

/** sched_getparam(2) */
@sleeps export function sysSchedGetparam(task: Task, pid: i32, param: UserOut): i64 {
  if (pid < 0 || param.isNull) return -Errno.EINVAL;
  const target = schedulingTarget(task, pid);
  if (target === null) return -Errno.ESRCH;
  return <i64>param.writeU32(0, target.ownPriority);
}

/** sched_get_priority_max(2) */
export function sysSchedGetPriorityMax(task: Task, policy: i32): i64 {
  if (isRealtime(<u32>policy)) return 99;
  // SCHED_DEADLINE (6) has the range 0 … 0 as well, though it is not supported.
  return isKnown(<u32>policy) || policy == 6 ? 0 : -Errno.EINVAL;
}

/** sched_get_priority_min(2) */
export function sysSchedGetPriorityMin(task: Task, policy: i32): i64 {
  if (isRealtime(<u32>policy)) return 1;
  return isKnown(<u32>policy) || policy == 6 ? 0 : -Errno.EINVAL;
}

/** sched_rr_get_interval(2) */
@sleeps export function sysSchedRrGetInterval(task: Task, pid: i32, to: UserOut): i64 {
  if (pid < 0) return -Errno.EINVAL;
  const target = schedulingTarget(task, pid);
  if (target === null) return -Errno.ESRCH;
  const ns = target.policy == SchedulingPolicy.FIFO ? 0
    : target.policy == SchedulingPolicy.ROUND_ROBIN ? ROUND_ROBIN_SLICE_NS : FAIR_INTERVAL_NS;
  return <i64>writeTimespec(to, 0, ns);
}

/** sched_setaffinity(2) */
@sleeps export function sysSchedSetaffinity(task: Task, pid: i32, length: u64, mask: UserIn): i64 {
  let given: u64 = 0;
  for (let i: u64 = 0; i < length && i < 8; i++) {
    if (mask.readU8(i) < 0) return -Errno.EFAULT;
    given |= mask.value << (i * 8);
  }
  const target = schedulingTarget(task, pid);
  if (target === null) return -Errno.ESRCH;
  if ((!owns(task, target) || isMoreCapable(target, task)) && !task.credentials.has(Capability.SYS_NICE)) return -Errno.EPERM;
  if ((given & CPU_MASK) == 0) return -Errno.EINVAL;
  target.affinity = given & CPU_MASK;
  return 0;
}

/** sched_getaffinity(2): the bytes stored. */
@sleeps export function sysSchedGetaffinity(task: Task, pid: i32, length: u64, mask: UserOut): i64 {
  if (length < 8 || (length & 7) != 0) return -Errno.EINVAL;
  const target = schedulingTarget(task, pid);
  if (target === null) return -Errno.ESRCH;
  return mask.writeU64(0, target.affinity & CPU_MASK) < 0 ? -Errno.EFAULT : 8;
}
