// sched_setattr(2) and sched_getattr(2): policy, nice value and priority in one structure that may grow.

import { SchedAttr } from "../../kernel/abi/generated/structs";
import { Errno } from "../../kernel/abi/errno";
import { UserInOut, UserOut } from "../../kernel/mm/user/user-memory";
import { ignore } from "../../kernel/runtime/ignore";
import { Task } from "../../kernel/task/task";
import { checkZero } from "../process/process";
import { changePolicy, isKnown, isRealtime, schedulingTarget } from "./scheduling";

/** sizeof(struct sched_attr) of its first version. */
const FIRST_SIZE: u32 = 48;
const FLAG_RESET_ON_FORK: u64 = 1;
const FLAG_KEEP_POLICY: u64 = 8;
const FLAG_KEEP_PARAMS: u64 = 0x10;

/** sched_setattr(2). A structure of a size that does not fit gets the one that does. */
@sleeps export function sysSchedSetattr(task: Task, pid: i32, attr: UserInOut, flags: u32): i64 {
  if (attr.isNull || pid < 0 || flags != 0) return -Errno.EINVAL;
  if (attr.readU32(0) < 0) return -Errno.EFAULT;
  let size = <u32>attr.value;
  if (size == 0) size = FIRST_SIZE;
  const trailing = size < FIRST_SIZE || size > 4096 ? -Errno.E2BIG : checkZero(attr, SchedAttr.SIZE, size);
  if (trailing == -Errno.E2BIG) ignore(attr.writeU32(0, SchedAttr.SIZE));
  if (trailing < 0) return <i64>trailing;
  if (attr.fetch(FIRST_SIZE) < 0) return -Errno.EFAULT;
  const attrFlags = attr.u64(SchedAttr.sched_flags);
  if ((attrFlags & ~(FLAG_RESET_ON_FORK | FLAG_KEEP_POLICY | FLAG_KEEP_PARAMS)) != 0) return -Errno.EINVAL;
  const target = schedulingTarget(task, pid);
  if (target === null) return -Errno.ESRCH;
  const policy = (attrFlags & FLAG_KEEP_POLICY) != 0 ? target.policy : attr.u32(SchedAttr.sched_policy);
  if (!isKnown(policy)) return -Errno.EINVAL;
  let nice = attr.i32(SchedAttr.sched_nice);
  let priority = <i32>attr.u32(SchedAttr.sched_priority);
  if ((attrFlags & FLAG_KEEP_PARAMS) != 0) {
    nice = target.nice;
    priority = <i32>target.ownPriority;
  } else if (isRealtime(policy)) {
    nice = target.nice;
  } else {
    if (nice < -20) nice = -20;
    if (nice > 19) nice = 19;
  }
  return <i64>changePolicy(task, target, policy, priority, nice, (attrFlags & FLAG_RESET_ON_FORK) != 0);
}

/** sched_getattr(2) */
@sleeps export function sysSchedGetattr(task: Task, pid: i32, attr: UserOut, size: u32, flags: u32): i64 {
  if (attr.isNull || size > 4096 || size < FIRST_SIZE || pid < 0 || flags != 0) return -Errno.EINVAL;
  const target = schedulingTarget(task, pid);
  if (target === null) return -Errno.ESRCH;
  const stored = min<u32>(size, SchedAttr.SIZE);
  if (attr.fill(0, 0, <i32>stored) < 0) return -Errno.EFAULT;
  const isRt = isRealtime(target.policy);
  const isStored = attr.writeU32(<u64>SchedAttr.size, stored) == 0
    && attr.writeU32(<u64>SchedAttr.sched_policy, target.policy) == 0
    && attr.writeU64(<u64>SchedAttr.sched_flags, target.resetsSchedulingOnFork ? FLAG_RESET_ON_FORK : 0) == 0
    && attr.writeI32(<u64>SchedAttr.sched_nice, isRt ? 0 : target.nice) == 0
    && attr.writeU32(<u64>SchedAttr.sched_priority, target.ownPriority) == 0;
  return isStored ? 0 : -Errno.EFAULT;
}
