// The user registers and FPU state of tasks. TRUSTED (drives the machine's register access).
//
// Registers are numbered as in struct pt_regs (machine contract). The machine itself fixes cs and ss and masks the flags;
// a non-canonical rip must never be set: `setInstructionPointer` refuses it.

import {
  fpuReload, fpuReset, fpuSave, fpuStateSize, hardwareRandom64, loadUserContext, readTsc, setUserRegister, storeUserContext,
  userRegister,
} from "../../arch/x86_64/machine";
import { fpuFrame } from "../../arch/x86_64/memory/kernel-mapping";
import { Frame } from "../../arch/x86_64/memory/physical-memory";
import { rangeFailure } from "../runtime/text/range-failure";
import { Task } from "./task";

@safe export namespace Register {
  @inline export const R15: u32 = 0;
  @inline export const R14: u32 = 1;
  @inline export const R13: u32 = 2;
  @inline export const R12: u32 = 3;
  @inline export const RBP: u32 = 4;
  @inline export const RBX: u32 = 5;
  @inline export const R11: u32 = 6;
  @inline export const R10: u32 = 7;
  @inline export const R9: u32 = 8;
  @inline export const R8: u32 = 9;
  @inline export const RAX: u32 = 10;
  @inline export const RCX: u32 = 11;
  @inline export const RDX: u32 = 12;
  @inline export const RSI: u32 = 13;
  @inline export const RDI: u32 = 14;
  /** Number of the system call that is being handled; -1 in traps and interrupts. */
  @inline export const ORIG_RAX: u32 = 15;
  @inline export const RIP: u32 = 16;
  @inline export const CS: u32 = 17;
  @inline export const FLAGS: u32 = 18;
  @inline export const RSP: u32 = 19;
  @inline export const SS: u32 = 20;
  @inline export const FS_BASE: u32 = 21;
  @inline export const GS_BASE: u32 = 22;
}

/** Direction, resume and trap flags: clear when a handler starts. */
@safe @inline export const HANDLER_CLEARS: u64 = 0x10500;

/** Flags that rt_sigreturn takes from the frame: CF PF AF ZF SF TF DF OF RF AC. */
@safe @inline export const FRAME_FLAGS: u64 = 0x50dd5;

/** One past the highest address that a base register or rip may hold. */
@inline const CANONICAL_END: u64 = 0x8000_0000_0000;

@safe @inline
export function getRegister(task: Task, register: u32): u64 {
  return userRegister(task.slot, register);
}

@safe @inline
export function setRegister(task: Task, register: u32, value: u64): void {
  setUserRegister(task.slot, register, value);
}

/** Sets rip; false (and nothing done) if the address is no user address. */
@safe export function setInstructionPointer(task: Task, address: u64): bool {
  if (address >= CANONICAL_END) return false;
  setUserRegister(task.slot, Register.RIP, address);
  return true;
}

/** Sets fs_base or gs_base; false if the address is no user address. */
@safe export function setBase(task: Task, register: u32, address: u64): bool {
  if (address >= CANONICAL_END) return false;
  setUserRegister(task.slot, register, address);
  return true;
}

/** Words of struct sigcontext from r8 to the flags: all general registers, rip and flags. */
@safe @inline export const CONTEXT_WORDS: i32 = 18;
@safe @inline export const CONTEXT_FLAGS: i32 = 17;

/** Stores the registers as `CONTEXT_WORDS` words of struct sigcontext at `bytes[at …]`. */
@safe export function storeContext(task: Task, bytes: StaticArray<u8>, at: i32): void {
  if (<u64><u32>at + 8 * CONTEXT_WORDS > <u64>bytes.length) rangeFailure(bytes.length, at, 8 * CONTEXT_WORDS);
  // SAFETY: the range was checked; the parameter keeps the array alive.
  storeUserContext(task.slot, changetype<usize>(bytes) + <usize>at);
}

/** Sets the registers from such words; false (and nothing done) if rip is no user address. */
@safe export function loadContext(task: Task, bytes: StaticArray<u8>, at: i32): bool {
  if (<u64><u32>at + 8 * CONTEXT_WORDS > <u64>bytes.length) rangeFailure(bytes.length, at, 8 * CONTEXT_WORDS);
  // SAFETY: as above.
  return loadUserContext(task.slot, changetype<usize>(bytes) + <usize>at) == 0;
}

/** All registers zero, as a program starts. */
@safe export function clearRegisters(task: Task): void {
  for (let register: u32 = 0; register <= Register.GS_BASE; register++) {
    if (register != Register.CS && register != Register.SS) setUserRegister(task.slot, register, 0);
  }
  setUserRegister(task.slot, Register.ORIG_RAX, u64.MAX_VALUE);
  fpuReset(task.slot);
}

/** Brings the FPU page up to date and returns it. */
@safe export function savedFpuFrame(task: Task): Frame {
  fpuSave(task.slot);
  return fpuPage(task);
}

/** The FPU page as it is: the registers may hold newer values. A slot keeps its page, so it is looked up once. */
@safe export function fpuPage(task: Task): Frame {
  if (task.fpuPageSlot != task.slot) {
    task.fpuPage = fpuFrame(task.slot);
    task.fpuPageSlot = task.slot;
  }
  return task.fpuPage;
}

/** The FPU page was changed, or is going to be: what the registers hold counts no longer. */
@safe @inline
export function reloadFpu(task: Task): void {
  fpuReload(task.slot);
}

@safe @inline
export function resetFpu(task: Task): void {
  fpuReset(task.slot);
}

/** What `fpuSize` answers: the machine is asked once. */
let stateSize: u32 = 0;

/** Bytes of FPU state on this CPU; 512: no XSAVE. */
@safe @inline
export function fpuSize(): u32 {
  if (stateSize == 0) stateSize = fpuStateSize();
  return stateSize;
}

/** A place for one hardware random number. */
@final
class RandomWord {
  value: u64 = 0;
}

const randomWord = new RandomWord();

/** 64 bits from the CPU's generator, mixed with the counter; `hasHardware` says whether there is one. */
@safe export function hardwareEntropy(): u64 {
  // SAFETY: the target is the field of a live object.
  const target = changetype<usize>(randomWord) + offsetof<RandomWord>("value");
  hasHardwareRandom = hardwareRandom64(target) == 0;
  const time = readTsc();
  return (hasHardwareRandom ? randomWord.value : 0) ^ (time * 0x9e3779b97f4a7c15);
}

@safe export let hasHardwareRandom: bool = false;
