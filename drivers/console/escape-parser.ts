// EscapeParser: bytes to characters and control functions of a Terminal. UTF-8 decoding, C0 controls, escape and control
// sequences, and the strings (OSC, DCS …) that are passed over. Specification: console_codes(4), ECMA-48.
//
// Malformed UTF-8 shows as a replacement character; unknown sequences are passed over in full. Nothing sleeps or allocates.

import { REPLACEMENT } from "./cell";
import { performControlSequence } from "./control-sequences";
import { Charset, Terminal } from "./terminal";

const enum State {
  GROUND,
  ESCAPE,
  /** After ESC ( or ESC ), ESC #, ESC %. */
  ESCAPE_INTERMEDIATE,
  CONTROL_SEQUENCE,
  /** Inside OSC, DCS, PM, APC, SOS: up to BEL or ESC \. */
  STRING,
  /** ESC ] P: seven hexadecimal digits of a palette entry. */
  PALETTE,
}

@inline const ESC: u32 = 0x1b;
@inline export const PARAMETER_LIMIT: i32 = 16;
/** Larger parameters are cut here. */
@inline const PARAMETER_MAXIMUM: i32 = 9999;

@final
export class EscapeParser {
  /** Parameters of the control sequence; absent ones are -1. */
  readonly parameters: StaticArray<i32> = new StaticArray<i32>(PARAMETER_LIMIT);
  parameterCount: i32 = 0;
  /** '?', '>', '=' or 0. */
  prefix: u32 = 0;
  /** An intermediate byte (0x20 … 0x2f), or 0. */
  intermediate: u32 = 0;
  private state: State = State.GROUND;
  private skip: i32 = 0;
  private codePoint: u32 = 0;
  private continuationLeft: i32 = 0;
  private smallest: u32 = 0;

  constructor(readonly terminal: Terminal) {}

  /** Takes one byte. */
  feed(byte: u32): void {
    if (byte < 0x20 || byte == 0x7f) {
      this.endCharacter();
      this.control(byte);
      return;
    }
    switch (this.state) {
      case State.GROUND: this.text(byte); break;
      case State.ESCAPE: this.escape(byte); break;
      case State.ESCAPE_INTERMEDIATE: this.designate(byte); break;
      case State.CONTROL_SEQUENCE: this.sequence(byte); break;
      case State.PALETTE:
        if (--this.skip <= 0) this.state = State.GROUND;
        break;
      default: break;
    }
  }

  /** Parameter `index`, `otherwise` if it is absent or 0. */
  parameter(index: i32, otherwise: i32): i32 {
    if (index >= this.parameterCount) return otherwise;
    const value = this.parameters[index];
    return value <= 0 ? otherwise : value;
  }

  // ---- characters ---------------------------------------------------------------------------------------------------

  private text(byte: u32): void {
    if (byte < 0x80) {
      this.endCharacter();
      this.terminal.print(byte);
      return;
    }
    if (!this.terminal.isUtf8) {
      this.terminal.print(byte);
      return;
    }
    if ((byte & 0xc0) == 0x80 && this.continuationLeft > 0) {
      this.codePoint = (this.codePoint << 6) | (byte & 0x3f);
      if (--this.continuationLeft == 0) this.printDecoded();
      return;
    }
    this.endCharacter();
    if (byte >= 0xc2 && byte < 0xe0) this.begin(byte & 0x1f, 1, 0x80);
    else if (byte >= 0xe0 && byte < 0xf0) this.begin(byte & 0x0f, 2, 0x800);
    else if (byte >= 0xf0 && byte < 0xf5) this.begin(byte & 0x07, 3, 0x10000);
    else this.terminal.print(REPLACEMENT);
  }

  private begin(bits: u32, more: i32, smallest: u32): void {
    this.codePoint = bits;
    this.continuationLeft = more;
    this.smallest = smallest;
  }

  private printDecoded(): void {
    const point = this.codePoint;
    const isValid = point >= this.smallest && point <= 0x10ffff && (point & 0xfffff800) != 0xd800;
    if (isValid && isZeroWidth(point)) return;
    this.terminal.print(isValid && point < 0x10000 ? point : REPLACEMENT);
  }

  /** A character that stops short shows as the replacement. */
  private endCharacter(): void {
    if (this.continuationLeft == 0) return;
    this.continuationLeft = 0;
    this.terminal.print(REPLACEMENT);
  }

  // ---- controls -----------------------------------------------------------------------------------------------------

  private control(byte: u32): void {
    const terminal = this.terminal;
    if (this.state == State.STRING && byte != ESC && byte != 0x07 && byte != 0x18 && byte != 0x1a) return;
    switch (byte) {
      case 0x07:
        if (this.state == State.STRING) this.state = State.GROUND;
        else terminal.host.ring();
        break;
      case 0x08: terminal.backspace(); break;
      case 0x09: terminal.tab(); break;
      case 0x0a:
      case 0x0b:
      case 0x0c:
        terminal.lineFeed();
        if (terminal.isNewlineMode) terminal.carriageReturn();
        break;
      case 0x0d: terminal.carriageReturn(); break;
      case 0x0e: terminal.isG1 = true; break;
      case 0x0f: terminal.isG1 = false; break;
      case 0x18:
      case 0x1a: this.state = State.GROUND; break;
      case ESC:
        this.state = State.ESCAPE;
        this.intermediate = 0;
        break;
      default: break;
    }
  }

  private escape(byte: u32): void {
    const terminal = this.terminal;
    this.state = State.GROUND;
    switch (byte) {
      case 0x5b: // [
        this.state = State.CONTROL_SEQUENCE;
        this.parameterCount = 0;
        this.prefix = 0;
        this.intermediate = 0;
        break;
      case 0x5d: // ]
      case 0x50: // P
      case 0x58: // X
      case 0x5e: // ^
      case 0x5f: // _
        this.state = State.STRING;
        break;
      case 0x28: // (
      case 0x29: // )
      case 0x23: // #
      case 0x25: // %
        this.state = State.ESCAPE_INTERMEDIATE;
        this.intermediate = byte;
        break;
      case 0x63: terminal.reset(); break;
      case 0x44: terminal.lineFeed(); break;
      case 0x45:
        terminal.carriageReturn();
        terminal.lineFeed();
        break;
      case 0x48: terminal.setTab(); break;
      case 0x4d: terminal.reverseLineFeed(); break;
      case 0x5a: replyIdentity(terminal); break;
      case 0x37: terminal.saveCursor(); break;
      case 0x38: terminal.restoreCursor(); break;
      case 0x3d: terminal.isApplicationKeypad = true; break;
      case 0x3e: terminal.isApplicationKeypad = false; break;
      default: break;
    }
  }

  private designate(byte: u32): void {
    const terminal = this.terminal;
    this.state = State.GROUND;
    const set = byte == 0x30 ? Charset.GRAPHICS : Charset.ASCII;
    switch (this.intermediate) {
      case 0x28: terminal.g0 = set; break;
      case 0x29: terminal.g1 = set; break;
      case 0x23:
        if (byte == 0x38) terminal.fillWithE();
        break;
      default:
        if (byte == 0x40) terminal.isUtf8 = false;
        else if (byte == 0x47 || byte == 0x38) terminal.isUtf8 = true;
        break;
    }
  }

  // ---- control sequences --------------------------------------------------------------------------------------------

  private sequence(byte: u32): void {
    if (byte >= 0x30 && byte <= 0x39) {
      this.digit(<i32>byte - 0x30);
    } else if (byte == 0x3b || byte == 0x3a) {
      if (this.parameterCount == 0) this.addParameter();
      this.addParameter();
    } else if (byte >= 0x3c && byte <= 0x3f) {
      this.prefix = byte;
    } else if (byte < 0x30) {
      this.intermediate = byte;
    } else {
      this.state = State.GROUND;
      if (byte == 0x5b && this.parameterCount == 0 && this.prefix == 0) {
        // ESC [ [ X: a function key echoed back; the byte after it is no text.
        this.state = State.PALETTE;
        this.skip = 1;
        return;
      }
      if (this.intermediate == 0) performControlSequence(this, byte);
    }
  }

  private addParameter(): void {
    if (this.parameterCount < PARAMETER_LIMIT) this.parameters[this.parameterCount++] = -1;
  }

  private digit(value: i32): void {
    if (this.parameterCount == 0) this.addParameter();
    const at = this.parameterCount - 1;
    const before = max(this.parameters[at], 0);
    this.parameters[at] = min(before * 10 + value, PARAMETER_MAXIMUM);
  }
}

/** Combining marks and formatting characters take no cell. */
function isZeroWidth(point: u32): bool {
  return (point >= 0x300 && point <= 0x36f) || (point >= 0x200b && point <= 0x200f) || (point >= 0xfe00 && point <= 0xfe0f) ||
    point == 0xfeff;
}

/** ESC [ ? 6 c: a VT102. */
const IDENTITY: StaticArray<u8> = [0x1b, 0x5b, 0x3f, 0x36, 0x63];

/** Answers DA. */
export function replyIdentity(terminal: Terminal): void {
  terminal.host.reply(IDENTITY, 5);
}
