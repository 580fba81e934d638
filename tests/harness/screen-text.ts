/**
 * Text on a picture of the frame-buffer console, read without guessing: each cell of 8 by 16 pixels is compared with the glyphs that the
 * kernel draws (drivers/console/font-data.ts). What is not drawn with that font reads as '?'.
 */
import { readFileSync } from 'node:fs';
import { inRepository } from '../../scripts/cli/paths.ts';
import type { Picture } from './picture.ts';

const WIDTH = 8;
const HEIGHT = 16;
/** The two rows below belong to the cursor and to underlining. */
const ROWS_COMPARED = 14;

/** The rows of a glyph as hexadecimal digits, and the character. */
let glyphs: Map<string, string> | undefined;

function numbersOf(text: string, name: string): string[] {
  const body = new RegExp(`export const ${name}: [^=]*= \\[([^\\]]*)\\]`).exec(text);
  if (!body) throw new Error(`no ${name} in the font`);
  return body[1]!.split(',').map((item) => item.trim()).filter((item) => item !== '');
}

function readGlyphs(): Map<string, string> {
  const text = readFileSync(inRepository('drivers/console/font-data.ts'), 'utf8');
  const codes = numbersOf(text, 'CODE_POINTS').map(Number);
  const words = numbersOf(text, 'GLYPHS').map((word) => word.replace('0x', '').padStart(16, '0'));
  const found = new Map<string, string>();
  codes.forEach((code, index) => {
    const rows = (words[2 * index]! + words[2 * index + 1]!).slice(0, 2 * ROWS_COMPARED);
    // The first of those that look alike: ASCII comes first.
    if (!found.has(rows)) found.set(rows, code === 0xa0 ? ' ' : String.fromCharCode(code));
  });
  return found;
}

/** The cell's rows as hexadecimal digits: a bit is set where the colour is not that of the corner, which glyphs of letters leave free. */
function cellRows(picture: Picture, left: number, top: number): string {
  const pixel = (x: number, y: number): number => {
    const at = 3 * ((top + y) * picture.width + left + x);
    return (picture.pixels[at]! << 16) | (picture.pixels[at + 1]! << 8) | picture.pixels[at + 2]!;
  };
  const background = pixel(0, 0);
  let rows = '';
  for (let y = 0; y < ROWS_COMPARED; y++) {
    let bits = 0;
    for (let x = 0; x < WIDTH; x++) bits = (bits << 1) | (pixel(x, y) === background ? 0 : 1);
    rows += bits.toString(16).padStart(2, '0');
  }
  return rows;
}

/** The lines of text on the picture, without blanks at their ends; the guest's screen begins `left`, `top` pixels from the corner. */
export function screenText(picture: Picture, left = 0, top = 0): string[] {
  glyphs ??= readGlyphs();
  const lines: string[] = [];
  for (let y = top; y + HEIGHT <= picture.height; y += HEIGHT) {
    let line = '';
    for (let x = left; x + WIDTH <= picture.width; x += WIDTH) line += glyphs.get(cellRows(picture, x, y)) ?? '?';
    lines.push(line.trimEnd());
  }
  return lines;
}
