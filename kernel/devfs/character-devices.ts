// Character devices by number: who opens them, and which names devtmpfs and /proc/devices give them.
//
// Drivers register at boot (or when they find a device); `install` makes the table serve every character special file,
// wherever it lies. Nothing here sleeps; opening may.

import { Errno } from "../abi/errno";
import { bytesOf } from "../runtime/text/bytes";
import { Inode } from "../vfs/inode/inode";
import { deviceMajor, deviceMinor, makeDevice } from "../vfs/inode/device-number";
import { OpenRequest } from "../vfs/inode/open-request";
import { SpecialFileOpener, setCharacterDeviceOpener } from "../vfs/file/special-files";

/** One device. */
@final
export class CharacterDevice {
  constructor(
    readonly device: u32,
    /** Name below /dev; empty: none. */
    readonly name: StaticArray<u8>,
    /** Permission bits of the name in /dev. */
    readonly mode: u32,
    readonly opener: SpecialFileOpener,
  ) {}
}

/** Told when a device is registered after devtmpfs was made. */
export abstract class DeviceListener {
  abstract deviceAdded(device: CharacterDevice): void;
}

/** A name of /proc/devices. */
@final
export class DeviceClass {
  constructor(readonly major: u32, readonly name: string) {}
}

@kernelLock const devices = new Map<u32, CharacterDevice>();
/** In order of registration. */
@kernelLock const list: CharacterDevice[] = [];
@kernelLock const classes: DeviceClass[] = [];
/** Openers of whole majors (pts), asked when no single device matches. */
@kernelLock const majors = new Map<u32, SpecialFileOpener>();
@bootOnly let listener: DeviceListener | null = null;

/** Registers a device; devtmpfs shows it as `name` ("" for none) with permission bits `mode`. */
export function registerCharacterDevice(major: u32, minor: u32, name: string, mode: u32, opener: SpecialFileOpener): void {
  const number = makeDevice(major, minor);
  const device = new CharacterDevice(number, bytesOf(name), mode, opener);
  devices.set(number, device);
  list.push(device);
  const watcher = listener;
  if (watcher !== null) watcher.deviceAdded(device);
}

/** Registers who opens every device of a major that is not registered by itself. */
export function registerCharacterMajor(major: u32, opener: SpecialFileOpener): void {
  majors.set(major, opener);
}

/** Names a major for /proc/devices. */
export function nameCharacterMajor(major: u32, name: string): void {
  let at = classes.length;
  while (at > 0 && classes[at - 1].major > major) at--;
  classes.push(new DeviceClass(major, name));
  for (let i = classes.length - 1; i > at; i--) {
    const later = classes[i - 1];
    classes[i - 1] = classes[i];
    classes[i] = later;
  }
}

export function characterClassCount(): i32 {
  return classes.length;
}

/** Named majors in ascending order. */
export function characterClassAt(index: i32): DeviceClass {
  return classes[index];
}

export function characterDeviceCount(): i32 {
  return list.length;
}

export function characterDeviceAt(index: i32): CharacterDevice {
  return list[index];
}

export function setDeviceListener(watcher: DeviceListener): void {
  listener = watcher;
}

/** Opens character special files by their device number. */
@final
class TableOpener extends SpecialFileOpener {
  @sleeps open(inode: Inode, request: OpenRequest): i32 {
    const number = inode.rdev;
    if (devices.has(number)) return devices.get(number).opener.open(inode, request);
    const major = deviceMajor(number);
    if (majors.has(major)) return majors.get(major).open(inode, request);
    return -Errno.ENXIO;
  }
}

/** Makes the table serve character special files. */
export function installCharacterDevices(): void {
  setCharacterDeviceOpener(new TableOpener());
}
