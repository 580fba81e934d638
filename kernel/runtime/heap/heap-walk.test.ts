// Tests of census.ts and referrers.ts.

import { Census } from "./census";
import { expectEqual, expectFalse, expectTrue } from "../expect";
import { ObjectsOfClass, Referrers, classOfHandle } from "./referrers";

class Leaf {
  number: i32 = 0;
}

class Branch {
  constructor(public leaf: Leaf | null) {}
}

/** What the tests keep alive. */
let kept: Branch | null = null;

function count(census: Census): u32 {
  census.take();
  return census.counts[<i32>idof<Leaf>()];
}

export function testCensusCountsWhatGlobalsLeadTo(): void {
  const census = new Census();
  const local = new Leaf();
  expectEqual<u32>(count(census), 0, "held by a local only");
  kept = new Branch(local);
  expectEqual<u32>(count(census), 1, "held by a global");
  expectTrue(census.objects > 1);
  kept = null;
  expectEqual<u32>(count(census), 0, "let go");
  // It was there all the time, and its fields were not touched.
  local.number++;
  expectEqual<i32>(local.number, 1);
}

export function testHeapIsAsGoodAsBeforeAfterACensus(): void {
  const census = new Census();
  kept = new Branch(new Leaf());
  for (let round = 0; round < 20; round++) {
    census.take();
    for (let i = 0; i < 200; i++) kept!.leaf = new Leaf();
  }
  expectEqual<u32>(count(census), 1);
  kept = null;
}

export function testReferrersLeadToTheHolder(): void {
  const leaf = new Leaf();
  kept = new Branch(leaf);
  const found = new ObjectsOfClass(idof<Leaf>()).handles;
  expectEqual<i32>(found.length, 1);
  expectEqual<u32>(classOfHandle(found[0]), idof<Leaf>());
  const referrers = new Referrers(found[0]);
  expectEqual<i32>(referrers.handles.length, 1);
  expectEqual<u32>(classOfHandle(referrers.handles[0]), idof<Branch>());
  expectFalse(referrers.isStatic);
  kept!.leaf = null;
  expectEqual<i32>(new Referrers(found[0]).handles.length, 0, "only this function still has it");
  expectEqual<i32>(leaf.number, 0);
  kept = null;
}
