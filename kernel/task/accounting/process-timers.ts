// The timers of a process as data: ITIMER_REAL, the timers on CPU time, POSIX timers (setitimer(2), timer_create(2)). What
// happens when they expire is in interval-timer.ts, cpu-timers.ts and posix-timer.ts. Nothing sleeps or allocates.

import { monotonicNs, realtimeNs } from "../../time/clock";
import { Timer, armTimer, nextPeriod } from "../../time/timer";
import { WallTimer, armWallTimer, cancelWallTimer } from "../../time/wall-timer";
import { SignalInfo } from "../signal/signal-info";
import { ClockId } from "../../abi/time";
import { UserAccount } from "./user-account";

/** ITIMER_REAL. */
export abstract class RealTimer extends Timer {
  intervalNs: u64 = 0;
}

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

/** A POSIX timer. */
export abstract class PosixTimer extends WallTimer {
  clock: i32 = 0;
  /** False for SIGEV_NONE. */
  isSignalling: bool = true;
  readonly info: SignalInfo = new SignalInfo();
  intervalNs: u64 = 0;
  /** Absolute deadline on the timer's clock; 0: not set. */
  deadline: u64 = 0;
  /** Expirations since the signal that is waiting, or that was taken last. */
  overruns: u64 = 0;
  lastOverruns: u64 = 0;
  isDeleted: bool = false;
  /** The user among whose pending signals it counts. */
  charged: UserAccount | null = null;
  next: PosixTimer | null = null;

  constructor(readonly id: i32) { super(); }

  /** Takes its signal back if that waits in a queue. */
  abstract withdrawSignal(): void;

  /** Arms it for `deadline`. */
  arm(): void {
    if (this.clock == ClockId.REALTIME || this.clock == ClockId.REALTIME_ALARM) armWallTimer(this, this.deadline);
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
  now(): u64 { return this.clock == ClockId.REALTIME || this.clock == ClockId.REALTIME_ALARM ? realtimeNs() : monotonicNs(); }

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
