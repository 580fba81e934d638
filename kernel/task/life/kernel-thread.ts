// Kernel threads: threads that never go to user mode. They run what may sleep but belongs to no program: the workers of work
// queues (kernel/sync/work-queue.ts), drivers' threads.
//
// Each is a task of its own process, without address space: /proc, ps and the scheduler see it as they do Linux's. Process 2,
// `kthreadd`, is the parent of the others and works on the general queue. They ignore all signals; their process group and
// session are number 0. While one runs, the page tables of the task before it stay loaded; it must not touch user memory.

import { nameSampledSlot } from "../../../arch/x86_64/cpuid";
import { SIG_IGN, Signal } from "../../abi/signal";
import { bytesOf } from "../../runtime/text/bytes";
import { panic } from "../../runtime/log/panic";
import { setScheduling, startThread } from "../../sync/scheduler";
import { allocateSlot, freeSlot, prepareSlot } from "../../sync/stack-slots";
import { SchedulingPolicy, Thread, ThreadRole } from "../../sync/thread";
import { WorkQueue, deferredWork } from "../../sync/work-queue";
import { monotonicNs } from "../../time/clock";
import { Credentials } from "../../vfs/credentials";
import { FdTable } from "../../vfs/file/fd-table";
import { FsContext } from "../../vfs/path/fs-context";
import { ResourceLimits } from "../accounting/resource-limits";
import { Pid } from "../pid";
import { Process } from "../process";
import { initialNamespaces } from "../initial-namespaces";
import { ProcessGroup, Session } from "../session";
import { SignalActions } from "../signal/signal-actions";
import { Task } from "../task";
import { exitTask, taskAdded } from "./exit";
import { currentThread } from "../../sync/cpu";
import { taskCpu } from "../current";
import { giveArguments } from "../task-caller";

/** What a kernel thread does. */
export abstract class KernelThreadBody {
  /** The thread ends when this returns. May sleep. */
  @sleeps abstract run(): void;
}

/** Works on a queue for ever. */
@final
export class QueueWorker extends KernelThreadBody {
  constructor(private readonly queue: WorkQueue) { super(); }

  @sleeps run(): void {
    this.queue.serve();
  }
}

@final
class KernelThreadRole extends ThreadRole {
  constructor(private readonly body: KernelThreadBody) { super(); }

  @sleeps started(thread: Thread): void {
    this.body.run();
    exitTask(0);
  }

  /** The address space loaded last stays: another one is loaded when a task that has one runs. */
  switchedIn(thread: Thread): void {
    taskCpu.task = <Task>thread;
  }
}

/**
 * Priority of threads that finish what an interrupt began, in the class SCHED_FIFO: they pre-empt the program that was interrupted. Linux
 * gives its threaded interrupt handlers the same.
 */
@inline export const INTERRUPT_PRIORITY: u32 = 50;

@bootOnly let kthreadd: Process | null = null;
@bootOnly let group: ProcessGroup | null = null;
@bootOnly let root: FsContext | null = null;

/** Makes process 2. Boot, right after process 1; `fs` is the root that kernel threads see. Panics if there is no memory. */
export function startKernelThreads(fs: FsContext): void {
  root = fs;
  const none = new Pid(0, initialNamespaces.pids);
  group = new ProcessGroup(none, new Session(none));
  const task = startKernelThread("kthreadd", new QueueWorker(deferredWork));
  if (task === null) {
    panic("no memory for kernel threads");
    return;
  }
  kthreadd = task.process;
}

/**
 * Starts a thread called `name` (at most 15 bytes), or returns null: no memory, or no number left. `priority`: 0 for the fair class, else
 * in SCHED_FIFO. Does not sleep; not for interrupts.
 */
export function startKernelThread(name: string, body: KernelThreadBody, priority: u32 = 0): Task | null {
  const slot = allocateSlot();
  if (slot == 0) return null;
  const pid = initialNamespaces.pids.allocate();
  if (pid === null) {
    freeSlot(slot);
    return null;
  }
  const process = new Process(pid, ResourceLimits.initial(), initialNamespaces);
  process.isKernel = true;
  const task = new Task(new KernelThreadRole(body), slot, pid, process, new Credentials(), ignoringActions());
  const text = bytesOf(name);
  task.setName(text, 0, text.length);
  task.files = new FdTable();
  task.fs = root!.copy();
  giveArguments(task);
  task.startNs = monotonicNs();
  process.startNs = task.startNs;
  process.leader = task;
  pid.task = task;
  process.addThread(task);
  group!.add(process);
  const parent = kthreadd;
  if (parent !== null) {
    process.exitSignal = Signal.CHLD;
    parent.addChild(process);
  }
  taskAdded();
  initialNamespaces.users.of(0).tasks++;
  prepareSlot(slot);
  nameSampledSlot(slot, <u32>pid.number);
  if (priority != 0) setScheduling(task, SchedulingPolicy.FIFO, priority, 0);
  startThread(task, currentThread());
  return task;
}

/** All signals ignored, those included that a program cannot ignore. */
function ignoringActions(): SignalActions {
  const actions = new SignalActions();
  for (let number = 1; number <= Signal.MAX; number++) actions.set(number, SIG_IGN, 0, 0, 0);
  return actions;
}
