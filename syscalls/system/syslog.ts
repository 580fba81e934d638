// syslog(2): reading and controlling the kernel log. Sleeps (action 2).

import { Errno } from "../../kernel/abi/errno";
import { logReaders } from "../../kernel/devfs/kmsg";
import { isUserRange } from "../../kernel/mm/user/user-access";
import { UserOut } from "../../kernel/mm/user/user-memory";
import { ByteBuilder } from "../../kernel/runtime/text/byte-builder";
import { LOG_TEXT_SIZE, consoleLogLevel, setConsoleLevel } from "../../kernel/runtime/log/log";
import { syslogClear, syslogHasUnread, syslogRead, syslogReadAll, syslogUnread } from "../../kernel/runtime/log/log-reader";
import { waitOn } from "../../kernel/sync/sleep";
import { Task } from "../../kernel/task/task";
import { Capability } from "../../kernel/vfs/credentials";

const READ: i32 = 2;
const READ_ALL: i32 = 3;
const READ_CLEAR: i32 = 4;
const CLEAR: i32 = 5;
const CONSOLE_OFF: i32 = 6;
const CONSOLE_ON: i32 = 7;
const CONSOLE_LEVEL: i32 = 8;
const SIZE_UNREAD: i32 = 9;
const SIZE_BUFFER: i32 = 10;
const LOWEST_LEVEL: u32 = 1;

/** Level to return to by CONSOLE_ON. */
@kernelLock let savedLevel: i32 = -1;

/** syslog(2) */
@sleeps export function sysSyslog(task: Task, action: i32, to: UserOut, length: i32): i64 {
  const mayAll = task.credentials.has(Capability.SYSLOG) || task.credentials.has(Capability.SYS_ADMIN);
  if (!mayAll && action != READ_ALL && action != SIZE_BUFFER) return -Errno.EPERM;
  switch (action) {
    case 0:
    case 1: return 0;
    case READ: return readUnread(to, length);
    case READ_ALL: return readAll(to, length);
    case READ_CLEAR: {
      const result = readAll(to, length);
      if (result >= 0) syslogClear();
      return result;
    }
    case CLEAR:
      syslogClear();
      return 0;
    case CONSOLE_OFF:
      if (savedLevel < 0) savedLevel = <i32>consoleLogLevel();
      setConsoleLevel(LOWEST_LEVEL);
      return 0;
    case CONSOLE_ON:
      if (savedLevel >= 0) setConsoleLevel(<u32>savedLevel);
      savedLevel = -1;
      return 0;
    case CONSOLE_LEVEL:
      if (length < 1 || length > 8) return -Errno.EINVAL;
      setConsoleLevel(<u32>length);
      savedLevel = -1;
      return 0;
    case SIZE_UNREAD: return <i64>syslogUnread();
    case SIZE_BUFFER: return <i64>LOG_TEXT_SIZE;
    default: return -Errno.EINVAL;
  }
}

/** 0 or -errno: what is wrong with the buffer, before anything is read or waited for. */
function checkBuffer(to: UserOut, length: i32): i32 {
  if (to.isNull || length < 0) return -Errno.EINVAL;
  return isUserRange(to.address, <u64>length) || length == 0 ? 0 : -Errno.EFAULT;
}

@sleeps function readUnread(to: UserOut, length: i32): i64 {
  const checked = checkBuffer(to, length);
  if (checked < 0 || length == 0) return <i64>checked;
  while (!syslogHasUnread()) {
    const waited = waitOn(logReaders);
    if (waited < 0) return <i64>waited;
  }
  const text = new ByteBuilder();
  const count = syslogRead(text, min(length, LOG_TEXT_SIZE));
  return copyOut(to, text, count);
}

@sleeps function readAll(to: UserOut, length: i32): i64 {
  const checked = checkBuffer(to, length);
  if (checked < 0 || length == 0) return <i64>checked;
  const text = new ByteBuilder();
  const count = syslogReadAll(text, min(length, LOG_TEXT_SIZE));
  return copyOut(to, text, count);
}

@sleeps function copyOut(to: UserOut, text: ByteBuilder, count: i32): i64 {
  return to.writeBytes(0, text.data, 0, count) < 0 ? -Errno.EFAULT : <i64>count;
}
