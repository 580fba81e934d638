// /proc/PID/sched and /proc/schedstat: what the scheduler counts, in the form of Linux 6.1 (proc(5); Linux
// Documentation/scheduler/sched-stats.rst, version 15). How long tasks waited for the CPU is not measured and shown as 0.

import { ByteBuilder } from "../../runtime/text/byte-builder";
import { contextSwitches, idleTimeTicks } from "../../sync/scheduler";
import { SchedulingPolicy } from "../../sync/thread";
import { taskCpuNs } from "../../task/accounting/cpu-accounting";
import { Task } from "../../task/task";
import { bootNs, monotonicNs, ticksToNs } from "../../time/clock";
import { appendName } from "../process/process-stat";
import { VIRTUAL_START } from "../../sync/cpu";

const NS_PER_JIFFY: u64 = 4_000_000;
/** Linux starts its jiffies five minutes before they wrap at 32 bits. */
const FIRST_JIFFY: u64 = 0xffff_ffff - 300 * 250 + 1;
/** Priorities as Linux numbers them inside: nice 0 is 120, real-time 99 is 0. */
const NICE_0_PRIORITY: i64 = 120;
const HIGHEST_REALTIME: i64 = 99;
/** Linux scales weights by 1024 on 64-bit machines. */
const WEIGHT_SCALE: u64 = 1024;

/** "name : value" in Linux's columns. */
function countLine(out: ByteBuilder, name: string, value: u64): void {
  out.appendColumn(name, 45).append(":").appendPadded(value, 21).newline();
}

/** As countLine for nanoseconds, shown in milliseconds. */
function timeLine(out: ByteBuilder, name: string, ns: u64): void {
  out.appendColumn(name, 45).append(":").appendPadded(ns / 1_000_000, 14).appendByte(0x2e).appendPadded(ns % 1_000_000, 6, 0x30).newline();
}

/** /proc/PID/sched. */
export function showTaskScheduling(task: Task, out: ByteBuilder): i32 {
  appendName(out, task);
  out.append(" (").appendDecimal(task.tid).append(", #threads: ").appendDecimal(task.process.threadCount).append(")\n");
  out.appendFill(0x2d, 67).newline();
  const voluntary = task.voluntarySwitches;
  const involuntary = task.involuntarySwitches;
  timeLine(out, "se.exec_start", monotonicNs());
  timeLine(out, "se.vruntime", ticksToNs(task.key > VIRTUAL_START ? task.key - VIRTUAL_START : 0));
  timeLine(out, "se.sum_exec_runtime", taskCpuNs(task));
  countLine(out, "se.nr_migrations", 0);
  countLine(out, "nr_switches", voluntary + involuntary);
  countLine(out, "nr_voluntary_switches", voluntary);
  countLine(out, "nr_involuntary_switches", involuntary);
  countLine(out, "se.load.weight", <u64>task.weight * WEIGHT_SCALE);
  countLine(out, "policy", <u64>task.policy);
  const isRealtime = task.policy == SchedulingPolicy.FIFO || task.policy == SchedulingPolicy.ROUND_ROBIN;
  countLine(out, "prio", <u64>(isRealtime ? HIGHEST_REALTIME - <i64>task.realtimePriority : NICE_0_PRIORITY + <i64>task.nice));
  return 0;
}

/** Writing clears what Linux keeps with sched_schedstats: nothing here. */
export function clearTaskScheduling(task: Task, bytes: StaticArray<u8>, length: i32): i64 {
  return length;
}

/** /proc/schedstat: one CPU, no domains. The first six numbers are those that Linux leaves 0 unless sched_schedstats is set. */
export function showSchedulerTotals(out: ByteBuilder): void {
  const upNs = bootNs();
  out.append("version 15\ntimestamp ").appendUnsigned(FIRST_JIFFY + upNs / NS_PER_JIFFY);
  out.append("\ncpu0 0 0 0 0 0 0 ").appendUnsigned(upNs - min(upNs, ticksToNs(idleTimeTicks())));
  out.append(" 0 ").appendUnsigned(contextSwitches()).newline();
}
