// The few ACPI tables a kernel needs without an AML interpreter: MADT (interrupt controllers, CPUs), FADT (power and
// reset registers), HPET, and the sleep type of S5 found by its byte pattern in the DSDT.
//
// Firmware tables are checked by length and checksum; addresses beyond the first 4 GiB are not followed. Runs once at boot.
// Specification: ACPI 6.5, chapters 4.8, 5.2, 7.4, 20.2.

import { firmwareRead16, firmwareRead32, firmwareRead64, firmwareRead8, isReadable } from "./firmware-memory";

@final
export class LocalApic {
  constructor(readonly apicId: u32, readonly processorId: u32, readonly isEnabled: bool) {}
}

@final
export class IoApic {
  constructor(readonly id: u32, readonly address: u64, readonly firstInterrupt: u32) {}
}

/** An ISA interrupt that arrives elsewhere or otherwise than usual. */
@final
export class InterruptOverride {
  constructor(readonly irq: u32, readonly globalInterrupt: u32, readonly isActiveLow: bool, readonly isLevel: bool) {}
}

/** A register described by a "generic address structure"; address 0: there is none. */
@final
export class AcpiRegister {
  constructor(readonly isPort: bool, readonly address: u64) {}
}

@final
export class AcpiInfo {
  /** 0: no MADT. */
  localApicAddress: u64 = 0;
  localApics: LocalApic[] = [];
  ioApics: IoApic[] = [];
  overrides: InterruptOverride[] = [];
  hasFadt: bool = false;
  /** Ports of the power-management control registers; 0: none. */
  pm1aControl: u32 = 0;
  pm1bControl: u32 = 0;
  /** Port of the 3.579545 MHz counter; 0: none. */
  pmTimer: u32 = 0;
  smiCommand: u32 = 0;
  acpiEnable: u32 = 0;
  reset: AcpiRegister = new AcpiRegister(true, 0);
  resetValue: u32 = 0;
  /** Hardware-reduced machines (microvm) sleep by this register. */
  sleepControl: AcpiRegister = new AcpiRegister(true, 0);
  hasS5: bool = false;
  s5TypeA: u32 = 0;
  s5TypeB: u32 = 0;
  hpetAddress: u64 = 0;
  /** The PC's keyboard controller is there (true when the firmware does not say). */
  hasKeyboardController: bool = true;
  /** CMOS register that holds the century; 0: none. */
  centuryRegister: u32 = 0;
}

const MAPPED: u64 = 0x1_0000_0000;
const MAX_TABLE: u32 = 0x10_0000;
const MAX_TABLES: u32 = 256;
const HEADER_SIZE: u32 = 36;

/** Reads the tables behind the root pointer at `rsdp`; 0: looks where a BIOS keeps it. Null: no ACPI. */
export function readAcpi(rsdp: u64, isEfi: bool): AcpiInfo | null {
  let root = isRootPointer(rsdp) ? rsdp : 0;
  if (root == 0 && !isEfi) root = findRootPointer();
  if (root == 0) return null;
  const info = new AcpiInfo();
  const hasExtended = firmwareRead8(root + 15) >= 2 && isReadable(root, 36);
  const extended: u64 = hasExtended ? firmwareRead64(root + 24) : 0;
  if (extended != 0 && tableLength(extended) != 0) readTables(info, extended, 8);
  else readTables(info, <u64>firmwareRead32(root + 16), 4);
  return info;
}

function isRootPointer(address: u64): bool {
  if (!isReadable(address, 20)) return false;
  // "RSD PTR ", and the first 20 bytes sum to 0.
  return firmwareRead64(address) == 0x2052_5450_2044_5352 && checksum(address, 20) == 0;
}

/** The BIOS keeps it in the first KiB of its extended data area or in 0xe0000..0xfffff, 16-byte aligned. */
function findRootPointer(): u64 {
  const extendedArea = <u64>firmwareRead16(0x40e) << 4;
  if (extendedArea >= 0x400 && extendedArea < 0xa0000) {
    for (let at = extendedArea; at < extendedArea + 1024; at += 16) if (isRootPointer(at)) return at;
  }
  for (let at: u64 = 0xe0000; at < 0x10_0000; at += 16) if (isRootPointer(at)) return at;
  return 0;
}

function checksum(address: u64, length: u32): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < length; i++) sum += firmwareRead8(address + <u64>i);
  return sum & 0xff;
}

/** Length of a table with a readable header and contents; 0: not usable. */
function tableLength(table: u64): u32 {
  if (!isReadable(table, HEADER_SIZE)) return 0;
  const length = firmwareRead32(table + 4);
  return length >= HEADER_SIZE && length <= MAX_TABLE && isReadable(table, length) ? length : 0;
}

function readTables(info: AcpiInfo, root: u64, entrySize: u32): void {
  const length = tableLength(root);
  if (length == 0) return;
  const count = min((length - HEADER_SIZE) / entrySize, MAX_TABLES);
  for (let i: u32 = 0; i < count; i++) {
    const at = root + <u64>(HEADER_SIZE + i * entrySize);
    readTable(info, entrySize == 8 ? firmwareRead64(at) : <u64>firmwareRead32(at));
  }
}

function readTable(info: AcpiInfo, table: u64): void {
  const length = tableLength(table);
  if (length == 0 || checksum(table, length) != 0) return;
  switch (firmwareRead32(table)) {
    case 0x43495041: readMadt(info, table, length); break;  // APIC
    case 0x50434146: readFadt(info, table, length); break;  // FACP
    case 0x54455048:                                        // HPET
      if (length >= 56 && firmwareRead8(table + 40) == 0) info.hpetAddress = firmwareRead64(table + 44);
      break;
  }
}

// ---- MADT ----
namespace Madt {
  export const LOCAL_APIC: u32 = 0;
  export const IO_APIC: u32 = 1;
  export const OVERRIDE: u32 = 2;
  export const LOCAL_APIC_ADDRESS: u32 = 5;
  export const LOCAL_X2APIC: u32 = 9;
}

function readMadt(info: AcpiInfo, table: u64, length: u32): void {
  if (length < 44) return;
  info.localApicAddress = <u64>firmwareRead32(table + 36);
  const end = table + <u64>length;
  let at = table + 44;
  while (at + 2 <= end) {
    const type = firmwareRead8(at);
    const size = firmwareRead8(at + 1);
    if (size < 2 || at + <u64>size > end) break;
    if (type == Madt.LOCAL_APIC && size >= 8) {
      info.localApics.push(new LocalApic(firmwareRead8(at + 3), firmwareRead8(at + 2), (firmwareRead32(at + 4) & 1) != 0));
    } else if (type == Madt.LOCAL_X2APIC && size >= 16) {
      info.localApics.push(new LocalApic(firmwareRead32(at + 4), firmwareRead32(at + 12), (firmwareRead32(at + 8) & 1) != 0));
    } else if (type == Madt.IO_APIC && size >= 12) {
      info.ioApics.push(new IoApic(firmwareRead8(at + 2), <u64>firmwareRead32(at + 4), firmwareRead32(at + 8)));
    } else if (type == Madt.OVERRIDE && size >= 10) {
      const flags = firmwareRead16(at + 8);
      // ISA: 0 means active high and edge.
      info.overrides.push(new InterruptOverride(firmwareRead8(at + 3), firmwareRead32(at + 4), (flags & 3) == 3, (flags >> 2 & 3) == 3));
    } else if (type == Madt.LOCAL_APIC_ADDRESS && size >= 12) {
      info.localApicAddress = firmwareRead64(at + 4);
    }
    at += <u64>size;
  }
}

// ---- FADT: offsets of ACPI 6.5, table 5.9 ----
namespace Fadt {
  export const DSDT: u64 = 40;
  export const SMI_COMMAND: u64 = 48;
  export const ACPI_ENABLE: u64 = 52;
  export const PM1A_CONTROL: u64 = 64;
  export const PM1B_CONTROL: u64 = 68;
  export const PM_TIMER: u64 = 76;
  export const CENTURY: u64 = 108;
  export const BOOT_ARCHITECTURE: u64 = 109;
  export const FLAGS: u64 = 112;
  export const RESET: u64 = 116;
  export const RESET_VALUE: u64 = 128;
  export const X_DSDT: u64 = 140;
  export const SLEEP_CONTROL: u64 = 244;
  export const FLAG_RESET: u32 = 1 << 10;
  export const FLAG_HARDWARE_REDUCED: u32 = 1 << 20;
}

function readFadt(info: AcpiInfo, table: u64, length: u32): void {
  if (length < 116) return;
  info.hasFadt = true;
  const revision = firmwareRead8(table + 8);
  const flags = firmwareRead32(table + Fadt.FLAGS);
  const isReduced = (flags & Fadt.FLAG_HARDWARE_REDUCED) != 0;
  if (!isReduced) {
    info.pm1aControl = firmwareRead32(table + Fadt.PM1A_CONTROL) & 0xffff;
    info.pm1bControl = firmwareRead32(table + Fadt.PM1B_CONTROL) & 0xffff;
    info.pmTimer = firmwareRead32(table + Fadt.PM_TIMER) & 0xffff;
    info.smiCommand = firmwareRead32(table + Fadt.SMI_COMMAND) & 0xffff;
    info.acpiEnable = firmwareRead8(table + Fadt.ACPI_ENABLE);
    info.centuryRegister = firmwareRead8(table + Fadt.CENTURY);
  }
  if (revision >= 2) info.hasKeyboardController = (firmwareRead16(table + Fadt.BOOT_ARCHITECTURE) & 2) != 0;
  if (length >= 129 && (flags & Fadt.FLAG_RESET) != 0) {
    info.reset = readRegister(table + Fadt.RESET);
    info.resetValue = firmwareRead8(table + Fadt.RESET_VALUE);
  }
  if (length >= 256 && isReduced) info.sleepControl = readRegister(table + Fadt.SLEEP_CONTROL);
  let dsdt = <u64>firmwareRead32(table + Fadt.DSDT);
  if (length >= 148 && firmwareRead64(table + Fadt.X_DSDT) != 0) dsdt = firmwareRead64(table + Fadt.X_DSDT);
  findS5(info, dsdt);
}

/** Generic address structure: address space (0 memory, 1 ports), width, offset, access size, address. */
function readRegister(at: u64): AcpiRegister {
  const space = firmwareRead8(at);
  const address = firmwareRead64(at + 4);
  if (space > 1 || address >= MAPPED) return new AcpiRegister(true, 0);
  return new AcpiRegister(space == 1, address);
}

/** Finds `Name (_S5_, Package () { a, b, … })` in the DSDT's byte code and takes the two sleep types. */
function findS5(info: AcpiInfo, dsdt: u64): void {
  const length = tableLength(dsdt);
  if (length == 0) return;
  const end = dsdt + <u64>length;
  for (let at = dsdt + <u64>HEADER_SIZE + 2; at + 12 <= end; at++) {
      if (firmwareRead32(at) != 0x5f35535f) continue;             // "_S5_"
    const before = firmwareRead8(at - 1);
    const isName = before == 0x08 || (before == 0x5c && firmwareRead8(at - 2) == 0x08);
    if (!isName || firmwareRead8(at + 4) != 0x12) continue;     // NameOp … PackageOp
    const lengthBytes = firmwareRead8(at + 5) >> 6;
    if (lengthBytes > 1) continue;                          // a package of two to four numbers is short
    let element = at + 7 + <u64>lengthBytes;
    const first = firmwareRead8(element);
    info.s5TypeA = first == 0x0a ? firmwareRead8(element + 1) & 7 : first & 7;
    element += first == 0x0a ? 2 : 1;
    if (element + 2 > end) return;
    const second = firmwareRead8(element);
    info.s5TypeB = second == 0x0a ? firmwareRead8(element + 1) & 7 : second & 7;
    info.hasS5 = true;
    return;
  }
}
