// Consoles at boot: where the kernel log goes, and which terminal /dev/console is.
//
// `console=ttyS0[,115200]` and `console=tty0` name them; the log goes to all, the last one that exists is /dev/console
// (Linux Documentation/admin-guide/serial-console). Without the option the log goes to the screen and the first serial
// port, and the screen, if there is one, is /dev/console; so it is if none of those named exists. /proc/consoles lists them. With `typix.exec` COM1 and COM3 belong to
// the program, and the log goes to COM2 (docs/inside/exec-protocol.md).

import { BootInfo } from "../arch/x86_64/platform/boot-info";
import { findScreen, startScreen } from "../drivers/console/screen";
import { ScreenConsole } from "../drivers/console/screen-console";
import { AttentionKey } from "../drivers/keyboard/keyboard";
import { SerialLogSink, enableSerialInterrupts, probeSerialPorts, serialPort } from "../drivers/serial/serial";
import { TTYS_MAJOR, createSerialTty, makeExecTerminal } from "../drivers/serial/serial-tty";
import { nameCharacterMajor } from "../kernel/devfs/character-devices";
import { registerConsole, registerTty } from "../kernel/devfs/standard-devices";
import { addLogSink, logWarn, setConsoleLevel } from "../kernel/runtime/log/log";
import { ignore } from "../kernel/runtime/ignore";
import { Tty } from "../kernel/tty/tty";
import { ctrlAltDel } from "../syscalls/system/reboot";
import { CommandLine } from "./command-line";
import { addConsoleLine, chosenConsole } from "./console-list";

const SERIAL_PORTS: i32 = 4;
const DEFAULT_RATE: u32 = 9600;
const CONSOLE_RATE: u32 = 115200;
/** Levels below these numbers reach the consoles. */
const DEFAULT_LEVEL: i32 = 7;
const QUIET_LEVEL: i32 = 4;
const DEBUG_LEVEL: i32 = 8;

@bootOnly let screen: ScreenConsole | null = null;

@final
class RebootKey extends AttentionKey {
  pressed(): void {
    ctrlAltDel();
  }
}

@bootOnly const serialTtys = new StaticArray<Tty | null>(SERIAL_PORTS);

/** True if the kernel runs one program for `typix exec`. */
export function isExecMode(commandLine: CommandLine): bool {
  return execMode(commandLine).length > 0;
}

/** "stream", "tty", or "" when typix.exec was not given (or says anything else). */
export function execMode(commandLine: CommandLine): string {
  const mode = commandLine.value("typix.exec");
  return mode !== null && (mode == "stream" || mode == "tty") ? mode : "";
}

/** Sends the log to its consoles, as soon as ports can be used; no interrupts needed. */
export function startLogConsoles(commandLine: CommandLine): void {
  setConsoleLevel(<u32>commandLine.number("loglevel", commandLine.has("debug") ? DEBUG_LEVEL : commandLine.has("quiet") ? QUIET_LEVEL : DEFAULT_LEVEL));
  // How many there are is asked port by port.
  ignore(probeSerialPorts());
  if (isExecMode(commandLine)) {
    addSerialSink(1);
    return;
  }
  const names = consoleNames(commandLine);
  for (let i = 0; i < names.length; i++) {
    const index = serialIndex(names[i]);
    if (index >= 0) addSerialSink(index);
  }
}

/** Finds the display and sends the log to it, too, if the command line says so. Once memory is up. */
export function startScreenConsole(info: BootInfo, commandLine: CommandLine): void {
  const found = findScreen(info.framebuffer, info.isEfi);
  screen = found;
  if (found === null || isExecMode(commandLine)) return;
  const names = consoleNames(commandLine);
  for (let i = 0; i < names.length; i++) {
    if (!isScreenName(names[i])) continue;
    addLogSink(found.sink);
    return;
  }
}

/** Makes the terminals and /dev/console. After interrupts are routed. */
export function startTerminals(commandLine: CommandLine): void {
  const names = consoleNames(commandLine);
  enableSerialInterrupts();
  nameCharacterMajor(TTYS_MAJOR, "ttyS");
  for (let index = 0; index < SERIAL_PORTS; index++) {
    const port = serialPort(index);
    if (port === null) continue;
    const tty = createSerialTty(port, isNamed(names, index) ? CONSOLE_RATE : DEFAULT_RATE);
    serialTtys[index] = tty;
    registerTty(tty, "ttyS" + index.toString(), 0o660);
    if (index == 0 && execMode(commandLine) == "tty") makeExecTerminal(tty, port);
  }
  const display = screen;
  if (display !== null) startScreen(display, new RebootKey());
  listConsoles(names);
  const console = chosenConsole();
  if (console !== null) registerConsole(console);
}

/** Fills /proc/consoles. */
function listConsoles(names: string[]): void {
  const display = screen;
  for (let i = 0; i < names.length; i++) {
    const index = serialIndex(names[i]);
    if (index >= 0 && serialTtys[index] !== null) addConsoleLine("ttyS" + index.toString(), serialTtys[index]!, false);
    else if (display !== null && isScreenName(names[i])) addConsoleLine("tty0", display.foreground, true);
  }
  if (chosenConsole() !== null || display === null) return;
  logWarn("no console named on the command line exists: using the screen");
  addConsoleLine("tty0", display.foreground, true);
}

function addSerialSink(index: i32): void {
  const port = serialPort(index);
  if (port !== null) addLogSink(new SerialLogSink(port));
}

/** The console= values, or the default. */
function consoleNames(commandLine: CommandLine): string[] {
  const names = commandLine.values("console");
  if (names.length == 0) {
    names.push("ttyS0");
    names.push("tty0");
  }
  return names;
}

/** True for the names of the screen's consoles. */
function isScreenName(name: string): bool {
  return name == "tty" || name == "tty0" || name == "tty1";
}

/** 0 to 3 for "ttyS0[,…]" to "ttyS3[,…]", else -1. */
function serialIndex(name: string): i32 {
  if (!name.startsWith("ttyS") || name.length < 5) return -1;
  if (name.length > 5 && name.charCodeAt(5) != 0x2c) return -1;
  const index = name.charCodeAt(4) - 0x30;
  return index >= 0 && index < SERIAL_PORTS ? index : -1;
}

function isNamed(names: string[], index: i32): bool {
  for (let i = 0; i < names.length; i++) {
    if (serialIndex(names[i]) == index) return true;
  }
  return false;
}
