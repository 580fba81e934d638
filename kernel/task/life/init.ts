// The first process (init(1)): made from nothing, runs /init or what the command line says.

import { nameSampledSlot } from "../../../arch/x86_64/cpuid";
import { Errno } from "../../abi/errno";
import { AddressSpace } from "../../mm/space/address-space";
import { panic } from "../../runtime/log/panic";
import { startThread } from "../../sync/scheduler";
import { allocateSlot, prepareSlot } from "../../sync/stack-slots";
import { Thread } from "../../sync/thread";
import { monotonicNs } from "../../time/clock";
import { initVdsoClock } from "../../time/vdso-clock";
import { initWallTimers } from "../../time/wall-timer";
import { Credentials } from "../../vfs/credentials";
import { FdTable } from "../../vfs/file/fd-table";
import { FsContext } from "../../vfs/path/fs-context";
import { executePrepared } from "../exec/exec";
import { openExecutable } from "../exec/exec-open";
import { giveExecRequest, takeExecRequest } from "../exec/exec-request";
import { taskAdded } from "./exit";
import { initOutOfMemory } from "../accounting/out-of-memory";
import { Process } from "../process";
import { initialNamespaces } from "../initial-namespaces";
import { ResourceLimits } from "../accounting/resource-limits";
import { ProcessGroup, Session } from "../session";
import { SignalActions } from "../signal/signal-actions";
import { Task } from "../task";
import { FirstProgram, setFirstProgram } from "./first-program";
import { TaskRole } from "./task-role";
import { initSignalFpu } from "../user-context";
import { Signal } from "../../abi/signal";
import { currentThread } from "../../sync/cpu";
import { initSampling } from "../accounting/cpu-sampling";
import { giveArguments } from "../task-caller";

/** The role of the first task: it executes its program before it goes to user mode. */
@final
class FirstTaskRole extends TaskRole {
  constructor(private readonly program: FirstProgram) { super(); }

  @sleeps started(thread: Thread): void {
    executeInit(<Task>thread, this.program);
    super.started(thread);
  }
}

/** Prepares what tasks need. Boot, once clocks and memory work. */
export function initTasks(): void {
  initOutOfMemory();
  initSampling();
  initWallTimers();
  initVdsoClock();
  initSignalFpu();
}

/**
 * Makes process 1, which runs `first` once the idle thread schedules; `fs` is its root. Panics if there is no memory for it.
 */
export function startInit(first: FirstProgram, fs: FsContext): Task {
  setFirstProgram(first);
  const slot = allocateSlot();
  if (slot == 0) panic("no memory for init");
  const pid = initialNamespaces.pids.allocate()!;
  const space = AddressSpace.create()!;
  const process = new Process(pid, ResourceLimits.initial(), initialNamespaces);
  const task = new Task(new FirstTaskRole(first), slot, pid, process, new Credentials(), new SignalActions());
  task.space = space;
  task.hasSpace = true;
  task.files = new FdTable();
  task.fs = fs;
  giveArguments(task);
  task.startNs = monotonicNs();
  process.startNs = task.startNs;
  process.leader = task;
  initialNamespaces.pids.init = process;
  process.isInit = first.isProtected;
  process.exitSignal = Signal.CHLD;
  pid.task = task;
  process.addThread(task);
  const group = new ProcessGroup(pid, new Session(pid));
  group.add(process);
  taskAdded();
  initialNamespaces.users.of(0).tasks++;
  prepareSlot(slot);
  nameSampledSlot(slot, <u32>pid.number);
  startThread(task, currentThread());
  return task;
}

/** First steps of init on its own stack: executes its program. */
@sleeps function executeInit(task: Task, first: FirstProgram): void {
  first.prepare(task);
  let status: i32 = -Errno.ENOENT;
  for (let attempt = 0; ; attempt++) {
    const path = first.path(attempt);
    if (path === null) break;
    if (attempt > 0) first.argv[0] = path;
    status = executePath(task, path, first.argv, first.envp);
    if (status == 0) return;
  }
  first.failed(-status);
}

@sleeps function executePath(task: Task, path: StaticArray<u8>, argv: StaticArray<StaticArray<u8>>, envp: StaticArray<StaticArray<u8>>): i32 {
  const request = takeExecRequest();
  const lists = request.lists;
  lists.begin(task);
  let isAdded = request.name.add(path, 0, path.length) && request.path.add(path, 0, path.length);
  for (let i = 0; i < argv.length; i++) isAdded = isAdded && lists.argv.add(argv[i], 0, argv[i].length);
  for (let i = 0; i < envp.length; i++) isAdded = isAdded && lists.envp.add(envp[i], 0, envp[i].length);
  let status: i32 = -Errno.ENOMEM;
  if (isAdded && lists.argv.count > 0) {
    status = openExecutable(task, request, path);
    if (status == 0) status = executePrepared(task, request);
  }
  giveExecRequest(request);
  return status;
}
