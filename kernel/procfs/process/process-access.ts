// Who may look at another process through /proc: the rule of ptrace(2), "Ptrace access mode checking", for reading with
// file-system credentials. Pure checks; nothing here sleeps.

import { Task } from "../../task/task";
import { Capability } from "../../vfs/credentials";
import { currentTask } from "../../task/current";

/** True if the current task may read the inner state of `task`. */
export function mayInspect(task: Task): bool {
  const caller = currentTask();
  if (caller.process === task.process) return true;
  const own = caller.credentials;
  const other = task.credentials;
  if (own.has(Capability.SYS_PTRACE)) return true;
  const sameUser = own.fsuid == other.uid && own.fsuid == other.euid && own.fsuid == other.suid;
  const sameGroup = own.fsgid == other.gid && own.fsgid == other.egid && own.fsgid == other.sgid;
  return sameUser && sameGroup && task.process.dumpable == 1;
}

/** True if files of the task in /proc belong to its user; else they are root's (PR_SET_DUMPABLE). */
export function ownsItsFiles(task: Task): bool {
  return task.process.dumpable == 1;
}
