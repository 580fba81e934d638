import { expectEqual, expectTrue } from "../runtime/expect";
import { Crc32 } from "./crc32";
import { HuffmanTable } from "./huffman";
import { bytesOf, bytesSlice, textOf } from "../runtime/text/bytes";
import { addMemory, allocateFrame, bytesToFrame, frameAddress } from "../mm/frames/frame";
import { reserveMemory } from "../mm/frames/memory-ranges";
import { PhysicalSource } from "./archive-source";
import { GzipSource } from "./inflate";

/** gzip of "hello hello hello\n". */
const MEMBER: StaticArray<u8> = [
  31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 203, 72, 205, 201, 201, 87, 200, 64, 144, 92, 0, 59, 124, 138, 223, 18, 0, 0, 0,
];

/** A source of the member followed by `rest`; its first two bytes have been read. */
function memberAnd(rest: StaticArray<u8>): PhysicalSource {
  addMemory(0x40_0000, 0x80_0000);
  const frame = allocateFrame();
  bytesToFrame(frame, 100, MEMBER, 0, MEMBER.length);
  if (rest.length > 0) bytesToFrame(frame, 100 + MEMBER.length, rest, 0, rest.length);
  const start = frameAddress(frame) + 100;
  const end = start + <u64>(MEMBER.length + rest.length);
  reserveMemory(start + 2, end);
  return new PhysicalSource(start + 2, end);
}

function readAll(source: GzipSource): string {
  const bytes = new StaticArray<u8>(64);
  const got = source.read(bytes, 0, 64);
  return textOf(bytesSlice(bytes, 0, got));
}

export function testMemberAtTheEndOfInput(): void {
  const from = memberAnd([]);
  const source = new GzipSource(from);
  expectTrue(readAll(source) == "hello hello hello\n");
  expectTrue(source.error === null);
  expectEqual<u64>(from.remaining, 0);
}

export function testLeavesWhatFollowsTheMember(): void {
  const from = memberAnd(bytesOf("abcdef"));
  const source = new GzipSource(from);
  expectTrue(readAll(source) == "hello hello hello\n");
  expectTrue(source.error === null);
  expectEqual<u64>(from.remaining, 6);
}

export function testCrc32(): void {
  const crc = new Crc32();
  crc.add(bytesOf("123456789"), 0, 9);
  expectEqual<u32>(crc.value, 0xcbf43926);
}

export function testCodesOfTheSpecification(): void {
  // RFC 1951, 3.2.2: lengths 3, 3, 3, 3, 3, 2, 4, 4 for A to H.
  const lengths: StaticArray<u8> = [3, 3, 3, 3, 3, 2, 4, 4];
  const table = new HuffmanTable(8);
  expectTrue(table.build(lengths, 0, 8));
  // F is 00, A is 010 (first bit lowest: 010), H is 1111.
  expectEqual<u32>(table.fast[0b00], (5 << 4) | 2);
  expectEqual<u32>(table.fast[0b010], (0 << 4) | 3);
  expectEqual<u32>(table.fast[0b1111], (7 << 4) | 4);
  expectEqual<u32>(table.decodeLong(0b1111), (7 << 4) | 4);
}

export function testImpossibleCodesAreRefused(): void {
  const over: StaticArray<u8> = [1, 1, 1];
  expectTrue(!new HuffmanTable(3).build(over, 0, 3));
  const incomplete: StaticArray<u8> = [2, 2, 0];
  expectTrue(!new HuffmanTable(3).build(incomplete, 0, 3));
  const single: StaticArray<u8> = [0, 1, 0];
  expectTrue(new HuffmanTable(3).build(single, 0, 3));
}

export function testASourceOfOtherMemoryIsRefused(): void {
  const source = memberAnd(new StaticArray<u8>(1));
  new PhysicalSource(0x50_0000, 0x60_0000);
  source.giveBack(0);
}

export function testGoingBackBeforeTheBeginningIsRefused(): void {
  memberAnd(new StaticArray<u8>(1)).giveBack(1);
}
