// What native code calls about tasks (machine contract): first steps of threads, the way back to user mode, traps and page
// faults of user mode, and the end of a task whose system call met a defect of the kernel. boot/kernel.ts exports these.

import { ByteBuilder } from "../../runtime/text/byte-builder";
import { collectIfNeeded } from "../../runtime/heap/heap";
import { OopsHandler, kernelOopsLine, setOopsHandler } from "../../runtime/log/panic";
import { FaultReport, faultName } from "../../runtime/log/fault-report";
import { finishSwitch, isIdle, isRescheduleNeeded, returnWorkDone, schedule } from "../../sync/scheduler";
import { FaultResult, handleFault } from "../../mm/space/fault";
import { Event, Trace, trace, traceMask } from "../../trace/trace";
import { exitProcess } from "./exit";
import { breakSequence, isInterrupted } from "../restartable-sequence";
import { handleSignals } from "../signal/signal-delivery";
import { forceSignal } from "../signal/signal";
import { Signal, SignalCode } from "../../abi/signal";
import { faultAccess, notePageFault, noteTrap, trapCode, trapPlace, trapSignal } from "../user-context";
import { currentThread } from "../../sync/cpu";
import { copyFaulted } from "../../sync/sleep-stress";
import { currentTask } from "../current";

/** Export `threadMain`. */
@sleeps export function enterThread(slot: u32): void {
  finishSwitch();
  const thread = currentThread();
  thread.role.started(thread);
}

/** Export `returnToUser`: everything that is due before user mode. Sleeps; may not return (exit). */
@sleeps export function prepareReturn(): void {
  const task = currentTask();
  while (true) {
    if (isRescheduleNeeded()) schedule();
    if (task.rseqAddress != 0 && (task.isSequenceBroken || (task.signalPending && isInterrupted(task)))) breakSequence(task);
    if (task.signalPending) handleSignals(task);
    if (!task.signalPending && !isRescheduleNeeded()) break;
  }
  collectIfNeeded();
  returnWorkDone();
}

/** Export `pageFault`: 1 resolved, 0 not. Sleeps. */
@sleeps export function handlePageFault(address: u64, error: u64, fromUser: u32): u32 {
  const task = currentTask();
  if (fromUser == 0) copyFaulted();
  if (!task.hasSpace) return 0;
  const space = task.space;
  const majorBefore = space.majorFaults;
  if (traceMask & Trace.FAULTS) trace(Event.FAULT_BEGIN, address, error);
  const result = handleFault(space, address, faultAccess(error));
  if (traceMask & Trace.FAULTS) trace(Event.FAULT_END, result == FaultResult.RESOLVED ? 1 : 0, 0);
  if (space.majorFaults != majorBefore) task.majorFaults++;
  else task.minorFaults++;
  task.faultAddress = task.user.programCounter;
  if (result == FaultResult.RESOLVED) return 1;
  if (fromUser == 0) return 0;
  notePageFault(task.user, error, address);
  task.isFaulting = true;
  switch (result) {
    case FaultResult.MAPERR:
      forceSignal(task, Signal.SEGV, SignalCode.SEGV_MAPERR, address);
      break;
    case FaultResult.ACCERR:
      forceSignal(task, Signal.SEGV, SignalCode.SEGV_ACCERR, address);
      break;
    case FaultResult.BUS_ADRERR:
      forceSignal(task, Signal.BUS, SignalCode.BUS_ADRERR, address);
      break;
    default:
      // Out of memory: if another process was chosen to die, its end makes room and the access is tried again.
      task.isFaulting = false;
      if (!task.signalPending) schedule();
      break;
  }
  return 0;
}

/** Export `userTrap`. */
export function handleUserTrap(vector: u32, error: u64, address: u64): void {
  const task = currentTask();
  const user = task.user;
  noteTrap(user, vector, error);
  task.isFaulting = true;
  forceSignal(task, trapSignal(user), trapCode(user), trapPlace(user));
}

@scratch const fault = new FaultReport();
@scratch const reason = ByteBuilder.fixed(120);

/** Export `kernelFault`: reports and ends the current process; does not return. */
export function handleKernelFault(vector: u32, error: u64, address: u64, ip: u64, framePointer: u64): void {
  fault.set(vector, error, address, ip, framePointer);
  reason.clear().append(faultName(fault));
  kernelOopsLine(reason, fault);
}

/** How the process layer takes part in oops reports. */
@final
class TaskOopsHandler extends OopsHandler {
  describeTask(out: ByteBuilder): void {
    if (isIdle()) {
      out.append("PID: 0 Comm: idle");
      return;
    }
    const task = currentTask();
    out.append("PID: ").appendDecimal(<i64>task.tid).append(" Comm: ");
    for (let i = 0; i < task.name.length && task.name[i] != 0; i++) out.appendByte(task.name[i]);
  }

  canEndTask(): bool {
    const task = currentTask();
    const process = task.process;
    return !isIdle() && !process.isInit && !process.isKernel && !task.isExiting;
  }

  @sleeps endTask(): void {
    exitProcess(Signal.SEGV);
  }
}

/** Boot. */
export function initTaskReports(): void {
  setOopsHandler(new TaskOopsHandler());
}
