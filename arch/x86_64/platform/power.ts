// Power off and reboot: ACPI where its tables say how, then the ways that PCs and QEMU's machines know. TRUSTED (ports).
//
// Each way is tried in turn; both functions return only if none worked (powerOff) or never (reboot, which ends in a triple
// fault). Interrupts off. Specification: ACPI 6.5, 4.8.3.2 (PM1 control), 4.8.3.6 (reset), 4.8.3.7 (sleep control).

import { AcpiInfo, AcpiRegister } from "./acpi";
import { haltForever, pause, physWrite8, portRead16, portRead8, portWrite16, portWrite8, tripleFault } from "../machine";

const SLEEP_ENABLE: u32 = 1 << 13;
const SLEEP_TYPE_SHIFT: u32 = 10;
const SCI_ENABLE: u32 = 1;
const KEYBOARD_STATUS: u32 = 0x64;
const PCI_RESET: u32 = 0xcf9;
/** Reading it takes about a microsecond on a PC and has no effect. */
const DELAY_PORT: u32 = 0x80;
/** About ten milliseconds: emulators carry out a power-off in a thread of their own. */
const SHORT_WAIT: u32 = 10_000;

@bootOnly let acpi: AcpiInfo | null = null;

/** Remembers the tables. Boot only. */
@safe export function initialisePower(tables: AcpiInfo | null): void {
  acpi = tables;
}

/** Turns the machine off; returns if it cannot be. */
@safe export function powerOff(): void {
  const tables = acpi;
  if (tables !== null && tables.hasS5) {
    if (tables.sleepControl.address != 0) writeRegister(tables.sleepControl, tables.s5TypeA << 2 | 0x20);
    if (tables.pm1aControl != 0) sleepByPm1(tables);
  }
  wait();
  // What QEMU's pc and q35 machines listen to even without tables, then Bochs and old QEMU.
  portWrite16(0x604, 0x2000);
  portWrite16(0xb004, 0x2000);
  wait();
}

/** Restarts the machine. */
@safe export function reboot(): void {
  const tables = acpi;
  if (tables !== null && tables.reset.address != 0) {
    writeRegister(tables.reset, tables.resetValue);
    wait();
  }
  portWrite8(PCI_RESET, 0x02);
  portWrite8(PCI_RESET, 0x06);
  wait();
  if (tables === null || tables.hasKeyboardController) {
    for (let i: u32 = 0; i < SHORT_WAIT && (portRead8(KEYBOARD_STATUS) & 2) != 0; i++) pause();
    portWrite8(KEYBOARD_STATUS, 0xfe);
    wait();
  }
  tripleFault();
  haltForever();
}

function sleepByPm1(tables: AcpiInfo): void {
  // The registers take effect only in ACPI mode.
  if ((portRead16(tables.pm1aControl) & SCI_ENABLE) == 0 && tables.smiCommand != 0 && tables.acpiEnable != 0) {
    portWrite8(tables.smiCommand, tables.acpiEnable);
    for (let i: u32 = 0; i < 300 && (portRead16(tables.pm1aControl) & SCI_ENABLE) == 0; i++) wait();
  }
  const a = portRead16(tables.pm1aControl) & ~(7 << SLEEP_TYPE_SHIFT) | tables.s5TypeA << SLEEP_TYPE_SHIFT | SLEEP_ENABLE;
  portWrite16(tables.pm1aControl, a);
  if (tables.pm1bControl == 0) return;
  const b = portRead16(tables.pm1bControl) & ~(7 << SLEEP_TYPE_SHIFT) | tables.s5TypeB << SLEEP_TYPE_SHIFT | SLEEP_ENABLE;
  portWrite16(tables.pm1bControl, b);
}

function writeRegister(register: AcpiRegister, value: u32): void {
  // SAFETY: an address that the firmware names for this purpose, below 4 GiB and so in the direct map.
  if (register.isPort) portWrite8(<u32>register.address, value);
  else physWrite8(register.address, value);
}

function wait(): void {
  for (let i: u32 = 0; i < SHORT_WAIT; i++) portRead8(DELAY_PORT);
}
