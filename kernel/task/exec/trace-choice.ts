// Which programs have their system calls traced (syscalls/dispatch/strace.ts): strace= on the command line names one, or all
// with "*". Children inherit it by fork; it is decided anew at exec for those that are not traced yet.

import { Task, Watch } from "../task";

@bootOnly let chosen: string = "";

/** Boot: the name as in /proc/PID/comm, or "*". */
export function chooseTraced(name: string): void {
  chosen = name;
}

/** After exec has given the task its name. */
export function considerTracing(task: Task): void {
  if (chosen.length == 0) return;
  if (chosen == "*" || task.nameText() == chosen) task.watch |= Watch.STRACE;
}
