// Tasks for unit tests (`*.test.ts`): they have numbers, a group and a session, but no memory, and never run. Tests only.

import { Thread, ThreadRole } from "../sync/thread";
import { Credentials } from "../vfs/credentials";
import { ResourceLimits } from "./accounting/resource-limits";
import { initialNamespaces } from "./initial-namespaces";
import { Process } from "./process";
import { ProcessGroup, Session } from "./session";
import { SignalActions } from "./signal/signal-actions";
import { Task } from "./task";

@final
class NeverRuns extends ThreadRole {
  started(thread: Thread): void { unreachable(); }
  switchedIn(thread: Thread): void { unreachable(); }
}

/** A process with one thread, in `group`, or as the leader of a session of its own. */
export function makeProcess(group: ProcessGroup | null = null): Process {
  const pid = initialNamespaces.pids.allocate()!;
  const process = new Process(pid, ResourceLimits.initial(), initialNamespaces);
  if (group === null) new ProcessGroup(pid, new Session(pid)).add(process);
  else group.add(process);
  process.leader = addTask(process);
  return process;
}

/** One more thread of a process; its number is new unless it is the first. */
export function addTask(process: Process): Task {
  const pid = process.firstThread === null ? process.pid : initialNamespaces.pids.allocate()!;
  const task = new Task(new NeverRuns(), 1, pid, process, new Credentials(), new SignalActions());
  pid.task = task;
  process.addThread(task);
  return task;
}
