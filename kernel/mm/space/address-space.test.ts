// Tests of address spaces: mapping, splitting, joining, faults, copy on write, fork, on simulated physical memory.

import { Pte } from "../../../arch/x86_64/memory/page-table";
import { frameAddress } from "../../../arch/x86_64/memory/physical-memory";
import { Errno } from "../../abi/errno";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_GROWSDOWN, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../../abi/mman";
import { expectEqual, expectTrue } from "../../runtime/expect";
import { AddressSpace } from "./address-space";
import { forkSpace } from "./fork-space";
import { mapAnonymous } from "./map";
import { unmapRegion } from "./unmap";
import { nameOfMapping } from "./mapping-name";
import { adviseRegion } from "./advise";
import { setBreak } from "./break";
import { FaultResult, handleFault } from "./fault";
import { addMemory, freeFrameCount, frameReferences } from "../frames/frame";
import { PagingFeatures, initMemory } from "../frames/init";
import { lockRegion } from "./lock";
import { IoDestination, IoSource } from "../user/io-buffer";
import { MapFlag } from "./mapping";
import { protectRegion } from "./protect";
import { readRemote, writeRemote } from "../user/remote";
import { remapRegion } from "./remap";
import { resolveFault } from "../user/simulated-faults";
import { UserIn, UserOut } from "../user/user-memory";
import { PAGE } from "../../abi/page";

const MIB: u64 = 0x10_0000;
const RW: u32 = PROT_READ | PROT_WRITE;
const ANON: u32 = MAP_PRIVATE | MAP_ANONYMOUS;

/** What the machine calls when a user copy misses. */
export function pageFault(address: u64, error: u64, fromUser: u32): u32 {
  return resolveFault(address, error);
}

function start(): AddressSpace {
  addMemory(8 * MIB, 64 * MIB);
  const features = new PagingFeatures();
  features.nx = true;
  expectTrue(initMemory([0, 64 * MIB], features));
  const space = AddressSpace.create();
  expectTrue(space != null);
  space!.activate();
  return space!;
}

function map(space: AddressSpace, address: u64, pages: u64, protection: u32 = RW, flags: u32 = ANON): i64 {
  return mapAnonymous(space, address, pages * PAGE, protection, flags);
}

function at(space: AddressSpace, address: u64, pages: u64, protection: u32 = RW): void {
  expectEqual<i64>(map(space, address, pages, protection, ANON | MAP_FIXED), <i64>address);
}

function poke(space: AddressSpace, address: u64, value: u8): void {
  const byte = new StaticArray<u8>(1);
  byte[0] = value;
  expectEqual<i32>(writeRemote(space, address, byte, 0, 1), 1, "poke");
}

function peek(space: AddressSpace, address: u64): i32 {
  const byte = new StaticArray<u8>(1);
  if (readRemote(space, address, byte, 0, 1) != 1) return -1;
  return <i32>byte[0];
}

export function testMapsTopDownAndJoins(): void {
  const space = start();
  const a = map(space, 0, 4);
  const b = map(space, 0, 4);
  expectEqual<i64>(a, <i64>(space.mmapBase - 4 * PAGE));
  expectEqual<i64>(b, a - 4 * <i64>PAGE);
  expectEqual<i32>(space.list.count, 1);
  expectEqual<u64>(space.totalPages, 8);
}

export function testUnmapSplits(): void {
  const space = start();
  at(space, 0x100000, 8);
  expectEqual<i32>(unmapRegion(space, 0x102000, 2 * PAGE), 0);
  expectEqual<i32>(space.list.count, 2);
  expectEqual<u64>(space.list.at(0).end, 0x102000);
  expectEqual<u64>(space.list.at(1).start, 0x104000);
  expectEqual<u64>(space.totalPages, 6);
  at(space, 0x102000, 2);
  expectEqual<i32>(space.list.count, 1);
}

export function testFaultsAndZeroPage(): void {
  const space = start();
  at(space, 0x100000, 4);
  expectEqual<i32>(handleFault(space, 0x100000, 4), FaultResult.RESOLVED);
  expectTrue((space.tables.entry(0x100000) & Pte.SPECIAL) != 0);
  expectEqual<u64>(space.residentPages, 0);
  expectEqual<i32>(handleFault(space, 0x100000, 7), FaultResult.RESOLVED);
  expectEqual<u64>(space.residentPages, 1);
  expectEqual<i32>(handleFault(space, 0x104000, 4), FaultResult.MAPERR);
  expectEqual<i32>(protectRegion(space, 0x100000, PAGE, PROT_READ), 0);
  expectEqual<i32>(handleFault(space, 0x100000, 7), FaultResult.ACCERR);
  expectEqual<i32>(handleFault(space, 0x100000, 0x15), FaultResult.ACCERR);
  expectEqual<i32>(space.list.count, 2);
}

export function testForkCopiesOnWrite(): void {
  const space = start();
  at(space, 0x100000, 4);
  poke(space, 0x100000, 1);
  poke(space, 0x101000, 2);
  const child = forkSpace(space, 0x100010, 0)!;
  expectEqual<i32>(peek(child, 0x100000), 1);
  expectTrue(space.tables.frameAt(0x100000) != child.tables.frameAt(0x100000));
  expectTrue(space.tables.frameAt(0x101000) == child.tables.frameAt(0x101000));
  poke(child, 0x101000, 9);
  expectEqual<i32>(peek(space, 0x101000), 2);
  expectEqual<i32>(peek(child, 0x101000), 9);
  const frame = space.tables.frameAt(0x101000);
  poke(space, 0x101000, 3);
  expectTrue(frame == space.tables.frameAt(0x101000));
  expectEqual<u32>(frameReferences(frame), 1);
}

export function testNothingLeaks(): void {
  const space = start();
  const spare = AddressSpace.create()!;
  spare.release();
  const free = freeFrameCount();
  const other = AddressSpace.create()!;
  for (let i: u64 = 1; i < 40; i++) {
    at(other, i << 30, 3);
    poke(other, (i << 30) + PAGE, <u8>i);
  }
  expectEqual<i64>(map(other, 0, 300, RW, MAP_SHARED | MAP_ANONYMOUS), <i64>(other.mmapBase - 300 * PAGE));
  for (let i: u64 = 1; i < 300; i += 7) poke(other, other.mmapBase - i * PAGE, 5);
  const child = forkSpace(other)!;
  expectEqual<i32>(peek(child, other.mmapBase - PAGE), 5);
  poke(child, other.mmapBase - PAGE, 6);
  expectEqual<i32>(peek(other, other.mmapBase - PAGE), 6);
  other.release();
  expectEqual<i32>(unmapRegion(child, 1 << 30, 3 * PAGE), 0);
  child.release();
  expectEqual<u32>(freeFrameCount(), free - 1, "frames (one more root is kept)");
  expectTrue(space.tables.isActive);
}

export function testStackGrowsToItsLimit(): void {
  const space = start();
  space.limits.stack = 64 * PAGE;
  const top: u64 = 0x7000_0000_0000;
  expectEqual<i64>(map(space, top - 4 * PAGE, 4, RW, ANON | MAP_FIXED | MAP_GROWSDOWN), <i64>(top - 4 * PAGE));
  expectEqual<i32>(handleFault(space, top - 10 * PAGE, 6), FaultResult.RESOLVED);
  expectEqual<u64>(space.list.at(0).start, top - 10 * PAGE);
  expectEqual<i32>(handleFault(space, top - 65 * PAGE, 6), FaultResult.MAPERR);
}

export function testBreak(): void {
  const space = start();
  space.brkStart = 0x60_0000;
  space.brkEnd = 0x60_0000;
  expectEqual<u64>(setBreak(space, 0), 0x60_0000);
  expectEqual<u64>(setBreak(space, 0x60_2345), 0x60_2345);
  poke(space, 0x60_2fff, 1);
  expectEqual<i32>(nameOfMapping(space, space.list.at(0)), 1);
  expectEqual<u64>(setBreak(space, 0x60_1000), 0x60_1000);
  expectEqual<i32>(handleFault(space, 0x60_1000, 6), FaultResult.MAPERR);
  at(space, 0x61_0000, 1);
  expectEqual<u64>(setBreak(space, 0x61_0000), 0x60_1000);
}

export function testRemapMovesContents(): void {
  const space = start();
  at(space, 0x100000, 2);
  poke(space, 0x101000, 7);
  at(space, 0x102000, 1, PROT_READ);
  expectEqual<i64>(remapRegion(space, 0x100000, 2 * PAGE, 4 * PAGE, 0, 0, false), -Errno.ENOMEM);
  const moved = remapRegion(space, 0x100000, 2 * PAGE, 4 * PAGE, 1, 0, false);
  expectTrue(moved > 0);
  expectEqual<i32>(peek(space, <u64>moved + PAGE), 7);
  expectEqual<i32>(peek(space, 0x101000), -1);
  expectEqual<i64>(remapRegion(space, <u64>moved, 4 * PAGE, 2 * PAGE, 0, 0, false), moved);
  expectEqual<u64>(space.totalPages, 3);
}

export function testAdvice(): void {
  const space = start();
  at(space, 0x100000, 4);
  poke(space, 0x101000, 7);
  expectEqual<i32>(adviseRegion(space, 0x100000, 4 * PAGE, 4), 0);
  expectEqual<i32>(peek(space, 0x101000), 0);
  expectEqual<i32>(adviseRegion(space, 0x100000, 5 * PAGE, 4), -Errno.ENOMEM);
  expectEqual<i32>(adviseRegion(space, 0x100001, PAGE, 4), -Errno.EINVAL);
  expectEqual<i32>(adviseRegion(space, 0x100000, PAGE, 77), -Errno.EINVAL);
  expectEqual<i32>(adviseRegion(space, 0x101000, PAGE, 18), 0);
  expectEqual<i32>(space.list.count, 3);
  expectEqual<i32>(adviseRegion(space, 0x101000, PAGE, 19), 0);
  expectEqual<i32>(space.list.count, 1);
}

export function testLocking(): void {
  const space = start();
  space.limits.lockedMemory = 2 * PAGE;
  at(space, 0x100000, 4);
  expectEqual<i32>(lockRegion(space, 0x100000, 3 * PAGE, 0, false), -Errno.ENOMEM);
  expectEqual<i32>(lockRegion(space, 0x100010, PAGE, 0, false), 0);
  expectEqual<u64>(space.lockedPages, 2);
  expectEqual<u64>(space.residentPages, 2);
  expectTrue(space.list.at(0).has(MapFlag.LOCKED));
  expectEqual<i32>(adviseRegion(space, 0x100000, PAGE, 4), -Errno.EINVAL);
}

export function testUserCopiesFault(): void {
  const space = start();
  at(space, 0x100000, 2);
  const out = new UserOut().claim(0x100ffe);
  expectEqual<i32>(out.writeU32(0, 0x12345678), 0);
  const input = new UserIn().claim(0x100ffe);
  expectEqual<i32>(input.readU32(0), 0);
  expectEqual<u64>(input.value, 0x12345678);
  expectEqual<i32>(input.readU64(0x1000), -Errno.EFAULT);
  expectEqual<i32>(input.claim(u64.MAX_VALUE - 1).readU32(0), -Errno.EFAULT);
  expectEqual<i32>(input.claim(0xffff_8000_0000_0000).readU8(0), -Errno.EFAULT);
  const bytes = new StaticArray<u8>(PAGE as i32 * 2);
  const to = new IoDestination();
  to.claim(0x101000, 2 * PAGE);
  expectEqual<i64>(to.putBytes(bytes, 0, bytes.length), PAGE, "partial");
  expectEqual<i64>(to.putBytes(bytes, 0, 1), -Errno.EFAULT);
  const from = new IoSource();
  from.claim(0x7fff_ffff_e000, 0x2000);
  expectEqual<i32>(from.check(), -Errno.EFAULT);
}

export function testHostileRanges(): void {
  const space = start();
  at(space, 0x100000, 2);
  expectEqual<i32>(unmapRegion(space, 0x100001, PAGE), -Errno.EINVAL);
  expectEqual<i32>(unmapRegion(space, 0x100000, 0), -Errno.EINVAL);
  expectEqual<i32>(unmapRegion(space, 0x100000, u64.MAX_VALUE), -Errno.EINVAL);
  expectEqual<i32>(unmapRegion(space, 0xffff_8000_0000_0000, PAGE), -Errno.EINVAL);
  expectEqual<i64>(mapAnonymous(space, 0, u64.MAX_VALUE, RW, ANON), -Errno.ENOMEM);
  expectEqual<i64>(mapAnonymous(space, 0, 0, RW, ANON), -Errno.EINVAL);
  expectEqual<i64>(mapAnonymous(space, 0x7fff_ffff_f000, PAGE, RW, ANON | MAP_FIXED), -Errno.ENOMEM);
  expectEqual<i64>(mapAnonymous(space, 0x100001, PAGE, RW, ANON | MAP_FIXED), -Errno.EINVAL);
  expectEqual<i64>(mapAnonymous(space, 0x100000, PAGE, RW, MAP_ANONYMOUS), -Errno.EINVAL);
  expectEqual<i32>(protectRegion(space, 0x100000, u64.MAX_VALUE - 0x200000, 1), -Errno.ENOMEM);
  expectEqual<i64>(remapRegion(space, 0x100000, PAGE, u64.MAX_VALUE - PAGE, 1, 0, false), -Errno.ENOMEM);
  expectEqual<i64>(mapAnonymous(space, 0, 1 << 40, RW, ANON), -Errno.ENOMEM);
  expectTrue(mapAnonymous(space, 0, 1 << 40, 0, ANON | 0x4000) > 0);
  expectEqual<u64>(frameAddress(space.tables.frameAt(0x5000)), 0);
}
