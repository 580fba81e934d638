// VGA text mode: 80 by 25 characters at 0xb8000, with the hardware's cursor and character set (code page 437).
//
// Registers: IBM VGA technical reference, CRT controller (ports 0x3d4, 0x3d5). Nothing here sleeps or allocates.

import { DeviceMemory, PortRange, requestMemory, requestPorts } from "../../arch/x86_64/platform/resources";
import { cellBackground, cellCharacter, cellForeground } from "./cell";
import { Display } from "./display";
import { Grid } from "./grid";

const TEXT_ADDRESS: u64 = 0xb8000;
const CURSOR_START: u32 = 0x0a;
const CURSOR_HIGH: u32 = 0x0e;
const CURSOR_LOW: u32 = 0x0f;
const CURSOR_OFF: u32 = 0x20;

/** Upper half of code page 437, from 0x80 on. */
const CODE_PAGE: StaticArray<u16> = [
  0xc7, 0xfc, 0xe9, 0xe2, 0xe4, 0xe0, 0xe5, 0xe7, 0xea, 0xeb, 0xe8, 0xef, 0xee, 0xec, 0xc4, 0xc5,
  0xc9, 0xe6, 0xc6, 0xf4, 0xf6, 0xf2, 0xfb, 0xf9, 0xff, 0xd6, 0xdc, 0xa2, 0xa3, 0xa5, 0x20a7, 0x192,
  0xe1, 0xed, 0xf3, 0xfa, 0xf1, 0xd1, 0xaa, 0xba, 0xbf, 0x2310, 0xac, 0xbd, 0xbc, 0xa1, 0xab, 0xbb,
  0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557, 0x255d, 0x255c, 0x255b, 0x2510,
  0x2514, 0x2534, 0x252c, 0x251c, 0x2500, 0x253c, 0x255e, 0x255f, 0x255a, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256c, 0x2567,
  0x2568, 0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256b, 0x256a, 0x2518, 0x250c, 0x2588, 0x2584, 0x258c, 0x2590, 0x2580,
  0x3b1, 0xdf, 0x393, 0x3c0, 0x3a3, 0x3c3, 0xb5, 0x3c4, 0x3a6, 0x398, 0x3a9, 0x3b4, 0x221e, 0x3c6, 0x3b5, 0x2229,
  0x2261, 0xb1, 0x2265, 0x2264, 0x2320, 0x2321, 0xf7, 0x2248, 0xb0, 0x2219, 0xb7, 0x221a, 0x207f, 0xb2, 0x25a0, 0xa0,
];
/** The hardware's order of colours has red and blue exchanged. */
const COLOURS: StaticArray<u8> = [0, 4, 2, 6, 1, 5, 3, 7, 8, 12, 10, 14, 9, 13, 11, 15];
const UNKNOWN: u32 = 0xfe;

@final
export class VgaText extends Display {
  private readonly memory: DeviceMemory;
  private readonly crt: PortRange = requestPorts(0x3d4, 2)!;

  constructor(columns: i32, rows: i32) {
    super(columns, rows);
    this.memory = requestMemory(TEXT_ADDRESS, <u32>(columns * rows * 2))!;
  }

  /** True if there is text memory, where what is written stays, and a controller that shows it. */
  probe(): bool {
    const before = this.memory.read16(0);
    this.memory.write16(0, 0x55aa);
    const isStored = this.memory.read16(0) == 0x55aa;
    this.memory.write16(0, 0xaa55);
    const isMemory = isStored && this.memory.read16(0) == 0xaa55;
    this.memory.write16(0, before);
    return isMemory && this.hasController();
  }

  /** Ordinary memory may lie there on a machine without a graphics card: the controller's cursor register must keep values, too. */
  private hasController(): bool {
    const before = this.readRegister(CURSOR_LOW);
    this.writeRegister(CURSOR_LOW, 0x5a);
    const isKept = this.readRegister(CURSOR_LOW) == 0x5a;
    this.writeRegister(CURSOR_LOW, 0xa5);
    const isRegister = isKept && this.readRegister(CURSOR_LOW) == 0xa5;
    this.writeRegister(CURSOR_LOW, before);
    return isRegister;
  }

  get description(): string {
    return "VGA text " + this.columns.toString() + "x" + this.rows.toString();
  }

  show(grid: Grid): void {
    for (let y = 0; y < this.rows; y++) {
      if (!grid.dirty[y]) continue;
      grid.dirty[y] = false;
      for (let x = 0; x < this.columns; x++) {
        const cell = grid.at(x, y);
        const attribute = <u32>COLOURS[cellForeground(cell)] | ((<u32>COLOURS[cellBackground(cell)] & 7) << 4);
        this.memory.write16(<u32>(y * this.columns + x) * 2, characterOf(cellCharacter(cell)) | (attribute << 8));
      }
    }
  }

  setCursor(x: i32, y: i32, isShown: bool): void {
    if (!isShown) {
      this.writeRegister(CURSOR_START, CURSOR_OFF);
      return;
    }
    const position = <u32>(y * this.columns + x);
    this.writeRegister(CURSOR_HIGH, position >> 8);
    this.writeRegister(CURSOR_LOW, position & 0xff);
    this.writeRegister(CURSOR_START, 13);
  }

  private readRegister(index: u32): u32 {
    this.crt.write8(0, index);
    return this.crt.read8(1);
  }

  private writeRegister(index: u32, value: u32): void {
    this.crt.write8(0, index);
    this.crt.write8(1, value);
  }
}

/** The hardware's code of a character; a block for what it does not have. */
export function characterOf(character: u32): u32 {
  if (character < 0x80) return character;
  for (let i = 0; i < CODE_PAGE.length; i++) {
    if (<u32>CODE_PAGE[i] == character) return <u32>i + 0x80;
  }
  return UNKNOWN;
}
