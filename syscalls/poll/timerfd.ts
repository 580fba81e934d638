// timerfd_create(2), timerfd_settime(2), timerfd_gettime(2).

import { Errno } from "../../kernel/abi/errno";
import { TimerFile } from "../../kernel/ipc/timerfd";
import { UserIn, UserOut } from "../../kernel/mm/user/user-memory";
import { Task } from "../../kernel/task/task";
import { runDueTimers } from "../../kernel/time/timer";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { Capability } from "../../kernel/vfs/credentials";
import { ClockId } from "../../kernel/abi/time";
import { readTimespec, writeTimespec } from "../decode/time-arguments";

const TFD_CLOEXEC: u32 = 0o2000000;
const TFD_NONBLOCK: u32 = 0o4000;
const TFD_TIMER_ABSTIME: u32 = 1;
const TFD_TIMER_CANCEL_ON_SET: u32 = 2;

/** timerfd_create(2) */
export function sysTimerfdCreate(task: Task, clock: i32, flags: u32): i64 {
  if ((flags & ~(TFD_CLOEXEC | TFD_NONBLOCK)) != 0) return -Errno.EINVAL;
  const isAlarm = clock == ClockId.REALTIME_ALARM || clock == ClockId.BOOTTIME_ALARM;
  if (clock != ClockId.REALTIME && clock != ClockId.MONOTONIC && clock != ClockId.BOOTTIME && !isAlarm) return -Errno.EINVAL;
  if (isAlarm && !task.credentials.has(Capability.WAKE_ALARM)) return -Errno.EPERM;
  const file = TimerFile.create(ClockId.isRealtime(clock), flags & TFD_NONBLOCK);
  const fd = task.files.add(file, (flags & TFD_CLOEXEC) != 0);
  if (fd < 0) file.release();
  return <i64>fd;
}

/** timerfd_settime(2) */
@sleeps export function sysTimerfdSettime(task: Task, file: OpenFile | null, flags: u32, value: UserIn, old: UserOut): i64 {
  const intervalNs = readTimespec(value, 0);
  if (intervalNs == -Errno.EFAULT) return intervalNs;
  const valueNs = readTimespec(value, 16);
  if (valueNs == -Errno.EFAULT) return valueNs;
  if ((flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) != 0) return -Errno.EINVAL;
  if (intervalNs < 0 || valueNs < 0) return -Errno.EINVAL;
  if (file === null) return -Errno.EBADF;
  if (!(file instanceof TimerFile)) return -Errno.EINVAL;
  const timer = <TimerFile>file;
  const oldValue = timer.remaining();
  const oldInterval = timer.intervalNs;
  let deadline: u64 = 0;
  if (valueNs != 0) deadline = (flags & TFD_TIMER_ABSTIME) != 0 ? <u64>valueNs : timer.now() + <u64>valueNs;
  const both = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET;
  timer.set(deadline, <u64>intervalNs, timer.isWall && (flags & both) == both);
  runDueTimers();
  return old.isNull ? 0 : writeValue(old, oldInterval, oldValue);
}

/** timerfd_gettime(2) */
@sleeps export function sysTimerfdGettime(task: Task, file: OpenFile, to: UserOut): i64 {
  if (!(file instanceof TimerFile)) return -Errno.EINVAL;
  const timer = <TimerFile>file;
  return writeValue(to, timer.intervalNs, timer.remaining());
}

@sleeps function writeValue(to: UserOut, intervalNs: u64, valueNs: u64): i64 {
  if (writeTimespec(to, 0, intervalNs) < 0 || writeTimespec(to, 16, valueNs) < 0) return -Errno.EFAULT;
  return 0;
}
