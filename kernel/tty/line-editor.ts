// LineEditor: erasing in the line under construction (ERASE, WERASE, KILL), REPRINT, and the echo that goes with it.
//
// Works on the part of the input buffer behind the last finished line. Nothing here sleeps or allocates.
// Specification: termios(3), ECHOE, ECHOK, ECHOKE, ECHOPRT; behaviour of N_TTY on Linux.

import { InputBuffer } from "./input-buffer";
import { TerminalOutput, isAlphanumeric, isControl } from "./terminal-output";
import { ControlCharacter, InputFlag, LocalFlag, Termios } from "./termios";

const enum Erase {
  CHARACTER,
  WORD,
  LINE,
}

@inline const BACKSPACE: u32 = 0x08;
@inline const SPACE: u32 = 0x20;

@final
export class LineEditor {
  /** Erased characters are being shown between backslash and slash (ECHOPRT). */
  isErasing: bool = false;

  constructor(readonly input: InputBuffer, readonly termios: Termios, readonly output: TerminalOutput) {}

  /** Performs the character if it erases; true if it did. */
  edit(byte: u32, isExtended: bool): bool {
    const termios = this.termios;
    if (termios.isCharacter(ControlCharacter.VERASE, byte)) {
      this.erase(Erase.CHARACTER);
    } else if (termios.isCharacter(ControlCharacter.VKILL, byte)) {
      this.kill();
    } else if (isExtended && termios.isCharacter(ControlCharacter.VWERASE, byte)) {
      this.erase(Erase.WORD);
    } else {
      return false;
    }
    return true;
  }

  /** Ends the list of erased characters of ECHOPRT. */
  finishErasing(): void {
    if (!this.isErasing) return;
    this.output.echoRaw(0x2f);
    this.isErasing = false;
  }

  /** Shows that the next character is taken literally. */
  echoLiteralPrompt(): void {
    this.finishErasing();
    if (!(this.termios.lflag & LocalFlag.ECHOCTL)) return;
    this.output.echoRaw(0x5e);
    this.output.echoRaw(BACKSPACE);
  }

  /** Shows the line under construction again, on a new line. */
  reprint(byte: u32): void {
    this.finishErasing();
    this.output.echo(byte);
    this.output.echoRaw(0x0a);
    for (let at = this.input.canonHead; at != this.input.head; at++) this.output.echo(this.input.byteAt(at));
  }

  private kill(): void {
    const input = this.input;
    if (input.head == input.canonHead) return;
    const lflag = this.termios.lflag;
    if (!(lflag & LocalFlag.ECHO)) {
      input.head = input.canonHead;
      return;
    }
    const visibly = LocalFlag.ECHOK | LocalFlag.ECHOKE | LocalFlag.ECHOE;
    if ((lflag & visibly) == visibly) {
      this.erase(Erase.LINE);
      return;
    }
    input.head = input.canonHead;
    this.finishErasing();
    this.output.echo(this.termios.character(ControlCharacter.VKILL));
    if (lflag & LocalFlag.ECHOK) this.output.echoRaw(0x0a);
  }

  private erase(what: Erase): void {
    const input = this.input;
    if (input.head == input.canonHead) return;
    const isEchoed = (this.termios.lflag & LocalFlag.ECHO) != 0;
    let isInWord = false;
    while (input.head != input.canonHead) {
      const start = this.startOfLastCharacter();
      const byte = input.byteAt(start);
      if (this.isContinuation(byte)) break;
      if (what == Erase.WORD) {
        if (isAlphanumeric(byte) || byte == 0x5f) isInWord = true;
        else if (isInWord) break;
      }
      const end = input.head;
      input.head = start;
      if (isEchoed) this.echoErased(what, byte, start, end);
      if (what == Erase.CHARACTER) break;
    }
    if (isEchoed && input.head == input.canonHead) this.finishErasing();
  }

  private startOfLastCharacter(): u32 {
    const input = this.input;
    let at = input.head - 1;
    while (at != input.canonHead && this.isContinuation(input.byteAt(at))) at--;
    return at;
  }

  private isContinuation(byte: u32): bool {
    return (this.termios.iflag & InputFlag.IUTF8) != 0 && (byte & 0xc0) == 0x80;
  }

  /** Shows that the character in positions `start .. end`, whose first byte is `byte`, is gone. */
  private echoErased(what: Erase, byte: u32, start: u32, end: u32): void {
    const lflag = this.termios.lflag;
    const output = this.output;
    if (lflag & LocalFlag.ECHOPRT) {
      if (!this.isErasing) {
        output.echoRaw(0x5c);
        this.isErasing = true;
      }
      output.echo(byte);
      for (let at = start + 1; at != end; at++) {
        output.echoRaw(this.input.byteAt(at));
        output.echoBackColumn();
      }
    } else if (what == Erase.CHARACTER && !(lflag & LocalFlag.ECHOE)) {
      output.echo(this.termios.character(ControlCharacter.VERASE));
    } else if (byte == 0x09) {
      this.echoErasedTab(start);
    } else {
      if (isControl(byte) && (lflag & LocalFlag.ECHOCTL)) this.echoRubOut();
      if (!isControl(byte) || (lflag & LocalFlag.ECHOCTL)) this.echoRubOut();
    }
  }

  private echoRubOut(): void {
    this.output.echoRaw(BACKSPACE);
    this.output.echoRaw(SPACE);
    this.output.echoRaw(BACKSPACE);
  }

  /** Counts the columns typed before the tab, back to the line's start or another tab. */
  private echoErasedTab(tab: u32): void {
    const input = this.input;
    let columns: u32 = 0;
    let isAfterTab = false;
    for (let at = tab; at != input.canonHead;) {
      const byte = input.byteAt(--at);
      if (byte == 0x09) {
        isAfterTab = true;
        break;
      }
      if (isControl(byte)) {
        if (this.termios.lflag & LocalFlag.ECHOCTL) columns += 2;
      } else if (!this.isContinuation(byte)) {
        columns++;
      }
    }
    this.output.echoEraseTab(columns, isAfterTab);
  }
}
