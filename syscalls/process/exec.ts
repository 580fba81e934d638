// execve(2) and execveat(2).

import { AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW } from "../../kernel/abi/fcntl";
import { Errno } from "../../kernel/abi/errno";
import { UserIn, UserPath } from "../../kernel/mm/user/user-memory";
import { execute } from "../../kernel/task/exec/exec";
import { openUserExecutable } from "../../kernel/task/exec/exec-open";
import { giveExecRequest, takeExecRequest } from "../../kernel/task/exec/exec-request";
import { Limit } from "../../kernel/task/accounting/resource-limits";
import { Task } from "../../kernel/task/task";
import { Walk } from "../../kernel/vfs/path/path-walk";

/** execve(2) */
@sleeps export function sysExecve(task: Task, path: UserPath, argv: UserIn, envp: UserIn): i64 {
  return run(task, AT_FDCWD, path, argv, envp, Walk.FOLLOW, true);
}

/** execveat(2) */
@sleeps export function sysExecveat(task: Task, dirfd: i32, path: UserPath, argv: UserIn, envp: UserIn, flags: u32): i64 {
  const areFlagsValid = (flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) == 0;
  let walkFlags: u32 = 0;
  if ((flags & AT_SYMLINK_NOFOLLOW) == 0) walkFlags |= Walk.FOLLOW;
  if ((flags & AT_EMPTY_PATH) != 0) walkFlags |= Walk.EMPTY;
  return run(task, dirfd, path, argv, envp, walkFlags, areFlagsValid);
}

@sleeps function run(task: Task, dirfd: i32, path: UserPath, argv: UserIn, envp: UserIn, walkFlags: u32, areFlagsValid: bool): i64 {
  // setuid(2) may go over RLIMIT_NPROC, since programs forget to look at its result; execve(2) may not.
  const isOver = task.exceedsProcessLimit && task.namespaces.users.exceeds(task.credentials.uid, task.process.limits.soft[Limit.NPROC]);
  if (isOver) return -Errno.EAGAIN;
  task.exceedsProcessLimit = false;
  // The task's claims serve other purposes while the program is read.
  const request = takeExecRequest();
  const argvAddress = argv.address;
  const envpAddress = envp.address;
  let status = openUserExecutable(task, request, path, dirfd, walkFlags, areFlagsValid);
  if (status == 0) status = execute(task, request, argv.claim(argvAddress), envp.claim(envpAddress));
  giveExecRequest(request);
  return <i64>status;
}
