// Waiting for children (wait4(2), waitid(2)): which child, which change, and taking the status. Sleeps.

import { Errno } from "../../abi/errno";
import { Pool } from "../../runtime/containers/pool";
import { waitOn } from "../../sync/sleep";
import { describeChild } from "./child-notification";
import { accountReapedChild } from "../accounting/cpu-accounting";
import { reapProcess } from "./exit";
import { Process } from "../process";
import { ResourceUsage } from "../accounting/resource-usage";
import { SignalInfo } from "../signal/signal-info";
import { Task } from "../task";
import { Signal, SignalCode } from "../../abi/signal";

/** Options of wait4 and waitid. */
export namespace WaitOption {
  @inline export const NOHANG: u32 = 1;
  @inline export const STOPPED: u32 = 2;
  @inline export const EXITED: u32 = 4;
  @inline export const CONTINUED: u32 = 8;
  @inline export const NOWAIT: u32 = 0x01000000;
  @inline export const NOTHREAD: u32 = 0x20000000;
  @inline export const ALL: u32 = 0x40000000;
  @inline export const CLONE: u32 = 0x80000000;
}

/** Which children. */
export namespace WaitFor {
  @inline export const ANY: u32 = 0;
  @inline export const PID: u32 = 1;
  @inline export const GROUP: u32 = 2;
}

/** One wait and its result. Belongs to the waiting task; pooled. */
@final
export class WaitRequest {
  /** Among the options: a non-blocking pidfd, EAGAIN instead of "nothing yet". */
  static readonly FAILS_WHEN_NONE: u32 = 0x10000000;
  kind: u32 = WaitFor.ANY;
  /** Process or group number for PID and GROUP. */
  id: i32 = 0;
  options: u32 = 0;
  /** The child reported on, 0: none (NOHANG). */
  tgid: i32 = 0;
  /** Status as wait4(2) gives it. */
  status: i32 = 0;
  readonly info: SignalInfo = new SignalInfo();
  readonly usage: ResourceUsage = new ResourceUsage();
  wantsUsage: bool = false;
}

@kernelLock const spareRequests = new Pool<WaitRequest>(16);

export function takeWaitRequest(): WaitRequest {
  const request = spareRequests.take();
  if (request === null) return new WaitRequest();
  request.kind = WaitFor.ANY;
  request.id = 0;
  request.tgid = 0;
  request.status = 0;
  request.wantsUsage = false;
  return request;
}

export function giveWaitRequest(request: WaitRequest): void {
  spareRequests.give(request);
}

/** Waits as asked: 0 with the result in the request (tgid 0: nothing yet and NOHANG), or -ECHILD, -ERESTARTSYS. */
@sleeps export function waitForChild(task: Task, request: WaitRequest): i32 {
  const process = task.process;
  while (true) {
    const found = scanChildren(task, process, request);
    if (found != 0) return found < 0 ? found : 0;
    if ((request.options & WaitOption.NOHANG) != 0) return 0;
    const waited = waitOn(process.childWaiters);
    if (waited < 0) return waited;
  }
}

/** 1: a result was taken; 0: eligible children exist; -ECHILD: none. */
function scanChildren(task: Task, process: Process, request: WaitRequest): i32 {
  let isEligible = false;
  let child = process.firstChild;
  while (child !== null) {
    const next = child.siblingNext;
    if (matches(task, child, request)) {
      isEligible = true;
      if (takeStatus(process, child, request)) return 1;
    }
    child = next;
  }
  return isEligible ? 0 : -Errno.ECHILD;
}

function matches(task: Task, child: Process, request: WaitRequest): bool {
  if (request.kind == WaitFor.PID && child.tgid != request.id) return false;
  if (request.kind == WaitFor.GROUP && child.group.id != request.id) return false;
  if ((request.options & WaitOption.NOTHREAD) != 0 && child.creator !== task) return false;
  if ((request.options & WaitOption.ALL) != 0) return true;
  return (child.exitSignal != Signal.CHLD) == ((request.options & WaitOption.CLONE) != 0);
}

/** Takes a status of the child that the options ask for. */
function takeStatus(process: Process, child: Process, request: WaitRequest): bool {
  const options = request.options;
  const isKept = (options & WaitOption.NOWAIT) != 0;
  if (child.isZombie) {
    if ((options & WaitOption.EXITED) == 0) return false;
    const status = child.exitStatus;
    const signal = status & 0x7f;
    const code = signal == 0 ? SignalCode.CLD_EXITED : (status & 0x80) != 0 ? SignalCode.CLD_DUMPED : SignalCode.CLD_KILLED;
    report(child, request, status, code, signal == 0 ? (status >> 8) & 0xff : signal);
    if (!isKept) {
      accountReapedChild(process, child);
      reapProcess(child);
    }
    return true;
  }
  if (child.hasUnreportedStop && child.isStopped && (options & WaitOption.STOPPED) != 0) {
    report(child, request, (child.stopSignal << 8) | 0x7f, SignalCode.CLD_STOPPED, child.stopSignal);
    if (!isKept) child.hasUnreportedStop = false;
    return true;
  }
  if (child.hasUnreportedContinue && (options & WaitOption.CONTINUED) != 0) {
    report(child, request, 0xffff, SignalCode.CLD_CONTINUED, Signal.CONT);
    if (!isKept) child.hasUnreportedContinue = false;
    return true;
  }
  return false;
}

function report(child: Process, request: WaitRequest, status: i32, code: i32, infoStatus: i32): void {
  request.tgid = child.tgid;
  request.status = status;
  describeChild(child, code, infoStatus, request.info);
  // waitid(2) reports no times.
  request.info.word2 = 0;
  request.info.word3 = 0;
  if (request.wantsUsage) request.usage.ofProcess(child, true);
}
