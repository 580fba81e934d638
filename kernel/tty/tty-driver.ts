// TtyDriver: what a terminal's hardware (or the other end of a pty) does for its tty. Serial ports, the console and
// ptys implement it. No method sleeps or allocates; `write` may be called from an interrupt (echo).

import { Termios } from "./termios";

/** Modem lines, as TIOCMGET reports them. */
export namespace ModemLine {
  @inline export const DTR: u32 = 0x002;
  @inline export const RTS: u32 = 0x004;
  @inline export const CTS: u32 = 0x020;
  @inline export const CAR: u32 = 0x040;
  @inline export const RNG: u32 = 0x080;
  @inline export const DSR: u32 = 0x100;
  @inline export const OUT1: u32 = 0x2000;
  @inline export const OUT2: u32 = 0x4000;
  @inline export const LOOP: u32 = 0x8000;
}

/** What a tty is, for job control and ioctls. */
export const enum TtyKind {
  SERIAL,
  CONSOLE,
  PTY_MASTER,
  PTY_SLAVE,
}

export abstract class TtyDriver {
  /** Takes bytes for output; returns how many were taken (0 when full). The tty calls it again after `Tty.outputDrained`. */
  abstract write(bytes: StaticArray<u8>, at: i32, length: i32): i32;

  /** Bytes that `write` would take now. */
  abstract get room(): i32;

  /** Bytes taken but not yet sent. */
  get pending(): i32 { return 0; }

  /** True once the hardware has sent everything (the shift register included). */
  get isIdle(): bool { return this.pending == 0; }

  /** First open, and last close. `open` returns 0 or -errno. */
  open(): i32 { return 0; }
  close(): void {}

  /** Output was stopped (^S, TCOOFF), or may go on. */
  stop(): void {}
  start(): void {}

  /** The input buffer is nearly full, or nearly empty again: flow control on the line. */
  throttle(): void {}
  unthrottle(): void {}

  /** Called after each read: the tty can take input (`Tty.canReceive`), whether or not it could before. */
  inputRoom(): void {}

  /** Drops what `write` took and was not sent. */
  flushOutput(): void {}

  /** Settings changed; the driver corrects in `now` what the hardware cannot do. */
  settingsChanged(now: Termios, before: Termios): void {}

  /** Sends one byte before all others (flow control). */
  sendUrgent(byte: u32): void {}

  /** Starts or ends a break condition; -ENOTTY when there is no such thing. */
  setBreak(isOn: bool): i32 { return 0; }

  /** The line was hung up. */
  hangUp(): void {}

  /** True if this hardware has modem lines (TIOCMGET and TIOCMSET work). */
  get hasModemLines(): bool { return false; }
  get modemLines(): u32 { return 0; }
  setModemLines(lines: u32): void {}
}
