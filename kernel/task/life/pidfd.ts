// pidfds: descriptors that stand for a process (pidfd_open(2)). They hold the Pid, so a number used again is never
// mistaken for the process. Readable once the process has ended. Nothing here sleeps.

import { Poller } from "../../sync/poll";
import { bindToSharedInode } from "../../vfs/file/anonymous";
import { OpenFile } from "../../vfs/file/open-file";
import { Pid } from "../pid";
import { Process } from "../process";
import { PollEvent } from "../../abi/poll";

@final
export class PidFile extends OpenFile {
  /** The process, kept after it was reaped: then it is a zombie without a number. */
  private readonly target: Process | null;

  constructor(readonly pid: Pid, flags: u32) {
    super(flags | 2);
    this.target = pid.process;
  }

  /** A description of the process that has the number now. */
  static create(pid: Pid, flags: u32): PidFile {
    const file = new PidFile(pid, flags);
    bindToSharedInode(file);
    return file;
  }

  /** The process while it has its number; null after it was reaped. */
  get process(): Process | null {
    const target = this.target;
    return target !== null && this.pid.process === target ? target : null;
  }

  poll(poller: Poller | null): u32 {
    const target = this.target;
    if (target === null) return PollEvent.IN | PollEvent.RDNORM;
    if (poller !== null && !target.isZombie) poller.watch(target.exitWaiters);
    return target.isZombie ? PollEvent.IN | PollEvent.RDNORM : 0;
  }

  description(): StaticArray<u8> | null {
    return PIDFD_NAME;
  }
}

/** "anon_inode:[pidfd]" */
const PIDFD_NAME: StaticArray<u8> = [
  0x61, 0x6e, 0x6f, 0x6e, 0x5f, 0x69, 0x6e, 0x6f, 0x64, 0x65, 0x3a, 0x5b, 0x70, 0x69, 0x64, 0x66, 0x64, 0x5d,
];
