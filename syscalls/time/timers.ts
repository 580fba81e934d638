// POSIX timers: timer_create(2), timer_settime(2), timer_getoverrun(2), timer_delete(2).

import { Errno } from "../../kernel/abi/errno";
import { UserIn, UserOut } from "../../kernel/mm/user/user-memory";
import { createTimer, deleteTimer } from "../../kernel/task/accounting/posix-timer";
import { PosixTimer } from "../../kernel/task/accounting/process-timers";
import { Task } from "../../kernel/task/task";
import { runDueTimers } from "../../kernel/time/timer";
import { Capability } from "../../kernel/vfs/credentials";
import { ClockId, TIMER_ABSTIME } from "../../kernel/abi/time";
import { readTimespec, writeTimespec } from "../decode/time-arguments";
import { Signal, SignalCode } from "../../kernel/abi/signal";

const SIGEV_SIGNAL: i32 = 0;
const SIGEV_NONE: i32 = 1;
const SIGEV_THREAD: i32 = 2;
const SIGEV_THREAD_ID: i32 = 4;
const SIGEVENT_SIZE: u32 = 64;

/** timer_create(2). struct sigevent: value (8 bytes), signo, notify, thread id. */
@sleeps export function sysTimerCreate(task: Task, clock: i32, event: UserIn, id: UserOut): i64 {
  if (!canTime(clock)) return clock < 0 || ClockId.isKnown(clock) ? -Errno.EOPNOTSUPP : -Errno.EINVAL;
  if (isAlarm(clock) && !task.credentials.has(Capability.WAKE_ALARM)) return -Errno.EPERM;
  let value: u64 = 0;
  let number: i32 = Signal.ALRM;
  let notify: i32 = SIGEV_SIGNAL;
  let target: Task | null = null;
  const hasEvent = !event.isNull;
  if (hasEvent) {
    if (event.fetch(SIGEVENT_SIZE) < 0) return -Errno.EFAULT;
    value = event.u64(0);
    number = event.i32(8);
    notify = event.i32(12);
    if (notify == (SIGEV_SIGNAL | SIGEV_THREAD_ID)) {
      target = task.namespaces.pids.findTask(event.i32(16));
      if (target === null || target.process !== task.process) return -Errno.EINVAL;
    } else if (notify != SIGEV_SIGNAL && notify != SIGEV_NONE && notify != SIGEV_THREAD) {
      return -Errno.EINVAL;
    }
    if (notify != SIGEV_NONE && (number <= 0 || number > Signal.MAX)) return -Errno.EINVAL;
  }
  const timer = createTimer(task, target);
  if (timer === null) return -Errno.EAGAIN;
  timer.clock = clock == ClockId.TAI || clock == ClockId.REALTIME_ALARM ? ClockId.REALTIME : clock;
  timer.isSignalling = notify != SIGEV_NONE;
  timer.info.reset(number, SignalCode.TIMER);
  timer.info.word0 = <u64>timer.id;
  timer.info.word1 = hasEvent ? value : <u64>timer.id;
  if (id.writeI32(0, timer.id) == 0) return 0;
  deleteTimer(task.process, timer);
  return -Errno.EFAULT;
}

function isAlarm(clock: i32): bool {
  return clock == ClockId.REALTIME_ALARM || clock == ClockId.BOOTTIME_ALARM;
}

function canTime(clock: i32): bool {
  return ClockId.canSleep(clock) || isAlarm(clock);
}

function find(task: Task, id: i32): PosixTimer | null {
  const timers = task.process.posixTimers;
  return timers === null || id < 0 ? null : timers.find(id);
}

/** timer_settime(2) */
@sleeps export function sysTimerSettime(task: Task, id: i32, flags: i32, value: UserIn, old: UserOut): i64 {
  if (value.isNull) return -Errno.EINVAL;
  const intervalNs = readTimespec(value, 0);
  if (intervalNs < 0) return intervalNs;
  const valueNs = readTimespec(value, 16);
  if (valueNs < 0) return valueNs;
  const timer = find(task, id);
  if (timer === null) return -Errno.EINVAL;
  const oldValue = timer.remaining();
  const oldInterval = timer.intervalNs;
  timer.stop();
  timer.intervalNs = valueNs == 0 ? 0 : <u64>intervalNs;
  timer.overruns = 0;
  timer.lastOverruns = 0;
  if (valueNs != 0) {
    timer.deadline = (flags & TIMER_ABSTIME) != 0 ? <u64>valueNs : timer.now() + <u64>valueNs;
    timer.arm();
    runDueTimers();
  }
  return old.isNull ? 0 : writeValue(old, oldInterval, oldValue);
}

@sleeps function writeValue(to: UserOut, intervalNs: u64, valueNs: u64): i64 {
  if (writeTimespec(to, 0, intervalNs) < 0 || writeTimespec(to, 16, valueNs) < 0) return -Errno.EFAULT;
  return 0;
}

/** timer_gettime(2) */
@sleeps export function sysTimerGettime(task: Task, id: i32, to: UserOut): i64 {
  const timer = find(task, id);
  return timer === null ? -Errno.EINVAL : writeValue(to, timer.intervalNs, timer.remaining());
}

/** timer_getoverrun(2) */
export function sysTimerGetoverrun(task: Task, id: i32): i64 {
  const timer = find(task, id);
  return timer === null ? -Errno.EINVAL : <i64>timer.lastOverruns;
}

/** timer_delete(2) */
export function sysTimerDelete(task: Task, id: i32): i64 {
  const timer = find(task, id);
  if (timer === null) return -Errno.EINVAL;
  deleteTimer(task.process, timer);
  return 0;
}
