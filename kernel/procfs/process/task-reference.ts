// TaskReference: how an inode of /proc holds on to the task it tells about, without keeping it: the number's Pid, which
// later tasks never share.

import { Pid } from "../../task/pid";
import { Task } from "../../task/task";
import { Inode } from "../../vfs/inode/inode";
import { ownsItsFiles } from "./process-access";

@final
export class TaskReference {
  constructor(
    readonly pid: Pid,
    /** A directory below task/: times and states are the thread's own. */
    readonly isThread: bool,
  ) {}

  /** The task while it exists (a zombie included), or null. */
  get task(): Task | null {
    return this.pid.task;
  }

  /** Gives an inode the task's owner. */
  ownInode(inode: Inode): void {
    const task = this.pid.task;
    const isOwned = task !== null && ownsItsFiles(task);
    inode.uid = isOwned ? task!.credentials.euid : 0;
    inode.gid = isOwned ? task!.credentials.egid : 0;
  }
}
