// What a process loses and keeps over execve(2), "Effect on process attributes". Runs after the old memory has gone.
// Sleeps (closing descriptors).

import { ExecCredentials } from "./exec-credentials";
import { ExecRequest } from "./exec-request";
import { closeExecutable, retainExecutable } from "./executable-file";
import { deleteAllTimers } from "../accounting/posix-timer";
import { MAY_READ, checkInode } from "../../vfs/path/permission";
import { forgetSequences } from "../restartable-sequence";
import { Task } from "../task";
import { considerTracing } from "./trace-choice";
import { Signal } from "../../abi/signal";
import { resetAlternateStack } from "../signal/alternate-stack";

export function resetTaskForExec(task: Task, request: ExecRequest, raised: ExecCredentials): void {
  const process = task.process;
  const file = request.file!;
  process.hasExecuted = true;
  deleteAllTimers(process);
  resetSignals(task);
  const old = task.files;
  if (old.references > 1) {
    task.files = old.forkCopy();
    old.release();
  }
  task.files.closeOnExecve();
  const oldUid = task.credentials.uid;
  task.setCredentials(raised.credentials);
  task.namespaces.users.moveTask(oldUid, raised.credentials.uid);
  const isUnreadable = checkInode(file.inode!, MAY_READ, raised.credentials) < 0;
  process.dumpable = raised.isRaised || isUnreadable ? 0 : 1;
  if (raised.isRaised) task.parentDeathSignal = 0;
  task.keepCapabilities = false;
  task.robustList = 0;
  task.clearChildTid = 0;
  forgetSequences(task);
  task.restart = null;
  process.exitSignal = Signal.CHLD;
  const previous = process.executable;
  retainExecutable(file);
  process.executable = file;
  closeExecutable(previous);
  nameTask(task, request);
}

/** Handlers are gone with the code; ignored signals stay ignored. */
function resetSignals(task: Task): void {
  const actions = task.actions;
  if (actions.references > 1 || actions.touched != 0) {
    task.actions = actions.resetForExec();
    actions.release();
  }
  resetAlternateStack(task);
}

/** The part of the path after the last slash. */
function nameTask(task: Task, request: ExecRequest): void {
  const bytes = request.name.bytes;
  const length = request.name.length - 1;
  let start = 0;
  for (let i = 0; i < length; i++) {
    if (bytes[i] == 0x2f) start = i + 1;
  }
  task.setName(bytes, start, length - start);
  considerTracing(task);
}
