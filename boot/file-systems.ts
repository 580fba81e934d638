// File systems at boot: the types that mount(2) knows, what /proc shows of boot and drivers, the devices in /dev, and the ties
// between files and tasks.

import { CpuFeatures } from "../arch/x86_64/cpu-features";
import { registerProcInterrupts } from "../drivers/interrupts";
import { registerProcDevices } from "../kernel/devfs/proc-devices";
import { registerProcKmsg } from "../kernel/devfs/proc-kmsg";
import { registerStandardDevices } from "../kernel/devfs/standard-devices";
import { ExampleType } from "../kernel/examplefs/examplefs";
import { initEpoll } from "../kernel/ipc/epoll";
import { initPipes } from "../kernel/ipc/pipe-file";
import { initTimerFiles } from "../kernel/ipc/timerfd";
import { registerBootFiles } from "../kernel/procfs/system/boot-files";
import { startLoadAverage } from "../kernel/procfs/system/load-average";
import { registerNetFiles } from "../kernel/procfs/system/net-files";
import { addProcText } from "../kernel/procfs/proc-text";
import { registerRecordingFiles } from "../kernel/procfs/typix/recording-files";
import { registerProc } from "../kernel/procfs/procfs";
import { ByteBuilder } from "../kernel/runtime/text/byte-builder";
import { registerSysfs } from "../kernel/sysfs/sysfs";
import { TmpfsType } from "../kernel/tmpfs/tmpfs";
import { registerFileSystem } from "../kernel/vfs/inode/file-system";
import { random64 } from "../kernel/random/random";
import { seedNameHash } from "../kernel/vfs/path/dentry-cache";
import { CommandLine } from "./command-line";
import { registerProcConsoles } from "./console-list";

/** Time-stamp counter when the kernel was entered. */
@bootOnly let entryTsc: u64 = 0;

/** /proc/typix/boot; the benchmark of the boot time reads it. */
function showBoot(out: ByteBuilder): void {
  out.append("boot-entry ").appendUnsigned(entryTsc).newline();
}

/** Registers file systems and devices. */
export function startFileSystems(commandLine: CommandLine, cpu: CpuFeatures, enteredAtTsc: u64): void {
  entryTsc = enteredAtTsc;
  // Names of files have a secret hash, before the first one is stored.
  seedNameHash(<u32>random64());
  initPipes();
  initEpoll();
  initTimerFiles();
  registerFileSystem(new TmpfsType("tmpfs"));
  registerProc();
  registerStandardDevices();
  registerBootFiles(commandLine.bytes, cpu);
  registerProcDevices();
  registerProcKmsg();
  registerProcConsoles();
  registerNetFiles();
  registerProcInterrupts();
  registerRecordingFiles();
  registerSysfs();
  if (commandLine.has("typix.examples")) registerFileSystem(new ExampleType());
  addProcText("typix", "boot", 0o444, showBoot);
  startLoadAverage();
}
