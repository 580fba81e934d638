// What happens after a panic: panic= on the command line and /proc/sys/kernel/panic (Linux kernel-parameters).
// 0: stop for ever; n: reboot after n seconds; negative: at once. In exec mode the panic is reported on COM2 and the machine goes off.

import { reboot } from "../arch/x86_64/platform/power";
import { panicSeconds, setPanicSeconds } from "../kernel/procfs/system/sysctl";
import { PanicAction, setPanicAction } from "../kernel/runtime/log/panic";
import { nsToTicks, ticks } from "../kernel/time/clock";
import { CommandLine } from "./command-line";
import { isExecMode } from "./consoles";
import { reportAndPowerOff } from "./exec-mode";
import { NS_PER_SECOND } from "../kernel/abi/time";

@final
class RebootAfterPanic extends PanicAction {
  run(): void {
    const seconds = panicSeconds;
    if (seconds == 0) return;
    if (seconds > 0) {
      const start = ticks();
      const wait = nsToTicks(<u64>seconds * NS_PER_SECOND);
      while (ticks() - start < wait) continue;
    }
    reboot();
  }
}

@final
class ReportPanic extends PanicAction {
  run(): void {
    reportAndPowerOff("typix-exit: panic");
  }
}

/** Boot, as early as possible. */
export function startPanicPolicy(commandLine: CommandLine): void {
  setPanicSeconds(commandLine.number("panic", 0));
  if (isExecMode(commandLine)) setPanicAction(new ReportPanic());
  else setPanicAction(new RebootAfterPanic());
}
