// Keyboard: from scan codes (set 1) to bytes for the terminal in the foreground, as the Linux console sends them.
// Modifiers, locks, function and cursor keys, Alt as ESC prefix, console switching, Ctrl-Alt-Del.
//
// Runs in interrupt context: nothing sleeps or allocates. One key sends its bytes as one batch.

import { ScreenConsole } from "../console/screen-console";
import { VirtualConsole } from "../console/virtual-console";
import {
  Key, characterOfKey, characterOfKeypad, controlOf, cursorLetter, editingNumber, functionKey, functionNumber,
  isKeypadOperator,
} from "./keymap";

const ESC: u32 = 0x1b;
const BRACKET: u32 = 0x5b;
const TILDE: u32 = 0x7e;
const K_OFF: u32 = 4;

/** Ctrl-Alt-Del (reboot(2)). Interrupt context. */
export abstract class AttentionKey {
  abstract pressed(): void;
}

@final
export class Keyboard {
  private isExtended: bool = false;
  /** Bytes of the Pause key's sequence still to be passed over. */
  private pauseLeft: i32 = 0;
  private shifts: u32 = 0;
  private controls: u32 = 0;
  private alts: u32 = 0;

  constructor(private readonly screen: ScreenConsole, private readonly attention: AttentionKey | null) {}

  /** Takes one byte from the keyboard. */
  scanCode(byte: u32): void {
    if (this.pauseLeft > 0) {
      this.pauseLeft--;
      return;
    }
    if (byte == 0xe1) {
      this.pauseLeft = 5;
      return;
    }
    if (byte == 0xe0) {
      this.isExtended = true;
      return;
    }
    const isExtended = this.isExtended;
    this.isExtended = false;
    const code = byte & 0x7f;
    const isPressed = (byte & 0x80) == 0;
    if (this.modifier(code, isExtended, isPressed) || !isPressed) return;
    this.press(code, isExtended);
  }

  /** Tracks Shift, Control and Alt; true if the key is one of them. */
  private modifier(code: u32, isExtended: bool, isPressed: bool): bool {
    const bit: u32 = isExtended ? 2 : 1;
    switch (code) {
      case Key.LEFT_SHIFT:
        // Extended: a shift that the keyboard makes up around cursor keys.
        if (!isExtended) this.shifts = isPressed ? this.shifts | 1 : this.shifts & ~1;
        return true;
      case Key.RIGHT_SHIFT:
        if (!isExtended) this.shifts = isPressed ? this.shifts | 2 : this.shifts & ~2;
        return true;
      case Key.CONTROL:
        this.controls = isPressed ? this.controls | bit : this.controls & ~bit;
        return true;
      case Key.ALT:
        this.alts = isPressed ? this.alts | bit : this.alts & ~bit;
        return true;
      default:
        return false;
    }
  }

  private press(code: u32, isExtended: bool): void {
    const console = this.screen.active;
    if (code == Key.DELETE && this.controls != 0 && this.alts != 0) {
      const action = this.attention;
      if (action !== null) action.pressed();
      return;
    }
    if (console.keyboard.mode == K_OFF) return;
    if (!isExtended && this.lockKey(console, code)) return;
    const number = functionKey(code);
    if (number != 0 && !isExtended) {
      this.pressFunction(console, number);
      return;
    }
    const isKeypad = !isExtended && code >= Key.KEYPAD_7 && code <= Key.DELETE;
    if (isKeypad && (console.keyboard.isNumLock || isKeypadOperator(code))) {
      this.sendCharacter(console, characterOfKeypad(code));
    } else if (isExtended || isKeypad) {
      this.pressExtended(console, code);
    } else {
      this.sendCharacter(console, characterOfKey(code, this.shifts != 0, console.keyboard.isCapsLock));
    }
    console.tty.endBatch();
  }

  /** Caps, Num and Scroll Lock; true if the key is one of them. */
  private lockKey(console: VirtualConsole, code: u32): bool {
    const keyboard = console.keyboard;
    if (code == Key.CAPS_LOCK) {
      keyboard.isCapsLock = !keyboard.isCapsLock;
    } else if (code == Key.NUM_LOCK) {
      keyboard.isNumLock = !keyboard.isNumLock;
    } else if (code == Key.SCROLL_LOCK) {
      keyboard.isScrollLock = !keyboard.isScrollLock;
      if (keyboard.isScrollLock) console.tty.stopOutput();
      else console.tty.startOutput();
    } else {
      return false;
    }
    this.screen.updateLeds();
    return true;
  }

  private pressFunction(console: VirtualConsole, key: u32): void {
    if (this.alts != 0) {
      this.screen.activate(<i32>key);
      return;
    }
    const number = this.shifts != 0 ? key + 12 : key;
    const tty = console.tty;
    tty.receive(ESC);
    tty.receive(BRACKET);
    if (number <= 5) {
      tty.receive(BRACKET);
      tty.receive(0x40 + number);
    } else {
      this.sendNumber(console, functionNumber(number));
    }
    tty.endBatch();
  }

  private pressExtended(console: VirtualConsole, code: u32): void {
    const tty = console.tty;
    if (code == Key.ENTER) {
      this.sendCharacter(console, 0x0d);
      return;
    }
    if (code == 0x35) {
      this.sendCharacter(console, 0x2f);
      return;
    }
    const letter = cursorLetter(code);
    if (letter != 0) {
      if (this.alts != 0 && (letter == 0x43 || letter == 0x44)) {
        this.screen.activate(console.number + (letter == 0x43 ? 1 : -1));
        return;
      }
      tty.receive(ESC);
      tty.receive(console.terminal.isApplicationCursor ? 0x4f : BRACKET);
      tty.receive(letter);
      return;
    }
    const number = editingNumber(code);
    if (number == 0) return;
    tty.receive(ESC);
    tty.receive(BRACKET);
    this.sendNumber(console, number);
  }

  /** Digits and the tilde. */
  private sendNumber(console: VirtualConsole, number: u32): void {
    if (number == 0) return;
    if (number >= 10) console.tty.receive(0x30 + number / 10);
    console.tty.receive(0x30 + number % 10);
    console.tty.receive(TILDE);
  }

  /** Sends a character with Control and Alt applied; 0 sends nothing. */
  private sendCharacter(console: VirtualConsole, character: u32): void {
    if (character == 0) return;
    if (this.controls != 0) {
      character = controlOf(character);
      if (character == 0x100) return;
    }
    if (this.alts != 0) console.tty.receive(ESC);
    console.tty.receive(character);
    if (character == 0x0d && console.terminal.isNewlineMode) console.tty.receive(0x0a);
  }
}
