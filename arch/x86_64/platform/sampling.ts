// The profiler's clock: non-maskable interrupts at a fixed rate, because the kernel keeps ordinary ones off.
//
// Channel 0 of the PIT, free where the local APIC drives the kernel's timer, is routed by the I/O APIC with delivery mode
// NMI; profile.c stores a sample at each. Off, nothing of this costs anything. Nothing here sleeps or allocates.
// Specifications: Intel 8254; 82093AA (I/O APIC), redirection table.

import { globalInterrupt, maskLine, routeAsNmi } from "./apic";
import { pause, readTsc, sampleFigure } from "../cpuid";
import { sparePit } from "./timer";

const PIT_HZ: u32 = 1_193_182;
const PIT_CHANNEL0: u32 = 0;
const PIT_COMMAND: u32 = 3;
/** Channel 0, low byte then high byte, rate generator; and one-shot, which does not start before a count is written. */
const PIT_RATE: u32 = 0x34;
const PIT_IDLE: u32 = 0x30;
/** Global interrupts that the PIT is wired to where the firmware's tables do not say: 2 nearly always, else 0. */
const USUAL_LINE: u32 = 2;
const OTHER_LINE: u32 = 0;
/** A trial waits so many ticks of the time-stamp counter for an NMI that is due after 0.1 ms. */
const TRIAL_HZ: u32 = 10_000;
const TRIAL_TICKS: u64 = 20_000_000;
const NO_LINE: u32 = u32.MAX_VALUE;

/** Rates that the PIT can make, and a CPU can bear. */
export const SLOWEST_SAMPLING_HZ: u32 = 19;
export const FASTEST_SAMPLING_HZ: u32 = 20_000;

/** The line that turned out to work. */
@kernelLock let samplingLine: u32 = NO_LINE;

/** Starts the clock; record-buffer.ts says where samples go. False: this machine has no NMI at a fixed rate. */
export function startSampling(hz: u32): bool {
  if (sparePit() === null) return false;
  if (samplingLine == NO_LINE && !findLine()) return false;
  setRate(min(max(hz, SLOWEST_SAMPLING_HZ), FASTEST_SAMPLING_HZ));
  return routeAsNmi(samplingLine);
}

/** Stops; the samples stay where they are. */
export function stopSampling(): void {
  writePit(PIT_COMMAND, PIT_IDLE);
  maskLine(samplingLine);
}

function writePit(register: u32, value: u32): void {
  const pit = sparePit();
  if (pit !== null) pit.write8(register, value);
}

function setRate(hz: u32): void {
  const divisor = PIT_HZ / hz;
  writePit(PIT_COMMAND, PIT_RATE);
  writePit(PIT_CHANNEL0, divisor & 0xff);
  writePit(PIT_CHANNEL0, divisor >> 8);
}

/** Tries where the PIT is wired to: the line of the firmware's tables, then the others. */
function findLine(): bool {
  const told = globalInterrupt(0);
  return tryLine(told) || (told != USUAL_LINE && tryLine(USUAL_LINE)) || (told != OTHER_LINE && tryLine(OTHER_LINE));
}

/** True if NMIs come by that line. Takes some milliseconds if not. */
function tryLine(line: u32): bool {
  if (!routeAsNmi(line)) return false;
  const before = nmiCount();
  const start = readTsc();
  setRate(TRIAL_HZ);
  while (nmiCount() == before && readTsc() - start < TRIAL_TICKS) pause();
  writePit(PIT_COMMAND, PIT_IDLE);
  maskLine(line);
  if (nmiCount() == before) return false;
  samplingLine = line;
  return true;
}

/** Bytes of samples in the buffer. */
export function sampledBytes(): u32 {
  return <u32>sampleFigure(0);
}

/** Samples that found no room. */
export function lostSamples(): u64 {
  return sampleFigure(1);
}

/** Non-maskable interrupts since boot. */
export function nmiCount(): u64 {
  return sampleFigure(2);
}
