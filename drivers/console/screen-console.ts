// ScreenConsole: the display with its virtual consoles: which one is shown, switching, the log on it, and the devices tty0
// (the one shown) and tty1 to tty6.
//
// The first console exists as soon as there is a display; the others are made with the terminals. Switching may
// happen in an interrupt (Alt and a function key): it neither sleeps nor allocates.

import { nameCharacterMajor, registerCharacterDevice } from "../../kernel/devfs/character-devices";
import { registerTty } from "../../kernel/devfs/standard-devices";
import { LogSink } from "../../kernel/runtime/log/log";
import { WaitQueue } from "../../kernel/sync/wait-queue";
import { TtyAccess, openTty } from "../../kernel/tty/tty-open";
import { Tty } from "../../kernel/tty/tty";
import { Inode } from "../../kernel/vfs/inode/inode";
import { OpenRequest } from "../../kernel/vfs/inode/open-request";
import { SpecialFileOpener } from "../../kernel/vfs/file/special-files";
import { ConsoleIoctls } from "./console-ioctls";
import { Display } from "./display";
import { VirtualConsole } from "./virtual-console";

@inline export const CONSOLE_COUNT: i32 = 6;
const NEWLINE: StaticArray<u8> = [0x0d, 0x0a];

/** Told when the lock keys of the console shown change: the keyboard sets its LEDs. */
export abstract class LedListener {
  abstract ledsChanged(console: VirtualConsole): void;
}

/** The log, on whatever console is shown. */
@final
class ScreenLog extends LogSink {
  constructor(private readonly screen: ScreenConsole) {
    super();
  }

  writeRecord(level: u32, line: StaticArray<u8>, length: i32, stamp: i32): void {
    const console = this.screen.active;
    if (console.terminal.x > 0) console.put(NEWLINE, 0, 2);
    console.put(line, 0, length);
    console.put(NEWLINE, 0, 2);
  }
}

/** Opens /dev/tty0: the console shown at that moment. */
@final
class CurrentOpener extends SpecialFileOpener {
  constructor(private readonly screen: ScreenConsole) {
    super();
  }

  open(inode: Inode, request: OpenRequest): i32 {
    return openTty(this.screen.active.tty, request, TtyAccess.INDIRECT);
  }
}

@final
export class ScreenConsole {
  sink!: LogSink;
  /** Woken at each switch. */
  readonly switches: WaitQueue = new WaitQueue();
  active!: VirtualConsole;
  private readonly consoles: VirtualConsole[] = [];
  private leds: LedListener | null = null;

  constructor(readonly display: Display) {
    this.sink = new ScreenLog(this);
    this.add();
    this.active = this.consoles[0];
    this.active.setForeground(true);
  }

  private add(): void {
    const console = new VirtualConsole(this.consoles.length + 1, this.display);
    this.consoles.push(console);
    const tty = console.createTty();
    tty.widthPixels = <u32>this.display.widthPixels;
    tty.heightPixels = <u32>this.display.heightPixels;
    tty.extraIoctls = new ConsoleIoctls(this, console);
  }

  /** The terminal that is /dev/console when the screen is the console. */
  get foreground(): Tty {
    return this.active.tty;
  }

  get activeNumber(): i32 {
    return this.active.number;
  }

  /** Makes and registers the terminals. */
  startTerminals(): void {
    nameCharacterMajor(4, "/dev/vc/0");
    nameCharacterMajor(4, "tty");
    registerCharacterDevice(4, 0, "tty0", 0o620, new CurrentOpener(this));
    while (this.consoles.length < CONSOLE_COUNT) this.add();
    for (let i = 0; i < this.consoles.length; i++) registerTty(this.consoles[i].tty, "tty" + (i + 1).toString());
  }

  exists(number: i32): bool {
    return number >= 1 && number <= this.consoles.length;
  }

  /** Shows console `number` (from 1); false if there is none. */
  activate(number: i32): bool {
    if (!this.exists(number)) return false;
    const next = this.consoles[number - 1];
    if (next !== this.active) {
      this.active.setForeground(false);
      this.active = next;
      next.setForeground(true);
      this.updateLeds();
      this.switches.wakeAll();
    }
    return true;
  }

  /** The first console that nobody has open, -1 if there is none. */
  firstFree(): i32 {
    for (let i = 0; i < this.consoles.length; i++) {
      if (this.consoles[i].tty.openCount == 0) return i + 1;
    }
    return -1;
  }

  /** Bit n: console n is open. */
  openMask(): u32 {
    let mask: u32 = 1;
    for (let i = 0; i < this.consoles.length; i++) {
      if (this.consoles[i].tty.openCount > 0) mask |= <u32>2 << <u32>i;
    }
    return mask;
  }

  setLedListener(listener: LedListener): void {
    this.leds = listener;
  }

  updateLeds(): void {
    const listener = this.leds;
    if (listener !== null) listener.ledsChanged(this.active);
  }
}
