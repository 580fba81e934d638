import { expectBytes, expectEqual, expectFalse, expectTrue } from "../../../kernel/runtime/expect";
import { FramebufferKind, MemoryKind, PROTOCOL_MULTIBOOT2, PROTOCOL_PVH, readBootInfo } from "./boot-info";
import { physWrite32, physWrite64, physWrite8 } from "../machine";

const AT: u64 = 0x5000;

function writeText(address: u64, text: string): void {
  for (let i = 0; i < text.length; i++) physWrite8(address + <u64>i, <u32>text.charCodeAt(i));
  physWrite8(address + <u64>text.length, 0);
}

function writePvh(): void {
  physWrite32(AT, 0x336ec578);
  physWrite32(AT + 4, 1);
  physWrite32(AT + 12, 1);
  physWrite64(AT + 16, AT + 0x100);
  physWrite64(AT + 24, AT + 0x200);
  physWrite64(AT + 32, 0xe0000);
  physWrite64(AT + 40, AT + 0x300);
  physWrite32(AT + 48, 2);
  physWrite64(AT + 0x100, 0x200_0000);
  physWrite64(AT + 0x108, 0x1234);
  physWrite64(AT + 0x110, 0);
  writeText(AT + 0x200, "console=ttyS0");
  physWrite64(AT + 0x300, 0);
  physWrite64(AT + 0x308, 0x9fc00);
  physWrite32(AT + 0x310, 1);
  physWrite64(AT + 0x318, 0x10_0000);
  physWrite64(AT + 0x320, 0x3f0_0000);
  physWrite32(AT + 0x328, 1);
}

export function testPvh(): void {
  writePvh();
  const info = readBootInfo(PROTOCOL_PVH, AT);
  expectEqual<string>(info.problem, "");
  expectBytes(info.commandLine, "console=ttyS0");
  expectEqual<i32>(info.memory.length, 2);
  expectEqual<u64>(info.memory[1].end, 0x400_0000);
  expectEqual<u32>(info.memory[0].kind, MemoryKind.RAM);
  expectEqual<i32>(info.modules.length, 1);
  expectEqual<u64>(info.modules[0].end, 0x200_1234);
  expectEqual<u64>(info.rsdp, 0xe0000);
  expectFalse(info.isEfi);
}

export function testPvhWithWildPointers(): void {
  writePvh();
  physWrite64(AT + 16, 0xffff_ffff_ffff_fff0);
  physWrite64(AT + 24, 0xffff_ffff_ffff_fff0);
  physWrite32(AT + 48, 0xffff_ffff);
  physWrite64(AT + 40, 0xffff_ffff_ffff_ff00);
  const info = readBootInfo(PROTOCOL_PVH, AT);
  expectEqual<i32>(info.modules.length, 0);
  expectEqual<i32>(info.commandLine.length, 0);
}

export function testWrongMagic(): void {
  expectTrue(readBootInfo(PROTOCOL_PVH, AT).problem.length > 0);
  expectTrue(readBootInfo(PROTOCOL_PVH, 0).problem.length > 0);
  expectTrue(readBootInfo(PROTOCOL_MULTIBOOT2, 0xffff_ffff_0000).problem.length > 0);
  expectTrue(readBootInfo(9, AT).problem.length > 0);
}

/** Writes a tag's header; returns the address of its contents. */
function tag(at: u64, type: u32, size: u32): u64 {
  physWrite32(at, type);
  physWrite32(at + 4, size);
  return at + 8;
}

export function testMultiboot2(): void {
  let at = AT + 8;
  writeText(tag(at, 1, 8 + 6), "debug");
  at += 16;
  const module = tag(at, 3, 8 + 8 + 3);
  physWrite32(module, 0x100_0000);
  physWrite32(module + 4, 0x100_2000);
  writeText(module + 8, "rd");
  at += 24;
  const map = tag(at, 6, 16 + 2 * 24);
  physWrite32(map, 24);
  physWrite64(map + 8, 0);
  physWrite64(map + 16, 0x8_0000);
  physWrite32(map + 24, 1);
  physWrite64(map + 32, 0x10_0000);
  physWrite64(map + 40, u64.MAX_VALUE);
  physWrite32(map + 48, 2);
  at += 64;
  const screen = tag(at, 8, 38);
  physWrite64(screen, 0x8000_0000);
  physWrite32(screen + 8, 4096);
  physWrite32(screen + 12, 1024);
  physWrite32(screen + 16, 768);
  physWrite8(screen + 20, 32);
  physWrite8(screen + 21, 1);
  physWrite64(screen + 24, 0x0800_0808_0810);
  at += 40;
  tag(at, 15, 44);
  const rsdp = at + 8;
  at += 48;
  tag(at, 12, 16);
  at += 16;
  tag(at, 0, 8);
  at += 8;
  physWrite32(AT, <u32>(at - AT));

  const info = readBootInfo(PROTOCOL_MULTIBOOT2, AT);
  expectEqual<string>(info.problem, "");
  expectBytes(info.commandLine, "debug");
  expectEqual<i32>(info.modules.length, 1);
  expectBytes(info.modules[0].commandLine, "rd");
  expectEqual<u64>(info.modules[0].start, 0x100_0000);
  expectEqual<i32>(info.memory.length, 2);
  expectEqual<u64>(info.memory[1].end, u64.MAX_VALUE, "a length that wraps ends at the top");
  expectEqual<u64>(info.rsdp, rsdp);
  expectTrue(info.isEfi);
  const framebuffer = info.framebuffer!;
  expectEqual<u32>(framebuffer.kind, FramebufferKind.RGB);
  expectEqual<u32>(framebuffer.width, 1024);
  expectEqual<u32>(framebuffer.redPosition, 16);
  expectEqual<u32>(framebuffer.redSize, 8);
  expectEqual<u32>(framebuffer.greenPosition, 8);
  expectEqual<u32>(framebuffer.bluePosition, 0);
}

/** Tags that claim more than there is, or nothing, end the list. */
export function testMultiboot2BadTags(): void {
  tag(AT + 8, 1, 0xffff_fff0);
  physWrite32(AT, 24);
  expectEqual<i32>(readBootInfo(PROTOCOL_MULTIBOOT2, AT).commandLine.length, 0);
  tag(AT + 8, 6, 0);
  expectEqual<i32>(readBootInfo(PROTOCOL_MULTIBOOT2, AT).memory.length, 0);
  tag(AT + 8, 6, 16);
  physWrite32(AT + 16, 0);
  expectEqual<i32>(readBootInfo(PROTOCOL_MULTIBOOT2, AT).memory.length, 0);
}
