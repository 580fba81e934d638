// Opening terminals: exclusive use, the controlling terminal, and the openers of terminal devices, /dev/tty and
// /dev/console (tty(4), console(4), O_NOCTTY of open(2)). May sleep as far as the driver's open does (none does).

import { Errno } from "../abi/errno";
import { O_NOCTTY } from "../abi/fcntl";
import { Capability } from "../vfs/credentials";
import { Inode } from "../vfs/inode/inode";
import { OpenRequest } from "../vfs/inode/open-request";
import { SpecialFileOpener } from "../vfs/file/special-files";
import { acquireOnOpen, controllingTty } from "./job-control";
import { Tty } from "./tty";
import { TtyKind } from "./tty-driver";
import { TtyFile } from "./tty-file";
import { currentTask } from "../task/current";

/** How a device refers to its terminal. */
export const enum TtyAccess {
  /** By its own name: may become the controlling terminal. */
  DIRECT,
  /** As /dev/console: never controls, survives hang-ups. */
  CONSOLE,
  /** As /dev/tty or /dev/tty0. */
  INDIRECT,
}

/** Opens a terminal: sets `request.file`; 0 or -errno. */
export function openTty(tty: Tty, request: OpenRequest, access: TtyAccess): i32 {
  const task = currentTask();
  if (tty.isExclusive && tty.openCount > 0 && !task.credentials.has(Capability.SYS_ADMIN)) return -Errno.EBUSY;
  const opened = tty.opened();
  if (opened < 0) return opened;
  const file = new TtyFile(tty, request.flags, access == TtyAccess.CONSOLE);
  request.file = file;
  const mayControl = access == TtyAccess.DIRECT && (request.flags & O_NOCTTY) == 0 && tty.kind != TtyKind.PTY_MASTER;
  if (mayControl && file.canRead) acquireOnOpen(tty, task);
  return 0;
}

/** Opener of a device that is one certain terminal. */
@final
export class TtyOpener extends SpecialFileOpener {
  constructor(readonly tty: Tty, readonly access: TtyAccess) {
    super();
  }

  open(inode: Inode, request: OpenRequest): i32 {
    return openTty(this.tty, request, this.access);
  }
}

/** Opener of /dev/tty: the controlling terminal of whoever asks; -ENXIO without one. */
@final
export class ControllingTtyOpener extends SpecialFileOpener {
  open(inode: Inode, request: OpenRequest): i32 {
    const tty = controllingTty(currentTask().process);
    return tty === null ? -Errno.ENXIO : openTty(tty, request, TtyAccess.INDIRECT);
  }
}
