// Priority-inheritance futexes (futex(2): FUTEX_LOCK_PI, FUTEX_TRYLOCK_PI, FUTEX_UNLOCK_PI).
//
// The word holds the owner's tid and FUTEX_WAITERS; taking and leaving a free lock happens in user mode. The kernel keeps a
// PiFutex for each word that threads wait on: its owner, which runs with the highest priority of those that wait for
// it, and the waiters, highest priority first. A lock is handed to the first waiter, never thrown open.
//
// Only reading and changing the word sleeps (page faults); after either, the state is looked at again. A chain of owners
// that wait themselves is followed up to CHAIN_LIMIT, as on Linux; a circle is EDEADLK.

import { Errno } from "../../abi/errno";
import { FutexKey, findKey } from "../../ipc/futex";
import { UserInOut } from "../../mm/user/user-memory";
import { inheritPriority, schedule, wakeThread } from "../../sync/scheduler";
import { ThreadState } from "../../sync/thread";
import { sleepUntil } from "../../sync/sleep";
import { monotonicNs } from "../../time/clock";
import { NEVER, armTimer, cancelTimer } from "../../time/timer";
import { Task } from "../task";
import { PiFutex, PiWaiter } from "./pi-state";
import { currentTask } from "../current";

@inline export const WAITERS: u32 = 0x8000_0000;
@inline export const OWNER_DIED: u32 = 0x4000_0000;
@inline export const TID_MASK: u32 = 0x3fff_ffff;
@inline const CHAIN_LIMIT: i32 = 1024;
/** How often a lock is looked at whose owner is just ending. */
@inline const RETRY_NS: u64 = 1_000_000;

@kernelLock let all: PiFutex | null = null;

function ownerOfFutex(futex: PiFutex): Task | null {
  const owner = futex.owner;
  return owner === null ? null : <Task>owner;
}

function taskOf(waiter: PiWaiter): Task {
  return <Task>waiter.thread;
}

/** The task's own waiter, made when it first needs one. */
function waiterOf(task: Task): PiWaiter {
  let waiter = task.piWaiter;
  if (waiter === null) {
    waiter = new PiWaiter(task);
    task.piWaiter = waiter;
  }
  return waiter;
}

function findFutex(key: FutexKey): PiFutex | null {
  let futex = all;
  while (futex !== null && !futex.key.matches(key.owner, key.place)) futex = futex.next;
  return futex;
}

/** FUTEX_LOCK_PI until a monotonic deadline. 0 or -errno; -ERESTARTNOINTR after a signal. Sleeps. */
@sleeps export function lockPi(task: Task, word: UserInOut, isPrivate: bool, deadlineNs: u64, isTry: bool): i32 {
  const waiter = waiterOf(task);
  const key = waiter.key;
  while (true) {
    const taken = tryTake(task, word, isPrivate, key);
    if (taken <= 0) return taken;
    const known = findFutex(key);
    const owner = ownerOf(known, <u32>word.value);
    if (owner === null) {
      // The word may have changed with the end of its owner.
      const before = <u32>word.value;
      if (word.readU32(0) < 0) return -Errno.EFAULT;
      if (<u32>word.value == before) return -Errno.ESRCH;
      continue;
    }
    if (known !== null && known.owner !== owner) return -Errno.EINVAL;
    if (owner.isExiting) {
      if (isTry) return -Errno.EWOULDBLOCK;
      if (sleepUntil(monotonicNs() + RETRY_NS) == -Errno.ERESTARTSYS) return -Errno.ERESTARTNOINTR;
      continue;
    }
    if (isTry) return -Errno.EWOULDBLOCK;
    if (leadsTo(owner, task)) return -Errno.EDEADLK;
    const futex = known === null ? newFutex(owner, key) : known;
    const waited = waitForLock(task, owner, futex, deadlineNs);
    if (waited != 0 || !waiter.hasOwnerDied) return waited;
    const noted = noteOwnerDeath(task, word);
    if (futex.first === null && futex.owner === task) forget(futex);
    return noted;
  }
}

/** Who has the lock. Between the death of an owner and the first step of its heir, only the kernel knows. */
function ownerOf(known: PiFutex | null, value: u32): Task | null {
  if (known !== null && (value & (TID_MASK | OWNER_DIED)) == OWNER_DIED) return ownerOfFutex(known);
  return currentTask().namespaces.pids.findTask(<i32>(value & TID_MASK));
}

/** Takes a free lock: 0; 1: somebody has it, and the word now says that there are waiters; or -errno. Leaves `key` set. */
@sleeps function tryTake(task: Task, word: UserInOut, isPrivate: bool, key: FutexKey): i32 {
  while (true) {
    if ((word.address & 3) != 0) return -Errno.EINVAL;
    if (word.readU32(0) < 0) return -Errno.EFAULT;
    const value = <u32>word.value;
    if ((value & TID_MASK) == <u32>task.tid) return -Errno.EDEADLK;
    const found = findKey(task.space, word.address, isPrivate, key);
    if (found < 0) return found;
    const isFree = (value & TID_MASK) == 0 && findFutex(key) === null;
    if (!isFree && (value & (TID_MASK | OWNER_DIED)) == 0) return -Errno.EINVAL;
    const wanted = isFree ? (value & OWNER_DIED) | <u32>task.tid : value | WAITERS;
    if (wanted != value) {
      if (word.compareExchangeU32(0, value, wanted) < 0) return -Errno.EFAULT;
      if (<u32>word.value != value) continue;
      if (isFree) return 0;
    }
    // The exchange may have slept.
    // refilled: findKey sets all of it.
    return findKey(task.space, word.address, isPrivate, key) < 0 ? -Errno.EFAULT : 1;
  }
}

/** True if `owner`, or whoever it waits for in the end, is `task`. */
function leadsTo(owner: Task, task: Task): bool {
  let current: Task | null = owner;
  for (let i = 0; i < CHAIN_LIMIT && current !== null; i++) {
    if (current === task) return true;
    const waiter: PiWaiter | null = current.piWaiter;
    const futex: PiFutex | null = waiter === null ? null : waiter.futex;
    current = futex === null ? null : ownerOfFutex(futex);
  }
  return current !== null;
}

function newFutex(owner: Task, key: FutexKey): PiFutex {
  const futex = new PiFutex();
  futex.key.owner = key.owner;
  futex.key.place = key.place;
  futex.next = all;
  all = futex;
  giveTo(futex, owner);
  return futex;
}

/** Queues the task and sleeps until it owns the lock (0), the deadline or a signal. */
@sleeps function waitForLock(task: Task, owner: Task, futex: PiFutex, deadlineNs: u64): i32 {
  const waiter = waiterOf(task);
  waiter.isOwner = false;
  waiter.hasOwnerDied = false;
  insert(futex, waiter);
  updatePriority(owner);
  let result: i32 = 0;
  while (!waiter.isOwner) {
    if (task.signalPending) {
      result = -Errno.ERESTARTNOINTR;
      break;
    }
    task.state = ThreadState.INTERRUPTIBLE;
    const isTimed = deadlineNs != NEVER;
    if (isTimed) armTimer(task.sleepTimer, deadlineNs);
    schedule();
    const hasExpired = isTimed && !cancelTimer(task.sleepTimer);
    if (hasExpired && !waiter.isOwner) {
      result = -Errno.ETIMEDOUT;
      break;
    }
  }
  if (waiter.isOwner) return 0;
  withdraw(futex, waiter);
  const current = ownerOfFutex(futex);
  if (futex.first === null) forget(futex);
  if (current !== null) updatePriority(current);
  return result;
}

/** The lock came from a dead owner: its word names the new one. */
@sleeps function noteOwnerDeath(task: Task, word: UserInOut): i32 {
  while (true) {
    if (word.readU32(0) < 0) return -Errno.EFAULT;
    const value = <u32>word.value;
    if (word.compareExchangeU32(0, value, OWNER_DIED | WAITERS | <u32>task.tid) < 0) return -Errno.EFAULT;
    if (<u32>word.value == value) return 0;
  }
}

/** FUTEX_UNLOCK_PI. 0, -EPERM (not the owner), -EINVAL (the word and the kernel disagree), -EFAULT. Sleeps (page faults). */
@sleeps export function unlockPi(task: Task, word: UserInOut, isPrivate: bool): i32 {
  const key = waiterOf(task).key;
  while (true) {
    if (word.readU32(0) < 0) return -Errno.EFAULT;
    const value = <u32>word.value;
    // As on Linux, before the address is looked at.
    if ((value & TID_MASK) != <u32>task.tid) return -Errno.EPERM;
    // refilled: findKey sets all of it, at each attempt.
    const found = findKey(task.space, word.address, isPrivate, key);
    if (found < 0) return found;
    const futex = findFutex(key);
    if (futex !== null && futex.owner !== task) return -Errno.EINVAL;
    const status = futex === null ? clear(word, value) : handOver(futex, word, value);
    if (status != -Errno.EAGAIN) return status;
  }
}

/** Nobody waits: the lock is free. 0, -EAGAIN (the word has changed) or -EFAULT. */
@sleeps function clear(word: UserInOut, value: u32): i32 {
  if (word.compareExchangeU32(0, value, 0) < 0) return -Errno.EFAULT;
  return <u32>word.value == value ? 0 : -Errno.EAGAIN;
}

/** Gives the lock to the first waiter. Changing the word may sleep, and the first waiter be another one afterwards. */
@sleeps function handOver(futex: PiFutex, word: UserInOut, value: u32): i32 {
  let current = value;
  while (true) {
    const next = futex.first;
    const wanted = next === null ? 0 : WAITERS | <u32>taskOf(next).tid;
    if (word.compareExchangeU32(0, current, wanted) < 0) return -Errno.EFAULT;
    if (<u32>word.value != current) return current == value ? -Errno.EAGAIN : -Errno.EINVAL;
    current = wanted;
    if (futex.first !== next) continue;
    if (next !== null) grant(futex, next);
    return 0;
  }
}

/** `waiter` becomes the owner. */
function grant(futex: PiFutex, waiter: PiWaiter): void {
  const old = ownerOfFutex(futex);
  withdraw(futex, waiter);
  waiter.isOwner = true;
  takeFrom(futex);
  // An heir changes the word itself; until then the futex must be known to newcomers.
  if (futex.first === null && !waiter.hasOwnerDied) forget(futex);
  else giveTo(futex, taskOf(waiter));
  if (old !== null) updatePriority(old);
  updatePriority(taskOf(waiter));
  wakeThread(waiter.thread);
}

/** The task ends, or replaces its memory, with locks that others wait for: the first waiter of each gets it. */
export function releasePiFutexes(task: Task): void {
  let futex = task.ownedFutexes;
  while (futex !== null) {
    const waiter = futex.first;
    if (waiter === null) {
      forget(futex);
    } else {
      waiter.hasOwnerDied = true;
      grant(futex, waiter);
    }
    futex = task.ownedFutexes;
  }
}

function insert(futex: PiFutex, waiter: PiWaiter): void {
  const priority = waiter.thread.realtimePriority;
  waiter.priority = priority;
  waiter.futex = futex;
  let previous: PiWaiter | null = null;
  let next = futex.first;
  while (next !== null && next.priority >= priority) {
    previous = next;
    next = next.next;
  }
  waiter.next = next;
  if (previous === null) futex.first = waiter;
  else previous.next = waiter;
}

function withdraw(futex: PiFutex, waiter: PiWaiter): void {
  let previous: PiWaiter | null = null;
  let candidate = futex.first;
  while (candidate !== null && candidate !== waiter) {
    previous = candidate;
    candidate = candidate.next;
  }
  if (candidate !== null) {
    if (previous === null) futex.first = waiter.next;
    else previous.next = waiter.next;
  }
  waiter.next = null;
  waiter.futex = null;
}

function giveTo(futex: PiFutex, owner: Task): void {
  futex.owner = owner;
  futex.nextOwned = owner.ownedFutexes;
  owner.ownedFutexes = futex;
}

function takeFrom(futex: PiFutex): void {
  const owner = ownerOfFutex(futex);
  futex.owner = null;
  if (owner === null) return;
  let previous: PiFutex | null = null;
  let candidate = owner.ownedFutexes;
  while (candidate !== null && candidate !== futex) {
    previous = candidate;
    candidate = candidate.nextOwned;
  }
  if (candidate === null) return;
  if (previous === null) owner.ownedFutexes = futex.nextOwned;
  else previous.nextOwned = futex.nextOwned;
  futex.nextOwned = null;
}

/** Nobody waits any more: the word alone says who has the lock. */
function forget(futex: PiFutex): void {
  takeFrom(futex);
  let previous: PiFutex | null = null;
  let candidate = all;
  while (candidate !== null && candidate !== futex) {
    previous = candidate;
    candidate = candidate.next;
  }
  if (candidate === null) return;
  if (previous === null) all = futex.next;
  else previous.next = futex.next;
}

/** Gives an owner the highest priority of its waiters, and passes that on along the chain. */
function updatePriority(start: Task): void {
  let owner: Task | null = start;
  for (let i = 0; i < CHAIN_LIMIT && owner !== null; i++) {
    let highest: u32 = 0;
    let futex: PiFutex | null = owner.ownedFutexes;
    while (futex !== null) {
      const waiter = futex.first;
      if (waiter !== null && waiter.priority > highest) highest = waiter.priority;
      futex = futex.nextOwned;
    }
    if (!inheritPriority(owner, highest)) return;
    const waiter: PiWaiter | null = owner.piWaiter;
    if (waiter === null) return;
    const waitsFor: PiFutex | null = waiter.futex;
    if (waitsFor === null) return;
    withdraw(waitsFor, waiter);
    insert(waitsFor, waiter);
    owner = ownerOfFutex(waitsFor);
  }
}
