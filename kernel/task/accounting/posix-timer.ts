// POSIX timers of a process (timer_create(2)). A timer owns one siginfo entry: while that waits in a queue, further
// expirations only count, and the timer starts again when the signal is taken, as Linux does. Interrupt context on
// expiry; nothing here sleeps.

import { monotonicNs, realtimeNs } from "../../time/clock";
import { armTimer, nextPeriod } from "../../time/timer";
import { WallTimer, armWallTimer, cancelWallTimer } from "../../time/wall-timer";
import { Process } from "../process";
import { Limit } from "./resource-limits";
import { SignalCode, SignalInfo } from "../signal/signal-info";
import { sendPreallocated } from "../signal/signal";
import { Task } from "../task";
import { accountOf } from "./user-account";

/** Each timer counts as a pending signal of its user, within RLIMIT_SIGPENDING; this bounds the list besides. */
@inline export const TIMERS_PER_PROCESS: i32 = 4096;
@inline const OVERRUN_LIMIT: u64 = 0x7fff_ffff;

@final
export class PosixTimer extends WallTimer {
  clock: i32 = 0;
  /** False for SIGEV_NONE. */
  isSignalling: bool = true;
  /** SIGEV_THREAD_ID: the thread that gets the signal. */
  target: Task | null = null;
  readonly info: SignalInfo = new SignalInfo();
  intervalNs: u64 = 0;
  /** Absolute deadline on the timer's clock; 0: not set. */
  deadline: u64 = 0;
  /** Expirations since the signal that is waiting, or that was taken last. */
  overruns: u64 = 0;
  lastOverruns: u64 = 0;
  isDeleted: bool = false;
  /** The user among whose pending signals it counts. */
  chargedUid: u32 = 0;
  next: PosixTimer | null = null;

  constructor(readonly process: Process, readonly id: i32) { super(); }

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

  /** Arms it for `deadline`. */
  arm(): void {
    if (this.clock == 0 || this.clock == 8) armWallTimer(this, this.deadline);
    else armTimer(this, this.deadline);
  }

  /** Arms it for the first period after now; returns how many were passed over. */
  restart(): u64 {
    const now = this.now();
    const before = this.deadline;
    this.deadline = nextPeriod(before, this.intervalNs, now);
    this.arm();
    return (this.deadline - before) / this.intervalNs - 1;
  }

  /** The timer's clock, now. */
  now(): u64 { return this.clock == 0 || this.clock == 8 ? realtimeNs() : monotonicNs(); }

  /** What is left until the next expiry, 0 when it is not set. */
  remaining(): u64 {
    if (this.deadline == 0) return 0;
    const now = this.now();
    if (this.deadline > now) return this.deadline - now;
    if (this.intervalNs != 0) return nextPeriod(this.deadline, this.intervalNs, now) - now;
    return this.isArmed ? 1 : 0;
  }

  stop(): void {
    cancelWallTimer(this);
    this.deadline = 0;
  }
}

@final
export class PosixTimers {
  first: PosixTimer | null = null;
  count: i32 = 0;
  nextId: i32 = 0;

  find(id: i32): PosixTimer | null {
    let timer = this.first;
    while (timer !== null && timer.id != id) timer = timer.next;
    return timer;
  }

  remove(timer: PosixTimer): void {
    let previous: PosixTimer | null = null;
    let candidate = this.first;
    while (candidate !== null && candidate !== timer) {
      previous = candidate;
      candidate = candidate.next;
    }
    if (candidate === null) return;
    if (previous === null) this.first = timer.next;
    else previous.next = timer.next;
    this.count--;
  }
}

/** A fresh, stopped timer of the task's process; null if that has too many, or its user too many pending signals. */
export function createTimer(task: Task): PosixTimer | null {
  const process = task.process;
  let timers = process.posixTimers;
  if (timers === null) {
    timers = new PosixTimers();
    process.posixTimers = timers;
  }
  if (timers.count >= TIMERS_PER_PROCESS) return null;
  const account = accountOf(task.credentials.uid);
  if (<u64>account.pendingSignals >= process.limits.soft[Limit.SIGPENDING]) {
    account.releaseIfUnused();
    return null;
  }
  account.pendingSignals++;
  const timer = new PosixTimer(process, timers.nextId);
  timer.chargedUid = account.uid;
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
  const account = accountOf(timer.chargedUid);
  account.pendingSignals--;
  account.releaseIfUnused();
  if (timer.info.isQueued) {
    const target = timer.target;
    if (target !== null) target.pending.withdraw(timer.info);
    else process.pending.withdraw(timer.info);
  }
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
