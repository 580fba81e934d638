// The scheduler of one CPU: a fair class ordered by virtual run time, the real-time classes above it, idle below.
//
// Invariants: `currentThread` runs and is in no queue; every other RUNNABLE thread is in exactly one. There is no
// periodic tick: a slice timer runs only while somebody else is runnable. Waking never switches by itself; it asks for a
// reschedule, which happens on the way back to user mode or in the idle loop. Real-time threads may use at most
// 95 % of each second, as in Linux, so that a runaway leaves the system usable (sched(7)).

import { monotonicNs, nsToTicks, ticks } from "../time/clock";
import { PairingHeap } from "../time/pairing-heap";
import { Timer, armTimer } from "../time/timer";
import { collectIfNeeded } from "../runtime/heap/heap";
import { Event, Trace, trace, traceMask, traceSwitch } from "../trace/trace";
import { RealtimeQueue } from "./realtime-queue";
import { idleUntilInterrupt, letInterruptsIn, releaseSlot, setWorkPending, switchToSlot } from "./stack-slots";
import { SchedulingPolicy, Thread, ThreadRole, ThreadState, WEIGHT_OF_NICE_0 } from "./thread";
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
/** Virtual time starts here, so that credits never wrap below zero. */
@inline export const VIRTUAL_START: u64 = 0x100_0000_0000;

/** The role of the boot stack's thread, which runs when nobody else can. */
@final
export class IdleRole extends ThreadRole {
  started(thread: Thread): void { unreachable(); }
  switchedIn(thread: Thread): void {}
}

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

const idleThread: Thread = new Thread(new IdleRole());
/** The thread that runs. */
export let currentThread: Thread = idleThread;

const fair = new PairingHeap();
const realtime = new RealtimeQueue();
const sliceTimer = new SliceTimer();
/** A switch is due on the way back to user mode. */
let needsReschedule: bool = false;
/** Least virtual run time of all fair threads; never decreases. */
let minimumVirtual: u64 = VIRTUAL_START;
/** Slot of a thread that has just ended, to be released from another stack. */
let deadSlot: u32 = 0;
let fairSliceTicks: u64 = 3_000_000;
let roundRobinTicks: u64 = 100_000_000;
let creditTicks: u64 = 2_000_000;
let granularityTicks: u64 = 1_000_000;
let realtimePeriodTicks: u64 = 1_000_000_000;
let realtimeRuntimeTicks: u64 = 950_000_000;
/** When the current period of real-time throttling began, and what real-time threads have used of it. */
let periodStart: u64 = 0;
let realtimeUsed: u64 = 0;
let switches: u64 = 0;
let idleTicks: u64 = 0;
let runnable: u32 = 0;

/** Call after `initClock`. */
export function initScheduler(): void {
  fairSliceTicks = nsToTicks(FAIR_SLICE_NS);
  roundRobinTicks = nsToTicks(ROUND_ROBIN_SLICE_NS);
  creditTicks = nsToTicks(SLEEPER_CREDIT_NS);
  granularityTicks = nsToTicks(WAKEUP_GRANULARITY_NS);
  realtimePeriodTicks = nsToTicks(REALTIME_PERIOD_NS);
  realtimeRuntimeTicks = nsToTicks(REALTIME_RUNTIME_NS);
  equip(idleThread);
  idleThread.switchedInTsc = ticks();
  periodStart = idleThread.switchedInTsc;
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
  if (thread === currentThread) return;
  if (thread.isQueued) return;
  if (thread.realtimePriority == 0) {
    const floor = minimumVirtual - creditTicks;
    if (thread.key < floor) thread.key = floor;
  }
  enqueue(thread, false);
  considerPreemption(thread);
}

/** True if the way back to user mode should call `schedule`. */
@inline
export function isRescheduleNeeded(): bool {
  return needsReschedule;
}

/** Gives the CPU to the best thread. Sleeps if the caller has set its state to something other than RUNNABLE. */
export function schedule(): void {
  const previous = currentThread;
  const now = ticks();
  account(previous, now);
  if (previous.state == ThreadState.RUNNABLE) {
    if (previous !== idleThread) requeue(previous);
  } else {
    previous.voluntarySwitches++;
  }
  needsReschedule = false;
  const next = pick(now);
  if (next === previous) {
    setWorkPending(next.hasReturnWork);
    return;
  }
  next.switchedInTsc = now;
  next.sliceTicks = 0;
  if (traceMask != 0) traceSwitch(next.traceId, previous.state);
  currentThread = next;
  switches++;
  if (runnable != 0 && !sliceTimer.isArmed) armSlice();
  next.role.switchedIn(next);
  setWorkPending(next.hasReturnWork);
  switchToSlot(next.slot);
  finishSwitch();
}

/** sched_yield(2). */
export function yieldNow(): void {
  const thread = currentThread;
  if (runnable == 0) return;
  if (thread.realtimePriority == 0) {
    account(thread, ticks());
    const first = fair.first;
    if (first !== null && thread.key <= first.key) thread.key = first.key + 1;
  } else {
    thread.sliceTicks = u64.MAX_VALUE >> 1;
  }
  schedule();
}

/** First thing on a fresh stack, and after every switch. */
export function finishSwitch(): void {
  const slot = deadSlot;
  if (slot != 0) {
    deadSlot = 0;
    releaseSlot(slot);
  }
}

/** Ends the current thread; its stack is reused. Does not return. */
export function exitThread(): void {
  const thread = currentThread;
  thread.state = ThreadState.DEAD;
  deadSlot = thread.slot;
  schedule();
  unreachable();
}

/** Something useful to do while nothing runs, in pieces of some microseconds. */
export abstract class IdleWork {
  /** Does one piece; false: nothing to do now. Does not sleep or allocate. */
  abstract run(): bool;
}

let idleWork: IdleWork | null = null;

/** Says what to do when idle (kernel/mm clears frames ahead of need). Boot only. */
export function setIdleWork(work: IdleWork): void {
  idleWork = work;
}

/** What the boot stack does for ever. */
export function idleLoop(): void {
  while (true) {
    if (runnable != 0) {
      schedule();
      continue;
    }
    collectIfNeeded();
    const work = idleWork;
    if (work !== null && work.run()) letInterruptsIn();
    else if (runnable == 0) idleUntilInterrupt();
  }
}

/** Something must be done before `thread` goes (back) to user mode. */
export function requestReturnWork(thread: Thread): void {
  thread.hasReturnWork = true;
  if (thread === currentThread) setWorkPending(true);
}

/** The current thread has done what was asked for; called with nothing left to do. */
export function returnWorkDone(): void {
  currentThread.hasReturnWork = false;
  setWorkPending(needsReschedule);
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
  const wasQueued = thread.isQueued;
  if (wasQueued) dequeue(thread);
  const wasRealtime = thread.realtimePriority != 0;
  const realtimePriority = max<u32>(thread.ownPriority, thread.inheritedPriority);
  thread.realtimePriority = realtimePriority;
  if (wasRealtime && realtimePriority == 0) thread.key = minimumVirtual;
  if (wasQueued) {
    enqueue(thread, false);
    considerPreemption(thread);
  } else if (thread === currentThread && runnable != 0) {
    askReschedule();
  }
}

/** Starts a new thread with the parent's place in virtual time. Allocates. */
export function startThread(thread: Thread, parent: Thread): void {
  equip(thread);
  thread.key = parent.key > minimumVirtual ? parent.key : minimumVirtual;
  makeRunnable(thread);
}

/** What the thread needs to sleep. */
function equip(thread: Thread): void {
  thread.waiter = new ThreadWaiter(thread);
  thread.sleepTimer = new SleepTimer(thread);
}

/** CPU time of a thread in ticks, the running slice included. */
export function cpuTicksOf(thread: Thread): u64 {
  return thread === currentThread ? thread.cpuTicks + (ticks() - thread.switchedInTsc) : thread.cpuTicks;
}

/** Brings the accounting of the current thread up to now. */
export function accountCurrent(): void {
  account(currentThread, ticks());
}

export function contextSwitches(): u64 { return switches; }
/** Ticks spent idle. */
export function idleTimeTicks(): u64 { return cpuTicksOf(idleThread); }
/** Threads waiting for the CPU, the current one not counted. */
/** Threads that run or could run, the current one included. */
export function runnableCount(): u32 { return isIdle() ? runnable : runnable + 1; }
/** True while nothing runs. */
export function isIdle(): bool { return currentThread === idleThread; }

/**
 * Load weight: each step of nice is a factor of about 1.25, so that one step changes a thread's share against
 * another by ten per cent of the CPU (sched(7), "The nice value").
 */
export function weightOfNice(nice: i32): u32 {
  let weight: u64 = <u64>WEIGHT_OF_NICE_0 << 16;
  for (let n = nice; n < 0; n++) weight += weight >> 2;
  for (let n = nice; n > 0; n--) weight = (weight << 2) / 5;
  return <u32>((weight + 0x8000) >> 16);
}

function account(thread: Thread, now: u64): void {
  const used = now - thread.switchedInTsc;
  thread.switchedInTsc = now;
  thread.cpuTicks += used;
  thread.sliceTicks += used;
  if (thread.realtimePriority != 0) realtimeUsed += used;
  const weight = thread.weight;
  // The key of a queued thread must not move; the current thread is in no queue.
  thread.key += weight == WEIGHT_OF_NICE_0 ? used : used * WEIGHT_OF_NICE_0 / weight;
}

/** The running thread gives way but can go on. */
function requeue(thread: Thread): void {
  if (needsReschedule) thread.involuntarySwitches++;
  const keepsTurn = thread.policy == SchedulingPolicy.FIFO
    ? thread.sliceTicks < u64.MAX_VALUE >> 1
    : thread.sliceTicks < roundRobinTicks;
  enqueue(thread, keepsTurn);
}

function enqueue(thread: Thread, atFront: bool): void {
  thread.isQueued = true;
  runnable++;
  if (thread.realtimePriority == 0) fair.insert(thread);
  else if (atFront) realtime.pushFront(thread);
  else realtime.pushBack(thread);
}

function dequeue(thread: Thread): void {
  thread.isQueued = false;
  runnable--;
  if (thread.realtimePriority == 0) fair.remove(thread);
  else realtime.remove(thread);
}

/** True while real-time threads have used up their share of the period and fair ones wait. */
function isThrottled(now: u64): bool {
  if (now - periodStart >= realtimePeriodTicks) {
    periodStart = now;
    realtimeUsed = 0;
    return false;
  }
  return realtimeUsed >= realtimeRuntimeTicks && fair.first !== null;
}

function pick(now: u64): Thread {
  if (!realtime.isEmpty && !isThrottled(now)) {
    const urgent = realtime.takeFirst();
    if (urgent !== null) {
      urgent.isQueued = false;
      runnable--;
      return urgent;
    }
  }
  const first = fair.first;
  if (first === null) return idleThread;
  fair.remove(first);
  const thread = <Thread>first;
  thread.isQueued = false;
  runnable--;
  if (thread.key > minimumVirtual) minimumVirtual = thread.key;
  return thread;
}

/** `thread` has become runnable: does it displace the one that runs? */
function considerPreemption(thread: Thread): void {
  const running = currentThread;
  if (running === idleThread) {
    needsReschedule = true;
    return;
  }
  if (thread.realtimePriority != running.realtimePriority) {
    if (thread.realtimePriority > running.realtimePriority) askReschedule();
  } else if (thread.realtimePriority == 0) {
    const virtualNow = running.key + (ticks() - running.switchedInTsc);
    if (thread.key + granularityTicks < virtualNow && thread.policy != SchedulingPolicy.BATCH) askReschedule();
  }
  if (!sliceTimer.isArmed) armSlice();
}

function askReschedule(): void {
  needsReschedule = true;
  setWorkPending(true);
}

function armSlice(): void {
  armTimer(sliceTimer, monotonicNs() + FAIR_SLICE_NS);
}

function sliceExpired(): void {
  const running = currentThread;
  if (runnable == 0 || running === idleThread) return;
  const now = ticks();
  account(running, now);
  const used = running.sliceTicks;
  if (running.realtimePriority != 0 && isThrottled(now)) {
    askReschedule();
    armSlice();
    return;
  }
  const isOver = running.realtimePriority == 0
    ? realtime.isEmpty == false || used >= fairSliceTicks
    : realtime.highest > running.realtimePriority
      || (running.policy == SchedulingPolicy.ROUND_ROBIN && used >= roundRobinTicks);
  if (isOver) askReschedule();
  armSlice();
}
