// RAM in the boot loader's map, whose ranges may overlap and need no order: what is reserved wins.

import { MemoryKind, MemoryRange } from "../arch/x86_64/platform/boot-info";

/** RAM without what any other range claims, ascending, no two touching. */
export function usableRanges(memory: MemoryRange[]): MemoryRange[] {
  const ram = mergedRanges(memory, false);
  for (let i = 0; i < memory.length; i++) {
    if (memory[i].kind != MemoryKind.RAM) cutOut(ram, memory[i].start, memory[i].end);
  }
  return ram;
}

/** Pairs of start and end of what is RAM in hardware, firmware tables included: the cached part of the direct map. */
export function cachedRanges(memory: MemoryRange[]): StaticArray<u64> {
  const ranges = mergedRanges(memory, true);
  const pairs = new StaticArray<u64>(ranges.length * 2);
  for (let i = 0; i < ranges.length; i++) {
    pairs[2 * i] = ranges[i].start;
    pairs[2 * i + 1] = ranges[i].end;
  }
  return pairs;
}

/** RAM (and, if asked, ACPI memory), ascending; overlapping and touching ranges are one. */
function mergedRanges(memory: MemoryRange[], withAcpi: bool): MemoryRange[] {
  const merged: MemoryRange[] = [];
  for (let i = 0; i < memory.length; i++) {
    const range = memory[i];
    const isAcpi = range.kind == MemoryKind.ACPI_RECLAIMABLE || range.kind == MemoryKind.ACPI_NVS;
    if (range.kind != MemoryKind.RAM && !(withAcpi && isAcpi)) continue;
    let start = range.start;
    let end = range.end;
    let at = 0;
    while (at < merged.length) {
      const other = merged[at];
      if (other.end < start) {
        at++;
      } else if (other.start > end) {
        break;
      } else {
        start = min(start, other.start);
        end = max(end, other.end);
        merged.splice(at, 1);
      }
    }
    insertAt(merged, at, new MemoryRange(start, end, MemoryKind.RAM));
  }
  return merged;
}

/** Takes `start .. end` out of ascending ranges. */
function cutOut(ranges: MemoryRange[], start: u64, end: u64): void {
  for (let i = 0; i < ranges.length; i++) {
    const range = ranges[i];
    if (range.end <= start || range.start >= end) continue;
    ranges.splice(i, 1);
    if (range.end > end) insertAt(ranges, i, new MemoryRange(end, range.end, range.kind));
    if (range.start < start) insertAt(ranges, i, new MemoryRange(range.start, start, range.kind));
    else i--;
  }
}

function insertAt(ranges: MemoryRange[], at: i32, range: MemoryRange): void {
  ranges.push(range);
  for (let i = ranges.length - 1; i > at; i--) ranges[i] = ranges[i - 1];
  ranges[at] = range;
}
