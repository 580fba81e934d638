// POSIX timers of a process (timer_create(2)). A timer owns one siginfo entry: while that waits in a queue, further
// expirations only count, and the timer starts again when the signal is taken, as Linux does. Interrupt context on
// expiry; nothing here sleeps.

import { Process } from "../process";
import { PosixTimer, PosixTimers } from "./process-timers";
import { Limit } from "./resource-limits";
import { SignalInfo } from "../signal/signal-info";
import { sendPreallocated } from "../signal/signal";
import { Task } from "../task";
import { SignalCode } from "../../abi/signal";

/** Each timer counts as a pending signal of its user, within RLIMIT_SIGPENDING; this bounds the list besides. */
@inline export const TIMERS_PER_PROCESS: i32 = 4096;
@inline const OVERRUN_LIMIT: u64 = 0x7fff_ffff;

/** A timer of a process, whose signal goes to that process or to one of its threads. */
@final
export class ProcessPosixTimer extends PosixTimer {
  /** `target`: the thread that gets the signal (SIGEV_THREAD_ID), or null. */
  constructor(readonly process: Process, readonly target: Task | null, id: i32) { super(id); }

  expired(): void {
    if (!this.isSignalling || this.isDeleted) return;
    if (this.info.isQueued) {
      this.overruns++;
      return;
    }
    this.overruns = 0;
    const isQueued = sendPreallocated(this.process, this.target, this.info);
    // An ignored signal is never taken, so nobody would start the timer again.
    if (!isQueued && this.intervalNs != 0) this.restart();
  }

  withdrawSignal(): void {
    if (!this.info.isQueued) return;
    const target = this.target;
    if (target !== null) target.pending.withdraw(this.info);
    else this.process.pending.withdraw(this.info);
  }
}

/**
 * A fresh, stopped timer of the task's process, whose signal goes to `target`, null: to the process. Null if that has too
 * many timers, or its user too many pending signals.
 */
export function createTimer(task: Task, target: Task | null): PosixTimer | null {
  const process = task.process;
  let timers = process.posixTimers;
  if (timers === null) {
    timers = new PosixTimers();
    process.posixTimers = timers;
  }
  if (timers.count >= TIMERS_PER_PROCESS) return null;
  const account = process.namespaces.users.of(task.credentials.uid);
  if (<u64>account.pendingSignals >= process.limits.soft[Limit.SIGPENDING]) {
    account.releaseIfUnused();
    return null;
  }
  account.pendingSignals++;
  const timer = new ProcessPosixTimer(process, target, timers.nextId);
  timer.charged = account;
  timers.nextId = (timers.nextId + 1) & 0x7fff_ffff;
  timers.count++;
  timer.next = timers.first;
  timers.first = timer;
  timer.info.isPreallocated = true;
  return timer;
}

/** Ends a timer and takes back its waiting signal. */
export function deleteTimer(process: Process, timer: PosixTimer): void {
  timer.stop();
  timer.isDeleted = true;
  const account = timer.charged;
  if (account !== null) {
    account.pendingSignals--;
    account.releaseIfUnused();
  }
  timer.withdrawSignal();
  const timers = process.posixTimers;
  if (timers !== null) timers.remove(timer);
}

/** exec and exit: all timers go. */
export function deleteAllTimers(process: Process): void {
  const timers = process.posixTimers;
  if (timers === null) return;
  let timer = timers.first;
  while (timer !== null) {
    deleteTimer(process, timer);
    timer = timers.first;
  }
  process.posixTimers = null;
}

/** The signal of a timer was taken: fills in the overruns and starts the next period. */
export function timerSignalTaken(process: Process, info: SignalInfo): void {
  const timers = process.posixTimers;
  if (timers === null || info.code != SignalCode.TIMER) return;
  const timer = timers.find(<i32><u32>info.word0);
  if (timer === null) return;
  if (timer.intervalNs != 0 && timer.deadline != 0 && !timer.isArmed) timer.overruns += timer.restart();
  timer.lastOverruns = timer.overruns > OVERRUN_LIMIT ? OVERRUN_LIMIT : timer.overruns;
  timer.overruns = 0;
  info.word0 = (info.word0 & 0xffff_ffff) | (timer.lastOverruns << 32);
}
