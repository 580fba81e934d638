// Samples of where tasks spend their time: in user mode or in the kernel.
//
// While a task runs, a timer fires every 10 ms. The kernel keeps interrupts off, so a moment that falls into it is noticed
// on the way back to user mode: the interrupted user instruction is then the one after the system call, which is how such
// a sample is told apart. After a page fault it is the instruction that met the fault. The timers on
// CPU time are looked at with each sample. Nothing sleeps or allocates.

import { monotonicNs } from "../../time/clock";
import { Timer, armTimer } from "../../time/timer";
import { isIdle } from "../../sync/scheduler";
import { checkCpuTimers } from "./cpu-timers";
import { currentTask, taskCpu } from "../current";

@inline const SAMPLE_NS: u64 = 10_000_000;

@final
class SampleTimer extends Timer {
  expired(): void {
    if (isIdle()) return;
    const task = currentTask();
    const user = task.user;
    if (user.isAfterCall || task.faultAddress == user.programCounter) task.systemSamples++;
    else task.userSamples++;
    task.faultAddress = 0;
    checkCpuTimers(task);
    armTimer(this, monotonicNs() + SAMPLE_NS);
  }
}

/** A task is about to run: sampling goes on. */
@inline
export function ensureSampling(): void {
  const timer = taskCpu.sampleTimer;
  if (!timer.isArmed) armTimer(timer, monotonicNs() + SAMPLE_NS);
}

/** Makes the timer. Boot. */
export function initSampling(): void {
  taskCpu.sampleTimer = new SampleTimer();
}
