// The signal frame on the user stack: struct rt_sigframe of Linux on x86-64, built for a handler and taken back by
// rt_sigreturn(2). Offsets are those of the kernel's uapi headers (ucontext.h, sigcontext.h, siginfo.h).
//
//   frame + 0    return address: the restorer
//   frame + 8    ucontext: flags, link, stack_t, sigcontext (+40), signal mask (+296)
//   frame + 312  siginfo, 128 bytes
//   above, 64-byte aligned: FPU state (XSAVE area between FP_XSTATE_MAGIC1 in its software bytes and MAGIC2 behind it)
//
// The frame starts 128 bytes below the stack pointer (red zone), 16-byte aligned less 8, as after a call. Frames that
// programs hand back are hostile input: registers are masked by the machine, the FPU image by signal-fpu.ts. Sleeps.

import { fillBytes, readU16, readU32, readU64, writeU32, writeU64 } from "../../runtime/text/byte-access";
import { Pool } from "../../runtime/containers/pool";
import { clearFpu, restoreFpu, saveFpu, fpuFrameSize, hasExtendedState } from "./signal-fpu";
import { ActionFlag, SignalActions } from "./signal-actions";
import { SignalInfo } from "./signal-info";
import { Task } from "../task";
import {
  CONTEXT_FLAGS, FRAME_FLAGS, HANDLER_CLEARS, Register, getRegister, loadContext, setInstructionPointer, setRegister, storeContext,
} from "../user-registers";

@inline const FRAME_SIZE: i32 = 440;
@inline const CONTEXT: i32 = 8;
@inline const INFO: i32 = 312;
@inline const CONTEXT_SIZE: i32 = 304;
@inline const STACK: i32 = CONTEXT + 16;
@inline const REGISTERS: i32 = CONTEXT + 40;
@inline const FP_POINTER: i32 = REGISTERS + 184;
@inline const MASK: i32 = CONTEXT + 296;
@inline export const SIGINFO_SIZE: i32 = 128;
@inline const RED_ZONE: u64 = 128;
/** UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS, and UC_FP_XSTATE */
@inline const UC_FLAGS: u64 = 6;
@inline const FP_XSTATE_FLAG: u64 = 1;

export namespace StackFlag {
  @inline export const ONSTACK: u32 = 1;
  @inline export const DISABLE: u32 = 2;
  @inline export const AUTODISARM: u32 = 0x8000_0000;
}

/** Frames in kernel memory while they are copied: from a pool, because copying may sleep. */
const spareFrames = new Pool<StaticArray<u8>>(8);

function takeFrame(): StaticArray<u8> {
  const frame = spareFrames.take();
  return frame === null ? new StaticArray<u8>(FRAME_SIZE) : frame;
}

@inline const USER_CS: u32 = 0x33;
@inline const USER_SS: u32 = 0x2b;
/** UC_STRICT_RESTORE_SS */
@inline const STRICT_SS_FLAG: u64 = 4;

/** True if `sp` lies on the task's alternate stack (one that disarms itself is never "on"). */
export function isOnAlternateStack(task: Task, sp: u64): bool {
  if ((task.alternateStackFlags & StackFlag.AUTODISARM) != 0) return false;
  return sp > task.alternateStack && sp - task.alternateStack <= task.alternateStackSize;
}

/** ss_flags as sigaltstack(2) reports them. */
export function alternateStackState(task: Task, sp: u64): u32 {
  if (task.alternateStackSize == 0) return StackFlag.DISABLE;
  return isOnAlternateStack(task, sp) ? StackFlag.ONSTACK : 0;
}

export function resetAlternateStack(task: Task): void {
  task.alternateStack = 0;
  task.alternateStackSize = 0;
  task.alternateStackFlags = StackFlag.DISABLE;
}

/** Writes SignalInfo as siginfo_t. */
export function storeSignalInfo(info: SignalInfo, bytes: StaticArray<u8>, at: i32): void {
  fillBytes(bytes, at, 0, SIGINFO_SIZE);
  writeU32(bytes, at, <u32>info.number);
  writeU32(bytes, at + 4, <u32>info.errno);
  writeU32(bytes, at + 8, <u32>info.code);
  writeU64(bytes, at + 16, info.word0);
  writeU64(bytes, at + 24, info.word1);
  writeU64(bytes, at + 32, info.word2);
  writeU64(bytes, at + 40, info.word3);
}

/** Reads siginfo_t. */
export function loadSignalInfo(info: SignalInfo, bytes: StaticArray<u8>, at: i32): void {
  info.number = <i32>readU32(bytes, at);
  info.errno = <i32>readU32(bytes, at + 4);
  info.code = <i32>readU32(bytes, at + 8);
  info.word0 = readU64(bytes, at + 16);
  info.word1 = readU64(bytes, at + 24);
  info.word2 = readU64(bytes, at + 32);
  info.word3 = readU64(bytes, at + 40);
}

/**
 * Puts a frame for the signal in `task.delivered` on the user stack and points the registers at the handler. `mask` is
 * what rt_sigreturn puts back. False if the stack cannot take it (the task then gets SIGSEGV). Sleeps.
 */
export function enterHandler(task: Task, actions: SignalActions, mask: u64): bool {
  const info = task.delivered;
  const number = info.number;
  const flags = actions.flags(number);
  const handler = actions.handler(number);
  if ((flags & ActionFlag.RESTORER) == 0) return false;
  const oldSp = getRegister(task, Register.RSP);
  let sp = oldSp - RED_ZONE;
  const wasOnStack = isOnAlternateStack(task, oldSp);
  let entersStack = false;
  if ((flags & ActionFlag.ONSTACK) != 0 && task.alternateStackSize != 0 && !wasOnStack) {
    sp = task.alternateStack + task.alternateStackSize;
    entersStack = true;
  }
  const fpAddress = (sp - <u64>fpuFrameSize()) & ~63;
  const frame = ((fpAddress - <u64>FRAME_SIZE) & ~15) - 8;
  // An overflow of the alternate stack must not run into what lies below it.
  if ((entersStack || wasOnStack) && (frame <= task.alternateStack || frame - task.alternateStack > task.alternateStackSize)) return false;
  if (!saveFpu(task, fpAddress)) return false;
  const bytes = takeFrame();
  // As on Linux, the place of siginfo keeps what was on the stack unless the handler asked for it.
  const hasInfo = (flags & ActionFlag.SIGINFO) != 0;
  fillFrame(task, bytes, actions.restorer(number), fpAddress, mask, hasInfo);
  const status = task.arguments.out0.claim(frame).writeBytes(0, bytes, 0, hasInfo ? FRAME_SIZE : INFO);
  spareFrames.give(bytes);
  if (status < 0 || !setInstructionPointer(task, handler)) return false;
  clearFpu(task);
  if ((task.alternateStackFlags & StackFlag.AUTODISARM) != 0) resetAlternateStack(task);
  setRegister(task, Register.RDI, <u64>number);
  setRegister(task, Register.RSI, frame + INFO);
  setRegister(task, Register.RDX, frame + CONTEXT);
  setRegister(task, Register.RAX, 0);
  setRegister(task, Register.RSP, frame);
  setRegister(task, Register.FLAGS, getRegister(task, Register.FLAGS) & ~HANDLER_CLEARS);
  return true;
}

/** Fills in all up to siginfo; that too if the handler asked for it. Every byte below the used length is set: buffers are shared. */
function fillFrame(task: Task, bytes: StaticArray<u8>, restorer: u64, fpAddress: u64, mask: u64, hasInfo: bool): void {
  writeU64(bytes, 0, restorer);
  writeU64(bytes, CONTEXT, hasExtendedState() ? UC_FLAGS | FP_XSTATE_FLAG : UC_FLAGS);
  writeU64(bytes, CONTEXT + 8, 0);
  writeU64(bytes, STACK, task.alternateStack);
  writeU64(bytes, STACK + 8, <u64>task.alternateStackFlags);
  writeU64(bytes, STACK + 16, task.alternateStackSize);
  storeContext(task, bytes, REGISTERS);
  // cs, gs, fs, ss: the only user segments there are.
  writeU64(bytes, REGISTERS + 144, 0x002b_0000_0000_0033);
  writeU64(bytes, REGISTERS + 152, task.trapError);
  writeU64(bytes, REGISTERS + 160, task.trapNumber);
  writeU64(bytes, REGISTERS + 168, mask);
  writeU64(bytes, REGISTERS + 176, task.trapAddress);
  writeU64(bytes, FP_POINTER, fpAddress);
  fillBytes(bytes, FP_POINTER + 8, 0, MASK - FP_POINTER - 8);
  writeU64(bytes, MASK, mask);
  if (hasInfo) storeSignalInfo(task.delivered, bytes, INFO);
}

/** What rt_sigreturn found in the frame. */
@final
export class ReturnedFrame {
  mask: u64 = 0;
  stack: u64 = 0;
  stackFlags: u32 = 0;
  stackSize: u64 = 0;
}

/** Takes the frame at the user's stack pointer back. False: it is no frame (SIGSEGV). Sleeps. */
export function leaveHandler(task: Task, result: ReturnedFrame): bool {
  const frame = getRegister(task, Register.RSP) - 8;
  const bytes = takeFrame();
  const isRestored = task.arguments.in0.claim(frame).readBytes(0, bytes, 0, CONTEXT + CONTEXT_SIZE) == 0
    && restoreContext(task, bytes, result);
  spareFrames.give(bytes);
  return isRestored;
}

/** Only the user segments can be returned to; another cs or ss would fault on the way. */
function areSegmentsValid(bytes: StaticArray<u8>): bool {
  if ((readU16(bytes, REGISTERS + 144) | 3) != USER_CS) return false;
  return (readU64(bytes, CONTEXT) & STRICT_SS_FLAG) == 0 || (readU16(bytes, REGISTERS + 150) | 3) == USER_SS;
}

function restoreContext(task: Task, bytes: StaticArray<u8>, result: ReturnedFrame): bool {
  // What may sleep comes first: `result` is shared by all tasks and used at once.
  if (!restoreFpu(task, readU64(bytes, FP_POINTER)) || !areSegmentsValid(bytes)) return false;
  const flags = getRegister(task, Register.FLAGS) & ~FRAME_FLAGS;
  writeU64(bytes, REGISTERS + 8 * CONTEXT_FLAGS, flags | (readU64(bytes, REGISTERS + 8 * CONTEXT_FLAGS) & FRAME_FLAGS));
  if (!loadContext(task, bytes, REGISTERS)) return false;
  // No system call is to be restarted on the way out.
  setRegister(task, Register.ORIG_RAX, u64.MAX_VALUE);
  result.mask = readU64(bytes, MASK);
  result.stack = readU64(bytes, STACK);
  result.stackFlags = readU32(bytes, STACK + 8);
  result.stackSize = readU64(bytes, STACK + 16);
  return true;
}
