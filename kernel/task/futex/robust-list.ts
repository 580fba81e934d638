// Robust futexes of an ending thread (set_robust_list(2)): locks it still holds are marked with FUTEX_OWNER_DIED and a
// waiter of each is woken. The list is in user memory and hostile: its length is bounded, faults end the walk. Sleeps.

import { Errno } from "../../abi/errno";
import { wakeFutexAddress } from "../../ipc/futex";
import { UserInOut } from "../../mm/user/user-memory";
import { ignore } from "../../runtime/ignore";
import { OWNER_DIED, TID_MASK, WAITERS } from "./pi-futex";
import { Task } from "../task";

@inline const LIST_LIMIT: i32 = 2048;
/** Bit 0 of an entry's address: a priority-inheritance futex. */
@inline const PI_BIT: u64 = 1;

/** struct robust_list_head: list.next, futex_offset, list_op_pending. */
@sleeps export function walkRobustList(task: Task): void {
  const head = task.robustList;
  if (head == 0) return;
  task.robustList = 0;
  const words = task.arguments.in0;
  if (words.claim(head).readU64(0) < 0) return;
  let entry = words.value;
  if (words.readU64(8) < 0) return;
  const offset = words.value;
  if (words.readU64(16) < 0) return;
  const pending = words.value;
  for (let i = 0; i < LIST_LIMIT && (entry & ~PI_BIT) != head; i++) {
    // The successor is read before the lock is given up: its new owner may change the entry.
    const isReadable = words.claim(entry & ~PI_BIT).readU64(0) == 0;
    const next = words.value;
    if (entry != pending && !ownerDied(task, (entry & ~PI_BIT) + offset, (entry & PI_BIT) != 0, false)) return;
    if (!isReadable) return;
    entry = next;
  }
  if (pending != 0) ignore(ownerDied(task, (pending & ~PI_BIT) + offset, (pending & PI_BIT) != 0, true));
}

/** Gives up one lock; the waiters of a priority-inheritance futex are pi-futex.ts's. False: its memory is not accessible. */
@sleeps function ownerDied(task: Task, address: u64, isPi: bool, isPending: bool): bool {
  if ((address & 3) != 0) return false;
  const word: UserInOut = task.arguments.inOut0.claim(address);
  while (true) {
    if (word.readU32(0) < 0) return false;
    const value = <u32>word.value;
    // The thread died between releasing the lock and waking a waiter.
    if (isPending && !isPi && value == 0) return wakeFutexAddress(task.space, address, 1) >= 0;
    if ((value & TID_MASK) != <u32>task.tid) return true;
    const status = word.compareExchangeU32(0, value, (value & WAITERS) | OWNER_DIED);
    if (status == -Errno.EFAULT) return false;
    if (<u32>word.value != value) continue;
    if (!isPi && (value & WAITERS) != 0) return wakeFutexAddress(task.space, address, 1) >= 0;
    return true;
  }
}
