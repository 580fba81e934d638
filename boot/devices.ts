// Devices at boot, in the order they need each other: tables, interrupt controllers, clock, consoles.

import { AcpiInfo, readAcpi } from "../arch/x86_64/platform/acpi";
import { interruptControllerName } from "../arch/x86_64/platform/apic";
import { BootInfo } from "../arch/x86_64/platform/boot-info";
import { startPlatform } from "../arch/x86_64/platform/platform";
import { programTimer, timerDescription } from "../arch/x86_64/platform/timer";
import { startDebugConsole } from "../drivers/debug-console/debug-console";
import { CmosClock } from "../drivers/rtc/cmos-clock";
import { logInfo, setLogClock, LogClock } from "../kernel/runtime/log/log";
import { initClock, monotonicNs } from "../kernel/time/clock";
import { TimerDevice, setTimerDevice } from "../kernel/time/timer";
import { initScheduler } from "../kernel/sync/scheduler";
import { CommandLine } from "./command-line";

@final
class BootClock extends LogClock {
  nowUs(): u64 {
    return monotonicNs() / 1000;
  }
}

@final
class CpuTimer extends TimerDevice {
  programTimer(tsc: u64): void {
    programTimer(tsc);
  }
}

/** Brings up what the kernel needs of the machine. */
export function startDevices(info: BootInfo, commandLine: CommandLine): void {
  const acpi: AcpiInfo | null = readAcpi(info.rsdp, info.isEfi);
  const hz = startPlatform(acpi);
  initClock(hz, new CmosClock().readNs());
  setLogClock(new BootClock());
  setTimerDevice(new CpuTimer());
  initScheduler();
  logInfo("interrupts: " + interruptControllerName() + "; timer: " + timerDescription() + ", " + (hz / 1000).toString() + " kHz");
  startDebugConsole();
}
