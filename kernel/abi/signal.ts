// Signals of Linux on x86-64: numbers, si_code, sa_flags, ss_flags (signal(7), sigaction(2), sigaltstack(2)), and which
// signals share a default action.

/** Signal numbers on x86-64. */
export namespace Signal {
  @inline export const HUP: i32 = 1;
  @inline export const INT: i32 = 2;
  @inline export const QUIT: i32 = 3;
  @inline export const ILL: i32 = 4;
  @inline export const TRAP: i32 = 5;
  @inline export const ABRT: i32 = 6;
  @inline export const BUS: i32 = 7;
  @inline export const FPE: i32 = 8;
  @inline export const KILL: i32 = 9;
  @inline export const USR1: i32 = 10;
  @inline export const SEGV: i32 = 11;
  @inline export const USR2: i32 = 12;
  @inline export const PIPE: i32 = 13;
  @inline export const ALRM: i32 = 14;
  @inline export const TERM: i32 = 15;
  @inline export const STKFLT: i32 = 16;
  @inline export const CHLD: i32 = 17;
  @inline export const CONT: i32 = 18;
  @inline export const STOP: i32 = 19;
  @inline export const TSTP: i32 = 20;
  @inline export const TTIN: i32 = 21;
  @inline export const TTOU: i32 = 22;
  @inline export const URG: i32 = 23;
  @inline export const XCPU: i32 = 24;
  @inline export const XFSZ: i32 = 25;
  @inline export const VTALRM: i32 = 26;
  @inline export const PROF: i32 = 27;
  @inline export const WINCH: i32 = 28;
  @inline export const IO: i32 = 29;
  @inline export const PWR: i32 = 30;
  @inline export const SYS: i32 = 31;
  /** First real-time signal as the kernel counts. */
  @inline export const RT_MIN: i32 = 32;
  /** Highest signal. */
  @inline export const MAX: i32 = 64;
}

/** si_code values (sigaction(2)). */
export namespace SignalCode {
  @inline export const USER: i32 = 0;
  @inline export const KERNEL: i32 = 0x80;
  @inline export const QUEUE: i32 = -1;
  @inline export const TIMER: i32 = -2;
  @inline export const MESSAGE_QUEUE: i32 = -3;
  @inline export const ASYNC_IO: i32 = -4;
  @inline export const SIGIO: i32 = -5;
  @inline export const TKILL: i32 = -6;
  @inline export const DETHREAD: i32 = -7;
  /** SI_ASYNCNL */
  @inline export const ASYNC_NAME: i32 = -60;
  @inline export const FPE_INTDIV: i32 = 1;
  @inline export const FPE_INTOVF: i32 = 2;
  @inline export const FPE_FLTDIV: i32 = 3;
  @inline export const FPE_FLTOVF: i32 = 4;
  @inline export const FPE_FLTUND: i32 = 5;
  @inline export const FPE_FLTRES: i32 = 6;
  @inline export const FPE_FLTINV: i32 = 7;
  @inline export const ILL_ILLOPN: i32 = 2;
  @inline export const SEGV_MAPERR: i32 = 1;
  @inline export const SEGV_ACCERR: i32 = 2;
  @inline export const BUS_ADRALN: i32 = 1;
  @inline export const BUS_ADRERR: i32 = 2;
  @inline export const TRAP_BRKPT: i32 = 1;
  @inline export const TRAP_TRACE: i32 = 2;
  @inline export const CLD_EXITED: i32 = 1;
  @inline export const CLD_KILLED: i32 = 2;
  @inline export const CLD_DUMPED: i32 = 3;
  @inline export const CLD_TRAPPED: i32 = 4;
  @inline export const CLD_STOPPED: i32 = 5;
  @inline export const CLD_CONTINUED: i32 = 6;
  @inline export const POLL_IN: i32 = 1;
}

/** The bit of a signal in a mask. */
@inline
export function signalBit(number: i32): u64 {
  return (<u64>1) << <u64>(number - 1);
}

/** Signals that cannot be blocked, caught or ignored. */
@inline export const UNBLOCKABLE: u64 = 0x40100;
/** STOP, TSTP, TTIN, TTOU */
@inline export const STOP_SIGNALS: u64 = 0x3c0000;
/** Signals that faults raise; they come first, so that the frame shows the fault. */
@inline export const SYNCHRONOUS: u64 = 0x400004d8;
/** CHLD, CONT, URG, WINCH: ignored by default. */
@inline export const IGNORED_BY_DEFAULT: u64 = 0x8430000;
/** Those whose default action dumps core: QUIT ILL TRAP ABRT BUS FPE SEGV XCPU XFSZ SYS. */
@inline export const CORE_DUMPS: u64 = 0x418004fc;

/** sa_flags */
export namespace ActionFlag {
  @inline export const NOCLDSTOP: u64 = 1;
  @inline export const NOCLDWAIT: u64 = 2;
  @inline export const SIGINFO: u64 = 4;
  @inline export const UNSUPPORTED: u64 = 0x400;
  /** Accepted; there are no tag bits on x86-64. */
  @inline export const EXPOSE_TAGBITS: u64 = 0x800;
  @inline export const RESTORER: u64 = 0x04000000;
  @inline export const ONSTACK: u64 = 0x08000000;
  @inline export const RESTART: u64 = 0x10000000;
  @inline export const NODEFER: u64 = 0x40000000;
  @inline export const RESETHAND: u64 = 0x80000000;
  /** Flags the kernel knows; others are cleared, so that programs can find out (sigaction(2)). */
  @inline export const KNOWN: u64 = 0xdc000807;
}

/** Special values of sa_handler. */
@inline export const SIG_DFL: u64 = 0;
@inline export const SIG_IGN: u64 = 1;

/** ss_flags of stack_t */
export namespace StackFlag {
  @inline export const ONSTACK: u32 = 1;
  @inline export const DISABLE: u32 = 2;
  @inline export const AUTODISARM: u32 = 0x8000_0000;
}

/** sizeof(siginfo_t) */
@inline export const SIGINFO_SIZE: i32 = 128;
