// Restartable sequences (rseq(2) of Linux 4.18, tools/testing of librseq; no manual page): short pieces of user code that
// start again at their abort address when the thread was pre-empted or took a signal inside one.
//
// A thread registers 32 bytes of its memory: cpu_id_start, cpu_id, the address of the descriptor of the section it is in
// (0: none), flags. There is one CPU, so the two numbers never change. `Task.isSequenceBroken` says that user code was
// interrupted since it ran last; prepareReturn then calls `breakSequence`. System calls are forbidden inside a section,
// so only switches away from interrupted user code count. Area and descriptor are hostile input. Sleeps (page faults).

import { Errno } from "../abi/errno";
import { forceSignal } from "./signal/signal";
import { Task } from "./task";
import { Signal, SignalCode } from "../abi/signal";
import { USER_END } from "../abi/page";

/** sizeof(struct rseq), also its alignment. */
@inline export const AREA_SIZE: u32 = 32;
@inline const CPU_ID_START: u64 = 0;
@inline const CPU_ID: u64 = 4;
@inline const DESCRIPTOR: u64 = 8;
/** RSEQ_CPU_ID_UNINITIALIZED */
@inline const NO_CPU: u32 = 0xffff_ffff;

/** struct rseq_cs: version, flags, start_ip, post_commit_offset, abort_ip. */
@inline const VERSION: u64 = 0;
@inline const FLAGS: u64 = 4;
@inline const START: u64 = 8;
@inline const LENGTH: u64 = 16;
@inline const ABORT: u64 = 24;

/** Registers an area. 0, -EINVAL, -EPERM (another signature), -EBUSY (registered already), -EFAULT. */
@sleeps export function registerSequences(task: Task, address: u64, size: u32, signature: u32): i32 {
  if (task.rseqAddress != 0) {
    if (task.rseqAddress != address || task.rseqSize != size) return -Errno.EINVAL;
    return task.rseqSignature == signature ? -Errno.EBUSY : -Errno.EPERM;
  }
  if ((address & <u64>(AREA_SIZE - 1)) != 0 || size != AREA_SIZE) return -Errno.EINVAL;
  if (address >= USER_END - <u64>AREA_SIZE) return -Errno.EFAULT;
  task.rseqAddress = address;
  task.rseqSize = size;
  task.rseqSignature = signature;
  // As on Linux, an area that cannot be written ends the thread on its way back.
  if (!storeCpu(task, address, 0)) fail(task);
  return 0;
}

/** Ends the registration. 0, -EINVAL, -EPERM (another signature), -EFAULT. */
@sleeps export function unregisterSequences(task: Task, address: u64, size: u32, signature: u32): i32 {
  if (task.rseqAddress == 0 || task.rseqAddress != address || size != AREA_SIZE) return -Errno.EINVAL;
  if (task.rseqSignature != signature) return -Errno.EPERM;
  if (!storeCpu(task, address, NO_CPU)) return -Errno.EFAULT;
  forgetSequences(task);
  return 0;
}

/** exec, and threads on shared memory: nothing is registered. */
export function forgetSequences(task: Task): void {
  task.rseqAddress = 0;
  task.rseqSize = 0;
  task.rseqSignature = 0;
  task.isSequenceBroken = false;
}

@sleeps function storeCpu(task: Task, address: u64, cpu: u32): bool {
  const area = task.arguments.out0.claim(address);
  return area.writeU32(CPU_ID_START, 0) == 0 && area.writeU32(CPU_ID, cpu) == 0;
}

/** True if the task was interrupted in user mode, not by a system call of its own. */
@inline
export function isInterrupted(task: Task): bool {
  return !task.user.isInCall;
}

/** The task's user code was interrupted: if that was in a section, it goes on at the abort address. */
@sleeps export function breakSequence(task: Task): void {
  task.isSequenceBroken = false;
  const area = task.arguments.inOut0.claim(task.rseqAddress);
  if (area.readU64(DESCRIPTOR) < 0) {
    fail(task);
    return;
  }
  const descriptor = area.value;
  if (descriptor == 0) return;
  const abort = abortAddress(task, descriptor);
  if (abort == INVALID || area.claim(task.rseqAddress).writeU64(DESCRIPTOR, 0) < 0) fail(task);
  else if (abort != OUTSIDE && !task.user.setProgramCounter(abort)) fail(task);
}

/** The task is not in the section that its area names. */
@inline const OUTSIDE: u64 = u64.MAX_VALUE;
/** The descriptor is wrong. */
@inline const INVALID: u64 = u64.MAX_VALUE - 1;

@sleeps function abortAddress(task: Task, descriptor: u64): u64 {
  if (descriptor >= USER_END) return INVALID;
  const fields = task.arguments.in0.claim(descriptor);
  if (fields.readU32(VERSION) < 0 || fields.value != 0 || fields.readU32(FLAGS) < 0) return INVALID;
  const flags = fields.value;
  if (fields.readU64(START) < 0) return INVALID;
  const start = fields.value;
  if (fields.readU64(LENGTH) < 0) return INVALID;
  const length = fields.value;
  if (fields.readU64(ABORT) < 0) return INVALID;
  const abort = fields.value;
  if (start >= USER_END || length >= USER_END || start + length >= USER_END || abort >= USER_END || abort < 4) return INVALID;
  // An abort handler inside its own section would never end.
  if (abort - start < length) return INVALID;
  // The signature before the handler keeps overwritten descriptors from jumping anywhere.
  if (fields.claim(abort - 4).readU32(0) < 0 || <u32>fields.value != task.rseqSignature) return INVALID;
  if (task.user.programCounter - start >= length) return OUTSIDE;
  // The flags that kept sections from restarting were withdrawn in Linux 6.1.
  return flags == 0 ? abort : INVALID;
}

function fail(task: Task): void {
  forceSignal(task, Signal.SEGV, SignalCode.KERNEL, 0);
}
