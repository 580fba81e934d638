// poll(2), ppoll(2), select(2), pselect6(2). Waiting sleeps.
//
// One loop serves all: look at every file, registering only until something is ready; if nothing is, wait for a
// wake-up, a signal or the deadline, and look again. The Poller comes from a pool and keeps its entries.

import { Errno } from "../../kernel/abi/errno";
import { UserIn, UserInOut } from "../../kernel/mm/user/user-memory";
import { readU16, readU64, writeU16, writeU64 } from "../../kernel/runtime/text/byte-access";
import { Pool } from "../../kernel/runtime/containers/pool";
import { Poller } from "../../kernel/sync/poll";
import { Limit } from "../../kernel/task/accounting/resource-limits";
import { RestartBlock } from "../../kernel/task/signal/restart-block";
import { Task } from "../../kernel/task/task";
import { NEVER } from "../../kernel/time/timer";
import { FdTable } from "../../kernel/vfs/file/fd-table";
import { deadlineError, deadlineOfMilliseconds, deadlineOfTimespec, deadlineOfTimeval, remainingNs } from "../decode/deadline";
import { beginSignalMask, endSignalMask } from "./signal-mask";
import { NS_PER_SECOND } from "../../kernel/abi/time";
import { PollEvent } from "../../kernel/abi/poll";
import { currentTask } from "../../kernel/task/current";

/** struct pollfd: fd, events, revents. */
const POLLFD_SIZE: i32 = 8;
/** Always reported. */
const ALWAYS: u32 = PollEvent.ERR | PollEvent.HUP;
const SELECT_READ: u32 = PollEvent.RDNORM | PollEvent.RDBAND | PollEvent.IN | PollEvent.HUP | PollEvent.ERR;
const SELECT_WRITE: u32 = PollEvent.WRBAND | PollEvent.WRNORM | PollEvent.OUT | PollEvent.ERR;
const SELECT_EXCEPT: u32 = PollEvent.PRI;
/** Bytes of descriptor sets and pollfd arrays that a pooled buffer holds. */
const BUFFER_SIZE: i32 = 1024;

/** What one poll-like call works with. */
@final
class PollState {
  readonly poller: Poller = new Poller();
  /** pollfd records; or the three sets asked for, followed by the three answers. */
  bytes: StaticArray<u8> = new StaticArray<u8>(BUFFER_SIZE);
  /** An answer of poll(2) differs from what was in user memory. */
  isChanged: bool = false;

  ensure(size: i32): void {
    if (this.bytes.length < size) this.bytes = new StaticArray<u8>(size);
  }
}

@kernelLock const spareStates = new Pool<PollState>(32);

function acquireState(size: i32): PollState {
  let state = spareStates.take();
  if (state === null) state = new PollState();
  state.ensure(size);
  return state;
}

function releaseState(state: PollState): void {
  state.poller.release();
  if (state.bytes.length > BUFFER_SIZE) state.bytes = new StaticArray<u8>(BUFFER_SIZE);
  spareStates.give(state);
}

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
  if (deadlineError < 0) return deadlineError;
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
  const state = acquireState(size);
  const read = fds.readBytes(0, state.bytes, 0, size);
  let result: i64 = read;
  state.isChanged = false;
  if (read == 0) result = waitForFiles(task.files, state, <i32>count, deadlineNs);
  if (result >= 0) {
    const stored = storeEvents(fds, state, <i32>count);
    if (stored < 0) result = stored;
  }
  releaseState(state);
  return result;
}

/**
 * Writes the answers. If none differs from what user memory held, as usual in a loop of calls, only the first, so that
 * memory which may not be written is noticed.
 */
@sleeps function storeEvents(fds: UserInOut, state: PollState, count: i32): i32 {
  const bytes = state.bytes;
  const end = state.isChanged ? count : min(count, 1);
  for (let i = 0; i < end; i++) {
    const at = i * POLLFD_SIZE;
    const written = fds.writeU16(<u64>at + 6, readU16(bytes, at + 6));
    if (written < 0) return written;
  }
  return 0;
}

@sleeps function waitForFiles(files: FdTable, state: PollState, count: i32, deadlineNs: u64): i64 {
  const poller = state.poller;
  let isLast = deadlineNs == 0;
  while (true) {
    const ready = lookAtFiles(files, state, count, isLast ? null : poller);
    if (ready > 0 || isLast) return ready;
    const waited = poller.wait(deadlineNs);
    poller.release();
    if (waited == -Errno.ETIMEDOUT) isLast = true;
    else if (waited < 0) return -Errno.ERESTARTNOHAND;
  }
}

function lookAtFiles(files: FdTable, state: PollState, count: i32, poller: Poller | null): i32 {
  const bytes = state.bytes;
  let ready = 0;
  let registrar = poller;
  for (let i = 0; i < count; i++) {
    const at = i * POLLFD_SIZE;
    const record = readU64(bytes, at);
    const fd = <i32>record;
    let mask: u32 = 0;
    if (fd >= 0) {
      const file = files.get(fd);
      if (file === null) mask = PollEvent.NVAL;
      else mask = file.poll(registrar) & (<u32>(record >> 32) & 0xffff | ALWAYS | PollEvent.NVAL);
    }
    if (<u32>(record >> 48) != mask) {
      writeU16(bytes, at + 6, mask);
      state.isChanged = true;
    }
    if (mask != 0) {
      ready++;
      registrar = null;
    }
  }
  return ready;
}

/** select(2) */
@sleeps export function sysSelect(
  task: Task, count: i32, reads: UserInOut, writes: UserInOut, excepts: u64, timeoutAddress: u64,
): i64 {
  const timeout = task.arguments.in0;
  timeout.claim(timeoutAddress);
  const deadline = deadlineOfTimeval(timeout);
  if (deadlineError < 0) return deadlineError;
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
  if (deadlineError < 0) return deadlineError;
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
  const written = timeout.writeU64(0, left / 1_000_000_000);
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
  const state = acquireState(setSize * 6);
  let result: i64 = loadSet(task, reads, state.bytes, 0, setSize);
  if (result == 0) result = loadSet(task, writes, state.bytes, setSize, setSize);
  if (result == 0) result = loadSet(task, excepts, state.bytes, setSize * 2, setSize);
  if (result == 0) result = waitForSets(files, state, limited, setSize, deadlineNs);
  if (result >= 0) {
    if (!storeSet(task, reads, state.bytes, setSize * 3, setSize) ||
      !storeSet(task, writes, state.bytes, setSize * 4, setSize) ||
      !storeSet(task, excepts, state.bytes, setSize * 5, setSize)) result = -Errno.EFAULT;
  }
  releaseState(state);
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

@sleeps function waitForSets(files: FdTable, state: PollState, count: i32, setSize: i32, deadlineNs: u64): i64 {
  const poller = state.poller;
  let isLast = deadlineNs == 0;
  while (true) {
    const ready = lookAtSets(files, state.bytes, count, setSize, isLast ? null : poller);
    if (ready != 0 || isLast) return ready;
    const waited = poller.wait(deadlineNs);
    poller.release();
    if (waited == -Errno.ETIMEDOUT) isLast = true;
    else if (waited < 0) return -Errno.ERESTARTNOHAND;
  }
}

/** Number of bits set in the answers, or -EBADF. */
function lookAtSets(files: FdTable, bytes: StaticArray<u8>, count: i32, setSize: i32, poller: Poller | null): i32 {
  let ready = 0;
  let registrar = poller;
  for (let at = 0; at < setSize; at += 8) {
    let reads = readU64(bytes, at);
    let writes = readU64(bytes, setSize + at);
    let excepts = readU64(bytes, setSize * 2 + at);
    let wanted = (reads | writes | excepts) & bitsBelow(count - at * 8);
    let readable: u64 = 0;
    let writable: u64 = 0;
    let exceptional: u64 = 0;
    while (wanted != 0) {
      const index = ctz(wanted);
      const bit = <u64>1 << index;
      wanted &= wanted - 1;
      const file = files.get(at * 8 + <i32>index);
      if (file === null || file.isPath) return -Errno.EBADF;
      const mask = file.poll(registrar);
      if ((mask & SELECT_READ) != 0) readable |= bit & reads;
      if ((mask & SELECT_WRITE) != 0) writable |= bit & writes;
      if ((mask & SELECT_EXCEPT) != 0) exceptional |= bit & excepts;
      if ((readable | writable | exceptional) != 0) registrar = null;
    }
    writeU64(bytes, setSize * 3 + at, readable);
    writeU64(bytes, setSize * 4 + at, writable);
    writeU64(bytes, setSize * 5 + at, exceptional);
    ready += <i32>(popcnt(readable) + popcnt(writable) + popcnt(exceptional));
  }
  return ready;
}

function bitsBelow(count: i32): u64 {
  return count >= 64 ? u64.MAX_VALUE : (<u64>1 << <u64>count) - 1;
}
