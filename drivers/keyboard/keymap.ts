// The US keyboard: what a key of scan-code set 1 stands for, and the bytes that the Linux console sends for it
// (keymaps(5), loadkeys' "us" map; console_codes(4)). Pure tables; nothing sleeps.

/** Scan codes of keys with a meaning of their own. */
export namespace Key {
  @inline export const ESCAPE: u32 = 0x01;
  @inline export const BACKSPACE: u32 = 0x0e;
  @inline export const TAB: u32 = 0x0f;
  @inline export const ENTER: u32 = 0x1c;
  @inline export const CONTROL: u32 = 0x1d;
  @inline export const LEFT_SHIFT: u32 = 0x2a;
  @inline export const RIGHT_SHIFT: u32 = 0x36;
  @inline export const KEYPAD_STAR: u32 = 0x37;
  @inline export const ALT: u32 = 0x38;
  @inline export const CAPS_LOCK: u32 = 0x3a;
  @inline export const F1: u32 = 0x3b;
  @inline export const F10: u32 = 0x44;
  @inline export const NUM_LOCK: u32 = 0x45;
  @inline export const SCROLL_LOCK: u32 = 0x46;
  @inline export const KEYPAD_7: u32 = 0x47;
  @inline export const DELETE: u32 = 0x53;
  @inline export const F11: u32 = 0x57;
  @inline export const F12: u32 = 0x58;
}

/** Unshifted characters of scan codes 0x00 … 0x39; 0: none. */
const PLAIN: StaticArray<u8> = [
  0, 0x1b, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x30, 0x2d, 0x3d, 0x7f, 0x09,
  0x71, 0x77, 0x65, 0x72, 0x74, 0x79, 0x75, 0x69, 0x6f, 0x70, 0x5b, 0x5d, 0x0d, 0, 0x61, 0x73,
  0x64, 0x66, 0x67, 0x68, 0x6a, 0x6b, 0x6c, 0x3b, 0x27, 0x60, 0, 0x5c, 0x7a, 0x78, 0x63, 0x76,
  0x62, 0x6e, 0x6d, 0x2c, 0x2e, 0x2f, 0, 0x2a, 0, 0x20,
];
const SHIFTED: StaticArray<u8> = [
  0, 0x1b, 0x21, 0x40, 0x23, 0x24, 0x25, 0x5e, 0x26, 0x2a, 0x28, 0x29, 0x5f, 0x2b, 0x7f, 0x09,
  0x51, 0x57, 0x45, 0x52, 0x54, 0x59, 0x55, 0x49, 0x4f, 0x50, 0x7b, 0x7d, 0x0d, 0, 0x41, 0x53,
  0x44, 0x46, 0x47, 0x48, 0x4a, 0x4b, 0x4c, 0x3a, 0x22, 0x7e, 0, 0x7c, 0x5a, 0x58, 0x43, 0x56,
  0x42, 0x4e, 0x4d, 0x3c, 0x3e, 0x3f, 0, 0x2a, 0, 0x20,
];
/** The keypad from 0x47 to 0x53 with num lock: 789-456+1230. */
const KEYPAD: StaticArray<u8> = [0x37, 0x38, 0x39, 0x2d, 0x34, 0x35, 0x36, 0x2b, 0x31, 0x32, 0x33, 0x30, 0x2e];

/** The character of a key, 0 if it has none. */
export function characterOfKey(code: u32, isShifted: bool, isCapsLock: bool): u32 {
  if (code == 0x56) return isShifted ? 0x3e : 0x3c;
  if (code >= <u32>PLAIN.length) return 0;
  const plain = <u32>PLAIN[code];
  const isLetter = plain - 0x61 < 26;
  return (isLetter && isCapsLock) != isShifted ? <u32>SHIFTED[code] : plain;
}

/** The character of a keypad key with num lock, 0 for other keys. */
export function characterOfKeypad(code: u32): u32 {
  const index = code - Key.KEYPAD_7;
  return index < <u32>KEYPAD.length ? <u32>KEYPAD[index] : 0;
}

/** Position of - and + among the keypad keys: they print whatever num lock says. */
export function isKeypadOperator(code: u32): bool {
  return code == 0x4a || code == 0x4e;
}

/** What Control makes of a character; 0x100: nothing. */
export function controlOf(character: u32): u32 {
  if (character >= 0x40 && character <= 0x5f) return character & 0x1f;
  if (character >= 0x60 && character <= 0x7e) return character & 0x1f;
  switch (character) {
    case 0x20:
    case 0x32: return 0;
    case 0x33: return 0x1b;
    case 0x34: return 0x1c;
    case 0x35: return 0x1d;
    case 0x36: return 0x1e;
    case 0x37: return 0x1f;
    case 0x38:
    case 0x2f:
    case 0x3f: return 0x7f;
    case 0x2d: return 0x1f;
    case 0x7f: return 0x08;
    case 0x0d:
    case 0x09:
    case 0x1b: return character;
    default: return 0x100;
  }
}

/** The letter that ends the sequence of a cursor key: up A, down B, right C, left D; 0 for other keys. */
export function cursorLetter(code: u32): u32 {
  switch (code) {
    case 0x48: return 0x41;
    case 0x50: return 0x42;
    case 0x4d: return 0x43;
    case 0x4b: return 0x44;
    case 0x4c: return 0x47;
    default: return 0;
  }
}

/** The number in ESC [ n ~ of an editing key (Home, Insert, Delete, End, Page Up, Page Down), 0 for other keys. */
export function editingNumber(code: u32): u32 {
  switch (code) {
    case 0x47: return 1;
    case 0x52: return 2;
    case 0x53: return 3;
    case 0x4f: return 4;
    case 0x49: return 5;
    case 0x51: return 6;
    default: return 0;
  }
}

/** Which function key, from 1; 0 for other keys. */
export function functionKey(code: u32): u32 {
  if (code >= Key.F1 && code <= Key.F10) return code - Key.F1 + 1;
  return code == Key.F11 ? 11 : code == Key.F12 ? 12 : 0;
}

/** Numbers of F6 to F20 in ESC [ n ~; F1 to F5 send ESC [ [ A to E. */
const FUNCTION_NUMBERS: StaticArray<u8> = [17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34];

export function functionNumber(key: u32): u32 {
  return key >= 6 && key <= 20 ? <u32>FUNCTION_NUMBERS[key - 6] : 0;
}
