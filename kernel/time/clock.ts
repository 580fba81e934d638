// The system's clocks, from the time-stamp counter.
//
// Monotonic time is `base + ticks * mult >> shift`, with ticks split in two halves so that nothing overflows however
// long ago the base was taken; it starts at 0 at `initClock` and never goes back. Real time is monotonic time plus an
// offset that clock_settime(2) moves; boot time equals monotonic time (there is no suspend). Nothing here sleeps or
// allocates; interrupt handlers may call everything.

import { readTsc } from "../../arch/x86_64/cpuid";
import { NS_PER_SECOND } from "../abi/time";

/** Somebody who must know when the relation of the clocks changes: the vDSO page, timers on CLOCK_REALTIME. */
export abstract class ClockListener {
  next: ClockListener | null = null;
  /** The real-time offset or the TSC relation changed. `isStep`: real time jumped. */
  abstract clockChanged(isStep: bool): void;
}

@bootOnly let listeners: ClockListener | null = null;
/** TSC at monotonic time 0. */
@kernelLock let baseTsc: u64 = 0;
/** Nanoseconds a tick, times 2^shift; below 2^32. */
@bootOnly let mult: u64 = 0x8000_0000;
@bootOnly let shift: u64 = 31;
@bootOnly let tscHz: u64 = NS_PER_SECOND;
/** Real time at monotonic time 0. */
@kernelLock let realtimeOffset: u64 = 0;

/** Starts the clocks: `hz` ticks a second, real time `realtimeNs` now. Called once, at boot. */
export function initClock(hz: u64, realtimeNs: u64): void {
  tscHz = hz;
  shift = 32;
  // The largest shift that keeps the multiplier below 2^32.
  while (shift > 0 && (NS_PER_SECOND << shift) / hz > 0xffff_ffff) shift--;
  mult = ((NS_PER_SECOND << shift) + hz / 2) / hz;
  if (mult > 0xffff_ffff) mult = 0xffff_ffff;
  baseTsc = readTsc();
  realtimeOffset = realtimeNs;
  clocksChanged(true);
}

/** Raw ticks of the time-stamp counter. */
@inline
export function ticks(): u64 {
  return readTsc();
}

/** Nanoseconds in a number of ticks. */
export function ticksToNs(count: u64): u64 {
  const high = count >> 32;
  const low = count & 0xffff_ffff;
  return ((high * mult) << (32 - shift)) + ((low * mult) >> shift);
}

/** Ticks in a number of nanoseconds, rounded up; saturates. */
export function nsToTicks(ns: u64): u64 {
  const seconds = ns / NS_PER_SECOND;
  if (seconds > 0xffff_ffff) return u64.MAX_VALUE >> 1;
  const rest = ns - seconds * NS_PER_SECOND;
  return seconds * tscHz + (rest * (tscHz >> 4) + (NS_PER_SECOND >> 4) - 1) / (NS_PER_SECOND >> 4);
}

/** CLOCK_MONOTONIC, in nanoseconds since boot. */
export function monotonicNs(): u64 {
  return ticksToNs(readTsc() - baseTsc);
}

/** CLOCK_BOOTTIME. */
export function bootNs(): u64 {
  return monotonicNs();
}

/** CLOCK_REALTIME, in nanoseconds since 1970. */
export function realtimeNs(): u64 {
  return monotonicNs() + realtimeOffset;
}

/** Sets CLOCK_REALTIME. */
export function setRealtime(ns: u64): void {
  realtimeOffset = ns - monotonicNs();
  clocksChanged(true);
}

/** Real time at monotonic time 0. */
export function realtimeOffsetNs(): u64 {
  return realtimeOffset;
}

/** The monotonic moment of a real-time moment, 0 if that was before boot. */
export function realtimeToMonotonic(ns: u64): u64 {
  return ns > realtimeOffset ? ns - realtimeOffset : 0;
}

/** TSC value at a monotonic moment. */
export function monotonicToTsc(ns: u64): u64 {
  return baseTsc + nsToTicks(ns);
}

/** For the vDSO page: TSC at monotonic time 0. */
export function clockBaseTsc(): u64 { return baseTsc; }
/** For the vDSO page: multiplier and shift of ticks to nanoseconds. */
export function clockMult(): u32 { return <u32>mult; }
export function clockShift(): u32 { return <u32>shift; }
/** Ticks a second. */
export function tscFrequency(): u64 { return tscHz; }

/** Asks to be told of changes; the listener is told once at once. */
export function addClockListener(listener: ClockListener): void {
  listener.next = listeners;
  listeners = listener;
  listener.clockChanged(false);
}

function clocksChanged(isStep: bool): void {
  let listener = listeners;
  while (listener !== null) {
    listener.clockChanged(isStep);
    listener = listener.next;
  }
}
