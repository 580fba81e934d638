// System calls that Typix does not have: ENOSYS, and one line in the kernel log for each number.

import { Errno } from "../../kernel/abi/errno";
import { logWarn } from "../../kernel/runtime/log/log";
import { currentTask } from "../../kernel/task/current";

/** Numbers from 0 up to here have a bit of their own; anything else is not a system call of any Linux. */
const NUMBER_LIMIT: i32 = 512;
@kernelLock const isLogged = new StaticArray<bool>(NUMBER_LIMIT);

/** Answers a number that the table does not have. */
export function unknownCall(number: i32): i64 {
  if (number >= 0 && number < NUMBER_LIMIT && !isLogged[number]) {
    isLogged[number] = true;
    logWarn("system call " + number.toString() + " is not supported (first used by " + currentTask().nameText() + ")");
  }
  return -Errno.ENOSYS;
}
