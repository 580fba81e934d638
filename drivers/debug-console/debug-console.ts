// The debug console of virtual machines: a byte written to port 0xe9 comes out on the host (QEMU: isa-debugcon; Bochs: port_e9_hack).
//
// /dev/debugcon exists where the port answers. The example of docs/how-to/adding-a-driver.md: the least that is a driver.
// Writing sleeps only as far as user memory faults. Nothing specifies the port but its emulators' manuals.

import { PortRange, requestPorts } from "../../arch/x86_64/platform/resources";
import { Errno } from "../../kernel/abi/errno";
import { registerCharacterDevice } from "../../kernel/devfs/character-devices";
import { IoSource } from "../../kernel/mm/user/io-buffer";
import { logInfo } from "../../kernel/runtime/log/log";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { SpecialFileOpener } from "../../kernel/vfs/file/special-files";
import { Inode } from "../../kernel/vfs/inode/inode";
import { OpenRequest } from "../../kernel/vfs/inode/open-request";

const PORT: u32 = 0xe9;
/** What a read of the port gives where the console is; an absent device reads as ones. */
const READBACK: u32 = 0xe9;
/** Of the majors for local use (Linux, admin-guide/devices.txt). */
const MAJOR: u32 = 240;
/** Bytes taken from the program at a time. */
const CHUNK: i32 = 64;

/** An open /dev/debugcon. */
@final
class DebugConsoleFile extends OpenFile {
  private readonly chunk: StaticArray<u8> = new StaticArray<u8>(CHUNK);

  constructor(private readonly ports: PortRange, flags: u32) {
    super(flags);
  }

  /** Sends all bytes: their number, what came before a fault, or -EFAULT. */
  @sleeps write(from: IoSource): i64 {
    let sent: i64 = 0;
    while (from.remaining != 0) {
      const length = <i32>min<u64>(from.remaining, CHUNK);
      const taken = from.takeToBytes(this.chunk, 0, length);
      for (let i = 0; i < <i32>taken; i++) this.ports.write8(0, this.chunk[i]);
      if (taken > 0) sent += taken;
      if (taken < <i64>length) return sent != 0 ? sent : -Errno.EFAULT;
    }
    return sent;
  }

  @sleeps writeAt(position: i64, from: IoSource): i64 {
    return this.write(from);
  }
}

/** Opens the device node. */
@final
export class DebugConsole extends SpecialFileOpener {
  constructor(private readonly ports: PortRange) {
    super();
  }

  open(inode: Inode, request: OpenRequest): i32 {
    request.file = new DebugConsoleFile(this.ports, request.flags);
    return 0;
  }
}

/** Looks for the console and registers /dev/debugcon. False: there is none, which is no error. */
export function startDebugConsole(): bool {
  const ports = requestPorts(PORT, 1);
  if (ports === null || ports.read8(0) != READBACK) return false;
  registerCharacterDevice(MAJOR, 0, "debugcon", 0o600, new DebugConsole(ports));
  logInfo("debug console: port 0xe9");
  return true;
}
