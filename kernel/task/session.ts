// Process groups, sessions, and the terminal that controls a session (credentials(7), setsid(2), tty_ioctl(4)).
//
// A group exists while it has members, a session while it has groups; their numbers are not given to new processes
// meanwhile (pid.ts). The terminal side is abstract here: kernel/tty extends ControllingTerminal. Nothing sleeps.

import { Pid } from "./pid";
import { Process } from "./process";

/** What a session knows of its terminal. */
export abstract class ControllingTerminal {
  /** The session that it controls, or null. */
  session: Session | null = null;
  /** The foreground process group, or null. */
  foreground: ProcessGroup | null = null;

  /** dev_t as stat(2) encodes it, for /proc/PID/stat. */
  abstract get deviceNumber(): u32;
  /** The session leader has exited or gave the terminal up (TIOCNOTTY): forget the session. */
  abstract sessionEnded(): void;
}

@final
export class Session {
  terminal: ControllingTerminal | null = null;
  groupCount: i32 = 0;

  constructor(readonly pid: Pid) {
    pid.session = this;
  }

  get id(): i32 { return this.pid.number; }
}

@final
export class ProcessGroup {
  /** Members, linked by Process.groupNext. */
  first: Process | null = null;

  constructor(readonly pid: Pid, readonly session: Session) {
    pid.group = this;
    session.groupCount++;
  }

  get id(): i32 { return this.pid.number; }
  get isEmpty(): bool { return this.first === null; }

  add(process: Process): void {
    const first = this.first;
    process.groupNext = first;
    process.groupPrevious = null;
    if (first !== null) first.groupPrevious = process;
    this.first = process;
    process.group = this;
  }

  remove(process: Process): void {
    const next = process.groupNext;
    const previous = process.groupPrevious;
    if (previous === null) this.first = next;
    else previous.groupNext = next;
    if (next !== null) next.groupPrevious = previous;
    process.groupNext = null;
    process.groupPrevious = null;
    if (this.first === null) this.ended();
  }

  /**
   * True if no member has a parent in another group of the same session (setpgid(2)): nobody could continue its
   * stopped members. `except` does not count: a process about to leave.
   */
  isOrphaned(except: Process | null = null): bool {
    let member = this.first;
    while (member !== null) {
      if (member !== except && !(member.isZombie && member.threadCount == 0)) {
        const parent = member.parent;
        if (parent !== null && parent.tgid != 1 && parent.group !== this && parent.session === this.session) return false;
      }
      member = member.groupNext;
    }
    return true;
  }

  /** True if a member is stopped by job control. */
  get hasStopped(): bool {
    let member = this.first;
    while (member !== null) {
      if (member.isStopped) return true;
      member = member.groupNext;
    }
    return false;
  }

  private ended(): void {
    const session = this.session;
    const terminal = session.terminal;
    if (terminal !== null && terminal.foreground === this) terminal.foreground = null;
    this.pid.group = null;
    this.pid.freeIfUnused();
    session.groupCount--;
    if (session.groupCount > 0) return;
    session.pid.session = null;
    session.pid.freeIfUnused();
  }
}
