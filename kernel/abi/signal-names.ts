// Names of signals on x86-64 as signal(7) spells them, for strace text and the kernel log.

import { Signal } from "./signal";

/** "SIGINT"; real-time signals are SIGRT_n as strace prints them; other numbers as such. */
export function signalName(number: i32): string {
  switch (number) {
    case Signal.HUP: return "SIGHUP";
    case Signal.INT: return "SIGINT";
    case Signal.QUIT: return "SIGQUIT";
    case Signal.ILL: return "SIGILL";
    case Signal.TRAP: return "SIGTRAP";
    case Signal.ABRT: return "SIGABRT";
    case Signal.BUS: return "SIGBUS";
    case Signal.FPE: return "SIGFPE";
    case Signal.KILL: return "SIGKILL";
    case Signal.USR1: return "SIGUSR1";
    case Signal.SEGV: return "SIGSEGV";
    case Signal.USR2: return "SIGUSR2";
    case Signal.PIPE: return "SIGPIPE";
    case Signal.ALRM: return "SIGALRM";
    case Signal.TERM: return "SIGTERM";
    case Signal.STKFLT: return "SIGSTKFLT";
    case Signal.CHLD: return "SIGCHLD";
    case Signal.CONT: return "SIGCONT";
    case Signal.STOP: return "SIGSTOP";
    case Signal.TSTP: return "SIGTSTP";
    case Signal.TTIN: return "SIGTTIN";
    case Signal.TTOU: return "SIGTTOU";
    case Signal.URG: return "SIGURG";
    case Signal.XCPU: return "SIGXCPU";
    case Signal.XFSZ: return "SIGXFSZ";
    case Signal.VTALRM: return "SIGVTALRM";
    case Signal.PROF: return "SIGPROF";
    case Signal.WINCH: return "SIGWINCH";
    case Signal.IO: return "SIGIO";
    case Signal.PWR: return "SIGPWR";
    case Signal.SYS: return "SIGSYS";
    case Signal.RT_MIN: return "SIGRTMIN";
    default:
      if (number > Signal.RT_MIN && number <= Signal.MAX) return "SIGRT_" + (number - Signal.RT_MIN).toString();
      return number.toString();
  }
}
