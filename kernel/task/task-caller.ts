// TaskCaller: a task as the caller of its system calls on files. One belongs to each set of arguments, which serve several
// tasks one after another. Nothing here sleeps.

import { Signal } from "../abi/signal";
import { UserArguments } from "../mm/user/user-arguments";
import { Caller } from "../vfs/caller";
import { Credentials } from "../vfs/credentials";
import { Limit } from "./accounting/resource-limits";
import { signalTask } from "./signal/signal";
import { Task } from "./task";

@final
class TaskCaller extends Caller {
  constructor(public task: Task) {
    super();
  }

  credentials(): Credentials {
    return this.task.credentials;
  }

  fileSizeLimit(): u64 {
    return this.task.process.limits.soft[Limit.FSIZE];
  }

  fileSizeExceeded(): void {
    signalTask(this.task, Signal.XFSZ);
  }

  brokenPipe(): void {
    signalTask(this.task, Signal.PIPE);
  }
}

/** Gives a new task the arguments of its system calls. */
export function giveArguments(task: Task): void {
  const given = UserArguments.acquire();
  const source = given.source;
  const caller = source.caller;
  if (caller instanceof TaskCaller) (<TaskCaller>caller).task = task;
  else source.caller = new TaskCaller(task);
  task.arguments = given;
}
