// ioctls of terminals (ioctl_tty(2)). Commands of the console and of pty masters are in TtyIoctls of their own.
//
// On the master of a pty, settings, window size and process groups are those of the slave. May sleep (draining output,
// breaks, user memory).

import { Errno } from "../abi/errno";
import { UserInOut } from "../mm/user/user-memory";
import { ignore } from "../runtime/ignore";
import { sleepUntil } from "../sync/sleep";
import { monotonicNs } from "../time/clock";
import { Capability } from "../vfs/credentials";
import {
  checkForeground, checkSetForeground, controls, foregroundNumber, giveUpTerminal, sessionNumber, setControllingTerminal,
  setForeground,
} from "./job-control";
import { ControlCharacter, ControlFlag, DISABLED_CHARACTER, TERMIO_SIZE, TERMIOS2_SIZE, TERMIOS_SIZE, Termios } from "./termios";
import { NOT_MINE, Tty } from "./tty";
import { TtyFile } from "./tty-file";
import { NS_PER_MILLISECOND } from "../abi/time";
import { Signal } from "../abi/signal";
import { TtyCommand } from "../abi/ioctl";
import { currentThread } from "../sync/cpu";
import { currentTask } from "../task/current";

/** sizeof(struct serial_struct) */
const SERIAL_SIZE: u32 = 72;

/** Performs an ioctl on an open terminal. */
@sleeps export function ttyIoctl(file: TtyFile, command: u32, argument: u64, memory: UserInOut): i64 {
  const tty = file.tty;
  if (file.isHungUp) return command == TtyCommand.TIOCSPGRP ? -Errno.ENOTTY : -Errno.EIO;
  const slave = tty.link;
  const real = file.isMaster && slave !== null ? slave : tty;
  let result = settingsIoctl(real, command, memory);
  if (result == NOT_MINE) result = sessionIoctl(file, real, command, argument, memory);
  if (result == NOT_MINE) result = lineIoctl(tty, real, command, argument, memory);
  if (result == NOT_MINE) result = modemIoctl(tty, command, memory);
  const extra = tty.extraIoctls;
  if (result == NOT_MINE && extra !== null) result = extra.perform(tty, command, argument, memory);
  // A slave has no other end to open.
  if (result == NOT_MINE && command == TtyCommand.TIOCGPTPEER) return -Errno.EIO;
  return result == NOT_MINE ? -Errno.ENOTTY : result;
}

// ---- settings ---------------------------------------------------------------------------------------------------------

/** Waits before settings change, and flushes input. */
const enum SetWhen {
  NOW,
  DRAINED,
  FLUSHED,
}

const enum Layout {
  TERMIOS,
  TERMIOS2,
  TERMIO,
}

@sleeps function settingsIoctl(tty: Tty, command: u32, memory: UserInOut): i64 {
  switch (command) {
    case TtyCommand.TCGETS: return getSettings(tty, Layout.TERMIOS, memory);
    case TtyCommand.TCGETS2: return getSettings(tty, Layout.TERMIOS2, memory);
    case TtyCommand.TCGETA: return getSettings(tty, Layout.TERMIO, memory);
    case TtyCommand.TCSETS: return setSettings(tty, Layout.TERMIOS, SetWhen.NOW, memory);
    case TtyCommand.TCSETSW: return setSettings(tty, Layout.TERMIOS, SetWhen.DRAINED, memory);
    case TtyCommand.TCSETSF: return setSettings(tty, Layout.TERMIOS, SetWhen.FLUSHED, memory);
    case TtyCommand.TCSETS2: return setSettings(tty, Layout.TERMIOS2, SetWhen.NOW, memory);
    case TtyCommand.TCSETSW2: return setSettings(tty, Layout.TERMIOS2, SetWhen.DRAINED, memory);
    case TtyCommand.TCSETSF2: return setSettings(tty, Layout.TERMIOS2, SetWhen.FLUSHED, memory);
    case TtyCommand.TCSETA: return setSettings(tty, Layout.TERMIO, SetWhen.NOW, memory);
    case TtyCommand.TCSETAW: return setSettings(tty, Layout.TERMIO, SetWhen.DRAINED, memory);
    case TtyCommand.TCSETAF: return setSettings(tty, Layout.TERMIO, SetWhen.FLUSHED, memory);
    case TtyCommand.TIOCGLCKTRMIOS: return getLocks(tty, memory);
    case TtyCommand.TIOCSLCKTRMIOS: return setLocks(tty, memory);
    // What is set is read first, though no driver here has settings of that kind.
    case TtyCommand.TIOCSSERIAL: return memory.fetch(SERIAL_SIZE) < 0 ? -Errno.EFAULT : NOT_MINE;
    case TtyCommand.TIOCGSOFTCAR:
      return memory.writeU32(0, (tty.termios.cflag & ControlFlag.CLOCAL) != 0 ? 1 : 0);
    case TtyCommand.TIOCSSOFTCAR: {
      const read = memory.readU32(0);
      if (read < 0) return read;
      const wanted = new Termios();
      wanted.copyFrom(tty.termios);
      wanted.cflag = (wanted.cflag & ~ControlFlag.CLOCAL) | (memory.value != 0 ? ControlFlag.CLOCAL : 0);
      tty.changeSettings(wanted);
      return 0;
    }
    default: return NOT_MINE;
  }
}

@sleeps function getLocks(tty: Tty, memory: UserInOut): i64 {
  const bytes = new StaticArray<u8>(TERMIOS_SIZE);
  const locks = tty.locks;
  if (locks !== null) locks.store(bytes);
  return memory.writeBytes(0, bytes, 0, TERMIOS_SIZE);
}

@sleeps function setLocks(tty: Tty, memory: UserInOut): i64 {
  if (!currentTask().credentials.has(Capability.SYS_ADMIN)) return -Errno.EPERM;
  const bytes = new StaticArray<u8>(TERMIOS_SIZE);
  if (memory.readBytes(0, bytes, 0, TERMIOS_SIZE) < 0) return -Errno.EFAULT;
  const locks = new Termios();
  locks.load(bytes);
  tty.locks = locks;
  return 0;
}

function layoutSize(layout: Layout): i32 {
  return layout == Layout.TERMIOS ? TERMIOS_SIZE : layout == Layout.TERMIOS2 ? TERMIOS2_SIZE : TERMIO_SIZE;
}

@sleeps function getSettings(tty: Tty, layout: Layout, memory: UserInOut): i64 {
  const bytes = new StaticArray<u8>(TERMIOS2_SIZE);
  if (layout == Layout.TERMIOS) tty.termios.store(bytes);
  else if (layout == Layout.TERMIOS2) tty.termios.store2(bytes);
  else tty.termios.storeTermio(bytes);
  return memory.writeBytes(0, bytes, 0, layoutSize(layout));
}

@sleeps function setSettings(tty: Tty, layout: Layout, when: SetWhen, memory: UserInOut): i64 {
  const allowed = checkForeground(tty, Signal.TTOU);
  if (allowed < 0) return allowed;
  const bytes = new StaticArray<u8>(TERMIOS2_SIZE);
  const read = memory.readBytes(0, bytes, 0, layoutSize(layout));
  if (read < 0) return read;
  const wanted = new Termios();
  wanted.copyFrom(tty.termios);
  if (layout == Layout.TERMIOS) wanted.load(bytes);
  else if (layout == Layout.TERMIOS2) wanted.load2(bytes);
  else wanted.loadTermio(bytes);
  if (when == SetWhen.FLUSHED) tty.flushInput();
  if (when != SetWhen.NOW) {
    const drained = tty.drain();
    if (drained < 0) return drained;
  }
  tty.changeSettings(wanted);
  return 0;
}

// ---- sessions and groups ----------------------------------------------------------------------------------------------

@sleeps function sessionIoctl(file: TtyFile, real: Tty, command: u32, argument: u64, memory: UserInOut): i64 {
  const task = currentTask();
  const process = task.process;
  switch (command) {
    case TtyCommand.TIOCSCTTY:
      return setControllingTerminal(file.tty, task, argument == 1, file.canRead);
    case TtyCommand.TIOCNOTTY:
      return giveUpTerminal(file.tty, process);
    case TtyCommand.TIOCGPGRP: {
      const number = foregroundNumber(real, process, file.isMaster);
      return number < 0 ? number : memory.writeI32(0, number);
    }
    case TtyCommand.TIOCGSID: {
      const number = sessionNumber(real, process, file.isMaster);
      return number < 0 ? number : memory.writeI32(0, number);
    }
    case TtyCommand.TIOCSPGRP: {
      const allowed = checkSetForeground(real);
      if (allowed < 0) return allowed;
      const read = memory.readU32(0);
      return read < 0 ? read : setForeground(real, process, <i32><u32>memory.value);
    }
    case TtyCommand.TIOCVHANGUP:
      if (!task.credentials.has(Capability.SYS_ADMIN)) return -Errno.EPERM;
      file.tty.hangUp(false);
      return 0;
    case TtyCommand.TIOCEXCL:
      file.tty.isExclusive = true;
      return 0;
    case TtyCommand.TIOCNXCL:
      file.tty.isExclusive = false;
      return 0;
    case TtyCommand.TIOCGEXCL:
      return memory.writeU32(0, file.tty.isExclusive ? 1 : 0);
    case TtyCommand.TIOCGDEV:
      return memory.writeU32(0, real.device);
    default:
      return NOT_MINE;
  }
}

// ---- the line -----------------------------------------------------------------------------------------------------------

@sleeps function lineIoctl(tty: Tty, real: Tty, command: u32, argument: u64, memory: UserInOut): i64 {
  switch (command) {
    case TtyCommand.TIOCGWINSZ: return getWindowSize(real, memory);
    case TtyCommand.TIOCSWINSZ: return setWindowSize(real, memory);
    case TtyCommand.TIOCINQ:
      tty.processInput();
      return memory.writeI32(0, tty.discipline.readableCount());
    case TtyCommand.TIOCOUTQ: return memory.writeI32(0, tty.driver.pending);
    case TtyCommand.TCFLSH: return flush(tty, <u32>argument);
    case TtyCommand.TCXONC: return controlFlow(tty, <u32>argument);
    case TtyCommand.TIOCSTI: return simulateInput(tty, memory);
    case TtyCommand.TIOCGETD: return memory.writeU32(0, 0);
    case TtyCommand.TIOCSETD: {
      const allowed = checkForeground(tty, Signal.TTOU);
      if (allowed < 0) return allowed;
      const read = memory.readU32(0);
      if (read < 0) return read;
      return <u32>memory.value == 0 ? 0 : -Errno.EINVAL;
    }
    case TtyCommand.TCSBRK: return sendBreak(tty, <u32>argument == 0 ? 250 : 0);
    case TtyCommand.TCSBRKP: return sendBreak(tty, <u32>argument == 0 ? 250 : <u64><u32>argument * 100);
    case TtyCommand.TIOCSBRK: return holdBreak(tty);
    case TtyCommand.TIOCCBRK: {
      const allowed = checkForeground(tty, Signal.TTOU);
      return allowed < 0 ? allowed : tty.driver.setBreak(false);
    }
    default: return NOT_MINE;
  }
}

@sleeps function getWindowSize(tty: Tty, memory: UserInOut): i64 {
  const bytes = new StaticArray<u8>(8);
  storeU16(bytes, 0, tty.rows);
  storeU16(bytes, 2, tty.columns);
  storeU16(bytes, 4, tty.widthPixels);
  storeU16(bytes, 6, tty.heightPixels);
  return memory.writeBytes(0, bytes, 0, 8);
}

function storeU16(bytes: StaticArray<u8>, at: i32, value: u32): void {
  bytes[at] = <u8>value;
  bytes[at + 1] = <u8>(value >> 8);
}

@sleeps function setWindowSize(tty: Tty, memory: UserInOut): i64 {
  const fetched = memory.fetch(8);
  if (fetched < 0) return fetched;
  tty.setWindowSize(memory.u16(0), memory.u16(2), memory.u16(4), memory.u16(6));
  return 0;
}

/** TCFLSH: 0 input, 1 output, 2 both. */
function flush(tty: Tty, what: u32): i64 {
  const allowed = checkForeground(tty, Signal.TTOU);
  if (allowed < 0) return allowed;
  if (what > 2) return -Errno.EINVAL;
  if (what != 1) tty.flushInput();
  if (what != 0) tty.flushOutput();
  return 0;
}

/** TCXONC: 0 stop output, 1 restart it, 2 ask the other side to stop, 3 to go on. */
function controlFlow(tty: Tty, action: u32): i64 {
  const allowed = checkForeground(tty, Signal.TTOU);
  if (allowed < 0) return allowed;
  switch (action) {
    case 0:
      if (!tty.isStoppedByIoctl) {
        tty.isStoppedByIoctl = true;
        tty.stopOutput();
      }
      return 0;
    case 1:
      if (tty.isStoppedByIoctl) {
        tty.isStoppedByIoctl = false;
        tty.resumeOutput();
      }
      return 0;
    case 2:
    case 3: {
      const byte = tty.termios.character(action == 2 ? ControlCharacter.VSTOP : ControlCharacter.VSTART);
      if (byte != DISABLED_CHARACTER) tty.driver.sendUrgent(byte);
      return 0;
    }
    default:
      return -Errno.EINVAL;
  }
}

/** TIOCSTI: the byte arrives as if typed. */
@sleeps function simulateInput(tty: Tty, memory: UserInOut): i64 {
  const task = currentTask();
  if (!controls(tty, task.process) && !task.credentials.has(Capability.SYS_ADMIN)) return -Errno.EPERM;
  const read = memory.readU8(0);
  if (read < 0) return read;
  tty.receiveNow(<u32>memory.value & 0xff);
  return 0;
}

/** Drains output, then holds a break for so long. */
@sleeps function sendBreak(tty: Tty, milliseconds: u64): i64 {
  const allowed = checkForeground(tty, Signal.TTOU);
  if (allowed < 0) return allowed;
  if (tty.drain() < 0) return -Errno.EINTR;
  if (milliseconds == 0 || tty.isPty) return 0;
  const begun = tty.driver.setBreak(true);
  if (begun < 0) return begun;
  // A signal may end the break early; what counts is asked below.
  ignore(sleepUntil(monotonicNs() + milliseconds * NS_PER_MILLISECOND));
  ignore(tty.driver.setBreak(false));
  return currentThread().signalPending ? -Errno.EINTR : 0;
}

@sleeps function holdBreak(tty: Tty): i64 {
  const allowed = checkForeground(tty, Signal.TTOU);
  if (allowed < 0) return allowed;
  if (tty.drain() < 0) return -Errno.EINTR;
  return tty.driver.setBreak(true);
}

@sleeps function modemIoctl(tty: Tty, command: u32, memory: UserInOut): i64 {
  if (command == TtyCommand.TIOCMGET) {
    return tty.driver.hasModemLines ? memory.writeU32(0, tty.driver.modemLines) : -Errno.ENOTTY;
  }
  if (command != TtyCommand.TIOCMBIS && command != TtyCommand.TIOCMBIC && command != TtyCommand.TIOCMSET) return NOT_MINE;
  if (!tty.driver.hasModemLines) return -Errno.ENOTTY;
  const read = memory.readU32(0);
  if (read < 0) return read;
  const bits = <u32>memory.value;
  const lines = tty.driver.modemLines;
  tty.driver.setModemLines(command == TtyCommand.TIOCMBIS ? lines | bits : command == TtyCommand.TIOCMBIC ? lines & ~bits : bits);
  return 0;
}
