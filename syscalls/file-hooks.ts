// Ties the file layers to tasks: what kernel/vfs/task-hooks.ts asks for. Installed once, at boot. Nothing here sleeps.

import { Limit } from "../kernel/task/accounting/resource-limits";
import { random64 } from "../kernel/random/random";
import { signalTask } from "../kernel/task/signal/signal";
import { Credentials } from "../kernel/vfs/credentials";
import { seedNameHash } from "../kernel/vfs/path/dentry-cache";
import { TaskHooks, setTaskHooks } from "../kernel/vfs/task-hooks";
import { Signal } from "../kernel/abi/signal";
import { currentTask } from "../kernel/task/current";

@final
class CurrentTaskHooks extends TaskHooks {
  credentials(): Credentials {
    return currentTask().credentials;
  }

  fileSizeLimit(): u64 {
    return currentTask().process.limits.soft[Limit.FSIZE];
  }

  fileSizeExceeded(): void {
    signalTask(currentTask(), Signal.XFSZ);
  }

  brokenPipe(): void {
    signalTask(currentTask(), Signal.PIPE);
  }
}

/** Installs the hooks and gives name tables their secret; before the first file system. */
export function installFileHooks(): void {
  seedNameHash(<u32>random64());
  setTaskHooks(new CurrentTaskHooks());
}
