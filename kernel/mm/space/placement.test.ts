// Where mappings are put: the remembered search gives what a look at every page from the top gives.

import { MAP_ANONYMOUS, MAP_FIXED, MAP_GROWSDOWN, MAP_PRIVATE, PROT_READ } from "../../abi/mman";
import { expectEqual, expectTrue } from "../../runtime/expect";
import { AddressSpace, STACK_GUARD_GAP } from "./address-space";
import { mapAnonymous } from "./map";
import { unmapRegion } from "./unmap";
import { addMemory } from "../frames/frame";
import { PagingFeatures, initMemory } from "../frames/init";
import { MapFlag } from "./mapping";
import { choosePlace } from "./placement";
import { PAGE } from "../../abi/page";

const MIB: u64 = 0x10_0000;
const ANON: u32 = MAP_PRIVATE | MAP_ANONYMOUS;
const WINDOW_PAGES: u64 = 3000;
let seed: u64 = 1;

function random(limit: u64): u64 {
  seed = seed * 6364136223846793005 + 1442695040888963407;
  return (seed >> 33) % limit;
}

function start(): AddressSpace {
  addMemory(8 * MIB, 64 * MIB);
  expectTrue(initMemory([0, 64 * MIB], new PagingFeatures()));
  const space = AddressSpace.create()!;
  space.activate();
  return space;
}

/** The highest place below mmapBase, looked for mapping by mapping without memory of earlier searches. */
function expected(space: AddressSpace, length: u64): u64 {
  const list = space.list;
  let ceiling = space.mmapBase;
  for (let i = list.count - 1; i >= 0; i--) {
    const mapping = list.at(i);
    if (mapping.end <= ceiling && ceiling - mapping.end >= length) return ceiling - length;
    const guard = (mapping.flags & MapFlag.GROWS_DOWN) != 0 ? STACK_GUARD_GAP : 0;
    ceiling = min(ceiling, mapping.start - guard);
  }
  return ceiling - length;
}

export function testSameAsALookFromTheTop(): void {
  compare(start(), false);
}

export function testSameWithGuardGaps(): void {
  compare(start(), true);
}

function compare(space: AddressSpace, withGuards: bool): void {
  for (let i = 0; i < 3000; i++) {
    const length = (1 + random(random(4) == 0 ? 40 : 3)) * PAGE;
    const place = space.mmapBase - (1 + random(WINDOW_PAGES)) * PAGE;
    switch (<i32>random(5)) {
      case 0:
      case 1: {
        const wanted = expected(space, length);
        expectEqual<u64>(choosePlace(space, 0, length, 0), wanted, "choice");
        expectEqual<i64>(mapAnonymous(space, 0, length, <u32>random(2) * PROT_READ, ANON), <i64>wanted, "mapping");
        break;
      }
      case 2: expectEqual<i64>(mapAnonymous(space, place, length, PROT_READ, ANON | MAP_FIXED | (withGuards && random(20) == 0 ? MAP_GROWSDOWN : 0)), <i64>place); break;
      default: expectEqual<i32>(unmapRegion(space, place, length), 0);
    }
  }
}

export function testSearchGoesOnWhereItEnded(): void {
  const space = start();
  for (let i: u32 = 0; i < 200; i++) expectTrue(mapAnonymous(space, 0, PAGE, (i & 1) * PROT_READ, ANON) > 0);
  expectEqual<u64>(space.largestGapAbove, 0);
  expectTrue(space.searchFrom <= space.mmapBase - 199 * PAGE, "below all mappings");
  const hole = space.mmapBase - 100 * PAGE;
  expectEqual<i32>(unmapRegion(space, hole, PAGE), 0);
  expectTrue(space.searchFrom >= hole + PAGE, "above the hole");
  expectEqual<u64>(choosePlace(space, 0, PAGE, 0), hole);
}
