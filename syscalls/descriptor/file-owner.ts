// Owners of open files (fcntl F_SETOWN): whether one exists. Does not sleep.

import { F_OWNER_PGRP, F_OWNER_TID } from "../../kernel/abi/fcntl";
import { PidNamespace } from "../../kernel/task/pid";

/** Is there a task, process or group of that number? */
export function ownerExists(pids: PidNamespace, kind: i32, id: i32): bool {
  if (kind == F_OWNER_TID) return pids.findTask(id) !== null;
  if (kind == F_OWNER_PGRP) return pids.findGroup(id) !== null;
  return pids.findProcess(id) !== null;
}
