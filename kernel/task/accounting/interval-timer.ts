// ITIMER_REAL of a process (setitimer(2), alarm(2)), and the end of all timers with the process. Nothing sleeps.

import { monotonicNs } from "../../time/clock";
import { armTimer, cancelTimer, nextPeriod } from "../../time/timer";
import { deleteAllTimers } from "./posix-timer";
import { Process } from "../process";
import { RealTimer } from "./process-timers";
import { signalProcess } from "../signal/signal";
import { Signal } from "../../abi/signal";

@final
class ProcessRealTimer extends RealTimer {
  constructor(readonly process: Process) { super(); }

  expired(): void {
    if (this.intervalNs != 0) armTimer(this, nextPeriod(this.key, this.intervalNs, monotonicNs()));
    signalProcess(this.process, Signal.ALRM);
  }
}

/** What is left of ITIMER_REAL, 0 when it is not running. */
export function realTimerRemaining(process: Process): u64 {
  const timer = process.realTimer;
  if (timer === null || !timer.isArmed) return 0;
  const now = monotonicNs();
  // A timer that is due but has not fired yet still runs.
  return timer.deadlineNs > now ? timer.deadlineNs - now : 1;
}

export function realTimerInterval(process: Process): u64 {
  const timer = process.realTimer;
  return timer === null ? 0 : timer.intervalNs;
}

/** Starts (valueNs > 0) or stops ITIMER_REAL. */
export function setRealTimer(process: Process, valueNs: u64, intervalNs: u64): void {
  let timer = process.realTimer;
  if (timer === null) {
    if (valueNs == 0) return;
    timer = new ProcessRealTimer(process);
    process.realTimer = timer;
  }
  timer.intervalNs = intervalNs;
  if (valueNs == 0) cancelTimer(timer);
  else armTimer(timer, monotonicNs() + valueNs);
}

/** The process has ended. */
export function endTimers(process: Process): void {
  const timer = process.realTimer;
  if (timer !== null) cancelTimer(timer);
  deleteAllTimers(process);
}
