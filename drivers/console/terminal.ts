// Terminal: what a Linux console terminal does when told: printing with wrap, cursor, margins, erasing, modes, saved
// state. The escape parser calls it; a display shows its grid. Specification: console_codes(4), VT102.
//
// Positions count from 0. The last column holds a pending wrap, as the VT100 does. No method sleeps or allocates
// after construction.

import { Grid } from "./grid";
import { Pen } from "./pen";

/** Receives what the terminal answers (cursor reports). */
export abstract class TerminalHost {
  abstract reply(bytes: StaticArray<u8>, length: i32): void;
  abstract ring(): void;
}

/** Character sets: G0 and G1. */
export namespace Charset {
  @inline export const ASCII: u32 = 0;
  @inline export const GRAPHICS: u32 = 1;
}

/** The DEC special graphics of 0x60 … 0x7e. */
const GRAPHICS: StaticArray<u16> = [
  0x25c6, 0x2592, 0x2409, 0x240c, 0x240d, 0x240a, 0x00b0, 0x00b1, 0x2424, 0x240b, 0x2518, 0x2510, 0x250c, 0x2514, 0x253c, 0x23ba,
  0x23bb, 0x2500, 0x23bc, 0x23bd, 0x251c, 0x2524, 0x2534, 0x252c, 0x2502, 0x2264, 0x2265, 0x03c0, 0x2260, 0x00a3, 0x00b7,
];

/** State that DECSC saves. */
@final
class SavedState {
  x: i32 = 0;
  y: i32 = 0;
  readonly pen: Pen = new Pen();
  isG1: bool = false;
  g0: u32 = Charset.ASCII;
  g1: u32 = Charset.GRAPHICS;
  isOrigin: bool = false;
}

@final
export class Terminal {
  readonly grid: Grid;
  readonly pen: Pen = new Pen();
  x: i32 = 0;
  y: i32 = 0;
  /** Scrolling region: rows top .. bottom (exclusive). */
  top: i32 = 0;
  bottom: i32;
  isWrapPending: bool = false;
  wraps: bool = true;
  isOrigin: bool = false;
  isInserting: bool = false;
  isCursorShown: bool = true;
  isInverse: bool = false;
  /** Cursor keys send ESC O instead of ESC [ (DECCKM); LF implies CR (LNM). */
  isApplicationCursor: bool = false;
  isApplicationKeypad: bool = false;
  isNewlineMode: bool = false;
  isUtf8: bool = true;
  isG1: bool = false;
  g0: u32 = Charset.ASCII;
  g1: u32 = Charset.GRAPHICS;
  private readonly tabs: StaticArray<bool>;
  private readonly saved: SavedState = new SavedState();
  /** The other screen's cells while the alternate screen is shown. */
  private otherCells: StaticArray<u32>;
  private isAlternate: bool = false;

  constructor(readonly columns: i32, readonly rows: i32, readonly host: TerminalHost) {
    this.grid = new Grid(columns, rows);
    this.bottom = rows;
    this.tabs = new StaticArray<bool>(columns);
    this.otherCells = new StaticArray<u32>(columns * rows);
    this.resetTabs();
  }

  /** RIS. */
  reset(): void {
    this.pen.reset();
    this.top = 0;
    this.bottom = this.rows;
    this.wraps = true;
    this.isOrigin = false;
    this.isInserting = false;
    this.isCursorShown = true;
    this.isInverse = false;
    this.isApplicationCursor = false;
    this.isApplicationKeypad = false;
    this.isNewlineMode = false;
    this.isG1 = false;
    this.g0 = Charset.ASCII;
    this.g1 = Charset.GRAPHICS;
    if (this.isAlternate) this.showAlternate(false);
    this.resetTabs();
    this.moveTo(0, 0);
    this.eraseDisplay(2);
    this.saveCursor();
  }

  private resetTabs(): void {
    for (let i = 0; i < this.columns; i++) this.tabs[i] = i % 8 == 0;
  }

  @inline private get blank(): u32 {
    return this.pen.blank(this.isInverse);
  }

  // ---- printing -----------------------------------------------------------------------------------------------------

  print(character: u32): void {
    const set = this.isG1 ? this.g1 : this.g0;
    if (set == Charset.GRAPHICS && character >= 0x60 && character <= 0x7e) character = <u32>GRAPHICS[<i32>character - 0x60];
    if (this.isWrapPending) {
      this.x = 0;
      this.lineFeed();
    }
    if (this.isInserting) this.grid.insert(this.x, this.y, 1, this.blank);
    this.grid.put(this.x, this.y, this.pen.cell(character, this.isInverse));
    if (this.x < this.columns - 1) this.x++;
    else this.isWrapPending = this.wraps;
  }

  lineFeed(): void {
    this.isWrapPending = false;
    if (this.y == this.bottom - 1) this.grid.scrollUp(this.top, this.bottom, 1, this.blank);
    else if (this.y < this.rows - 1) this.y++;
  }

  reverseLineFeed(): void {
    this.isWrapPending = false;
    if (this.y == this.top) this.grid.scrollDown(this.top, this.bottom, 1, this.blank);
    else if (this.y > 0) this.y--;
  }

  carriageReturn(): void {
    this.isWrapPending = false;
    this.x = 0;
  }

  backspace(): void {
    this.isWrapPending = false;
    if (this.x > 0) this.x--;
  }

  tab(): void {
    this.isWrapPending = false;
    while (this.x < this.columns - 1) {
      this.x++;
      if (this.tabs[this.x]) break;
    }
  }

  setTab(): void {
    this.tabs[this.x] = true;
  }

  /** TBC: 0 here, 3 everywhere. */
  clearTabs(which: i32): void {
    if (which == 0) this.tabs[this.x] = false;
    if (which == 3) for (let i = 0; i < this.columns; i++) this.tabs[i] = false;
  }

  // ---- cursor -------------------------------------------------------------------------------------------------------

  /** To a position of the screen, kept within it. */
  moveTo(x: i32, y: i32): void {
    this.x = max(0, min(x, this.columns - 1));
    this.y = max(0, min(y, this.rows - 1));
    this.isWrapPending = false;
  }

  /** To a position as programs count it: within the margins in origin mode. */
  address(x: i32, y: i32): void {
    if (!this.isOrigin) {
      this.moveTo(x, y);
      return;
    }
    this.moveTo(x, max(this.top, min(y + this.top, this.bottom - 1)));
  }

  /** Up (negative) or down, stopping at the margins if it starts within them. */
  moveRows(count: i32): void {
    const low = this.y >= this.top ? this.top : 0;
    const high = this.y < this.bottom ? this.bottom - 1 : this.rows - 1;
    this.moveTo(this.x, max(low, min(this.y + count, high)));
  }

  moveColumns(count: i32): void {
    this.moveTo(this.x + count, this.y);
  }

  saveCursor(): void {
    const saved = this.saved;
    saved.x = this.x;
    saved.y = this.y;
    saved.pen.copyFrom(this.pen);
    saved.isG1 = this.isG1;
    saved.g0 = this.g0;
    saved.g1 = this.g1;
    saved.isOrigin = this.isOrigin;
  }

  restoreCursor(): void {
    const saved = this.saved;
    this.pen.copyFrom(saved.pen);
    this.isG1 = saved.isG1;
    this.g0 = saved.g0;
    this.g1 = saved.g1;
    this.isOrigin = saved.isOrigin;
    this.moveTo(saved.x, saved.y);
  }

  /** DECSTBM: rows `first .. end` (exclusive) scroll. */
  setMargins(first: i32, end: i32): void {
    if (first < 0 || end > this.rows || end - first < 2) return;
    this.top = first;
    this.bottom = end;
    this.address(0, 0);
  }

  // ---- erasing and moving text ------------------------------------------------------------------------------------------

  /** ED: 0 to the end, 1 from the start, 2 all. */
  eraseDisplay(which: i32): void {
    const total = this.columns * this.rows;
    const here = this.y * this.columns + this.x;
    if (which == 0) this.grid.clear(this.x, this.y, total - here, this.blank);
    else if (which == 1) this.grid.clear(0, 0, here + 1, this.blank);
    else if (which == 2 || which == 3) this.grid.clear(0, 0, total, this.blank);
    this.isWrapPending = false;
  }

  /** EL: 0 to the end of the line, 1 from its start, 2 all of it. */
  eraseLine(which: i32): void {
    if (which == 0) this.grid.clear(this.x, this.y, this.columns - this.x, this.blank);
    else if (which == 1) this.grid.clear(0, this.y, this.x + 1, this.blank);
    else if (which == 2) this.grid.clear(0, this.y, this.columns, this.blank);
    this.isWrapPending = false;
  }

  eraseCharacters(count: i32): void {
    this.grid.clear(this.x, this.y, min(count, this.columns - this.x), this.blank);
    this.isWrapPending = false;
  }

  insertCharacters(count: i32): void {
    this.grid.insert(this.x, this.y, count, this.blank);
    this.isWrapPending = false;
  }

  deleteCharacters(count: i32): void {
    this.grid.remove(this.x, this.y, count, this.blank);
    this.isWrapPending = false;
  }

  insertLines(count: i32): void {
    if (this.y < this.top || this.y >= this.bottom) return;
    this.grid.scrollDown(this.y, this.bottom, count, this.blank);
    this.isWrapPending = false;
  }

  deleteLines(count: i32): void {
    if (this.y < this.top || this.y >= this.bottom) return;
    this.grid.scrollUp(this.y, this.bottom, count, this.blank);
    this.isWrapPending = false;
  }

  scroll(count: i32): void {
    if (count > 0) this.grid.scrollUp(this.top, this.bottom, count, this.blank);
    else this.grid.scrollDown(this.top, this.bottom, -count, this.blank);
  }

  /** DECALN: the screen full of E. */
  fillWithE(): void {
    this.grid.clear(0, 0, this.columns * this.rows, this.pen.cell(0x45, this.isInverse));
    this.moveTo(0, 0);
  }

  // ---- modes --------------------------------------------------------------------------------------------------------------

  /** DECSCNM: swaps the colours of the whole screen. */
  setInverse(isOn: bool): void {
    if (isOn == this.isInverse) return;
    this.isInverse = isOn;
    const cells = this.grid.cells;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i];
      cells[i] = (cell & 0xff00_ffff) | ((cell & 0xf_0000) << 4) | ((cell & 0xf0_0000) >> 4);
    }
    this.grid.markAll();
  }

  /** Exchanges the screens; the alternate one begins empty. */
  showAlternate(isOn: bool): void {
    if (isOn == this.isAlternate) return;
    this.isAlternate = isOn;
    const shown = this.grid.cells;
    this.grid.cells = this.otherCells;
    this.otherCells = shown;
    if (isOn) this.grid.clear(0, 0, this.columns * this.rows, this.blank);
    this.grid.markAll();
  }
}
