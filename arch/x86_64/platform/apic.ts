// Interrupt controllers: the local APIC (x2APIC where the CPU has it) and I/O APICs, or the two 8259 PICs. TRUSTED (registers).
//
// `initialiseInterruptControllers` runs once at boot with interrupts off and masks everything; `enableIrq` routes one
// line to the boot CPU. PIC mode fixes the vectors: line n has PIC_VECTOR_BASE + n, so callers use vector 0x30 + line.
// All functions may be called from interrupts; none sleeps. Device registers below 4 GiB are in the direct map.
// Specifications: Intel SDM volume 3, chapter 11; 82093AA (I/O APIC) and 8259A data sheets.

import { AcpiInfo } from "./acpi";
import { cpuid, mmioRead32, mmioWrite32, portRead8, portWrite8, readMsr, writeMsr } from "../machine";

/** Vector of the local APIC's timer. */
@safe export const APIC_TIMER_VECTOR: u32 = 0xef;
/** The local APIC's spurious interrupt: no end-of-interrupt. */
@safe export const SPURIOUS_VECTOR: u32 = 0xff;
/** Vector of line 0 in PIC mode; must be what callers of enableIrq use. */
@safe export const PIC_VECTOR_BASE: u32 = 0x30;

const APIC_BASE_MSR: u32 = 0x1b;
const APIC_BASE_ENABLE: u64 = 1 << 11;
const APIC_BASE_X2APIC: u64 = 1 << 10;
const X2APIC_MSR: u32 = 0x800;

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

const IOAPIC_SELECT: u64 = 0;
const IOAPIC_WINDOW: u64 = 0x10;
const IOAPIC_VERSION: u32 = 1;
const IOAPIC_REDIRECTION: u32 = 0x10;
const ROUTE_ACTIVE_LOW: u32 = 1 << 13;
const ROUTE_LEVEL: u32 = 1 << 15;

const PIC1_COMMAND: u32 = 0x20;
const PIC1_DATA: u32 = 0x21;
const PIC2_COMMAND: u32 = 0xa0;
const PIC2_DATA: u32 = 0xa1;

@bootOnly let acpi: AcpiInfo | null = null;
@bootOnly let hasLocal: bool = false;
@bootOnly let isX2: bool = false;
@bootOnly let localBase: u64 = 0;
@thisCpu let localId: u32 = 0;
@bootOnly let usesIoApic: bool = false;
/** Lines that are masked in PIC mode; line 2, the cascade, is worked out from the others. */
@kernelLock let picMask: u32 = 0xffff;

/** Masks all lines and turns on the local APIC if there is one. `tables` null: no ACPI. Boot only. */
@safe export function initialiseInterruptControllers(tables: AcpiInfo | null): void {
  acpi = tables;
  initialisePics();
  if ((cpuid(1, 0, 3) & (1 << 9)) != 0) enableLocalApic();
  if (!hasLocal) return;
  if (tables !== null) {
    for (let i = 0; i < tables.ioApics.length; i++) {
      if (tables.ioApics[i].address >= 0x1_0000_0000) continue;
      usesIoApic = true;
      maskIoApic(tables.ioApics[i].address);
    }
  }
  writeLocal(Lapic.LINT0, usesIoApic ? MASKED : DELIVER_EXTINT);
}

/** Whether timers can use the local APIC. */
@safe export function hasLocalApic(): bool {
  return hasLocal;
}

/** For /proc/interrupts and the boot log. */
@safe export function interruptControllerName(): string {
  if (!usesIoApic) return "XT-PIC";
  return isX2 ? "IO-APIC (x2APIC)" : "IO-APIC";
}

/** APIC id of this CPU. */
@safe export function localApicId(): u32 {
  return localId;
}

// ---- local APIC ----
function enableLocalApic(): void {
  const base = readMsr(APIC_BASE_MSR);
  localBase = base & 0xf_ffff_f000;
  isX2 = wantsX2Apic(base);
  if (!isX2 && (localBase == 0 || localBase >= 0x1_0000_0000)) return;
  // The two bits must be set one after the other.
  writeMsr(APIC_BASE_MSR, base | APIC_BASE_ENABLE);
  if (isX2) writeMsr(APIC_BASE_MSR, base | APIC_BASE_ENABLE | APIC_BASE_X2APIC);
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
  // SAFETY: registers of this CPU's own APIC.
  return isX2 ? <u32>readMsr(X2APIC_MSR + (register >> 4)) : mmioRead32(localBase + <u64>register);
}

function writeLocal(register: u32, value: u32): void {
  // SAFETY: as above.
  if (isX2) writeMsr(X2APIC_MSR + (register >> 4), <u64>value);
  else mmioWrite32(localBase + <u64>register, value);
}

/** After the handler of any vector from 32 on except SPURIOUS_VECTOR. */
@safe export function endOfInterrupt(): void {
  if (usesIoApic) {
    writeLocal(Lapic.END_OF_INTERRUPT, 0);
    return;
  }
  endPicOrLocal();
}

/** PIC lines arrive as ExtINT, which the local APIC does not count as in service; its own timer does. */
function endPicOrLocal(): void {
  if (hasLocal) writeLocal(Lapic.END_OF_INTERRUPT, 0);
  portWrite8(PIC2_COMMAND, 0x0b);
  if (portRead8(PIC2_COMMAND) != 0) portWrite8(PIC2_COMMAND, 0x20);
  portWrite8(PIC1_COMMAND, 0x0b);
  if (portRead8(PIC1_COMMAND) != 0) portWrite8(PIC1_COMMAND, 0x20);
}

// ---- the local APIC's timer: see timer.ts ----
/** Lets the timer's interrupts through; `isDeadline`: it fires at a TSC value written to MSR 0x6e0. */
@unsafe export function startApicTimer(isDeadline: bool): void {
  writeLocal(Lapic.TIMER_DIVIDE, DIVIDE_BY_ONE);
  writeLocal(Lapic.TIMER, APIC_TIMER_VECTOR | (isDeadline ? TIMER_DEADLINE : 0));
  // The mode is stored in memory, deadlines go to an MSR, which stores do not order: CPUID waits for the store (11.5.4.1).
  cpuid(0, 0, 0);
}
/** One-shot: interrupt after `count` ticks; 0 stops. */
@safe export function setApicTimer(count: u32): void {
  writeLocal(Lapic.TIMER_INITIAL, count);
}
@safe export function readApicTimer(): u32 {
  return readLocal(Lapic.TIMER_CURRENT);
}
/** Lets the timer count without interrupts, for calibration. */
@unsafe export function runApicTimerMasked(): void {
  writeLocal(Lapic.TIMER_DIVIDE, DIVIDE_BY_ONE);
  writeLocal(Lapic.TIMER, MASKED | APIC_TIMER_VECTOR);
  writeLocal(Lapic.TIMER_INITIAL, 0xffff_ffff);
}

// ---- lines ----
/** Lets interrupts of an ISA line (or global interrupt from 16 on) through as `vector`. False: there is no such line. */
@safe export function enableIrq(irq: u32, vector: u32): bool {
  if (!usesIoApic) {
    if (irq >= 16 || vector != PIC_VECTOR_BASE + irq) return false;
    picMask &= ~(<u32>1 << irq);
    writePicMask();
    return true;
  }
  return routeIrq(irq, vector, 0);
}

/** Stops a line. */
@safe export function disableIrq(irq: u32): void {
  if (usesIoApic) {
    routeIrq(irq, 0, MASKED);
  } else if (irq < 16 && irq != 2) {
    picMask |= <u32>1 << irq;
    writePicMask();
  }
}

/** Makes each edge of a global interrupt a non-maskable interrupt of this CPU. False: no I/O APIC has it. */
@unsafe export function routeAsNmi(line: u32): bool {
  return usesIoApic && routeLine(line, DELIVER_NMI);
}

/** Stops a global interrupt. */
@safe export function maskLine(line: u32): void {
  if (usesIoApic) routeLine(line, MASKED);
}

/** Global interrupt number of an ISA line, for /proc/interrupts and PCI routing. */
@safe export function globalInterrupt(irq: u32): u32 {
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
    if (io.address >= 0x1_0000_0000 || line < io.firstInterrupt) continue;
    const pin = line - io.firstInterrupt;
    if (pin >= ioApicPins(io.address)) continue;
    const register = IOAPIC_REDIRECTION + 2 * pin;
    writeIoApic(io.address, register, MASKED);
    writeIoApic(io.address, register + 1, localId << 24);
    writeIoApic(io.address, register, low);
    return true;
  }
  return false;
}

function readIoApic(base: u64, register: u32): u32 {
  // SAFETY: an address from the MADT, below 4 GiB; select and window are two registers of the same device.
  mmioWrite32(base + IOAPIC_SELECT, register);
  return mmioRead32(base + IOAPIC_WINDOW);
}

function writeIoApic(base: u64, register: u32, value: u32): void {
  // SAFETY: as above.
  mmioWrite32(base + IOAPIC_SELECT, register);
  mmioWrite32(base + IOAPIC_WINDOW, value);
}

function ioApicPins(base: u64): u32 {
  return (readIoApic(base, IOAPIC_VERSION) >> 16 & 0xff) + 1;
}

function maskIoApic(base: u64): void {
  const pins = ioApicPins(base);
  for (let pin: u32 = 0; pin < pins; pin++) writeIoApic(base, IOAPIC_REDIRECTION + 2 * pin, MASKED);
}

// ---- 8259 PICs: initialised in any case, so that a stray interrupt does not look like an exception ----
function initialisePics(): void {
  portWrite8(PIC1_COMMAND, 0x11);
  portWrite8(PIC2_COMMAND, 0x11);
  portWrite8(PIC1_DATA, PIC_VECTOR_BASE);
  portWrite8(PIC2_DATA, PIC_VECTOR_BASE + 8);
  portWrite8(PIC1_DATA, 4);
  portWrite8(PIC2_DATA, 2);
  portWrite8(PIC1_DATA, 1);
  portWrite8(PIC2_DATA, 1);
  writePicMask();
}

function writePicMask(): void {
  // The cascade is open only while a line behind it is.
  const first = (picMask >> 8) == 0xff ? picMask | 4 : picMask & ~4;
  portWrite8(PIC1_DATA, first & 0xff);
  portWrite8(PIC2_DATA, picMask >> 8);
}
