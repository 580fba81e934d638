// TtyFile: an open file description of a terminal: read, write, poll and what hanging up leaves of them.
//
// A reader waits for a line, or for VMIN and VTIME; one reader and one writer at a time are served, others wait for
// their turn. Reading and writing sleep, `poll` does not. Specification: termios(3), "Canonical and noncanonical mode";
// POSIX.1 chapter 11.

import { Errno } from "../abi/errno";
import { IoDestination, IoSource } from "../mm/user/io-buffer";
import { UserInOut } from "../mm/user/user-memory";
import { Poller } from "../sync/poll";
import { waitOn } from "../sync/sleep";
import { monotonicNs, realtimeNs } from "../time/clock";
import { NEVER } from "../time/timer";
import { OpenFile } from "../vfs/file/open-file";
import { checkForeground } from "./job-control";
import { ControlCharacter, LocalFlag } from "./termios";
import { Tty, WRITE_CHUNK } from "./tty";
import { TtyKind } from "./tty-driver";
import { ttyIoctl } from "./tty-ioctl";
import { Signal } from "../abi/signal";
import { PollEvent } from "../abi/poll";
import { currentThread } from "../sync/cpu";

const TENTH_OF_SECOND_NS: u64 = 100_000_000;
/** A terminal with fewer unsent bytes than this is writable for poll(2). */
const WRITABLE_BELOW: i32 = 256;

export class TtyFile extends OpenFile {
  private readonly generation: u32;
  /** The last read met the end of a line or a status: it is complete. */
  private isReadComplete: bool = false;

  /** `isConsole`: opened as /dev/console, which survives hang-ups. The tty has been opened (`Tty.opened`). */
  constructor(readonly tty: Tty, flags: u32, readonly isConsole: bool) {
    super(flags);
    this.generation = tty.hangups;
  }

  get isHungUp(): bool {
    return !this.isConsole && this.generation != this.tty.hangups;
  }

  released(): void {
    this.tty.closed();
  }

  // ---- reading ------------------------------------------------------------------------------------------------------

  canSpliceFrom(): bool { return true; }
  canSpliceInto(): bool { return true; }

  @sleeps read(to: IoDestination): i64 {
    const tty = this.tty;
    if (this.isHungUp) return 0;
    const allowed = checkForeground(tty, Signal.TTIN);
    if (allowed < 0) return allowed;
    const begun = tty.beginRead(this.isNonBlocking);
    if (begun < 0) return begun;
    const result = this.readInTurn(to);
    tty.endRead();
    const inode = this.inode;
    if (result > 0 && inode !== null) inode.accessNs = coarseTime(inode.accessNs);
    return result;
  }

  @sleeps private readInTurn(to: IoDestination): i64 {
    const tty = this.tty;
    let least: u32 = 0;
    let betweenNs: u64 = 0;
    let deadline = NEVER;
    let waits = true;
    if (!(tty.termios.lflag & LocalFlag.ICANON)) {
      least = tty.termios.character(ControlCharacter.VMIN);
      const time = <u64>tty.termios.character(ControlCharacter.VTIME) * TENTH_OF_SECOND_NS;
      if (least > 0) {
        betweenNs = time;
      } else {
        least = 1;
        waits = time > 0;
        deadline = monotonicNs() + time;
      }
    }
    let total: u64 = 0;
    while (to.remaining > 0) {
      const moved = this.tryRead(to, total);
      if (moved >= 0) {
        total += <u64>moved;
        tty.inputTaken();
        if (this.isReadComplete || total >= <u64>least) break;
        if (betweenNs > 0) deadline = monotonicNs() + betweenNs;
        continue;
      }
      if (moved != -Errno.EAGAIN) return total > 0 ? <i64>total : moved;
      if (tty.isOtherClosed) return total > 0 ? <i64>total : -Errno.EIO;
      if (this.isHungUp || !waits) break;
      if (this.isNonBlocking) return total > 0 ? <i64>total : -Errno.EAGAIN;
      const waited = waitOn(tty.readers, deadline);
      if (waited == -Errno.ETIMEDOUT) waits = false;
      else if (waited < 0) return total > 0 ? <i64>total : waited;
    }
    return <i64>total;
  }

  /** Moves what is there: bytes moved (0: end of file), -EAGAIN if nothing is, -EFAULT. */
  @sleeps private tryRead(to: IoDestination, before: u64): i64 {
    const tty = this.tty;
    const master = tty.isPacket ? tty : null;
    const slave = tty.link;
    this.isReadComplete = false;
    const buffer = tty.readBuffer;
    let at = 0;
    if (master !== null && slave !== null && master.packetStatus != 0) {
      this.isReadComplete = true;
      if (before > 0) return 0;
      buffer[0] = <u8>master.packetStatus;
      master.packetStatus = 0;
      return to.putBytes(buffer, 0, 1);
    }
    const discipline = tty.discipline;
    if (!discipline.isReadable()) {
      tty.processInput();
      if (!discipline.isReadable()) return -Errno.EAGAIN;
    }
    if (master !== null && before == 0) buffer[at++] = 0;
    const limit = <i32>min<u64>(to.remaining, <u64>buffer.length) - at;
    let count = at;
    if (discipline.isLineMode) {
      count += discipline.input.takeLine(buffer, at, limit);
      this.isReadComplete = true;
    } else {
      count += discipline.input.take(buffer, at, limit);
      if (count - at == 1 && discipline.isLoneEnd(<u32>buffer[at])) {
        this.isReadComplete = true;
        count = at;
      }
    }
    if (count == 0) return 0;
    const put = to.putBytes(buffer, 0, count);
    if (put < <i64>count) this.isReadComplete = true;
    return put;
  }

  // ---- writing ------------------------------------------------------------------------------------------------------

  @sleeps write(from: IoSource): i64 {
    const tty = this.tty;
    if (this.isHungUp) return -Errno.EIO;
    if (tty.termios.lflag & LocalFlag.TOSTOP) {
      const allowed = checkForeground(tty, Signal.TTOU);
      if (allowed < 0) return allowed;
    }
    const begun = tty.beginWrite(this.isNonBlocking);
    if (begun < 0) return begun;
    const result = this.writeInTurn(from);
    tty.endWrite();
    const inode = this.inode;
    if (result > 0 && inode !== null) inode.modifyNs = coarseTime(inode.modifyNs);
    return result;
  }

  @sleeps private writeInTurn(from: IoSource): i64 {
    const tty = this.tty;
    let total: i64 = 0;
    do {
      const wanted = <i32>min<u64>(from.remaining, <u64>WRITE_CHUNK);
      const taken = from.takeToBytes(tty.writeBuffer, 0, wanted);
      if (taken < 0) return total > 0 ? total : taken;
      let sent: i32 = 0;
      while (sent < <i32>taken || taken == 0) {
        if (this.isHungUp || tty.isOtherClosed) return total > 0 ? total : -Errno.EIO;
        if (taken == 0) break;
        if (tty.output.hasEchoes) tty.output.flushEchoes();
        const count = tty.output.write(tty.writeBuffer, sent, <i32>taken - sent);
        sent += count;
        total += <i64>count;
        if (sent == <i32>taken) break;
        if (currentThread().signalPending) return total > 0 ? total : -Errno.ERESTARTSYS;
        if (this.isNonBlocking) return total > 0 ? total : -Errno.EAGAIN;
        const waited = waitOn(tty.writers);
        if (waited < 0) return total > 0 ? total : waited;
      }
      if (taken < <i64>wanted) break;
    } while (from.remaining > 0);
    return total;
  }

  // ---- the rest -----------------------------------------------------------------------------------------------------

  poll(poller: Poller | null): u32 {
    const tty = this.tty;
    if (this.isHungUp) {
      return PollEvent.IN | PollEvent.RDNORM | PollEvent.OUT | PollEvent.WRNORM | PollEvent.ERR | PollEvent.HUP;
    }
    if (poller !== null) {
      poller.watch(tty.readers);
      poller.watch(tty.writers);
    }
    tty.processInput();
    const cc = tty.termios;
    const time = cc.character(ControlCharacter.VTIME);
    const least = time == 0 ? max<u32>(1, cc.character(ControlCharacter.VMIN)) : 1;
    let events: u32 = 0;
    if (tty.discipline.isReadable(least)) events |= PollEvent.IN | PollEvent.RDNORM;
    if (tty.isPacket && tty.packetStatus != 0) events |= PollEvent.PRI | PollEvent.IN | PollEvent.RDNORM;
    if (tty.isOtherClosed) events |= PollEvent.HUP;
    if (!tty.isWriteLocked && tty.driver.pending < WRITABLE_BELOW && tty.driver.room > 0) {
      events |= PollEvent.OUT | PollEvent.WRNORM;
    }
    return events;
  }

  @sleeps ioctl(command: u32, argument: u64, memory: UserInOut): i64 {
    return ttyIoctl(this, command, argument, memory);
  }

  /** True for the master side of a pty. */
  get isMaster(): bool {
    return this.tty.kind == TtyKind.PTY_MASTER;
  }
}

/** Times of terminals advance in steps of eight seconds, so that they do not tell how somebody types. */
function coarseTime(before: i64): i64 {
  const seconds = <i64>realtimeNs() / 1_000_000_000;
  return ((seconds ^ (before / 1_000_000_000)) & ~7) != 0 ? seconds * 1_000_000_000 : before;
}
