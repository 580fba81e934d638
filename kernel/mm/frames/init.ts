// Memory management at boot. TRUSTED: makes the kernel's page tables. In this order: `reserveMemory` for what must stay, `addMemory` for each range of RAM,
// `initMemory` once. Runs on the boot CPU with interrupts off; the boot code's tables map the first 4 GiB until then.

import { buildKernelTables, kernelRootFrame } from "../../../arch/x86_64/memory/kernel-mapping";
import { TableSource } from "../../../arch/x86_64/memory/page-table";
import { IdleWork, setIdleWork } from "../../sync/scheduler";
import { initUserTables } from "../space/user-tables";
import { Frame, NO_FRAME, allocateKernelFrame, releaseKernelFrame, zeroSomeFrames } from "./frame";

/** Frames for the kernel's tables, stacks and linear memory. */
@final
class KernelFrames extends TableSource {
  /** Frames in use. */
  count: i64 = 0;

  allocate(): Frame {
    this.count++;
    return allocateKernelFrame();
  }

  release(frame: Frame): void {
    this.count--;
    releaseKernelFrame(frame);
  }
}

@kernelLock const kernelFrames = new KernelFrames();
/** Frames cleared in one go while idle: a few microseconds. */
const IDLE_FRAMES: u32 = 4;

/** Clears frames while nothing runs. */
@final
class ClearFrames extends IdleWork {
  run(): bool {
    return zeroSomeFrames(IDLE_FRAMES);
  }
}

/** What the CPU has, found by the boot code. */
@safe @final
export class PagingFeatures {
  nx: bool = false;
  giantPages: bool = false;
  pat: bool = false;
  global: bool = false;
}

/**
 * Builds the final kernel tables (W^X) and switches to them. `ram`: pairs of start and end of RAM, ascending, firmware
 * tables included. False: there is not enough memory.
 */
@safe export function initMemory(ram: StaticArray<u64>, features: PagingFeatures): bool {
  if (kernelRootFrame() != NO_FRAME) throw new Error("memory was started");
  const built = buildKernelTables(kernelFrames, ram, features.nx, features.giantPages, features.pat, features.global);
  setIdleWork(new ClearFrames());
  return built && initUserTables();
}
