// getpriority(2) and setpriority(2): nice values of threads, groups and users.

import { Errno } from "../../kernel/abi/errno";
import { setScheduling } from "../../kernel/sync/scheduler";
import { Process } from "../../kernel/task/process";
import { Limit } from "../../kernel/task/accounting/resource-limits";
import { Task } from "../../kernel/task/task";
import { Capability } from "../../kernel/vfs/credentials";
import { isMoreCapable } from "./scheduling";

const PRIO_PROCESS: i32 = 0;
const PRIO_PGRP: i32 = 1;
const PRIO_USER: i32 = 2;

/** What is done to each task of a set. */
abstract class Visitor {
  found: bool = false;
  abstract visit(task: Task): void;
}

@final
class Lowest extends Visitor {
  /** 20 - nice, as the call returns it: the highest priority found. */
  result: i32 = 0;

  visit(task: Task): void {
    this.found = true;
    if (20 - task.nice > this.result) this.result = 20 - task.nice;
  }
}

@final
class Setter extends Visitor {
  error: i32 = 0;

  constructor(readonly caller: Task, readonly nice: i32) { super(); }

  visit(task: Task): void {
    this.found = true;
    const allowed = mayRenice(this.caller, task, this.nice);
    if (allowed < 0) this.error = allowed;
    else setScheduling(task, task.policy, task.ownPriority, this.nice);
  }
}

function mayRenice(caller: Task, target: Task, nice: i32): i32 {
  const own = caller.credentials;
  const isPrivileged = own.has(Capability.SYS_NICE);
  if (own.euid != target.credentials.euid && own.euid != target.credentials.uid && !isPrivileged) return -Errno.EPERM;
  if (isPrivileged) return 0;
  if (nice < target.nice && <u64>(20 - nice) > target.process.limits.soft[Limit.NICE]) return -Errno.EACCES;
  return isMoreCapable(target, caller) ? -Errno.EPERM : 0;
}

/** Visits the tasks that `which` and `who` name. 0 or -EINVAL. */
function visitAll(caller: Task, which: i32, who: u32, visitor: Visitor): i32 {
  switch (which) {
    case PRIO_PROCESS: {
      const task = who == 0 ? caller : caller.namespaces.pids.findTask(<i32>who);
      if (task !== null) visitor.visit(task);
      return 0;
    }
    case PRIO_PGRP: {
      const group = who == 0 ? caller.process.group : caller.namespaces.pids.findGroup(<i32>who);
      let member: Process | null = group === null ? null : group.first;
      while (member !== null) {
        visitThreads(member, visitor);
        member = member.groupNext;
      }
      return 0;
    }
    case PRIO_USER: {
      const uid = who == 0 ? caller.credentials.uid : who;
      let process = caller.namespaces.pids.nextProcess(1);
      while (process !== null) {
        const leader = process.leader;
        if (leader !== null && leader.credentials.uid == uid) visitThreads(process, visitor);
        process = caller.namespaces.pids.nextProcess(process.tgid + 1);
      }
      return 0;
    }
    default: return -Errno.EINVAL;
  }
}

function visitThreads(process: Process, visitor: Visitor): void {
  let task = process.firstThread;
  while (task !== null) {
    visitor.visit(task);
    task = task.threadNext;
  }
}

/** getpriority(2): 20 - nice, 1 … 40. */
export function sysGetpriority(task: Task, which: i32, who: u32): i64 {
  const lowest = new Lowest();
  const status = visitAll(task, which, who, lowest);
  if (status < 0) return <i64>status;
  return lowest.found ? <i64>lowest.result : -Errno.ESRCH;
}

/** setpriority(2) */
export function sysSetpriority(task: Task, which: i32, who: u32, priority: i32): i64 {
  const setter = new Setter(task, priority < -20 ? -20 : priority > 19 ? 19 : priority);
  const status = visitAll(task, which, who, setter);
  if (status < 0) return <i64>status;
  return setter.found ? <i64>setter.error : -Errno.ESRCH;
}
