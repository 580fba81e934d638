// struct rusage (getrusage(2)). Nothing here sleeps but the copy to user memory.

import { Rusage } from "../../abi/generated/structs";
import { UserOut } from "../../mm/user/user-memory";
import { fillBytes, writeU64 } from "../../runtime/text/byte-access";
import { processSystemNs, processUserNs, taskSystemNs, taskUserNs } from "./cpu-accounting";
import { Process } from "../process";
import { Task } from "../task";
import { US_PER_SECOND } from "../../abi/time";
import { Pool } from "../../runtime/containers/pool";

@final
export class ResourceUsage {
  userNs: u64 = 0;
  systemNs: u64 = 0;
  peakPages: u64 = 0;
  minorFaults: u64 = 0;
  majorFaults: u64 = 0;
  voluntary: u64 = 0;
  involuntary: u64 = 0;
  private readonly bytes: StaticArray<u8> = new StaticArray<u8>(Rusage.SIZE);

  /** One from the pool: its owner's until `give`, because `write` may sleep. */
  static take(): ResourceUsage {
    const used = spares.take();
    return used === null ? new ResourceUsage() : used;
  }

  give(): void {
    spares.give(this);
  }

  /** RUSAGE_SELF, or with `andChildren` what wait4(2) reports of a child. */
  ofProcess(process: Process, andChildren: bool): ResourceUsage {
    this.userNs = processUserNs(process);
    this.systemNs = processSystemNs(process);
    this.minorFaults = process.deadMinorFaults;
    this.majorFaults = process.deadMajorFaults;
    this.voluntary = process.deadVoluntary;
    this.involuntary = process.deadInvoluntary;
    let task = process.firstThread;
    let peak = process.peakPages;
    while (task !== null) {
      this.addCounters(task);
      if (task.hasSpace && task.space.peakResident > peak) peak = task.space.peakResident;
      task = task.threadNext;
    }
    this.peakPages = peak;
    if (andChildren) this.addChildren(process);
    return this;
  }

  /** RUSAGE_CHILDREN */
  ofChildren(process: Process): ResourceUsage {
    this.clear();
    this.addChildren(process);
    return this;
  }

  /** RUSAGE_THREAD */
  ofTask(task: Task): ResourceUsage {
    this.clear();
    this.userNs = taskUserNs(task);
    this.systemNs = taskSystemNs(task);
    this.addCounters(task);
    this.peakPages = task.hasSpace ? task.space.peakResident : 0;
    return this;
  }

  /** 0 or -EFAULT. */
  @sleeps write(to: UserOut): i32 {
    const bytes = this.bytes;
    fillBytes(bytes, 0, 0, <i32>Rusage.SIZE);
    writeTime(bytes, <i32>Rusage.ru_utime, this.userNs);
    writeTime(bytes, <i32>Rusage.ru_stime, this.systemNs);
    writeU64(bytes, <i32>Rusage.ru_maxrss, this.peakPages * 4);
    writeU64(bytes, <i32>Rusage.ru_minflt, this.minorFaults);
    writeU64(bytes, <i32>Rusage.ru_majflt, this.majorFaults);
    writeU64(bytes, <i32>Rusage.ru_nvcsw, this.voluntary);
    writeU64(bytes, <i32>Rusage.ru_nivcsw, this.involuntary);
    return to.writeBytes(0, bytes, 0, <i32>Rusage.SIZE);
  }

  private clear(): void {
    this.userNs = 0;
    this.systemNs = 0;
    this.peakPages = 0;
    this.minorFaults = 0;
    this.majorFaults = 0;
    this.voluntary = 0;
    this.involuntary = 0;
  }

  private addCounters(task: Task): void {
    this.minorFaults += task.minorFaults;
    this.majorFaults += task.majorFaults;
    this.voluntary += task.voluntarySwitches;
    this.involuntary += task.involuntarySwitches;
  }

  private addChildren(process: Process): void {
    this.userNs += process.childUserNs;
    this.systemNs += process.childSystemNs;
    this.minorFaults += process.childMinorFaults;
    this.majorFaults += process.childMajorFaults;
    this.voluntary += process.childVoluntary;
    this.involuntary += process.childInvoluntary;
    if (process.childPeakPages > this.peakPages) this.peakPages = process.childPeakPages;
  }
}

@kernelLock const spares = new Pool<ResourceUsage>(4);

/** A struct timeval of a duration. */
function writeTime(bytes: StaticArray<u8>, at: i32, ns: u64): void {
  const microseconds = ns / 1000;
  writeU64(bytes, at, microseconds / US_PER_SECOND);
  writeU64(bytes, at + 8, microseconds % US_PER_SECOND);
}
