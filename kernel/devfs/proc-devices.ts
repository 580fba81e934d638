// /proc/devices: the majors of character devices, by name. Block devices come with their drivers.

import { addProcText } from "../procfs/proc-text";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { characterClassAt, characterClassCount } from "./character-devices";

function showDevices(out: ByteBuilder): void {
  out.append("Character devices:\n");
  for (let i = 0; i < characterClassCount(); i++) {
    const entry = characterClassAt(i);
    out.appendPadded(entry.major, 3).appendByte(0x20).append(entry.name).newline();
  }
  out.append("\nBlock devices:\n");
}

/** Adds the file; before procfs is first mounted. */
export function registerProcDevices(): void {
  addProcText("", "devices", 0o444, showDevices);
}
