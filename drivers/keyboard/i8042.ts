// The i8042 keyboard controller of a PC: probe, interrupt, LEDs. Its first port's bytes, translated to scan-code set 1 by
// the controller, go to the Keyboard. The second port (mouse) is off.
//
// `probe` polls, with limits, before interrupts are on. From `start` on the keyboard's answers come by the interrupt like its keys, and
// setting the LEDs is deferred work, which sleeps between them.
// Specification: IBM PS/2 keyboard and auxiliary device controller.

import { ignore } from "../../kernel/runtime/ignore";
import { sleepUntil, waitOn } from "../../kernel/sync/sleep";
import { WaitQueue } from "../../kernel/sync/wait-queue";
import { Work, deferredWork } from "../../kernel/sync/work-queue";
import { monotonicNs } from "../../kernel/time/clock";
import { InterruptHandler, registerInterrupt } from "../interrupts";
import { PortRange, requestPorts } from "../../arch/x86_64/platform/resources";
import { LedListener } from "../console/screen-console";
import { VirtualConsole } from "../console/virtual-console";
import { Keyboard } from "./keyboard";

const KEYBOARD_LINE: u32 = 1;
const OUTPUT_FULL: u32 = 0x01;
const INPUT_FULL: u32 = 0x02;
const FROM_MOUSE: u32 = 0x20;

const READ_CONFIGURATION: u32 = 0x20;
const WRITE_CONFIGURATION: u32 = 0x60;
const DISABLE_MOUSE: u32 = 0xa7;
const SELF_TEST: u32 = 0xaa;
const DISABLE_KEYBOARD: u32 = 0xad;
const ENABLE_KEYBOARD: u32 = 0xae;
const SELF_TEST_PASSED: u32 = 0x55;

/** Configuration: interrupt of the keyboard, system flag, mouse off, translation. */
const CONFIGURATION: u32 = 0x01 | 0x04 | 0x20 | 0x40;

const SET_LEDS: u32 = 0xed;
const ENABLE_SCANNING: u32 = 0xf4;
const ACKNOWLEDGE: u32 = 0xfa;
const RESEND: u32 = 0xfe;

/** Polls of the status port before a wait is given up: some 50 ms. */
const WAIT_LIMIT: u32 = 50_000;
/** How long a keyboard may take to answer, and how long the controller to take a byte. */
const ANSWER_NS: u64 = 200_000_000;
const INPUT_TRIES: i32 = 50;
const INPUT_PAUSE_NS: u64 = 1_000_000;
/** How often a byte is sent that the keyboard asks for again. */
const SEND_TRIES: i32 = 3;
/** Bytes taken in one interrupt. */
const BATCH_LIMIT: i32 = 64;

@final
export class KeyboardController extends InterruptHandler {
  private readonly data: PortRange = requestPorts(0x60, 1)!;
  private readonly status: PortRange = requestPorts(0x64, 1)!;
  private keyboard: Keyboard | null = null;
  /** The keyboard's last answer, 0: none since the last byte was sent. */
  private answer: u32 = 0;
  private readonly answers: WaitQueue = new WaitQueue();

  get name(): string {
    return "i8042";
  }

  /** True if there is a controller that passes its self-test. Leaves the keyboard scanning, interrupts off. */
  probe(): bool {
    if (this.status.read8(0) == 0xff) return false;
    this.command(DISABLE_KEYBOARD);
    this.command(DISABLE_MOUSE);
    this.drain();
    this.command(SELF_TEST);
    if (this.readReply() != SELF_TEST_PASSED) return false;
    this.command(WRITE_CONFIGURATION);
    this.send(CONFIGURATION & ~1);
    this.command(READ_CONFIGURATION);
    if ((this.readReply() & 0x40) == 0) return false;
    this.command(ENABLE_KEYBOARD);
    this.sendToKeyboard(ENABLE_SCANNING);
    this.drain();
    return true;
  }

  /** Begins to hand scan codes to `keyboard`. False if its line cannot interrupt. */
  start(keyboard: Keyboard): bool {
    this.keyboard = keyboard;
    this.command(WRITE_CONFIGURATION);
    this.send(CONFIGURATION);
    return registerInterrupt(KEYBOARD_LINE, this);
  }

  handle(): void {
    const keyboard = this.keyboard;
    for (let i = 0; i < BATCH_LIMIT; i++) {
      const status = this.status.read8(0);
      if (!(status & OUTPUT_FULL)) return;
      const byte = this.data.read8(0);
      if ((status & FROM_MOUSE) != 0) continue;
      if (byte == ACKNOWLEDGE || byte == RESEND) {
        this.answer = byte;
        this.answers.wakeAll();
      } else if (keyboard !== null) {
        keyboard.scanCode(byte);
      }
    }
  }

  /** Sets the LEDs: bit 0 scroll, 1 num, 2 caps lock. Sleeps; one caller at a time. */
  @sleeps setLeds(bits: u32): void {
    if (this.sendAndSleep(SET_LEDS)) ignore(this.sendAndSleep(bits & 7));
  }

  /** Sends a byte to the keyboard while interrupts come; true if it was acknowledged. */
  @sleeps private sendAndSleep(byte: u32): bool {
    for (let attempt = 0; attempt < SEND_TRIES; attempt++) {
      for (let i = 0; i < INPUT_TRIES && (this.status.read8(0) & INPUT_FULL) != 0; i++) ignore(sleepUntil(monotonicNs() + INPUT_PAUSE_NS));
      this.answer = 0;
      this.data.write8(0, byte);
      const deadline = monotonicNs() + ANSWER_NS;
      while (this.answer == 0) {
        if (waitOn(this.answers, deadline) < 0) return false;
      }
      if (this.answer == ACKNOWLEDGE) return true;
    }
    return false;
  }

  /** Sends a byte to the keyboard before interrupts are on; true if it was acknowledged. */
  private sendToKeyboard(byte: u32): bool {
    this.send(byte);
    // Keys typed meanwhile are lost; they come in as other bytes.
    for (let i = 0; i < 4; i++) {
      const reply = this.readReply();
      if (reply == ACKNOWLEDGE) return true;
      if (reply > 0xff) return false;
    }
    return false;
  }

  private command(byte: u32): void {
    this.waitForInput();
    this.status.write8(0, byte);
  }

  private send(byte: u32): void {
    this.waitForInput();
    this.data.write8(0, byte);
  }

  private waitForInput(): void {
    for (let i: u32 = 0; i < WAIT_LIMIT; i++) {
      if (!(this.status.read8(0) & INPUT_FULL)) return;
    }
  }

  /** The controller's next byte, 0x100 if none comes. */
  private readReply(): u32 {
    for (let i: u32 = 0; i < WAIT_LIMIT; i++) {
      if (this.status.read8(0) & OUTPUT_FULL) return this.data.read8(0);
    }
    return 0x100;
  }

  private drain(): void {
    for (let i = 0; i < 32 && (this.status.read8(0) & OUTPUT_FULL) != 0; i++) this.data.read8(0);
  }
}

/** Sets the keyboard's LEDs when the locks of the console shown change. */
@final
export class KeyboardLeds extends LedListener {
  private readonly work: LedWork;

  constructor(controller: KeyboardController) {
    super();
    this.work = new LedWork(controller);
  }

  ledsChanged(console: VirtualConsole): void {
    const keyboard = console.keyboard;
    this.work.wanted = (keyboard.isScrollLock ? 1 : 0) | (keyboard.isNumLock ? 2 : 0) | (keyboard.isCapsLock ? 4 : 0);
    ignore(deferredWork.queue(this.work));
  }
}

/** Shows the LEDs that are wanted when it runs: changes that follow each other quickly are shown once. */
@final
class LedWork extends Work {
  wanted: u32 = 0;

  constructor(private readonly controller: KeyboardController) { super(); }

  @sleeps run(): void {
    this.controller.setLeds(this.wanted);
  }
}
