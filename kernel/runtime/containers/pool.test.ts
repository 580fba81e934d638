import { expectEqual, expectTrue } from "../expect";
import { Pool, dropPools } from "./pool";

class Item {
  constructor(public value: i32) {}
}

export function testPoolGivesBackWhatItWasGivenUpToItsLimit(): void {
  const pool = new Pool<Item>(2);
  expectTrue(pool.take() === null, "empty");
  for (let i = 0; i < 3; i++) pool.give(new Item(i));
  expectEqual<i32>(pool.take()!.value, 1);
  expectEqual<i32>(pool.take()!.value, 0);
  expectTrue(pool.take() === null, "the third was too many");
  pool.give(new Item(7));
  dropPools();
  expectTrue(pool.take() === null, "dropped");
  pool.give(new Item(8));
  expectEqual<i32>(pool.take()!.value, 8, "still of use");
}
