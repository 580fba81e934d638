// Frame buffer: a linear display of 16, 24 or 32 bits a pixel, on which characters of 8 by 16 pixels are drawn.
//
// The cells last drawn are remembered, so that only cells that differ are drawn again: scrolling a screen of text costs what
// has changed. Each run of changed cells is composed line by line in memory and copied to the display, which is never
// read. Nothing here sleeps or allocates after construction.

import { writeU16, writeU32 } from "../../kernel/runtime/text/byte-access";
import { DeviceMemory } from "../../arch/x86_64/platform/resources";
import { CELL_UNDERLINE, cellBackground, cellCharacter, cellForeground } from "./cell";
import { Display } from "./display";
import { CODE_POINTS, GLYPHS } from "./font-data";
import { Grid } from "./grid";

const GLYPH_WIDTH: i32 = 8;
const GLYPH_HEIGHT: i32 = 16;
const UNDERLINE_ROW: i32 = 14;
/** Two rows at the foot of the cell. */
const CURSOR_ROW: i32 = 14;

/** The sixteen colours as 0xrrggbb. */
const PALETTE: StaticArray<u32> = [
  0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa,
  0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
];
/** No cell: forces drawing. */
const NOTHING: u32 = 0xffff_ffff;

/** Where the colours are in a pixel. */
@final
export class PixelFormat {
  constructor(
    readonly bitsPerPixel: u32, readonly redPosition: u32, readonly redSize: u32, readonly greenPosition: u32,
    readonly greenSize: u32, readonly bluePosition: u32, readonly blueSize: u32,
  ) {}

  /** True for what this driver can draw. */
  get isSupported(): bool {
    const isKnownDepth = this.bitsPerPixel == 15 || this.bitsPerPixel == 16 || this.bitsPerPixel == 24 || this.bitsPerPixel == 32;
    return isKnownDepth && this.redSize <= 8 && this.greenSize <= 8 && this.blueSize <= 8 && this.redPosition < 32 &&
      this.greenPosition < 32 && this.bluePosition < 32;
  }

  get bytesPerPixel(): i32 {
    return <i32>(this.bitsPerPixel + 7) / 8;
  }

  /** The pixel of 0xrrggbb. */
  pixel(colour: u32): u32 {
    const red = ((colour >> 16) & 0xff) >> (8 - this.redSize);
    const green = ((colour >> 8) & 0xff) >> (8 - this.greenSize);
    const blue = (colour & 0xff) >> (8 - this.blueSize);
    return (red << this.redPosition) | (green << this.greenPosition) | (blue << this.bluePosition);
  }
}

@final
export class FrameBuffer extends Display {
  private readonly pixels: StaticArray<u32> = new StaticArray<u32>(16);
  private drawn!: StaticArray<u32>;
  private line!: StaticArray<u8>;
  private readonly bytesPerPixel: i32;
  private cursorX: i32 = 0;
  private cursorY: i32 = 0;
  private isCursorDrawn: bool = false;

  constructor(
    private readonly memory: DeviceMemory, readonly width: i32, readonly height: i32, private readonly pitch: u32,
    private readonly format: PixelFormat,
  ) {
    super(width / GLYPH_WIDTH, height / GLYPH_HEIGHT);
    this.bytesPerPixel = format.bytesPerPixel;
    this.drawn = new StaticArray<u32>(this.columns * this.rows);
    this.line = new StaticArray<u8>(width * this.bytesPerPixel + 4);
    for (let i = 0; i < 16; i++) this.pixels[i] = format.pixel(PALETTE[i]);
    for (let i = 0; i < this.drawn.length; i++) this.drawn[i] = NOTHING;
    this.clearAll();
  }

  get widthPixels(): i32 { return this.width; }
  get heightPixels(): i32 { return this.height; }

  get description(): string {
    return "frame buffer " + this.width.toString() + "x" + this.height.toString() + "x" + this.format.bitsPerPixel.toString();
  }

  show(grid: Grid): void {
    for (let y = 0; y < this.rows; y++) {
      if (!grid.dirty[y]) continue;
      grid.dirty[y] = false;
      this.showRow(grid, y);
    }
    if (this.isCursorDrawn) this.drawCursor();
  }

  /** Draws the runs of cells that changed. Runs that lie close together are drawn as one. */
  private showRow(grid: Grid, y: i32): void {
    const base = y * this.columns;
    let x = 0;
    while (x < this.columns) {
      if (this.drawn[base + x] == grid.at(x, y)) {
        x++;
        continue;
      }
      const start = x;
      let end = x;
      for (; x < this.columns && x - end < 4; x++) {
        const cell = grid.at(x, y);
        if (this.drawn[base + x] == cell) continue;
        this.drawn[base + x] = cell;
        end = x + 1;
      }
      this.drawCells(y, start, end);
      x = end;
    }
  }

  /** Draws the remembered cells `start .. end` of a row. */
  private drawCells(y: i32, start: i32, end: i32): void {
    const length = (end - start) * GLYPH_WIDTH * this.bytesPerPixel;
    const left = <u32>(start * GLYPH_WIDTH * this.bytesPerPixel);
    for (let row = 0; row < GLYPH_HEIGHT; row++) {
      let at = 0;
      for (let x = start; x < end; x++) {
        const cell = this.drawn[y * this.columns + x];
        at = this.composeRow(at, glyphRow(cell, row), this.pixels[cellForeground(cell)], this.pixels[cellBackground(cell)]);
      }
      this.memory.writeBytes(<u32>(y * GLYPH_HEIGHT + row) * this.pitch + left, this.line, 0, length);
    }
  }

  /** Puts the eight pixels of a glyph's row into the line; returns the position after them. */
  private composeRow(at: i32, bits: u32, foreground: u32, background: u32): i32 {
    for (let bit = 7; bit >= 0; bit--) {
      const pixel = ((bits >> <u32>bit) & 1) != 0 ? foreground : background;
      if (this.bytesPerPixel == 2) writeU16(this.line, at, pixel);
      else writeU32(this.line, at, pixel);
      at += this.bytesPerPixel;
    }
    return at;
  }

  setCursor(x: i32, y: i32, isShown: bool): void {
    if (this.isCursorDrawn) this.drawCells(this.cursorY, this.cursorX, this.cursorX + 1);
    this.cursorX = x;
    this.cursorY = y;
    this.isCursorDrawn = isShown;
    if (isShown) this.drawCursor();
  }

  private drawCursor(): void {
    const cell = this.drawn[this.cursorY * this.columns + this.cursorX];
    const colour = cell == NOTHING ? this.pixels[7] : this.pixels[cellForeground(cell)];
    const length = this.composeRow(0, 0xff, colour, colour);
    const left = <u32>(this.cursorX * GLYPH_WIDTH * this.bytesPerPixel);
    for (let row = CURSOR_ROW; row < GLYPH_HEIGHT; row++) {
      this.memory.writeBytes(<u32>(this.cursorY * GLYPH_HEIGHT + row) * this.pitch + left, this.line, 0, length);
    }
  }

  private clearAll(): void {
    for (let i = 0; i < this.line.length; i++) this.line[i] = 0;
    for (let y = 0; y < this.height; y++) {
      this.memory.writeBytes(<u32>y * this.pitch, this.line, 0, this.width * this.bytesPerPixel);
    }
  }
}

/** One row of the glyph of a cell, leftmost pixel in bit 7. */
function glyphRow(cell: u32, row: i32): u32 {
  if ((cell & CELL_UNDERLINE) != 0 && row == UNDERLINE_ROW) return 0xff;
  const glyph = glyphOf(cellCharacter(cell));
  const half = GLYPHS[glyph * 2 + (row >> 3)];
  return <u32>(half >> <u64>((7 - (row & 7)) * 8)) & 0xff;
}

/** Position of a character's glyph, of "?" if it has none. */
export function glyphOf(character: u32): i32 {
  if (character >= 0x20 && character < 0x7f) return <i32>character - 0x20;
  let low = 0;
  let high = CODE_POINTS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const point = <u32>CODE_POINTS[middle];
    if (point == character) return middle;
    if (point < character) low = middle + 1;
    else high = middle;
  }
  return character == 0x20 ? 0 : 0x3f - 0x20;
}
