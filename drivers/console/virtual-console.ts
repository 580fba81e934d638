// VirtualConsole: one of the terminals tty1, tty2 … on the display: a Terminal, its parser and its tty.
//
// Only the console in the foreground draws. Output is applied at once, whatever its length, so the driver's room never ends
// unless output is stopped. Nothing here sleeps or allocates after construction.

import { bytesOf } from "../../kernel/runtime/text/bytes";
import { Tty } from "../../kernel/tty/tty";
import { TtyDriver, TtyKind } from "../../kernel/tty/tty-driver";
import { InputFlag } from "../../kernel/tty/termios";
import { makeDevice } from "../../kernel/vfs/inode/device-number";
import { Display } from "./display";
import { EscapeParser } from "./escape-parser";
import { Terminal, TerminalHost } from "./terminal";

const TTY_MAJOR: u32 = 4;
/** What one write may take. */
const ROOM: i32 = 4096;

/** Keyboard state of a console, as ioctl_console(2) knows it. */
@final
export class KeyboardState {
  /** K_RAW 0, K_XLATE 1, K_MEDIUMRAW 2, K_UNICODE 3, K_OFF 4. */
  mode: u32 = 3;
  /** KD_TEXT 0, KD_GRAPHICS 1. */
  displayMode: u32 = 0;
  isCapsLock: bool = false;
  isNumLock: bool = false;
  isScrollLock: bool = false;
}

/** Answers of the terminal go to its tty as input. */
@final
class ReplyHost extends TerminalHost {
  tty: Tty | null = null;

  reply(bytes: StaticArray<u8>, length: i32): void {
    const tty = this.tty;
    if (tty === null) return;
    for (let i = 0; i < length; i++) tty.receive(<u32>bytes[i]);
    tty.endBatch();
  }

  ring(): void {}
}

@final
export class VirtualConsole extends TtyDriver {
  terminal!: Terminal;
  readonly keyboard: KeyboardState = new KeyboardState();
  tty!: Tty;
  isForeground: bool = false;
  private parser!: EscapeParser;
  private readonly host: ReplyHost = new ReplyHost();

  constructor(readonly number: i32, private readonly display: Display) {
    super();
    this.terminal = new Terminal(display.columns, display.rows, this.host);
    this.parser = new EscapeParser(this.terminal);
  }

  /** Makes the tty. Apart from the constructor, because it needs the whole object. */
  createTty(): Tty {
    const name = bytesOf("tty" + this.number.toString());
    const tty = new Tty(name, makeDevice(TTY_MAJOR, <u32>this.number), TtyKind.CONSOLE, this);
    tty.termios.iflag |= InputFlag.IUTF8;
    tty.rows = <u32>this.display.rows;
    tty.columns = <u32>this.display.columns;
    this.tty = tty;
    this.host.tty = tty;
    return tty;
  }

  write(bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    if (this.tty.isStopped) return 0;
    this.put(bytes, at, length);
    return length;
  }

  /** Applies output and shows it. For the log, too. */
  put(bytes: StaticArray<u8>, at: i32, length: i32): void {
    for (let i = 0; i < length; i++) this.parser.feed(<u32>bytes[at + i]);
    this.refresh();
  }

  get room(): i32 {
    return this.tty.isStopped ? 0 : ROOM;
  }

  /** Shows what changed, if this console is in the foreground and in text mode. */
  refresh(): void {
    if (!this.isForeground || this.keyboard.displayMode != 0) return;
    const terminal = this.terminal;
    this.display.show(terminal.grid);
    this.display.setCursor(terminal.x, terminal.y, terminal.isCursorShown);
  }

  /** Comes to the foreground or leaves it. */
  setForeground(isOn: bool): void {
    this.isForeground = isOn;
    if (isOn) this.terminal.grid.markAll();
    this.refresh();
  }
}
