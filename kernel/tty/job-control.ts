// Job control of terminals: who may read and write, which group is in the foreground, what a hang-up does
// (credentials(7), tcsetpgrp(3), ioctl_tty(2), POSIX.1 chapter 11.1).
//
// The session holds its terminal and the terminal its session; both change together, here only. Nothing here sleeps,
// except that signals may be sent, which wakes others.

import { Errno } from "../abi/errno";
import { Process } from "../task/process";
import { ProcessGroup, Session } from "../task/session";
import { signalProcess, signalProcessGroup } from "../task/signal/signal";
import { Task } from "../task/task";
import { Capability } from "../vfs/credentials";
import { Tty, TtyTerminal } from "./tty";
import { Signal, signalBit } from "../abi/signal";
import { currentTask } from "../task/current";

/** True if the tty controls the session of the process. */
export function controls(tty: Tty, process: Process): bool {
  return process.session.terminal === tty.terminal;
}

/** The tty that controls the process's session, or null (/dev/tty: ENXIO). */
export function controllingTty(process: Process): Tty | null {
  const terminal = process.session.terminal;
  return terminal === null ? null : (<TtyTerminal>terminal).tty;
}

export function isSessionLeader(process: Process): bool {
  return process.session.pid === process.pid;
}

/**
 * May the current task do what only the foreground may? `signal` is SIGTTIN or SIGTTOU. 0: yes; -EIO: no, and nobody could
 * change that; -ERESTARTSYS: its group was sent the signal.
 */
export function checkForeground(tty: Tty, signal: i32): i32 {
  const task = currentTask();
  const group = task.process.group;
  if (!controls(tty, task.process)) return 0;
  const foreground = tty.terminal.foreground;
  if (foreground === null || foreground === group) return 0;
  const bit = signalBit(signal);
  if ((task.blocked & bit) != 0 || (task.actions.ignored & bit) != 0) return signal == Signal.TTIN ? -Errno.EIO : 0;
  if (group.isOrphaned()) return -Errno.EIO;
  signalProcessGroup(group, signal);
  return -Errno.ERESTARTSYS;
}

/** Sends a signal to the foreground group, if there is one. Interrupt context allowed. */
export function signalForegroundOf(tty: Tty, signal: i32): void {
  const group = tty.terminal.foreground;
  if (group !== null) signalProcessGroup(group, signal);
}

/** Makes the tty control the session of `process`, whose group comes to the foreground. */
function attach(tty: Tty, process: Process): void {
  const session = process.session;
  tty.terminal.session = session;
  tty.terminal.foreground = process.group;
  session.terminal = tty.terminal;
}

/** Ends the tie between the tty and its session. */
function detach(tty: Tty): void {
  const session = tty.terminal.session;
  if (session !== null && session.terminal === tty.terminal) session.terminal = null;
  tty.terminal.session = null;
  tty.terminal.foreground = null;
}

/** A session leader without terminal opened a tty (without O_NOCTTY): it becomes its controlling terminal if it is free. */
export function acquireOnOpen(tty: Tty, task: Task): void {
  const process = task.process;
  if (!isSessionLeader(process) || process.session.terminal !== null || tty.terminal.session !== null) return;
  attach(tty, process);
}

/** TIOCSCTTY. `canRead`: the description may be read. */
export function setControllingTerminal(tty: Tty, task: Task, steal: bool, canRead: bool): i32 {
  const process = task.process;
  const isLeader = isSessionLeader(process);
  if (isLeader && tty.terminal.session === process.session) return 0;
  if (!isLeader || process.session.terminal !== null) return -Errno.EPERM;
  const isAdmin = task.credentials.has(Capability.SYS_ADMIN);
  if (tty.terminal.session !== null) {
    if (!steal || !isAdmin) return -Errno.EPERM;
    detach(tty);
  }
  if (!canRead && !isAdmin) return -Errno.EPERM;
  attach(tty, process);
  return 0;
}

/** TIOCNOTTY by a session leader: the session loses its terminal, the foreground group gets SIGHUP and SIGCONT. */
export function giveUpTerminal(tty: Tty, process: Process): i32 {
  if (!controls(tty, process)) return -Errno.ENOTTY;
  // A member that is not the leader would lose only its own tie, which a session of ours does not have.
  if (!isSessionLeader(process)) return -Errno.EPERM;
  const group = tty.terminal.foreground;
  detach(tty);
  if (group !== null) {
    signalProcessGroup(group, Signal.HUP);
    signalProcessGroup(group, Signal.CONT);
  }
  return 0;
}

/** The session leader has exited. A line is hung up; on a pty the foreground group gets SIGHUP. */
export function leaderEnded(tty: Tty): void {
  if (!tty.isPty) {
    tty.hangUp(true);
    return;
  }
  const group = tty.terminal.foreground;
  detach(tty);
  if (group !== null) signalProcessGroup(group, Signal.HUP);
}

/** Part of a hang-up: signals the session leader (and, if asked, the foreground group) and ends the tie. */
export function leadersHangUp(tty: Tty, signalGroup: bool): void {
  const session = tty.terminal.session;
  const group = tty.terminal.foreground;
  detach(tty);
  if (session !== null) {
    const leader = session.pid.process;
    if (leader !== null && !leader.isZombie) {
      signalProcess(leader, Signal.HUP);
      signalProcess(leader, Signal.CONT);
    }
  }
  if (signalGroup && group !== null) signalProcessGroup(group, Signal.HUP);
}

/** TIOCGPGRP: the foreground group's number (0: none), or -ENOTTY. `isMaster`: asked through a pty master. */
export function foregroundNumber(tty: Tty, process: Process, isMaster: bool): i32 {
  if (!isMaster && !controls(tty, process)) return -Errno.ENOTTY;
  const group = tty.terminal.foreground;
  return group === null ? 0 : group.id;
}

/** TIOCGSID. */
export function sessionNumber(tty: Tty, process: Process, isMaster: bool): i32 {
  if (!isMaster && !controls(tty, process)) return -Errno.ENOTTY;
  const session = tty.terminal.session;
  return session === null ? -Errno.ENOTTY : session.id;
}

/** What TIOCSPGRP requires before it looks at its argument. */
export function checkSetForeground(tty: Tty): i32 {
  const checked = checkForeground(tty, Signal.TTOU);
  return checked == -Errno.EIO ? -Errno.ENOTTY : checked;
}

/** TIOCSPGRP with group number `id`. */
export function setForeground(tty: Tty, process: Process, id: i32): i32 {
  if (id < 0) return -Errno.EINVAL;
  const session: Session = process.session;
  if (!controls(tty, process) || tty.terminal.session !== session) return -Errno.ENOTTY;
  const pid = process.namespaces.pids.find(id);
  if (pid === null) return -Errno.ESRCH;
  const group: ProcessGroup | null = pid.group;
  if (group === null || group.session !== session) return -Errno.EPERM;
  tty.terminal.foreground = group;
  return 0;
}
