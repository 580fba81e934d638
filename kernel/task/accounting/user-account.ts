// What each real user id uses, for the limits that count per user: RLIMIT_NPROC and RLIMIT_SIGPENDING.
// An account exists while something is counted in it. Nothing sleeps; `accountOf` may allocate.

@final
export class UserAccount {
  /** Tasks (threads included). */
  tasks: i32 = 0;
  pendingSignals: i32 = 0;

  constructor(readonly uid: u32) {}

  /** Forgets the account when nothing is counted in it; root's stays. */
  releaseIfUnused(): void {
    if (this.tasks != 0 || this.pendingSignals != 0 || this === rootAccount) return;
    if (last === this) last = rootAccount;
    accounts.delete(this.uid);
  }
}

@kernelLock const rootAccount = new UserAccount(0);
@kernelLock const accounts = new Map<u32, UserAccount>();
/** The account asked for last: nearly always the one asked for next. */
@kernelLock let last = rootAccount;
accounts.set(0, rootAccount);

/** The account in which something is to be counted, made if there is none. */
export function accountOf(uid: u32): UserAccount {
  const known = knownAccount(uid);
  if (known !== null) return known;
  const account = new UserAccount(uid);
  accounts.set(uid, account);
  last = account;
  return account;
}

/** The account of a user for whom something is counted now. */
function knownAccount(uid: u32): UserAccount | null {
  if (last.uid == uid) return last;
  if (!accounts.has(uid)) return null;
  last = accounts.get(uid);
  return last;
}

/** True if the tasks of a user other than root are more than `limit`. */
export function exceedsLimit(uid: u32, limit: u64): bool {
  const account = knownAccount(uid);
  return uid != 0 && account !== null && <u64>account.tasks > limit;
}

/** Users for whom something is counted. For tests. */
export function accountCount(): i32 {
  return accounts.size;
}
