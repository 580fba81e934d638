// A thread of the kernel: what the scheduler, wait queues and the machine's stack slots need to know about it.
//
// Plain data: what a kind of thread does when it starts and when it gets the CPU is its role. User tasks
// (kernel/task/task.ts) extend it. All fields are guarded by the fact that the kernel is not pre-emptible. `state` says
// whether the thread may run; only the scheduler and the sleeping calls change it.

import { Timer } from "../time/timer";
import { HeapNode } from "../time/pairing-heap";
import { WaitEntry } from "./wait-queue";

/** What a thread is doing, as /proc/PID/stat shows it. */
export namespace ThreadState {
  /** Running or in a run queue. */
  @inline export const RUNNABLE: u32 = 0;
  /** Asleep; signals wake it ("S"). */
  @inline export const INTERRUPTIBLE: u32 = 1;
  /** Asleep; only a fatal signal wakes it ("S"/"D"). */
  @inline export const KILLABLE: u32 = 2;
  /** Asleep until the event comes ("D"). */
  @inline export const UNINTERRUPTIBLE: u32 = 3;
  /** Stopped by job control ("T"). */
  @inline export const STOPPED: u32 = 4;
  /** Has left its kernel stack for good ("Z", "X"). */
  @inline export const DEAD: u32 = 5;
}

/** Scheduling policies, as sched(7) numbers them. */
export namespace SchedulingPolicy {
  @inline export const NORMAL: u32 = 0;
  @inline export const FIFO: u32 = 1;
  @inline export const ROUND_ROBIN: u32 = 2;
  @inline export const BATCH: u32 = 3;
  @inline export const IDLE: u32 = 5;
}

/** Weight of nice 0; a thread's share of the CPU is its weight over the sum of all. */
@inline export const WEIGHT_OF_NICE_0: u32 = 1024;

/** What the threads of one kind do; one object for all of them, which they get when they are made. */
export abstract class ThreadRole {
  /** First code on a fresh stack of `thread`. Returning goes to user mode. */
  @sleeps abstract started(thread: Thread): void;

  /** The scheduler is about to run `thread`: make its address space current. Must not sleep or allocate. */
  abstract switchedIn(thread: Thread): void;
}

export class Thread extends HeapNode {
  /** Number of the kernel stack (machine contract). */
  slot: u32 = 0;
  /** ThreadState. */
  state: u32 = ThreadState.RUNNABLE;
  /** A signal that is not blocked, or another reason to leave an interruptible sleep, is waiting. */
  signalPending: bool = false;
  /** The thread must end: it leaves killable sleeps and goes no further in user mode. */
  killPending: bool = false;
  /** Something is to be done before the return to user mode (signals, exit); sets the machine's return work. */
  hasReturnWork: bool = false;

  // ---- scheduling; the run queue's order is HeapNode.key: virtual run time for fair threads ----
  policy: u32 = SchedulingPolicy.NORMAL;
  /** -20 … 19. */
  nice: i32 = 0;
  weight: u32 = WEIGHT_OF_NICE_0;
  /** What it is scheduled by: 1 … 99, 0 for the fair class; the higher of its own and what it inherits. */
  realtimePriority: u32 = 0;
  /** 1 … 99 for FIFO and round robin, else 0. */
  ownPriority: u32 = 0;
  /** Highest priority of the threads that wait for a priority-inheritance futex of this one. */
  inheritedPriority: u32 = 0;
  /** True while in a run queue (not while running). */
  isQueued: bool = false;
  /** Neighbours in a real-time queue. */
  queueNext: Thread | null = null;
  queuePrevious: Thread | null = null;
  /** Bits of CPUs it may run on. */
  affinity: u64 = u64.MAX_VALUE;
  /** SCHED_RESET_ON_FORK: children start with the normal policy. */
  resetsSchedulingOnFork: bool = false;
  /** TSC when it was last switched to. */
  switchedInTsc: u64 = 0;
  /** CPU time used, in TSC ticks, up to the last switch. */
  cpuTicks: u64 = 0;
  /** Ticks used of the round-robin or fair slice. */
  sliceTicks: u64 = 0;
  voluntarySwitches: u64 = 0;
  involuntarySwitches: u64 = 0;

  /** Its place in the wait queue it sleeps on; being woken makes it runnable. The scheduler makes it. */
  waiter!: WaitEntry;
  /** Ends its sleep. The scheduler makes it. */
  sleepTimer!: Timer;

  constructor(readonly role: ThreadRole) {
    super();
  }

  /** Its number in traces; 0: the idle thread. */
  get traceId(): u32 { return 0; }
}

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
