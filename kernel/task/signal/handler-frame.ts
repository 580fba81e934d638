// The way into a signal handler and out of it again, as far as it is the same on every CPU: which stack the frame goes to, and
// what rt_sigreturn(2) brings back. The frame itself is the architecture's. Sleeps.

import { ActionFlag, Signal, SignalCode, StackFlag, UNBLOCKABLE } from "../../abi/signal";
import { Task } from "../task";
import { SignalFrame, belowRedZone, framePlace } from "../user-context";
import { MINIMUM_STACK, isOnAlternateStack, resetAlternateStack } from "./alternate-stack";
import { forceSignal, setBlocked } from "./signal";
import { SignalActions } from "./signal-actions";
import { storeSignalInfo } from "./signal-info";

/**
 * Puts a frame for the signal in `task.delivered` on the user stack and points the registers at the handler. `mask` is
 * what rt_sigreturn puts back. False if the stack cannot take it (the task then gets SIGSEGV). Sleeps.
 */
@sleeps export function enterHandler(task: Task, actions: SignalActions, mask: u64): bool {
  const number = task.delivered.number;
  const flags = actions.flags(number);
  if ((flags & ActionFlag.RESTORER) == 0) return false;
  const user = task.user;
  const stackPointer = user.stackPointer;
  let top = belowRedZone(stackPointer);
  const wasOnStack = isOnAlternateStack(task, stackPointer);
  let entersStack = false;
  if ((flags & ActionFlag.ONSTACK) != 0 && task.alternateStackSize != 0 && !wasOnStack) {
    top = task.alternateStack + task.alternateStackSize;
    entersStack = true;
  }
  const place = framePlace(top);
  // An overflow of the alternate stack must not run into what lies below it.
  if ((entersStack || wasOnStack) && (place <= task.alternateStack || place - task.alternateStack > task.alternateStackSize)) return false;
  const frame = SignalFrame.take();
  frame.mask = mask;
  frame.stack = task.alternateStack;
  frame.stackFlags = task.alternateStackFlags;
  frame.stackSize = task.alternateStackSize;
  const hasInfo = (flags & ActionFlag.SIGINFO) != 0;
  if (hasInfo) storeSignalInfo(task.delivered, frame.infoBytes, frame.infoAt);
  const isEntered = frame.enter(user, task.arguments, top, number, actions.handler(number), actions.restorer(number), hasInfo);
  frame.give();
  if (isEntered && (task.alternateStackFlags & StackFlag.AUTODISARM) != 0) resetAlternateStack(task);
  return isEntered;
}

/** rt_sigreturn(2): the result register as it was when the signal came. Sleeps. */
@sleeps export function returnFromHandler(task: Task): i64 {
  const frame = SignalFrame.take();
  if (!frame.leave(task.user, task.arguments)) {
    frame.give();
    forceSignal(task, Signal.SEGV, SignalCode.KERNEL, 0);
    return 0;
  }
  setBlocked(task, frame.mask & ~UNBLOCKABLE);
  // The sleep that the signal ended is over: restart_syscall(2) has nothing to go on with.
  task.restart = null;
  restoreAlternateStack(task, frame);
  frame.give();
  return task.user.callResult;
}

/** The frame's stack_t takes effect again where it is valid; errors are ignored, as on Linux. */
function restoreAlternateStack(task: Task, frame: SignalFrame): void {
  if (isOnAlternateStack(task, task.user.stackPointer)) return;
  const mode = frame.stackFlags & ~StackFlag.AUTODISARM;
  if (mode > StackFlag.DISABLE) return;
  if (mode == StackFlag.DISABLE) {
    task.alternateStack = 0;
    task.alternateStackSize = 0;
  } else if (frame.stackSize >= MINIMUM_STACK) {
    task.alternateStack = frame.stack;
    task.alternateStackSize = frame.stackSize;
  } else {
    return;
  }
  task.alternateStackFlags = frame.stackFlags;
}
