import { expectEqual, expectFalse, expectTrue } from "../../runtime/expect";
import { UserAccounts } from "./user-account";

export function testAccountEndsWithItsLastUse(): void {
  const users = new UserAccounts();
  const before = users.count;
  for (let uid: u32 = 2000; uid < 2100; uid++) {
    const account = users.of(uid);
    account.tasks++;
    account.pendingSignals++;
    account.tasks--;
    account.releaseIfUnused();
    expectEqual(users.count, before + 1, "a pending signal keeps the account");
    account.pendingSignals--;
    account.releaseIfUnused();
    expectEqual(users.count, before, "unused although it was the last one asked for");
  }
}

export function testAskingForALimitMakesNoAccount(): void {
  const users = new UserAccounts();
  const before = users.count;
  for (let uid: u32 = 3000; uid < 3010; uid++) expectFalse(users.exceeds(uid, 0), "no tasks are over no limit");
  expectEqual(users.count, before);
}

export function testRootAlwaysHasAnAccount(): void {
  const users = new UserAccounts();
  users.of(0).releaseIfUnused();
  expectTrue(users.of(0) === users.of(0));
  expectFalse(users.exceeds(0, 0), "root has no limit");
}
