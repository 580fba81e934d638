import { expectEqual, expectTrue } from "../../runtime/expect";
import { SignalActions } from "./signal-actions";
import { SIG_IGN, Signal, signalBit } from "../../abi/signal";

export function testCopyIsIndependent(): void {
  const parent = new SignalActions();
  parent.set(Signal.INT, 0x1000, 0, 0, 0);
  const child = parent.copy();
  child.set(Signal.INT, 0x2000, 0, 0, 0);
  expectEqual<u64>(parent.handler(Signal.INT), 0x1000, "parent keeps its handler");
  parent.set(Signal.TERM, 0x3000, 0, 0, 0);
  expectEqual<u64>(child.handler(Signal.TERM), 0, "child does not see the parent's change");
}

export function testExecKeepsIgnoredSignalsOnly(): void {
  const actions = new SignalActions();
  actions.set(Signal.INT, 0x1000, 0, 0, 0);
  actions.set(Signal.HUP, SIG_IGN, 0, 0, 0);
  const after = actions.resetForExec();
  expectEqual<u64>(after.handler(Signal.INT), 0, "handler gone");
  expectEqual<u64>(after.ignored, signalBit(Signal.HUP), "ignored stays");
  expectEqual<u64>(after.caught, 0, "nothing caught");
}

export function testIgnoredByDefault(): void {
  const actions = new SignalActions();
  expectTrue(actions.isIgnored(Signal.CHLD), "SIGCHLD");
  expectTrue(!actions.isIgnored(Signal.TERM), "SIGTERM");
  actions.set(Signal.CHLD, 0x1000, 0, 0, 0);
  expectTrue(!actions.isIgnored(Signal.CHLD), "caught SIGCHLD");
}
