// Sending signals (signal(7)): who gets one, what it does at once, and who is woken.
//
// `signalProcess`, `signalTask` and `signalProcessGroup` send on behalf of the kernel (SI_KERNEL), allocate nothing and may
// be called from interrupts; the `send…` functions carry a SignalInfo. Permission checks are the callers'
// (signal-permission.ts). Nothing here sleeps.

import { Errno } from "../../abi/errno";
import { ignore } from "../../runtime/ignore";
import { makeRunnable, requestReturnWork, wakeForSignal } from "../../sync/scheduler";
import { ThreadState } from "../../sync/thread";
import { ProcessGroup } from "../session";
import { Process } from "../process";
import { SignalInfo } from "./signal-info";
import { QueueObserver, SignalQueue, setQueueObserver, takeSignalInfo } from "./signal-queue";
import { continueProcess } from "../life/stop";
import { Limit } from "../accounting/resource-limits";
import { Task } from "../task";
import { CORE_DUMPS, IGNORED_BY_DEFAULT, SIG_DFL, STOP_SIGNALS, Signal, SignalCode, signalBit } from "../../abi/signal";

/** Sends a signal of the kernel to a process. */
export function signalProcess(process: Process, number: i32): void {
  ignore(send(process, null, number, null));
}

/** Sends a signal of the kernel to one thread. */
export function signalTask(task: Task, number: i32): void {
  ignore(send(task.process, task, number, null));
}

/** Sends a signal of the kernel to every process of a group. */
export function signalProcessGroup(group: ProcessGroup, number: i32): void {
  let member = group.first;
  while (member !== null) {
    signalProcess(member, number);
    member = member.groupNext;
  }
}

/** Sends a copy of `info` to a process: 0, or -EAGAIN when a queue is full. */
export function sendProcessSignal(process: Process, info: SignalInfo): i32 {
  return send(process, null, info.number, info);
}

/** Sends a copy of `info` to one thread: 0, or -EAGAIN when a queue is full. */
export function sendTaskSignal(task: Task, info: SignalInfo): i32 {
  return send(task.process, task, info.number, info);
}

/**
 * Queues the preallocated entry of a timer itself: true if it was queued, false if the signal is ignored.
 * Interrupt context allowed. The entry must not be queued already.
 */
export function sendPreallocated(process: Process, task: Task | null, info: SignalInfo): bool {
  const target = representative(process, task);
  if (target === null || !prepare(process, target, info.number)) return false;
  const queue = task !== null ? task.pending : process.pending;
  queue.append(info);
  complete(process, task, info.number);
  return true;
}

/** A fault of the current task: cannot be blocked or ignored (the task then dies of it). */
export function forceSignal(task: Task, number: i32, code: i32, address: u64): void {
  const actions = task.actions;
  const bit = signalBit(number);
  const isBlocked = (task.blocked & bit) != 0;
  if (isBlocked || (actions.ignored & bit) != 0) {
    actions.set(number, SIG_DFL, actions.flags(number), actions.restorer(number), actions.mask(number));
    task.blocked &= ~bit;
  }
  const info = takeSignalInfo().reset(number, code);
  info.word0 = address;
  if ((actions.caught & bit) == 0) task.process.isInit = false;
  if ((task.pending.mask & bit) == 0) task.pending.append(info);
  wakeTask(task);
}

/** Recomputes whether signals wait for the task, after its mask or its queues changed. */
export function updateSignalPending(task: Task): void {
  const process = task.process;
  const isPending = task.deliverable != 0 || task.killPending || process.isStopping;
  task.signalPending = isPending;
  if (isPending) requestReturnWork(task);
}

/** Sets the blocked mask of the current task. */
export function setBlocked(task: Task, mask: u64): void {
  const process = task.process;
  const newlyBlocked = mask & ~task.blocked;
  task.blocked = mask;
  updateSignalPending(task);
  // A signal of the process that this thread no longer takes may wait for another thread to take it.
  const orphaned = process.pending.mask & newlyBlocked;
  if (orphaned != 0 && process.threadCount > 1) retarget(process, orphaned);
}

/** Ends all threads of a process; its exit status will be `code` (as wait4 gives it). No effect if it is ending already. */
export function beginGroupExit(process: Process, code: i32): void {
  if (process.isGroupExiting) return;
  process.isGroupExiting = true;
  process.groupExitCode = code;
  process.isStopping = false;
  let task = process.firstThread;
  while (task !== null) {
    killTask(task);
    task = task.threadNext;
  }
}

/** Makes one thread end at once, whatever it is doing. */
export function killTask(task: Task): void {
  if (task.isExiting) return;
  task.killPending = true;
  task.signalPending = true;
  requestReturnWork(task);
  if (task.state == ThreadState.STOPPED) makeRunnable(task);
  else wakeForSignal(task);
}

/** The task has a signal to look at. */
export function wakeTask(task: Task): void {
  task.signalPending = true;
  requestReturnWork(task);
  wakeForSignal(task);
}

/** True for signals that end the process when nothing catches them. */
function isFatal(task: Task, number: i32): bool {
  const bit = signalBit(number);
  return ((IGNORED_BY_DEFAULT | STOP_SIGNALS) & bit) == 0 && ((task.actions.ignored | task.actions.caught) & bit) == 0;
}

function send(process: Process, task: Task | null, number: i32, info: SignalInfo | null): i32 {
  const target = representative(process, task);
  if (target === null || !prepare(process, target, number)) return 0;
  const queue = task !== null ? task.pending : process.pending;
  const isPending = (queue.mask & signalBit(number)) != 0;
  if (number < Signal.RT_MIN && isPending) return 0;
  if (info === null) {
    queue.mark(number);
  } else {
    const queued = enqueue(queue, target, info);
    if (queued < 0) return queued;
  }
  complete(process, task, number);
  return 0;
}

/** Queues a copy within RLIMIT_SIGPENDING; over it a standard signal stays without details (SI_USER from nobody). */
function enqueue(queue: SignalQueue, target: Task, info: SignalInfo): i32 {
  const account = target.namespaces.users.of(target.credentials.uid);
  const isStandard = info.number < Signal.RT_MIN;
  // As Linux: signals of the kernel and of kill(2) may exceed the limit.
  const mayExceed = isStandard && (info.code >= 0 || info.code == SignalCode.USER);
  if (!mayExceed && <u64>account.pendingSignals >= target.process.limits.soft[Limit.SIGPENDING]) {
    if (!isStandard && info.code != SignalCode.USER) return -Errno.EAGAIN;
    queue.markUnknown(info.number);
    return 0;
  }
  const entry = takeSignalInfo();
  entry.copyFrom(info);
  entry.charged = account;
  account.pendingSignals++;
  queue.append(entry);
  return 0;
}

/** A thread whose actions and masks stand for the process; null if it is a zombie. */
function representative(process: Process, task: Task | null): Task | null {
  if (task !== null) return task.isExiting && task.state == ThreadState.DEAD ? null : task;
  const leader = process.leader;
  if (leader !== null && !leader.isExiting) return leader;
  return process.firstThread;
}

/** What a signal does by being sent; false if it need not be queued. */
function prepare(process: Process, target: Task, number: i32): bool {
  if (process.isGroupExiting || process.isZombie) return false;
  const bit = signalBit(number);
  if ((STOP_SIGNALS & bit) != 0) {
    discardEverywhere(process, signalBit(Signal.CONT));
  } else if (number == Signal.CONT) {
    discardEverywhere(process, STOP_SIGNALS);
    continueProcess(process);
  }
  if ((target.blocked & bit) != 0) return true;
  if (process.isInit && (target.actions.caught & bit) == 0) return false;
  return !target.actions.isIgnored(number);
}

function discardEverywhere(process: Process, set: u64): void {
  process.pending.discard(set);
  let task = process.firstThread;
  while (task !== null) {
    task.pending.discard(set);
    task = task.threadNext;
  }
}

/** Finds the thread that is to take the signal, and wakes it; a fatal signal ends them all at once. */
function complete(process: Process, task: Task | null, number: i32): void {
  if (!process.signalWaiters.isEmpty) process.signalWaiters.wakeAll();
  const target = task !== null ? (wants(task, number) ? task : null) : chooseThread(process, number);
  if (target === null) return;
  if (isFatal(target, number) && (CORE_DUMPS & signalBit(number)) == 0 && (target.awaited & signalBit(number)) == 0) {
    beginGroupExit(process, number);
    return;
  }
  wakeTask(target);
}

function chooseThread(process: Process, number: i32): Task | null {
  const leader = process.leader;
  if (leader !== null && wants(leader, number)) return leader;
  let task = process.firstThread;
  while (task !== null) {
    if (wants(task, number)) return task;
    task = task.threadNext;
  }
  return null;
}

/** True if the thread would take the signal and is not on its way to others anyway. */
function wants(task: Task, number: i32): bool {
  if (task.isExiting) return false;
  if (number == Signal.KILL) return true;
  if ((task.blocked & ~task.awaited & signalBit(number)) != 0) return false;
  if (task.state == ThreadState.STOPPED) return false;
  return !task.signalPending || task.state == ThreadState.RUNNABLE;
}

/** Wakes threads that can take signals which another thread has just blocked. */
function retarget(process: Process, signals: u64): void {
  let task = process.firstThread;
  while (task !== null) {
    if (!task.isExiting && (signals & ~task.blocked) != 0) wakeTask(task);
    task = task.threadNext;
  }
}

/** Keeps the number of queued signals of each user. */
@final
class PendingCounter extends QueueObserver {
  released(info: SignalInfo): void {
    const account = info.charged;
    if (account === null) return;
    account.pendingSignals--;
    account.releaseIfUnused();
  }
}

setQueueObserver(new PendingCounter());
