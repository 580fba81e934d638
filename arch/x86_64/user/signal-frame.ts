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

import { fillBytes, readU16, readU32, readU64, writeU64 } from "../../../kernel/runtime/text/byte-access";
import { UserArguments } from "../../../kernel/mm/user/user-arguments";
import { Pool } from "../../../kernel/runtime/containers/pool";
import { CONTEXT_FLAGS, Register, getRegister, loadContext, setRegister, storeContext } from "./registers";
import { clearFpu, fpuFrameSize, hasExtendedState, restoreFpu, saveFpu } from "./signal-fpu";
import { UserContext } from "./user-context";

@inline const FRAME_SIZE: i32 = 440;
@inline const CONTEXT: i32 = 8;
@inline const INFO: i32 = 312;
@inline const CONTEXT_SIZE: i32 = 304;
@inline const STACK: i32 = CONTEXT + 16;
@inline const REGISTERS: i32 = CONTEXT + 40;
@inline const FP_POINTER: i32 = REGISTERS + 184;
@inline const MASK: i32 = CONTEXT + 296;
@inline const RED_ZONE: u64 = 128;
/** UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS, and UC_FP_XSTATE */
@inline const UC_FLAGS: u64 = 6;
@inline const FP_XSTATE_FLAG: u64 = 1;
@inline const USER_CS: u32 = 0x33;
@inline const USER_SS: u32 = 0x2b;
/** UC_STRICT_RESTORE_SS */
@inline const STRICT_SS_FLAG: u64 = 4;
/** Direction, resume and trap flags: clear when a handler starts. */
@inline const HANDLER_CLEARS: u64 = 0x10500;
/** Flags that rt_sigreturn takes from the frame: CF PF AF ZF SF TF DF OF RF AC. */
@inline const FRAME_FLAGS: u64 = 0x50dd5;

/** Where a frame may begin that goes below the stack pointer of interrupted code. */
@inline
export function belowRedZone(stackPointer: u64): u64 {
  return stackPointer - RED_ZONE;
}

function fpuPlace(top: u64): u64 {
  return (top - <u64>fpuFrameSize()) & ~63;
}

/** The lowest address of the frame that goes below `top`; a handler starts with it as its stack pointer. */
export function framePlace(top: u64): u64 {
  return ((fpuPlace(top) - <u64>FRAME_SIZE) & ~15) - 8;
}

/** Bytes that the frame of one signal takes at most (AT_MINSIGSTKSZ): the frame, alignment, FPU state. */
export function minimumSignalStack(): u64 {
  return (<u64>fpuFrameSize() + <u64>FRAME_SIZE + 63 + 15 + 15) & ~15;
}

/** A frame on its way to or from a user stack. From a pool, because copying may sleep. */
@final
export class SignalFrame {
  /** What rt_sigreturn(2) puts back: the blocked signals, and the alternate stack. */
  mask: u64 = 0;
  stack: u64 = 0;
  stackFlags: u32 = 0;
  stackSize: u64 = 0;
  private readonly bytes: StaticArray<u8> = new StaticArray<u8>(FRAME_SIZE);

  static take(): SignalFrame {
    const frame = spareFrames.take();
    return frame === null ? new SignalFrame() : frame;
  }

  give(): void {
    spareFrames.give(this);
  }

  /** Where siginfo_t goes: an array, from `infoAt` on. */
  get infoBytes(): StaticArray<u8> { return this.bytes; }
  get infoAt(): i32 { return INFO; }

  /**
   * Puts the frame below `top` and points the registers at `handler`. As on Linux, the place of siginfo keeps what was on the
   * stack unless the handler asked for it (`hasInfo`; it must be filled in). False if the stack cannot take it. Sleeps.
   */
  @sleeps enter(user: UserContext, claims: UserArguments, top: u64, number: i32, handler: u64, restorer: u64, hasInfo: bool): bool {
    const fpAddress = fpuPlace(top);
    const frame = framePlace(top);
    if (!saveFpu(user, claims, fpAddress)) return false;
    this.fill(user, restorer, fpAddress);
    const status = claims.out0.claim(frame).writeBytes(0, this.bytes, 0, hasInfo ? FRAME_SIZE : INFO);
    if (status < 0 || !user.setProgramCounter(handler)) return false;
    clearFpu(user);
    const slot = user.slot;
    setRegister(slot, Register.RDI, <u64>number);
    setRegister(slot, Register.RSI, frame + INFO);
    setRegister(slot, Register.RDX, frame + CONTEXT);
    setRegister(slot, Register.RAX, 0);
    setRegister(slot, Register.RSP, frame);
    setRegister(slot, Register.FLAGS, getRegister(slot, Register.FLAGS) & ~HANDLER_CLEARS);
    return true;
  }

  /** Every byte below siginfo is set: buffers are shared. */
  private fill(user: UserContext, restorer: u64, fpAddress: u64): void {
    const bytes = this.bytes;
    writeU64(bytes, 0, restorer);
    writeU64(bytes, CONTEXT, hasExtendedState() ? UC_FLAGS | FP_XSTATE_FLAG : UC_FLAGS);
    writeU64(bytes, CONTEXT + 8, 0);
    writeU64(bytes, STACK, this.stack);
    writeU64(bytes, STACK + 8, <u64>this.stackFlags);
    writeU64(bytes, STACK + 16, this.stackSize);
    storeContext(user.slot, bytes, REGISTERS);
    // cs, gs, fs, ss: the only user segments there are.
    writeU64(bytes, REGISTERS + 144, 0x002b_0000_0000_0033);
    writeU64(bytes, REGISTERS + 152, user.trapError);
    writeU64(bytes, REGISTERS + 160, user.trapNumber);
    writeU64(bytes, REGISTERS + 168, this.mask);
    writeU64(bytes, REGISTERS + 176, user.trapAddress);
    writeU64(bytes, FP_POINTER, fpAddress);
    fillBytes(bytes, FP_POINTER + 8, 0, MASK - FP_POINTER - 8);
    writeU64(bytes, MASK, this.mask);
  }

  /** Takes the frame at the user's stack pointer back: registers, FPU state, and the fields above. False: it is no frame (SIGSEGV). Sleeps. */
  @sleeps leave(user: UserContext, claims: UserArguments): bool {
    const bytes = this.bytes;
    if (claims.in0.claim(user.stackPointer - 8).readBytes(0, bytes, 0, CONTEXT + CONTEXT_SIZE) != 0) return false;
    if (!restoreFpu(user, claims, readU64(bytes, FP_POINTER)) || !areSegmentsValid(bytes)) return false;
    const flags = getRegister(user.slot, Register.FLAGS) & ~FRAME_FLAGS;
    writeU64(bytes, REGISTERS + 8 * CONTEXT_FLAGS, flags | (readU64(bytes, REGISTERS + 8 * CONTEXT_FLAGS) & FRAME_FLAGS));
    if (!loadContext(user.slot, bytes, REGISTERS)) return false;
    user.forgetCall();
    this.mask = readU64(bytes, MASK);
    this.stack = readU64(bytes, STACK);
    this.stackFlags = readU32(bytes, STACK + 8);
    this.stackSize = readU64(bytes, STACK + 16);
    return true;
  }
}

@kernelLock const spareFrames = new Pool<SignalFrame>(8);

/** Only the user segments can be returned to; another cs or ss would fault on the way. */
function areSegmentsValid(bytes: StaticArray<u8>): bool {
  if ((readU16(bytes, REGISTERS + 144) | 3) != USER_CS) return false;
  return (readU64(bytes, CONTEXT) & STRICT_SS_FLAG) == 0 || (readU16(bytes, REGISTERS + 150) | 3) == USER_SS;
}
