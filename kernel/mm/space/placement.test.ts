// Where mappings are put: the remembered search gives what a look at every page from the top gives.

import { setControl } from "../../../tests/simulated-machine/kernel/controls";
import { WRAP_WINDOW_END, WRAP_WINDOW_START } from "../../../arch/x86_64/memory/kernel-mapping";
import { Errno } from "../../abi/errno";
import { MAP_32BIT, MAP_ANONYMOUS, MAP_FIXED, MAP_GROWSDOWN, MAP_PRIVATE, PROT_READ } from "../../abi/mman";
import { expectEqual, expectTrue } from "../../runtime/expect";
import { AddressSpace, STACK_GUARD_GAP } from "./address-space";
import { handleFault } from "./fault";
import { mapAnonymous } from "./map";
import { unmapRegion } from "./unmap";
import { addMemory } from "../frames/frame";
import { PagingFeatures, initMemory } from "../frames/init";
import { MapFlag } from "./mapping";
import { remapRegion } from "./remap";
import { NO_PLACE, choosePlace } from "./placement";
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

/** Without SMAP nothing is put where linear memory wraps, whoever asks. */
export function testWithoutSmapTheWrapWindowStaysEmpty(): void {
  setControl(4, 0x1206f0);
  const space = start();
  const low = WRAP_WINDOW_START;
  const high = WRAP_WINDOW_END;
  const fixed = ANON | MAP_FIXED;
  expectEqual<i64>(mapAnonymous(space, low, PAGE, PROT_READ, fixed), -Errno.ENOMEM, "first page");
  expectEqual<i64>(mapAnonymous(space, high - PAGE, PAGE, PROT_READ, fixed), -Errno.ENOMEM, "last page");
  expectEqual<i64>(mapAnonymous(space, low - PAGE, 2 * PAGE, PROT_READ, fixed), -Errno.ENOMEM, "into it");
  expectEqual<i64>(mapAnonymous(space, high - PAGE, 2 * PAGE, PROT_READ, fixed), -Errno.ENOMEM, "out of it");
  expectEqual<i64>(mapAnonymous(space, 0x1000_0000, 0x1_0000_0000, 0, fixed), -Errno.ENOMEM, "around it");
  expectEqual<i64>(mapAnonymous(space, low - PAGE, PAGE, PROT_READ, fixed), <i64>(low - PAGE), "below");
  expectEqual<i64>(mapAnonymous(space, high, PAGE, PROT_READ, fixed), <i64>high, "above");
  // A hint is not kept to; what is looked for below 2 GiB or downwards from above goes around it.
  expectTrue(mapAnonymous(space, low, PAGE, PROT_READ, ANON) != <i64>low, "a hint");
  expectEqual<u64>(choosePlace(space, 0, 0x3fe0_0000 - PAGE, MAP_32BIT), 0x4000_0000, "all that MAP_32BIT has");
  expectEqual<u64>(choosePlace(space, 0, 0x3fe0_0000, MAP_32BIT), NO_PLACE);
  space.mmapBase = high + 0x10_0000;
  space.searchFrom = u64.MAX_VALUE;
  expectEqual<u64>(choosePlace(space, 0, 0x10_0000 - PAGE, 0), high + PAGE, "just above the window");
  expectEqual<u64>(choosePlace(space, 0, 0x10_0000, 0), low - PAGE - 0x10_0000, "too long for what is above");
  const other = mapAnonymous(space, 0, PAGE, PROT_READ, ANON);
  expectEqual<i64>(remapRegion(space, <u64>other, PAGE, PAGE, 3, low, false), -Errno.EINVAL, "moved there");
  expectEqual<i64>(remapRegion(space, low - PAGE, PAGE, 2 * PAGE, 0, 0, false), -Errno.ENOMEM, "grown into it");
}

/** With SMAP programs may have it: address sanitizers do. */
export function testWithSmapTheWrapWindowIsMemoryAsAnyOther(): void {
  const space = start();
  const fixed = ANON | MAP_FIXED;
  expectEqual<i64>(mapAnonymous(space, 0x7fff_8000, 0x1000_0000, PROT_READ, fixed), 0x7fff_8000);
  expectEqual<i32>(handleFault(space, 0x7fff_f000, 0), 0);
}
