// Memory at boot: from the boot loader's map to the frame allocator and the final page tables.
//
// The loader's ranges may overlap, need no order and no alignment; what is reserved wins over RAM. The boot code's tables map the
// first 4 GiB only, so memory above is handed out after the final tables are there.

import { BootInfo, MemoryKind, MemoryRange } from "../arch/x86_64/platform/boot-info";
import { CpuFeatures } from "../arch/x86_64/cpu-features";
import { imageRegionEnd, imageRegionStart, imageRegionCount } from "../arch/x86_64/memory/kernel-mapping";
import { addMemory, reserveMemory } from "../kernel/mm/frames/frame";
import { PagingFeatures, initMemory } from "../kernel/mm/frames/init";

const FOUR_GIB: u64 = 0x1_0000_0000;
/** Real-mode interrupt vectors and BIOS data: firmware may still use them. */
const LOW_MEMORY: u64 = 0x1_0000;

/** Hands RAM to the frame allocator and switches to the final tables. False: not enough memory. */
export function startMemory(info: BootInfo, cpu: CpuFeatures): bool {
  const ram = usableRanges(info.memory);
  reserveMemory(0, LOW_MEMORY);
  for (let region: u32 = 0; region < imageRegionCount(); region++) reserveMemory(imageRegionStart(region), imageRegionEnd(region));
  for (let i = 0; i < info.modules.length; i++) reserveMemory(info.modules[i].start, info.modules[i].end);
  for (let i = 0; i < info.infoRanges.length; i++) reserveMemory(info.infoRanges[i].start, info.infoRanges[i].end);
  for (let i = 0; i < ram.length; i++) {
    if (ram[i].start < FOUR_GIB) addMemory(ram[i].start, min(ram[i].end, FOUR_GIB));
  }
  if (!initMemory(cachedRanges(info.memory), pagingFeatures(cpu))) return false;
  for (let i = 0; i < ram.length; i++) {
    if (ram[i].end > FOUR_GIB) addMemory(max(ram[i].start, FOUR_GIB), ram[i].end);
  }
  return true;
}

function pagingFeatures(cpu: CpuFeatures): PagingFeatures {
  const features = new PagingFeatures();
  features.pat = cpu.hasPat;
  features.global = cpu.hasGlobalPages;
  features.nx = cpu.hasNx;
  features.giantPages = cpu.hasGiantPages;
  return features;
}

/** RAM without what any other range claims, ascending, no two touching. */
export function usableRanges(memory: MemoryRange[]): MemoryRange[] {
  const ram = mergedRanges(memory, false);
  for (let i = 0; i < memory.length; i++) {
    if (memory[i].kind != MemoryKind.RAM) cutOut(ram, memory[i].start, memory[i].end);
  }
  return ram;
}

/** Pairs of start and end of what is RAM in hardware, firmware tables included: the cached part of the direct map. */
function cachedRanges(memory: MemoryRange[]): StaticArray<u64> {
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
