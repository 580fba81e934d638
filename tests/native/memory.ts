// A core for trying memory management natively in QEMU: builds the final tables, forks address spaces, faults pages in,
// copies to user memory, and prints what each costs in TSC ticks (instructions with `-icount shift=0,sleep=off`).
// Built with `toolchain/build.ts --entry tests/native/memory.ts`.

import { AddressSpace, currentSpace } from "../../kernel/mm/space/address-space";
import { setBreak } from "../../kernel/mm/space/break";
import { allocateFrame, freeFrameCount, releaseFrame, totalFrameCount, zeroSomeFrames } from "../../kernel/mm/frames/frame";
import { IoDestination, IoSource } from "../../kernel/mm/user/io-buffer";
import { PageCache, readPages, writePages } from "../../kernel/mm/cache/page-cache";
import { UserOut } from "../../kernel/mm/user/user-memory";
import { startMemory } from "../../boot/memory";
import { readBootInfo } from "../../arch/x86_64/platform/boot-info";
import { detectCpu } from "../../arch/x86_64/cpu-features";
import { growLinear, mapKernelStack } from "../../arch/x86_64/memory/kernel-mapping";
import { earlyConsoleByte, haltForever, portWrite16, readTsc } from "../../arch/x86_64/machine";

const PAGE: u64 = 4096;

function print(text: string): void {
  for (let i = 0; i < text.length; i++) earlyConsoleByte(text.charCodeAt(i));
}

let begun: u64 = 0;

function begin(): void {
  begun = readTsc();
}

function end(what: string, count: u64 = 1): void {
  print(what + ": " + ((readTsc() - begun) / count).toString() + "\n");
}

/** A process of the size of a small static program: text, data, heap, some mmap, stack. */
function smallProcess(): AddressSpace {
  const space = AddressSpace.create()!;
  space.activate();
  const out = new UserOut();
  space.mapAnonymous(0x40_0000, 40 * PAGE, 5, 0x12);
  space.mapAnonymous(0x48_0000, 8 * PAGE, 3, 0x12);
  space.brkStart = 0x50_0000;
  space.brkEnd = 0x50_0000;
  setBreak(space, 0x50_0000 + 33 * PAGE);
  space.mapAnonymous(0x7fff_0000_0000, 33 * PAGE, 3, 0x112);
  space.mapAnonymous(0x7ffe_0000_0000, 2 * PAGE, 3, 0x12);
  for (let i: u64 = 0; i < 40; i++) space.handleFault(0x40_0000 + i * PAGE, 4);
  for (let i: u64 = 0; i < 8; i++) out.claim(0x48_0000 + i * PAGE).writeU32(0, 1);
  for (let i: u64 = 0; i < 4; i++) out.claim(0x50_0000 + i * PAGE).writeU32(0, 1);
  for (let i: u64 = 29; i < 33; i++) out.claim(0x7fff_0000_0000 + i * PAGE).writeU32(0, 1);
  out.claim(0x7ffe_0000_0000).writeU32(0, 1);
  return space;
}

function measureFork(space: AddressSpace, rounds: u64): void {
  begin();
  for (let i: u64 = 0; i < rounds; i++) {
    const child = space.fork(0x7fff_0002_0800)!;
    child.release();
  }
  end("fork and release", rounds);
  let forkOnly: u64 = 0;
  let releaseOnly: u64 = 0;
  for (let i: u64 = 0; i < rounds; i++) {
    begin();
    const child = space.fork(0x7fff_0002_0800)!;
    forkOnly += readTsc() - begun;
    begin();
    child.release();
    releaseOnly += readTsc() - begun;
  }
  print("fork: " + (forkOnly / rounds).toString() + ", release: " + (releaseOnly / rounds).toString() + "\n");
}

function measureParts(): void {
  begin();
  for (let i = 0; i < 20; i++) AddressSpace.create()!.release();
  end("create and release an empty space", 20);
  const space = AddressSpace.create()!;
  begin();
  for (let i: u64 = 0; i < 20; i++) space.mapAnonymous(0x1000_0000 + i * 0x10000, PAGE, <u32>i & 1, 0x12);
  end("map (no pages)", 20);
  begin();
  const child = space.fork()!;
  end("fork of 20 mappings without pages, each", 20);
  begin();
  child.release();
  end("its release, each", 20);
  space.mapAnonymous(0x4000_0000, 512 * PAGE, 3, 0x12);
  for (let i: u64 = 0; i < 512; i++) space.handleFault(0x4000_0000 + i * PAGE, 6);
  begin();
  const second = space.fork()!;
  end("fork of 512 pages, each", 512);
  begin();
  second.release();
  end("its release, each", 512);
  begin();
  space.release();
  end("release of the last, each", 512);
}

function measureFaults(space: AddressSpace): void {
  const out = new UserOut();
  const base: u64 = 0x6000_0000;
  space.mapAnonymous(base, 512 * PAGE, 3, 0x12);
  begin();
  for (let i: u64 = 0; i < 256; i++) space.handleFault(base + i * PAGE, 6);
  end("anonymous fault (handler alone)", 256);
  begin();
  for (let i: u64 = 256; i < 512; i++) out.claim(base + i * PAGE).writeU32(0, 7);
  end("anonymous fault (by a user copy)", 256);
  begin();
  for (let i: u64 = 0; i < 512; i++) out.claim(base + i * PAGE).writeU32(0, 7);
  end("user write of 4 bytes", 512);
  const child = space.fork()!;
  begin();
  for (let i: u64 = 0; i < 256; i++) space.handleFault(base + i * PAGE, 7);
  end("copy-on-write fault, copied", 256);
  child.release();
  begin();
  for (let i: u64 = 256; i < 512; i++) space.handleFault(base + i * PAGE, 7);
  end("copy-on-write fault, sole owner", 256);
  begin();
  space.unmap(base, 512 * PAGE);
  end("unmap 512 pages");
  begin();
  for (let i = 0; i < 100; i++) {
    const at = <u64>space.mapAnonymous(0, PAGE, 3, 2);
    space.handleFault(at, 6);
    space.unmap(at, PAGE);
  }
  end("mmap, touch, munmap", 100);
}

function measureFiles(space: AddressSpace): void {
  const cache = new PageCache(null);
  const source = new IoSource();
  const to = new IoDestination();
  const base: u64 = 0x6000_0000;
  space.mapAnonymous(base, 16 * PAGE, 3, 0x12);
  for (let i: u64 = 0; i < 16; i++) space.handleFault(base + i * PAGE, 6);
  begin();
  for (let i: u64 = 0; i < 64; i++) writePages(cache, i * PAGE, i * PAGE, source.claim(base, PAGE));
  end("write of a new page", 64);
  begin();
  for (let i: u64 = 0; i < 64; i++) writePages(cache, 64 * PAGE, i * PAGE, source.claim(base, PAGE));
  end("write of a cached page", 64);
  begin();
  for (let i: u64 = 0; i < 64; i++) readPages(cache, 64 * PAGE, i * PAGE, to.claim(base, PAGE));
  end("read of a cached page", 64);
  begin();
  for (let i: u64 = 0; i < 256; i++) readPages(cache, 64 * PAGE, i, to.claim(base, 1));
  end("read of one byte", 256);
  begin();
  for (let i: u64 = 0; i < 256; i++) writePages(cache, 64 * PAGE, i, source.claim(base, 1));
  end("write of one byte", 256);
  cache.dispose();
}

export function boot(protocol: u32, address: u64): void {
  const info = readBootInfo(protocol, address);
  begin();
  const isReady = startMemory(info, detectCpu());
  end("start of memory management");
  if (!isReady) print("not enough memory\n");
  print("frames " + freeFrameCount().toString() + " of " + totalFrameCount().toString() + "\n");
  begin();
  for (let i = 0; i < 1000; i++) releaseFrame(allocateFrame());
  end("allocate and release a frame", 1000);
  begin();
  for (let slot: u32 = 1; slot < 50; slot++) mapKernelStack(slot);
  end("map a kernel stack", 49);
  begin();
  print("grow " + growLinear(16).toString() + "\n");
  end("grow linear memory by 1 MiB");
  const free = freeFrameCount();
  const space = smallProcess();
  measureFork(space, 10);
  zeroSomeFrames(512);
  measureFork(space, 10);
  measureParts();
  measureFaults(space);
  measureFiles(space);
  const spare = freeFrameCount();
  space.release();
  print("frames after release " + freeFrameCount().toString() + ", before " + free.toString() + ", with the space " + spare.toString() + "\n");
  portWrite16(0x604, 0x2000);
  haltForever();
}

export function growLinearMemory(wasmPages: u32): i32 {
  return growLinear(wasmPages);
}
export function threadMain(slot: u32): void {}
export function syscall(nr: u64, a0: u64, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64): i64 {
  return -38;
}
export function returnToUser(): void {}
export function interrupt(vector: u32, fromUser: u32): void {}
export function userTrap(vector: u32, error: u64, address: u64): void {}
export function pageFault(address: u64, error: u64, fromUser: u32): u32 {
  const space = currentSpace();
  return space != null && space.handleFault(address, error) == 0 ? 1 : 0;
}
export function kernelFault(vector: u32, error: u64, address: u64, ip: u64, framePointer: u64): void {
  print("kernel fault " + vector.toString() + " 0x" + error.toString(16) + " 0x" + address.toString(16) + " 0x" + ip.toString(16) + "\n");
  portWrite16(0x604, 0x2000);
  haltForever();
}
export { gcMarkWord } from "../../kernel/runtime/heap/collector";
