// Which consoles there are: the words of `console=` on the command line, the log on them, and the terminal behind
// /dev/console (the last one named that exists; Documentation/admin-guide/serial-console of Linux).
//
// Order at boot: `startLogConsoles` as soon as memory is there (polled), `startTerminals` once interrupts, tasks and the
// device table are. Without `console=` the log goes to the screen and to COM1, and the screen, if any, is the console.

import { LogSink, addLogSink, logInfo } from "../kernel/runtime/log";
import { Tty } from "../kernel/tty/tty";
import { nameCharacterMajor } from "../kernel/devfs/character-devices";
import { registerConsole, registerTty } from "../kernel/devfs/standard-devices";
import { SerialLogSink, enableSerialInterrupts, probeSerialPorts, serialPort } from "./serial/serial";
import { createSerialTty } from "./serial/serial-tty";

/** The display with its virtual terminals (console/screen-console.ts). */
export abstract class Screen {
  /** The log on the display. */
  abstract get sink(): LogSink;
  /** The terminal shown. */
  abstract get foreground(): Tty;
  /** Makes and registers tty0, tty1 and so on, and starts the keyboard. */
  abstract startTerminals(): void;
}

const DEFAULT_RATE: u32 = 9600;
const MAXIMUM_PORTS: i32 = 4;

/** One `console=` word. */
@final
export class ConsoleChoice {
  constructor(
    /** COM port index, or -1 for the screen. */
    readonly port: i32,
    /** Baud; 0: not said. */
    readonly rate: u32,
  ) {}

  get isScreen(): bool {
    return this.port < 0;
  }
}

/** Reads "ttyS1,115200n8", "tty0", "tty1", "tty"; null for anything else. */
export function parseConsole(text: string): ConsoleChoice | null {
  const comma = text.indexOf(",");
  const name = comma < 0 ? text : text.substring(0, comma);
  if (name == "tty" || name == "tty0" || name == "tty1") return new ConsoleChoice(-1, 0);
  if (!name.startsWith("ttyS") || name.length != 5) return null;
  const port = name.charCodeAt(4) - 0x30;
  if (port < 0 || port >= MAXIMUM_PORTS) return null;
  let rate: u32 = 0;
  if (comma >= 0) {
    for (let i = comma + 1; i < text.length && i < comma + 8; i++) {
      const digit = <u32>(text.charCodeAt(i) - 0x30);
      if (digit > 9) break;
      rate = rate * 10 + digit;
    }
  }
  return new ConsoleChoice(port, rate);
}

const choices: ConsoleChoice[] = [];
let screen: Screen | null = null;

/** Finds the ports and sends the log to the consoles of the command line. `display` is the screen, if there is one. */
export function startLogConsoles(words: string[], display: Screen | null): void {
  const found = probeSerialPorts();
  screen = display;
  for (let i = 0; i < words.length; i++) {
    const choice = parseConsole(words[i]);
    if (choice !== null) choices.push(choice);
  }
  if (choices.length == 0) {
    choices.push(new ConsoleChoice(0, 115200));
    choices.push(new ConsoleChoice(-1, 0));
  }
  for (let i = 0; i < choices.length; i++) addSinkOf(choices[i]);
  logInfo("serial: " + found.toString() + " of 4 ports found");
}

function addSinkOf(choice: ConsoleChoice): void {
  if (choice.isScreen) {
    const display = screen;
    if (display !== null) addLogSink(display.sink);
    return;
  }
  const port = serialPort(choice.port);
  if (port === null) return;
  if (choice.rate != 0) port.uart.setRate(choice.rate);
  addLogSink(new SerialLogSink(port));
}

/** Makes and registers the terminals of all ports and of the screen; returns the console's, null if there is none. */
export function startTerminals(): Tty | null {
  enableSerialInterrupts();
  nameCharacterMajor(4, "ttyS");
  let console: Tty | null = null;
  const ports = new StaticArray<Tty | null>(MAXIMUM_PORTS);
  for (let i = 0; i < MAXIMUM_PORTS; i++) {
    const port = serialPort(i);
    if (port === null) continue;
    const tty = createSerialTty(port, rateOf(i));
    ports[i] = tty;
    registerTty(tty, "ttyS" + i.toString(), 0o660);
    if (console === null) console = tty;
  }
  const display = screen;
  if (display !== null) display.startTerminals();
  for (let i = 0; i < choices.length; i++) {
    const choice = choices[i];
    if (!choice.isScreen && ports[choice.port] !== null) console = ports[choice.port];
    if (choice.isScreen && display !== null) console = display.foreground;
  }
  if (console !== null) registerConsole(console);
  return console;
}

function rateOf(port: i32): u32 {
  for (let i = choices.length - 1; i >= 0; i--) {
    if (choices[i].port == port && choices[i].rate != 0) return choices[i].rate;
  }
  return DEFAULT_RATE;
}
