// The scheduler of one CPU: a fair class ordered by virtual run time, the real-time classes above it, idle below.
//
// Invariants: the current thread (`Cpu.thread`) runs and is in no queue; every other RUNNABLE thread is in exactly one. There is no
// periodic tick for scheduling: a slice timer runs only while somebody else is runnable. Waking never switches by itself; it asks for a
// reschedule, which happens on the way back to user mode or in the idle loop. Real-time threads may use at most
// 95 % of each second, as in Linux, so that a runaway leaves the system usable (sched(7)).

import { monotonicNs, nsToTicks, ticks } from "../time/clock";
import { Timer, armTimer } from "../time/timer";
import { collectIfNeeded } from "../runtime/heap/heap";
import { Event, Trace, trace, traceMask, traceSwitch } from "../trace/trace";
import { Cpu, cpu } from "./cpu";
import { idleUntilInterrupt, letInterruptsIn, releaseSlot, setWorkPending, switchToSlot } from "./stack-slots";
import { SchedulingPolicy, Thread, ThreadState, WEIGHT_OF_NICE_0, weightOfNice } from "./thread";
import { WaitEntry } from "./wait-queue";

/** How long a fair thread runs while others wait. */
@inline const FAIR_SLICE_NS: u64 = 3_000_000;
/** sched_rr_get_interval(2) */
@inline export const ROUND_ROBIN_SLICE_NS: u64 = 100_000_000;
/** sched_rt_period_us and sched_rt_runtime_us (sched(7)). */
@inline const REALTIME_PERIOD_NS: u64 = 1_000_000_000;
@inline const REALTIME_RUNTIME_NS: u64 = 950_000_000;
/** Credit that a sleeper gets when it wakes. */
@inline const SLEEPER_CREDIT_NS: u64 = 2_000_000;
/** Lead that a woken thread needs to pre-empt. */
@inline const WAKEUP_GRANULARITY_NS: u64 = 1_000_000;

/** A thread asleep in `waitOn` and its relatives. */
@final
class ThreadWaiter extends WaitEntry {
  constructor(readonly thread: Thread) {
    super();
    this.isExclusive = true;
  }

  woken(): void { wakeThread(this.thread); }
}

/** The time-out of a sleep. */
@final
class SleepTimer extends Timer {
  constructor(readonly thread: Thread) { super(); }

  expired(): void { wakeThread(this.thread); }
}

@final
class SliceTimer extends Timer {
  expired(): void { sliceExpired(); }
}

@bootOnly let fairSliceTicks: u64 = 3_000_000;
@bootOnly let roundRobinTicks: u64 = 100_000_000;
@bootOnly let creditTicks: u64 = 2_000_000;
@bootOnly let granularityTicks: u64 = 1_000_000;
@bootOnly let realtimePeriodTicks: u64 = 1_000_000_000;
@bootOnly let realtimeRuntimeTicks: u64 = 950_000_000;

/** Call after `initClock`. */
export function initScheduler(): void {
  fairSliceTicks = nsToTicks(FAIR_SLICE_NS);
  roundRobinTicks = nsToTicks(ROUND_ROBIN_SLICE_NS);
  creditTicks = nsToTicks(SLEEPER_CREDIT_NS);
  granularityTicks = nsToTicks(WAKEUP_GRANULARITY_NS);
  realtimePeriodTicks = nsToTicks(REALTIME_PERIOD_NS);
  realtimeRuntimeTicks = nsToTicks(REALTIME_RUNTIME_NS);
  const self = cpu;
  const idle = self.idleThread;
  equip(idle);
  idle.switchedInTsc = ticks();
  self.periodStart = idle.switchedInTsc;
  self.sliceTimer = new SliceTimer();
}

/** Ends a sleep of any kind except a job-control stop. No effect on threads that are awake. Interrupt context allowed. */
export function wakeThread(thread: Thread): void {
  const state = thread.state;
  if (state == ThreadState.RUNNABLE || state >= ThreadState.STOPPED) return;
  makeRunnable(thread);
}

/** Wakes for a signal: interruptible sleeps end, and any killable one if `killPending`. */
export function wakeForSignal(thread: Thread): void {
  const state = thread.state;
  if (state == ThreadState.INTERRUPTIBLE || (thread.killPending && state == ThreadState.KILLABLE)) makeRunnable(thread);
}

/** Puts a thread that is neither running nor queued into the run queue: a new one, a sleeper, a stopped one. */
export function makeRunnable(thread: Thread): void {
  if (traceMask & Trace.SCHEDULER) trace(Event.WAKE, thread.traceId, 0);
  thread.state = ThreadState.RUNNABLE;
  // It went to sleep but has not left the CPU yet (an interrupt inside the idle window cannot see this; a wake-up
  // by its own system call can).
  const self = cpu;
  if (thread === self.thread) return;
  if (thread.isQueued) return;
  if (thread.realtimePriority == 0) {
    const floor = self.minimumVirtual - creditTicks;
    if (thread.key < floor) thread.key = floor;
  }
  enqueue(self, thread, false);
  considerPreemption(self, thread);
}

/** True if the way back to user mode should call `schedule`. */
@inline
export function isRescheduleNeeded(): bool {
  return cpu.needsReschedule;
}

/** Gives the CPU to the best thread. Sleeps if the caller has set its state to something other than RUNNABLE. */
@sleeps export function schedule(): void {
  const self = cpu;
  const previous = self.thread;
  const now = ticks();
  account(self, previous, now);
  if (previous.state == ThreadState.RUNNABLE) {
    if (previous !== self.idleThread) requeue(self, previous);
  } else {
    previous.voluntarySwitches++;
  }
  self.needsReschedule = false;
  const next = pick(self, now);
  if (next === previous) {
    setWorkPending(next.hasReturnWork);
    return;
  }
  next.switchedInTsc = now;
  next.sliceTicks = 0;
  if (traceMask != 0) traceSwitch(next.traceId, previous.state);
  self.thread = next;
  self.switches++;
  if (self.runnable != 0 && !self.sliceTimer.isArmed) armSlice(self);
  next.role.switchedIn(next);
  setWorkPending(next.hasReturnWork);
  switchToSlot(next.slot);
  finishSwitch();
}

/** sched_yield(2). */
@sleeps export function yieldNow(): void {
  const self = cpu;
  const thread = self.thread;
  if (self.runnable == 0) return;
  if (thread.realtimePriority == 0) {
    account(self, thread, ticks());
    const first = self.fair.first;
    if (first !== null && thread.key <= first.key) thread.key = first.key + 1;
  } else {
    thread.sliceTicks = u64.MAX_VALUE >> 1;
  }
  schedule();
}

/** First thing on a fresh stack, and after every switch. */
export function finishSwitch(): void {
  const self = cpu;
  const slot = self.deadSlot;
  if (slot != 0) {
    self.deadSlot = 0;
    releaseSlot(slot);
  }
}

/** Ends the current thread; its stack is reused. Does not return. */
@sleeps export function exitThread(): void {
  const self = cpu;
  const thread = self.thread;
  thread.state = ThreadState.DEAD;
  self.deadSlot = thread.slot;
  schedule();
  unreachable();
}

/** Something useful to do while nothing runs, in pieces of some microseconds. */
export abstract class IdleWork {
  /** Does one piece; false: nothing to do now. Does not sleep or allocate. */
  abstract run(): bool;
}

@bootOnly let idleWork: IdleWork | null = null;

/** Says what to do when idle (kernel/mm clears frames ahead of need). Boot only. */
export function setIdleWork(work: IdleWork): void {
  idleWork = work;
}

/** What the boot stack does for ever. */
@sleeps export function idleLoop(): void {
  while (true) {
    if (cpu.runnable != 0) {
      schedule();
      continue;
    }
    collectIfNeeded();
    const work = idleWork;
    if (work !== null && work.run()) letInterruptsIn();
    else if (cpu.runnable == 0) idleUntilInterrupt();
  }
}

/** Something must be done before `thread` goes (back) to user mode. */
export function requestReturnWork(thread: Thread): void {
  thread.hasReturnWork = true;
  if (thread === cpu.thread) setWorkPending(true);
}

/** The current thread has done what was asked for; called with nothing left to do. */
export function returnWorkDone(): void {
  const self = cpu;
  self.thread.hasReturnWork = false;
  setWorkPending(self.needsReschedule);
}

/** Changes class, priority or nice value of any live thread. */
export function setScheduling(thread: Thread, policy: u32, realtimePriority: u32, nice: i32): void {
  thread.policy = policy;
  thread.ownPriority = realtimePriority;
  thread.nice = nice;
  thread.weight = policy == SchedulingPolicy.IDLE ? 3 : weightOfNice(nice);
  applyPriority(thread);
}

/** Sets the priority that waiters lend the thread, 0: none. True if that changed what it is scheduled by. */
export function inheritPriority(thread: Thread, priority: u32): bool {
  if (thread.inheritedPriority == priority) return false;
  const before = thread.realtimePriority;
  thread.inheritedPriority = priority;
  applyPriority(thread);
  return thread.realtimePriority != before;
}

function applyPriority(thread: Thread): void {
  const self = cpu;
  const wasQueued = thread.isQueued;
  if (wasQueued) dequeue(self, thread);
  const wasRealtime = thread.realtimePriority != 0;
  const realtimePriority = max<u32>(thread.ownPriority, thread.inheritedPriority);
  thread.realtimePriority = realtimePriority;
  if (wasRealtime && realtimePriority == 0) thread.key = self.minimumVirtual;
  if (wasQueued) {
    enqueue(self, thread, false);
    considerPreemption(self, thread);
  } else if (thread === self.thread && self.runnable != 0) {
    askReschedule(self);
  }
}

/** Starts a new thread with the parent's place in virtual time. Allocates. */
export function startThread(thread: Thread, parent: Thread): void {
  equip(thread);
  thread.key = max(parent.key, cpu.minimumVirtual);
  makeRunnable(thread);
}

/** What the thread needs to sleep. */
function equip(thread: Thread): void {
  thread.waiter = new ThreadWaiter(thread);
  thread.sleepTimer = new SleepTimer(thread);
}

/** CPU time of a thread in ticks, the running slice included. */
export function cpuTicksOf(thread: Thread): u64 {
  return thread === cpu.thread ? thread.cpuTicks + (ticks() - thread.switchedInTsc) : thread.cpuTicks;
}

export function contextSwitches(): u64 { return cpu.switches; }
/** Ticks spent idle. */
export function idleTimeTicks(): u64 { return cpuTicksOf(cpu.idleThread); }
/** Threads that run or could run, the current one included. */
export function runnableCount(): u32 { return isIdle() ? cpu.runnable : cpu.runnable + 1; }
/** True while nothing runs. */
export function isIdle(): bool {
  const self = cpu;
  return self.thread === self.idleThread;
}

function account(self: Cpu, thread: Thread, now: u64): void {
  const used = now - thread.switchedInTsc;
  thread.switchedInTsc = now;
  thread.cpuTicks += used;
  thread.sliceTicks += used;
  if (thread.realtimePriority != 0) self.realtimeUsed += used;
  const weight = thread.weight;
  // The key of a queued thread must not move; the current thread is in no queue.
  thread.key += weight == WEIGHT_OF_NICE_0 ? used : used * WEIGHT_OF_NICE_0 / weight;
}

/** The running thread gives way but can go on. */
function requeue(self: Cpu, thread: Thread): void {
  if (self.needsReschedule) thread.involuntarySwitches++;
  const keepsTurn = thread.policy == SchedulingPolicy.FIFO
    ? thread.sliceTicks < u64.MAX_VALUE >> 1
    : thread.sliceTicks < roundRobinTicks;
  enqueue(self, thread, keepsTurn);
}

function enqueue(self: Cpu, thread: Thread, atFront: bool): void {
  thread.isQueued = true;
  self.runnable++;
  if (thread.realtimePriority == 0) self.fair.insert(thread);
  else if (atFront) self.realtime.pushFront(thread);
  else self.realtime.pushBack(thread);
}

function dequeue(self: Cpu, thread: Thread): void {
  thread.isQueued = false;
  self.runnable--;
  if (thread.realtimePriority == 0) self.fair.remove(thread);
  else self.realtime.remove(thread);
}

/** True while real-time threads have used up their share of the period and fair ones wait. */
function isThrottled(self: Cpu, now: u64): bool {
  if (now - self.periodStart >= realtimePeriodTicks) {
    self.periodStart = now;
    self.realtimeUsed = 0;
    return false;
  }
  return self.realtimeUsed >= realtimeRuntimeTicks && self.fair.first !== null;
}

function pick(self: Cpu, now: u64): Thread {
  if (!self.realtime.isEmpty && !isThrottled(self, now)) {
    const urgent = self.realtime.takeFirst();
    if (urgent !== null) {
      urgent.isQueued = false;
      self.runnable--;
      return urgent;
    }
  }
  const first = self.fair.first;
  if (first === null) return self.idleThread;
  self.fair.remove(first);
  const thread = <Thread>first;
  thread.isQueued = false;
  self.runnable--;
  if (thread.key > self.minimumVirtual) self.minimumVirtual = thread.key;
  return thread;
}

/** `thread` has become runnable: does it displace the one that runs? */
function considerPreemption(self: Cpu, thread: Thread): void {
  const running = self.thread;
  if (running === self.idleThread) {
    self.needsReschedule = true;
    return;
  }
  if (thread.realtimePriority != running.realtimePriority) {
    if (thread.realtimePriority > running.realtimePriority) askReschedule(self);
  } else if (thread.realtimePriority == 0) {
    const virtualNow = running.key + (ticks() - running.switchedInTsc);
    if (thread.key + granularityTicks < virtualNow && thread.policy != SchedulingPolicy.BATCH) askReschedule(self);
  }
  if (!self.sliceTimer.isArmed) armSlice(self);
}

function askReschedule(self: Cpu): void {
  self.needsReschedule = true;
  setWorkPending(true);
}

function armSlice(self: Cpu): void {
  armTimer(self.sliceTimer, monotonicNs() + FAIR_SLICE_NS);
}

function sliceExpired(): void {
  const self = cpu;
  const running = self.thread;
  if (self.runnable == 0 || running === self.idleThread) return;
  const now = ticks();
  account(self, running, now);
  const used = running.sliceTicks;
  if (running.realtimePriority != 0 && isThrottled(self, now)) {
    askReschedule(self);
    armSlice(self);
    return;
  }
  const isOver = running.realtimePriority == 0
    ? self.realtime.isEmpty == false || used >= fairSliceTicks
    : self.realtime.highest > running.realtimePriority
      || (running.policy == SchedulingPolicy.ROUND_ROBIN && used >= roundRobinTicks);
  if (isOver) askReschedule(self);
  armSlice(self);
}
