// Grid: the characters on a terminal, and the operations that move them. Knows nothing of escape sequences or displays.
//
// Rows that change are marked, so that a display redraws only these. Nothing here sleeps or allocates after construction.

import { BLANK } from "./cell";

@final
export class Grid {
  cells: StaticArray<u32>;
  /** Rows that differ from what the display was last given. */
  readonly dirty: StaticArray<bool>;

  constructor(readonly columns: i32, readonly rows: i32) {
    this.cells = new StaticArray<u32>(columns * rows);
    this.dirty = new StaticArray<bool>(rows);
    this.clear(0, 0, columns * rows, BLANK);
  }

  @inline at(x: i32, y: i32): u32 {
    return this.cells[y * this.columns + x];
  }

  @inline put(x: i32, y: i32, cell: u32): void {
    this.cells[y * this.columns + x] = cell;
    this.dirty[y] = true;
  }

  /** Fills `count` cells from a position on, over line ends if need be. */
  clear(x: i32, y: i32, count: i32, cell: u32): void {
    const start = y * this.columns + x;
    const end = min(start + count, this.columns * this.rows);
    for (let i = start; i < end; i++) this.cells[i] = cell;
    if (end > start) this.mark(y, (end - 1) / this.columns);
  }

  /** Moves rows `top .. bottom` (exclusive) up by `count`; blank rows appear at the bottom. */
  scrollUp(top: i32, bottom: i32, count: i32, blank: u32): void {
    const lines = min(count, bottom - top);
    const columns = this.columns;
    const cells = this.cells;
    const moved = (bottom - top - lines) * columns;
    const to = top * columns;
    const from = to + lines * columns;
    for (let i = 0; i < moved; i++) cells[to + i] = cells[from + i];
    this.clear(0, bottom - lines, lines * columns, blank);
    this.mark(top, bottom - 1);
  }

  /** Moves rows `top .. bottom` down by `count`; blank rows appear at the top. */
  scrollDown(top: i32, bottom: i32, count: i32, blank: u32): void {
    const lines = min(count, bottom - top);
    const columns = this.columns;
    const cells = this.cells;
    const moved = (bottom - top - lines) * columns;
    const from = top * columns;
    const to = from + lines * columns;
    for (let i = moved - 1; i >= 0; i--) cells[to + i] = cells[from + i];
    this.clear(0, top, lines * columns, blank);
    this.mark(top, bottom - 1);
  }

  /** Inserts blanks at a position; cells move right and fall off the end of the line. */
  insert(x: i32, y: i32, count: i32, blank: u32): void {
    const start = y * this.columns;
    const blanks = min(count, this.columns - x);
    for (let i = this.columns - 1; i >= x + blanks; i--) this.cells[start + i] = this.cells[start + i - blanks];
    this.clear(x, y, blanks, blank);
  }

  /** Deletes cells at a position; the rest of the line moves left. */
  remove(x: i32, y: i32, count: i32, blank: u32): void {
    const start = y * this.columns;
    const gone = min(count, this.columns - x);
    for (let i = x; i < this.columns - gone; i++) this.cells[start + i] = this.cells[start + i + gone];
    this.clear(this.columns - gone, y, gone, blank);
  }

  /** Marks rows `first .. last` (inclusive). */
  mark(first: i32, last: i32): void {
    for (let y = first; y <= last; y++) this.dirty[y] = true;
  }

  markAll(): void {
    this.mark(0, this.rows - 1);
  }
}
