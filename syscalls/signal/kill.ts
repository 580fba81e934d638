// System calls that send signals: kill(2), tgkill(2), rt_sigqueueinfo(2), pidfd_send_signal(2).

import { Errno } from "../../kernel/abi/errno";
import { UserIn } from "../../kernel/mm/user/user-memory";
import { readU32 } from "../../kernel/runtime/text/byte-access";
import { PidFile } from "../../kernel/task/life/pidfd";
import { Process } from "../../kernel/task/process";
import { ProcessGroup } from "../../kernel/task/session";
import { checkKill, credentialsHolder } from "../../kernel/task/signal/signal-permission";
import { SignalInfo, loadSignalInfo } from "../../kernel/task/signal/signal-info";
import { sendProcessSignal, sendTaskSignal } from "../../kernel/task/signal/signal";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { Task } from "../../kernel/task/task";
import { SIGINFO_SIZE, Signal, SignalCode } from "../../kernel/abi/signal";

/** Bytes of siginfo_t that the kernel keeps. */
const SIGINFO_USED: i32 = 48;

function describeSender(task: Task, number: i32, code: i32): SignalInfo {
  return task.outgoing.reset(number, code).setSender(task.process.tgid, task.credentials.uid);
}

/** kill(2) */
export function sysKill(task: Task, pid: i32, number: i32): i64 {
  if (number < 0 || number > Signal.MAX) return -Errno.EINVAL;
  describeSender(task, number, SignalCode.USER);
  if (pid > 0) {
    const process = task.namespaces.pids.findProcess(pid);
    if (process !== null) return <i64>sendTo(task, process);
    // A thread's number names its process.
    const thread = task.namespaces.pids.findTask(pid);
    return thread === null ? -Errno.ESRCH : <i64>sendTo(task, thread.process);
  }
  if (pid == -1) return <i64>sendToAll(task);
  if (pid == i32.MIN_VALUE) return -Errno.ESRCH;
  const group = pid == 0 ? task.process.group : task.namespaces.pids.findGroup(-pid);
  return group === null ? -Errno.ESRCH : <i64>sendToGroup(task, group);
}

/** Sends the outgoing information if that is allowed; number 0 only asks. */
function sendTo(task: Task, process: Process): i32 {
  const target = credentialsHolder(process);
  if (target === null) return -Errno.ESRCH;
  const info = task.outgoing;
  const allowed = checkKill(task, target, info.number);
  if (allowed < 0 || info.number == 0) return allowed;
  return sendProcessSignal(process, info);
}

/** Succeeds if it did for one member. */
function sendToGroup(task: Task, group: ProcessGroup): i32 {
  let result: i32 = -Errno.ESRCH;
  let hasSucceeded = false;
  let member = group.first;
  while (member !== null) {
    const next = member.groupNext;
    const sent = sendTo(task, member);
    if (sent == 0) hasSucceeded = true;
    else result = sent;
    member = next;
  }
  return hasSucceeded ? 0 : result;
}

/** kill(-1): everybody but init and the caller. */
function sendToAll(task: Task): i32 {
  let count = 0;
  let result: i32 = 0;
  let process = task.namespaces.pids.nextProcess(2);
  while (process !== null) {
    const id = process.tgid;
    if (process !== task.process) {
      count++;
      const sent = sendTo(task, process);
      if (sent != -Errno.EPERM) result = sent;
    }
    process = task.namespaces.pids.nextProcess(id + 1);
  }
  return count == 0 ? -Errno.ESRCH : result;
}

/** tkill(2) */
export function sysTkill(task: Task, tid: i32, number: i32): i64 {
  return tid <= 0 ? -Errno.EINVAL : sendToThread(task, 0, tid, number);
}

/** tgkill(2) */
export function sysTgkill(task: Task, tgid: i32, tid: i32, number: i32): i64 {
  return tgid <= 0 || tid <= 0 ? -Errno.EINVAL : sendToThread(task, tgid, tid, number);
}

function sendToThread(task: Task, tgid: i32, tid: i32, number: i32): i64 {
  if (number < 0 || number > Signal.MAX) return -Errno.EINVAL;
  describeSender(task, number, SignalCode.TKILL);
  return <i64>sendInfoToThread(task, tgid, tid);
}

function sendInfoToThread(task: Task, tgid: i32, tid: i32): i32 {
  const target = task.namespaces.pids.findTask(tid);
  if (target === null || (tgid > 0 && target.process.tgid != tgid)) return -Errno.ESRCH;
  const info = task.outgoing;
  const allowed = checkKill(task, target, info.number);
  if (allowed < 0 || info.number == 0) return allowed;
  const sent = sendTaskSignal(target, info);
  return sent;
}

/** True if siginfo_t of this signal and code ends before the part that is not looked at. */
function hasKnownLayout(number: i32, code: i32): bool {
  if (code <= 0) return code >= SignalCode.DETHREAD || code == SignalCode.ASYNC_NAME;
  return code == SignalCode.KERNEL || code <= lastCode(number);
}

/** Highest si_code of a signal (siginfo.h). */
function lastCode(number: i32): i32 {
  switch (number) {
    case Signal.ILL: return 11;
    case Signal.FPE: return 15;
    case Signal.SEGV: return 9;
    case Signal.BUS: return 5;
    case Signal.TRAP: return 6;
    case Signal.CHLD: return 6;
    case Signal.SYS: return 2;
    // Others have none of their own: those of SIGPOLL.
    default: return 6;
  }
}

/** What a program passes with a signal names another one. */
const OTHER_NUMBER: i32 = 1;

/** Takes what a program wants to pass with a signal. 0, OTHER_NUMBER or -errno. */
@sleeps function loadUserInfo(task: Task, from: UserIn, number: i32): i32 {
  const bytes = new StaticArray<u8>(SIGINFO_SIZE);
  if (from.readBytes(0, bytes, 0, SIGINFO_USED) < 0) return -Errno.EFAULT;
  if (!hasKnownLayout(number, <i32>readU32(bytes, 8))) {
    if (from.readBytes(SIGINFO_USED, bytes, SIGINFO_USED, SIGINFO_SIZE - SIGINFO_USED) < 0) return -Errno.EFAULT;
    // What the kernel would not pass on must be empty.
    for (let at = SIGINFO_USED; at < SIGINFO_SIZE; at += 4) {
      if (readU32(bytes, at) != 0) return -Errno.E2BIG;
    }
  }
  const info = task.outgoing;
  loadSignalInfo(info, bytes, 0);
  const given = info.number;
  info.number = number;
  return given == number ? 0 : OTHER_NUMBER;
}

/** Nobody may pretend to be the kernel or kill(2) towards others. */
function mayPass(task: Task, pid: i32): bool {
  const info = task.outgoing;
  return (info.code < 0 && info.code != SignalCode.TKILL) || task.process.tgid == pid;
}

/** rt_sigqueueinfo(2) */
@sleeps export function sysRtSigqueueinfo(task: Task, tgid: i32, number: i32, from: UserIn): i64 {
  const loaded = loadUserInfo(task, from, number);
  if (loaded < 0) return <i64>loaded;
  if (!mayPass(task, tgid)) return -Errno.EPERM;
  if (number < 0 || number > Signal.MAX) return -Errno.EINVAL;
  const process = task.namespaces.pids.findProcess(tgid);
  return process === null ? -Errno.ESRCH : <i64>sendTo(task, process);
}

/** rt_tgsigqueueinfo(2) */
@sleeps export function sysRtTgsigqueueinfo(task: Task, tgid: i32, tid: i32, number: i32, from: UserIn): i64 {
  const loaded = loadUserInfo(task, from, number);
  if (loaded < 0) return <i64>loaded;
  if (tgid <= 0 || tid <= 0) return -Errno.EINVAL;
  if (!mayPass(task, tgid)) return -Errno.EPERM;
  if (number < 0 || number > Signal.MAX) return -Errno.EINVAL;
  return <i64>sendInfoToThread(task, tgid, tid);
}

/** pidfd_send_signal(2) */
@sleeps export function sysPidfdSendSignal(task: Task, file: OpenFile | null, number: i32, from: UserIn, flags: u32): i64 {
  if (flags != 0) return -Errno.EINVAL;
  if (file === null || !(file instanceof PidFile)) return -Errno.EBADF;
  const pidFile = <PidFile>file;
  if (from.isNull) {
    describeSender(task, number, SignalCode.USER);
  } else {
    const loaded = loadUserInfo(task, from, number);
    if (loaded < 0) return <i64>loaded;
    if (loaded == OTHER_NUMBER) return -Errno.EINVAL;
    const target = pidFile.process;
    const info = task.outgoing;
    if ((info.code >= 0 || info.code == SignalCode.TKILL) && target !== task.process) return -Errno.EPERM;
  }
  if (number < 0 || number > Signal.MAX) return -Errno.EINVAL;
  const process = pidFile.process;
  return process === null ? -Errno.ESRCH : <i64>sendTo(task, process);
}
