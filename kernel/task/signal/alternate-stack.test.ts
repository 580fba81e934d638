import { StackFlag } from "../../abi/signal";
import { expectEqual, expectFalse, expectTrue } from "../../runtime/expect";
import { makeProcess } from "../test-tasks";
import { alternateStackState, isOnAlternateStack, resetAlternateStack } from "./alternate-stack";

export function testWhatIsOnTheStack(): void {
  const task = makeProcess().leader!;
  expectEqual<u32>(alternateStackState(task, 0x1000), StackFlag.DISABLE, "there is none");
  task.alternateStack = 0x1000;
  task.alternateStackSize = 0x1000;
  task.alternateStackFlags = 0;
  expectFalse(isOnAlternateStack(task, 0x1000), "the lowest address is no stack pointer within it");
  expectTrue(isOnAlternateStack(task, 0x1008));
  expectTrue(isOnAlternateStack(task, 0x2000), "the empty stack");
  expectFalse(isOnAlternateStack(task, 0x2008));
  expectEqual<u32>(alternateStackState(task, 0x1800), StackFlag.ONSTACK);
  expectEqual<u32>(alternateStackState(task, 0x9000), 0);
}

export function testADisarmingStackIsNeverInUse(): void {
  const task = makeProcess().leader!;
  task.alternateStack = 0x1000;
  task.alternateStackSize = 0x1000;
  task.alternateStackFlags = StackFlag.AUTODISARM;
  expectFalse(isOnAlternateStack(task, 0x1800));
  resetAlternateStack(task);
  expectTrue(task.alternateStackSize == 0 && task.alternateStackFlags == StackFlag.DISABLE);
}
