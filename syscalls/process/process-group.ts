// Process groups and sessions: setpgid(2), getpgid(2), setsid(2), getsid(2).

import { Errno } from "../../kernel/abi/errno";
import { Process } from "../../kernel/task/process";
import { ProcessGroup, Session } from "../../kernel/task/session";
import { Task } from "../../kernel/task/task";

/** getpgrp(2) */
export function sysGetpgrp(task: Task): i64 {
  return <i64>task.process.group.id;
}

/** The process with a thread of this number; the caller's for 0. */
function processOf(task: Task, pid: i32): Process | null {
  if (pid == 0) return task.process;
  const found = task.namespaces.pids.findTask(pid);
  if (found !== null) return found.process;
  return task.namespaces.pids.findProcess(pid);
}

/** getpgid(2) */
export function sysGetpgid(task: Task, pid: i32): i64 {
  const process = processOf(task, pid);
  return process === null ? -Errno.ESRCH : <i64>process.group.id;
}

/** getsid(2) */
export function sysGetsid(task: Task, pid: i32): i64 {
  const process = processOf(task, pid);
  return process === null ? -Errno.ESRCH : <i64>process.session.id;
}

/** setpgid(2) */
export function sysSetpgid(task: Task, pid: i32, pgid: i32): i64 {
  const caller = task.process;
  const id = pid == 0 ? caller.tgid : pid;
  const groupId = pgid == 0 ? id : pgid;
  if (groupId < 0) return -Errno.EINVAL;
  const process = task.namespaces.pids.findProcess(id);
  if (process === null) return task.namespaces.pids.findTask(id) === null ? -Errno.ESRCH : -Errno.EINVAL;
  if (process.parent === caller) {
    if (process.session !== caller.session) return -Errno.EPERM;
    if (process.hasExecuted) return -Errno.EACCES;
  } else if (process !== caller) {
    return -Errno.ESRCH;
  }
  // A session leader stays in its group.
  if (process.session.pid === process.pid) return -Errno.EPERM;
  return <i64>moveTo(process, caller, groupId);
}

function moveTo(process: Process, caller: Process, groupId: i32): i32 {
  if (process.group.id == groupId) return 0;
  let group: ProcessGroup | null = null;
  if (groupId == process.tgid) {
    group = process.pid.group;
    if (group === null) group = new ProcessGroup(process.pid, process.session);
  } else {
    const found = groupIn(caller, groupId);
    if (found === null) return -Errno.EPERM;
    group = found;
  }
  if (group.session !== process.session) return -Errno.EPERM;
  const old = process.group;
  // The new group first: the session must not end in between.
  old.remove(process);
  group.add(process);
  return 0;
}

function groupIn(caller: Process, id: i32): ProcessGroup | null {
  const group = caller.namespaces.pids.findGroup(id);
  return group !== null && group.session === caller.session ? group : null;
}

/** setsid(2) */
export function sysSetsid(task: Task): i64 {
  const process = task.process;
  const pid = process.pid;
  // A group of this number exists already (the caller leads it, or its members outlived an earlier leader).
  if (pid.group !== null) return -Errno.EPERM;
  const group = new ProcessGroup(pid, new Session(pid));
  process.group.remove(process);
  group.add(process);
  return <i64>pid.number;
}
