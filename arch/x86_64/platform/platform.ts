// The parts of the machine that only their owners may touch, handed to them once at boot. TRUSTED: grants interrupt controllers, timers, ACPI
// registers. Addresses come from firmware tables; RAM is refused (resources.ts), and what lies beyond 4 GiB is not mapped.

import { AcpiInfo, AcpiRegister } from "./acpi";
import { InterruptHardware, initialiseInterruptControllers } from "./apic";
import { PowerHardware, initialisePower } from "./power";
import { DeviceMemory, Msr, PortRange, overlapsRam } from "./resources";
import { TimerHardware, initialiseTimer } from "./timer";

const MAPPED: u64 = 0x1_0000_0000;
const LOCAL_APIC_BYTES: u32 = 0x1000;
const IO_APIC_BYTES: u32 = 0x20;
const HPET_BYTES: u32 = 0x400;
@bootOnly let isStarted: bool = false;

/** Starts interrupt controllers and the timer, and prepares power-off. Once. Ticks of the time-stamp counter a second. */
@safe export function startPlatform(tables: AcpiInfo | null): u64 {
  if (isStarted) throw new Error("the platform was started");
  isStarted = true;
  initialisePower(tables, powerHardware(tables));
  initialiseInterruptControllers(tables, interruptHardware(tables));
  return initialiseTimer(tables, timerHardware(tables));
}

/** Registers of a device that firmware placed; null: none, or not where devices are. */
function registers(address: u64, length: u32): DeviceMemory | null {
  if (address == 0 || address > MAPPED - <u64>length || overlapsRam(address, address + <u64>length)) return null;
  // SAFETY: below 4 GiB, so in the direct map, and no RAM.
  return new DeviceMemory(address, length);
}

/** Ports that firmware names; null: none. */
function ports(base: u32, length: u32): PortRange | null {
  return base != 0 && base <= 0x1_0000 - length ? new PortRange(base, length) : null;
}

function interruptHardware(tables: AcpiInfo | null): InterruptHardware {
  const hardware = new InterruptHardware(new PortRange(0x20, 2), new PortRange(0xa0, 2), new Msr(0x1b, 1), new Msr(0x800, 0x40));
  hardware.local = registers(hardware.base.read(0) & 0xf_ffff_f000, LOCAL_APIC_BYTES);
  if (tables === null) return hardware;
  for (let i = 0; i < tables.ioApics.length; i++) hardware.ioApics.push(registers(tables.ioApics[i].address, IO_APIC_BYTES));
  return hardware;
}

function timerHardware(tables: AcpiInfo | null): TimerHardware {
  const hardware = new TimerHardware(new PortRange(0x40, 4), new PortRange(0x61, 1), new Msr(0x6e0, 1));
  if (tables === null) return hardware;
  hardware.hpet = registers(tables.hpetAddress, HPET_BYTES);
  hardware.pmTimer = ports(tables.pmTimer, 4);
  return hardware;
}

function powerHardware(tables: AcpiInfo | null): PowerHardware {
  const hardware = new PowerHardware(new PortRange(0x64, 1), new PortRange(0xcf9, 1), new PortRange(0x80, 1), new PortRange(0x604, 2), new PortRange(0xb004, 2));
  if (tables === null) return hardware;
  hardware.pm1a = ports(tables.pm1aControl, 2);
  hardware.pm1b = ports(tables.pm1bControl, 2);
  hardware.smi = ports(tables.smiCommand, 1);
  if (tables.reset.isPort) hardware.resetPort = ports(portOf(tables.reset), 1);
  else hardware.resetMemory = registers(tables.reset.address, 1);
  if (tables.sleepControl.isPort) hardware.sleepPort = ports(portOf(tables.sleepControl), 1);
  else hardware.sleepMemory = registers(tables.sleepControl.address, 1);
  return hardware;
}

function portOf(register: AcpiRegister): u32 {
  return register.address < 0x1_0000 ? <u32>register.address : 0;
}
