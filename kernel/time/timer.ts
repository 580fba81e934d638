// One-shot timers on monotonic time, and the hardware that drives them.
//
// `armTimer` and `cancelTimer` do not allocate and may be called anywhere. `expired` runs in interrupt context with the
// timer disarmed: it must neither sleep nor allocate, and may re-arm. Hardware is programmed for the earliest
// deadline only; without one, no interrupt comes (there is no tick). A cancelled timer leaves the hardware as it is:
// an interrupt too early finds nothing to do and is cheaper than reprogramming.

import { monotonicNs, monotonicToTsc, ticks } from "./clock";
import { HeapNode, PairingHeap } from "./pairing-heap";

/** A deadline that never comes. */
@inline export const NEVER: u64 = u64.MAX_VALUE;

/** Something to do at a moment of monotonic time. */
export abstract class Timer extends HeapNode {
  /** When, in nanoseconds of CLOCK_MONOTONIC; meaningful while armed. */
  get deadlineNs(): u64 { return this.key; }

  /** True between `armTimer` and expiry or cancellation. */
  get isArmed(): bool { return this.isInHeap; }

  /** The moment came. Interrupt context. */
  abstract expired(): void;
}

/** The interrupt source behind the timers (the local APIC, or the PIT), registered by the arch layer. */
export abstract class TimerDevice {
  /** Interrupt at the given TSC value, or as soon as possible if that has passed. Replaces what was programmed. */
  abstract programTimer(tsc: u64): void;
}

@kernelLock const heap = new PairingHeap();
@bootOnly let device: TimerDevice | null = null;
/** Deadline the hardware is programmed for. */
@thisCpu let programmedNs: u64 = NEVER;

/** Installs the timer hardware. */
export function setTimerDevice(hardware: TimerDevice): void {
  device = hardware;
  programmedNs = NEVER;
  programFirst();
}

/** Starts a timer, or moves it if it is armed. */
export function armTimer(timer: Timer, deadlineNs: u64): void {
  if (timer.isInHeap) heap.remove(timer);
  timer.key = deadlineNs;
  heap.insert(timer);
  if (deadlineNs < programmedNs) program(deadlineNs);
}

/** Stops a timer; true if it was armed. */
export function cancelTimer(timer: Timer): bool {
  if (!timer.isInHeap) return false;
  heap.remove(timer);
  return true;
}

/** The first moment after `now` that lies a whole number of intervals after `deadlineNs`. */
export function nextPeriod(deadlineNs: u64, intervalNs: u64, now: u64): u64 {
  if (now < deadlineNs) return deadlineNs + intervalNs;
  return deadlineNs + ((now - deadlineNs) / intervalNs + 1) * intervalNs;
}

/** The earliest deadline, or NEVER. For tests. */
export function nextDeadline(): u64 {
  const first = heap.first;
  return first === null ? NEVER : first.key;
}

/** Runs everything that is due, then programs the next deadline. For the timer interrupt. */
export function runTimers(): void {
  programmedNs = NEVER;
  const now = monotonicNs();
  let first = heap.first;
  while (first !== null && first.key <= now) {
    heap.remove(first);
    (<Timer>first).expired();
    first = heap.first;
  }
  programFirst();
}

/** Runs what is due already, without waiting for the interrupt: after arming timers that may lie in the past. */
export function runDueTimers(): void {
  const first = heap.first;
  if (first !== null && first.key <= monotonicNs()) runTimers();
}

function programFirst(): void {
  const first = heap.first;
  if (first !== null && first.key < programmedNs) program(first.key);
}

function program(deadlineNs: u64): void {
  const hardware = device;
  if (hardware === null) return;
  programmedNs = deadlineNs;
  hardware.programTimer(deadlineNs == NEVER ? ticks() + (u64.MAX_VALUE >> 2) : monotonicToTsc(deadlineNs));
}
