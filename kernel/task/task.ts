// A task: one user thread, as Linux counts them (clone(2)). Its process (thread group) is in process.ts.
//
// What threads may share are objects with counts of their own: address space, descriptors, file-system context, signal
// actions. Credentials are immutable and replaced as a whole. A task object is made by fork.ts and ends in exit.ts. Plain data: what starts a task
// and what happens when it gets the CPU is its role (life/task-role.ts).

import { FutexWaiter } from "../ipc/futex";
import { AddressSpace } from "../mm/space/address-space";
import { UserArguments } from "../mm/user/user-arguments";
import { textOf } from "../runtime/text/bytes";
import { Thread, ThreadRole } from "../sync/thread";
import { WaitQueue } from "../sync/wait-queue";
import { Credentials } from "../vfs/credentials";
import { FdTable } from "../vfs/file/fd-table";
import { FsContext } from "../vfs/path/fs-context";
import { PiFutex, PiWaiter } from "./futex/pi-state";
import { Pid } from "./pid";
import { Namespaces, Process } from "./process";
import { RestartBlock } from "./signal/restart-block";
import { SignalActions } from "./signal/signal-actions";
import { SignalInfo } from "./signal/signal-info";
import { SignalQueue } from "./signal/signal-queue";
import { UserContext } from "./user-context";

/** Longest name with its NUL (prctl PR_SET_NAME). */
@inline export const TASK_NAME_SIZE: i32 = 16;

/** Who looks at a task's system calls: bits of `Task.watch`. */
export namespace Watch {
  /** They are printed (syscalls/dispatch/strace.ts). */
  @inline export const STRACE: u32 = 1;
  /** They are recorded (kernel/trace). */
  @inline export const TRACE: u32 = 2;
}

@final
export class Task extends Thread {
  pid: Pid;
  process: Process;
  /** Neighbours in the thread group. */
  threadNext: Task | null = null;
  threadPrevious: Task | null = null;

  // ---- what it may share with others: counted for the task, which alone exchanges them ----
  @kept space!: AddressSpace;
  /** False for a task that never had, or no longer has, an address space. */
  hasSpace: bool = false;
  @kept files!: FdTable;
  @kept fs!: FsContext;
  @kept actions: SignalActions;
  credentials: Credentials;

  /** Claims that decoders fill; its own while it lives. */
  arguments!: UserArguments;
  /** Its registers, its last trap. */
  readonly user: UserContext;
  /** The signal now pending comes from a trap: to be logged if it is fatal. */
  isFaulting: bool = false;

  /** comm, NUL-padded. */
  readonly name: StaticArray<u8> = new StaticArray<u8>(TASK_NAME_SIZE);

  // ---- signals ----
  readonly pending: SignalQueue = new SignalQueue();
  blocked: u64 = 0;
  /** Mask to put back when a handler is not run (sigsuspend, ppoll), while `hasSavedMask`. */
  savedMask: u64 = 0;
  hasSavedMask: bool = false;
  /** Signals that sigtimedwait(2) waits for although they are blocked. */
  awaited: u64 = 0;
  alternateStack: u64 = 0;
  alternateStackSize: u64 = 0;
  /** SS_DISABLE (2), SS_AUTODISARM (1 << 31) or 0. */
  alternateStackFlags: u32 = 2;
  /** The signal being delivered. */
  readonly delivered: SignalInfo = new SignalInfo();
  /** The signal that it sends. */
  readonly outgoing: SignalInfo = new SignalInfo();
  /** How to go on after restart_syscall(2). */
  restart: RestartBlock | null = null;

  /** Its place in futex queues, made when it first waits. */
  futexWaiter: FutexWaiter | null = null;
  /** The same for priority-inheritance futexes, and those it owns that others wait for. */
  piWaiter: PiWaiter | null = null;
  ownedFutexes: PiFutex | null = null;

  // ---- life ----
  exitCode: i32 = 0;
  isExiting: bool = false;
  /** set_tid_address(2), CLONE_CHILD_CLEARTID. */
  clearChildTid: u64 = 0;
  /** CLONE_CHILD_SETTID: written by the child itself when it starts. */
  setChildTid: u64 = 0;
  robustList: u64 = 0;
  /** Where the parent waits in vfork(2) for this task's exec or exit; null: nobody waits. */
  vforkWaiters: WaitQueue | null = null;
  isVforkDone: bool = false;
  noNewPrivileges: bool = false;
  keepCapabilities: bool = false;
  parentDeathSignal: i32 = 0;
  /** A change of user id went over the new user's RLIMIT_NPROC: execve(2) looks at it again. */
  exceedsProcessLimit: bool = false;
  /** Watch bits; inherited. 0: its system calls go the short way. */
  watch: u32 = 0;
  /** Timer slack in nanoseconds (prctl PR_SET_TIMERSLACK). */
  timerSlackNs: u64 = 50_000;
  personality: u32 = 0;
  /** rseq(2): the registered area, 0: none. */
  rseqAddress: u64 = 0;
  rseqSize: u32 = 0;
  rseqSignature: u32 = 0;
  /** User code was interrupted and other code may have run since: a restartable sequence starts again. */
  isSequenceBroken: bool = false;

  // ---- accounting ----
  /** Monotonic time of its start. */
  startNs: u64 = 0;
  /** Where user code met its last page fault since the last sample of CPU time. */
  faultAddress: u64 = 0;
  minorFaults: u64 = 0;
  majorFaults: u64 = 0;
  /** Samples of the accounting timer in user and kernel mode. */
  userSamples: u64 = 0;
  systemSamples: u64 = 0;
  readBytes: u64 = 0;
  writtenBytes: u64 = 0;

  constructor(role: ThreadRole, slot: u32, pid: Pid, process: Process, credentials: Credentials, actions: SignalActions) {
    super(role);
    this.slot = slot;
    this.user = new UserContext(slot);
    this.pid = pid;
    this.process = process;
    this.credentials = credentials;
    this.actions = actions;
  }

  /** Thread id, as gettid(2). */
  get tid(): i32 { return this.pid.number; }
  @inline get namespaces(): Namespaces {
    return this.process.namespaces;
  }

  /** Process id, as getpid(2). */
  get tgid(): i32 { return this.process.tgid; }
  get traceId(): u32 { return <u32>this.pid.number; }
  get isLeader(): bool { return this.process.leader === this; }

  /** The name as text, for messages. */
  nameText(): string {
    let length = 0;
    while (length < TASK_NAME_SIZE && this.name[length] != 0) length++;
    return textOf(this.name, 0, length);
  }

  /** Sets the name from bytes up to a NUL, at most 15 of them. */
  setName(bytes: StaticArray<u8>, at: i32, length: i32): void {
    let i = 0;
    while (i < TASK_NAME_SIZE - 1 && i < length && bytes[at + i] != 0) {
      this.name[i] = bytes[at + i];
      i++;
    }
    while (i < TASK_NAME_SIZE) {
      this.name[i] = 0;
      i++;
    }
  }

  /** Installs new credentials. */
  setCredentials(credentials: Credentials): void {
    this.credentials = credentials;
  }

  /** True for signals that a sleeping call should be interrupted by. */
  get deliverable(): u64 {
    return (this.pending.mask | this.process.pending.mask) & ~(this.blocked & ~this.awaited);
  }
}
