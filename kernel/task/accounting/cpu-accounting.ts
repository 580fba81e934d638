// CPU time of tasks and processes: totals from the time-stamp counter at each switch, split into user and system time
// by sampling (cpu-sampling.ts; getrusage(2), times(2)). Nothing sleeps or allocates.

import { ticksToNs } from "../../time/clock";
import { cpuTicksOf } from "../../sync/scheduler";
import { userShare } from "./cpu-split";
import { Process } from "../process";
import { Task } from "../task";

export function taskCpuNs(task: Task): u64 { return ticksToNs(cpuTicksOf(task)); }
export function taskUserNs(task: Task): u64 { return userShare(taskCpuNs(task), task.userSamples, task.systemSamples); }
/** The rest. The user part is taken first: the total may have grown in between, but never shrinks. */
export function taskSystemNs(task: Task): u64 {
  const user = taskUserNs(task);
  return taskCpuNs(task) - user;
}

/** CPU time of all threads of a process, ended ones included. */
export function processCpuNs(process: Process): u64 {
  let total = process.deadCpuTicks;
  let task = process.firstThread;
  while (task !== null) {
    total += cpuTicksOf(task);
    task = task.threadNext;
  }
  return ticksToNs(total);
}

export function processUserNs(process: Process): u64 {
  let user = process.deadUserSamples;
  let system = process.deadSystemSamples;
  let task = process.firstThread;
  while (task !== null) {
    user += task.userSamples;
    system += task.systemSamples;
    task = task.threadNext;
  }
  return userShare(processCpuNs(process), user, system);
}

export function processSystemNs(process: Process): u64 {
  const user = processUserNs(process);
  return processCpuNs(process) - user;
}

/** Adds what an ending thread used to its process. */
export function accountDeadThread(process: Process, task: Task): void {
  process.deadCpuTicks += cpuTicksOf(task);
  process.deadUserSamples += task.userSamples;
  process.deadSystemSamples += task.systemSamples;
  process.deadMinorFaults += task.minorFaults;
  process.deadMajorFaults += task.majorFaults;
  process.deadVoluntary += task.voluntarySwitches;
  process.deadInvoluntary += task.involuntarySwitches;
}

/** Adds a child that was waited for to the parent's account of children. */
export function accountReapedChild(parent: Process, child: Process): void {
  parent.childUserNs += processUserNs(child) + child.childUserNs;
  parent.childSystemNs += processSystemNs(child) + child.childSystemNs;
  parent.childMinorFaults += child.deadMinorFaults + child.childMinorFaults;
  parent.childMajorFaults += child.deadMajorFaults + child.childMajorFaults;
  parent.childVoluntary += child.deadVoluntary + child.childVoluntary;
  parent.childInvoluntary += child.deadInvoluntary + child.childInvoluntary;
  const peak = child.peakPages > child.childPeakPages ? child.peakPages : child.childPeakPages;
  if (peak > parent.childPeakPages) parent.childPeakPages = peak;
}
