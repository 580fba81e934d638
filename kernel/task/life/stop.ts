// Job-control stops (signal(7), waitpid(2)): a process stops when all its threads have, and says so to its parent.
//
// A stop begins with `beginStop` by the thread that took the signal; each thread calls `takePart` on its way to user
// mode and sleeps there until SIGCONT or a fatal signal. Nothing here allocates but for the parent's SIGCHLD.

import { makeRunnable, schedule } from "../../sync/scheduler";
import { ThreadState } from "../../sync/thread";
import { notifyParentOfStop } from "./child-notification";
import { Process } from "../process";
import { updateSignalPending, wakeTask } from "../signal/signal";
import { Task } from "../task";
import { Signal, SignalCode } from "../../abi/signal";

/** Asks every thread of the process to stop. */
export function beginStop(process: Process, number: i32): void {
  if (process.isGroupExiting || process.isStopping) return;
  process.isStopping = true;
  process.isStopped = false;
  process.stopSignal = number;
  process.hasUnreportedContinue = false;
  let task = process.firstThread;
  while (task !== null) {
    if (!task.isExiting) wakeTask(task);
    task = task.threadNext;
  }
}

/** Stops the current task while its process is stopping or stopped. Sleeps. */
@sleeps export function takePart(task: Task): void {
  const process = task.process;
  if (process.isStopping && !task.killPending) {
    task.state = ThreadState.STOPPED;
    checkAllStopped(process);
    // The parent's SIGCHLD may have been the thing that lets this process go on.
    if (task.state == ThreadState.STOPPED) schedule();
  }
  updateSignalPending(task);
}

/** A thread has stopped or ended: is the process as a whole stopped now? */
export function checkAllStopped(process: Process): void {
  if (!process.isStopping || process.isStopped) return;
  let task = process.firstThread;
  while (task !== null) {
    if (!task.isExiting && task.state != ThreadState.STOPPED) return;
    task = task.threadNext;
  }
  process.isStopped = true;
  process.hasUnreportedStop = true;
  notifyParentOfStop(process, SignalCode.CLD_STOPPED, process.stopSignal);
}

/** SIGCONT was sent: a stop ends, or does not come about. */
export function continueProcess(process: Process): void {
  if (!process.isStopping) return;
  const wasStopped = process.isStopped;
  process.isStopping = false;
  process.isStopped = false;
  process.hasUnreportedStop = false;
  let task = process.firstThread;
  while (task !== null) {
    if (task.state == ThreadState.STOPPED) makeRunnable(task);
    task = task.threadNext;
  }
  if (wasStopped) {
    process.hasUnreportedContinue = true;
    notifyParentOfStop(process, SignalCode.CLD_CONTINUED, Signal.CONT);
  }
}
