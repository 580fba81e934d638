// A process: a thread group and what its threads share by being one (credentials(7), wait(2)).
//
// Fields are plain data; fork.ts, exit.ts, wait.ts, stop.ts and session.ts hold the rules. A process is a zombie from
// the exit of its last thread until its parent takes its status. Nothing here sleeps.

import { WaitQueue } from "../sync/wait-queue";
import { OpenFile } from "../vfs/file/open-file";
import { CpuTimers, PosixTimers, RealTimer } from "./accounting/process-timers";
import { UserAccounts } from "./accounting/user-account";
import { Pid, PidNamespace } from "./pid";
import { ResourceLimits } from "./accounting/resource-limits";
import { ProcessGroup, Session } from "./session";
import { SignalQueue } from "./signal/signal-queue";
import { Task } from "./task";
import { UtsNamespace } from "./uts-namespace";
import { MountNamespace } from "../vfs/path/mount";

const NO_WORDS: StaticArray<u64> = new StaticArray<u64>(0);

/** Through what a process looks up mounts, process numbers, host name and users (namespaces(7)). Children inherit it. */
@final
export class Namespaces {
  constructor(readonly mounts: MountNamespace, readonly pids: PidNamespace, readonly uts: UtsNamespace, readonly users: UserAccounts) {}
}

@final
export class Process {
  /** The number it is known by. */
  pid: Pid;
  /** The thread whose tid is the tgid (after exec: the one that called it). */
  leader: Task | null = null;
  /** Live threads, linked by Task.threadNext, newest first. */
  firstThread: Task | null = null;
  threadCount: i32 = 0;

  // ---- family ----
  parent: Process | null = null;
  /** Children alive or zombie, linked by siblingNext, oldest first. */
  firstChild: Process | null = null;
  lastChild: Process | null = null;
  siblingNext: Process | null = null;
  siblingPrevious: Process | null = null;
  /** The thread that made it, for __WNOTHREAD and PR_SET_PDEATHSIG. */
  creator: Task | null = null;
  group!: ProcessGroup;
  groupNext: Process | null = null;
  groupPrevious: Process | null = null;
  isSubreaper: bool = false;
  /** execve(2) was called since fork (setpgid(2)). */
  hasExecuted: bool = false;

  // ---- signals ----
  readonly pending: SignalQueue = new SignalQueue();
  /** Sent to the parent when it ends; 0: none. */
  exitSignal: i32 = 0;
  /** Init does not die of signals it has no handler for. */
  isInit: bool = false;
  /** A kernel thread (life/kernel-thread.ts). */
  isKernel: bool = false;
  /** poll and read of signalfds, sigtimedwait: woken at each new signal. */
  readonly signalWaiters: WaitQueue = new WaitQueue();

  // ---- end ----
  /** All threads are to end with `groupExitCode`. */
  isGroupExiting: bool = false;
  groupExitCode: i32 = 0;
  /** The thread that is replacing the process image: others end, the leader's number becomes its own. */
  executor: Task | null = null;
  isZombie: bool = false;
  /** Status as wait4(2) gives it, once zombie. */
  exitStatus: i32 = 0;
  /** Threads of this process that wait for children, or for other threads to go (exec), sleep here. */
  readonly childWaiters: WaitQueue = new WaitQueue();
  /** Woken when it ends: polls of pidfds. */
  readonly exitWaiters: WaitQueue = new WaitQueue();

  // ---- job control ----
  isStopped: bool = false;
  /** A stop is under way: every thread is to stop. */
  isStopping: bool = false;
  stopSignal: i32 = 0;
  /** A status change that wait has not reported yet. */
  hasUnreportedStop: bool = false;
  hasUnreportedContinue: bool = false;

  // ---- resources ----
  limits: ResourceLimits;
  /** ITIMER_REAL. */
  realTimer: RealTimer | null = null;
  /** ITIMER_VIRTUAL, ITIMER_PROF, RLIMIT_CPU, CPU-time POSIX timers. */
  cpuTimers: CpuTimers | null = null;
  posixTimers: PosixTimers | null = null;
  /** The running program: its description and the dentry for /proc/PID/exe. */
  executable: OpenFile | null = null;
  /** Ends of argument and environment areas of the program, for /proc/PID/cmdline and environ. */
  argumentsStart: u64 = 0;
  argumentsEnd: u64 = 0;
  environmentStart: u64 = 0;
  environmentEnd: u64 = 0;
  /** The auxiliary vector as the program got it, for /proc/PID/auxv; empty before the first exec. */
  auxiliaryVector: StaticArray<u64> = NO_WORDS;
  /** Top of the initial stack, for /proc/PID/stat and maps. */
  stackStart: u64 = 0;
  /** PR_SET_DUMPABLE: 0, 1, 2. */
  dumpable: i32 = 1;
  oomScoreAdjust: i32 = 0;
  /** membarrier(2) REGISTER commands that were given. */
  barrierRegistrations: u32 = 0;
  startNs: u64 = 0;

  // ---- accounting: threads that have ended, and children waited for ----
  deadCpuTicks: u64 = 0;
  deadUserSamples: u64 = 0;
  deadSystemSamples: u64 = 0;
  deadMinorFaults: u64 = 0;
  deadMajorFaults: u64 = 0;
  deadVoluntary: u64 = 0;
  deadInvoluntary: u64 = 0;
  childUserNs: u64 = 0;
  childSystemNs: u64 = 0;
  childMinorFaults: u64 = 0;
  childMajorFaults: u64 = 0;
  childVoluntary: u64 = 0;
  childInvoluntary: u64 = 0;
  /** Peak resident pages: own when the image was last replaced or ended, and of waited-for children. */
  peakPages: u64 = 0;
  childPeakPages: u64 = 0;

  constructor(pid: Pid, limits: ResourceLimits, readonly namespaces: Namespaces) {
    this.pid = pid;
    this.limits = limits;
    pid.process = this;
  }

  get tgid(): i32 { return this.pid.number; }
  get session(): Session { return this.group.session; }

  addThread(task: Task): void {
    const first = this.firstThread;
    task.threadNext = first;
    task.threadPrevious = null;
    if (first !== null) first.threadPrevious = task;
    this.firstThread = task;
    this.threadCount++;
  }

  removeThread(task: Task): void {
    const next = task.threadNext;
    const previous = task.threadPrevious;
    if (previous === null) this.firstThread = next;
    else previous.threadNext = next;
    if (next !== null) next.threadPrevious = previous;
    task.threadNext = null;
    task.threadPrevious = null;
    this.threadCount--;
  }

  /** Appends a child that has no parent. */
  addChild(child: Process): void {
    const last = this.lastChild;
    child.parent = this;
    child.siblingNext = null;
    child.siblingPrevious = last;
    if (last === null) this.firstChild = child;
    else last.siblingNext = child;
    this.lastChild = child;
  }

  removeChild(child: Process): void {
    const next = child.siblingNext;
    const previous = child.siblingPrevious;
    if (previous === null) this.firstChild = next;
    else previous.siblingNext = next;
    if (next === null) this.lastChild = previous;
    else next.siblingPrevious = previous;
    child.siblingNext = null;
    child.siblingPrevious = null;
    child.parent = null;
  }
}
