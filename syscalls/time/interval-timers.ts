// setitimer(2), getitimer(2), alarm(2).

import { Errno } from "../../kernel/abi/errno";
import { UserIn, UserOut } from "../../kernel/mm/user/user-memory";
import { processCpuNs, processUserNs } from "../../kernel/task/accounting/cpu-accounting";
import { cpuTimersOf } from "../../kernel/task/accounting/cpu-timers";
import { CpuTimer } from "../../kernel/task/accounting/process-timers";
import { realTimerInterval, realTimerRemaining, setRealTimer } from "../../kernel/task/accounting/interval-timer";
import { Process } from "../../kernel/task/process";
import { Task } from "../../kernel/task/task";
import { readTimeval, writeTimeval } from "../decode/time-arguments";
import { NS_PER_SECOND } from "../../kernel/abi/time";

const ITIMER_REAL: i32 = 0;
const ITIMER_VIRTUAL: i32 = 1;
const ITIMER_PROF: i32 = 2;

function cpuTimer(process: Process, which: i32): CpuTimer {
  const timers = cpuTimersOf(process);
  return which == ITIMER_VIRTUAL ? timers.virtual : timers.profile;
}

function cpuNow(process: Process, which: i32): u64 {
  return which == ITIMER_VIRTUAL ? processUserNs(process) : processCpuNs(process);
}

function remaining(process: Process, which: i32): u64 {
  if (which == ITIMER_REAL) return realTimerRemaining(process);
  return process.cpuTimers === null ? 0 : cpuTimer(process, which).remaining(cpuNow(process, which));
}

function interval(process: Process, which: i32): u64 {
  if (which == ITIMER_REAL) return realTimerInterval(process);
  return process.cpuTimers === null ? 0 : cpuTimer(process, which).intervalNs;
}

@sleeps function writeValue(to: UserOut, intervalNs: u64, valueNs: u64): i64 {
  // A timer that runs never shows zero.
  const shown = valueNs != 0 && valueNs < 1000 ? 1000 : valueNs;
  if (writeTimeval(to, 0, intervalNs) < 0 || writeTimeval(to, 16, shown) < 0) return -Errno.EFAULT;
  return 0;
}

/** getitimer(2) */
@sleeps export function sysGetitimer(task: Task, which: i32, to: UserOut): i64 {
  if (which < ITIMER_REAL || which > ITIMER_PROF) return -Errno.EINVAL;
  return writeValue(to, interval(task.process, which), remaining(task.process, which));
}

/** setitimer(2): a null `value` stops the timer, as Linux still allows. */
@sleeps export function sysSetitimer(task: Task, which: i32, value: UserIn, old: UserOut): i64 {
  let intervalNs: i64 = 0;
  let valueNs: i64 = 0;
  if (!value.isNull) {
    intervalNs = readTimeval(value, 0);
    if (intervalNs < 0) return intervalNs;
    valueNs = readTimeval(value, 16);
    if (valueNs < 0) return valueNs;
  }
  if (which < ITIMER_REAL || which > ITIMER_PROF) return -Errno.EINVAL;
  const process = task.process;
  const oldValue = remaining(process, which);
  const oldInterval = interval(process, which);
  if (which == ITIMER_REAL) setRealTimer(process, <u64>valueNs, <u64>intervalNs);
  else cpuTimer(process, which).set(cpuNow(process, which), <u64>valueNs, <u64>intervalNs);
  return old.isNull ? 0 : writeValue(old, oldInterval, oldValue);
}

/** alarm(2) */
export function sysAlarm(task: Task, seconds: u32): i64 {
  const process = task.process;
  const left = realTimerRemaining(process);
  setRealTimer(process, <u64>seconds * NS_PER_SECOND, 0);
  if (left == 0) return 0;
  // Rounded to the nearest second, but a running alarm never reads as none.
  const whole = left / NS_PER_SECOND;
  const isUp = left % NS_PER_SECOND >= NS_PER_SECOND / 2 || whole == 0;
  return <i64>(isUp ? whole + 1 : whole);
}
