// Process numbers. A Pid stands for a number in use by a thread, a process, a process group or a session; the number
// is free again when none of them is left. pidfds hold the Pid, not the number, so they never meet a later process.
//
// Numbers are given out in ascending order and start again at 300 after PID_MAX, as Linux does. Each PidNamespace has its
// own; there is one so far (process.ts, initialNamespaces). Nothing sleeps.

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

  constructor(readonly number: i32, private readonly namespace: PidNamespace) {}

  /** Frees the number if nothing bears it any more. */
  freeIfUnused(): void {
    if (this.task === null && this.process === null && this.group === null && this.session === null) this.namespace.free(this);
  }
}

/** Process numbers and who bears them. */
@final
export class PidNamespace {
  /** The process that adopts orphans, and whose end is the end of all. */
  @kept init: Process | null = null;
  /** The number given out last (/proc/loadavg). */
  last: i32 = 0;
  /** Numbers in use. */
  used: i32 = 0;
  /** Numbers given out so far (the "processes" line of /proc/stat). */
  made: u64 = 0;
  private readonly chunks: StaticArray<StaticArray<Pid | null> | null> = new StaticArray<StaticArray<Pid | null> | null>(PID_MAX / CHUNK);

  /** A fresh number, or null if all are in use. */
  allocate(): Pid | null {
    if (this.used >= PID_MAX - FIRST_AFTER_WRAP) return null;
    const chunks = this.chunks;
    let number = this.last;
    for (let tries = 0; tries < PID_MAX; tries++) {
      number++;
      if (number >= PID_MAX) number = FIRST_AFTER_WRAP;
      let chunk = chunks[number / CHUNK];
      if (chunk === null) {
        chunk = new StaticArray<Pid | null>(CHUNK);
        chunks[number / CHUNK] = chunk;
      }
      if (chunk[number % CHUNK] === null) {
        const pid = new Pid(number, this);
        chunk[number % CHUNK] = pid;
        this.last = number;
        this.used++;
        this.made++;
        return pid;
      }
    }
    return null;
  }

  /** Takes a number back that nothing bears; once more does no harm. */
  free(pid: Pid): void {
    const number = pid.number;
    const chunk = this.chunks[number / CHUNK];
    if (chunk === null || chunk[number % CHUNK] !== pid) return;
    chunk[number % CHUNK] = null;
    this.used--;
  }

  /** What bears a number, or null. */
  find(number: i32): Pid | null {
    if (number <= 0 || number >= PID_MAX) return null;
    const chunk = this.chunks[number / CHUNK];
    return chunk === null ? null : chunk[number % CHUNK];
  }

  /** The live or zombie thread with this tid. */
  findTask(tid: i32): Task | null {
    const pid = this.find(tid);
    return pid === null ? null : pid.task;
  }

  /** The live or zombie process with this tgid. */
  findProcess(tgid: i32): Process | null {
    const pid = this.find(tgid);
    return pid === null ? null : pid.process;
  }

  findGroup(id: i32): ProcessGroup | null {
    const pid = this.find(id);
    return pid === null ? null : pid.group;
  }

  /** The first process with a tgid of at least `from`, in ascending order: for /proc and kill(-1). */
  nextProcess(from: i32): Process | null {
    for (let number = from < 1 ? 1 : from; number < PID_MAX; number++) {
      const chunk = this.chunks[number / CHUNK];
      if (chunk === null) {
        number |= CHUNK - 1;
        continue;
      }
      const pid = chunk[number % CHUNK];
      if (pid !== null && pid.process !== null) return pid.process;
    }
    return null;
  }
}
