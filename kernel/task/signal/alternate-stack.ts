// The alternate signal stack (sigaltstack(2)), and on which stack a handler runs. Nothing here sleeps.

import { StackFlag } from "../../abi/signal";
import { Task } from "../task";

/** Least size of an alternate stack (MINSIGSTKSZ). */
@inline export const MINIMUM_STACK: u64 = 2048;

/** True if `sp` lies on the task's alternate stack (one that disarms itself is never "on"). */
export function isOnAlternateStack(task: Task, sp: u64): bool {
  if ((task.alternateStackFlags & StackFlag.AUTODISARM) != 0) return false;
  return sp > task.alternateStack && sp - task.alternateStack <= task.alternateStackSize;
}

/** ss_flags as sigaltstack(2) reports them. */
export function alternateStackState(task: Task, sp: u64): u32 {
  if (task.alternateStackSize == 0) return StackFlag.DISABLE;
  return isOnAlternateStack(task, sp) ? StackFlag.ONSTACK : 0;
}

export function resetAlternateStack(task: Task): void {
  task.alternateStack = 0;
  task.alternateStackSize = 0;
  task.alternateStackFlags = StackFlag.DISABLE;
}
