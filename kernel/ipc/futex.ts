// Futexes (futex(2)): threads that wait for a word of user memory to change.
//
// A key says which word is meant, whoever names it: (address space, address) for private memory, (page cache, offset) for
// shared memory. Waiters hang in the chains of a hash table, in the order they came. The word is read and the waiter
// enqueued without sleeping in between, so no wake-up is lost. Waiting sleeps; waking does not.
// Priority-inheritance futexes are kernel/task/futex/pi-futex.ts's.

import { Errno } from "../abi/errno";
import { AddressSpace } from "../mm/space/address-space";
import { MapFlag } from "../mm/space/mapping";
import { isUserRange } from "../mm/user/user-access";
import { UserInOut } from "../mm/user/user-memory";
import { schedule, wakeThread } from "../sync/scheduler";
import { Thread, ThreadState } from "../sync/thread";
import { NEVER, armTimer, cancelTimer } from "../time/timer";
import { PAGE_MASK, PAGE_SHIFT } from "../abi/page";

@inline const BUCKETS: u32 = 256;
@inline export const MATCH_ANY: u32 = 0xffff_ffff;

/** Which word. */
@final
export class FutexKey {
  /** The address space or the page cache. */
  owner: Object | null = null;
  /** Address or offset. */
  place: u64 = 0;

  @inline matches(owner: Object | null, place: u64): bool {
    return this.place == place && this.owner === owner;
  }
}

/** A thread that waits on a futex. One for each thread, made when it first waits. */
@final
export class FutexWaiter {
  readonly key: FutexKey = new FutexKey();
  bitset: u32 = MATCH_ANY;
  isQueued: bool = false;
  bucket: u32 = 0;
  next: FutexWaiter | null = null;
  previous: FutexWaiter | null = null;

  constructor(readonly thread: Thread) {}
}

@kernelLock const firsts = new StaticArray<FutexWaiter | null>(BUCKETS);
@kernelLock const lasts = new StaticArray<FutexWaiter | null>(BUCKETS);

/** Finds the key of the word at a user address. 0, -EINVAL (unaligned) or -EFAULT (no memory there). */
export function findKey(space: AddressSpace, address: u64, isPrivate: bool, key: FutexKey): i32 {
  if ((address & 3) != 0) return -Errno.EINVAL;
  if (!isUserRange(address, 4)) return -Errno.EFAULT;
  key.owner = space;
  key.place = address;
  if (isPrivate) return 0;
  const mapping = space.list.find(address);
  if (mapping === null) return -Errno.EFAULT;
  const cache = mapping.cache;
  // Own memory that nobody can write has nothing to wait for; Linux does not look for it.
  if (cache === null && (mapping.flags & MapFlag.WRITE) == 0) return -Errno.EFAULT;
  if (cache === null || (mapping.flags & MapFlag.MAY_SHARE) == 0) return 0;
  key.owner = cache;
  key.place = (mapping.pageAt(address) << PAGE_SHIFT) | (address & PAGE_MASK);
  return 0;
}

/**
 * FUTEX_WAIT: sleeps while the word (claimed as `word`) equals `expected`. 0 when woken, -EAGAIN: it has another value;
 * -ETIMEDOUT, -ERESTARTSYS, -EFAULT. The waiter's bitset and key must be set.
 */
@sleeps export function waitFutex(waiter: FutexWaiter, word: UserInOut, expected: u32, deadlineNs: u64): i32 {
  const thread = waiter.thread;
  while (true) {
    if (word.readU32(0) < 0) return -Errno.EFAULT;
    if (<u32>word.value != expected) return -Errno.EAGAIN;
    if (thread.signalPending) return -Errno.ERESTARTSYS;
    enqueue(waiter);
    thread.state = ThreadState.INTERRUPTIBLE;
    const isTimed = deadlineNs != NEVER;
    if (isTimed) armTimer(thread.sleepTimer, deadlineNs);
    schedule();
    const hasExpired = isTimed && !cancelTimer(thread.sleepTimer);
    if (!waiter.isQueued) return 0;
    dequeue(waiter);
    if (hasExpired) return -Errno.ETIMEDOUT;
    if (thread.signalPending) return -Errno.ERESTARTSYS;
  }
}

/** FUTEX_WAKE_BITSET: wakes up to `count` waiters that share a bit; how many. */
export function wakeFutex(key: FutexKey, count: u32, bitset: u32): i32 {
  let woken: u32 = 0;
  let waiter = firsts[bucketOf(key.place)];
  while (waiter !== null && woken < count) {
    const next = waiter.next;
    if (waiter.key.matches(key.owner, key.place) && (waiter.bitset & bitset) != 0) {
      dequeue(waiter);
      wakeThread(waiter.thread);
      woken++;
    }
    waiter = next;
  }
  return <i32>woken;
}

/** FUTEX_WAKE at an address of a space, whichever kind of memory it is. 0 or more, or -errno. */
export function wakeFutexAddress(space: AddressSpace, address: u64, count: u32): i32 {
  const found = findKey(space, address, false, scratchKey);
  if (found < 0) return found;
  const shared = wakeFutex(scratchKey, count, MATCH_ANY);
  if (scratchKey.owner === space) return shared;
  // Waiters that used FUTEX_PRIVATE_FLAG on shared memory are found by their address.
  scratchKey.owner = space;
  scratchKey.place = address;
  return shared + wakeFutex(scratchKey, count, MATCH_ANY);
}

/** FUTEX_REQUEUE: wakes up to `wakeCount`, moves up to `moveCount` to another key. Woken plus moved. */
export function requeueFutex(from: FutexKey, to: FutexKey, wakeCount: u32, moveCount: u32): i32 {
  let woken: u32 = 0;
  let moved: u32 = 0;
  const isSame = to.matches(from.owner, from.place);
  let waiter = firsts[bucketOf(from.place)];
  while (waiter !== null && (woken < wakeCount || moved < moveCount)) {
    const next = waiter.next;
    if (waiter.key.matches(from.owner, from.place)) {
      if (woken < wakeCount) {
        dequeue(waiter);
        wakeThread(waiter.thread);
        woken++;
      } else {
        moved++;
        if (!isSame) move(waiter, to);
      }
    }
    waiter = next;
  }
  return <i32>(woken + moved);
}

function move(waiter: FutexWaiter, to: FutexKey): void {
  dequeue(waiter);
  waiter.key.owner = to.owner;
  waiter.key.place = to.place;
  enqueue(waiter);
}

@scratch const scratchKey = new FutexKey();

@inline
function bucketOf(place: u64): u32 {
  const word = <u32>(place >> 2) ^ <u32>(place >> 14);
  return (word ^ (word >> 8)) & (BUCKETS - 1);
}

function enqueue(waiter: FutexWaiter): void {
  const bucket = bucketOf(waiter.key.place);
  const last = lasts[bucket];
  waiter.bucket = bucket;
  waiter.isQueued = true;
  waiter.next = null;
  waiter.previous = last;
  if (last === null) firsts[bucket] = waiter;
  else last.next = waiter;
  lasts[bucket] = waiter;
}

function dequeue(waiter: FutexWaiter): void {
  const bucket = waiter.bucket;
  const next = waiter.next;
  const previous = waiter.previous;
  if (previous === null) firsts[bucket] = next;
  else previous.next = next;
  if (next === null) lasts[bucket] = previous;
  else next.previous = previous;
  waiter.next = null;
  waiter.previous = null;
  waiter.isQueued = false;
}
