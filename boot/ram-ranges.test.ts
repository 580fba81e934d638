import { MemoryKind, MemoryRange } from "../arch/x86_64/platform/boot-info";
import { expectEqual } from "../kernel/runtime/expect";
import { usableRanges } from "./ram-ranges";

const K: u64 = 1024;

function text(ranges: MemoryRange[]): string {
  let out = "";
  for (let i = 0; i < ranges.length; i++) out += (ranges[i].start / K).toString() + "-" + (ranges[i].end / K).toString() + " ";
  return out;
}

export function testRangesAreSortedAndMerged(): void {
  const map = [
    new MemoryRange(4096 * K, 8192 * K, MemoryKind.RAM), new MemoryRange(0, 640 * K, MemoryKind.RAM), new MemoryRange(8192 * K, 9000 * K, MemoryKind.RAM),
  ];
  expectEqual<string>(text(usableRanges(map)), "0-640 4096-9000 ", "touching ranges are one");
}

export function testReservedWins(): void {
  const map = [
    new MemoryRange(0, 1000 * K, MemoryKind.RAM), new MemoryRange(100 * K, 200 * K, MemoryKind.RESERVED), new MemoryRange(900 * K, 2000 * K, MemoryKind.ACPI_NVS),
    new MemoryRange(0, 10 * K, MemoryKind.BAD),
  ];
  expectEqual<string>(text(usableRanges(map)), "10-100 200-900 ", "cut at the start, in the middle, at the end");
}

export function testReservedOverEverything(): void {
  const map = [new MemoryRange(10 * K, 20 * K, MemoryKind.RAM), new MemoryRange(0, 100 * K, MemoryKind.RESERVED)];
  expectEqual<i32>(usableRanges(map).length, 0, "nothing is left");
}
