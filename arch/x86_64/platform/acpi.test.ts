import { expectEqual, expectFalse, expectNotEqual, expectTrue } from "../../../kernel/runtime/expect";
import { readAcpi } from "./acpi";
import { physRead8, physWrite16, physWrite32, physWrite64, physWrite8 } from "../machine";

const RSDP: u64 = 0xf0000;
const RSDT: u64 = 0x20000;
const MADT: u64 = 0x21000;
const FADT: u64 = 0x22000;
const DSDT: u64 = 0x23000;
const HPET: u64 = 0x24000;

/** Makes the bytes sum to 0 by the byte at `place`. */
function setChecksum(address: u64, length: u32, place: u32): void {
  physWrite8(address + <u64>place, 0);
  let sum: u32 = 0;
  for (let i: u32 = 0; i < length; i++) sum += physRead8(address + <u64>i);
  physWrite8(address + <u64>place, (0 - sum) & 0xff);
}

function header(address: u64, signature: u32, length: u32): void {
  physWrite32(address, signature);
  physWrite32(address + 4, length);
}

function writeTables(): void {
  physWrite64(RSDP, 0x2052_5450_2044_5352);
  physWrite32(RSDP + 16, <u32>RSDT);
  setChecksum(RSDP, 20, 8);
  header(RSDT, 0x54445352, 36 + 12);
  physWrite32(RSDT + 36, <u32>MADT);
  physWrite32(RSDT + 40, <u32>FADT);
  physWrite32(RSDT + 44, <u32>HPET);
  setChecksum(RSDT, 48, 9);

  header(MADT, 0x43495041, 44 + 8 + 12 + 10);
  physWrite32(MADT + 36, 0xfee00000);
  physWrite8(MADT + 44, 0);
  physWrite8(MADT + 45, 8);
  physWrite8(MADT + 47, 3);
  physWrite32(MADT + 48, 1);
  physWrite8(MADT + 52, 1);
  physWrite8(MADT + 53, 12);
  physWrite8(MADT + 54, 7);
  physWrite32(MADT + 56, 0xfec00000);
  physWrite8(MADT + 64, 2);
  physWrite8(MADT + 65, 10);
  physWrite8(MADT + 67, 9);
  physWrite32(MADT + 68, 20);
  physWrite16(MADT + 72, 15);
  setChecksum(MADT, 74, 9);

  header(FADT, 0x50434146, 129);
  physWrite8(FADT + 8, 3);
  physWrite32(FADT + 40, <u32>DSDT);
  physWrite32(FADT + 64, 0x604);
  physWrite32(FADT + 76, 0x608);
  physWrite32(FADT + 112, 1 << 10);
  physWrite8(FADT + 116, 1);
  physWrite64(FADT + 120, 0xcf9);
  physWrite8(FADT + 128, 0xf);
  setChecksum(FADT, 129, 9);

  header(DSDT, 0x54445344, 80);
  physWrite8(DSDT + 49, 0x08);
  physWrite32(DSDT + 50, 0x5f35535f);
  physWrite8(DSDT + 54, 0x12);
  physWrite8(DSDT + 55, 6);
  physWrite8(DSDT + 56, 4);
  physWrite8(DSDT + 57, 0x0a);
  physWrite8(DSDT + 58, 5);
  physWrite8(DSDT + 59, 0x01);

  header(HPET, 0x54455048, 56);
  physWrite64(HPET + 44, 0xfed00000);
  setChecksum(HPET, 56, 9);
}

export function testTables(): void {
  writeTables();
  const info = readAcpi(RSDP, false)!;
  expectEqual<u64>(info.localApicAddress, 0xfee00000);
  expectEqual<i32>(info.localApics.length, 1);
  expectEqual<u32>(info.localApics[0].apicId, 3);
  expectTrue(info.localApics[0].isEnabled);
  expectEqual<i32>(info.ioApics.length, 1);
  expectEqual<u64>(info.ioApics[0].address, 0xfec00000);
  expectEqual<i32>(info.overrides.length, 1);
  expectEqual<u32>(info.overrides[0].globalInterrupt, 20);
  expectTrue(info.overrides[0].isActiveLow);
  expectTrue(info.overrides[0].isLevel);
  expectEqual<u32>(info.pm1aControl, 0x604);
  expectEqual<u32>(info.pmTimer, 0x608);
  expectTrue(info.reset.isPort);
  expectEqual<u64>(info.reset.address, 0xcf9);
  expectEqual<u32>(info.resetValue, 0xf);
  expectTrue(info.hasS5);
  expectEqual<u32>(info.s5TypeA, 5);
  expectEqual<u32>(info.s5TypeB, 1);
  expectEqual<u64>(info.hpetAddress, 0xfed00000);
  expectFalse(info.hasKeyboardController);
}

/** Without a pointer from the loader the BIOS area is searched, but not under UEFI. */
export function testSearch(): void {
  expectTrue(readAcpi(0, false) === null);
  writeTables();
  expectTrue(readAcpi(0, false) !== null);
  expectTrue(readAcpi(0, true) === null);
  physWrite8(RSDP + 8, physRead8(RSDP + 8) + 1);
  expectTrue(readAcpi(0, false) === null, "checksum");
}

/** A damaged table is ignored, the others are read. */
export function testDamage(): void {
  writeTables();
  physWrite8(MADT + 50, 1);
  physWrite32(HPET + 4, 0xffff_ffff);
  const info = readAcpi(RSDP, false)!;
  expectEqual<i32>(info.ioApics.length, 0);
  expectEqual<u64>(info.hpetAddress, 0);
  expectNotEqual<u32>(info.pm1aControl, 0);
  physWrite32(RSDT + 4, 20);
  expectFalse(readAcpi(RSDP, false)!.hasFadt);
}

/** A MADT entry without a length ends the list instead of the kernel. */
export function testEndlessMadt(): void {
  writeTables();
  physWrite8(MADT + 45, 0);
  setChecksum(MADT, 74, 9);
  expectEqual<i32>(readAcpi(RSDP, false)!.ioApics.length, 0);
}
