// Locks on the files of one inode: flock(2), POSIX record locks and open-file-description locks (fcntl(2)).
//
// All are advisory. A lock belongs to an owner: the open file description (flock, OFD) or the descriptor table of a
// process (POSIX). Record locks of one owner never overlap or touch with the same kind: ranges are split and joined.
// Waiters try again whenever a lock of the inode goes; a POSIX waiter that would close a circle gets EDEADLK.
// Waiting sleeps, everything else does not.

import { Errno } from "../../abi/errno";
import { F_UNLCK, F_WRLCK, LOCK_EX, LOCK_UN } from "../../abi/fcntl";
import { waitOn } from "../../sync/sleep";
import { WaitQueue } from "../../sync/wait-queue";
import { Description } from "./open-request";

/** A record lock, or the request for one. `end` is the last byte; i64.MAX_VALUE: to the end of the file. */
@final
export class RecordLock {
  /** F_RDLCK, F_WRLCK or F_UNLCK. */
  kind: i32 = F_UNLCK;
  start: i64 = 0;
  end: i64 = i64.MAX_VALUE;
  /** The descriptor table (POSIX) or the open file description (OFD). */
  owner: Object;
  /** Process id for F_GETLK; -1 for OFD locks. */
  pid: i32 = -1;

  constructor(owner: Object) {
    this.owner = owner;
  }

  /** Belongs to a process, not to an open file description. */
  get isPosix(): bool {
    return this.pid >= 0;
  }

  overlaps(other: RecordLock): bool {
    return this.start <= other.end && other.start <= this.end;
  }

  conflictsWith(other: RecordLock): bool {
    return this.owner !== other.owner && (this.kind == F_WRLCK || other.kind == F_WRLCK) && this.overlaps(other);
  }

  /** The same kind and owner over another range. */
  over(start: i64, end: i64): RecordLock {
    const part = new RecordLock(this.owner);
    part.kind = this.kind;
    part.pid = this.pid;
    part.start = start;
    part.end = end;
    return part;
  }
}

/** A description's flock. */
@final
class FileLock {
  constructor(readonly file: Description, readonly isExclusive: bool) {}
}

/** Who waits for whom, for dead-lock detection among POSIX locks. */
@final
class LockWait {
  constructor(readonly waiter: Object, readonly holder: Object) {}
}

@kernelLock const waits: LockWait[] = [];
const WAIT_DEPTH: i32 = 100;

@final
export class InodeLocks {
  private readonly flocks: FileLock[] = [];
  private records: RecordLock[] = [];
  private readonly changed: WaitQueue = new WaitQueue();

  // ---- flock -----------------------------------------------------------------------------------------------------------

  /** flock(2): LOCK_SH, LOCK_EX or LOCK_UN; -EWOULDBLOCK, -ERESTARTSYS. Converting gives the old lock up first. */
  @sleeps flock(file: Description, command: u32, mayWait: bool): i32 {
    const isExclusive = command == LOCK_EX;
    const own = this.flockOf(file);
    if (command != LOCK_UN && own >= 0 && this.flocks[own].isExclusive == isExclusive) return 0;
    if (own >= 0) {
      this.flocks.splice(own, 1);
      this.changed.wakeAll();
    }
    if (command == LOCK_UN) return 0;
    while (this.isFlockBlocked(file, isExclusive)) {
      if (!mayWait) return -Errno.EWOULDBLOCK;
      const waited = waitOn(this.changed);
      if (waited < 0) return waited;
    }
    if (this.flockOf(file) < 0) this.flocks.push(new FileLock(file, isExclusive));
    return 0;
  }

  private flockOf(file: Description): i32 {
    for (let i = 0; i < this.flocks.length; i++) {
      if (this.flocks[i].file === file) return i;
    }
    return -1;
  }

  private isFlockBlocked(file: Description, isExclusive: bool): bool {
    for (let i = 0; i < this.flocks.length; i++) {
      const lock = this.flocks[i];
      if (lock.file !== file && (isExclusive || lock.isExclusive)) return true;
    }
    return false;
  }

  // ---- record locks ------------------------------------------------------------------------------------------------------

  /** The first lock in the way of `wanted`, or null: F_GETLK. */
  findConflict(wanted: RecordLock): RecordLock | null {
    const records = this.records;
    for (let i = 0; i < records.length; i++) {
      if (records[i].conflictsWith(wanted)) return records[i];
    }
    return null;
  }

  /** F_SETLK, F_SETLKW: 0, -EAGAIN, -EDEADLK (POSIX owners), -ERESTARTSYS. */
  @sleeps setRecord(wanted: RecordLock, mayWait: bool): i32 {
    if (wanted.kind != F_UNLCK) {
      let other = this.findConflict(wanted);
      while (other !== null) {
        if (!mayWait) return -Errno.EAGAIN;
        if (wanted.isPosix && wouldDeadlock(wanted.owner, other.owner)) return -Errno.EDEADLK;
        const waited = this.waitBehind(wanted.owner, other.owner);
        if (waited < 0) return waited;
        other = this.findConflict(wanted);
      }
    }
    this.apply(wanted);
    return 0;
  }

  @sleeps private waitBehind(waiter: Object, holder: Object): i32 {
    const wait = new LockWait(waiter, holder);
    waits.push(wait);
    const result = waitOn(this.changed);
    const index = waits.indexOf(wait);
    if (index >= 0) waits.splice(index, 1);
    return result;
  }

  /** Replaces the owner's locks in the range; joins neighbours of the same kind. */
  private apply(wanted: RecordLock): void {
    const kept: RecordLock[] = [];
    let start = wanted.start;
    let end = wanted.end;
    const records = this.records;
    for (let i = 0; i < records.length; i++) {
      const lock = records[i];
      if (lock.owner !== wanted.owner) {
        kept.push(lock);
        continue;
      }
      const isSame = lock.kind == wanted.kind;
      const touches = lock.end >= (start == 0 ? 0 : start - 1) && lock.start <= (end == i64.MAX_VALUE ? end : end + 1);
      if (isSame && touches) {
        start = min(start, lock.start);
        end = max(end, lock.end);
        continue;
      }
      if (!lock.overlaps(wanted)) {
        kept.push(lock);
        continue;
      }
      if (lock.start < wanted.start) kept.push(lock.over(lock.start, wanted.start - 1));
      if (lock.end > wanted.end) kept.push(lock.over(wanted.end + 1, lock.end));
    }
    if (wanted.kind != F_UNLCK) insertSorted(kept, wanted.over(start, end));
    this.records = kept;
    this.changed.wakeAll();
  }

  // ---- ends ----------------------------------------------------------------------------------------------------------------

  /** The description is gone: its flock and OFD locks with it. */
  fileReleased(file: Description): void {
    const own = this.flockOf(file);
    if (own >= 0) {
      this.flocks.splice(own, 1);
      this.changed.wakeAll();
    }
    this.dropRecordsOf(file);
  }

  /** The process closed one of its descriptors of the file: its POSIX locks on it go. */
  descriptorClosed(table: Object): void {
    this.dropRecordsOf(table);
  }

  private dropRecordsOf(owner: Object): void {
    const records = this.records;
    let count = 0;
    for (let i = 0; i < records.length; i++) {
      if (records[i].owner === owner) count++;
    }
    if (count == 0) return;
    const kept: RecordLock[] = [];
    for (let i = 0; i < records.length; i++) {
      if (records[i].owner !== owner) kept.push(records[i]);
    }
    this.records = kept;
    this.changed.wakeAll();
  }
}

/** Puts a lock behind those that start before it. */
function insertSorted(records: RecordLock[], lock: RecordLock): void {
  let at = records.length;
  records.push(lock);
  while (at > 0 && records[at - 1].start > lock.start) {
    records[at] = records[at - 1];
    at--;
  }
  records[at] = lock;
}

/** Would `waiter` wait for itself, through those whom `holder` waits for? */
function wouldDeadlock(waiter: Object, holder: Object): bool {
  let at = holder;
  for (let depth = 0; depth < WAIT_DEPTH; depth++) {
    if (at === waiter) return true;
    let next: Object | null = null;
    for (let i = 0; i < waits.length; i++) {
      if (waits[i].waiter === at) next = waits[i].holder;
    }
    if (next === null) return false;
    at = next;
  }
  return false;
}
