// What happens when no frame is left: the process that takes most memory is killed (proc(5), oom_score_adj), and whoever
// needed the frame waits for its end.
//
// Called from page faults, so it may sleep, and the task that faults may itself be the victim: it then gives up and dies
// on its way to user mode. A victim that does not end within a second is passed over. Init is never chosen.

import { Errno } from "../../abi/errno";
import { MemoryPressure, setMemoryPressure, totalFrameCount } from "../../mm/frames/frame";
import { logError } from "../../runtime/log/log";
import { isIdle } from "../../sync/scheduler";
import { waitKillable } from "../../sync/sleep";
import { WaitQueue } from "../../sync/wait-queue";
import { monotonicNs } from "../../time/clock";
import { Process } from "../process";
import { initialNamespaces } from "../initial-namespaces";
import { signalProcess } from "../signal/signal";
import { Task } from "../task";
import { Signal } from "../../abi/signal";
import { currentTask } from "../current";

/** How long one wait for a victim's end takes. */
const WAIT_NS: u64 = 10_000_000;
/** Waits for one victim before another is chosen. */
const MAX_WAITS: i32 = 100;
/** oom_score_adj of processes that must not be killed. */
const NEVER_KILL: i32 = -1000;

/** A thread of the process that has an address space, or null. */
function memoryOf(process: Process): Task | null {
  let thread = process.firstThread;
  while (thread !== null) {
    if (thread.hasSpace) return thread;
    thread = thread.threadNext;
  }
  return null;
}

/** Pages of a thread in the kernel: its stack and its FPU state. */
const THREAD_PAGES: i64 = 5;

/**
 * Pages that the end of a process would give back, moved by its adjustment; 0: it cannot be chosen. Pages of files are no part of it (the
 * files keep them); each descriptor counts as a page, because it may hold one or more (a full pipe).
 */
export function badness(process: Process): i64 {
  const thread = memoryOf(process);
  if (thread === null || process.isInit || process.oomScoreAdjust == NEVER_KILL) return 0;
  const space = thread.space;
  const memory = <i64>(space.residentAnonymous + space.tableFrames);
  const pages = memory + <i64>process.threadCount * THREAD_PAGES + <i64>thread.files.size;
  return max<i64>(pages + <i64>process.oomScoreAdjust * <i64>totalFrameCount() / 1000, 1);
}

@final
class OutOfMemory extends MemoryPressure {
  /** Nobody wakes it: waits on it end by time. */
  private readonly pause: WaitQueue = new WaitQueue();
  private victim: Process | null = null;
  private waits: i32 = 0;

  /** All cached pages are the data themselves (tmpfs): none can be dropped. */
  reclaim(frames: u32): u32 {
    return 0;
  }

  @sleeps outOfMemory(): bool {
    if (isIdle()) return false;
    const current = currentTask();
    if (current.killPending || current.isExiting) return false;
    let victim = this.victim;
    if (victim === null || memoryOf(victim) === null || this.waits >= MAX_WAITS) {
      victim = this.choose(victim);
      this.victim = victim;
      this.waits = 0;
      if (victim === null) return false;
      this.kill(victim);
    }
    if (victim === current.process) return false;
    this.waits++;
    return waitKillable(this.pause, monotonicNs() + WAIT_NS) != -Errno.ERESTARTSYS;
  }

  /** The worst process that is not ending already, the youngest of equals; the first process only when there is no other. */
  private choose(previous: Process | null): Process | null {
    let worst: Process | null = null;
    let most: i64 = 1;
    let process = initialNamespaces.pids.nextProcess(2);
    while (process !== null) {
      const score = process === previous || process.isGroupExiting ? 0 : badness(process);
      if (score >= most) {
        most = score;
        worst = process;
      }
      process = initialNamespaces.pids.nextProcess(process.tgid + 1);
    }
    if (worst !== null) return worst;
    const first = initialNamespaces.pids.nextProcess(1);
    return first === null || first === previous || first.isGroupExiting || badness(first) == 0 ? null : first;
  }

  private kill(victim: Process): void {
    const thread = memoryOf(victim);
    if (thread === null) return;
    const space = thread.space;
    logError("Out of memory: Killed process " + victim.tgid.toString() + " (" + thread.nameText() + ") total-vm:"
      + (space.totalPages * 4).toString() + "kB, anon-rss:" + (space.residentAnonymous * 4).toString() + "kB, file-rss:"
      + (space.residentFile * 4).toString() + "kB, shmem-rss:" + (space.residentShared * 4).toString() + "kB");
    signalProcess(victim, Signal.KILL);
  }
}

/** Takes over when memory runs out. Boot only. */
export function initOutOfMemory(): void {
  setMemoryPressure(new OutOfMemory());
}
