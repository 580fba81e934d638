import { Errno } from "../../abi/errno";
import { ActionFlag, SIG_IGN, Signal, SignalCode, signalBit } from "../../abi/signal";
import { expectEqual, expectFalse, expectTrue } from "../../runtime/expect";
import { initialNamespaces } from "../initial-namespaces";
import { Limit } from "../accounting/resource-limits";
import { addTask, makeProcess } from "../test-tasks";
import { forceSignal, sendProcessSignal, sendTaskSignal, setBlocked, signalProcess, signalTask } from "./signal";
import { SignalInfo } from "./signal-info";

const HANDLER: u64 = 0x40_1000;

export function testAFatalSignalEndsAllThreads(): void {
  const process = makeProcess();
  const other = addTask(process);
  signalProcess(process, Signal.TERM);
  expectTrue(process.isGroupExiting && process.leader!.killPending && other.killPending);
  expectEqual<i32>(process.groupExitCode, Signal.TERM);
  signalProcess(process, Signal.HUP);
  expectEqual<i32>(process.groupExitCode, Signal.TERM, "the first one counts");
}

export function testABlockedSignalWaits(): void {
  const process = makeProcess();
  const task = process.leader!;
  setBlocked(task, signalBit(Signal.TERM));
  signalProcess(process, Signal.TERM);
  expectTrue(process.pending.mask == signalBit(Signal.TERM) && !task.signalPending && !process.isGroupExiting);
  setBlocked(task, 0);
  expectTrue(task.signalPending, "it is to be looked at now");
}

export function testIgnoredSignalsAreNotQueued(): void {
  const process = makeProcess();
  const actions = process.leader!.actions;
  signalProcess(process, Signal.CHLD);
  expectEqual<u64>(process.pending.mask, 0, "ignored by default");
  actions.set(Signal.HUP, SIG_IGN, 0, 0, 0);
  signalProcess(process, Signal.HUP);
  expectEqual<u64>(process.pending.mask, 0, "ignored by choice");
  actions.set(Signal.CHLD, HANDLER, ActionFlag.RESTORER, 0, 0);
  signalProcess(process, Signal.CHLD);
  expectEqual<u64>(process.pending.mask, signalBit(Signal.CHLD), "caught");
}

export function testStopAndContinueCancelEachOther(): void {
  const process = makeProcess();
  const task = process.leader!;
  setBlocked(task, signalBit(Signal.TSTP) | signalBit(Signal.CONT));
  signalTask(task, Signal.TSTP);
  expectEqual<u64>(task.pending.mask, signalBit(Signal.TSTP));
  signalProcess(process, Signal.CONT);
  expectTrue(task.pending.mask == 0 && process.pending.mask == signalBit(Signal.CONT));
  signalProcess(process, Signal.TSTP);
  expectEqual<u64>(process.pending.mask, signalBit(Signal.TSTP));
}

export function testInitIsNotHitByWhatItDoesNotCatch(): void {
  const process = makeProcess();
  process.isInit = true;
  signalProcess(process, Signal.KILL);
  expectFalse(process.isGroupExiting);
  process.leader!.actions.set(Signal.TERM, HANDLER, ActionFlag.RESTORER, 0, 0);
  signalProcess(process, Signal.TERM);
  expectTrue(process.leader!.signalPending);
}

export function testAFaultIsTakenEvenIfBlocked(): void {
  const process = makeProcess();
  const task = process.leader!;
  setBlocked(task, signalBit(Signal.SEGV));
  forceSignal(task, Signal.SEGV, SignalCode.SEGV_MAPERR, 0x1234);
  expectTrue((task.blocked & signalBit(Signal.SEGV)) == 0 && task.signalPending);
  const taken = new SignalInfo();
  task.pending.take(Signal.SEGV, taken);
  expectTrue(taken.code == SignalCode.SEGV_MAPERR && taken.word0 == 0x1234);
}

export function testRealTimeSignalsQueueUpToTheLimit(): void {
  const process = makeProcess();
  const task = process.leader!;
  const number = Signal.RT_MIN + 3;
  const before = initialNamespaces.users.of(0).pendingSignals;
  process.limits.soft[Limit.SIGPENDING] = <u64>before + 2;
  setBlocked(task, signalBit(number));
  const info = new SignalInfo().reset(number, SignalCode.QUEUE);
  expectEqual<i32>(sendTaskSignal(task, info), 0);
  expectEqual<i32>(sendTaskSignal(task, info), 0, "a second one waits, too");
  expectEqual<i32>(sendProcessSignal(process, info), -Errno.EAGAIN);
  expectEqual<i32>(initialNamespaces.users.of(0).pendingSignals, before + 2);
  task.pending.discard(u64.MAX_VALUE);
  expectEqual<i32>(initialNamespaces.users.of(0).pendingSignals, before, "what is dropped counts no longer");
}
