// /proc/PID/stat, statm, status (proc(5)); fields and white space as Linux 6.1 writes them. Nothing here sleeps.

import { AddressSpace } from "../../mm/space/address-space";
import { MapFlag, Mapping } from "../../mm/space/mapping";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { SchedulingPolicy, ThreadState } from "../../sync/thread";
import { processSystemNs, processUserNs, taskSystemNs, taskUserNs } from "../../task/accounting/cpu-accounting";
import { Process } from "../../task/process";
import { INFINITY, Limit } from "../../task/accounting/resource-limits";
import { ControllingTerminal } from "../../task/session";
import { TASK_NAME_SIZE, Task } from "../../task/task";
import { mayInspect } from "./process-access";
import { NS_PER_USER_TICK } from "../../abi/time";
import { PAGE } from "../../abi/page";

const PAGE_KB: u64 = 4;
const PF_FORKNOEXEC: u64 = 0x40;
const PF_RANDOMIZE: u64 = 0x40_0000;
/** Flags of kernel threads: PF_KTHREAD, PF_NOFREEZE, PF_FORKNOEXEC. */
const PF_KERNEL_THREAD: u64 = 0x20_8040;

/** The address space of a task that has one, or null. */
export function spaceOf(task: Task): AddressSpace | null {
  return task.hasSpace ? task.space : null;
}

/** Appends the name of a task (comm), at most 15 bytes. */
export function appendName(out: ByteBuilder, task: Task): void {
  for (let i = 0; i < TASK_NAME_SIZE && task.name[i] != 0; i++) out.appendByte(task.name[i]);
}

/** R, S, D, T, Z or X. */
export function stateLetter(task: Task): u32 {
  const process = task.process;
  if (process.isZombie && process.threadCount == 0) return 0x5a;
  switch (task.state) {
    case ThreadState.RUNNABLE: return 0x52;
    case ThreadState.INTERRUPTIBLE: return 0x53;
    case ThreadState.STOPPED: return 0x54;
    case ThreadState.DEAD: return 0x5a;
    default: return 0x44;
  }
}

function stateText(letter: u32): string {
  switch (letter) {
    case 0x52: return "R (running)";
    case 0x53: return "S (sleeping)";
    case 0x54: return "T (stopped)";
    case 0x5a: return "Z (zombie)";
    default: return "D (disk sleep)";
  }
}

/** Where code and data of the program lie; found among the mappings of its file. */
@final
export class ProgramLayout {
  codeStart: u64 = 0;
  codeEnd: u64 = 0;
  dataStart: u64 = 0;
  dataEnd: u64 = 0;

  find(process: Process, space: AddressSpace): void {
    this.codeStart = 0;
    this.codeEnd = 0;
    this.dataStart = 0;
    this.dataEnd = 0;
    const program = process.executable;
    if (program === null || program.inode === null) return;
    const node = program.inode!;
    for (let i = 0; i < space.list.count; i++) {
      const mapping = space.list.at(i);
      const object = mapping.object;
      if (object !== null && object.inode() == node.number && object.device() == <u64>node.fileSystem.device) this.add(mapping);
    }
  }

  private add(mapping: Mapping): void {
    if (mapping.has(MapFlag.EXEC)) {
      if (this.codeStart == 0) this.codeStart = mapping.start;
      this.codeEnd = mapping.end;
    } else if (mapping.has(MapFlag.WRITE)) {
      if (this.dataStart == 0) this.dataStart = mapping.start;
      this.dataEnd = mapping.end;
    }
  }
}

@scratch const layout = new ProgramLayout();

@inline
function field(out: ByteBuilder, value: u64): void {
  out.appendByte(0x20).appendUnsigned(value);
}

@inline
function signedField(out: ByteBuilder, value: i64): void {
  out.appendByte(0x20).appendDecimal(value);
}

/** /proc/PID/stat, or /proc/PID/task/TID/stat with the times of the thread alone. */
export function showStatOf(task: Task, isThread: bool, out: ByteBuilder): void {
  const process = task.process;
  const parent = process.parent;
  const terminal = process.session.terminal;
  out.appendDecimal(task.tid).append(" (");
  appendName(out, task);
  out.append(") ").appendByte(stateLetter(task));
  signedField(out, parent === null ? 0 : parent.tgid);
  signedField(out, process.group.id);
  signedField(out, process.session.id);
  signedField(out, terminal === null ? 0 : <i64><i32>terminal.deviceNumber);
  signedField(out, foregroundId(terminal));
  field(out, process.isKernel ? PF_KERNEL_THREAD : PF_RANDOMIZE | (process.hasExecuted ? 0 : PF_FORKNOEXEC));
  appendFaults(out, task, isThread);
  appendTimes(out, task, isThread);
  const isRealtime = task.policy == SchedulingPolicy.FIFO || task.policy == SchedulingPolicy.ROUND_ROBIN;
  signedField(out, isRealtime ? -1 - <i64>task.realtimePriority : 20 + <i64>task.nice);
  signedField(out, task.nice);
  signedField(out, process.threadCount);
  field(out, 0);
  field(out, (isThread ? task.startNs : process.startNs) / NS_PER_USER_TICK);
  const space = spaceOf(task);
  field(out, space === null ? 0 : space.totalPages * PAGE);
  field(out, space === null ? 0 : space.residentPages);
  field(out, process.limits.soft[Limit.RSS]);
  appendAddresses(out, task, space);
  appendSignals(out, task);
  field(out, 0);
  field(out, 0);
  field(out, 0);
  signedField(out, isThread && !task.isLeader ? -1 : process.exitSignal);
  field(out, 0);
  field(out, task.ownPriority);
  field(out, task.policy);
  out.append(" 0 0 0");
  appendDataAddresses(out, task, space);
  signedField(out, mayInspect(task) ? process.exitStatus : 0);
  out.newline();
}

/** The foreground group's number, -1 without terminal or group. */
function foregroundId(terminal: ControllingTerminal | null): i64 {
  if (terminal === null) return -1;
  const group = terminal.foreground;
  return group === null ? -1 : group.id;
}

function appendFaults(out: ByteBuilder, task: Task, isThread: bool): void {
  const process = task.process;
  let minor = task.minorFaults;
  let major = task.majorFaults;
  if (!isThread) {
    minor = process.deadMinorFaults;
    major = process.deadMajorFaults;
    let thread = process.firstThread;
    while (thread !== null) {
      minor += thread.minorFaults;
      major += thread.majorFaults;
      thread = thread.threadNext;
    }
  }
  field(out, minor);
  field(out, process.childMinorFaults);
  field(out, major);
  field(out, process.childMajorFaults);
}

function appendTimes(out: ByteBuilder, task: Task, isThread: bool): void {
  const process = task.process;
  field(out, (isThread ? taskUserNs(task) : processUserNs(process)) / NS_PER_USER_TICK);
  field(out, (isThread ? taskSystemNs(task) : processSystemNs(process)) / NS_PER_USER_TICK);
  field(out, process.childUserNs / NS_PER_USER_TICK);
  field(out, process.childSystemNs / NS_PER_USER_TICK);
}

/** startcode, endcode, startstack, esp, eip: shown to those who may look. */
function appendAddresses(out: ByteBuilder, task: Task, space: AddressSpace | null): void {
  if (space === null) {
    out.append(" 0 0 0 0 0");
    return;
  }
  if (!mayInspect(task)) {
    out.append(" 1 1 0 0 0");
    return;
  }
  layout.find(task.process, space);
  field(out, layout.codeStart);
  field(out, layout.codeEnd);
  field(out, space.stackStart);
  out.append(" 0 0");
}

/** The low 31 signals, as this old format has them. */
function appendSignals(out: ByteBuilder, task: Task): void {
  const pending = task.pending.mask | task.process.pending.mask;
  field(out, pending & 0x7fff_ffff);
  field(out, task.blocked & 0x7fff_ffff);
  field(out, task.actions.ignored & 0x7fff_ffff);
  field(out, task.actions.caught & 0x7fff_ffff);
}

function appendDataAddresses(out: ByteBuilder, task: Task, space: AddressSpace | null): void {
  const process = task.process;
  if (space === null || !mayInspect(task)) {
    out.append(" 0 0 0 0 0 0 0");
    return;
  }
  field(out, layout.dataStart);
  field(out, layout.dataEnd);
  field(out, space.brkStart);
  field(out, process.argumentsStart);
  field(out, process.argumentsEnd);
  field(out, process.environmentStart);
  field(out, process.environmentEnd);
}

/** /proc/PID/statm: sizes in pages. */
export function showStatm(task: Task, out: ByteBuilder): void {
  const space = spaceOf(task);
  if (space === null) {
    out.append("0 0 0 0 0 0 0\n");
    return;
  }
  layout.find(task.process, space);
  out.appendUnsigned(space.totalPages);
  field(out, space.residentPages);
  field(out, space.residentFile + space.residentShared);
  field(out, (layout.codeEnd - layout.codeStart) >> 12);
  field(out, 0);
  field(out, space.dataPages + space.stackPages);
  out.append(" 0\n");
}

/** A line of status with a size: kilobytes in eight columns. */
function sizeLine(out: ByteBuilder, name: string, pages: u64): void {
  out.append(name).appendPadded(pages * PAGE_KB, 8).append(" kB\n");
}

function maskLine(out: ByteBuilder, name: string, mask: u64): void {
  out.append(name).appendHex(mask, 16).newline();
}

/** /proc/PID/status. */
export function showStatus(task: Task, out: ByteBuilder): void {
  const process = task.process;
  const parent = process.parent;
  out.append("Name:\t");
  appendEscapedName(out, task);
  if (!task.isExiting) out.append("\nUmask:\t").appendOctal(task.fs.umask, 4);
  out.append("\nState:\t").append(stateText(stateLetter(task)));
  out.append("\nTgid:\t").appendDecimal(process.tgid);
  out.append("\nNgid:\t0\nPid:\t").appendDecimal(task.tid);
  out.append("\nPPid:\t").appendDecimal(parent === null ? 0 : parent.tgid);
  out.append("\nTracerPid:\t0\n");
  appendIdentity(out, task);
  out.append("NStgid:\t").appendDecimal(process.tgid);
  out.append("\nNSpid:\t").appendDecimal(task.tid);
  out.append("\nNSpgid:\t").appendDecimal(process.group.id);
  out.append("\nNSsid:\t").appendDecimal(process.session.id).newline();
  const space = spaceOf(task);
  if (space !== null) appendMemory(out, process, space);
  out.append("Threads:\t").appendDecimal(process.threadCount).newline();
  appendSignalMasks(out, task);
  const credentials = task.credentials;
  maskLine(out, "CapInh:\t", credentials.inheritable);
  maskLine(out, "CapPrm:\t", credentials.permitted);
  maskLine(out, "CapEff:\t", credentials.effective);
  maskLine(out, "CapBnd:\t", credentials.bounding);
  maskLine(out, "CapAmb:\t", credentials.ambient);
  out.append("NoNewPrivs:\t").appendUnsigned(task.noNewPrivileges ? 1 : 0);
  out.append("\nSeccomp:\t0\nSeccomp_filters:\t0\n");
  out.append("Cpus_allowed:\t1\nCpus_allowed_list:\t0\nMems_allowed:\t1\nMems_allowed_list:\t0\n");
  out.append("voluntary_ctxt_switches:\t").appendUnsigned(task.voluntarySwitches);
  out.append("\nnonvoluntary_ctxt_switches:\t").appendUnsigned(task.involuntarySwitches).newline();
}

/** The name with newlines and backslashes escaped, so that it stays one line. */
function appendEscapedName(out: ByteBuilder, task: Task): void {
  for (let i = 0; i < TASK_NAME_SIZE && task.name[i] != 0; i++) {
    const byte = <u32>task.name[i];
    if (byte == 0x0a) out.append("\\n");
    else if (byte == 0x5c) out.append("\\\\");
    else out.appendByte(byte);
  }
}

function appendIdentity(out: ByteBuilder, task: Task): void {
  const c = task.credentials;
  out.append("Uid:\t").appendUnsigned(c.uid).appendByte(9).appendUnsigned(c.euid).appendByte(9);
  out.appendUnsigned(c.suid).appendByte(9).appendUnsigned(c.fsuid);
  out.append("\nGid:\t").appendUnsigned(c.gid).appendByte(9).appendUnsigned(c.egid).appendByte(9);
  out.appendUnsigned(c.sgid).appendByte(9).appendUnsigned(c.fsgid);
  out.append("\nFDSize:\t").appendDecimal(task.isExiting ? 0 : task.files.size).append("\nGroups:\t");
  for (let i = 0; i < c.groups.length; i++) out.appendUnsigned(c.groups[i]).appendByte(0x20);
  if (c.groups.length == 0) out.appendByte(0x20);
  out.newline();
}

function appendMemory(out: ByteBuilder, process: Process, space: AddressSpace): void {
  layout.find(process, space);
  const code = (layout.codeEnd - layout.codeStart) >> 12;
  sizeLine(out, "VmPeak:\t", max(space.peakTotalPages, space.totalPages));
  sizeLine(out, "VmSize:\t", space.totalPages);
  sizeLine(out, "VmLck:\t", space.lockedPages);
  sizeLine(out, "VmPin:\t", 0);
  sizeLine(out, "VmHWM:\t", space.peakResident);
  sizeLine(out, "VmRSS:\t", space.residentPages);
  sizeLine(out, "RssAnon:\t", space.residentAnonymous);
  sizeLine(out, "RssFile:\t", space.residentFile);
  sizeLine(out, "RssShmem:\t", space.residentShared);
  sizeLine(out, "VmData:\t", space.dataPages);
  sizeLine(out, "VmStk:\t", space.stackPages);
  sizeLine(out, "VmExe:\t", code);
  sizeLine(out, "VmLib:\t", space.codePages > code ? space.codePages - code : 0);
  sizeLine(out, "VmPTE:\t", space.tableFrames);
  sizeLine(out, "VmSwap:\t", 0);
  out.append("CoreDumping:\t0\nTHP_enabled:\t0\n");
}

function appendSignalMasks(out: ByteBuilder, task: Task): void {
  const process = task.process;
  const limit = process.limits.soft[Limit.SIGPENDING];
  out.append("SigQ:\t").appendDecimal(task.namespaces.users.of(task.credentials.uid).pendingSignals).appendByte(0x2f);
  out.appendUnsigned(limit == INFINITY ? u64.MAX_VALUE : limit).newline();
  maskLine(out, "SigPnd:\t", task.pending.mask);
  maskLine(out, "ShdPnd:\t", process.pending.mask);
  maskLine(out, "SigBlk:\t", task.blocked);
  maskLine(out, "SigIgn:\t", task.actions.ignored);
  maskLine(out, "SigCgt:\t", task.actions.caught);
}
