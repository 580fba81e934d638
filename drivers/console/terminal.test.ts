// The terminal emulator: what sequences leave on the grid. Rows are compared without trailing blanks.

import { expectEqual, expectTrue } from "../../kernel/runtime/expect";
import { cellBackground, cellCharacter, cellForeground } from "./cell";
import { EscapeParser } from "./escape-parser";
import { CODE_POINTS } from "./font-data";
import { glyphOf } from "./framebuffer";
import { colourOf256 } from "./pen";
import { Terminal, TerminalHost } from "./terminal";
import { characterOf } from "./vga-text";

class TestHost extends TerminalHost {
  answers: string = "";

  reply(bytes: StaticArray<u8>, length: i32): void {
    for (let i = 0; i < length; i++) this.answers += String.fromCharCode(bytes[i]);
  }

  ring(): void {}
}

function make(columns: i32 = 10, rows: i32 = 4): EscapeParser {
  return new EscapeParser(new Terminal(columns, rows, new TestHost()));
}

/** Feeds text; "~" stands for ESC. */
function feed(parser: EscapeParser, text: string): void {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    parser.feed(code == 0x7e ? 0x1b : code);
  }
}

function screen(parser: EscapeParser): string {
  const terminal = parser.terminal;
  let text = "";
  for (let y = 0; y < terminal.rows; y++) {
    let row = "";
    for (let x = 0; x < terminal.columns; x++) row += String.fromCharCode(cellCharacter(terminal.grid.at(x, y)));
    text += (y > 0 ? "|" : "") + row.trimEnd();
  }
  return text;
}

function expectScreen(input: string, expected: string, x: i32, y: i32): void {
  const parser = make();
  feed(parser, input);
  expectEqual<string>(screen(parser), expected, input);
  expectEqual<i32>(parser.terminal.x, x, "column after " + input);
  expectEqual<i32>(parser.terminal.y, y, "row after " + input);
}

export function testPrintsAndWrapsLate(): void {
  expectScreen("0123456789", "0123456789|||", 9, 0);
  expectScreen("0123456789a", "0123456789|a||", 1, 1);
  expectScreen("0123456789\r\n", "0123456789|||", 0, 1);
  expectScreen("~[?7l0123456789ab", "012345678b|||", 9, 0);
}

export function testScrolls(): void {
  expectScreen("a\r\nb\r\nc\r\nd\r\ne", "b|c|d|e", 1, 3);
  expectScreen("a\r\nb\r\nc\r\nd~[2;3r~[3;1H\n", "a|c||d", 0, 2);
  expectScreen("a\r\nb\r\nc\r\nd~[H~M", "|a|b|c", 0, 0);
  expectScreen("a\r\nb\r\nc\r\nd~[2S", "c|d||", 1, 3);
}

export function testMovesCursor(): void {
  expectScreen("~[3;5Hx", "||    x|", 5, 2);
  expectScreen("~[99;99H~[2A~[3Dx", "|      x||", 7, 1);
  expectScreen("a\tb", "a       b|||", 9, 0);
  expectScreen("~[5G~7~[H~8x", "    x|||", 5, 0);
  expectScreen("~[3d~[2`y", "|| y|", 2, 2);
}

export function testErases(): void {
  expectScreen("abcdef~[4D~[K", "ab|||", 2, 0);
  expectScreen("abcdef~[3D~[1K", "    ef|||", 3, 0);
  expectScreen("ab\r\ncd\r\nef~[2;2H~[J", "ab|c||", 1, 1);
  expectScreen("abcdef~[H~[2X", "  cdef|||", 0, 0);
}

export function testInsertsAndDeletes(): void {
  expectScreen("abcdef~[2G~[2@", "a  bcdef|||", 1, 0);
  expectScreen("abcdef~[2G~[2P", "adef|||", 1, 0);
  expectScreen("a\r\nb\r\nc~[2H~[L", "a||b|c", 0, 1);
  expectScreen("a\r\nb\r\nc~[H~[M", "b|c||", 0, 0);
  expectScreen("abc~[H~[4hX", "Xabc|||", 1, 0);
}

export function testReports(): void {
  const parser = make();
  feed(parser, "~[3;4H~[6n~[5n~[c");
  expectEqual<string>((<TestHost>parser.terminal.host).answers, "\x1b[3;4R\x1b[0n\x1b[?6c");
}

export function testColours(): void {
  const parser = make();
  feed(parser, "~[1;31;44mx~[7my~[0;38;5;196;48;2;0;0;0mz");
  const grid = parser.terminal.grid;
  expectEqual<u32>(cellForeground(grid.at(0, 0)), 9);
  expectEqual<u32>(cellBackground(grid.at(0, 0)), 4);
  expectEqual<u32>(cellForeground(grid.at(1, 0)), 4);
  expectEqual<u32>(cellBackground(grid.at(1, 0)), 9);
  expectEqual<u32>(cellForeground(grid.at(2, 0)), 9);
  expectEqual<u32>(colourOf256(22), 2, "dark green");
  expectEqual<u32>(colourOf256(255), 15, "near white");
}

export function testDecodesUtf8(): void {
  const parser = make();
  const bytes: StaticArray<u8> = [0xc3, 0xa4, 0xe2, 0x94, 0x80, 0xff, 0xc3, 0x41, 0xf0, 0x9f, 0x98, 0x80];
  for (let i = 0; i < bytes.length; i++) parser.feed(bytes[i]);
  expectEqual<string>(screen(parser), "\u00e4\u2500\ufffd\ufffdA\ufffd|||");
}

export function testPassesStringsOver(): void {
  expectScreen("a~]0;title\x07b", "ab|||", 2, 0);
  expectScreen("a~]0;title~\\b", "ab|||", 2, 0);
  expectScreen("a~Pjunk~\\b~[?2004hc~[>cd", "abcd|||", 4, 0);
}

export function testAlternateScreen(): void {
  expectScreen("ab~[?1049hxyz~[?1049l", "ab|||", 2, 0);
}

export function testGraphicsCharacters(): void {
  const parser = make();
  feed(parser, "~(0q~(Bq");
  expectEqual<string>(screen(parser), "\u2500q|||");
}

export function testSurvivesAnyBytes(): void {
  const parser = make(7, 3);
  let seed: u32 = 12345;
  for (let i = 0; i < 200000; i++) {
    seed = seed * 1664525 + 1013904223;
    const byte = (seed >> 16) & 0xff;
    // Escape sequences more often than chance would have them.
    if ((seed >> 28) == 0) parser.feed(0x1b);
    else if ((seed >> 28) == 1) parser.feed(0x5b);
    else parser.feed(byte);
    const terminal = parser.terminal;
    if (terminal.x < 0 || terminal.x >= 7 || terminal.y < 0 || terminal.y >= 3) expectTrue(false, "cursor off the screen");
  }
}

export function testGlyphs(): void {
  expectEqual<u32>(CODE_POINTS[glyphOf(0x41)], 0x41);
  expectEqual<u32>(CODE_POINTS[glyphOf(0x2500)], 0x2500);
  expectEqual<u32>(CODE_POINTS[glyphOf(0xe4)], 0xe4);
  expectEqual<u32>(CODE_POINTS[glyphOf(0x9999)], 0x3f);
  expectEqual<u32>(characterOf(0x2500), 0xc4);
  expectEqual<u32>(characterOf(0xe4), 0x84);
}
