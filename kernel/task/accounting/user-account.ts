// What each real user id uses, for the limits that count per user: RLIMIT_NPROC and RLIMIT_SIGPENDING.
// An account exists while something is counted in it. Nothing sleeps; `of` may allocate.

@final
export class UserAccount {
  /** Tasks (threads included). */
  tasks: i32 = 0;
  pendingSignals: i32 = 0;

  constructor(readonly uid: u32, private readonly accounts: Map<u32, UserAccount>) {}

  /** Forgets the account when nothing is counted in it; root's stays. */
  releaseIfUnused(): void {
    if (this.tasks == 0 && this.pendingSignals == 0 && this.uid != 0) this.accounts.delete(this.uid);
  }
}

/** The accounts of all users; one such object so far (initial-namespaces.ts). */
@final
export class UserAccounts {
  private readonly accounts: Map<u32, UserAccount> = new Map<u32, UserAccount>();
  /** That of root, who is asked for most. */
  private readonly root: UserAccount = new UserAccount(0, this.accounts);

  constructor() {
    this.accounts.set(0, this.root);
  }

  /** The account in which something is to be counted, made if there is none. */
  of(uid: u32): UserAccount {
    if (uid == 0) return this.root;
    const accounts = this.accounts;
    if (accounts.has(uid)) return accounts.get(uid);
    const account = new UserAccount(uid, accounts);
    accounts.set(uid, account);
    return account;
  }

  /** True if the tasks of a user other than root are more than `limit`. */
  exceeds(uid: u32, limit: u64): bool {
    return uid != 0 && this.accounts.has(uid) && <u64>this.accounts.get(uid).tasks > limit;
  }

  /** A task changed its real user. */
  moveTask(from: u32, to: u32): void {
    if (from == to) return;
    const old = this.of(from);
    old.tasks--;
    this.of(to).tasks++;
    old.releaseIfUnused();
  }

  /** Users for whom something is counted. For tests. */
  get count(): i32 {
    return this.accounts.size;
  }
}
