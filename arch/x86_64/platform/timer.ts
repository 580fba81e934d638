// The CPU's clock and timer: frequency of the time-stamp counter, and one interrupt at a chosen TSC value.
//
// `initialiseTimer` runs once at boot after the interrupt controllers, interrupts off; it takes at most 10 ms, and no
// time at all where the CPU or the hypervisor tells the frequency. The timer is the local APIC's (TSC deadline or
// one-shot), else channel 0 of the PIT on line 0. Interrupts may come early (a counter is limited), never much too late.
// Specifications: Intel SDM volume 3, 11.5.4 and 18.17; CPUID leaves 15h, 16h, 40000010h; HPET 1.0a; Intel 8254.

import { AcpiInfo } from "./acpi";
import {
  APIC_TIMER_VECTOR, PIC_VECTOR_BASE, enableIrq, hasLocalApic, readApicTimer, runApicTimerMasked, setApicTimer, startApicTimer,
} from "./apic";
import { cpuid, readTsc } from "../cpuid";
import { DeviceMemory, Msr, PortRange } from "./resources";

const PIT_HZ: u64 = 1_193_182;
const PM_TIMER_HZ: u64 = 3_579_545;
const FEMTOSECONDS: u64 = 1_000_000_000_000_000;
/** How long a calibration runs, as a fraction of a second. */
const CALIBRATION_FRACTION: u64 = 125;
/** A counter that stands still ends the calibration after so many readings. */
const MAX_READINGS: u32 = 2_000_000;

/** Registers of the PIT. */
const PIT_CHANNEL0: u32 = 0;
const PIT_CHANNEL2: u32 = 2;
const PIT_COMMAND: u32 = 3;

const HPET_CAPABILITIES: u32 = 0;
const HPET_CONFIGURATION: u32 = 0x10;
const HPET_COUNTER: u32 = 0xf0;

/** What this file was granted. */
@final
export class TimerHardware {
  hpet: DeviceMemory | null = null;
  pmTimer: PortRange | null = null;

  constructor(
    readonly pit: PortRange, readonly speaker: PortRange,
    /** IA32_TSC_DEADLINE */
    readonly deadline: Msr,
  ) {}
}

/** What the counter is compared with. */
namespace Reference {
  export const HPET: u32 = 1;
  export const PM_TIMER: u32 = 2;
  export const PIT: u32 = 3;
}

/** How the timer is programmed. */
namespace TimerKind {
  export const PIT: u32 = 0;
  export const APIC: u32 = 1;
  export const DEADLINE: u32 = 2;
}

@bootOnly let kind: u32 = TimerKind.PIT;
@bootOnly let tscHz: u64 = 0;
/** Timer ticks in a TSC tick, times 2^32. */
@bootOnly let ticksPerTsc: u64 = 0;
@bootOnly let limit: u64 = 0;
@bootOnly let frequencySource: string = "";
@bootOnly let reference: u32 = 0;
@bootOnly let referenceHz: u64 = 0;
@bootOnly let hardware!: TimerHardware;

/** Finds the TSC's frequency and starts the timer. Returns ticks a second. */
export function initialiseTimer(acpi: AcpiInfo | null, granted: TimerHardware): u64 {
  hardware = granted;
  const hasDeadline = hasLocalApic() && (cpuid(1, 0, 2) & (1 << 24)) != 0;
  tscHz = toldFrequency();
  let apicHz: u64 = 0;
  if (tscHz == 0 || (hasLocalApic() && !hasDeadline)) {
    chooseReference();
    apicHz = calibrate(hasLocalApic() && !hasDeadline);
  }
  if (hasDeadline) {
    kind = TimerKind.DEADLINE;
    startApicTimer(true);
  } else if (hasLocalApic() && apicHz != 0) {
    kind = TimerKind.APIC;
    limit = 0xffff_ffff;
    ticksPerTsc = (apicHz << 24) / (tscHz >> 8);
    startApicTimer(false);
  } else {
    kind = TimerKind.PIT;
    limit = 0xffff;
    ticksPerTsc = (PIT_HZ << 32) / tscHz;
    enableIrq(0, PIC_VECTOR_BASE);
  }
  return tscHz;
}

/** The vector that timer interrupts have. */
export function timerVector(): u32 {
  return kind == TimerKind.PIT ? PIC_VECTOR_BASE : APIC_TIMER_VECTOR;
}

/** The PIT, for the profiler; null while it is this timer. */
export function sparePit(): PortRange | null {
  return kind == TimerKind.PIT ? null : hardware.pit;
}

/** For the boot log: how the frequency was found, and which timer is used. */
export function timerDescription(): string {
  const name = kind == TimerKind.DEADLINE ? "TSC deadline" : kind == TimerKind.APIC ? "local APIC" : "PIT";
  return name + ", TSC by " + frequencySource;
}

/** Interrupt at the given TSC value, or as soon as possible if that has passed. Replaces what was programmed. */
export function programTimer(tsc: u64): void {
  if (kind == TimerKind.DEADLINE) {
    // 0 would disarm it.
    hardware.deadline.write(0, tsc == 0 ? 1 : tsc);
    return;
  }
  const now = readTsc();
  let count: u64 = 1;
  if (tsc > now) {
    const delta = tsc - now;
    // Beyond 2^31 TSC ticks precision does not matter: the counter's limit, or an early interrupt, comes first.
    count = delta < 0x8000_0000 ? (delta * ticksPerTsc >> 32) + 1 : (delta >> 16) * (ticksPerTsc >> 16);
    if (count > limit || delta >= <u64>1 << 44) count = limit;
    if (count == 0) count = 1;
  }
  if (kind == TimerKind.APIC) {
    setApicTimer(<u32>count);
    return;
  }
  hardware.pit.write8(PIT_COMMAND, 0x30);
  hardware.pit.write8(PIT_CHANNEL0, <u32>count & 0xff);
  hardware.pit.write8(PIT_CHANNEL0, <u32>(count >> 8) & 0xff);
}

// ---- frequency ----
/** From the CPU or the hypervisor; 0: they do not say. */
function toldFrequency(): u64 {
  if ((cpuid(1, 0, 2) & (1 << 31)) != 0) {
    const highest = cpuid(0x4000_0000, 0, 0);
    if (highest >= 0x4000_0010 && highest < 0x4000_1000) {
      const khz = <u64>cpuid(0x4000_0010, 0, 0);
      if (khz != 0) {
        frequencySource = "hypervisor";
        return khz * 1000;
      }
    }
  }
  const leaves = cpuid(0, 0, 0);
  if (leaves < 0x15) return 0;
  const denominator = <u64>cpuid(0x15, 0, 0);
  const numerator = <u64>cpuid(0x15, 0, 1);
  if (denominator == 0 || numerator == 0) return 0;
  frequencySource = "CPUID";
  const crystal = <u64>cpuid(0x15, 0, 2);
  if (crystal != 0) return crystal * numerator / denominator;
  if (leaves < 0x16) return 0;
  // Without a crystal frequency the base frequency is the TSC's.
  return <u64>(cpuid(0x16, 0, 0) & 0xffff) * 1_000_000;
}

function chooseReference(): void {
  const hpet = hardware.hpet;
  if (hpet !== null) {
    const period = <u64>hpet.read32(HPET_CAPABILITIES + 4);
    if (period != 0 && period <= 100_000_000) {
      reference = Reference.HPET;
      referenceHz = FEMTOSECONDS / period;
      hpet.write32(HPET_CONFIGURATION, hpet.read32(HPET_CONFIGURATION) | 1);
      return;
    }
  }
  if (hardware.pmTimer !== null) {
    reference = Reference.PM_TIMER;
    referenceHz = PM_TIMER_HZ;
    return;
  }
  reference = Reference.PIT;
  referenceHz = PIT_HZ;
  // Channel 2 counts down from 65535 once, its gate open, the speaker off.
  hardware.speaker.write8(0, (hardware.speaker.read8(0) & 0xfc) | 1);
  hardware.pit.write8(PIT_COMMAND, 0xb0);
  hardware.pit.write8(PIT_CHANNEL2, 0xff);
  hardware.pit.write8(PIT_CHANNEL2, 0xff);
}

/** The reference's counter; differences are taken modulo `referenceMask() + 1`. */
function readReference(): u32 {
  if (reference == Reference.HPET) return hardware.hpet!.read32(HPET_COUNTER);
  if (reference == Reference.PM_TIMER) return hardware.pmTimer!.read32(0);
  hardware.pit.write8(PIT_COMMAND, 0x80);
  const low = hardware.pit.read8(PIT_CHANNEL2);
  return 0xffff - (low | hardware.pit.read8(PIT_CHANNEL2) << 8);
}

function referenceMask(): u32 {
  if (reference == Reference.HPET) return 0xffff_ffff;
  return reference == Reference.PM_TIMER ? 0xff_ffff : 0xffff;
}

@bootOnly let sampleTsc: u64 = 0;
@bootOnly let sampleReference: u32 = 0;
@bootOnly let sampleApic: u32 = 0;

/** Both counters at the same moment: the attempt of six that took least time, so that a pause does not spoil it. */
function takeSample(withApic: bool): void {
  let best: u64 = u64.MAX_VALUE;
  for (let i = 0; i < 6; i++) {
    const before = readTsc();
    const value = readReference();
    const after = readTsc();
    const apic: u32 = withApic ? readApicTimer() : 0;
    const duration = after - before;
    if (duration >= best) continue;
    best = duration;
    sampleTsc = before + duration / 2;
    sampleReference = value;
    sampleApic = apic;
  }
}

/** Measures the TSC (if its frequency is unknown) and the APIC timer (if asked); returns the latter's frequency or 0. */
function calibrate(withApic: bool): u64 {
  if (withApic) runApicTimerMasked();
  takeSample(withApic);
  const tsc = sampleTsc;
  const start = sampleReference;
  const apic = sampleApic;
  const wanted = <u32>(referenceHz / CALIBRATION_FRACTION);
  let readings: u32 = 0;
  while ((readReference() - start & referenceMask()) < wanted && readings < MAX_READINGS) readings++;
  takeSample(withApic);
  let passed = <u64>(sampleReference - start & referenceMask());
  if (passed == 0 || readings == MAX_READINGS) return withoutReference();
  if (tscHz == 0) {
    tscHz = (sampleTsc - tsc) * referenceHz / passed;
    frequencySource = reference == Reference.HPET ? "HPET" : reference == Reference.PM_TIMER ? "ACPI PM timer" : "PIT";
  }
  if (!withApic) return 0;
  setApicTimer(0);
  return <u64>(apic - sampleApic) * referenceHz / passed;
}

/** No clock moves: assume 1 GHz, so that the system at least comes up. */
function withoutReference(): u64 {
  if (tscHz == 0) {
    tscHz = 1_000_000_000;
    frequencySource = "assumption";
  }
  return 0;
}
