// The task part of a CPU: which task it serves.

import { Cpu, installCpu } from "../sync/cpu";
import { Timer } from "../time/timer";
import { Task } from "./task";

@final
export class TaskCpu extends Cpu {
  /** The task whose user context is loaded; it stays when the idle thread runs. None before the first task. */
  task!: Task;
  /** Fires while tasks run (accounting/cpu-sampling.ts, which makes it). */
  sampleTimer!: Timer;
}

/** The CPU that runs this code: the same object as `cpu` (kernel/sync/cpu.ts), with what tasks need. */
@thisCpu export let taskCpu: TaskCpu = new TaskCpu(0);

installCpu(taskCpu);

/** The task whose system call, fault or signal is being handled. */
@inline
export function currentTask(): Task {
  return taskCpu.task;
}
