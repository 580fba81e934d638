// Timers on CPU time: ITIMER_VIRTUAL, ITIMER_PROF, RLIMIT_CPU (setitimer(2), getrlimit(2)). They are looked at with each
// CPU sample, so their grain is 10 ms. Interrupt context; nothing sleeps or allocates.

import { processCpuNs, processUserNs } from "./cpu-accounting";
import { Limit } from "./resource-limits";
import { signalProcess } from "../signal/signal";
import { Process } from "../process";
import { CpuTimers } from "./process-timers";
import { Task } from "../task";
import { Signal } from "../../abi/signal";
import { NS_PER_SECOND } from "../../abi/time";

/** The process's CPU timers, made when first needed. */
export function cpuTimersOf(process: Process): CpuTimers {
  let timers = process.cpuTimers;
  if (timers === null) {
    timers = new CpuTimers();
    process.cpuTimers = timers;
  }
  return timers;
}

/** A sample of `task` was taken. */
export function checkCpuTimers(task: Task): void {
  const process = task.process;
  const timers = process.cpuTimers;
  if (timers === null || process.isZombie) return;
  const cpuNs = processCpuNs(process);
  if (timers.virtual.deadlineNs != 0 && timers.virtual.check(processUserNs(process))) signalProcess(process, Signal.VTALRM);
  if (timers.profile.check(cpuNs)) signalProcess(process, Signal.PROF);
  checkCpuLimit(process, timers, cpuNs);
}

function checkCpuLimit(process: Process, timers: CpuTimers, cpuNs: u64): void {
  const seconds = cpuNs / NS_PER_SECOND;
  if (seconds >= process.limits.hard[Limit.CPU]) {
    signalProcess(process, Signal.KILL);
    return;
  }
  const soft = process.limits.soft[Limit.CPU];
  if (seconds < soft || seconds < timers.nextLimitSeconds) return;
  timers.nextLimitSeconds = seconds + 1;
  signalProcess(process, Signal.XCPU);
}
