// poll(2), ppoll(2), select(2), pselect6(2): descriptor sets come from user memory and go back there; the waiting is in
// kernel/vfs/file/file-poll.ts. All may sleep.

import { Errno } from "../../kernel/abi/errno";
import { UserIn, UserInOut } from "../../kernel/mm/user/user-memory";
import { writeU64 } from "../../kernel/runtime/text/byte-access";
import { Limit } from "../../kernel/task/accounting/resource-limits";
import { RestartBlock } from "../../kernel/task/signal/restart-block";
import { NS_PER_SECOND } from "../../kernel/abi/time";
import { currentTask } from "../../kernel/task/current";
import { Task } from "../../kernel/task/task";
import { NEVER } from "../../kernel/time/timer";
import { FilePoll, POLLFD_SIZE } from "../../kernel/vfs/file/file-poll";
import { deadlineError, deadlineOfMilliseconds, deadlineOfTimespec, deadlineOfTimeval, remainingNs } from "../decode/deadline";
import { beginSignalMask, endSignalMask } from "./signal-mask";

/** Goes on with a poll(2) that a stop signal interrupted. */
@final
class PollRestart extends RestartBlock {
  constructor(private readonly address: u64, private readonly count: u32, private readonly deadlineNs: u64) {
    super();
  }

  @sleeps resume(): i64 {
    const task = currentTask();
    const fds = task.arguments.inOut0.claim(this.address);
    const result = pollFiles(task, fds, this.count, this.deadlineNs);
    return finishPoll(task, fds, this.count, this.deadlineNs, result);
  }
}

/** poll(2) */
@sleeps export function sysPoll(task: Task, fds: UserInOut, count: u32, timeoutMs: i32): i64 {
  const deadline = deadlineOfMilliseconds(timeoutMs);
  const result = pollFiles(task, fds, count, deadline);
  return finishPoll(task, fds, count, deadline, result);
}

function finishPoll(task: Task, fds: UserInOut, count: u32, deadlineNs: u64, result: i64): i64 {
  if (result != -Errno.ERESTARTNOHAND) return result;
  task.restart = new PollRestart(fds.address, count, deadlineNs);
  return -Errno.ERESTART_RESTARTBLOCK;
}

/** ppoll(2): as Linux does, the time left is written back unless a signal is to be handled first. */
@sleeps export function sysPpoll(task: Task, fds: UserInOut, count: u32, timeout: UserInOut, mask: UserIn, maskSize: u64): i64 {
  const deadline = deadlineOfTimespec(timeout);
  if (deadlineError(deadline) < 0) return deadlineError(deadline);
  const begun = beginSignalMask(task, mask, maskSize);
  if (begun < 0) return begun;
  const result = pollFiles(task, fds, count, deadline);
  endSignalMask(task, result);
  return putRemaining(timeout, deadline, 1, result);
}

/** The count of ready files, 0 at the deadline, -ERESTARTNOHAND after a signal. */
@sleeps function pollFiles(task: Task, fds: UserInOut, count: u32, deadlineNs: u64): i64 {
  if (<u64>count > task.process.limits.soft[Limit.NOFILE]) return -Errno.EINVAL;
  const size = <i32>count * POLLFD_SIZE;
  const state = FilePoll.acquire(size);
  const read = fds.readBytes(0, state.bytes, 0, size);
  let result: i64 = read;
  if (read == 0) result = state.waitForRecords(task.files, <i32>count, deadlineNs);
  if (result >= 0) {
    const stored = storeEvents(fds, state, <i32>count);
    if (stored < 0) result = stored;
  }
  state.release();
  return result;
}

/**
 * Writes the answers. If none differs from what user memory held, as usual in a loop of calls, only the first, so that
 * memory which may not be written is noticed.
 */
@sleeps function storeEvents(fds: UserInOut, state: FilePoll, count: i32): i32 {
  const end = state.isChanged ? count : min(count, 1);
  for (let i = 0; i < end; i++) {
    const written = fds.writeU16(<u64>(i * POLLFD_SIZE) + 6, state.eventsOf(i));
    if (written < 0) return written;
  }
  return 0;
}

/** select(2) */
@sleeps export function sysSelect(
  task: Task, count: i32, reads: UserInOut, writes: UserInOut, excepts: u64, timeoutAddress: u64,
): i64 {
  const timeout = task.arguments.in0;
  timeout.claim(timeoutAddress);
  const deadline = deadlineOfTimeval(timeout);
  if (deadlineError(deadline) < 0) return deadlineError(deadline);
  const result = selectFiles(task, count, reads.address, writes.address, excepts, deadline);
  return putRemaining(task.arguments.inOut0.claim(timeoutAddress), deadline, 1000, result);
}

/** pselect6(2): the last argument points to the mask's address and size. */
@sleeps export function sysPselect6(
  task: Task, count: i32, reads: u64, writes: u64, excepts: u64, timeoutAddress: u64, maskPair: UserIn,
): i64 {
  const mask = task.arguments.in1;
  let maskSize: u64 = 0;
  if (maskPair.isNull) {
    mask.claim(0);
  } else {
    const fetched = maskPair.fetch(16);
    if (fetched < 0) return fetched;
    mask.claim(maskPair.u64(0));
    maskSize = maskPair.u64(8);
  }
  const deadline = deadlineOfTimespec(task.arguments.in2.claim(timeoutAddress));
  if (deadlineError(deadline) < 0) return deadlineError(deadline);
  const begun = beginSignalMask(task, mask, maskSize);
  if (begun < 0) return begun;
  const result = selectFiles(task, count, reads, writes, excepts, deadline);
  endSignalMask(task, result);
  return putRemaining(task.arguments.inOut0.claim(timeoutAddress), deadline, 1, result);
}

/** Writes the time left to `timeout` (in `unit` nanoseconds below the second). A fault there is no error, as on Linux. */
@sleeps function putRemaining(timeout: UserInOut, deadlineNs: u64, unit: u64, result: i64): i64 {
  if (timeout.isNull || deadlineNs == NEVER) return result;
  const left = deadlineNs == 0 ? 0 : remainingNs(deadlineNs);
  const written = timeout.writeU64(0, left / NS_PER_SECOND);
  if (written < 0 || timeout.writeU64(8, left % NS_PER_SECOND / unit) < 0) {
    // Without the time left the call cannot be restarted.
    return result == -Errno.ERESTARTNOHAND ? -Errno.EINTR : result;
  }
  return result;
}

@sleeps function selectFiles(task: Task, count: i32, reads: u64, writes: u64, excepts: u64, deadlineNs: u64): i64 {
  if (count < 0) return -Errno.EINVAL;
  const files = task.files;
  const limited = min(count, files.size);
  const setSize = ((limited + 63) >> 6) << 3;
  const state = FilePoll.acquire(setSize * 6);
  let result: i64 = loadSet(task, reads, state.bytes, 0, setSize);
  if (result == 0) result = loadSet(task, writes, state.bytes, setSize, setSize);
  if (result == 0) result = loadSet(task, excepts, state.bytes, setSize * 2, setSize);
  if (result == 0) result = state.waitForSets(files, limited, setSize, deadlineNs);
  if (result >= 0) {
    if (!storeSet(task, reads, state.bytes, setSize * 3, setSize) ||
      !storeSet(task, writes, state.bytes, setSize * 4, setSize) ||
      !storeSet(task, excepts, state.bytes, setSize * 5, setSize)) result = -Errno.EFAULT;
  }
  state.release();
  return result;
}

@sleeps function loadSet(task: Task, address: u64, bytes: StaticArray<u8>, at: i32, size: i32): i32 {
  if (address == 0) {
    for (let i = 0; i < size; i += 8) writeU64(bytes, at + i, 0);
    return 0;
  }
  return task.arguments.inOut1.claim(address).readBytes(0, bytes, at, size);
}

@sleeps function storeSet(task: Task, address: u64, bytes: StaticArray<u8>, at: i32, size: i32): bool {
  return address == 0 || task.arguments.inOut1.claim(address).writeBytes(0, bytes, at, size) == 0;
}
