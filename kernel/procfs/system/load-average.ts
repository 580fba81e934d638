// The load average: how many tasks run or wait without interruption, decayed over 1, 5 and 15 minutes.
//
// Sampled every five seconds, in fixed point with 11 fractional bits, with the factors e^(-5/60), e^(-5/300) and
// e^(-5/900), as /proc/loadavg of Linux and getloadavg(3) document. The timer allocates nothing.

import { runnableCount } from "../../sync/scheduler";
import { monotonicNs } from "../../time/clock";
import { Timer, armTimer } from "../../time/timer";

@inline const SHIFT: u64 = 11;
@inline const ONE: u64 = 1 << SHIFT;
@inline const PERIOD_NS: u64 = 5_000_000_000;

const FACTORS: StaticArray<u64> = [1884, 2014, 2037];
@kernelLock const loads: StaticArray<u64> = [0, 0, 0];

@final
class LoadTimer extends Timer {
  expired(): void {
    const active = <u64>runnableCount() * ONE;
    for (let i = 0; i < 3; i++) loads[i] = decay(loads[i], FACTORS[i], active);
    armTimer(this, this.deadlineNs + PERIOD_NS);
  }
}

@bootOnly let timer: LoadTimer | null = null;

/** Begins to sample. Once, at boot. */
export function startLoadAverage(): void {
  const made = new LoadTimer();
  timer = made;
  armTimer(made, monotonicNs() + PERIOD_NS);
}

/** One step: rounds up while the load rises, so that it reaches whole numbers. */
export function decay(load: u64, factor: u64, active: u64): u64 {
  let next = load * factor + active * (ONE - factor);
  if (active >= load) next += ONE - 1;
  return next >> SHIFT;
}

/** Load over 1 (0), 5 (1) or 15 (2) minutes with 16 fractional bits, as sysinfo(2) reports it. */
export function loadAverage(index: i32): u64 {
  return loads[index] << (16 - SHIFT);
}

/** The load in hundredths, rounded as /proc/loadavg rounds it. */
export function loadHundredths(index: i32): u64 {
  const rounded = loads[index] + ONE / 200;
  return (rounded >> SHIFT) * 100 + (((rounded & (ONE - 1)) * 100) >> SHIFT);
}
