// splice(2), tee(2) and vmsplice(2): decode and check; the bytes move in kernel/ipc/splice.ts. May sleep.

import { Errno } from "../../kernel/abi/errno";
import { MAX_RW_COUNT } from "../../kernel/abi/fcntl";
import { PipeFile } from "../../kernel/ipc/pipe-file";
import { isNonBlocking, spliceBetweenPipes, spliceFromPipe, spliceIntoPipe } from "../../kernel/ipc/splice";
import { UserIn, UserInOut } from "../../kernel/mm/user/user-memory";
import { Task } from "../../kernel/task/task";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { Offset } from "../decode/offset";

const SPLICE_FLAGS: u32 = 15;

/** splice(2) */
@sleeps export function sysSplice(
  task: Task, input: OpenFile | null, inOffset: UserInOut, output: OpenFile | null, outOffset: UserInOut, count: u64, flags: u32,
): i64 {
  if (count == 0) return 0;
  if ((flags & ~SPLICE_FLAGS) != 0) return -Errno.EINVAL;
  if (input === null || output === null) return -Errno.EBADF;
  const from = new Offset(inOffset);
  const to = new Offset(outOffset);
  const isFromPipe = input instanceof PipeFile;
  const isToPipe = output instanceof PipeFile;
  if ((isFromPipe && from.isGiven) || (isToPipe && to.isGiven)) return -Errno.ESPIPE;
  const loaded = from.load();
  if (loaded < 0) return loaded;
  const loadedOut = to.load();
  if (loadedOut < 0) return loadedOut;
  if (!input.canRead || !output.canWrite) return -Errno.EBADF;
  const most = min(count, MAX_RW_COUNT);
  let moved: i64;
  if (isFromPipe && isToPipe) moved = spliceBetweenPipes(<PipeFile>input, <PipeFile>output, most, flags, true, task.arguments.source.caller);
  else if (isFromPipe) moved = spliceFromPipe(<PipeFile>input, output, to, most, flags, task.arguments.source.caller);
  else if (isToPipe) moved = spliceIntoPipe(input, from, <PipeFile>output, most, flags, task.arguments.source.caller);
  else return -Errno.EINVAL;
  if (moved <= 0) return moved;
  const stored = from.store();
  if (stored < 0) return stored;
  const storedOut = to.store();
  return storedOut < 0 ? storedOut : moved;
}

/** tee(2) */
@sleeps export function sysTee(task: Task, input: OpenFile | null, output: OpenFile | null, count: u64, flags: u32): i64 {
  if ((flags & ~SPLICE_FLAGS) != 0) return -Errno.EINVAL;
  if (count == 0) return 0;
  if (input === null || output === null || !input.canRead || !output.canWrite) return -Errno.EBADF;
  if (!(input instanceof PipeFile) || !(output instanceof PipeFile)) return -Errno.EINVAL;
  return spliceBetweenPipes(<PipeFile>input, <PipeFile>output, min(count, MAX_RW_COUNT), flags, false, task.arguments.source.caller);
}

/** vmsplice(2): the pages are copied, which is one of the outcomes its manual page allows. */
@sleeps export function sysVmsplice(task: Task, file: OpenFile | null, vector: UserIn, count: u64, flags: u32): i64 {
  if ((flags & ~SPLICE_FLAGS) != 0) return -Errno.EINVAL;
  if (file === null || (!file.canRead && !file.canWrite)) return -Errno.EBADF;
  const isOutput = file.canWrite;
  const from = task.arguments.source;
  const to = task.arguments.destination;
  const claimed = isOutput ? from.claimVector(vector.address, count) : to.claimVector(vector.address, count);
  if (claimed < 0) return claimed;
  if ((isOutput ? from.remaining : to.remaining) == 0) return 0;
  if (!(file instanceof PipeFile)) return -Errno.EBADF;
  const pipeFile = <PipeFile>file;
  const mayNotWait = isNonBlocking(pipeFile, flags);
  return isOutput ? pipeFile.pipe.splice(from, mayNotWait) : pipeFile.pipe.read(to, mayNotWait);
}
