// What belongs to one CPU: the thread it runs, its run queues, its slice timer, the memory it has loaded.
//
// There is one CPU today. Code says `cpu` for the one it runs on; when there are more, `cpu` is set where the kernel lock is
// taken, so a value kept across a sleep may be another CPU's: take it again. Upper layers extend the class
// (kernel/task/current.ts). Guard of all fields: the kernel lock; only the CPU itself writes them.

import { PairingHeap } from "../time/pairing-heap";
import { Timer } from "../time/timer";
import { RealtimeQueue } from "./realtime-queue";
import { Thread, ThreadRole } from "./thread";

/** Virtual time starts here, so that credits never wrap below zero. */
@inline export const VIRTUAL_START: u64 = 0x100_0000_0000;

/** The role of the boot stack's thread, which runs when nobody else can. */
@final
export class IdleRole extends ThreadRole {
  started(thread: Thread): void { unreachable(); }
  switchedIn(thread: Thread): void {}
}

export class Cpu {
  /** The thread of the boot stack. */
  readonly idleThread: Thread;
  /** The thread that runs; it is in no queue. */
  thread: Thread;

  // ---- run queues: every other runnable thread of this CPU is in exactly one ----
  readonly fair: PairingHeap = new PairingHeap();
  readonly realtime: RealtimeQueue = new RealtimeQueue();
  /** Threads in both. */
  runnable: u32 = 0;
  /** Least virtual run time of all fair threads; never decreases. */
  minimumVirtual: u64 = VIRTUAL_START;
  /** A switch is due on the way back to user mode. */
  needsReschedule: bool = false;
  /** Runs while somebody else is runnable. The scheduler makes it. */
  sliceTimer!: Timer;
  /** Slot of a thread that has just ended, to be released from another stack. */
  deadSlot: u32 = 0;

  // ---- real-time throttling: when the current period began, and what real-time threads have used of it ----
  periodStart: u64 = 0;
  realtimeUsed: u64 = 0;

  // ---- accounting ----
  switches: u64 = 0;

  constructor(readonly number: u32) {
    const idle = new Thread(new IdleRole());
    this.idleThread = idle;
    this.thread = idle;
  }
}

/** The CPU that runs this code. */
@thisCpu export let cpu: Cpu = new Cpu(0);

/** Puts an object that knows more in the place of the first one. Boot only, before anything runs but the idle thread. */
export function installCpu(extended: Cpu): void {
  cpu = extended;
}

/** The thread that runs. */
@inline
export function currentThread(): Thread {
  return cpu.thread;
}
