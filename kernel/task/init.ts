// The first process (init(1)): made from nothing, runs /init or what the command line says.

import { Errno } from "../abi/errno";
import { AddressSpace } from "../mm/address-space";
import { panic } from "../runtime/panic";
import { bytesOf } from "../runtime/bytes";
import { currentThread, startThread } from "../sync/scheduler";
import { allocateSlot, prepareSlot } from "../sync/stack-slots";
import { monotonicNs } from "../time/clock";
import { initVdsoClock } from "../time/vdso-clock";
import { initWallTimers } from "../time/wall-timer";
import { Credentials } from "../vfs/credentials";
import { FdTable } from "../vfs/fd-table";
import { FsContext } from "../vfs/fs-context";
import { enabledStateComponents } from "./cpu-features";
import { executePrepared, giveExecRequest, takeExecRequest } from "./exec";
import { openExecutable } from "./exec-open";
import { taskAdded } from "./exit";
import { allocatePid } from "./pid";
import { Process } from "./process";
import { initRandom } from "./random";
import { ResourceLimits } from "./resource-limits";
import { ProcessGroup, Session } from "./session";
import { SignalActions } from "./signal-actions";
import { setEnabledComponents } from "./signal-fpu";
import { Task } from "./task";
import { takeArguments } from "./task-pool";
import { accountOf } from "./user-account";

/** What init is to execute; taken by its own first steps. */
let initPath: StaticArray<u8> = new StaticArray<u8>(0);
let initArgv: StaticArray<StaticArray<u8>> = new StaticArray<StaticArray<u8>>(0);
let initEnvp: StaticArray<StaticArray<u8>> = new StaticArray<StaticArray<u8>>(0);
/** The task that is to become init, until it has executed its program. */
let firstTask: Task | null = null;

/** Prepares what tasks need. Boot, once clocks and memory work. */
export function initTasks(): void {
  initRandom();
  initWallTimers();
  initVdsoClock();
  setEnabledComponents(enabledStateComponents());
}

/**
 * Makes process 1, which executes `path` once the idle thread schedules. `files` are its descriptors (0 … 2 on the
 * console, say), `fs` its root. Panics if there is no memory for it.
 */
export function startInit(
  path: StaticArray<u8>, argv: StaticArray<StaticArray<u8>>, envp: StaticArray<StaticArray<u8>>, files: FdTable, fs: FsContext,
): Task {
  initPath = path;
  initArgv = argv;
  initEnvp = envp;
  const slot = allocateSlot();
  if (slot == 0) panic("no memory for init");
  const pid = allocatePid()!;
  const space = AddressSpace.create()!;
  const process = new Process(pid, ResourceLimits.initial());
  const task = new Task(pid, process, new Credentials(), new SignalActions());
  task.slot = slot;
  task.space = space;
  task.hasSpace = true;
  task.files = files;
  task.fs = fs;
  task.arguments = takeArguments();
  task.startNs = monotonicNs();
  process.startNs = task.startNs;
  process.leader = task;
  process.isInit = true;
  process.exitSignal = 17;
  pid.task = task;
  process.addThread(task);
  const group = new ProcessGroup(pid, new Session(pid));
  group.add(process);
  taskAdded();
  accountOf(0).tasks++;
  prepareSlot(slot);
  firstTask = task;
  startThread(task, currentThread);
  return task;
}

/** First steps of init on its own stack: executes its program or panics. */
export function executeInit(task: Task): void {
  if (firstTask !== task) return;
  firstTask = null;
  const status = executePath(task, initPath, initArgv, initEnvp);
  if (status < 0) panic("cannot execute init: errno " + (-status).toString());
}

function executePath(task: Task, path: StaticArray<u8>, argv: StaticArray<StaticArray<u8>>, envp: StaticArray<StaticArray<u8>>): i32 {
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

/** As `startInit` with texts. */
export function startInitText(path: string, files: FdTable, fs: FsContext): Task {
  const argv = new StaticArray<StaticArray<u8>>(1);
  argv[0] = bytesOf(path);
  const envp = new StaticArray<StaticArray<u8>>(2);
  envp[0] = bytesOf("HOME=/");
  envp[1] = bytesOf("TERM=linux");
  return startInit(bytesOf(path), argv, envp, files, fs);
}
