// The end of tasks and processes (_exit(2), exit_group(2), wait(2) "NOTES").
//
// A thread that ends gives its resources back at once; the last one makes the process a zombie (or reaps it, when the
// parent ignores SIGCHLD). Orphans go to the nearest living subreaper, at last to init. Sleeps (robust list, closing).

import { exitThread } from "../../sync/scheduler";
import { ThreadState } from "../../sync/thread";
import { Event, trace, traceMask } from "../../trace/trace";
import { ignore } from "../../runtime/ignore";
import { firstProgramEnded } from "./first-program";
import { wakeFutexAddress } from "../../ipc/futex";
import { notifyParentOfExit } from "./child-notification";
import { accountDeadThread } from "../accounting/cpu-accounting";
import { endTimers } from "../accounting/interval-timer";
import { closeExecutable } from "../exec/executable-file";
import { releasePiFutexes } from "../futex/pi-futex";
import { Process } from "../process";
import { walkRobustList } from "../futex/robust-list";
import { ProcessGroup } from "../session";
import { beginGroupExit, signalProcess, signalProcessGroup, updateSignalPending } from "../signal/signal";
import { checkAllStopped } from "./stop";
import { Task } from "../task";
import { Signal } from "../../abi/signal";
import { currentTask } from "../current";

/** Live tasks, idle not counted. */
@kernelLock export let taskCount: i32 = 0;

export function taskAdded(): void { taskCount++; }

/** exit_group(2): ends all threads of the current process with wait status `status`. Does not return. */
@sleeps export function exitProcess(status: i32): void {
  const process = currentTask().process;
  beginGroupExit(process, status);
  exitTask(process.groupExitCode);
}

/** Ends the current thread; `status` as wait4(2) gives it. Does not return. */
@sleeps export function exitTask(status: i32): void {
  const task = currentTask();
  const process = task.process;
  const code = process.isGroupExiting ? process.groupExitCode : status;
  task.isExiting = true;
  task.exitCode = code;
  if (traceMask != 0) trace(Event.EXIT, <u64>code, 0);
  if (process === process.namespaces.pids.init && process.threadCount == 1) firstProgramEnded(code);
  releaseUserMemory(task);
  task.files.release();
  task.fs.release();
  disownChildrenOf(task);
  leaveProcess(task);
  taskCount--;
  const account = process.namespaces.users.of(task.credentials.uid);
  account.tasks--;
  account.releaseIfUnused();
  task.arguments.release();
  exitThread();
}

/** What has to be written to user memory, then the memory itself. Also the end of the old program in exec. */
@sleeps export function releaseUserMemory(task: Task): void {
  if (!task.hasSpace) return;
  leaveUserMemory(task);
  task.hasSpace = false;
  task.space.release();
}

/** Tells other users of the memory that the task leaves it: robust futexes, clear_child_tid, the waiting vfork parent. */
@sleeps export function leaveUserMemory(task: Task): void {
  walkRobustList(task);
  if (task.ownedFutexes !== null) releasePiFutexes(task);
  const clearAddress = task.clearChildTid;
  task.clearChildTid = 0;
  if (clearAddress != 0 && task.space.references > 1) {
    // A fault is ignored, as on Linux.
    const written = task.arguments.out0.claim(clearAddress).writeU32(0, 0);
    if (written == 0) ignore(wakeFutexAddress(task.space, clearAddress, 1));
  }
  finishVfork(task);
}

/** The parent in vfork(2) may go on. */
export function finishVfork(task: Task): void {
  const waiters = task.vforkWaiters;
  if (waiters === null) return;
  task.vforkWaiters = null;
  task.isVforkDone = true;
  waiters.wakeAll();
}

/** Takes the thread out of its process; the last one ends the process. */
function leaveProcess(task: Task): void {
  const process = task.process;
  accountDeadThread(process, task);
  process.removeThread(task);
  task.actions.release();
  task.pending.discard(u64.MAX_VALUE);
  if (process.threadCount == 0) {
    endProcess(process, task);
    return;
  }
  if (process.leader !== task) {
    task.pid.task = null;
    task.pid.freeIfUnused();
  }
  checkAllStopped(process);
  passOnSignals(process);
  // execve waits for the other threads to go.
  if (process.executor !== null) process.childWaiters.wakeAll();
}

/** Signals of the process that the ended thread was to take. */
function passOnSignals(process: Process): void {
  if (process.pending.mask == 0) return;
  let task = process.firstThread;
  while (task !== null) {
    if (!task.isExiting && task.state != ThreadState.DEAD) updateSignalPending(task);
    task = task.threadNext;
  }
}

function endProcess(process: Process, last: Task): void {
  endTimers(process);
  const leader = process.leader;
  process.exitStatus = process.isGroupExiting ? process.groupExitCode : leader === null ? last.exitCode : leader.exitCode;
  process.pending.discard(u64.MAX_VALUE);
  if (leader !== last) {
    last.pid.task = null;
    last.pid.freeIfUnused();
  }
  closeExecutable(process.executable);
  process.executable = null;
  reparentChildren(process);
  if (process.session.pid === process.pid) endSession(process);
  orphanGroups(process);
  process.isZombie = true;
  process.exitWaiters.wakeAll();
  if (notifyParentOfExit(process)) reapProcess(process);
}

/** A session leader ends: the terminal is free again and the foreground hears of it. */
function endSession(process: Process): void {
  const session = process.session;
  const terminal = session.terminal;
  if (terminal === null) return;
  terminal.sessionEnded();
  if (session.terminal === terminal) session.terminal = null;
}

/** Groups that lose their link to the session with this process and have stopped members: SIGHUP, SIGCONT. */
function orphanGroups(process: Process): void {
  const group = process.group;
  const parent = process.parent;
  if (parent !== null && parent.group !== group && parent.session === group.session) signalIfOrphaned(group, process);
}

function signalIfOrphaned(group: ProcessGroup, except: Process | null): void {
  if (!group.isOrphaned(except) || !group.hasStopped) return;
  signalProcessGroup(group, Signal.HUP);
  signalProcessGroup(group, Signal.CONT);
}

/** PR_SET_PDEATHSIG: children of this thread are told. */
function disownChildrenOf(task: Task): void {
  let child = task.process.firstChild;
  while (child !== null) {
    const next = child.siblingNext;
    if (child.creator === task) {
      child.creator = null;
      sendDeathSignals(child);
    }
    child = next;
  }
}

function sendDeathSignals(child: Process): void {
  let task = child.firstThread;
  while (task !== null) {
    const number = task.parentDeathSignal;
    if (number != 0) signalProcess(child, number);
    task = task.threadNext;
  }
}

/** The nearest ancestor that adopts orphans. */
function reaperOf(process: Process): Process | null {
  let ancestor = process.parent;
  while (ancestor !== null) {
    if (ancestor.isSubreaper && !ancestor.isZombie && !ancestor.isGroupExiting) return ancestor;
    ancestor = ancestor.parent;
  }
  return process.namespaces.pids.init;
}

function reparentChildren(process: Process): void {
  let child = process.firstChild;
  if (child === null) return;
  const reaper = reaperOf(process);
  if (reaper === null || reaper === process) return;
  while (child !== null) {
    const next: Process | null = child.siblingNext;
    const wasLinked = child.group !== process.group && child.session === process.session;
    process.removeChild(child);
    child.creator = null;
    reaper.addChild(child);
    child.exitSignal = Signal.CHLD;
    if (child.isZombie) {
      if (notifyParentOfExit(child)) reapProcess(child);
    } else if (wasLinked) {
      signalIfOrphaned(child.group, null);
    }
    child = next;
  }
}

/** The zombie's status was taken, or nobody wants it: its numbers are free again. */
export function reapProcess(process: Process): void {
  const parent = process.parent;
  if (parent !== null) parent.removeChild(process);
  const leader = process.leader;
  process.group.remove(process);
  const pid = process.pid;
  pid.process = null;
  if (leader !== null && leader.pid === pid) pid.task = null;
  pid.freeIfUnused();
}

