// Memory at boot: from the boot loader's map to the frame allocator and the final page tables. TRUSTED: says what is RAM, and what of it is kept.
//
// The loader's ranges may overlap, need no order and no alignment; what is reserved wins over RAM. The boot code's tables map the
// first 4 GiB only, so memory above is handed out after the final tables are there.

import { BootInfo, LARGEST_FRAME_BUFFER } from "../arch/x86_64/platform/boot-info";
import { declareMemory, declareRam } from "../arch/x86_64/platform/resources";
import { CpuFeatures } from "../arch/x86_64/cpu-features";
import { imageRegionEnd, imageRegionStart, imageRegionCount } from "../arch/x86_64/memory/kernel-mapping";
import { addMemory } from "../kernel/mm/frames/frame";
import { PagingFeatures, initMemory } from "../kernel/mm/frames/init";
import { reserveMemory } from "../kernel/mm/frames/memory-ranges";
import { cachedRanges, usableRanges } from "./ram-ranges";

const FOUR_GIB: u64 = 0x1_0000_0000;
/** Real-mode interrupt vectors and BIOS data: firmware may still use them. */
const LOW_MEMORY: u64 = 0x1_0000;

@bootOnly let isStarted: bool = false;

/** Hands RAM to the frame allocator and switches to the final tables. False: not enough memory. */
@safe export function startMemory(info: BootInfo, cpu: CpuFeatures): bool {
  if (isStarted) throw new Error("memory was started");
  isStarted = true;
  const ram = usableRanges(info.memory);
  reserveMemory(0, LOW_MEMORY);
  for (let region: u32 = 0; region < imageRegionCount(); region++) reserveMemory(imageRegionStart(region), imageRegionEnd(region));
  for (let i = 0; i < info.modules.length; i++) reserveMemory(info.modules[i].start, info.modules[i].end);
  for (let i = 0; i < info.infoRanges.length; i++) reserveMemory(info.infoRanges[i].start, info.infoRanges[i].end);
  for (let i = 0; i < ram.length; i++) {
    if (ram[i].start < FOUR_GIB) addMemory(ram[i].start, min(ram[i].end, FOUR_GIB));
  }
  const cached = cachedRanges(info.memory);
  declareRam(cached);
  const screen = info.framebuffer;
  if (screen !== null) {
    const length = <u64>screen.pitch * <u64>screen.height;
    if (length <= LARGEST_FRAME_BUFFER && screen.address <= u64.MAX_VALUE - length) declareMemory(screen.address, screen.address + length);
  }
  if (!initMemory(cached, pagingFeatures(cpu))) return false;
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
