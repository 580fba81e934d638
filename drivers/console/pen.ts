// Pen: colours and attributes of what is printed next (SGR), and the mapping of 256 and 24-bit colours to the sixteen.
// Specification: ECMA-48 8.3.117, console_codes(4). Nothing here sleeps or allocates.

import { makeCell } from "./cell";

const DEFAULT_FOREGROUND: u32 = 7;
const DEFAULT_BACKGROUND: u32 = 0;

@final
export class Pen {
  foreground: u32 = DEFAULT_FOREGROUND;
  background: u32 = DEFAULT_BACKGROUND;
  isBold: bool = false;
  isDim: bool = false;
  isUnderlined: bool = false;
  isReversed: bool = false;

  reset(): void {
    this.foreground = DEFAULT_FOREGROUND;
    this.background = DEFAULT_BACKGROUND;
    this.isBold = false;
    this.isDim = false;
    this.isUnderlined = false;
    this.isReversed = false;
  }

  copyFrom(other: Pen): void {
    this.foreground = other.foreground;
    this.background = other.background;
    this.isBold = other.isBold;
    this.isDim = other.isDim;
    this.isUnderlined = other.isUnderlined;
    this.isReversed = other.isReversed;
  }

  /** The cell of a character; `isInverse`: the whole screen is reversed (DECSCNM). */
  cell(character: u32, isInverse: bool): u32 {
    let foreground = this.foreground;
    if (this.isBold) foreground |= 8;
    else if (this.isDim && foreground == DEFAULT_FOREGROUND) foreground = 8;
    const isSwapped = this.isReversed != isInverse;
    return isSwapped ? makeCell(character, this.background, foreground, this.isUnderlined)
      : makeCell(character, foreground, this.background, this.isUnderlined);
  }

  /** What erasing leaves: a blank on the present background. */
  blank(isInverse: bool): u32 {
    return isInverse ? makeCell(0x20, this.background, this.foreground, false) : makeCell(0x20, this.foreground, this.background, false);
  }

  /** Performs SGR with `count` parameters. */
  select(parameters: StaticArray<i32>, count: i32): void {
    for (let i = 0; i < max(count, 1); i++) {
      const code = count == 0 ? 0 : parameters[i];
      if (code == 38 || code == 48) i += this.selectExtended(parameters, i, count);
      else this.selectOne(code);
    }
  }

  private selectOne(code: i32): void {
    if (code >= 30 && code <= 37) {
      this.foreground = <u32>code - 30;
      return;
    }
    if (code >= 40 && code <= 47) {
      this.background = <u32>code - 40;
      return;
    }
    if (code >= 90 && code <= 97) {
      this.foreground = <u32>code - 90 + 8;
      return;
    }
    if (code >= 100 && code <= 107) {
      this.background = <u32>code - 100 + 8;
      return;
    }
    switch (code) {
      case 0: this.reset(); break;
      case 1: this.isBold = true; break;
      case 2: this.isDim = true; break;
      case 4:
      case 21: this.isUnderlined = true; break;
      case 7: this.isReversed = true; break;
      case 22:
        this.isBold = false;
        this.isDim = false;
        break;
      case 24: this.isUnderlined = false; break;
      case 27: this.isReversed = false; break;
      case 39: this.foreground = DEFAULT_FOREGROUND; break;
      case 49: this.background = DEFAULT_BACKGROUND; break;
      default: break;
    }
  }

  /** 38 or 48 at `at`: 5;n or 2;r;g;b. Returns how many further parameters belong to it. */
  private selectExtended(parameters: StaticArray<i32>, at: i32, count: i32): i32 {
    const isForeground = parameters[at] == 38;
    if (at + 2 < count && parameters[at + 1] == 5) {
      this.setColour(isForeground, colourOf256(<u32>parameters[at + 2]));
      return 2;
    }
    if (at + 4 < count && parameters[at + 1] == 2) {
      this.setColour(isForeground, nearestColour(<u32>parameters[at + 2], <u32>parameters[at + 3], <u32>parameters[at + 4]));
      return 4;
    }
    return count - at - 1;
  }

  private setColour(isForeground: bool, colour: u32): void {
    if (isForeground) this.foreground = colour;
    else this.background = colour;
  }
}

/** The nearest of the sixteen colours to entry `index` of xterm's 256. */
export function colourOf256(index: u32): u32 {
  if (index < 16) return index;
  if (index >= 232) {
    const grey = (min<u32>(index, 255) - 232) * 10 + 8;
    return nearestColour(grey, grey, grey);
  }
  const cube = index - 16;
  return nearestColour(level(cube / 36), level(cube / 6 % 6), level(cube % 6));
}

function level(step: u32): u32 {
  return step == 0 ? 0 : step * 40 + 55;
}

/** Bits by channel: set where a channel is more than half of the brightest; bright where that is strong. */
export function nearestColour(red: u32, green: u32, blue: u32): u32 {
  const strongest = max(max(red, green), blue);
  if (strongest < 64) return 0;
  if (strongest < 128 && red == green && green == blue) return 8;
  const half = strongest / 2;
  const colour: u32 = (red > half ? 1 : 0) | (green > half ? 2 : 0) | (blue > half ? 4 : 0);
  return strongest > 191 ? colour | 8 : colour;
}
