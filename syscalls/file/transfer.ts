// Between files without user memory: sendfile(2), copy_file_range(2). The bytes move in kernel/vfs/file/transfer.ts; splice
// and tee are in splice.ts. May sleep.

import { Errno } from "../../kernel/abi/errno";
import { MAX_RW_COUNT, O_APPEND } from "../../kernel/abi/fcntl";
import { S_IFCHR } from "../../kernel/abi/stat";
import { UserInOut } from "../../kernel/mm/user/user-memory";
import { Task } from "../../kernel/task/task";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { copyBetween } from "../../kernel/vfs/file/transfer";
import { Offset } from "../decode/offset";

/** sendfile(2) */
@sleeps export function sysSendfile(task: Task, output: OpenFile | null, input: OpenFile | null, offset: UserInOut, count: u64): i64 {
  const position = new Offset(offset);
  const loaded = position.load();
  if (loaded == -Errno.EFAULT) return loaded;
  if (input === null || !input.canRead) return -Errno.EBADF;
  if (position.isGiven && !input.canSeek()) return -Errno.ESPIPE;
  if (loaded < 0) return loaded;
  const first = position.isGiven ? position.value : input.position;
  if (<i64>count < 0 || first + <i64>count < 0) return -Errno.EINVAL;
  if (output === null || !output.canWrite) return -Errno.EBADF;
  const inode = input.inode;
  // Data that could not be read again (a terminal's, a pipe's) must not be taken and then dropped.
  const isRepeatable = inode !== null && (inode.isRegular || (inode.type == S_IFCHR && input.canSeek()));
  if (inode === null || !isRepeatable || (output.flags & O_APPEND) != 0) return -Errno.EINVAL;
  // A device has no position of its own.
  const start = position.isGiven ? position.value : inode.isRegular ? input.position : -1;
  const outInode = output.inode;
  const outEnd = outInode === null ? i64.MAX_VALUE : outInode.fileSystem.largestFile;
  const end = min(inode.fileSystem.largestFile, outEnd);
  if (start >= end && count != 0) return -Errno.EOVERFLOW;
  const moved = copyBetween(input, start, output, -1, min(min(count, MAX_RW_COUNT), <u64>(end - max<i64>(start, 0))), task.arguments.source.caller);
  if (moved > 0 && start >= 0) {
    position.value = start + moved;
    if (!position.isGiven) input.position = start + moved;
  }
  const stored = position.store();
  return stored < 0 ? stored : moved;
}

/** copy_file_range(2) */
@sleeps export function sysCopyFileRange(
  task: Task, input: OpenFile, inOffset: UserInOut, output: OpenFile, outOffset: UserInOut, count: u64, flags: u32,
): i64 {
  const from = new Offset(inOffset);
  const to = new Offset(outOffset);
  const loaded = from.load();
  if (loaded == -Errno.EFAULT) return loaded;
  const loadedOut = to.load();
  if (loadedOut == -Errno.EFAULT) return loadedOut;
  if (flags != 0) return -Errno.EINVAL;
  const inInode = input.inode;
  const outInode = output.inode;
  if (inInode === null || outInode === null) return -Errno.EINVAL;
  if (inInode.isDirectory || outInode.isDirectory) return -Errno.EISDIR;
  if (!inInode.isRegular || !outInode.isRegular) return -Errno.EINVAL;
  if (!input.canRead || !output.canWrite || (output.flags & O_APPEND) != 0) return -Errno.EBADF;
  // Since Linux 5.19 file systems that cannot copy between each other do not.
  if (inInode.fileSystem !== outInode.fileSystem) return -Errno.EXDEV;
  // A range that wraps is an overflow before its start is looked at.
  const start = from.isGiven ? from.value : input.position;
  const target = to.isGiven ? to.value : output.position;
  if (<u64>start + count < count || <u64>target + count < count) return -Errno.EOVERFLOW;
  if (loaded < 0 || loadedOut < 0) return -Errno.EINVAL;
  const length = start < inInode.size ? min<u64>(min(count, MAX_RW_COUNT), <u64>(inInode.size - start)) : 0;
  if (target == i64.MAX_VALUE && length != 0) return -Errno.EFBIG;
  if (inInode === outInode && start < target + <i64>length && target < start + <i64>length) return -Errno.EINVAL;
  const moved = copyBetween(input, start, output, target, length, task.arguments.source.caller);
  if (moved <= 0) return moved;
  from.value = start + moved;
  to.value = target + moved;
  if (!from.isGiven) input.position = start + moved;
  if (!to.isGiven) output.position = target + moved;
  const stored = from.store();
  if (stored < 0) return stored;
  const storedOut = to.store();
  return storedOut < 0 ? storedOut : moved;
}
