import { expectEqual, expectFalse, expectTrue } from "../runtime/expect";
import { IdleRole, currentThread } from "./cpu";
import { LockRank } from "./lock-rank";
import { Mutex, checkLockRanks, rankInTheWay } from "./mutex";
import { Thread } from "./thread";

export function testTakenAndGivenBack(): void {
  const lock = new Mutex(LockRank.FILE);
  lock.lock();
  expectTrue(lock.isLocked);
  expectFalse(lock.tryLock(), "held");
  lock.unlock();
  expectFalse(lock.isLocked);
  expectTrue(lock.tryLock(), "free");
  lock.unlock();
}

export function testSerialsAscend(): void {
  const a = new Mutex(LockRank.FILE);
  const b = new Mutex(LockRank.POSITION);
  expectTrue(a.serial < b.serial);
}

export function testRanksInOrderArePassed(): void {
  checkLockRanks();
  const parent = new Mutex(LockRank.DIRECTORY);
  const child = new Mutex(LockRank.DIRECTORY);
  const file = new Mutex(LockRank.FILE);
  parent.lock();
  child.lockAs(LockRank.VICTIM);
  file.lock();
  file.unlock();
  parent.unlock();
  child.unlock();
  // Nothing is held any more: the lowest rank is free to take.
  const position = new Mutex(LockRank.POSITION);
  position.lock();
  position.unlock();
}

export function testRanksThatAreInTheWay(): void {
  checkLockRanks();
  const me = currentThread();
  const directory = new Mutex(LockRank.DIRECTORY);
  expectEqual<i32>(rankInTheWay(me, LockRank.POSITION), 0, "nothing is held");
  directory.lock();
  expectEqual<i32>(rankInTheWay(me, LockRank.RENAME), LockRank.DIRECTORY, "lower");
  expectEqual<i32>(rankInTheWay(me, LockRank.DIRECTORY), LockRank.DIRECTORY, "the same");
  expectEqual<i32>(rankInTheWay(me, LockRank.DIRECTORY_SECOND), 0, "higher");
  expectEqual<i32>(rankInTheWay(new Thread(new IdleRole()), LockRank.POSITION), 0, "another thread");
  const file = new Mutex(LockRank.FILE);
  expectTrue(file.tryLock());
  directory.unlock();
  expectEqual<i32>(rankInTheWay(me, LockRank.VICTIM), LockRank.FILE, "taken by trying");
  file.unlock();
  expectEqual<i32>(rankInTheWay(me, LockRank.POSITION), 0, "all given back");
}
