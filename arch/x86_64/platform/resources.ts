// Hardware that was granted: I/O ports, memory of devices, model-specific registers. TRUSTED: the only place that makes such objects.
//
// Who has an object reaches just its range; ranges are checked without wrapping. What could break memory safety (interrupt controllers,
// timers, PCI configuration, DMA controllers, ACPI, any RAM) is handed to its owner by platform.ts. Drivers ask for the rest by
// `requestPorts` and `requestMemory`: only for what PORTS and `declareMemory` list, never RAM, and no range twice unless it is the
// same one. Nothing here sleeps.

import {
  linearToPhys, mmioRead32, mmioWrite32, physRead16, physWrite16, physWrite8, portRead16, portRead32, portRead8, portWrite16, portWrite32,
  portWrite8, readMsr, writeMsr,
} from "../machine";
import { mapFrameBuffer } from "../memory/kernel-mapping";

/** First port and number of what drivers may have. A new driver adds its ports here. */
const PORTS: StaticArray<u32> = [
  0x60, 1, 0x64, 1, // keyboard controller
  0x70, 2, // real-time clock
  0x3f8, 8, 0x2f8, 8, 0x3e8, 8, 0x2e8, 8, // serial ports
  0x3c0, 0x20, // VGA
  0xe9, 1, // debug console of virtual machines
];
/** First and last byte + 1 of device memory that drivers may have: VGA, and what boot declares. */
@bootOnly const declared: u64[] = [0xa_0000, 0xc_0000];
/** RAM: first byte and last + 1, pairs. */
@bootOnly let ram: StaticArray<u64> = new StaticArray<u64>(0);
@kernelLock const portGrants: PortRange[] = [];
@kernelLock const memoryGrants: DeviceMemory[] = [];

function rangeFailure(size: u32, offset: u32, length: u32): void {
  throw new RangeError(length.toString() + " at " + offset.toString() + " of " + size.toString() + " granted");
}

/** A device's I/O ports. An access outside the range ends the operation. */
@safe @final
export class PortRange {
  @unsafe constructor(readonly base: u32, readonly length: u32) {
    if (length > 0x1_0000 || base > 0x1_0000 - length) rangeFailure(0x1_0000, base, length);
  }

  // SAFETY of all: the port lies in the range that was granted.
  read8(offset: u32): u32 { return portRead8(this.port(offset, 1)) & 0xff; }
  write8(offset: u32, value: u32): void { portWrite8(this.port(offset, 1), value & 0xff); }
  read16(offset: u32): u32 { return portRead16(this.port(offset, 2)) & 0xffff; }
  write16(offset: u32, value: u32): void { portWrite16(this.port(offset, 2), value & 0xffff); }
  read32(offset: u32): u32 { return portRead32(this.port(offset, 4)); }
  write32(offset: u32, value: u32): void { portWrite32(this.port(offset, 4), value); }

  @inline private port(offset: u32, size: u32): u32 {
    if (offset >= this.length || this.length - offset < size) rangeFailure(this.length, offset, size);
    return this.base + offset;
  }
}

/** Memory of a device in the direct map. An access outside the range ends the operation. */
@safe @final
export class DeviceMemory {
  @unsafe constructor(readonly address: u64, readonly length: u32) {
    if (address > u64.MAX_VALUE - <u64>length || overlapsRam(address, address + <u64>length)) throw new RangeError("no memory of a device");
  }

  // SAFETY of all: the access lies in the range that was granted, which is mapped and is no RAM.
  /** A register: never merged, dropped or reordered among others. */
  read32(offset: u32): u32 { return mmioRead32(this.place(offset, 4)); }
  write32(offset: u32, value: u32): void { mmioWrite32(this.place(offset, 4), value); }
  read16(offset: u32): u32 { return physRead16(this.place(offset, 2)) & 0xffff; }
  write16(offset: u32, value: u32): void { physWrite16(this.place(offset, 2), value); }
  write8(offset: u32, value: u32): void { physWrite8(this.place(offset, 1), value); }

  /** Copies `length` bytes of an array to `offset`. */
  writeBytes(offset: u32, bytes: StaticArray<u8>, at: i32, length: i32): void {
    if (<u64><u32>at + <u64><u32>length > <u64>bytes.length) rangeFailure(<u32>bytes.length, <u32>at, <u32>length);
    // SAFETY: both ranges were checked; the parameter keeps the array alive.
    linearToPhys(this.place(offset, <u32>length), changetype<usize>(bytes) + <usize>at, <u32>length);
  }

  @inline private place(offset: u32, size: u32): u64 {
    if (<u64>offset + <u64>size > <u64>this.length) rangeFailure(this.length, offset, size);
    return this.address + <u64>offset;
  }
}

/** A run of model-specific registers. */
@safe @final
export class Msr {
  @unsafe constructor(private readonly first: u32, private readonly count: u32) {}

  // SAFETY of both: the register was granted.
  read(index: u32): u64 { return readMsr(this.register(index)); }
  write(index: u32, value: u64): void { writeMsr(this.register(index), value); }

  @inline private register(index: u32): u32 {
    if (index >= this.count) rangeFailure(this.count, index, 1);
    return this.first + index;
  }
}

/** Says what is RAM: no device memory is granted before. Boot. */
@unsafe export function declareRam(pairs: StaticArray<u64>): void {
  ram = pairs;
}

/** Lets drivers ask for memory of a device that boot found (the frame buffer). */
@unsafe export function declareMemory(start: u64, end: u64): void {
  if (start >= end || overlapsRam(start, end)) return;
  declared.push(start);
  declared.push(end);
}

/** True if RAM lies in `start .. end`. */
@safe export function overlapsRam(start: u64, end: u64): bool {
  for (let i = 0; i + 1 < ram.length; i += 2) {
    if (start < ram[i + 1] && end > ram[i]) return true;
  }
  return false;
}

/** The ports `base .. base + length` for a driver; null: not listed, or part of them was granted otherwise. The same range: the same object. */
@safe export function requestPorts(base: u32, length: u32): PortRange | null {
  for (let i = 0; i < portGrants.length; i++) {
    const grant = portGrants[i];
    if (grant.base == base && grant.length == length) return grant;
    if (base < grant.base + grant.length && (grant.base < base || grant.base - base < length)) return null;
  }
  for (let i = 0; i + 1 < PORTS.length; i += 2) {
    if (base < PORTS[i] || length == 0 || length > PORTS[i + 1] || base - PORTS[i] > PORTS[i + 1] - length) continue;
    const made = new PortRange(base, length);
    portGrants.push(made);
    return made;
  }
  return null;
}

/** Memory of a device for a driver, write-combining; null: not declared, RAM, granted otherwise, or it cannot be mapped. */
@safe export function requestMemory(address: u64, length: u32): DeviceMemory | null {
  if (length == 0 || address > u64.MAX_VALUE - <u64>length || ram.length == 0) return null;
  const end = address + <u64>length;
  for (let i = 0; i < memoryGrants.length; i++) {
    const grant = memoryGrants[i];
    if (grant.address == address && grant.length == length) return grant;
    if (address < grant.address + <u64>grant.length && end > grant.address) return null;
  }
  for (let i = 0; i + 1 < declared.length; i += 2) {
    if (address < declared[i] || end > declared[i + 1] || overlapsRam(address, end)) continue;
    // The first MiB is mapped for devices already, in pages that lie within RAM's large one.
    if (address >= 0x10_0000 && !mapFrameBuffer(address, length)) return null;
    const made = new DeviceMemory(address, length);
    memoryGrants.push(made);
    return made;
  }
  return null;
}
