import { expectEqual, expectFalse, expectTrue } from "../../runtime/expect";
import { accountCount, accountOf, exceedsLimit } from "./user-account";

export function testAccountEndsWithItsLastUse(): void {
  const before = accountCount();
  for (let uid: u32 = 2000; uid < 2100; uid++) {
    const account = accountOf(uid);
    account.tasks++;
    account.pendingSignals++;
    account.tasks--;
    account.releaseIfUnused();
    expectEqual(accountCount(), before + 1, "a pending signal keeps the account");
    account.pendingSignals--;
    account.releaseIfUnused();
    expectEqual(accountCount(), before, "unused although it was the last one asked for");
  }
}

export function testAskingForALimitMakesNoAccount(): void {
  const before = accountCount();
  for (let uid: u32 = 3000; uid < 3010; uid++) expectFalse(exceedsLimit(uid, 0), "no tasks are over no limit");
  expectEqual(accountCount(), before);
}

export function testRootAlwaysHasAnAccount(): void {
  accountOf(0).releaseIfUnused();
  expectTrue(accountOf(0) === accountOf(0));
  expectFalse(exceedsLimit(0, 0), "root has no limit");
}
