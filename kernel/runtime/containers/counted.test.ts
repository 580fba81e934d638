import { expectEqual, expectTrue } from "../expect";
import { Counted } from "./counted";

/** Ends with its last reference, or may be revived. */
@final
class Thing extends Counted {
  ends: i32 = 0;

  constructor(references: i32, readonly isRevivable: bool) {
    super(references);
  }

  release(): void {
    if (!this.drop()) return;
    this.ends++;
    if (!this.isRevivable) this.end();
  }
}

export function testEndsWithTheLastReference(): void {
  const thing = new Thing(1, false);
  thing.retain();
  thing.release();
  expectEqual<i32>(thing.ends, 0);
  expectEqual<i32>(thing.references, 1);
  thing.release();
  expectEqual<i32>(thing.ends, 1);
  expectTrue(thing.references < 0, "over for good");
  thing.retain();
  expectTrue(thing.references < 0, "no way back");
}

export function testMayBeReferredToAgain(): void {
  const thing = new Thing(0, true);
  for (let i = 1; i <= 3; i++) {
    thing.retain();
    thing.release();
    expectEqual<i32>(thing.ends, i);
    expectEqual<i32>(thing.references, 0);
  }
}
