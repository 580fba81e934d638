// execve(2) and execveat(2): replacing the program of a process.
//
// All that can fail and leave the caller alive happens first: opening, strings, ELF headers, scripts, the new address
// space with its segments. From `commit` on there is no way back: the other threads end, the old memory goes; a later
// error ends the process with SIGSEGV, as on Linux. Sleeps.

import { nameSampledSlot } from "../../../arch/x86_64/cpuid";
import { Errno } from "../../abi/errno";
import { MAP_FIXED, MAP_GROWSDOWN, MAP_PRIVATE, MAP_STACK } from "../../abi/mman";
import { AddressSpace } from "../../mm/space/address-space";
import { mapAnonymous } from "../../mm/space/map";
import { layOut } from "../../mm/space/placement";
import { UserIn } from "../../mm/user/user-memory";
import { heapReserveOk } from "../../runtime/heap/heap";
import { waitKillable } from "../../sync/sleep";
import { traceMask } from "../../trace/trace";
import { resetTaskForExec } from "./exec-reset";
import { Aux, AuxiliaryVector, buildStack } from "./exec-stack";
import { ExecRequest, HEAD_SIZE, giveExecRequest } from "./exec-request";
import { ExecCredentials } from "./exec-credentials";
import { openInterpreter } from "./exec-open";
import { isScript, substituteInterpreter } from "./exec-script";
import { ElfType, readExactly } from "./elf-image";
import { DYNAMIC_BASE } from "./elf-map";
import { exitProcess, leaveUserMemory } from "../life/exit";
import { random64 } from "../../random/random";
import { Limit } from "../accounting/resource-limits";
import { killTask } from "../signal/signal";
import { Process } from "../process";
import { Task } from "../task";
import { traceProgram } from "./trace-program";
import { Signal } from "../../abi/signal";
import { hardwareCapabilities, hardwareCapabilities2, mapVdso, minimumSignalStack } from "../user-context";
import { PAGE } from "../../abi/page";
import { USER_HZ } from "../../abi/time";

@inline const SCRIPT_DEPTH: i32 = 5;
@inline const ADDR_NO_RANDOMIZE: u32 = 0x0040000;
@inline const INITIAL_STACK: u64 = 0x21000;
/** Kernel objects that an exec may need beyond its strings. */
@inline const EXEC_RESERVE: u32 = 256 * 1024;

/** Runs the program in `request.file`: 0 with the task's registers set for it, or -errno. Sleeps. */
@sleeps export function execute(task: Task, request: ExecRequest, argv: UserIn, envp: UserIn): i32 {
  const fetched = request.lists.fetch(task, argv, envp);
  return fetched < 0 ? fetched : executePrepared(task, request);
}

/** As `execute`, with the lists filled in. */
@sleeps export function executePrepared(task: Task, request: ExecRequest): i32 {
  if (!heapReserveOk(EXEC_RESERVE)) return -Errno.ENOMEM;
  for (let depth = 0; ; depth++) {
    const status = readHead(task, request);
    if (status < 0) return status;
    if (!isScript(request.head)) break;
    if (depth >= SCRIPT_DEPTH) return -Errno.ELOOP;
    const substituted = substituteInterpreter(task, request);
    if (substituted < 0) return substituted;
  }
  const parsed = readImages(task, request);
  if (parsed < 0) return parsed;
  const space = AddressSpace.create();
  if (space === null) return -Errno.ENOMEM;
  const mapped = mapImages(task, request, space);
  const ended = endOtherThreads(task);
  if (ended < 0) {
    space.release();
    return ended;
  }
  return commit(task, request, space, mapped);
}

@sleeps function readHead(task: Task, request: ExecRequest): i32 {
  const file = request.file;
  if (file === null) return -Errno.ENOENT;
  const head = request.head;
  for (let i = 0; i < HEAD_SIZE; i++) head[i] = 0;
  const count = file.readAt(0, task.arguments.destination.claimBytes(head, 0, HEAD_SIZE));
  return count < 0 ? <i32>count : 0;
}

/** Reads the program's and its interpreter's headers. */
@sleeps function readImages(task: Task, request: ExecRequest): i32 {
  const file = request.file!;
  const to = task.arguments.destination;
  const image = request.image;
  let status = image.parse(request.head);
  if (status < 0) return status;
  if (file.mappedObject() === null) return -Errno.ENOEXEC;
  if (image.readHeaders(file, to) < 0) return -Errno.ENOEXEC;
  if (image.needsWrapWindow) return -Errno.ENOMEM;
  const path = image.interpreter(file, to);
  if (path === null) return image.error;
  status = openInterpreter(task, request, path);
  if (status < 0) return status;
  const interpreterFile = request.interpreterFile!;
  if (readExactly(interpreterFile, 0, request.head, 64, to) < 0) return -Errno.EIO;
  // Linux has an errno of its own for an interpreter that is no ELF file.
  if (request.interpreter.parse(request.head) < 0) return -Errno.ELIBBAD;
  return request.interpreter.readHeaders(interpreterFile, to) < 0 ? -Errno.ELIBBAD : 0;
}

/** Lays out the new space and maps everything but the stack's contents. An error here is fatal later. */
@sleeps function mapImages(task: Task, request: ExecRequest, space: AddressSpace): i32 {
  const isRandom = (task.personality & ADDR_NO_RANDOMIZE) == 0;
  const stackLimit = task.process.limits.soft[Limit.STACK];
  copyLimits(task.process, space);
  layOut(space, isRandom ? random64() : 0, stackLimit);
  const stack = mapStack(request, space);
  if (stack < 0) return stack;
  const image = request.image;
  const interpreterFile = request.interpreterFile;
  let base: u64 = 0;
  if (interpreterFile !== null) base = DYNAMIC_BASE + (isRandom ? (random64() & 0xfff_ffff) * PAGE : 0);
  let status = request.loaded.map(space, image, request.file!, base);
  if (status < 0) return status;
  if (interpreterFile !== null) {
    status = request.loadedInterpreter.map(space, request.interpreter, interpreterFile, 0);
    if (status < 0) return status;
  }
  const isLoader = image.type == ElfType.DYN && interpreterFile === null;
  // A static PIE lies in the mmap area; its heap must not.
  let heap = isLoader ? DYNAMIC_BASE : (request.loaded.end + PAGE - 1) & ~(PAGE - 1);
  if (isRandom) heap += (random64() & 0x1fff) * PAGE;
  space.brkStart = heap;
  space.brkEnd = heap;
  space.dataSize = request.loaded.endData - request.loaded.startData;
  return 0;
}

/** Memory management keeps limits of its own with the space. */
export function copyLimits(process: Process, space: AddressSpace): void {
  const soft = process.limits.soft;
  space.limits.addressSpace = soft[Limit.AS];
  space.limits.data = soft[Limit.DATA];
  space.limits.stack = soft[Limit.STACK];
  space.limits.lockedMemory = soft[Limit.MEMLOCK];
}

@sleeps function mapStack(request: ExecRequest, space: AddressSpace): i32 {
  const lists = request.lists;
  const strings = <u64>(lists.argv.length + lists.envp.length + request.name.length);
  const pointers = <u64>(lists.argv.count + lists.envp.count) * 8;
  const size = (INITIAL_STACK + strings + pointers + PAGE - 1) & ~(PAGE - 1);
  const protection: u32 = request.image.wantsExecutableStack ? 7 : 3;
  const flags = MAP_PRIVATE | MAP_FIXED | MAP_GROWSDOWN | MAP_STACK;
  const mapped = mapAnonymous(space, space.stackTop - size, size, protection, flags);
  return mapped < 0 ? <i32>mapped : 0;
}

/** Ends the other threads of the process; the caller becomes its leader. 0, or -errno: it is being killed itself. */
@sleeps function endOtherThreads(task: Task): i32 {
  const process = task.process;
  if (process.isGroupExiting || task.killPending) return -Errno.EAGAIN;
  const other = process.executor;
  if (other !== null && other !== task) return -Errno.EAGAIN;
  process.executor = task;
  let thread = process.firstThread;
  while (thread !== null) {
    if (thread !== task) killTask(thread);
    thread = thread.threadNext;
  }
  while (process.threadCount > 1) {
    if (waitKillable(process.childWaiters) < 0 && process.threadCount > 1) {
      process.executor = null;
      return -Errno.EAGAIN;
    }
  }
  process.executor = null;
  becomeLeader(task, process);
  return 0;
}

/** The process keeps its number: the surviving thread takes it over. */
function becomeLeader(task: Task, process: Process): void {
  if (process.leader === task) return;
  const old = task.pid;
  old.task = null;
  task.pid = process.pid;
  process.pid.task = task;
  process.leader = task;
  nameSampledSlot(task.slot, <u32>task.tid);
  old.freeIfUnused();
}

/** The point of no return has been passed. */
@sleeps function commit(task: Task, request: ExecRequest, space: AddressSpace, mapped: i32): i32 {
  const file = request.file!;
  const raised = new ExecCredentials(task, file.inode!, file.mount!);
  leaveUserMemory(task);
  notePeak(task);
  const old = task.space;
  task.space = space;
  space.activate();
  old.release();
  resetTaskForExec(task, request, raised);
  let status = mapped;
  if (status == 0) status = request.loaded.zeroTails(task.arguments.out0);
  if (status == 0 && request.interpreterFile !== null) status = request.loadedInterpreter.zeroTails(task.arguments.out0);
  if (status == 0) status = startProgram(task, request, raised);
  if (status < 0) {
    giveExecRequest(request);
    exitProcess(Signal.SEGV);
  }
  if (traceMask != 0) traceProgram(task);
  return 0;
}

function notePeak(task: Task): void {
  const peak = task.space.peakResident;
  if (peak > task.process.peakPages) task.process.peakPages = peak;
}

/** Stack, auxiliary vector and registers. */
@sleeps function startProgram(task: Task, request: ExecRequest, raised: ExecCredentials): i32 {
  const space = task.space;
  const image = request.image;
  const loaded = request.loaded;
  const vdso = mapVdso(space);
  const vector = new AuxiliaryVector();
  if (vdso != 0) vector.add(Aux.SYSINFO_EHDR, vdso);
  vector.add(Aux.MINSIGSTKSZ, minimumSignalStack());
  vector.add(Aux.HWCAP, hardwareCapabilities());
  vector.add(Aux.PAGESZ, PAGE);
  vector.add(Aux.CLKTCK, USER_HZ);
  const headers = image.headersInMemory;
  vector.add(Aux.PHDR, headers == 0 ? 0 : headers + loaded.bias);
  vector.add(Aux.PHENT, 56);
  vector.add(Aux.PHNUM, <u64>image.count);
  const hasInterpreter = request.interpreterFile !== null;
  vector.add(Aux.BASE, hasInterpreter ? request.loadedInterpreter.bias : 0);
  vector.add(Aux.FLAGS, 0);
  vector.add(Aux.ENTRY, image.entry + loaded.bias);
  addIds(vector, raised);
  vector.add(Aux.HWCAP2, hardwareCapabilities2());
  const isRandom = (task.personality & ADDR_NO_RANDOMIZE) == 0;
  const shift = isRandom ? random64() & 0x1fff : 0;
  const pointer = buildStack(task.arguments.out0, task.process, request.lists, request.name, vector, space.stackTop, shift);
  if (pointer == 0) return -Errno.EFAULT;
  space.stackStart = pointer;
  task.process.stackStart = pointer;
  task.process.auxiliaryVector = vector.words;
  const entry = hasInterpreter
    ? request.interpreter.entry + request.loadedInterpreter.bias : image.entry + loaded.bias;
  return task.user.start(entry, pointer) ? 0 : -Errno.EFAULT;
}

function addIds(vector: AuxiliaryVector, raised: ExecCredentials): void {
  const credentials = raised.credentials;
  vector.add(Aux.UID, <u64>credentials.uid);
  vector.add(Aux.EUID, <u64>credentials.euid);
  vector.add(Aux.GID, <u64>credentials.gid);
  vector.add(Aux.EGID, <u64>credentials.egid);
  vector.add(Aux.SECURE, raised.isSecure ? 1 : 0);
}
