// TerminalOutput: output processing (c_oflag) with column tracking, and the queue of echoes.
//
// Echoes are queued as small operations rather than bytes, because what erases a tab depends on the column at the time
// it is sent. They go to the driver as far as it has room; the rest waits (`flushEchoes` is called again). An echo
// is never waited for: when the queue is full the oldest makes way. Nothing here sleeps or allocates.
// Specification: termios(3), c_oflag and ECHOCTL; behaviour of N_TTY on Linux.

import { ignore } from "../runtime/ignore";
import { LocalFlag, OutputFlag, InputFlag, Termios } from "./termios";
import { TtyDriver } from "./tty-driver";

/** Echo operations: the high byte of an entry. */
@inline const ECHO_BYTE: u32 = 0x000;
/** "^" and the byte with bit 6 flipped. */
@inline const ECHO_CARET: u32 = 0x100;
@inline const ECHO_BACK_COLUMN: u32 = 0x200;
/** The line being edited starts at the present column. */
@inline const ECHO_LINE_START: u32 = 0x300;
/** Backspaces over a tab; the low byte holds the columns before it, and 0x80 if they follow another tab. */
@inline const ECHO_ERASE_TAB: u32 = 0x400;

@inline const ECHO_SIZE: u32 = 2048;
/** Linux marks operations by this byte; itself it is echoed without processing and takes a column. */
@inline const ECHOED_AS_IS: u32 = 0xff;
@inline const SPACE: u8 = 0x20;

/** ASCII control characters, as iscntrl(3) in the C locale. */
@inline
export function isControl(byte: u32): bool {
  return byte < 0x20 || byte == 0x7f;
}

/** Letters and digits, those of ISO 8859-1 included. */
export function isAlphanumeric(byte: u32): bool {
  return byte - 0x30 < 10 || (byte | 0x20) - 0x61 < 26 || (byte >= 0xc0 && byte != 0xd7 && byte != 0xf7);
}

export function toLower(byte: u32): u32 {
  const isUpper = byte - 0x41 < 26 || (byte >= 0xc0 && byte <= 0xde && byte != 0xd7);
  return isUpper ? byte + 32 : byte;
}

export function toUpper(byte: u32): u32 {
  const isLower = byte - 0x61 < 26 || (byte >= 0xe0 && byte != 0xf7);
  return isLower ? byte - 32 : byte;
}

@final
export class TerminalOutput {
  /** Column of the cursor, as far as the bytes sent tell. */
  column: u32 = 0;
  /** Column in which the line being edited starts. */
  private canonColumn: u32 = 0;
  private readonly echoes: StaticArray<u16> = new StaticArray<u16>(<i32>ECHO_SIZE);
  private echoHead: u32 = 0;
  private echoTail: u32 = 0;
  /** Bytes of one processed character. */
  private readonly small: StaticArray<u8> = new StaticArray<u8>(8);

  constructor(readonly termios: Termios, readonly driver: TtyDriver) {}

  /** Sends bytes, processed as c_oflag says; returns how many were consumed. */
  write(bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    if (!(this.termios.oflag & OutputFlag.OPOST)) return this.driver.write(bytes, at, length);
    const end = at + length;
    let i = at;
    while (i < end) {
      const room = this.driver.room;
      if (room <= 0) break;
      const run = this.plainRun(bytes, i, min(end, i + room));
      if (run > 0) {
        const sent = this.driver.write(bytes, i, run);
        i += sent;
        if (sent < run) break;
      } else {
        if (!this.putProcessed(<u32>bytes[i], room)) break;
        i++;
      }
    }
    return i - at;
  }

  /** Queues a byte that is processed like output. */
  echoRaw(byte: u32): void {
    this.queue(ECHO_BYTE | byte);
  }

  /** Queues a typed character as the user is to see it: control characters as ^X with ECHOCTL. */
  echo(byte: u32): void {
    const asCaret = (this.termios.lflag & LocalFlag.ECHOCTL) != 0 && isControl(byte) && byte != 0x09;
    this.queue((asCaret ? ECHO_CARET : ECHO_BYTE) | byte);
  }

  echoBackColumn(): void {
    this.queue(ECHO_BACK_COLUMN);
  }

  echoLineStart(): void {
    this.queue(ECHO_LINE_START);
  }

  /** Queues the erasure of a tab before which `columns` columns were typed since the line's start or the last tab. */
  echoEraseTab(columns: u32, isAfterTab: bool): void {
    this.queue(ECHO_ERASE_TAB | (columns & 7) | (isAfterTab ? 0x80 : 0));
  }

  /** Sends queued echoes as far as the driver has room. */
  flushEchoes(): void {
    while (this.echoTail != this.echoHead) {
      const entry = <u32>this.echoes[<i32>(this.echoTail & (ECHO_SIZE - 1))];
      if (!this.perform(entry & 0xff00, entry & 0xff)) break;
      this.echoTail++;
    }
  }

  get hasEchoes(): bool {
    return this.echoTail != this.echoHead;
  }

  dropEchoes(): void {
    this.echoTail = this.echoHead;
  }

  private queue(entry: u32): void {
    if (this.echoHead - this.echoTail == ECHO_SIZE) this.echoTail++;
    this.echoes[<i32>(this.echoHead & (ECHO_SIZE - 1))] = <u16>entry;
    this.echoHead++;
  }

  /** False if the driver lacks room. */
  private perform(operation: u32, byte: u32): bool {
    switch (operation) {
      case ECHO_BACK_COLUMN:
        if (this.column > 0) this.column--;
        return true;
      case ECHO_LINE_START:
        this.canonColumn = this.column;
        return true;
      case ECHO_ERASE_TAB:
        return this.eraseTab(byte);
      case ECHO_CARET:
        if (this.driver.room < 2) return false;
        this.small[0] = 0x5e;
        this.small[1] = <u8>(byte ^ 0x40);
        this.emit(2);
        this.column += 2;
        return true;
      default: {
        const room = this.driver.room;
        if (room < 1) return false;
        if (byte == ECHOED_AS_IS) {
          this.column++;
          this.putPlain(byte);
          return true;
        }
        if (this.termios.oflag & OutputFlag.OPOST) return this.putProcessed(byte, room);
        this.putPlain(byte);
        return true;
      }
    }
  }

  private eraseTab(argument: u32): bool {
    let columns = argument & 0x7f;
    // Columns since a tab count from a tab stop; those since the line's start from where that was.
    if (!(argument & 0x80)) columns += this.canonColumn;
    const backspaces = <i32>(8 - (columns & 7));
    if (this.driver.room < backspaces) return false;
    for (let i = 0; i < backspaces; i++) this.small[i] = 0x08;
    this.emit(backspaces);
    this.column = this.column > <u32>backspaces ? this.column - <u32>backspaces : 0;
    return true;
  }

  /** Sends the first bytes of `small`, for which the caller has found room. */
  private emit(length: i32): void {
    ignore(this.driver.write(this.small, 0, length));
  }

  private putPlain(byte: u32): void {
    this.small[0] = <u8>byte;
    this.emit(1);
  }

  /** Length of the run of bytes that need no processing; counts their columns. */
  private plainRun(bytes: StaticArray<u8>, from: i32, end: i32): i32 {
    const isUtf8 = (this.termios.iflag & InputFlag.IUTF8) != 0;
    const isUpperOnly = (this.termios.oflag & OutputFlag.OLCUC) != 0;
    let columns: u32 = 0;
    let i = from;
    for (; i < end; i++) {
      const byte = <u32>bytes[i];
      if (byte >= 0x08 && byte <= 0x0d && byte != 0x0b && byte != 0x0c) break;
      if (isControl(byte)) continue;
      if (isUpperOnly && toUpper(byte) != byte) break;
      if (!isUtf8 || (byte & 0xc0) != 0x80) columns++;
    }
    this.column += columns;
    return i - from;
  }

  /** Sends one byte with its processing; false if `room` does not suffice. */
  private putProcessed(byte: u32, room: i32): bool {
    const oflag = this.termios.oflag;
    switch (byte) {
      case 0x0a:
        return this.putNewline(oflag, room);
      case 0x0d:
        if ((oflag & OutputFlag.ONOCR) && this.column == 0) return true;
        if (!(oflag & OutputFlag.OCRNL)) {
          this.startLine();
          break;
        }
        if (oflag & OutputFlag.ONLRET) this.startLine();
        this.putPlain(0x0a);
        return true;
      case 0x09: {
        const spaces = 8 - (this.column & 7);
        if ((oflag & OutputFlag.TABDLY) != OutputFlag.XTABS) {
          this.column += spaces;
          break;
        }
        if (room < <i32>spaces) return false;
        this.column += spaces;
        for (let i = 0; i < <i32>spaces; i++) this.small[i] = SPACE;
        this.emit(<i32>spaces);
        return true;
      }
      case 0x08:
        if (this.column > 0) this.column--;
        break;
      default:
        if (isControl(byte)) break;
        if (oflag & OutputFlag.OLCUC) byte = toUpper(byte);
        if (!(this.termios.iflag & InputFlag.IUTF8) || (byte & 0xc0) != 0x80) this.column++;
        break;
    }
    this.putPlain(byte);
    return true;
  }

  private putNewline(oflag: u32, room: i32): bool {
    if (oflag & OutputFlag.ONLRET) this.column = 0;
    if (!(oflag & OutputFlag.ONLCR)) {
      this.canonColumn = this.column;
      this.putPlain(0x0a);
      return true;
    }
    if (room < 2) return false;
    this.startLine();
    this.small[0] = 0x0d;
    this.small[1] = 0x0a;
    this.emit(2);
    return true;
  }

  private startLine(): void {
    this.column = 0;
    this.canonColumn = 0;
  }
}
