// The first steps of a new task on its own kernel stack, before it goes to user mode. Sleeps (page fault).

import { ignore } from "../../runtime/ignore";
import { executeInit } from "./init";
import { Task } from "../task";

/** Called by `threadMain`, with the switch complete. */
export function taskStarted(task: Task): void {
  if (task.tid == 1) executeInit(task);
  const address = task.setChildTid;
  if (address == 0) return;
  task.setChildTid = 0;
  ignore(task.arguments.out0.claim(address).writeI32(0, task.tid));
}
