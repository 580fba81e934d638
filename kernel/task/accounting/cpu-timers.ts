// Timers on CPU time: ITIMER_VIRTUAL, ITIMER_PROF, RLIMIT_CPU (setitimer(2), getrlimit(2)). They are looked at with each
// CPU sample, so their grain is 10 ms. Interrupt context; nothing sleeps or allocates.

import { nextPeriod } from "../../time/timer";
import { processCpuNs, processUserNs } from "./cpu-accounting";
import { Limit } from "./resource-limits";
import { Signal } from "../signal/signal-info";
import { signalProcess } from "../signal/signal";
import { Process } from "../process";
import { Task } from "../task";

@inline const NS_PER_SECOND: u64 = 1_000_000_000;

/** One interval timer on CPU time; `deadlineNs` 0: not running. */
@final
export class CpuTimer {
  deadlineNs: u64 = 0;
  intervalNs: u64 = 0;

  set(nowNs: u64, valueNs: u64, intervalNs: u64): void {
    this.deadlineNs = valueNs == 0 ? 0 : nowNs + valueNs;
    this.intervalNs = intervalNs;
  }

  remaining(nowNs: u64): u64 {
    if (this.deadlineNs == 0) return 0;
    return this.deadlineNs > nowNs ? this.deadlineNs - nowNs : 1;
  }

  /** True if the timer has fired. */
  check(nowNs: u64): bool {
    if (this.deadlineNs == 0 || nowNs < this.deadlineNs) return false;
    this.deadlineNs = this.intervalNs == 0 ? 0 : nextPeriod(this.deadlineNs, this.intervalNs, nowNs);
    return true;
  }
}

@final
export class CpuTimers {
  readonly virtual: CpuTimer = new CpuTimer();
  readonly profile: CpuTimer = new CpuTimer();
  /** CPU seconds at which SIGXCPU is due next. */
  nextLimitSeconds: u64 = 0;
}

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
