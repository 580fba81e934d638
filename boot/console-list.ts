// /proc/consoles: the consoles in use, the one behind /dev/console first. Format: fs/proc of Linux, as proc(5) shows it. The default root
// starts a shell on each. Nothing here sleeps.

import { addProcText } from "../kernel/procfs/proc-text";
import { ByteBuilder } from "../kernel/runtime/text/byte-builder";
import { Tty } from "../kernel/tty/tty";
import { deviceMajor, deviceMinor } from "../kernel/vfs/inode/device-number";

/** Column of the flags. */
const NAME_WIDTH: i32 = 21;

@final
class ConsoleLine {
  constructor(readonly name: string, readonly tty: Tty, readonly isScreen: bool) {}
}

@bootOnly const lines: ConsoleLine[] = [];

/** A console that exists, in the order of the command line: the last one added is /dev/console. */
export function addConsoleLine(name: string, tty: Tty, isScreen: bool): void {
  for (let i = 0; i < lines.length; i++) {
    if (lines[i].tty === tty) lines.splice(i, 1);
  }
  lines.push(new ConsoleLine(name, tty, isScreen));
}

/** The terminal behind /dev/console, or null: there is no console. */
export function chosenConsole(): Tty | null {
  return lines.length == 0 ? null : lines[lines.length - 1].tty;
}

function showConsoles(out: ByteBuilder): void {
  for (let i = lines.length - 1; i >= 0; i--) {
    const line = lines[i];
    out.append(line.name);
    for (let column = line.name.length; column < NAME_WIDTH; column++) out.appendByte(0x20);
    // W: written to; U: the screen comes back from blanking. E: enabled; C: /dev/console; p: shows what was printed before; a: at any time.
    out.append(line.isScreen ? "-WU (E" : "-W- (E").append(i == lines.length - 1 ? "C p " : "  p ");
    out.append(line.isScreen ? " ) " : "a) ").appendPadded(<u64>deviceMajor(line.tty.device), 4);
    out.append(":").appendUnsigned(<u64>deviceMinor(line.tty.device)).newline();
  }
}

/** Boot, before procfs is mounted. */
export function registerProcConsoles(): void {
  addProcText("", "consoles", 0o444, showConsoles);
}
