// System calls that read and set clocks, and what CPU time was used (clock_gettime(2), times(2), getrusage(2), adjtimex(2)).

import { Timex } from "../../kernel/abi/generated/structs";
import { Errno } from "../../kernel/abi/errno";
import { UserIn, UserInOut, UserOut } from "../../kernel/mm/user/user-memory";
import {
  processCpuNs, processSystemNs, processUserNs, taskCpuNs, taskUserNs,
} from "../../kernel/task/accounting/cpu-accounting";
import { ResourceUsage } from "../../kernel/task/accounting/resource-usage";
import { Task } from "../../kernel/task/task";
import { monotonicNs, realtimeNs, setRealtime } from "../../kernel/time/clock";
import { Capability } from "../../kernel/vfs/credentials";
import { ClockId, NS_PER_MICROSECOND, NS_PER_SECOND, NS_PER_USER_TICK } from "../../kernel/abi/time";
import { readTimespec, readTimeval, writeTimespec, writeTimeval } from "../decode/time-arguments";

/** Grain that Linux's coarse clocks have at 250 Hz. */
const COARSE_NS: u64 = 4_000_000;
const RUSAGE_SELF: i32 = 0;
const RUSAGE_CHILDREN: i32 = -1;
const RUSAGE_THREAD: i32 = 1;
const ADJ_SETOFFSET: u32 = 0x0100;
const ADJ_NANO: u32 = 0x2000;
const ADJ_ADJTIME: u32 = 0x8000;
const ADJ_OFFSET_READONLY: u32 = 0x2000;
const STA_UNSYNC: u32 = 0x40;
const TIME_ERROR: i64 = 5;

/** Time of a clock, or -EINVAL. */
function readClock(task: Task, clock: i32): i64 {
  switch (clock) {
    case ClockId.REALTIME:
    case ClockId.REALTIME_COARSE:
    case ClockId.REALTIME_ALARM:
    case ClockId.TAI: return <i64>realtimeNs();
    case ClockId.MONOTONIC:
    case ClockId.MONOTONIC_RAW:
    case ClockId.MONOTONIC_COARSE:
    case ClockId.BOOTTIME:
    case ClockId.BOOTTIME_ALARM: return <i64>monotonicNs();
    case ClockId.PROCESS_CPUTIME: return <i64>processCpuNs(task.process);
    case ClockId.THREAD_CPUTIME: return <i64>taskCpuNs(task);
    default: return clock < 0 ? readCpuClock(task, clock) : -Errno.EINVAL;
  }
}

/** CPU clocks of a process or thread: ~id << 3, bit 2: thread, low bits: 0 all, 1 user, 2 scheduled (clock_getcpuclockid(3)). */
function readCpuClock(task: Task, clock: i32): i64 {
  const id = ~(clock >> 3);
  const kind = clock & 3;
  if (kind == 3) return -Errno.EINVAL;
  if ((clock & 4) != 0) {
    const thread = id == 0 ? task : task.namespaces.pids.findTask(id);
    if (thread === null || thread.process !== task.process) return -Errno.EINVAL;
    return <i64>(kind == 1 ? taskUserNs(thread) : taskCpuNs(thread));
  }
  const process = id == 0 ? task.process : task.namespaces.pids.findProcess(id);
  if (process === null) return -Errno.EINVAL;
  return <i64>(kind == 1 ? processUserNs(process) : processCpuNs(process));
}

/** clock_gettime(2) */
@sleeps export function sysClockGettime(task: Task, clock: i32, to: UserOut): i64 {
  const ns = readClock(task, clock);
  return ns < 0 ? ns : <i64>writeTimespec(to, 0, <u64>ns);
}

/** clock_getres(2) */
@sleeps export function sysClockGetres(task: Task, clock: i32, to: UserOut): i64 {
  const ns = readClock(task, clock);
  if (ns < 0) return ns;
  if (to.isNull) return 0;
  const isCoarse = clock == ClockId.REALTIME_COARSE || clock == ClockId.MONOTONIC_COARSE;
  return <i64>writeTimespec(to, 0, isCoarse ? COARSE_NS : 1);
}

/** clock_settime(2) */
@sleeps export function sysClockSettime(task: Task, clock: i32, from: UserIn): i64 {
  if (clock < 0) return readClock(task, clock) < 0 ? -Errno.EINVAL : -Errno.EPERM;
  if (clock != ClockId.REALTIME) return -Errno.EINVAL;
  const ns = readTimespec(from, 0);
  if (ns < 0) return ns;
  return <i64>stepClock(task, <u64>ns);
}

function stepClock(task: Task, ns: u64): i32 {
  if (!task.credentials.has(Capability.SYS_TIME)) return -Errno.EPERM;
  // Real time never lies before the boot that monotonic time counts from.
  if (ns < monotonicNs()) return -Errno.EINVAL;
  setRealtime(ns);
  return 0;
}

/** gettimeofday(2) */
@sleeps export function sysGettimeofday(task: Task, tv: UserOut, tz: UserOut): i64 {
  if (!tv.isNull && writeTimeval(tv, 0, realtimeNs()) < 0) return -Errno.EFAULT;
  return tz.isNull ? 0 : <i64>tz.writeU64(0, 0);
}

/** settimeofday(2): the obsolete time zone must be zero. */
@sleeps export function sysSettimeofday(task: Task, tv: UserIn, tz: UserIn): i64 {
  let ns: i64 = 0;
  if (!tv.isNull) {
    ns = readTimeval(tv, 0);
    if (ns < 0) return ns;
  }
  if (!tz.isNull) {
    if (tz.readU64(0) < 0) return -Errno.EFAULT;
    if (!task.credentials.has(Capability.SYS_TIME)) return -Errno.EPERM;
    if (tz.value != 0) return -Errno.EINVAL;
  }
  return tv.isNull ? 0 : <i64>stepClock(task, <u64>ns);
}

/** time(2) */
@sleeps export function sysTime(task: Task, to: UserOut): i64 {
  const seconds = realtimeNs() / 1_000_000_000;
  return !to.isNull && to.writeU64(0, seconds) < 0 ? -Errno.EFAULT : <i64>seconds;
}

/** times(2): in ticks of 10 ms; the result counts from an arbitrary moment. */
@sleeps export function sysTimes(task: Task, to: UserOut): i64 {
  if (!to.isNull) {
    const process = task.process;
    const isStored = to.writeU64(0, processUserNs(process) / NS_PER_USER_TICK) == 0
      && to.writeU64(8, processSystemNs(process) / NS_PER_USER_TICK) == 0
      && to.writeU64(16, process.childUserNs / NS_PER_USER_TICK) == 0
      && to.writeU64(24, process.childSystemNs / NS_PER_USER_TICK) == 0;
    if (!isStored) return -Errno.EFAULT;
  }
  return <i64>(monotonicNs() / NS_PER_USER_TICK);
}

/** getrusage(2) */
@sleeps export function sysGetrusage(task: Task, who: i32, to: UserOut): i64 {
  if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD) return -Errno.EINVAL;
  const usage = ResourceUsage.take();
  if (who == RUSAGE_SELF) usage.ofProcess(task.process, false);
  else if (who == RUSAGE_CHILDREN) usage.ofChildren(task.process);
  else usage.ofTask(task);
  const status = usage.write(to);
  usage.give();
  return <i64>status;
}

/** adjtimex(2) */
@sleeps export function sysAdjtimex(task: Task, buffer: UserInOut): i64 {
  return adjustClock(task, buffer);
}

/** clock_adjtime(2) */
@sleeps export function sysClockAdjtime(task: Task, clock: i32, buffer: UserInOut): i64 {
  if (clock != ClockId.REALTIME) return ClockId.isKnown(clock) ? -Errno.EOPNOTSUPP : -Errno.EINVAL;
  return adjustClock(task, buffer);
}

/** There is no clock discipline: the state is "unsynchronised"; steps are done, slewing is refused. */
@sleeps function adjustClock(task: Task, buffer: UserInOut): i64 {
  if (buffer.fetch(Timex.SIZE) < 0) return -Errno.EFAULT;
  const modes = buffer.u32(Timex.modes);
  const isReadOnly = modes == 0 || modes == (ADJ_ADJTIME | ADJ_OFFSET_READONLY | 1);
  if (!isReadOnly && !task.credentials.has(Capability.SYS_TIME)) return -Errno.EPERM;
  if (!isReadOnly) {
    if ((modes & ~ADJ_NANO) != ADJ_SETOFFSET) return -Errno.EINVAL;
    const stepped = stepByOffset(task, buffer, (modes & ADJ_NANO) != 0);
    if (stepped < 0) return <i64>stepped;
  }
  const now = realtimeNs();
  const isStored = buffer.writeU64(<u64>Timex.offset, 0) == 0 && buffer.writeU64(<u64>Timex.freq, 0) == 0
    && buffer.writeU64(<u64>Timex.maxerror, 16_000_000) == 0 && buffer.writeU64(<u64>Timex.esterror, 16_000_000) == 0
    && buffer.writeU32(<u64>Timex.status, STA_UNSYNC) == 0 && buffer.writeU64(<u64>Timex.constant, 2) == 0
    && buffer.writeU64(<u64>Timex.precision, 1) == 0 && buffer.writeU64(<u64>Timex.tolerance, 32_768_000) == 0
    && buffer.writeU64(<u64>Timex.time, now / NS_PER_SECOND) == 0
    && buffer.writeU64(<u64>Timex.time + 8, now % NS_PER_SECOND / NS_PER_MICROSECOND) == 0
    && buffer.writeU64(<u64>Timex.tick, 10_000) == 0;
  return isStored ? TIME_ERROR : -Errno.EFAULT;
}

function stepByOffset(task: Task, buffer: UserInOut, isNano: bool): i32 {
  const seconds = buffer.i64(Timex.time);
  const fraction = buffer.i64(Timex.time + 8);
  const limit: i64 = isNano ? 1_000_000_000 : 1_000_000;
  if (fraction < 0 || fraction >= limit || seconds > 4_000_000_000 || seconds < -4_000_000_000) return -Errno.EINVAL;
  const offset = seconds * 1_000_000_000 + (isNano ? fraction : fraction * 1000);
  const target = <i64>realtimeNs() + offset;
  return target < 0 ? -Errno.EINVAL : stepClock(task, <u64>target);
}
