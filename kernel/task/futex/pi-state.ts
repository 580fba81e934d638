// What the kernel keeps of priority-inheritance futexes (pi-futex.ts): data. The threads are user tasks.

import { FutexKey } from "../../ipc/futex";
import { Thread } from "../../sync/thread";

/** A word that threads wait on. */
@final
export class PiFutex {
  readonly key: FutexKey = new FutexKey();
  owner: Thread | null = null;
  /** Highest priority first. */
  first: PiWaiter | null = null;
  next: PiFutex | null = null;
  /** Next one with the same owner. */
  nextOwned: PiFutex | null = null;
}

/** A thread that waits for such a lock, or has just been given it. */
@final
export class PiWaiter {
  /** The word that the thread's current call is about. */
  readonly key: FutexKey = new FutexKey();
  futex: PiFutex | null = null;
  next: PiWaiter | null = null;
  priority: u32 = 0;
  isOwner: bool = false;
  /** The owner before ended without unlocking. */
  hasOwnerDied: bool = false;

  constructor(readonly thread: Thread) {}
}
