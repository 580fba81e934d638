// LineDiscipline: the input side of a terminal (N_TTY): special characters, line editing, echo, flow control, signals.
//
// `receive` takes one byte from the driver (interrupt or the other end of a pty) and may echo, signal, stop output and
// wake readers through its host; `finishInput` ends a batch. When it has no room, `receive` refuses the byte: the tty keeps
// it. A line under construction never blocks: when the buffer is full of one unfinished line, the last byte is
// overwritten, so that its end always fits. Nothing here sleeps or allocates.
// Specification: termios(3); behaviour of N_TTY on Linux, recorded in line-discipline.test.ts.

import { InputBuffer, INPUT_BUFFER_SIZE } from "./input-buffer";
import { LineEditor } from "./line-editor";
import { TerminalOutput, toLower } from "./terminal-output";
import { ControlCharacter, DISABLED_CHARACTER, InputFlag, LocalFlag, Termios } from "./termios";
import { Signal } from "../abi/signal";

/** Bytes of free room below which the sender is told to stop, and bytes held up to which it may go on. */
@inline const THROTTLE_ROOM: u32 = 128;
@inline const UNTHROTTLE_USED: u32 = 128;

/** What a line discipline asks of its tty. No method may sleep. */
export abstract class DisciplineHost {
  /** Output is held back by the stop character (or TCXONC). */
  isStopped: bool = false;
  /** Output is held back by TCXONC: typing does not restart it. */
  isStoppedByIoctl: bool = false;

  abstract startOutput(): void;
  abstract stopOutput(): void;
  /** A signal to the foreground process group; false if there is none. */
  abstract signalForeground(signal: i32): void;
  /** Something became readable. */
  abstract inputReady(): void;
  /** Drops what the driver has not sent. */
  abstract flushDriver(): void;
  /** Input was flushed by a signal character (packet mode tells the master). */
  abstract inputFlushed(): void;
}

@final
export class LineDiscipline {
  readonly input: InputBuffer = new InputBuffer();
  private editor!: LineEditor;
  private isCanonical: bool = true;
  /** Nothing needs looking at: bytes pass as they are. */
  private isRaw: bool = false;
  /** The next character is taken literally (VLNEXT). */
  private isLiteral: bool = false;
  /** Bytes that have a meaning with the present settings. */
  private readonly special: StaticArray<bool> = new StaticArray<bool>(256);

  constructor(readonly host: DisciplineHost, readonly termios: Termios, readonly output: TerminalOutput) {
    this.editor = new LineEditor(this.input, termios, output);
    this.settingsChanged(null);
  }

  get isLineMode(): bool {
    return this.isCanonical && !(this.termios.lflag & LocalFlag.EXTPROC);
  }

  /** True if a read would return something; `least` is the number of bytes that counts in raw mode. */
  isReadable(least: u32 = 1): bool {
    const input = this.input;
    return this.isLineMode ? input.canonHead != input.tail : input.commitHead - input.tail >= least;
  }

  /** Takes one byte; false if there is no room for it now. */
  receive(byte: u32): bool {
    if (!this.makeRoom()) return false;
    if (this.isRaw) {
      this.input.push(byte);
    } else {
      this.receiveProcessed(byte);
    }
    return true;
  }

  /** Takes bytes as far as there is room; returns how many. */
  receiveRange(bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    if (this.isRaw) {
      const room = <i32>(INPUT_BUFFER_SIZE - 1 - this.input.used);
      const taken = min<i32>(max<i32>(room, 0), length);
      this.input.pushRange(bytes, at, taken);
      return taken;
    }
    let taken = 0;
    while (taken < length && this.receive(<u32>bytes[at + taken])) taken++;
    return taken;
  }

  /** Takes a break condition. */
  receiveBreak(): bool {
    if (!this.makeRoom()) return false;
    const iflag = this.termios.iflag;
    if (iflag & InputFlag.IGNBRK) return true;
    if (iflag & InputFlag.BRKINT) {
      this.signalAndFlush(Signal.INT);
      return true;
    }
    if (iflag & InputFlag.PARMRK) {
      this.input.push(0xff);
      this.input.push(0);
    }
    this.input.push(0);
    return true;
  }

  /** Takes a byte with a parity or framing error. */
  receiveDamaged(byte: u32): bool {
    if (!this.makeRoom()) return false;
    const iflag = this.termios.iflag;
    if (!(iflag & InputFlag.INPCK)) {
      this.input.push(byte);
    } else if (!(iflag & InputFlag.IGNPAR)) {
      if (iflag & InputFlag.PARMRK) {
        this.input.push(0xff);
        this.input.push(0);
        this.input.push(byte);
      } else {
        this.input.push(0);
      }
    }
    return true;
  }

  /** Ends a batch of `receive`: sends echoes, publishes raw input. */
  finishInput(): void {
    this.output.flushEchoes();
    if (this.isLineMode) return;
    this.input.commitHead = this.input.head;
    if (this.input.used > 0) this.host.inputReady();
  }

  /** The sender should pause: little room is left (a line under construction always has room). */
  get wantsThrottle(): bool {
    const input = this.input;
    if (this.isCanonical && input.canonHead == input.tail) return false;
    return INPUT_BUFFER_SIZE - input.used < THROTTLE_ROOM;
  }

  get wantsUnthrottle(): bool {
    return this.input.used <= UNTHROTTLE_USED;
  }

  /** Bytes a read could return (FIONREAD). */
  readableCount(): i32 {
    return this.isLineMode ? this.input.canonicalCount() : <i32>this.input.used;
  }

  /** With EXTPROC lines are the other end's matter, but its end-of-file character alone still ends a read. */
  isLoneEnd(byte: u32): bool {
    const bits = LocalFlag.ICANON | LocalFlag.EXTPROC;
    if ((this.termios.lflag & bits) != bits || this.input.used != 0) return false;
    return this.termios.isCharacter(ControlCharacter.VEOF, byte);
  }

  /** Drops all input. */
  flushInput(): void {
    this.input.reset();
    this.editor.isErasing = false;
    this.isLiteral = false;
  }

  /** Adapts to `termios`; `before` is null at the start. */
  settingsChanged(before: Termios | null): void {
    const now = this.termios;
    const lineBits = LocalFlag.ICANON | LocalFlag.EXTPROC;
    if (before === null || (before.lflag ^ now.lflag) & lineBits) {
      this.input.resetLines((now.lflag & LocalFlag.ICANON) != 0);
      this.editor.isErasing = false;
      this.isLiteral = false;
    }
    this.isCanonical = (now.lflag & LocalFlag.ICANON) != 0;
    const looked = InputFlag.ISTRIP | InputFlag.IUCLC | InputFlag.IGNCR | InputFlag.ICRNL | InputFlag.INLCR |
      InputFlag.IXON | InputFlag.PARMRK;
    this.isRaw = !(now.iflag & looked) && !(now.lflag & (LocalFlag.ICANON | LocalFlag.ISIG | LocalFlag.ECHO));
    this.mapSpecialCharacters();
    if (before !== null && (before.iflag & InputFlag.IXON) && !(now.iflag & InputFlag.IXON) &&
        !this.host.isStoppedByIoctl) {
      this.host.startOutput();
      this.output.flushEchoes();
    }
  }

  private mapSpecialCharacters(): void {
    const special = this.special;
    for (let i = 0; i < 256; i++) special[i] = false;
    const iflag = this.termios.iflag;
    const lflag = this.termios.lflag;
    if (iflag & (InputFlag.IGNCR | InputFlag.ICRNL)) special[0x0d] = true;
    if (iflag & InputFlag.INLCR) special[0x0a] = true;
    if (lflag & LocalFlag.ICANON) {
      special[0x0a] = true;
      this.mark(ControlCharacter.VERASE);
      this.mark(ControlCharacter.VKILL);
      this.mark(ControlCharacter.VEOF);
      this.mark(ControlCharacter.VEOL);
      if (lflag & LocalFlag.IEXTEN) {
        this.mark(ControlCharacter.VWERASE);
        this.mark(ControlCharacter.VLNEXT);
        this.mark(ControlCharacter.VEOL2);
        if (lflag & LocalFlag.ECHO) this.mark(ControlCharacter.VREPRINT);
      }
    }
    if (iflag & InputFlag.IXON) {
      this.mark(ControlCharacter.VSTART);
      this.mark(ControlCharacter.VSTOP);
    }
    if (lflag & LocalFlag.ISIG) {
      this.mark(ControlCharacter.VINTR);
      this.mark(ControlCharacter.VQUIT);
      this.mark(ControlCharacter.VSUSP);
    }
    special[<i32>DISABLED_CHARACTER] = false;
  }

  private mark(index: i32): void {
    this.special[<i32>this.termios.character(index)] = true;
  }

  private makeRoom(): bool {
    const input = this.input;
    let room = <i32>(INPUT_BUFFER_SIZE - input.used);
    if (this.termios.iflag & InputFlag.PARMRK) room = (room + 2) / 3;
    room--;
    if (room > 0) return true;
    const isOneLine = this.isCanonical && input.canonHead == input.tail;
    if (!isOneLine) {
      return false;
    }
    // With PARMRK a character may take three bytes: go back so far that they fit.
    const needed: u32 = this.termios.iflag & InputFlag.PARMRK ? 3 : 1;
    while (INPUT_BUFFER_SIZE - input.used < needed) input.head--;
    return true;
  }

  private receiveProcessed(byte: u32): void {
    const termios = this.termios;
    const isExternal = (termios.lflag & LocalFlag.EXTPROC) != 0;
    const wasLiteral = this.isLiteral;
    this.isLiteral = false;
    if (termios.iflag & InputFlag.ISTRIP) byte &= 0x7f;
    if ((termios.iflag & InputFlag.IUCLC) && (termios.lflag & LocalFlag.IEXTEN)) byte = toLower(byte);
    if (isExternal) {
      this.input.push(byte);
    } else if (!wasLiteral && this.special[<i32>byte]) {
      this.receiveSpecial(byte);
    } else {
      this.restartOnAnyKey();
      this.addCharacter(byte, false);
    }
  }

  private receiveSpecial(byte: u32): void {
    const termios = this.termios;
    if ((termios.iflag & InputFlag.IXON) && this.controlFlow(byte)) return;
    if ((termios.lflag & LocalFlag.ISIG) && this.raiseSignal(byte)) return;
    this.restartOnAnyKey();
    if (byte == 0x0d) {
      if (termios.iflag & InputFlag.IGNCR) return;
      if (termios.iflag & InputFlag.ICRNL) byte = 0x0a;
    } else if (byte == 0x0a && (termios.iflag & InputFlag.INLCR)) {
      byte = 0x0d;
    }
    if (this.isCanonical && this.receiveEditing(byte)) return;
    this.addCharacter(byte, byte == 0x0a);
  }

  /** Echoes and stores a character that has no meaning of its own. */
  private addCharacter(byte: u32, echoUnchanged: bool): void {
    const termios = this.termios;
    if (termios.lflag & LocalFlag.ECHO) {
      this.editor.finishErasing();
      if (echoUnchanged) {
        this.output.echoRaw(byte);
      } else {
        if (this.input.canonHead == this.input.head) this.output.echoLineStart();
        this.output.echo(byte);
      }
    }
    this.store(byte);
  }

  private store(byte: u32): void {
    if (byte == 0xff && (this.termios.iflag & InputFlag.PARMRK)) this.input.push(byte);
    this.input.push(byte);
  }

  private controlFlow(byte: u32): bool {
    if (this.termios.isCharacter(ControlCharacter.VSTART, byte)) {
      this.host.startOutput();
      this.output.flushEchoes();
      return true;
    }
    if (this.termios.isCharacter(ControlCharacter.VSTOP, byte)) {
      this.host.stopOutput();
      return true;
    }
    return false;
  }

  private restartOnAnyKey(): void {
    const both = InputFlag.IXON | InputFlag.IXANY;
    if (!this.host.isStopped || this.host.isStoppedByIoctl || (this.termios.iflag & both) != both) return;
    this.host.startOutput();
    this.output.flushEchoes();
  }

  private raiseSignal(byte: u32): bool {
    let signal = 0;
    if (this.termios.isCharacter(ControlCharacter.VINTR, byte)) signal = Signal.INT;
    else if (this.termios.isCharacter(ControlCharacter.VQUIT, byte)) signal = Signal.QUIT;
    else if (this.termios.isCharacter(ControlCharacter.VSUSP, byte)) signal = Signal.TSTP;
    else return false;
    this.signalAndFlush(signal);
    if (this.termios.iflag & InputFlag.IXON) this.host.startOutput();
    // Sent with the batch's other echoes: a further signal character in it drops this one, too.
    if (this.termios.lflag & LocalFlag.ECHO) this.output.echo(byte);
    return true;
  }

  private signalAndFlush(signal: i32): void {
    this.host.signalForeground(signal);
    if (this.termios.lflag & LocalFlag.NOFLSH) return;
    this.output.dropEchoes();
    this.host.flushDriver();
    this.flushInput();
    this.host.inputFlushed();
  }

  /** Characters that edit or end a line; true if `byte` was one. */
  private receiveEditing(byte: u32): bool {
    const termios = this.termios;
    const isExtended = (termios.lflag & LocalFlag.IEXTEN) != 0;
    const isEchoed = (termios.lflag & LocalFlag.ECHO) != 0;
    if (this.editor.edit(byte, isExtended)) return true;
    if (isExtended && termios.isCharacter(ControlCharacter.VLNEXT, byte)) {
      this.isLiteral = true;
      if (isEchoed) this.editor.echoLiteralPrompt();
      return true;
    }
    if (isExtended && isEchoed && termios.isCharacter(ControlCharacter.VREPRINT, byte)) {
      this.editor.reprint(byte);
      return true;
    }
    if (byte == 0x0a) {
      if (termios.lflag & (LocalFlag.ECHO | LocalFlag.ECHONL)) this.output.echoRaw(0x0a);
      this.endLine(0x0a);
      return true;
    }
    if (termios.isCharacter(ControlCharacter.VEOF, byte)) {
      this.endLine(DISABLED_CHARACTER);
      return true;
    }
    const isLineEnd = termios.isCharacter(ControlCharacter.VEOL, byte) ||
      (isExtended && termios.isCharacter(ControlCharacter.VEOL2, byte));
    if (!isLineEnd) return false;
    if (isEchoed) {
      if (this.input.canonHead == this.input.head) this.output.echoLineStart();
      this.output.echo(byte);
    }
    if (byte == 0xff && (termios.iflag & InputFlag.PARMRK)) this.input.push(byte);
    this.endLine(byte);
    return true;
  }

  private endLine(byte: u32): void {
    this.input.pushLineEnd(byte);
    this.host.inputReady();
  }
}
