// reboot(2).

import { powerOff, reboot } from "../../arch/x86_64/platform/power";
import { Errno } from "../../kernel/abi/errno";
import { UserPath } from "../../kernel/mm/user/user-memory";
import { logText, LogLevel } from "../../kernel/runtime/log/log";
import { stopCpu } from "../../kernel/runtime/log/machine-view";
import { signalProcess } from "../../kernel/task/signal/signal";
import { Task } from "../../kernel/task/task";
import { Capability } from "../../kernel/vfs/credentials";
import { Signal } from "../../kernel/abi/signal";
import { initialNamespaces } from "../../kernel/task/initial-namespaces";

const MAGIC1: u32 = 0xfee1dead;
const RESTART: u32 = 0x01234567;
const HALT: u32 = 0xcdef0123;
const CAD_ON: u32 = 0x89abcdef;
const CAD_OFF: u32 = 0x00000000;
const POWER_OFF: u32 = 0x4321fedc;
const RESTART2: u32 = 0xa1b2c3d4;

/** True if Ctrl-Alt-Del restarts at once; else init gets SIGINT. */
@kernelLock let isCadImmediate: bool = true;

/** Ctrl-Alt-Del was pressed. Interrupt context. */
export function ctrlAltDel(): void {
  if (isCadImmediate) {
    reboot();
    return;
  }
  const init = initialNamespaces.pids.init;
  if (init !== null) signalProcess(init, Signal.INT);
}

function isSecondMagic(magic: u32): bool {
  return magic == 672274793 || magic == 85072278 || magic == 369367448 || magic == 537993216;
}

/** reboot(2) */
export function sysReboot(task: Task, magic: u32, magic2: u32, command: u32, argument: UserPath): i64 {
  if (!task.credentials.has(Capability.SYS_BOOT)) return -Errno.EPERM;
  if (magic != MAGIC1 || !isSecondMagic(magic2)) return -Errno.EINVAL;
  switch (command) {
    case RESTART:
    case RESTART2:
      logText(LogLevel.EMERGENCY, "reboot: Restarting system");
      reboot();
      return 0;
    case HALT:
      logText(LogLevel.EMERGENCY, "reboot: System halted");
      stopCpu();
      return 0;
    case POWER_OFF:
      logText(LogLevel.EMERGENCY, "reboot: Power down");
      powerOff();
      stopCpu();
      return 0;
    case CAD_ON:
      isCadImmediate = true;
      return 0;
    case CAD_OFF:
      isCadImmediate = false;
      return 0;
    default: return -Errno.EINVAL;
  }
}
