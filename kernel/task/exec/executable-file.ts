// The references of processes to the file that they run: it stays open, and nobody may open it for writing (ETXTBSY,
// execve(2)). Closing the last one may sleep.

import { check } from "../../runtime/log/panic";
import { OpenFile } from "../../vfs/file/open-file";

/** One more process runs the file. */
export function retainExecutable(file: OpenFile): void {
  file.retain();
  const inode = file.inode;
  // It is being executed already, so nobody can have it open for writing.
  if (inode !== null) check(inode.retainExecution() == 0, "exec: executed file has writers");
}

/** Lets go of a file that openExecutable or openInterpreter opened. */
export function closeExecutable(file: OpenFile | null): void {
  if (file === null) return;
  const inode = file.inode;
  if (inode !== null) inode.releaseExecution();
  file.release();
}
