import { expectEqual, expectTrue } from "../runtime/expect";
import { Crc32 } from "./crc32";
import { HuffmanTable } from "./huffman";
import { bytesOf } from "../runtime/bytes";

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
