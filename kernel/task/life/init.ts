// The first process (init(1)): made from nothing, runs /init or what the command line says.

import { nameSampledSlot } from "../../../arch/x86_64/platform/sampling";
import { Errno } from "../../abi/errno";
import { AddressSpace } from "../../mm/space/address-space";
import { UserArguments } from "../../mm/user/user-arguments";
import { panic } from "../../runtime/log/panic";
import { currentThread, startThread } from "../../sync/scheduler";
import { allocateSlot, prepareSlot } from "../../sync/stack-slots";
import { monotonicNs } from "../../time/clock";
import { initVdsoClock } from "../../time/vdso-clock";
import { initWallTimers } from "../../time/wall-timer";
import { Credentials } from "../../vfs/credentials";
import { FdTable } from "../../vfs/file/fd-table";
import { FsContext } from "../../vfs/path/fs-context";
import { componentOffset, componentSize, enabledStateComponents } from "../cpu-features";
import { executePrepared, giveExecRequest, takeExecRequest } from "../exec/exec";
import { openExecutable } from "../exec/exec-open";
import { taskAdded } from "./exit";
import { initOutOfMemory } from "../accounting/out-of-memory";
import { allocatePid } from "../pid";
import { Process } from "../process";
import { initRandom } from "../random";
import { ResourceLimits } from "../accounting/resource-limits";
import { ProcessGroup, Session } from "../session";
import { SignalActions } from "../signal/signal-actions";
import { addComponent, setEnabledComponents } from "../signal/signal-fpu";
import { Task } from "../task";
import { accountOf } from "../accounting/user-account";

/** What the first process runs, and what follows when it cannot or has ended. Made by boot/. */
export abstract class FirstProgram {
  argv: StaticArray<StaticArray<u8>> = new StaticArray<StaticArray<u8>>(0);
  envp: StaticArray<StaticArray<u8>> = new StaticArray<StaticArray<u8>>(0);

  /** First, on the task's own stack: opens its descriptors and the like. May sleep. */
  abstract prepare(task: Task): void;
  /** Path number `attempt` to execute, or null if there is none left: then `failed` is called with the last error. */
  abstract path(attempt: i32): StaticArray<u8> | null;
  /** Nothing could be executed. Does not return. */
  abstract failed(errno: i32): void;
  /** The process has ended with wait status `status`. Does not return. */
  abstract ended(status: i32): void;
  /** True if signals without a handler do not end it (kill(2)). */
  get isProtected(): bool { return true; }
}

let program: FirstProgram | null = null;
/** The task that is to become init, until it has executed its program. */
let firstTask: Task | null = null;

/** Prepares what tasks need. Boot, once clocks and memory work. */
export function initTasks(): void {
  initRandom();
  initOutOfMemory();
  initWallTimers();
  initVdsoClock();
  describeFpuState();
}

/** Tells signal frames what the XSAVE area consists of. */
function describeFpuState(): void {
  const components = enabledStateComponents();
  setEnabledComponents(components);
  for (let component: u32 = 2; component < 63; component++) {
    if (((components >> <u64>component) & 1) == 0) continue;
    addComponent((<u64>1) << <u64>component, componentOffset(component), componentSize(component));
  }
}

/**
 * Makes process 1, which runs `first` once the idle thread schedules; `fs` is its root. Panics if there is no memory for it.
 */
export function startInit(first: FirstProgram, fs: FsContext): Task {
  program = first;
  const slot = allocateSlot();
  if (slot == 0) panic("no memory for init");
  const pid = allocatePid()!;
  const space = AddressSpace.create()!;
  const process = new Process(pid, ResourceLimits.initial());
  const task = new Task(pid, process, new Credentials(), new SignalActions());
  task.slot = slot;
  task.space = space;
  task.hasSpace = true;
  task.files = new FdTable();
  task.fs = fs;
  task.arguments = UserArguments.acquire();
  task.startNs = monotonicNs();
  process.startNs = task.startNs;
  process.leader = task;
  process.isInit = first.isProtected;
  process.exitSignal = 17;
  pid.task = task;
  process.addThread(task);
  const group = new ProcessGroup(pid, new Session(pid));
  group.add(process);
  taskAdded();
  accountOf(0).tasks++;
  prepareSlot(slot);
  nameSampledSlot(slot, <u32>pid.number);
  firstTask = task;
  startThread(task, currentThread);
  return task;
}

/** First steps of init on its own stack: executes its program. */
export function executeInit(task: Task): void {
  if (firstTask !== task) return;
  firstTask = null;
  const first = program!;
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

/** The first process ended; does not return. */
export function initEnded(status: i32): void {
  program!.ended(status);
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
