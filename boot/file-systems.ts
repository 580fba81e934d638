// File systems at boot: the types that mount(2) knows, the root, and the devices in /dev.

import { CpuFeatures } from "../arch/x86_64/cpu-features";
import { registerProcInterrupts } from "../drivers/interrupts";
import { initEpoll } from "../kernel/ipc/epoll";
import { initPipes } from "../kernel/ipc/pipe-file";
import { registerStandardDevices } from "../kernel/devfs/standard-devices";
import { registerBootFiles } from "../kernel/procfs/boot-files";
import { startLoadAverage } from "../kernel/procfs/load-average";
import { registerProc } from "../kernel/procfs/procfs";
import { TmpfsType } from "../kernel/tmpfs/tmpfs";
import { registerFileSystem } from "../kernel/vfs/file-system";
import { installFileHooks } from "../syscalls/file-hooks";

/** Registers file systems and devices. `commandLine` and `cpu` are shown in /proc. */
export function startFileSystems(commandLine: StaticArray<u8>, cpu: CpuFeatures): void {
  installFileHooks();
  initPipes();
  initEpoll();
  registerFileSystem(new TmpfsType("tmpfs"));
  registerStandardDevices();
  registerBootFiles(commandLine, cpu);
  registerProcInterrupts();
  registerProc();
  startLoadAverage();
}
