// Ties the file layers to tasks: what kernel/vfs/task-hooks.ts asks for. Installed once, at boot. Nothing here sleeps.

import { Limit } from "../kernel/task/accounting/resource-limits";
import { random64 } from "../kernel/random/random";
import { signalTask } from "../kernel/task/signal/signal";
import { Credentials } from "../kernel/vfs/credentials";
import { seedNameHash } from "../kernel/vfs/path/dentry-cache";
import { FileOwner } from "../kernel/vfs/file/file-owner";
import { TaskHooks, setTaskHooks } from "../kernel/vfs/task-hooks";
import { notifyFileOwner } from "./descriptor/file-owner";
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

  notifyOwner(owner: FileOwner, band: u32): void {
    notifyFileOwner(owner, band);
  }
}

/** Installs the hooks and gives name tables their secret; before the first file system. */
export function installFileHooks(): void {
  seedNameHash(<u32>random64());
  setTaskHooks(new CurrentTaskHooks());
}
