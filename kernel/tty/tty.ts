// Tty: one terminal. It joins a driver, a line discipline, output processing, settings, window size, flow control, and
// the session it controls; tty-file.ts gives it to programs, tty-ioctl.ts holds its ioctls.
//
// Input: drivers call `receive…` and, at the end of a batch, `endBatch`; both are allowed in interrupts and neither sleep nor
// allocate. Bytes wait in a preallocated ring until a thread hands them to the line discipline (terminal-input.ts), and when that has
// no room; when the ring is nearly full, `canReceive` turns false. The other end of a pty calls `receiveBytes`, which does it at once. Output: `outputDrained` tells that the driver has room again.
// Hanging up bumps `hangups`: descriptions opened before are dead from then on (read: end of file, write: EIO).

import { Errno } from "../abi/errno";
import { UserInOut } from "../mm/user/user-memory";
import { ignore } from "../runtime/ignore";
import { sleepUntil, waitOn } from "../sync/sleep";
import { WaitQueue } from "../sync/wait-queue";
import { Work } from "../sync/work-queue";
import { monotonicNs } from "../time/clock";
import { ControllingTerminal } from "../task/session";
import { leadersHangUp, leaderEnded, signalForegroundOf } from "./job-control";
import { DisciplineHost, LineDiscipline } from "./line-discipline";
import { ReceiveRing } from "./receive-ring";
import { terminalInput } from "./terminal-input";
import { TerminalOutput } from "./terminal-output";
import { Termios } from "./termios";
import { TtyDriver, TtyKind } from "./tty-driver";
import { Signal } from "../abi/signal";

/** TIOCPKT status bits. */
export namespace PacketStatus {
  @inline export const DATA: u32 = 0;
  @inline export const FLUSHREAD: u32 = 1;
  @inline export const FLUSHWRITE: u32 = 2;
  @inline export const STOP: u32 = 4;
  @inline export const START: u32 = 8;
  @inline export const NOSTOP: u32 = 16;
  @inline export const DOSTOP: u32 = 32;
  @inline export const IOCTL: u32 = 64;
}

/** Chunk in which writes reach the driver. */
@inline export const WRITE_CHUNK: i32 = 2048;

/** The tty as its session sees it. */
@final
export class TtyTerminal extends ControllingTerminal {
  constructor(readonly tty: Tty) {
    super();
  }

  get deviceNumber(): u32 {
    return this.tty.device;
  }

  sessionEnded(): void {
    leaderEnded(this.tty);
  }
}

/** Further ioctls of one kind of terminal (pty master, console). */
export abstract class TtyIoctls {
  /** NOT_MINE when the command is none of its own. */
  @sleeps abstract perform(tty: Tty, command: u32, argument: u64, memory: UserInOut): i64;
}

/** "Not mine", from TtyIoctls.perform. */
@inline export const NOT_MINE: i64 = -515;

/** Hands what interrupts have received to the line discipline. */
@final
class InputWork extends Work {
  constructor(private readonly tty: Tty) { super(); }

  run(): void {
    this.tty.handOver();
  }
}

export class Tty extends DisciplineHost {
  readonly termios: Termios = new Termios();
  /** Bits and characters that settings may not change (TIOCSLCKTRMIOS); null: none were ever locked. */
  locks: Termios | null = null;
  output!: TerminalOutput;
  discipline!: LineDiscipline;
  terminal!: TtyTerminal;
  /** struct winsize. */
  rows: u32 = 0;
  columns: u32 = 0;
  widthPixels: u32 = 0;
  heightPixels: u32 = 0;
  /** Readers, and polls for input; writers, and polls for output. */
  readonly readers: WaitQueue = new WaitQueue();
  readonly writers: WaitQueue = new WaitQueue();
  openCount: i32 = 0;
  hangups: u32 = 0;
  extraIoctls: TtyIoctls | null = null;
  /** TIOCEXCL: no further opens but by CAP_SYS_ADMIN. */
  isExclusive: bool = false;
  /** The other end of a pty has been closed. */
  isOtherClosed: bool = false;
  /** The other end of a pty. */
  link: Tty | null = null;
  /** Packet mode, on a pty master (TIOCPKT), and the slave's changes it is to report. */
  isPacket: bool = false;
  packetStatus: u32 = 0;

  private readonly waiting: ReceiveRing = new ReceiveRing();
  private inputWork!: InputWork;
  private isDraining: bool = false;
  private isHeld: bool = false;
  private isThrottled: bool = false;
  private isReading: bool = false;
  private isWriting: bool = false;
  private readonly readTurn: WaitQueue = new WaitQueue();
  private readonly writeTurn: WaitQueue = new WaitQueue();
  /** Bytes on their way from the line discipline to a reader, and from a writer to the driver. */
  readonly readBuffer: StaticArray<u8> = new StaticArray<u8>(4096);
  readonly writeBuffer: StaticArray<u8> = new StaticArray<u8>(WRITE_CHUNK);

  constructor(readonly name: StaticArray<u8>, readonly device: u32, readonly kind: TtyKind, readonly driver: TtyDriver) {
    super();
    this.output = new TerminalOutput(this.termios, driver);
    this.discipline = new LineDiscipline(this, this.termios, this.output);
    this.terminal = new TtyTerminal(this);
    this.inputWork = new InputWork(this);
  }

  get isPty(): bool {
    return this.kind == TtyKind.PTY_MASTER || this.kind == TtyKind.PTY_SLAVE;
  }

  // ---- input from the driver; interrupt context ------------------------------------------------------------------

  /** False while the driver should hold back; `driver.inputRoom` is called when that ends. */
  get canReceive(): bool {
    return this.waiting.room > ReceiveRing.RESERVE;
  }

  /** Takes one byte. */
  receive(byte: u32): void {
    this.waiting.push(ReceiveRing.BYTE | byte);
  }

  receiveBreak(): void {
    this.waiting.push(ReceiveRing.BREAK);
  }

  /** Takes a byte with a parity or framing error. */
  receiveDamaged(byte: u32): void {
    this.waiting.push(ReceiveRing.DAMAGED | byte);
  }

  /** What was received is to be processed soon. */
  endBatch(): void {
    if (!this.waiting.isEmpty) ignore(terminalInput.queue(this.inputWork));
  }

  // ---- input, not from interrupts ----------------------------------------------------------------------------------

  /** Takes one byte and processes it at once (TIOCSTI, flow control of a pty). */
  receiveNow(byte: u32): void {
    if (!this.waiting.isEmpty || !this.discipline.receive(byte)) this.waiting.push(ReceiveRing.BYTE | byte);
    this.finishBatch();
  }

  /** Takes bytes as far as there is room; returns how many, and ends the batch. */
  receiveBytes(bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    let taken = 0;
    if (this.waiting.isEmpty && !this.isHeld) taken = this.discipline.receiveRange(bytes, at, length);
    while (taken < length && this.waiting.room > 0) this.waiting.push(ReceiveRing.BYTE | <u32>bytes[at + taken++]);
    if (!this.isHeld) this.finishBatch();
    return taken;
  }

  /** Until `releaseInput` what is received only waits, where a flush can drop it: echoes while the other end of a pty takes a batch. */
  holdInput(): void {
    this.isHeld = true;
  }

  releaseInput(): void {
    this.isHeld = false;
    if (!this.waiting.isEmpty) this.inputTaken();
  }

  /** Bytes that `receiveBytes` certainly takes. */
  get receiveRoom(): i32 {
    return this.waiting.room;
  }

  private finishBatch(): void {
    this.discipline.finishInput();
    if (!this.isThrottled && this.discipline.wantsThrottle) {
      this.isThrottled = true;
      this.driver.throttle();
    }
  }

  /** Processes now what the thread would process soon: before somebody is told that there is nothing, and before settings change. */
  processInput(): void {
    if (terminalInput.cancel(this.inputWork)) this.handOver();
  }

  /** Hands what has been received to the line discipline, as far as that has room. */
  handOver(): void {
    this.drainWaiting();
    this.finishBatch();
    if (this.canReceive) this.driver.inputRoom();
  }

  /** A byte may have its flush drop what is read already, but not what was received after it: that waits until the byte is dealt with. */
  private drainWaiting(): void {
    if (this.isDraining) return;
    this.isDraining = true;
    const discipline = this.discipline;
    while (!this.waiting.isEmpty) {
      const entry = this.waiting.take();
      const byte = entry & 0xff;
      const kind = entry & 0xff00;
      const isTaken = kind == ReceiveRing.BYTE ? discipline.receive(byte)
        : kind == ReceiveRing.BREAK ? discipline.receiveBreak() : discipline.receiveDamaged(byte);
      if (isTaken) continue;
      this.waiting.putBack();
      break;
    }
    this.isDraining = false;
  }

  /** Readers made room: takes what has been waiting, lets the driver go on. */
  inputTaken(): void {
    if (!this.waiting.isEmpty) {
      this.drainWaiting();
      this.discipline.finishInput();
    }
    if (!this.canReceive) return;
    if (this.isThrottled && this.discipline.wantsUnthrottle) {
      this.isThrottled = false;
      this.driver.unthrottle();
    }
    this.driver.inputRoom();
  }

  // ---- DisciplineHost ---------------------------------------------------------------------------------------------

  startOutput(): void {
    if (!this.isStopped || this.isStoppedByIoctl) return;
    this.resumeOutput();
  }

  stopOutput(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.driver.stop();
    this.packetChange(PacketStatus.STOP, PacketStatus.START);
  }

  /** Lets output go on, whoever stopped it. */
  resumeOutput(): void {
    this.isStopped = false;
    this.driver.start();
    this.packetChange(PacketStatus.START, PacketStatus.STOP);
    this.outputDrained();
  }

  signalForeground(signal: i32): void {
    signalForegroundOf(this, signal);
  }

  inputReady(): void {
    this.readers.wakeAll();
  }

  /** Drops input that the line discipline has not seen. */
  dropWaiting(): void {
    this.waiting.clear();
  }

  flushDriver(): void {
    this.driver.flushOutput();
    this.writers.wakeAll();
  }

  inputFlushed(): void {
    this.packetChange(PacketStatus.FLUSHREAD, 0);
    this.inputTaken();
  }

  /** Reports a change to the master of a pty in packet mode. */
  packetChange(set: u32, clear: u32): void {
    const master = this.link;
    if (master === null || !master.isPacket) return;
    master.packetStatus = (master.packetStatus & ~clear) | set;
    master.readers.wakeAll();
  }

  // ---- output -------------------------------------------------------------------------------------------------------

  /** The driver has room again. Interrupt context. */
  outputDrained(): void {
    if (this.output.hasEchoes) this.output.flushEchoes();
    this.writers.wakeAll();
  }

  /** TCIFLUSH. */
  flushInput(): void {
    this.discipline.flushInput();
    this.waiting.clear();
    this.inputFlushed();
  }

  /** TCOFLUSH. */
  flushOutput(): void {
    this.flushDriver();
    this.packetChange(PacketStatus.FLUSHWRITE, 0);
  }

  /** Waits until everything was sent (tcdrain(3)): 0 or -ERESTARTSYS. Sleeps. */
  @sleeps drain(): i32 {
    while (this.driver.pending > 0) {
      if (this.isStopped && this.openCount == 0) return 0;
      const waited = waitOn(this.writers);
      if (waited < 0) return waited;
    }
    // Nothing tells when the last character has left the shift register: it is looked at after each character's time.
    while (!this.driver.isIdle) {
      const waited = sleepUntil(monotonicNs() + this.termios.characterNs);
      if (waited == -Errno.ERESTARTSYS) return waited;
    }
    return 0;
  }

  // ---- settings -------------------------------------------------------------------------------------------------------

  /** Makes `wanted` the settings, as far as the driver can. */
  changeSettings(wanted: Termios): void {
    this.processInput();
    const before = scratchBefore;
    before.copyFrom(this.termios);
    // Only N_TTY exists; TIOCSETD changes the discipline, not c_line.
    wanted.line = before.line;
    this.termios.copyFrom(wanted);
    const locks = this.locks;
    if (locks !== null) this.termios.keepLocked(locks, before);
    this.driver.settingsChanged(this.termios, before);
    this.discipline.settingsChanged(before);
    this.writers.wakeAll();
    this.readers.wakeAll();
  }

  /** TIOCSWINSZ; SIGWINCH to the foreground group if anything changed. */
  setWindowSize(rows: u32, columns: u32, widthPixels: u32, heightPixels: u32): void {
    if (this.rows == rows && this.columns == columns && this.widthPixels == widthPixels && this.heightPixels == heightPixels) {
      return;
    }
    this.storeWindowSize(rows, columns, widthPixels, heightPixels);
    const other = this.link;
    if (other !== null) {
      other.storeWindowSize(rows, columns, widthPixels, heightPixels);
      signalForegroundOf(other, Signal.WINCH);
    }
    signalForegroundOf(this, Signal.WINCH);
  }

  private storeWindowSize(rows: u32, columns: u32, widthPixels: u32, heightPixels: u32): void {
    this.rows = rows;
    this.columns = columns;
    this.widthPixels = widthPixels;
    this.heightPixels = heightPixels;
  }

  // ---- life -------------------------------------------------------------------------------------------------------------

  /** One more description: 0 or -errno. */
  opened(): i32 {
    if (this.openCount == 0) {
      const result = this.driver.open();
      if (result < 0) return result;
    }
    this.openCount++;
    return 0;
  }

  /** A description of generation `hangups` is gone. */
  closed(): void {
    if (--this.openCount > 0) return;
    this.isExclusive = false;
    this.discipline.flushInput();
    this.waiting.clear();
    if (this.isStopped) this.resumeOutput();
    this.driver.close();
  }

  /** Hangs the line up: open descriptions die, the session loses its terminal. `signalGroup`: the foreground group gets SIGHUP. */
  hangUp(signalGroup: bool): void {
    this.hangups++;
    leadersHangUp(this, signalGroup);
    this.discipline.flushInput();
    this.waiting.clear();
    this.output.dropEchoes();
    this.isStoppedByIoctl = false;
    if (this.isStopped) this.resumeOutput();
    this.driver.hangUp();
    this.wakeEverybody();
  }

  wakeEverybody(): void {
    this.readers.wakeAll();
    this.writers.wakeAll();
    this.readTurn.wakeAll();
    this.writeTurn.wakeAll();
  }

  // ---- turns: one reader and one writer at a time -----------------------------------------------------------------------

  /** Becomes the reader: 0, -EAGAIN, -ERESTARTSYS. Sleeps unless `isNonBlocking`. */
  @sleeps beginRead(isNonBlocking: bool): i32 {
    while (this.isReading) {
      if (isNonBlocking) return -Errno.EAGAIN;
      const waited = waitOn(this.readTurn);
      if (waited < 0) return waited;
    }
    this.isReading = true;
    return 0;
  }

  endRead(): void {
    this.isReading = false;
    this.readTurn.wakeOne();
  }

  @sleeps beginWrite(isNonBlocking: bool): i32 {
    while (this.isWriting) {
      if (isNonBlocking) return -Errno.EAGAIN;
      const waited = waitOn(this.writeTurn);
      if (waited < 0) return waited;
    }
    this.isWriting = true;
    return 0;
  }

  endWrite(): void {
    this.isWriting = false;
    this.writeTurn.wakeOne();
  }

  get isWriteLocked(): bool {
    return this.isWriting;
  }
}

@scratch const scratchBefore = new Termios();
