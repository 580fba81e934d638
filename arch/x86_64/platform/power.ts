// Power off and reboot: ACPI where its tables say how, then the ways that PCs and QEMU's machines know.
//
// Each way is tried in turn; both functions return only if none worked (powerOff) or never (reboot, which ends in a triple
// fault). Interrupts off. Specification: ACPI 6.5, 4.8.3.2 (PM1 control), 4.8.3.6 (reset), 4.8.3.7 (sleep control).

import { AcpiInfo } from "./acpi";
import { haltForever, pause, tripleFault } from "../cpuid";
import { DeviceMemory, PortRange } from "./resources";

const SLEEP_ENABLE: u32 = 1 << 13;
const SLEEP_TYPE_SHIFT: u32 = 10;
const SCI_ENABLE: u32 = 1;
/** About ten milliseconds: emulators carry out a power-off in a thread of their own. */
const SHORT_WAIT: u32 = 10_000;

@bootOnly let acpi: AcpiInfo | null = null;

/** What this file was granted. */
@final
export class PowerHardware {
  pm1a: PortRange | null = null;
  pm1b: PortRange | null = null;
  smi: PortRange | null = null;
  resetPort: PortRange | null = null;
  resetMemory: DeviceMemory | null = null;
  sleepPort: PortRange | null = null;
  sleepMemory: DeviceMemory | null = null;

  constructor(
    readonly keyboard: PortRange, readonly pciReset: PortRange,
    /** Reading it takes about a microsecond on a PC and has no effect. */
    readonly delay: PortRange,
    /** What QEMU's pc and q35 machines listen to even without tables; and Bochs and old QEMU. */
    readonly qemuPower: PortRange, readonly bochsPower: PortRange,
  ) {}
}

@bootOnly let hardware: PowerHardware | null = null;

/** Remembers the tables, and what was granted. Boot only. */
export function initialisePower(tables: AcpiInfo | null, granted: PowerHardware): void {
  acpi = tables;
  hardware = granted;
}

/** Turns the machine off; returns if it cannot be. */
export function powerOff(): void {
  const granted = hardware;
  if (granted === null) return;
  const tables = acpi;
  if (tables !== null && tables.hasS5) {
    writeRegister(granted.sleepPort, granted.sleepMemory, tables.s5TypeA << 2 | 0x20);
    const pm1a = granted.pm1a;
    if (pm1a !== null) sleepByPm1(tables, granted, pm1a);
  }
  wait(granted);
  granted.qemuPower.write16(0, 0x2000);
  granted.bochsPower.write16(0, 0x2000);
  wait(granted);
}

/** Restarts the machine. */
export function reboot(): void {
  const granted = hardware;
  if (granted !== null) resetByRegisters(granted);
  tripleFault();
  haltForever();
}

function resetByRegisters(granted: PowerHardware): void {
  const tables = acpi;
  if (tables !== null) {
    writeRegister(granted.resetPort, granted.resetMemory, tables.resetValue);
    wait(granted);
  }
  granted.pciReset.write8(0, 0x02);
  granted.pciReset.write8(0, 0x06);
  wait(granted);
  if (tables === null || tables.hasKeyboardController) {
    for (let i: u32 = 0; i < SHORT_WAIT && (granted.keyboard.read8(0) & 2) != 0; i++) pause();
    granted.keyboard.write8(0, 0xfe);
    wait(granted);
  }
}

function sleepByPm1(tables: AcpiInfo, granted: PowerHardware, pm1a: PortRange): void {
  // The registers take effect only in ACPI mode.
  const smi = granted.smi;
  if ((pm1a.read16(0) & SCI_ENABLE) == 0 && smi !== null && tables.acpiEnable != 0) {
    smi.write8(0, tables.acpiEnable);
    for (let i: u32 = 0; i < 300 && (pm1a.read16(0) & SCI_ENABLE) == 0; i++) wait(granted);
  }
  sleep(pm1a, tables.s5TypeA);
  const pm1b = granted.pm1b;
  if (pm1b !== null) sleep(pm1b, tables.s5TypeB);
}

function sleep(control: PortRange, kind: u32): void {
  control.write16(0, control.read16(0) & ~(7 << SLEEP_TYPE_SHIFT) | kind << SLEEP_TYPE_SHIFT | SLEEP_ENABLE);
}

function writeRegister(port: PortRange | null, memory: DeviceMemory | null, value: u32): void {
  if (port !== null) port.write8(0, value);
  else if (memory !== null) memory.write8(0, value);
}

function wait(granted: PowerHardware): void {
  for (let i: u32 = 0; i < SHORT_WAIT; i++) granted.delay.read8(0);
}
