// Samples of where tasks spend their time: in user mode or in the kernel.
//
// While a task runs, a timer fires every 10 ms. The kernel keeps interrupts off, so a moment that falls into it is noticed
// on the way back to user mode: the interrupted user instruction is then the one after `syscall`, which is how such
// a sample is told apart (rcx still equals rip). After a page fault it is the instruction that met the fault. The timers on
// CPU time are looked at with each sample. Nothing sleeps or allocates.

import { monotonicNs } from "../../time/clock";
import { Timer, armTimer } from "../../time/timer";
import { isIdle } from "../../sync/scheduler";
import { checkCpuTimers } from "./cpu-timers";
import { currentTask } from "../task";
import { Register, getRegister } from "../user-registers";

@inline const SAMPLE_NS: u64 = 10_000_000;

@final
class SampleTimer extends Timer {
  expired(): void {
    if (isIdle()) return;
    const task = currentTask;
    const at = getRegister(task, Register.RIP);
    if (getRegister(task, Register.RCX) == at || task.faultAddress == at) task.systemSamples++;
    else task.userSamples++;
    task.faultAddress = 0;
    checkCpuTimers(task);
    armTimer(this, monotonicNs() + SAMPLE_NS);
  }
}

const sampleTimer = new SampleTimer();

/** A task is about to run: sampling goes on. */
@inline
export function ensureSampling(): void {
  if (!sampleTimer.isArmed) armTimer(sampleTimer, monotonicNs() + SAMPLE_NS);
}
