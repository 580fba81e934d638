// A sleeping lock, for what must stay consistent across sleeps (the names in a directory, say).
//
// The kernel is not pre-emptible: code that does not sleep needs no lock. Waiters get the lock in the order they came;
// newcomers queue behind them, so nobody starves. Not recursive. Not for interrupt handlers. Waiting cannot be
// interrupted. Ranks (lock-rank.ts) are checked when `checkLockRanks` was called before the lock was made: such locks
// always go the slow way, so that checking costs nothing where it is off. The same holds for sleepstress (sleep-stress.ts).

import { currentThread } from "./cpu";
import { LockRank } from "./lock-rank";
import { stressPoint } from "./sleep-stress";
import { Thread } from "./thread";
import { waitUninterruptible } from "./sleep";
import { WaitQueue } from "./wait-queue";
import { ignore } from "../runtime/ignore";
import { check } from "../runtime/log/panic";

/** Bit of Mutex.state: the rank is checked. */
@inline const CHECKED: u32 = 0x8000_0000;
/** Bit of Mutex.state: taking the lock is a place where sleepstress sleeps. The other bits count the waiting. */
@inline const STRESSED: u32 = 0x4000_0000;
@inline const COUNT: u32 = 0x3fff_ffff;

@kernelLock let nextSerial: u32 = 1;
/** What new locks start with: CHECKED, STRESSED. */
@kernelLock let firstState: u32 = 0;
/** Checked locks that somebody holds. */
@kernelLock const held: Mutex[] = [];

/** Checks the ranks of all locks that are made from now on (boot option `lockcheck`). */
export function checkLockRanks(): void {
  firstState |= CHECKED;
}

/** Sleeps, now and then, where any lock is taken that is made from now on (boot option `sleepstress`). */
export function stressLocks(): void {
  firstState |= STRESSED;
}

@final
export class Mutex {
  /** Orders locks of one rank that are taken together: the lower first. */
  readonly serial: u32;
  private owner: Thread | null = null;
  /** Number of waiting threads, CHECKED, STRESSED. */
  private state: u32;
  /** The rank it was taken with; of checked locks. */
  private heldRank: LockRank = LockRank.POSITION;
  /** Made when the first thread has to wait. */
  private waiters: WaitQueue | null = null;

  constructor(readonly rank: LockRank) {
    this.serial = nextSerial++;
    this.state = firstState;
  }

  get isLocked(): bool { return this.owner !== null; }

  /** Takes the lock; sleeps while another thread has it. */
  @sleeps lock(): void {
    this.lockAs(this.rank);
  }

  /** The same with another rank than its own: the second of two, or one below another in a tree. */
  @sleeps @inline lockAs(rank: LockRank): void {
    if (this.owner === null && this.state == 0) {
      this.owner = currentThread();
      return;
    }
    this.lockSlowly(rank);
  }

  /** Takes the lock if it is free. Never waits, so that any rank may be held. */
  tryLock(): bool {
    if (this.owner !== null || (this.state & COUNT) != 0) return false;
    this.owner = currentThread();
    if ((this.state & CHECKED) != 0) this.noteHeld(this.rank);
    return true;
  }

  unlock(): void {
    check(this.owner === currentThread(), "mutex: unlocked by a thread that does not hold it");
    this.owner = null;
    if (this.state != 0) this.unlockSlowly();
  }

  private unlockSlowly(): void {
    if ((this.state & CHECKED) != 0) {
      const index = held.indexOf(this);
      if (index >= 0) ignore(held.splice(index, 1).length);
    }
    const waiters = this.waiters;
    if (waiters !== null) waiters.wakeOne();
  }

  @sleeps private lockSlowly(rank: LockRank): void {
    const thread = currentThread();
    check(this.owner !== thread, "mutex: locked twice by one thread");
    if ((this.state & CHECKED) != 0) checkRank(thread, rank);
    if ((this.state & STRESSED) != 0) stressPoint();
    if (this.owner !== null || (this.state & COUNT) != 0) this.waitForTurn();
    this.owner = thread;
    if ((this.state & CHECKED) != 0) this.noteHeld(rank);
  }

  @sleeps private waitForTurn(): void {
    let waiters = this.waiters;
    if (waiters === null) {
      waiters = new WaitQueue();
      this.waiters = waiters;
    }
    this.state++;
    // A thread that was woken may find the lock free: newcomers queue as long as anybody waits.
    while (true) {
      waitUninterruptible(waiters);
      if (this.owner === null) break;
    }
    this.state--;
  }

  private noteHeld(rank: LockRank): void {
    this.heldRank = rank;
    held.push(this);
  }

  /** Of a checked lock that somebody holds: the rank it was taken with, if that is `thread`; otherwise 0. */
  rankFor(thread: Thread): i32 {
    return this.owner === thread ? <i32>this.heldRank : 0;
  }
}

/** The rank of a checked lock that the thread holds and that forbids to take one of `rank`; 0: it may. */
export function rankInTheWay(thread: Thread, rank: LockRank): i32 {
  for (let i = 0; i < held.length; i++) {
    const other = held[i].rankFor(thread);
    if (other >= <i32>rank) return other;
  }
  return 0;
}

function checkRank(thread: Thread, rank: LockRank): void {
  const other = rankInTheWay(thread, rank);
  if (other != 0) check(false, "mutex: rank " + (<i32>rank).toString() + " taken while rank " + other.toString() + " is held");
}
