// The devices that every system has: memory devices, random, kmsg, tty, console, ptmx. Registered once, at boot.

import { ControllingTtyOpener, TtyAccess, TtyOpener } from "../tty/tty-open";
import { Tty } from "../tty/tty";
import { deviceMajor, deviceMinor } from "../vfs/inode/device-number";
import { installCharacterDevices, nameCharacterMajor, registerCharacterDevice } from "./character-devices";
import { registerDevPts } from "./devpts";
import { registerDevTmpfs } from "./devtmpfs";
import { KmsgOpener, watchLog } from "./kmsg";
import { FullOpener, NullOpener, ZeroOpener } from "./memory-devices";
import { RandomOpener } from "./random-device";

const MEMORY_MAJOR: u32 = 1;
const TTYAUX_MAJOR: u32 = 5;

/** Registers everything but the terminals of drivers, and the file systems devtmpfs and devpts. */
export function registerStandardDevices(): void {
  installCharacterDevices();
  watchLog();
  nameCharacterMajor(MEMORY_MAJOR, "mem");
  registerCharacterDevice(MEMORY_MAJOR, 3, "null", 0o666, new NullOpener());
  registerCharacterDevice(MEMORY_MAJOR, 5, "zero", 0o666, new ZeroOpener());
  registerCharacterDevice(MEMORY_MAJOR, 7, "full", 0o666, new FullOpener());
  registerCharacterDevice(MEMORY_MAJOR, 8, "random", 0o666, new RandomOpener(true));
  registerCharacterDevice(MEMORY_MAJOR, 9, "urandom", 0o666, new RandomOpener(false));
  registerCharacterDevice(MEMORY_MAJOR, 11, "kmsg", 0o644, new KmsgOpener());
  nameCharacterMajor(TTYAUX_MAJOR, "/dev/tty");
  registerCharacterDevice(TTYAUX_MAJOR, 0, "tty", 0o666, new ControllingTtyOpener());
  registerDevPts();
  registerDevTmpfs();
}

/** Makes `tty` the terminal behind /dev/console. */
export function registerConsole(tty: Tty): void {
  nameCharacterMajor(TTYAUX_MAJOR, "/dev/console");
  registerCharacterDevice(TTYAUX_MAJOR, 1, "console", 0o600, new TtyOpener(tty, TtyAccess.CONSOLE));
}

/** Registers a driver's terminal under its own name. */
export function registerTty(tty: Tty, name: string, permissions: u32 = 0o620): void {
  registerCharacterDevice(deviceMajor(tty.device), deviceMinor(tty.device), name, permissions, new TtyOpener(tty, TtyAccess.DIRECT));
}
