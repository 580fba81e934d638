// What happens to pending signals on the way back to user mode: default actions, handlers, and the restart of the
// interrupted system call (signal(7)).
//
// `handleSignals` is the only place that turns the internal codes ERESTART… into EINTR or a restart. Sleeps (stops,
// frames); may end the task.

import { Errno } from "../../abi/errno";
import { exitProcess, exitTask } from "../life/exit";
import { timerSignalTaken } from "../accounting/posix-timer";
import { Process } from "../process";
import { Limit } from "../accounting/resource-limits";
import { enterHandler } from "./handler-frame";
import { SignalQueue } from "./signal-queue";
import { forceSignal, setBlocked, updateSignalPending } from "./signal";
import { beginStop, takePart } from "../life/stop";
import { Task } from "../task";
import { UserContext } from "../user-context";
import { reportFatalSignal } from "./fault-log";
import { Event, Trace, trace, traceMask } from "../../trace/trace";
import {
  ActionFlag, CORE_DUMPS, IGNORED_BY_DEFAULT, SIG_DFL, SIG_IGN, STOP_SIGNALS, SYNCHRONOUS, Signal, SignalCode, UNBLOCKABLE,
  signalBit,
} from "../../abi/signal";

/** WCOREFLAG of wait status. */
@inline const CORE_FLAG: i32 = 0x80;
/** Least RLIMIT_CORE for which Linux writes an ELF core. */
@inline const MINIMUM_CORE: u64 = 4096;

/** Deals with everything that waits for the current task; afterwards it goes on in user mode, maybe in a handler. */
@sleeps export function handleSignals(task: Task): void {
  const number = nextSignal(task);
  if (number > 0) {
    deliver(task, number);
    return;
  }
  restartCall(task);
  restoreSavedMask(task);
}

/** Takes signals until one has a handler (returned) or none is left (0). Default actions happen here. */
@sleeps function nextSignal(task: Task): i32 {
  const process = task.process;
  while (true) {
    if (task.killPending || process.isGroupExiting) exitTask(process.groupExitCode);
    if (process.isStopping) {
      takePart(task);
      continue;
    }
    const number = dequeue(task, ~task.blocked);
    if (number == 0) {
      updateSignalPending(task);
      if (task.signalPending && process.isStopping) continue;
      return 0;
    }
    const actions = task.actions;
    const handler = actions.handler(number);
    if (handler == SIG_IGN) continue;
    if (handler != SIG_DFL) return number;
    takeDefaultAction(task, process, number);
  }
}

@sleeps function takeDefaultAction(task: Task, process: Process, number: i32): void {
  const bit = signalBit(number);
  if ((IGNORED_BY_DEFAULT & bit) != 0) return;
  if (process.isInit) return;
  if ((STOP_SIGNALS & bit) != 0) {
    // Nobody could continue an orphaned group (POSIX.1 3.231).
    if (number != Signal.STOP && process.group.isOrphaned()) return;
    beginStop(process, number);
    return;
  }
  reportFatalSignal(task, number);
  exitProcess((CORE_DUMPS & bit) != 0 ? coreStatus(process, number) : number);
}

/** The status says "core dumped" where the limits would allow one; no file is written. */
function coreStatus(process: Process, number: i32): i32 {
  const mayDump = process.dumpable == 1 && process.limits.soft[Limit.CORE] >= MINIMUM_CORE;
  return mayDump ? number | CORE_FLAG : number;
}

/** Takes the next signal of `allowed` into `task.delivered`: its number or 0. Faults first, then the lowest number. */
export function dequeue(task: Task, allowed: u64): i32 {
  const own = task.pending.mask & allowed;
  if (own != 0) return takeFrom(task, task.pending, own);
  const shared = task.process.pending.mask & allowed;
  return shared != 0 ? takeFrom(task, task.process.pending, shared) : 0;
}

function takeFrom(task: Task, queue: SignalQueue, mask: u64): i32 {
  const first = (mask & SYNCHRONOUS) != 0 ? mask & SYNCHRONOUS : mask;
  const number = <i32>ctz<u64>(first) + 1;
  queue.take(number, task.delivered);
  if (task.delivered.code == SignalCode.TIMER) timerSignalTaken(task.process, task.delivered);
  return number;
}

/** Runs the handler of the signal in `task.delivered`. */
@sleeps function deliver(task: Task, number: i32): void {
  const actions = task.actions;
  const flags = actions.flags(number);
  decideRestart(task, (flags & ActionFlag.RESTART) != 0);
  const mask = task.hasSavedMask ? task.savedMask : task.blocked;
  const isEntered = enterHandler(task, actions, mask); // borrowed: only the task itself puts others in the place of its actions
  task.hasSavedMask = false;
  let blocked = task.blocked | actions.mask(number); // borrowed: as above
  if ((flags & ActionFlag.NODEFER) == 0) blocked |= signalBit(number);
  if ((flags & ActionFlag.RESETHAND) != 0) actions.resetHandler(number);
  if (isEntered) {
    setBlocked(task, blocked & ~UNBLOCKABLE);
    return;
  }
  // A handler of SIGSEGV that cannot run ends the process.
  if (number == Signal.SEGV) actions.resetHandler(number);
  forceSignal(task, Signal.SEGV, SignalCode.KERNEL, 0);
}

/** A handler is about to run: does the interrupted call fail with EINTR, or start again afterwards? */
function decideRestart(task: Task, hasRestartFlag: bool): void {
  const user = task.user;
  if (!user.isInCall) return;
  const result = user.callResult;
  if (result == -Errno.ERESTARTSYS && !hasRestartFlag) interruptCall(user);
  else if (result == -Errno.ERESTARTNOHAND || result == -Errno.ERESTART_RESTARTBLOCK) interruptCall(user);
  else if (result == -Errno.ERESTARTSYS || result == -Errno.ERESTARTNOINTR) user.repeatCall();
}

function interruptCall(user: UserContext): void {
  user.callResult = -Errno.EINTR;
  if (traceMask & Trace.ERRORS) trace(Event.CALL_ERROR, user.callNumber, <u64>Errno.EINTR);
}

/** No handler runs: an interrupted call goes on. */
function restartCall(task: Task): void {
  const user = task.user;
  if (!user.isInCall) return;
  const result = user.callResult;
  if (result == -Errno.ERESTARTSYS || result == -Errno.ERESTARTNOINTR || result == -Errno.ERESTARTNOHAND) user.repeatCall();
  else if (result == -Errno.ERESTART_RESTARTBLOCK) user.resumeCall();
}

/** sigsuspend, ppoll and pselect ended without a handler: their caller's mask again. */
function restoreSavedMask(task: Task): void {
  if (!task.hasSavedMask) return;
  task.hasSavedMask = false;
  setBlocked(task, task.savedMask);
}
