// What tasks do as threads of the scheduler: their first steps, and what becomes current when they get the CPU.

import { ignore } from "../../runtime/ignore";
import { Thread, ThreadRole } from "../../sync/thread";
import { ensureSampling } from "../accounting/cpu-sampling";
import { isInterrupted } from "../restartable-sequence";
import { Task } from "../task";
import { taskCpu } from "../current";

export class TaskRole extends ThreadRole {
  /** The first steps of a new task on its own kernel stack, before it goes to user mode. Sleeps (page fault). */
  @sleeps started(thread: Thread): void {
    const task = <Task>thread;
    const address = task.setChildTid;
    if (address == 0) return;
    task.setChildTid = 0;
    ignore(task.arguments.out0.claim(address).writeI32(0, task.tid));
  }

  switchedIn(thread: Thread): void {
    const task = <Task>thread;
    taskCpu.task = task;
    if (task.hasSpace) task.space.activate();
    if (task.rseqAddress != 0 && isInterrupted(task)) {
      task.isSequenceBroken = true;
      task.hasReturnWork = true;
    }
    ensureSampling();
  }
}

/** The role of all tasks but the first. */
@constant export const taskRole: TaskRole = new TaskRole();
