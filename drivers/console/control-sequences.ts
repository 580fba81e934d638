// What ESC [ … sequences do to a Terminal (console_codes(4), "ECMA-48 CSI sequences"). Nothing sleeps or allocates.

import { ByteBuilder } from "../../kernel/runtime/text/byte-builder";
import { EscapeParser, replyIdentity } from "./escape-parser";
import { Terminal } from "./terminal";

const QUESTION: u32 = 0x3f;
@scratch const answer = ByteBuilder.fixed(32);

/** Performs the sequence that `final` ends. */
export function performControlSequence(parser: EscapeParser, final: u32): void {
  const terminal = parser.terminal;
  if (parser.prefix == QUESTION) {
    if (final == 0x68 || final == 0x6c) setPrivateModes(parser, final == 0x68);
    return;
  }
  if (parser.prefix != 0) return;
  const one = parser.parameter(0, 1);
  switch (final) {
    case 0x40: terminal.insertCharacters(one); break; // @
    case 0x41: terminal.moveRows(-one); break; // A
    case 0x42: // B
    case 0x65: terminal.moveRows(one); break; // e
    case 0x43: // C
    case 0x61: terminal.moveColumns(one); break; // a
    case 0x44: terminal.moveColumns(-one); break; // D
    case 0x45: // E
      terminal.moveRows(one);
      terminal.carriageReturn();
      break;
    case 0x46: // F
      terminal.moveRows(-one);
      terminal.carriageReturn();
      break;
    case 0x47: // G
    case 0x60: terminal.moveTo(one - 1, terminal.y); break; // `
    case 0x48: // H
    case 0x66: terminal.address(parser.parameter(1, 1) - 1, one - 1); break; // f
    case 0x64: terminal.address(terminal.x, one - 1); break; // d
    case 0x4a: terminal.eraseDisplay(parser.parameter(0, 0)); break; // J
    case 0x4b: terminal.eraseLine(parser.parameter(0, 0)); break; // K
    case 0x4c: terminal.insertLines(one); break; // L
    case 0x4d: terminal.deleteLines(one); break; // M
    case 0x50: terminal.deleteCharacters(one); break; // P
    case 0x53: terminal.scroll(one); break; // S
    case 0x54: terminal.scroll(-one); break; // T
    case 0x58: terminal.eraseCharacters(one); break; // X
    default: performRareSequence(parser, final); break;
  }
}

function performRareSequence(parser: EscapeParser, final: u32): void {
  const terminal = parser.terminal;
  switch (final) {
    case 0x63: // c
      if (parser.parameter(0, 0) == 0) replyIdentity(terminal);
      break;
    case 0x67: terminal.clearTabs(parser.parameter(0, 0)); break; // g
    case 0x68: // h
    case 0x6c: setModes(parser, final == 0x68); break; // l
    case 0x6d: terminal.pen.select(parser.parameters, normalise(parser)); break; // m
    case 0x6e: report(terminal, parser.parameter(0, 0)); break; // n
    case 0x72: terminal.setMargins(parser.parameter(0, 1) - 1, parser.parameter(1, terminal.rows)); break; // r
    case 0x73: terminal.saveCursor(); break; // s
    case 0x75: terminal.restoreCursor(); break; // u
    default: break;
  }
}

/** Absent parameters of SGR are 0. */
function normalise(parser: EscapeParser): i32 {
  for (let i = 0; i < parser.parameterCount; i++) {
    if (parser.parameters[i] < 0) parser.parameters[i] = 0;
  }
  return parser.parameterCount;
}

function setModes(parser: EscapeParser, isOn: bool): void {
  const terminal = parser.terminal;
  for (let i = 0; i < parser.parameterCount; i++) {
    if (parser.parameters[i] == 4) terminal.isInserting = isOn;
    else if (parser.parameters[i] == 20) terminal.isNewlineMode = isOn;
  }
}

function setPrivateModes(parser: EscapeParser, isOn: bool): void {
  const terminal = parser.terminal;
  for (let i = 0; i < parser.parameterCount; i++) {
    switch (parser.parameters[i]) {
      case 1: terminal.isApplicationCursor = isOn; break;
      case 5: terminal.setInverse(isOn); break;
      case 6:
        terminal.isOrigin = isOn;
        terminal.address(0, 0);
        break;
      case 7: terminal.wraps = isOn; break;
      case 25: terminal.isCursorShown = isOn; break;
      case 47:
      case 1047: terminal.showAlternate(isOn); break;
      case 1048:
        if (isOn) terminal.saveCursor();
        else terminal.restoreCursor();
        break;
      case 1049:
        if (isOn) terminal.saveCursor();
        terminal.showAlternate(isOn);
        if (!isOn) terminal.restoreCursor();
        break;
      default: break;
    }
  }
}

/** DSR: 5 asks for the state, 6 for the cursor. */
function report(terminal: Terminal, what: i32): void {
  answer.clear().appendByte(0x1b).appendByte(0x5b);
  if (what == 5) {
    answer.append("0n");
  } else if (what == 6) {
    const row = terminal.isOrigin ? terminal.y - terminal.top : terminal.y;
    answer.appendDecimal(row + 1).appendByte(0x3b).appendDecimal(terminal.x + 1).appendByte(0x52);
  } else {
    return;
  }
  terminal.host.reply(answer.data, answer.length);
}
