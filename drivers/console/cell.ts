// A character cell of the console as one number: character (16 bits), foreground and background (4 bits each, in the
// order of SGR: black, red, green, yellow, blue, magenta, cyan, white, then bright), underline.

@inline export const CELL_UNDERLINE: u32 = 0x100_0000;
/** A blank in the default colours: white on black. */
@inline export const BLANK: u32 = 0x20 | (7 << 16);
/** Shown for what has no glyph, and for malformed UTF-8. */
@inline export const REPLACEMENT: u32 = 0xfffd;

@inline
export function makeCell(character: u32, foreground: u32, background: u32, isUnderlined: bool): u32 {
  return character | (foreground << 16) | (background << 20) | (isUnderlined ? CELL_UNDERLINE : 0);
}

@inline export function cellCharacter(cell: u32): u32 { return cell & 0xffff; }
@inline export function cellForeground(cell: u32): u32 { return (cell >> 16) & 15; }
@inline export function cellBackground(cell: u32): u32 { return (cell >> 20) & 15; }
