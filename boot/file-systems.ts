// File systems at boot: the types that mount(2) knows, the root, and the devices in /dev.

import { registerStandardDevices } from "../kernel/devfs/standard-devices";

/** Registers file systems and devices. */
export function startFileSystems(): void {
  registerStandardDevices();
}
