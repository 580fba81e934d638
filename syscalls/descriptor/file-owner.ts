// Owners of open files (fcntl F_SETOWN): whether one exists, and the signal for it. Does not sleep.

import { F_OWNER_PGRP, F_OWNER_TID } from "../../kernel/abi/fcntl";
import { findProcess, findProcessGroup, findTask } from "../../kernel/task/pid";
import { signalProcess, signalProcessGroup, signalTask } from "../../kernel/task/signal/signal";
import { FileOwner } from "../../kernel/vfs/file/file-owner";
import { Signal } from "../../kernel/abi/signal";

/** Is there a task, process or group of that number? */
export function ownerExists(kind: i32, id: i32): bool {
  if (kind == F_OWNER_TID) return findTask(id) !== null;
  if (kind == F_OWNER_PGRP) return findProcessGroup(id) !== null;
  return findProcess(id) !== null;
}

/** SIGIO, or the signal that F_SETSIG chose. */
export function notifyFileOwner(owner: FileOwner, band: u32): void {
  const number = owner.signal != 0 ? owner.signal : Signal.IO;
  if (owner.kind == F_OWNER_TID) {
    const task = findTask(owner.id);
    if (task !== null) signalTask(task, number);
  } else if (owner.kind == F_OWNER_PGRP) {
    const group = findProcessGroup(owner.id);
    if (group !== null) signalProcessGroup(group, number);
  } else {
    const process = findProcess(owner.id);
    if (process !== null) signalProcess(process, number);
  }
}
