// futex(2) and the robust list (set_robust_list(2)).

import { Errno } from "../../kernel/abi/errno";
import {
  FutexKey, FutexWaiter, MATCH_ANY, findKey, requeueFutex, waitFutex, wakeFutex,
} from "../../kernel/ipc/futex";
import { UserInOut, UserOut } from "../../kernel/mm/user/user-memory";
import { RestartBlock } from "../../kernel/task/signal/restart-block";
import { lockPi, unlockPi } from "../../kernel/task/futex/pi-futex";
import { Task } from "../../kernel/task/task";
import { realtimeToMonotonic } from "../../kernel/time/clock";
import { NEVER } from "../../kernel/time/timer";
import { Capability } from "../../kernel/vfs/credentials";
import { deadlineAfter, readTimespec } from "../decode/time-arguments";
import { currentTask } from "../../kernel/task/current";

const FUTEX_WAIT: u32 = 0;
const FUTEX_WAKE: u32 = 1;
const FUTEX_REQUEUE: u32 = 3;
const FUTEX_CMP_REQUEUE: u32 = 4;
const FUTEX_WAKE_OP: u32 = 5;
const FUTEX_LOCK_PI: u32 = 6;
const FUTEX_UNLOCK_PI: u32 = 7;
const FUTEX_TRYLOCK_PI: u32 = 8;
const FUTEX_WAIT_BITSET: u32 = 9;
const FUTEX_WAKE_BITSET: u32 = 10;
const FUTEX_LOCK_PI2: u32 = 13;
const FUTEX_PRIVATE_FLAG: u32 = 128;
const FUTEX_CLOCK_REALTIME: u32 = 256;
const ROBUST_HEAD_SIZE: u64 = 24;

/** Keys of one call: used before anything sleeps. */
@scratch const key = new FutexKey();
@scratch const secondKey = new FutexKey();

/** futex(2). `timeout` is a pointer, or a count for the requeue operations and WAKE_OP. */
@sleeps export function sysFutex(task: Task, word: UserInOut, operation: u32, value: u32, timeout: u64, word2: UserInOut, value3: u32): i64 {
  const command = operation & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
  const isPrivate = (operation & FUTEX_PRIVATE_FLAG) != 0;
  const isRealtime = (operation & FUTEX_CLOCK_REALTIME) != 0;
  switch (command) {
    case FUTEX_WAKE: return wake(task, word.address, isPrivate, isRealtime, value, MATCH_ANY);
    case FUTEX_WAIT:
      // Only operations with an absolute time may choose the clock.
      return isRealtime ? -Errno.ENOSYS : wait(task, word, isPrivate, value, timeout, MATCH_ANY, false, false);
    case FUTEX_WAIT_BITSET:
      return value3 == 0 ? -Errno.EINVAL : wait(task, word, isPrivate, value, timeout, value3, true, isRealtime);
    case FUTEX_WAKE_BITSET:
      return value3 == 0 ? -Errno.EINVAL : wake(task, word.address, isPrivate, isRealtime, value, value3);
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
      if (isRealtime) return -Errno.ENOSYS;
      return requeue(task, word, isPrivate, value, <u32>timeout, word2.address, command == FUTEX_CMP_REQUEUE, value3);
    case FUTEX_WAKE_OP:
      return isRealtime ? -Errno.ENOSYS : wakeAndChange(task, word.address, isPrivate, value, <u32>timeout, word2, value3);
    case FUTEX_LOCK_PI:
    case FUTEX_TRYLOCK_PI:
    case FUTEX_UNLOCK_PI:
      return isRealtime ? -Errno.ENOSYS : changePi(task, command, word, isPrivate, timeout, true);
    case FUTEX_LOCK_PI2: return changePi(task, command, word, isPrivate, timeout, isRealtime);
    default: return -Errno.ENOSYS;
  }
}

/** The priority-inheritance operations. Time-outs are moments, of real time except with FUTEX_LOCK_PI2. */
@sleeps function changePi(task: Task, command: u32, word: UserInOut, isPrivate: bool, timeout: u64, isRealtime: bool): i64 {
  if (command == FUTEX_UNLOCK_PI) return <i64>unlockPi(task, word, isPrivate);
  if (command == FUTEX_TRYLOCK_PI) return <i64>lockPi(task, word, isPrivate, NEVER, true);
  let deadline = NEVER;
  if (timeout != 0) {
    const ns = readTimespec(task.arguments.in0.claim(timeout), 0);
    if (ns < 0) return ns;
    deadline = isRealtime ? realtimeToMonotonic(<u64>ns) : <u64>ns;
  }
  return <i64>lockPi(task, word, isPrivate, deadline, false);
}

function wake(task: Task, address: u64, isPrivate: bool, isRealtime: bool, count: u32, bitset: u32): i64 {
  if (isRealtime) return -Errno.ENOSYS;
  const found = findKey(task.space, address, isPrivate, key);
  if (found < 0) return <i64>found;
  // As on Linux, a count of zero wakes one, and a negative one too.
  const limit = <i32>count <= 0 ? 1 : count;
  return <i64>wakeFutex(key, limit, bitset);
}

/** A wait that goes on with its deadline after a stop. */
@final
class FutexRestart extends RestartBlock {
  address: u64 = 0;
  isPrivate: bool = false;
  expected: u32 = 0;
  bitset: u32 = 0;
  deadline: u64 = 0;

  @sleeps resume(): i64 {
    const task = currentTask();
    const word = task.arguments.inOut0.claim(this.address);
    return waitUntil(task, word, this.isPrivate, this.expected, this.bitset, this.deadline);
  }
}

@sleeps function wait(
  task: Task, word: UserInOut, isPrivate: bool, expected: u32, timeout: u64, bitset: u32, isAbsolute: bool, isRealtime: bool,
): i64 {
  let deadline = NEVER;
  if (timeout != 0) {
    const ns = readTimespec(task.arguments.in0.claim(timeout), 0);
    if (ns < 0) return ns;
    if (!isAbsolute) deadline = deadlineAfter(<u64>ns);
    else deadline = isRealtime ? realtimeToMonotonic(<u64>ns) : <u64>ns;
  }
  return waitUntil(task, word, isPrivate, expected, bitset, deadline);
}

@sleeps function waitUntil(task: Task, word: UserInOut, isPrivate: bool, expected: u32, bitset: u32, deadline: u64): i64 {
  let waiter = task.futexWaiter;
  if (waiter === null) {
    waiter = new FutexWaiter(task);
    task.futexWaiter = waiter;
  }
  const found = findKey(task.space, word.address, isPrivate, waiter.key);
  if (found < 0) return <i64>found;
  waiter.bitset = bitset;
  const result = waitFutex(waiter, word, expected, deadline);
  if (result != -Errno.ERESTARTSYS || deadline == NEVER) return <i64>result;
  const restart = new FutexRestart();
  restart.address = word.address;
  restart.isPrivate = isPrivate;
  restart.expected = expected;
  restart.bitset = bitset;
  restart.deadline = deadline;
  task.restart = restart;
  return -Errno.ERESTART_RESTARTBLOCK;
}

@sleeps function requeue(
  task: Task, word: UserInOut, isPrivate: bool, wakeCount: u32, moveCount: u32, target: u64, isCompared: bool, expected: u32,
): i64 {
  if (<i32>wakeCount < 0 || <i32>moveCount < 0) return -Errno.EINVAL;
  // The word is read before the keys are made: reading may sleep, the rest does not.
  if (isCompared) {
    if ((word.address & 3) != 0) return -Errno.EINVAL;
    if (word.readU32(0) < 0) return -Errno.EFAULT;
  }
  let found = findKey(task.space, word.address, isPrivate, key);
  if (found < 0) return <i64>found;
  found = findKey(task.space, target, isPrivate, secondKey);
  if (found < 0) return <i64>found;
  if (isCompared && <u32>word.value != expected) return -Errno.EAGAIN;
  return <i64>requeueFutex(key, secondKey, wakeCount, moveCount);
}

/** FUTEX_WAKE_OP: changes the second word by `code`, wakes on the first, and on the second if its old value fits. */
@sleeps function wakeAndChange(task: Task, address: u64, isPrivate: bool, count: u32, count2: u32, word2: UserInOut, code: u32): i64 {
  if ((word2.address & 3) != 0 || (address & 3) != 0) return -Errno.EINVAL;
  const operation = (code >> 28) & 7;
  const comparison = (code >> 24) & 15;
  if (operation > 4 || comparison > 5) return -Errno.ENOSYS;
  let argument = (<i32>(code << 8)) >> 20;
  const compared = (<i32>(code << 20)) >> 20;
  if ((code & 0x8000_0000) != 0) argument = 1 << (argument & 31);
  let old: u32 = 0;
  while (true) {
    if (word2.readU32(0) < 0) return -Errno.EFAULT;
    old = <u32>word2.value;
    if (word2.compareExchangeU32(0, old, applyOperation(operation, old, <u32>argument)) < 0) return -Errno.EFAULT;
    if (<u32>word2.value == old) break;
  }
  let found = findKey(task.space, address, isPrivate, key);
  if (found < 0) return <i64>found;
  found = findKey(task.space, word2.address, isPrivate, secondKey);
  if (found < 0) return <i64>found;
  let woken = wakeFutex(key, <i32>count <= 0 ? 1 : count, MATCH_ANY);
  if (holds(comparison, <i32>old, compared)) woken += wakeFutex(secondKey, <i32>count2 <= 0 ? 1 : count2, MATCH_ANY);
  return <i64>woken;
}

function applyOperation(operation: u32, old: u32, argument: u32): u32 {
  switch (operation) {
    case 0: return argument;
    case 1: return old + argument;
    case 2: return old | argument;
    case 3: return old & ~argument;
    default: return old ^ argument;
  }
}

function holds(comparison: u32, old: i32, value: i32): bool {
  switch (comparison) {
    case 0: return old == value;
    case 1: return old != value;
    case 2: return old < value;
    case 3: return old <= value;
    case 4: return old > value;
    default: return old >= value;
  }
}

/** set_robust_list(2) */
export function sysSetRobustList(task: Task, head: u64, size: u64): i64 {
  if (size != ROBUST_HEAD_SIZE) return -Errno.EINVAL;
  task.robustList = head;
  return 0;
}

/** get_robust_list(2) */
@sleeps export function sysGetRobustList(task: Task, pid: i32, head: UserOut, size: UserOut): i64 {
  let target: Task | null = task;
  if (pid != 0) target = task.namespaces.pids.findTask(pid);
  if (target === null) return -Errno.ESRCH;
  if (target.process !== task.process && target.credentials.uid != task.credentials.uid
    && !task.credentials.has(Capability.SYS_PTRACE)) return -Errno.EPERM;
  if (size.writeU64(0, ROBUST_HEAD_SIZE) < 0) return -Errno.EFAULT;
  return <i64>head.writeU64(0, target.robustList);
}
