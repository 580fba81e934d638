// The small text files of /proc/PID: limits, comm, io, wchan, oom_score_adj and others (proc(5)). Nothing here sleeps.

import { Errno } from "../../abi/errno";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { parseDecimal } from "../../runtime/text/bytes";
import { taskCpuNs } from "../../task/accounting/cpu-accounting";
import { INFINITY, Limit } from "../../task/accounting/resource-limits";
import { TASK_NAME_SIZE, Task } from "../../task/task";
import { Capability } from "../../vfs/credentials";
import { appendName } from "./process-stat";
import { currentTask } from "../../task/current";

const NAMES: StaticArray<string> = [
  "Max cpu time", "Max file size", "Max data size", "Max stack size", "Max core file size", "Max resident set",
  "Max processes", "Max open files", "Max locked memory", "Max address space", "Max file locks", "Max pending signals",
  "Max msgqueue size", "Max nice priority", "Max realtime priority", "Max realtime timeout",
];
const UNITS: StaticArray<string> = [
  "seconds", "bytes", "bytes", "bytes", "bytes", "bytes", "processes", "files", "bytes", "bytes", "locks", "signals",
  "bytes", "", "", "us",
];

export function showLimits(task: Task, out: ByteBuilder): i32 {
  out.append("Limit                     Soft Limit           Hard Limit           Units     \n");
  const limits = task.process.limits;
  for (let i = 0; i < Limit.COUNT; i++) {
    out.appendColumn(NAMES[i], 26);
    limitColumn(out, limits.soft[i]);
    limitColumn(out, limits.hard[i]);
    if (UNITS[i].length > 0) out.appendColumn(UNITS[i], 10);
    out.newline();
  }
  return 0;
}

function limitColumn(out: ByteBuilder, value: u64): void {
  const start = out.length;
  if (value == INFINITY) out.append("unlimited");
  else out.appendUnsigned(value);
  out.padTo(start, 21);
}

export function showName(task: Task, out: ByteBuilder): i32 {
  appendName(out, task);
  out.newline();
  return 0;
}

/** Writing comm renames a thread; only threads of the same process may. */
export function storeName(task: Task, bytes: StaticArray<u8>, length: i32): i64 {
  if (currentTask().process !== task.process) return -Errno.EINVAL;
  let end = min(length, TASK_NAME_SIZE - 1);
  for (let i = 0; i < end; i++) {
    if (bytes[i] == 0 || (bytes[i] == 0x0a && i == length - 1)) end = i;
  }
  for (let i = 0; i < TASK_NAME_SIZE; i++) task.name[i] = i < end ? bytes[i] : 0;
  return length;
}

export function showIo(task: Task, out: ByteBuilder): i32 {
  out.append("rchar: ").appendUnsigned(task.readBytes);
  out.append("\nwchar: ").appendUnsigned(task.writtenBytes);
  out.append("\nsyscr: 0\nsyscw: 0\nread_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n");
  return 0;
}

export function showWaitChannel(task: Task, out: ByteBuilder): i32 {
  out.appendByte(0x30);
  return 0;
}

export function showOomScore(task: Task, out: ByteBuilder): i32 {
  out.append("0\n");
  return 0;
}

export function showOomScoreAdjust(task: Task, out: ByteBuilder): i32 {
  out.appendDecimal(task.process.oomScoreAdjust).newline();
  return 0;
}

/** -1000 … 1000; lowering it needs CAP_SYS_RESOURCE. */
export function storeOomScoreAdjust(task: Task, bytes: StaticArray<u8>, length: i32): i64 {
  let end = length;
  while (end > 0 && bytes[end - 1] <= 0x20) end--;
  const isNegative = end > 0 && bytes[0] == 0x2d;
  const value = parseDecimal(bytes, isNegative ? 1 : 0, end);
  if (value < 0 || value > 1000) return -Errno.EINVAL;
  const wanted = isNegative ? -<i32>value : <i32>value;
  const process = task.process;
  if (wanted < process.oomScoreAdjust && !currentTask().credentials.has(Capability.SYS_RESOURCE)) return -Errno.EACCES;
  process.oomScoreAdjust = wanted;
  return length;
}

export function showCgroup(task: Task, out: ByteBuilder): i32 {
  out.append("0::/\n");
  return 0;
}

/** uid_map and gid_map of the one user namespace. */
export function showIdMap(task: Task, out: ByteBuilder): i32 {
  out.append("         0          0 4294967295\n");
  return 0;
}

export function showSetGroups(task: Task, out: ByteBuilder): i32 {
  out.append("allow\n");
  return 0;
}

export function showPersonality(task: Task, out: ByteBuilder): i32 {
  out.appendHex(task.personality, 8).newline();
  return 0;
}

export function showTimerSlack(task: Task, out: ByteBuilder): i32 {
  out.appendUnsigned(task.timerSlackNs).newline();
  return 0;
}

/** CPU time in nanoseconds, time waited for a CPU (not measured: 0), and switches. */
export function showSchedulerStatistics(task: Task, out: ByteBuilder): i32 {
  out.appendUnsigned(taskCpuNs(task)).append(" 0 ");
  out.appendUnsigned(task.voluntarySwitches + task.involuntarySwitches).newline();
  return 0;
}
