// Random mmap, munmap, mprotect, mremap and madvise against a model that knows each page by itself.

import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE } from "../../abi/mman";
import { expectEqual, expectTrue } from "../../runtime/expect";
import { AddressSpace } from "./address-space";
import { forkSpace } from "./fork-space";
import { mapAnonymous } from "./map";
import { unmapRegion } from "./unmap";
import { adviseRegion } from "./advise";
import { addMemory, freeFrameCount } from "../frames/frame";
import { PagingFeatures, initMemory } from "../frames/init";
import { lockRegion, unlockRegion } from "./lock";
import { MapFlag } from "./mapping";
import { protectRegion } from "./protect";
import { readRemote, writeRemote } from "../user/remote";
import { remapRegion } from "./remap";
import { PAGE } from "../../abi/page";

const MIB: u64 = 0x10_0000;
/** The window straddles a table of leaves. */
const BASE: u64 = 0x1000_0000 + 0x1f_0000;
const PAGES: i32 = 64;

/** Protection + 1 of each page, 0: unmapped. */
const model = new StaticArray<u8>(PAGES);
const contents = new StaticArray<u8>(PAGES);
const locked = new StaticArray<bool>(PAGES);
const one = new StaticArray<u8>(1);
let seed: u64 = 1;

function random(limit: i32): i32 {
  seed = seed * 6364136223846793005 + 1442695040888963407;
  return <i32>((seed >> 33) % <u64>limit);
}

function address(page: i32): u64 {
  return BASE + <u64>page * PAGE;
}

function isWhole(from: i32, count: i32): bool {
  for (let i = from; i < from + count; i++) if (model[i] == 0) return false;
  return true;
}

function step(space: AddressSpace): void {
  const from = random(PAGES);
  const count = 1 + random(min(PAGES - from, 12));
  const start = address(from);
  const length = <u64>count * PAGE;
  switch (random(8)) {
    case 0:
    case 1: {
      const protection = <u32>random(4);
      expectEqual<i64>(mapAnonymous(space, start, length, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED), <i64>start);
      for (let i = from; i < from + count; i++) {
        model[i] = <u8>(protection + 1);
        contents[i] = 0;
        locked[i] = false;
      }
      break;
    }
    case 2: {
      expectEqual<i32>(unmapRegion(space, start, length), 0);
      for (let i = from; i < from + count; i++) {
        model[i] = 0;
        locked[i] = false;
      }
      break;
    }
    case 3: {
      const protection = <u32>random(4);
      const status = protectRegion(space, start, length, protection);
      expectEqual<bool>(status == 0, isWhole(from, count), "mprotect");
      for (let i = from; i < from + count && model[i] != 0; i++) model[i] = <u8>(protection + 1);
      break;
    }
    case 4: {
      const status = adviseRegion(space, start, length, 24);
      expectEqual<bool>(status == 0, isWhole(from, count), "madvise");
      for (let i = from; i < from + count; i++) contents[i] = 0;
      break;
    }
    case 5: {
      const isLock = random(2) == 0;
      const status = isLock ? lockRegion(space, start, length, 1, true) : unlockRegion(space, start, length);
      expectEqual<bool>(status == 0, isWhole(from, count), "mlock");
      for (let i = from; i < from + count && model[i] != 0; i++) locked[i] = isLock;
      break;
    }
    case 6:
      move(space, from, count);
      break;
    default:
      touch(space, from);
  }
}

function move(space: AddressSpace, from: i32, count: i32): void {
  const to = random(PAGES - count + 1);
  const isOverlap = to < from + count && from < to + count;
  let isOne = isWhole(from, count);
  const mapping = space.list.find(address(from));
  if (mapping == null || address(from + count) > mapping.end) isOne = false;
  const result = remapRegion(space, address(from), <u64>count * PAGE, <u64>count * PAGE, 3, address(to), true);
  const isUnmappedTarget = !isOverlap && model[from] != 0;
  if (isUnmappedTarget) {
    for (let i = 0; i < count; i++) {
      model[to + i] = 0;
      locked[to + i] = false;
    }
  }
  expectEqual<bool>(result > 0, isOne && !isOverlap, "mremap");
  if (result < 0) return;
  for (let i = 0; i < count; i++) {
    model[to + i] = model[from + i];
    contents[to + i] = contents[from + i];
    locked[to + i] = locked[from + i];
  }
  for (let i = 0; i < count; i++) {
    model[from + i] = 0;
    locked[from + i] = false;
  }
}

function touch(space: AddressSpace, page: i32): void {
  const canWrite = model[page] != 0 && ((model[page] - 1) & 2) != 0;
  one[0] = <u8>(1 + random(200));
  const value = one[0];
  expectEqual<bool>(writeRemote(space, address(page) + 5, one, 0, 1) == 1, canWrite, "write");
  if (canWrite) contents[page] = value;
}

function verify(space: AddressSpace): void {
  let total: u64 = 0;
  let lockedTotal: u64 = 0;
  for (let i = 0; i < PAGES; i++) {
    const mapping = space.list.find(address(i));
    expectEqual<bool>(mapping != null, model[i] != 0, "mapped");
    if (mapping == null) continue;
    total++;
    if (locked[i]) lockedTotal++;
    expectEqual<u32>(mapping.flags & MapFlag.ACCESS, <u32>model[i] - 1, "protection");
    expectEqual<bool>(mapping.has(MapFlag.LOCKED), locked[i], "locked");
    if (model[i] == 1) continue;
    expectEqual<i32>(readRemote(space, address(i) + 5, one, 0, 1), 1, "read");
    expectEqual<i32>(<i32>one[0], <i32>contents[i], "contents");
  }
  expectEqual<u64>(space.totalPages, total);
  expectEqual<u64>(space.lockedPages, lockedTotal);
  for (let i = 0; i + 1 < space.list.count; i++) {
    const mapping = space.list.at(i);
    const next = space.list.at(i + 1);
    expectTrue(mapping.start < mapping.end && mapping.end <= next.start, "order");
    expectTrue(!mapping.continuesIn(next), "joined");
  }
}

export function testRandomOperations(): void {
  addMemory(8 * MIB, 64 * MIB);
  const features = new PagingFeatures();
  features.nx = true;
  expectTrue(initMemory([0, 64 * MIB], features));
  AddressSpace.create()!.release();
  const free = freeFrameCount();
  for (let round = 0; round < 12; round++) {
    const space = AddressSpace.create()!;
    space.activate();
    for (let i = 0; i < PAGES; i++) {
      model[i] = 0;
      contents[i] = 0;
      locked[i] = false;
    }
    for (let i = 0; i < 120; i++) {
      step(space);
      if (i % 8 == 0) verify(space);
      if (i % 40 == 39) {
        const child = forkSpace(space)!;
        for (let k = 0; k < 6; k++) touchChild(child);
        verify(space);
        child.release();
      }
    }
    space.release();
  }
  expectTrue(free - freeFrameCount() <= 1, "frames");
}

function touchChild(child: AddressSpace): void {
  one[0] = 255;
  writeRemote(child, address(random(PAGES)), one, 0, 1);
}
