// System calls on the caller's own signals: actions, masks, waiting, the alternate stack (sigaction(2), sigprocmask(2), …).

import { KernelSigaction, StackT } from "../../kernel/abi/generated/structs";
import { Errno } from "../../kernel/abi/errno";
import { UserIn, UserOut } from "../../kernel/mm/user/user-memory";
import { sleepUntil } from "../../kernel/sync/sleep";
import { dequeue } from "../../kernel/task/signal/signal-delivery";
import { setBlocked, updateSignalPending } from "../../kernel/task/signal/signal";
import { Task } from "../../kernel/task/task";
import { NEVER } from "../../kernel/time/timer";
import { deadlineFromTimeout } from "../decode/time-arguments";
import { ActionFlag, SIGINFO_SIZE, Signal, StackFlag, UNBLOCKABLE, signalBit } from "../../kernel/abi/signal";
import { storeSignalInfo } from "../../kernel/task/signal/signal-info";
import { alternateStackState, isOnAlternateStack } from "../../kernel/task/signal/alternate-stack";
import { returnFromHandler } from "../../kernel/task/signal/handler-frame";

const SIG_BLOCK: i32 = 0;
const SIG_UNBLOCK: i32 = 1;
const SIG_SETMASK: i32 = 2;
/** MINSIGSTKSZ */
const LEAST_STACK: u64 = 2048;

/** rt_sigaction(2) */
@sleeps export function sysRtSigaction(task: Task, number: i32, act: UserIn, old: UserOut, setSize: u64): i64 {
  if (setSize != 8) return -Errno.EINVAL;
  const isChange = !act.isNull;
  if (isChange && act.fetch(KernelSigaction.SIZE) < 0) return -Errno.EFAULT;
  if (number < 1 || number > Signal.MAX) return -Errno.EINVAL;
  if (isChange && (UNBLOCKABLE & signalBit(number)) != 0) return -Errno.EINVAL;
  const actions = task.actions;
  const oldHandler = actions.handler(number);
  const oldFlags = actions.flags(number);
  const oldRestorer = actions.restorer(number);
  const oldMask = actions.mask(number);
  if (isChange) {
    const handler = act.u64(KernelSigaction.sa_handler);
    const flags = act.u64(KernelSigaction.sa_flags) & ActionFlag.KNOWN & ~ActionFlag.UNSUPPORTED;
    actions.set(number, handler, flags, act.u64(KernelSigaction.sa_restorer), act.u64(KernelSigaction.sa_mask) & ~UNBLOCKABLE);
    // An ignored signal that is pending goes.
    if (actions.isIgnored(number)) discardPending(task, signalBit(number));
  }
  if (old.isNull) return 0;
  const isStored = old.writeU64(<u64>KernelSigaction.sa_handler, oldHandler) == 0
    && old.writeU64(<u64>KernelSigaction.sa_flags, oldFlags) == 0
    && old.writeU64(<u64>KernelSigaction.sa_restorer, oldRestorer) == 0
    && old.writeU64(<u64>KernelSigaction.sa_mask, oldMask) == 0;
  return isStored ? 0 : -Errno.EFAULT;
}

function discardPending(task: Task, set: u64): void {
  task.process.pending.discard(set);
  let thread = task.process.firstThread;
  while (thread !== null) {
    thread.pending.discard(set);
    thread = thread.threadNext;
  }
}

/** rt_sigprocmask(2) */
@sleeps export function sysRtSigprocmask(task: Task, how: i32, set: UserIn, old: UserOut, setSize: u64): i64 {
  if (setSize != 8) return -Errno.EINVAL;
  const before = task.blocked;
  if (!set.isNull) {
    if (set.readU64(0) < 0) return -Errno.EFAULT;
    const given = set.value & ~UNBLOCKABLE;
    switch (how) {
      case SIG_BLOCK: setBlocked(task, before | given); break;
      case SIG_UNBLOCK: setBlocked(task, before & ~given); break;
      case SIG_SETMASK: setBlocked(task, given); break;
      default: return -Errno.EINVAL;
    }
  }
  if (!old.isNull && old.writeU64(0, before) < 0) return -Errno.EFAULT;
  return 0;
}

/** rt_sigreturn(2) */
@sleeps export function sysRtSigreturn(task: Task): i64 {
  return returnFromHandler(task);
}

/** rt_sigpending(2) */
@sleeps export function sysRtSigpending(task: Task, set: UserOut, setSize: u64): i64 {
  if (setSize > 8) return -Errno.EINVAL;
  const pending = (task.pending.mask | task.process.pending.mask) & task.blocked;
  for (let i: u64 = 0; i < setSize; i++) {
    if (set.writeU8(i, <u32>(pending >> (i * 8)) & 0xff) < 0) return -Errno.EFAULT;
  }
  return 0;
}

/** pause(2) */
@sleeps export function sysPause(task: Task): i64 {
  while (!task.signalPending) {
    if (sleepUntil(NEVER) < 0) break;
  }
  return -Errno.ERESTARTNOHAND;
}

/** rt_sigsuspend(2) */
@sleeps export function sysRtSigsuspend(task: Task, set: UserIn, setSize: u64): i64 {
  if (setSize != 8) return -Errno.EINVAL;
  if (set.readU64(0) < 0) return -Errno.EFAULT;
  task.savedMask = task.blocked;
  task.hasSavedMask = true;
  setBlocked(task, set.value & ~UNBLOCKABLE);
  return sysPause(task);
}

/** rt_sigtimedwait(2) */
@sleeps export function sysRtSigtimedwait(task: Task, set: UserIn, info: UserOut, timeout: UserIn, setSize: u64): i64 {
  if (setSize != 8) return -Errno.EINVAL;
  if (set.readU64(0) < 0) return -Errno.EFAULT;
  const wanted = set.value & ~UNBLOCKABLE;
  let deadline = NEVER;
  if (!timeout.isNull) {
    const parsed = deadlineFromTimeout(timeout);
    if (parsed < 0) return parsed;
    deadline = <u64>parsed;
  }
  const number = awaitSignal(task, wanted, deadline);
  if (number < 0) return <i64>number;
  if (info.isNull) return <i64>number;
  const bytes = new StaticArray<u8>(SIGINFO_SIZE);
  storeSignalInfo(task.delivered, bytes, 0);
  return info.writeBytes(0, bytes, 0, SIGINFO_SIZE) < 0 ? -Errno.EFAULT : <i64>number;
}

/** Takes a signal of the set, sleeping for one: its number, -EAGAIN (time is up) or -EINTR. */
@sleeps function awaitSignal(task: Task, wanted: u64, deadline: u64): i32 {
  let number = dequeue(task, wanted);
  if (number != 0) return finishWait(task, number);
  task.awaited = wanted;
  updateSignalPending(task);
  const slept = sleepUntil(deadline);
  task.awaited = 0;
  number = dequeue(task, wanted);
  updateSignalPending(task);
  if (number != 0) return number;
  return slept == -Errno.ETIMEDOUT ? -Errno.EAGAIN : -Errno.EINTR;
}

function finishWait(task: Task, number: i32): i32 {
  updateSignalPending(task);
  return number;
}

/** sigaltstack(2) */
@sleeps export function sysSigaltstack(task: Task, given: UserIn, old: UserOut): i64 {
  const sp = task.user.stackPointer;
  const oldStack = task.alternateStack;
  const oldSize = task.alternateStackSize;
  const oldFlags = alternateStackState(task, sp) | (task.alternateStackFlags & StackFlag.AUTODISARM);
  if (!given.isNull) {
    if (given.fetch(StackT.SIZE) < 0) return -Errno.EFAULT;
    const status = setAlternateStack(task, given, sp);
    if (status < 0) return <i64>status;
  }
  if (old.isNull) return 0;
  const isStored = old.writeU64(<u64>StackT.ss_sp, oldStack) == 0 && old.writeU32(<u64>StackT.ss_flags, oldFlags) == 0
    && old.writeU32(<u64>StackT.ss_flags + 4, 0) == 0 && old.writeU64(<u64>StackT.ss_size, oldSize) == 0;
  return isStored ? 0 : -Errno.EFAULT;
}

function setAlternateStack(task: Task, given: UserIn, sp: u64): i32 {
  if (isOnAlternateStack(task, sp)) return -Errno.EPERM;
  const flags = given.u32(StackT.ss_flags);
  const mode = flags & ~StackFlag.AUTODISARM;
  if (mode > StackFlag.DISABLE) return -Errno.EINVAL;
  let stack = given.u64(StackT.ss_sp);
  let size = given.u64(StackT.ss_size);
  if (mode == StackFlag.DISABLE) {
    stack = 0;
    size = 0;
  } else if (size < LEAST_STACK) {
    return -Errno.ENOMEM;
  }
  task.alternateStack = stack;
  task.alternateStackSize = size;
  task.alternateStackFlags = flags;
  return 0;
}

/** restart_syscall(2): goes on with a sleep that a stop interrupted. */
@sleeps export function sysRestartSyscall(task: Task): i64 {
  const restart = task.restart;
  return restart === null ? -Errno.EINTR : restart.resume();
}
