// Opening device nodes and FIFOs: higher layers (devfs, drivers, ipc/pipe) register who opens them.
// Registration happens at boot; opening may sleep (FIFOs wait for the other end).

import { Errno } from "../../abi/errno";
import { S_IFCHR, S_IFIFO } from "../../abi/stat";
import { Inode } from "../inode/inode";
import { OPEN_BY_TYPE, OpenRequest } from "../inode/open-request";

/** Opens special files of one kind. */
export abstract class SpecialFileOpener {
  /** Sets `request.file`; 0 or -errno (-ENXIO: no such device). `inode.rdev` says which device. */
  @sleeps abstract open(inode: Inode, request: OpenRequest): i32;
}

@bootOnly let characterOpener: SpecialFileOpener | null = null;
@bootOnly let fifoOpener: SpecialFileOpener | null = null;

export function setCharacterDeviceOpener(opener: SpecialFileOpener): void {
  characterOpener = opener;
}

export function setFifoOpener(opener: SpecialFileOpener): void {
  fifoOpener = opener;
}

/** Opens the inode with a request: 0 and `request.file`, or -errno. May sleep. */
@sleeps export function openInode(inode: Inode, request: OpenRequest): i32 {
  request.file = null;
  const opened = inode.open(request);
  return opened == OPEN_BY_TYPE ? openSpecialFile(inode, request) : opened;
}

/** Opens a character device or FIFO; there are no block devices. */
@sleeps function openSpecialFile(inode: Inode, request: OpenRequest): i32 {
  const type = inode.type;
  const opener = type == S_IFCHR ? characterOpener : type == S_IFIFO ? fifoOpener : null;
  if (opener === null) return -Errno.ENXIO;
  return opener.open(inode, request);
}
