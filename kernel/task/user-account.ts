// What each real user id uses, for the limits that count per user: RLIMIT_NPROC and RLIMIT_SIGPENDING.
// Nothing sleeps; `accountOf` may allocate.

@final
export class UserAccount {
  /** Tasks (threads included). */
  tasks: i32 = 0;
  pendingSignals: i32 = 0;

  constructor(readonly uid: u32) {}

  /** Forgets the account when nothing is counted in it. */
  releaseIfUnused(): void {
    if (this.tasks == 0 && this.pendingSignals == 0 && this !== last && accounts.has(this.uid)) accounts.delete(this.uid);
  }
}

/** True if the tasks of a user other than root are more than `limit`. */
export function exceedsLimit(uid: u32, limit: u64): bool {
  return uid != 0 && <u64>accountOf(uid).tasks > limit;
}

const accounts = new Map<u32, UserAccount>();
/** The account asked for last: nearly always the one asked for next. */
let last = new UserAccount(0);
accounts.set(0, last);

export function accountOf(uid: u32): UserAccount {
  if (last.uid == uid) return last;
  if (accounts.has(uid)) {
    last = accounts.get(uid);
    return last;
  }
  const account = new UserAccount(uid);
  accounts.set(uid, account);
  last = account;
  return account;
}
