// The user mode of one thread: its registers as the kernel speaks of them, its last trap, its FPU state. One object a task.
//
// Nothing here sleeps. The stack with the registers is the slot's; the object is of no use when the slot is given back.

import { FpuArea } from "./fpu-area";
import {
  Register, getRegister, reloadFpuState, resetFpuState, saveFpuState, setAddress, setRegister,
} from "./registers";

/** Bytes of the `syscall` instruction: a restart goes back by them. */
@inline const SYSCALL_LENGTH: u64 = 2;
/** Number of restart_syscall(2). */
@inline const NR_RESTART_SYSCALL: u64 = 219;
/** Flags that a program starts with: interrupts enabled. */
@inline const INITIAL_FLAGS: u64 = 0x200;

@final
export class UserContext {
  /** The last trap of its user mode, for signal frames (sigcontext trapno, err, cr2) and reports. */
  trapNumber: u64 = 0;
  trapError: u64 = 0;
  trapAddress: u64 = 0;

  /** The FPU state in memory as it is: the registers may hold newer values. */
  readonly fpu: FpuArea;

  constructor(readonly slot: u32) {
    this.fpu = new FpuArea(slot);
  }

  get programCounter(): u64 { return getRegister(this.slot, Register.RIP); }

  /** False (and nothing done) if the address is no user address. */
  setProgramCounter(address: u64): bool { return setAddress(this.slot, Register.RIP, address); }

  get stackPointer(): u64 { return getRegister(this.slot, Register.RSP); }
  set stackPointer(address: u64) { setRegister(this.slot, Register.RSP, address); }

  /** Where the thread's own data are (TLS). */
  get threadPointer(): u64 { return getRegister(this.slot, Register.FS_BASE); }

  /** False (and nothing done) if the address is no user address. */
  setThreadPointer(address: u64): bool { return setAddress(this.slot, Register.FS_BASE, address); }

  /** The kernel was entered by a system call whose outcome still counts; false: by a trap or an interrupt. */
  get isInCall(): bool { return <i64>getRegister(this.slot, Register.ORIG_RAX) >= 0; }

  /** Number of that call. */
  get callNumber(): u64 { return getRegister(this.slot, Register.ORIG_RAX); }

  get callResult(): i64 { return <i64>getRegister(this.slot, Register.RAX); }
  set callResult(result: i64) { setRegister(this.slot, Register.RAX, <u64>result); }

  /** No call is to be restarted on the way out. */
  forgetCall(): void { setRegister(this.slot, Register.ORIG_RAX, u64.MAX_VALUE); }

  /** On return to user mode the call is made again. A later signal does not restart it a second time. */
  repeatCall(): void { this.callAgain(this.callNumber); }

  /** On return to user mode restart_syscall(2) is called instead. */
  resumeCall(): void { this.callAgain(NR_RESTART_SYSCALL); }

  private callAgain(number: u64): void {
    setRegister(this.slot, Register.RAX, number);
    // Stays below the user limit: it was above the instruction before.
    if (!this.setProgramCounter(this.programCounter - SYSCALL_LENGTH)) unreachable();
    this.forgetCall();
  }

  /** The next user instruction is the one after `syscall`: that instruction leaves its address in rcx, too. */
  get isAfterCall(): bool { return getRegister(this.slot, Register.RCX) == this.programCounter; }

  /** As a program starts: all registers zero but these. False: `entry` is no user address. */
  start(entry: u64, stack: u64): bool {
    for (let register: u32 = 0; register < Register.ORIG_RAX; register++) setRegister(this.slot, register, 0);
    this.forgetCall();
    if (!setAddress(this.slot, Register.FS_BASE, 0) || !setAddress(this.slot, Register.GS_BASE, 0)) return false;
    resetFpuState(this.slot);
    setRegister(this.slot, Register.FLAGS, INITIAL_FLAGS);
    this.stackPointer = stack;
    return this.setProgramCounter(entry);
  }

  /** The FPU state in memory, brought up to date. */
  savedFpu(): FpuArea {
    saveFpuState(this.slot);
    return this.fpu;
  }

  /** The FPU state in memory was changed, or is going to be. */
  reloadFpu(): void { reloadFpuState(this.slot); }

  resetFpu(): void { resetFpuState(this.slot); }
}
