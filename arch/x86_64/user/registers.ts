// User registers and FPU state by slot. TRUSTED (drives the machine's register access).
//
// Registers are numbered as in struct pt_regs (machine contract). The machine itself fixes cs and ss and masks the flags.
// An address that is none of the program's in rip, fs_base or gs_base would fault on the way to user mode, in the kernel:
// those three are set by `setAddress` only, which checks.

import {
  fpuReload, fpuReset, fpuSave, fpuStateSize, loadUserContext, setUserRegister, storeUserContext, userRegister,
} from "../machine";
import { rangeFailure } from "../../../kernel/runtime/text/range-failure";

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

/** One past the highest address that a base register or rip may hold. */
@inline const CANONICAL_END: u64 = 0x8000_0000_0000;

@safe @inline
export function getRegister(slot: u32, register: u32): u64 {
  return userRegister(slot, register);
}

/** Sets a register that holds no address the CPU checks. */
@safe @inline
export function setRegister(slot: u32, register: u32, value: u64): void {
  if (register == Register.RIP || register > Register.SS) unreachable();
  setUserRegister(slot, register, value);
}

/** Sets rip, fs_base or gs_base; false (and nothing done) if the address is no user address. */
@safe export function setAddress(slot: u32, register: u32, address: u64): bool {
  if (address >= CANONICAL_END) return false;
  setUserRegister(slot, register, address);
  return true;
}

/** Words of struct sigcontext from r8 to the flags: all general registers, rip and flags. */
@safe @inline export const CONTEXT_WORDS: i32 = 18;
@safe @inline export const CONTEXT_FLAGS: i32 = 17;

/** Stores the registers as `CONTEXT_WORDS` words of struct sigcontext at `bytes[at …]`. */
@safe export function storeContext(slot: u32, bytes: StaticArray<u8>, at: i32): void {
  if (<u64><u32>at + 8 * CONTEXT_WORDS > <u64>bytes.length) rangeFailure(bytes.length, at, 8 * CONTEXT_WORDS);
  // SAFETY: the range was checked; the parameter keeps the array alive.
  storeUserContext(slot, changetype<usize>(bytes) + <usize>at);
}

/** Sets the registers from such words; false (and nothing done) if rip is no user address. */
@safe export function loadContext(slot: u32, bytes: StaticArray<u8>, at: i32): bool {
  if (<u64><u32>at + 8 * CONTEXT_WORDS > <u64>bytes.length) rangeFailure(bytes.length, at, 8 * CONTEXT_WORDS);
  // SAFETY: as above.
  return loadUserContext(slot, changetype<usize>(bytes) + <usize>at) == 0;
}

/** Brings the FPU page up to date. */
@safe @inline
export function saveFpuState(slot: u32): void {
  fpuSave(slot);
}

/** The FPU page was changed, or is going to be: what the registers hold counts no longer. */
@safe @inline
export function reloadFpuState(slot: u32): void {
  fpuReload(slot);
}

/** The FPU state a program starts with. */
@safe @inline
export function resetFpuState(slot: u32): void {
  fpuReset(slot);
}

/** What `fpuSize` answers: the machine is asked once. */
@kernelLock let stateSize: u32 = 0;

/** Bytes of FPU state on this CPU; 512: no XSAVE. */
@safe @inline
export function fpuSize(): u32 {
  if (stateSize == 0) stateSize = fpuStateSize();
  return stateSize;
}
