// Tests of page-cache.ts and frame-tree.ts.

import { Errno } from "../../abi/errno";
import { MAP_FIXED, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../../abi/mman";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { expectEqual, expectTrue } from "../../runtime/expect";
import { AddressSpace } from "../space/address-space";
import { forkSpace } from "../space/fork-space";
import { mapRegion } from "../space/map";
import { unmapRegion } from "../space/unmap";
import { FaultResult, handleFault } from "../space/fault";
import { Frame, NO_FRAME, addMemory, allocateFrame, frameRead8, frameWrite8, freeFrameCount } from "../frames/frame";
import { FrameTree, NO_INDEX } from "../frames/frame-tree";
import { PagingFeatures, initMemory } from "../frames/init";
import { IoDestination, IoSource } from "../user/io-buffer";
import { MapRequest, MappedObject } from "./mapped-object";
import { PageBacking, PageCache, PageQuota, readPages, writePage } from "./page-cache";
import { readRemote, writeRemote } from "../user/remote";
import { resolveFault } from "../user/simulated-faults";
import { PAGE } from "../../abi/page";

const MIB: u64 = 0x10_0000;

class TestFile extends MappedObject {
  references: i32 = 0;
  constructor(public pages: PageCache, public length: u64) { super(); }
  cache(): PageCache | null { return this.pages; }
  size(): u64 { return this.length; }
  retained(): void { this.references++; }
  released(): void { this.references--; }
  device(): u64 { return 0; }
  inode(): u64 { return 0; }
  describe(to: ByteBuilder): void { to.append("test"); }
}

/** Each page holds its index; counts what is written. */
class TestBacking extends PageBacking {
  fills: i32 = 0;
  writes: i32 = 0;
  fill(index: u64, frame: Frame): i32 {
    if (index == 99) return -Errno.EIO;
    this.fills++;
    for (let i: u32 = 0; i < 4096; i++) frameWrite8(frame, i, <u32>index);
    return 0;
  }
  write(index: u64, frame: Frame): i32 { this.writes++; return 0; }
}

class TestQuota extends PageQuota {
  left: u32 = 2;
  charge(pages: u32): bool {
    if (pages > this.left) return false;
    this.left -= pages;
    return true;
  }
  release(pages: u32): void { this.left += pages; }
}

/** What the machine calls when a user copy misses. */
export function pageFault(address: u64, error: u64, fromUser: u32): u32 {
  return resolveFault(address, error);
}

function start(): AddressSpace {
  addMemory(8 * MIB, 64 * MIB);
  expectTrue(initMemory([0, 64 * MIB], new PagingFeatures()));
  const space = AddressSpace.create()!;
  space.activate();
  return space;
}

function bytes(length: i32, value: u8): StaticArray<u8> {
  const array = new StaticArray<u8>(length);
  for (let i = 0; i < length; i++) array[i] = value;
  return array;
}

function write(cache: PageCache, size: u64, position: u64, length: i32, value: u8): i64 {
  const from = new IoSource().claimBytes(bytes(length, value), 0, length);
  let at = position;
  while (from.remaining != 0) {
    const count = writePage(cache, max(size, at), at, from);
    if (count < 0) return at != position ? <i64>(at - position) : count;
    at += <u64>count;
  }
  return <i64>(at - position);
}

function byteAt(cache: PageCache, size: u64, position: u64): i32 {
  const one = bytes(1, 0xee);
  const got = readPages(cache, size, position, new IoDestination().claimBytes(one, 0, 1));
  return got == 1 ? <i32>one[0] : <i32>got - 1000;
}

function mapFile(space: AddressSpace, file: TestFile, address: u64, length: u64, kind: u32): void {
  const request = new MapRequest();
  request.address = address;
  request.length = length;
  request.protection = PROT_READ | PROT_WRITE;
  request.flags = kind | MAP_FIXED;
  request.object = file;
  expectEqual<i64>(mapRegion(space, request), <i64>address);
}

export function testTreeAgainstModel(): void {
  addMemory(8 * MIB, 16 * MIB);
  const tree = new FrameTree();
  const frame = allocateFrame();
  const model = new Map<u64, bool>();
  let seed: u64 = 7;
  for (let i = 0; i < 3000; i++) {
    seed = seed * 6364136223846793005 + 1442695040888963407;
    const shift = (seed >> 58) & 31;
    const index = (seed >> 20) & (((<u64>1 << shift) << 4) - 1);
    if (model.has(index)) {
      expectTrue(tree.remove(index) == frame);
      model.delete(index);
    } else {
      expectTrue(tree.find(index) == NO_FRAME);
      tree.insert(index, frame);
      model.set(index, true);
    }
    expectEqual<u64>(tree.count, <u64>model.size);
  }
  let seen = 0;
  let at = tree.next(0);
  while (at != NO_INDEX) {
    expectTrue(model.has(at));
    seen++;
    at = tree.next(at + 1);
  }
  expectEqual<i32>(seen, model.size);
}

export function testHolesReadAsZerosAndCostNothing(): void {
  start();
  const cache = new PageCache(null);
  expectEqual<i64>(write(cache, 0, 3 * PAGE + 10, 5, 7), 5);
  expectEqual<u64>(cache.frameCount, 1);
  expectEqual<i32>(byteAt(cache, 3 * PAGE + 15, 100), 0);
  expectEqual<i32>(byteAt(cache, 3 * PAGE + 15, 3 * PAGE + 10), 7);
  expectEqual<i32>(byteAt(cache, 3 * PAGE + 15, 3 * PAGE + 15), -1000);
  const all = bytes(<i32>PAGE * 4, 9);
  expectEqual<i64>(readPages(cache, 3 * PAGE + 15, 0, new IoDestination().claimBytes(all, 0, all.length)), 3 * PAGE + 15);
  expectEqual<i32>(<i32>all[5], 0);
}

export function testTruncateZeroesTheTail(): void {
  start();
  const cache = new PageCache(null);
  write(cache, 0, 0, 10000, 7);
  cache.truncate(5000);
  expectEqual<u64>(cache.frameCount, 2);
  expectEqual<i32>(byteAt(cache, 10000, 4999), 7);
  expectEqual<i32>(byteAt(cache, 10000, 5000), 0);
  cache.punch(100, 4200);
  expectEqual<i32>(byteAt(cache, 10000, 99), 7);
  expectEqual<i32>(byteAt(cache, 10000, 4199), 0);
  expectEqual<i32>(byteAt(cache, 10000, 4200), 7);
  const free = freeFrameCount();
  cache.dispose();
  expectEqual<u32>(freeFrameCount(), free + 2);
}

export function testQuota(): void {
  start();
  const quota = new TestQuota();
  const cache = new PageCache(null, quota);
  expectEqual<i64>(write(cache, 0, 0, 3 * <i32>PAGE, 1), 2 * <i64>PAGE);
  expectEqual<i64>(write(cache, 0, 2 * PAGE, 1, 1), -Errno.ENOSPC);
  expectEqual<i64>(write(cache, 0, 2 * PAGE, <i32>PAGE, 1), -Errno.ENOSPC);
  cache.truncate(0);
  expectEqual<u32>(quota.left, 2);
}

export function testBackingFillsAndWritesBack(): void {
  start();
  const backing = new TestBacking();
  const cache = new PageCache(backing);
  expectEqual<i32>(byteAt(cache, 100 * PAGE, 3 * PAGE), 3);
  expectEqual<i32>(byteAt(cache, 100 * PAGE, 3 * PAGE + 8), 3);
  expectEqual<i32>(backing.fills, 1);
  expectEqual<i32>(byteAt(cache, 100 * PAGE, 99 * PAGE), -Errno.EIO - 1000);
  expectEqual<i64>(write(cache, 100 * PAGE, 5 * PAGE, <i32>PAGE, 1), PAGE);
  expectEqual<i32>(backing.fills, 1, "a whole page is not read first");
  expectEqual<i64>(write(cache, 100 * PAGE, 6 * PAGE + 1, 1, 1), 1);
  expectEqual<i32>(backing.fills, 2);
  expectTrue(cache.isDirty(5) && cache.isDirty(6) && !cache.isDirty(3));
  expectEqual<i32>(cache.writeBack(0, NO_INDEX), 0);
  expectEqual<i32>(backing.writes, 2);
  expectTrue(!cache.isDirty(5));
}

export function testMappedPages(): void {
  const space = start();
  const cache = new PageCache(null);
  const file = new TestFile(cache, 2 * PAGE + 5);
  write(cache, 0, 0, 2 * <i32>PAGE + 5, 7);
  mapFile(space, file, 0x100000, 4 * PAGE, MAP_SHARED);
  mapFile(space, file, 0x200000, 4 * PAGE, MAP_PRIVATE);
  const one = bytes(1, 9);
  expectEqual<i32>(writeRemote(space, 0x100001, one, 0, 1), 1);
  expectEqual<i32>(byteAt(cache, PAGE, 1), 9);
  expectEqual<i32>(readRemote(space, 0x200001, one, 0, 1), 1);
  expectEqual<i32>(<i32>one[0], 9);
  one[0] = 5;
  expectEqual<i32>(writeRemote(space, 0x200001, one, 0, 1), 1);
  expectEqual<i32>(byteAt(cache, PAGE, 1), 9, "private writes stay private");
  expectEqual<i32>(handleFault(space, 0x103000, 4), FaultResult.BUS_ADRERR);
  expectEqual<i32>(handleFault(space, 0x102000, 4), FaultResult.RESOLVED);
  file.length = PAGE;
  cache.truncate(PAGE);
  expectEqual<u64>(space.tables.entry(0x102000), 0);
  expectEqual<i32>(handleFault(space, 0x101000, 6), FaultResult.BUS_ADRERR);
  expectEqual<i32>(file.references, 2);
  const child = forkSpace(space)!;
  expectEqual<i32>(file.references, 4);
  child.release();
  expectEqual<i32>(unmapRegion(space, 0x100000, 0x200000), 0);
  expectEqual<i32>(file.references, 0);
}

export function testWriteFromMappingOfTheSamePage(): void {
  const space = start();
  const cache = new PageCache(null);
  const file = new TestFile(cache, 4 * PAGE);
  mapFile(space, file, 0x100000, 4 * PAGE, MAP_SHARED);
  expectEqual<i64>(writePage(cache, 4 * PAGE, PAGE, new IoSource().claim(0x101000, PAGE)), PAGE);
  expectEqual<i64>(writePage(cache, 4 * PAGE, 10, new IoSource().claim(0x100000, 100)), 100);
  expectEqual<u64>(cache.frameCount, 2);
  expectEqual<i64>(writePage(cache, 4 * PAGE, 0, new IoSource().claim(0x103ff0, 100)), 16, "partial");
  expectEqual<i64>(writePage(cache, 4 * PAGE, 0, new IoSource().claim(0x104000, 100)), -Errno.EFAULT);
  expectEqual<u32>(frameRead8(cache.find(0), 20), 0);
}
