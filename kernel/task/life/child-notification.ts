// SIGCHLD and the waking of waiting parents (wait(2), sigaction(2) SA_NOCLDSTOP, SA_NOCLDWAIT). Nothing here sleeps.

import { processSystemNs, processUserNs } from "../accounting/cpu-accounting";
import { Process } from "../process";
import { SignalInfo } from "../signal/signal-info";
import { sendProcessSignal } from "../signal/signal";
import { ActionFlag, Signal, SignalCode, signalBit } from "../../abi/signal";
import { NS_PER_USER_TICK } from "../../abi/time";

@scratch const info = new SignalInfo();

/** Describes a change of `child` in siginfo_t form. */
export function describeChild(child: Process, code: i32, status: i32, into: SignalInfo): SignalInfo {
  const leader = child.leader;
  into.reset(Signal.CHLD, code).setSender(child.tgid, leader === null ? 0 : leader.credentials.uid);
  into.word1 = <u64><u32>status;
  into.word2 = processUserNs(child) / NS_PER_USER_TICK;
  into.word3 = processSystemNs(child) / NS_PER_USER_TICK;
  return into;
}

/** `child` stopped or goes on. */
export function notifyParentOfStop(child: Process, code: i32, status: i32): void {
  const parent = child.parent;
  if (parent === null) return;
  const task = parent.leader;
  if (task !== null && !parent.isZombie) {
    const actions = task.actions;
    const wantsSignal = (actions.ignored & signalBit(Signal.CHLD)) == 0
      && (actions.flags(Signal.CHLD) & ActionFlag.NOCLDSTOP) == 0;
    // A standard signal may exceed every limit, so this cannot fail.
    if (wantsSignal && sendProcessSignal(parent, describeChild(child, code, status, info)) < 0) return;
  }
  parent.childWaiters.wakeAll();
}

/** `child` has become a zombie: tells the parent. True if nobody will wait for it: reap it now. */
export function notifyParentOfExit(child: Process): bool {
  const parent = child.parent;
  if (parent === null) return true;
  let isReaped = false;
  const task = parent.leader;
  const number = child.exitSignal;
  if (task !== null && number == Signal.CHLD) {
    const actions = task.actions;
    isReaped = (actions.ignored & signalBit(Signal.CHLD)) != 0
      || (actions.flags(Signal.CHLD) & ActionFlag.NOCLDWAIT) != 0;
  }
  const status = child.exitStatus;
  const signal = status & 0x7f;
  const code = signal == 0 ? SignalCode.CLD_EXITED : (status & 0x80) != 0 ? SignalCode.CLD_DUMPED : SignalCode.CLD_KILLED;
  const isIgnored = task !== null && number > 0 && number == Signal.CHLD
    && (task.actions.ignored & signalBit(Signal.CHLD)) != 0;
  // clone(2) takes any number as the signal; those that are none send nothing.
  if (number > 0 && number <= Signal.MAX && !isIgnored) {
    describeChild(child, code, signal == 0 ? status >> 8 : signal, info);
    info.number = number;
    // Real-time signals may find the queue full; wait(2) still reports the child.
    if (sendProcessSignal(parent, info) < 0) isReaped = false;
  }
  parent.childWaiters.wakeAll();
  return isReaped;
}
