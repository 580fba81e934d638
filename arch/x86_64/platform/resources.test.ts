// What is granted, and what is refused, whoever asks.

import { expectEqual, expectTrue } from "../../../kernel/runtime/expect";
import { portWriteCount, portWritePort, portWriteValue } from "../../../tests/simulated-machine/kernel/controls";
import { DeviceMemory, PortRange, declareMemory, declareRam, requestMemory, requestPorts } from "./resources";

const MIB: u64 = 0x10_0000;

export function testDriversGetListedPorts(): void {
  const uart = requestPorts(0x3f8, 8);
  expectTrue(uart != null);
  uart!.write8(7, 0x155);
  expectEqual<i32>(portWriteCount(), 1);
  expectEqual<i32>(portWritePort(0), 0x3ff);
  expectEqual<i32>(portWriteValue(0), 0x55);
  expectTrue(requestPorts(0x3f8, 8) === uart, "the same range is the same object");
  expectTrue(requestPorts(0x3d4, 2) != null, "a part of VGA");
}

/** PIC, PIT, PCI configuration and reset, DMA controllers, A20, ACPI and emulators' power ports: their owners' only. */
export function testCriticalPortsAreNobodysToAskFor(): void {
  const critical: StaticArray<u32> = [0x20, 0x21, 0xa0, 0x40, 0x43, 0x61, 0, 0x81, 0xc0, 0xcf8, 0xcf9, 0xcfc, 0x92, 0x604, 0xb004, 0x510];
  for (let i = 0; i < critical.length; i++) expectTrue(requestPorts(critical[i], 1) === null, critical[i].toString());
}

export function testRangesDoNotWrapOrGrow(): void {
  expectTrue(requestPorts(0x3f8, 0) === null);
  expectTrue(requestPorts(0x3f8, 9) === null);
  expectTrue(requestPorts(0x3f8, u32.MAX_VALUE) === null);
  expectTrue(requestPorts(u32.MAX_VALUE, 2) === null);
  expectTrue(requestPorts(0x3f7, 2) === null);
  expectTrue(requestPorts(0x3f8, 8) != null);
  expectTrue(requestPorts(0x3fa, 2) === null, "granted already, to another");
}

export function testAnAccessPastTheRangeIsRefused(): void {
  requestPorts(0x70, 2)!.read8(2);
}

export function testAnOffsetThatWouldWrapIsRefused(): void {
  requestPorts(0x70, 2)!.write16(u32.MAX_VALUE, 0);
}

export function testARangePastTheLastPortIsRefused(): void {
  new PortRange(0xffff, 2);
}

export function testDeviceMemoryIsDeclaredAndNoRam(): void {
  expectTrue(requestMemory(0xb_8000, 4000) === null, "before RAM is known");
  declareRam([0, 0xa_0000, MIB, 64 * MIB]);
  expectTrue(requestMemory(0xb_8000, 4000) != null, "VGA text");
  expectTrue(requestMemory(0xb_8000, 4000) === requestMemory(0xb_8000, 4000));
  expectTrue(requestMemory(0xb_8000, 8000) === null, "granted otherwise");
  expectTrue(requestMemory(0xfee0_0000, 4096) === null, "a local APIC");
  expectTrue(requestMemory(0xfec0_0000, 32) === null, "an I/O APIC");
  expectTrue(requestMemory(0xb000_0000, 4096) === null, "PCI configuration");
  expectTrue(requestMemory(2 * MIB, 4096) === null, "RAM");
  declareMemory(63 * MIB, 65 * MIB);
  expectTrue(requestMemory(64 * MIB, 4096) === null, "declared across RAM");
  expectTrue(requestMemory(u64.MAX_VALUE - 10, 100) === null);
  expectTrue(requestMemory(0x9_f000, 0x2000) === null, "begins in RAM");
}

export function testAnObjectForRamIsRefused(): void {
  declareRam([MIB, 64 * MIB]);
  new DeviceMemory(3 * MIB, 16);
}

export function testMemoryPastItsEndIsRefused(): void {
  declareRam([MIB, 64 * MIB]);
  requestMemory(0xb_8000, 4000)!.write16(3999, 0);
}
