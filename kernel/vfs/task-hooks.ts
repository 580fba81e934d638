// What the file layers need from the task that calls them and cannot import, because tasks lie above: its
// credentials, its file-size limit and the signals SIGPIPE and SIGXFSZ. Installed at boot (syscalls/file-hooks.ts). Nothing here sleeps.

import { Credentials } from "./credentials";

export abstract class TaskHooks {
  /** Credentials of the current task. */
  abstract credentials(): Credentials;
  /** RLIMIT_FSIZE of the current task. */
  abstract fileSizeLimit(): u64;
  /** SIGXFSZ to the current thread. */
  abstract fileSizeExceeded(): void;
  /** SIGPIPE to the current thread. */
  abstract brokenPipe(): void;
}

/** Without tasks: all rights, no limits, nobody to tell. */
@final
class NoTaskHooks extends TaskHooks {
  private readonly all: Credentials = new Credentials();

  credentials(): Credentials {
    return this.all;
  }
  fileSizeLimit(): u64 {
    return u64.MAX_VALUE;
  }
  fileSizeExceeded(): void {}
  brokenPipe(): void {}
}

/** The hooks in force. */
@bootOnly export let taskHooks: TaskHooks = new NoTaskHooks();

export function setTaskHooks(hooks: TaskHooks): void {
  taskHooks = hooks;
}
