// Timers at a moment of real time: they follow clock_settime(2). Nothing here sleeps or allocates.

import { ClockListener, addClockListener, realtimeToMonotonic } from "./clock";
import { Timer, armTimer, cancelTimer } from "./timer";

/** A timer that can be armed for real time as well as for monotonic time. */
export abstract class WallTimer extends Timer {
  /** Real-time deadline while `isWall`. */
  wallNs: u64 = 0;
  isWall: bool = false;
  wallNext: WallTimer | null = null;
  wallPrevious: WallTimer | null = null;
}

@kernelLock let first: WallTimer | null = null;

/** Starts the timer for real time `wallNs`. */
export function armWallTimer(timer: WallTimer, wallNs: u64): void {
  timer.wallNs = wallNs;
  if (!timer.isWall) {
    timer.isWall = true;
    const next = first;
    timer.wallNext = next;
    if (next !== null) next.wallPrevious = timer;
    first = timer;
  }
  armTimer(timer, realtimeToMonotonic(wallNs));
}

/** Stops the timer, however it was armed; true if it was running. To be called after expiry too. */
export function cancelWallTimer(timer: WallTimer): bool {
  if (timer.isWall) {
    timer.isWall = false;
    const next = timer.wallNext;
    const previous = timer.wallPrevious;
    if (previous === null) first = next;
    else previous.wallNext = next;
    if (next !== null) next.wallPrevious = previous;
    timer.wallNext = null;
    timer.wallPrevious = null;
  }
  return cancelTimer(timer);
}

@final
class Rearm extends ClockListener {
  clockChanged(isStep: bool): void {
    let timer = first;
    while (timer !== null) {
      if (timer.isArmed) armTimer(timer, realtimeToMonotonic(timer.wallNs));
      timer = timer.wallNext;
    }
  }
}

/** Makes real-time timers follow changes of the clock. Boot. */
export function initWallTimers(): void {
  addClockListener(new Rearm());
}
