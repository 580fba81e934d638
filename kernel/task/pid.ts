// Process numbers. A Pid stands for a number in use by a thread, a process, a process group or a session; the number
// is free again when none of them is left. pidfds hold the Pid, not the number, so they never meet a later process.
//
// Numbers are given out in ascending order and start again at 300 after PID_MAX, as Linux does. Nothing sleeps.

import { Process } from "./process";
import { ProcessGroup, Session } from "./session";
import { Task } from "./task";

/** /proc/sys/kernel/pid_max */
@inline export const PID_MAX: i32 = 32768;
@inline const CHUNK: i32 = 512;
@inline const FIRST_AFTER_WRAP: i32 = 300;

@final
export class Pid {
  task: Task | null = null;
  /** The process with this tgid, until it is reaped. */
  process: Process | null = null;
  group: ProcessGroup | null = null;
  session: Session | null = null;

  constructor(readonly number: i32) {}

  /** Frees the number if nothing bears it any more. */
  freeIfUnused(): void {
    if (this.task === null && this.process === null && this.group === null && this.session === null) {
      const chunk = chunks[this.number / CHUNK];
      if (chunk !== null && chunk[this.number % CHUNK] === this) {
        chunk[this.number % CHUNK] = null;
        used--;
      }
    }
  }
}

@kernelLock const chunks = new StaticArray<StaticArray<Pid | null> | null>(PID_MAX / CHUNK);
@kernelLock let last: i32 = 0;
@kernelLock let used: i32 = 0;
/** Numbers given out since boot. */
@kernelLock let made: u64 = 0;

/** A fresh number, or null if all are in use. */
export function allocatePid(): Pid | null {
  if (used >= PID_MAX - FIRST_AFTER_WRAP) return null;
  let number = last;
  for (let tries = 0; tries < PID_MAX; tries++) {
    number++;
    if (number >= PID_MAX) number = FIRST_AFTER_WRAP;
    let chunk = chunks[number / CHUNK];
    if (chunk === null) {
      chunk = new StaticArray<Pid | null>(CHUNK);
      chunks[number / CHUNK] = chunk;
    }
    if (chunk[number % CHUNK] === null) {
      const pid = new Pid(number);
      chunk[number % CHUNK] = pid;
      last = number;
      used++;
      made++;
      return pid;
    }
  }
  return null;
}

/** What bears a number, or null. */
export function findPid(number: i32): Pid | null {
  if (number <= 0 || number >= PID_MAX) return null;
  const chunk = chunks[number / CHUNK];
  return chunk === null ? null : chunk[number % CHUNK];
}

/** The live or zombie thread with this tid. */
export function findTask(tid: i32): Task | null {
  const pid = findPid(tid);
  return pid === null ? null : pid.task;
}

/** The live or zombie process with this tgid. */
export function findProcess(tgid: i32): Process | null {
  const pid = findPid(tgid);
  return pid === null ? null : pid.process;
}

export function findProcessGroup(id: i32): ProcessGroup | null {
  const pid = findPid(id);
  return pid === null ? null : pid.group;
}

/** The first process with a tgid of at least `from`, in ascending order: for /proc and kill(-1). */
export function nextProcess(from: i32): Process | null {
  for (let number = from < 1 ? 1 : from; number < PID_MAX; number++) {
    const chunk = chunks[number / CHUNK];
    if (chunk === null) {
      number |= CHUNK - 1;
      continue;
    }
    const pid = chunk[number % CHUNK];
    if (pid !== null && pid.process !== null) return pid.process;
  }
  return null;
}

/** The number given out last (/proc/loadavg). */
export function lastPid(): i32 { return last; }

/** Tasks made since boot (the "processes" line of /proc/stat). */
export function pidsMade(): u64 { return made; }

/** Numbers in use. */
export function pidsInUse(): i32 { return used; }
