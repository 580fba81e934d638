// Interrupt controllers: the local APIC (x2APIC where the CPU has it) and I/O APICs, or the two 8259 PICs.
//
// `initialiseInterruptControllers` runs once at boot with interrupts off and masks everything; `enableIrq` routes one
// line to the boot CPU. PIC mode fixes the vectors: line n has PIC_VECTOR_BASE + n, so callers use vector 0x30 + line.
// All functions may be called from interrupts; none sleeps. The registers are granted (platform.ts).
// Specifications: Intel SDM volume 3, chapter 11; 82093AA (I/O APIC) and 8259A data sheets.

import { AcpiInfo } from "./acpi";
import { cpuid } from "../cpuid";
import { DeviceMemory, Msr, PortRange } from "./resources";

/** Vector of the local APIC's timer. */
export const APIC_TIMER_VECTOR: u32 = 0xef;
/** The local APIC's spurious interrupt: no end-of-interrupt. */
export const SPURIOUS_VECTOR: u32 = 0xff;
/** Vector of line 0 in PIC mode; must be what callers of enableIrq use. */
export const PIC_VECTOR_BASE: u32 = 0x30;

const APIC_BASE_ENABLE: u64 = 1 << 11;
const APIC_BASE_X2APIC: u64 = 1 << 10;

/** Local APIC registers, by their offset in the memory-mapped page. */
namespace Lapic {
  export const ID: u32 = 0x20;
  export const VERSION: u32 = 0x30;
  export const TASK_PRIORITY: u32 = 0x80;
  export const END_OF_INTERRUPT: u32 = 0xb0;
  export const SPURIOUS: u32 = 0xf0;
  export const ERROR_STATUS: u32 = 0x280;
  export const TIMER: u32 = 0x320;
  export const THERMAL: u32 = 0x330;
  export const PERFORMANCE: u32 = 0x340;
  export const LINT0: u32 = 0x350;
  export const LINT1: u32 = 0x360;
  export const ERROR: u32 = 0x370;
  export const TIMER_INITIAL: u32 = 0x380;
  export const TIMER_CURRENT: u32 = 0x390;
  export const TIMER_DIVIDE: u32 = 0x3e0;
}
const MASKED: u32 = 1 << 16;
const DELIVER_EXTINT: u32 = 7 << 8;
const DELIVER_NMI: u32 = 4 << 8;
const TIMER_DEADLINE: u32 = 2 << 17;
const DIVIDE_BY_ONE: u32 = 0xb;

const IOAPIC_SELECT: u32 = 0;
const IOAPIC_WINDOW: u32 = 0x10;
const IOAPIC_VERSION: u32 = 1;
const IOAPIC_REDIRECTION: u32 = 0x10;
const ROUTE_ACTIVE_LOW: u32 = 1 << 13;
const ROUTE_LEVEL: u32 = 1 << 15;

/** Registers of a PIC. */
const PIC_COMMAND: u32 = 0;
const PIC_DATA: u32 = 1;

/** What this file was granted. */
@final
export class InterruptHardware {
  /** The local APIC's registers, if it is no x2APIC. */
  local: DeviceMemory | null = null;
  /** One for each of the tables' I/O APICs; null: out of reach. */
  readonly ioApics: (DeviceMemory | null)[] = [];

  constructor(
    readonly pic1: PortRange, readonly pic2: PortRange,
    /** IA32_APIC_BASE, and the registers of the x2APIC. */
    readonly base: Msr, readonly x2Apic: Msr,
  ) {}
}

@bootOnly let acpi: AcpiInfo | null = null;
@bootOnly let hasLocal: bool = false;
@bootOnly let isX2: bool = false;
@bootOnly let hardware!: InterruptHardware;
@thisCpu let localId: u32 = 0;
@bootOnly let usesIoApic: bool = false;
/** Lines that are masked in PIC mode; line 2, the cascade, is worked out from the others. */
@kernelLock let picMask: u32 = 0xffff;

/** Masks all lines and turns on the local APIC if there is one. `tables` null: no ACPI. Boot only. */
export function initialiseInterruptControllers(tables: AcpiInfo | null, granted: InterruptHardware): void {
  acpi = tables;
  hardware = granted;
  initialisePics();
  if ((cpuid(1, 0, 3) & (1 << 9)) != 0) enableLocalApic();
  if (!hasLocal) return;
  if (tables !== null) {
    for (let i = 0; i < tables.ioApics.length; i++) {
      const registers = granted.ioApics[i];
      if (registers === null) continue;
      usesIoApic = true;
      maskIoApic(registers);
    }
  }
  writeLocal(Lapic.LINT0, usesIoApic ? MASKED : DELIVER_EXTINT);
}

/** Whether timers can use the local APIC. */
export function hasLocalApic(): bool {
  return hasLocal;
}

/** For /proc/interrupts and the boot log. */
export function interruptControllerName(): string {
  if (!usesIoApic) return "XT-PIC";
  return isX2 ? "IO-APIC (x2APIC)" : "IO-APIC";
}

// ---- local APIC ----
function enableLocalApic(): void {
  const base = hardware.base.read(0);
  isX2 = wantsX2Apic(base);
  if (!isX2 && hardware.local === null) return;
  // The two bits must be set one after the other.
  hardware.base.write(0, base | APIC_BASE_ENABLE);
  if (isX2) hardware.base.write(0, base | APIC_BASE_ENABLE | APIC_BASE_X2APIC);
  hasLocal = true;
  localId = isX2 ? readLocal(Lapic.ID) : readLocal(Lapic.ID) >> 24;
  // Entries of the local vector table that this APIC has, minus one; a register beyond them must not be touched.
  const lastEntry = readLocal(Lapic.VERSION) >> 16 & 0xff;
  writeLocal(Lapic.TASK_PRIORITY, 0);
  writeLocal(Lapic.TIMER, MASKED);
  writeLocal(Lapic.LINT1, MASKED);
  if (lastEntry >= 3) writeLocal(Lapic.ERROR, MASKED);
  if (lastEntry >= 4) writeLocal(Lapic.PERFORMANCE, MASKED);
  if (lastEntry >= 5) writeLocal(Lapic.THERMAL, MASKED);
  // Only now can an entry be unmasked: until the APIC is enabled here the hardware keeps all of them masked (11.4.7.2).
  writeLocal(Lapic.SPURIOUS, 0x100 | SPURIOUS_VECTOR);
  writeLocal(Lapic.LINT1, DELIVER_NMI);
}

/**
 * Whether to use x2APIC mode: it cannot be left again where the firmware chose it, and hypervisors make it faster. On other
 * machines I/O APICs reach an x2APIC CPU for certain only by interrupt remapping, which is not used: Linux stays in xAPIC mode, too.
 */
function wantsX2Apic(base: u64): bool {
  const features = cpuid(1, 0, 2);
  if ((features & (1 << 21)) == 0) return false;
  return (base & APIC_BASE_X2APIC) != 0 || (features & (1 << 31)) != 0;
}

function readLocal(register: u32): u32 {
  return isX2 ? <u32>hardware.x2Apic.read(register >> 4) : hardware.local!.read32(register);
}

function writeLocal(register: u32, value: u32): void {
  if (isX2) hardware.x2Apic.write(register >> 4, <u64>value);
  else hardware.local!.write32(register, value);
}

/** After the handler of any vector from 32 on except SPURIOUS_VECTOR. */
export function endOfInterrupt(): void {
  if (usesIoApic) {
    writeLocal(Lapic.END_OF_INTERRUPT, 0);
    return;
  }
  endPicOrLocal();
}

/** PIC lines arrive as ExtINT, which the local APIC does not count as in service; its own timer does. */
function endPicOrLocal(): void {
  if (hasLocal) writeLocal(Lapic.END_OF_INTERRUPT, 0);
  hardware.pic2.write8(PIC_COMMAND, 0x0b);
  if (hardware.pic2.read8(PIC_COMMAND) != 0) hardware.pic2.write8(PIC_COMMAND, 0x20);
  hardware.pic1.write8(PIC_COMMAND, 0x0b);
  if (hardware.pic1.read8(PIC_COMMAND) != 0) hardware.pic1.write8(PIC_COMMAND, 0x20);
}

// ---- the local APIC's timer: see timer.ts ----
/** Lets the timer's interrupts through; `isDeadline`: it fires at a TSC value written to MSR 0x6e0. */
export function startApicTimer(isDeadline: bool): void {
  writeLocal(Lapic.TIMER_DIVIDE, DIVIDE_BY_ONE);
  writeLocal(Lapic.TIMER, APIC_TIMER_VECTOR | (isDeadline ? TIMER_DEADLINE : 0));
  // The mode is stored in memory, deadlines go to an MSR, which stores do not order: CPUID waits for the store (11.5.4.1).
  cpuid(0, 0, 0);
}
/** One-shot: interrupt after `count` ticks; 0 stops. */
export function setApicTimer(count: u32): void {
  writeLocal(Lapic.TIMER_INITIAL, count);
}
export function readApicTimer(): u32 {
  return readLocal(Lapic.TIMER_CURRENT);
}
/** Lets the timer count without interrupts, for calibration. */
export function runApicTimerMasked(): void {
  writeLocal(Lapic.TIMER_DIVIDE, DIVIDE_BY_ONE);
  writeLocal(Lapic.TIMER, MASKED | APIC_TIMER_VECTOR);
  writeLocal(Lapic.TIMER_INITIAL, 0xffff_ffff);
}

// ---- lines ----
/** Lets interrupts of an ISA line (or global interrupt from 16 on) through as `vector`. False: there is no such line. */
export function enableIrq(irq: u32, vector: u32): bool {
  if (!usesIoApic) {
    if (irq >= 16 || vector != PIC_VECTOR_BASE + irq) return false;
    picMask &= ~(<u32>1 << irq);
    writePicMask();
    return true;
  }
  return routeIrq(irq, vector, 0);
}

/** Makes each edge of a global interrupt a non-maskable interrupt of this CPU. False: no I/O APIC has it. */
export function routeAsNmi(line: u32): bool {
  return usesIoApic && routeLine(line, DELIVER_NMI);
}

/** Stops a global interrupt. */
export function maskLine(line: u32): void {
  if (usesIoApic) routeLine(line, MASKED);
}

/** Global interrupt number of an ISA line, for /proc/interrupts and PCI routing. */
export function globalInterrupt(irq: u32): u32 {
  const index = findOverride(irq);
  return index < 0 ? irq : acpi!.overrides[index].globalInterrupt;
}

function findOverride(irq: u32): i32 {
  const tables = acpi;
  if (tables === null || irq >= 16) return -1;
  for (let i = 0; i < tables.overrides.length; i++) if (tables.overrides[i].irq == irq) return i;
  return -1;
}

/** Lines from 16 on are PCI's: level triggered and active low. */
function routeIrq(irq: u32, vector: u32, flags: u32): bool {
  const tables = acpi;
  if (tables === null) return false;
  let line = irq;
  let low = vector | flags;
  const index = findOverride(irq);
  if (index >= 0) {
    const entry = tables.overrides[index];
    line = entry.globalInterrupt;
    if (entry.isActiveLow) low |= ROUTE_ACTIVE_LOW;
    if (entry.isLevel) low |= ROUTE_LEVEL;
  } else if (irq >= 16) {
    low |= ROUTE_ACTIVE_LOW | ROUTE_LEVEL;
  }
  return routeLine(line, low);
}

/** Writes the low half of the entry of a global interrupt, for this CPU. False: no I/O APIC has it. */
function routeLine(line: u32, low: u32): bool {
  const tables = acpi;
  if (tables === null) return false;
  for (let i = 0; i < tables.ioApics.length; i++) {
    const io = tables.ioApics[i];
    const registers = hardware.ioApics[i];
    if (registers === null || line < io.firstInterrupt) continue;
    const pin = line - io.firstInterrupt;
    if (pin >= ioApicPins(registers)) continue;
    const register = IOAPIC_REDIRECTION + 2 * pin;
    writeIoApic(registers, register, MASKED);
    writeIoApic(registers, register + 1, localId << 24);
    writeIoApic(registers, register, low);
    return true;
  }
  return false;
}

function readIoApic(registers: DeviceMemory, register: u32): u32 {
  registers.write32(IOAPIC_SELECT, register);
  return registers.read32(IOAPIC_WINDOW);
}

function writeIoApic(registers: DeviceMemory, register: u32, value: u32): void {
  registers.write32(IOAPIC_SELECT, register);
  registers.write32(IOAPIC_WINDOW, value);
}

function ioApicPins(registers: DeviceMemory): u32 {
  return (readIoApic(registers, IOAPIC_VERSION) >> 16 & 0xff) + 1;
}

function maskIoApic(registers: DeviceMemory): void {
  const pins = ioApicPins(registers);
  for (let pin: u32 = 0; pin < pins; pin++) writeIoApic(registers, IOAPIC_REDIRECTION + 2 * pin, MASKED);
}

// ---- 8259 PICs: initialised in any case, so that a stray interrupt does not look like an exception ----
function initialisePics(): void {
  hardware.pic1.write8(PIC_COMMAND, 0x11);
  hardware.pic2.write8(PIC_COMMAND, 0x11);
  hardware.pic1.write8(PIC_DATA, PIC_VECTOR_BASE);
  hardware.pic2.write8(PIC_DATA, PIC_VECTOR_BASE + 8);
  hardware.pic1.write8(PIC_DATA, 4);
  hardware.pic2.write8(PIC_DATA, 2);
  hardware.pic1.write8(PIC_DATA, 1);
  hardware.pic2.write8(PIC_DATA, 1);
  writePicMask();
}

function writePicMask(): void {
  // The cascade is open only while a line behind it is.
  const first = (picMask >> 8) == 0xff ? picMask | 4 : picMask & ~4;
  hardware.pic1.write8(PIC_DATA, first & 0xff);
  hardware.pic2.write8(PIC_DATA, picMask >> 8);
}
