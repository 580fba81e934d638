// `sleepstress=SEED[,N]` on the kernel's command line: what may sleep does. Every copy from or to user memory, allocation of a
// frame for data, look-up of a descriptor and lock gives the CPU to others, or sleeps for a moment, in one of N cases (2, if left out), chosen
// pseudo-randomly from SEED. What another thread can do to code that sleeps then happens in tests. Without it each of these
// places is as long as before: they take a way that is there for other reasons only under stress (docs/locks-and-sleeping.md).

import { monotonicNs } from "../time/clock";
import { ignore } from "../runtime/ignore";
import { armTimer, cancelTimer } from "../time/timer";
import { currentThread } from "./cpu";
import { isIdle, schedule, yieldNow } from "./scheduler";
import { Thread, ThreadState } from "./thread";

/** Unit of short sleeps. */
const MOMENT_NS: u64 = 5_000;

/** One place in so many sleeps; 0: no stress. */
@kernelLock let every: u32 = 0;
@kernelLock let state: u64 = 0;
@kernelLock let points: u64 = 0;

/** Starts it: boot only, before there are tasks. */
export function startSleepStress(seed: u64, oneIn: u32): void {
  every = max(oneIn, 1);
  state = seed;
}

/** True under stress: descriptors are counted though nobody else has the table. */
export function countsAlways(): bool {
  return every != 0;
}

/** Gives the CPU to others, now and then. No effect while idle, at boot and in the middle of going to sleep. */
@sleeps export function stressPoint(): void {
  if (every == 0) return;
  const thread = currentThread();
  if (isIdle() || thread.state != ThreadState.RUNNABLE) return;
  const random = nextRandom();
  if (<u32>random % every != 0) return;
  points++;
  // A real-time thread that gives way does so to its equals only.
  if ((random >> 60) != 0 || thread.realtimePriority != 0) yieldNow();
  else sleepForMoment(thread, MOMENT_NS * (1 + ((random >> 32) & 15)));
}

/** Lets time pass, so that timers expire and devices answer meanwhile. */
@sleeps function sleepForMoment(thread: Thread, ns: u64): void {
  thread.state = ThreadState.UNINTERRUPTIBLE;
  armTimer(thread.sleepTimer, monotonicNs() + ns);
  schedule();
  ignore(cancelTimer(thread.sleepTimer));
}

/** splitmix64 */
function nextRandom(): u64 {
  state += 0x9e37_79b9_7f4a_7c15;
  let value = state;
  value = (value ^ (value >> 30)) * 0xbf58_476d_1ce4_e5b9;
  value = (value ^ (value >> 27)) * 0x94d0_49bb_1331_11eb;
  return value ^ (value >> 31);
}

/** A copy from or to user memory met a page fault; under stress each does. */
@sleeps export function copyFaulted(): void {
  stressPoint();
}

/** A frame for data is about to be allocated where that may sleep (pipes, new pages of files). */
@sleeps export function frameWanted(): void {
  stressPoint();
}

/** A descriptor was looked up, and its file counted. */
@sleeps export function lookedUp(): void {
  stressPoint();
}
