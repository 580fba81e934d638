import {
  ParsedNumber, bytesEqual, bytesEqualText, bytesOf, bytesSlice, indexOfByte,
  parseDecimal, parseUnsigned, startsWithText, textOf,
} from "./bytes";
import { compareRanges, copyBytes, fillBytes, findByte, hashRange, rangesEqual, readU64, writeU16, writeU32, readU32 } from "./byte-access";
import { expectBytes, expectEqual, expectFalse, expectTrue } from "../expect";

export function testConversionsKeepEveryCodePoint(): void {
  const text = "aé€\u{1F600}z";
  const bytes = bytesOf(text);
  expectEqual<i32>(bytes.length, 11);
  expectEqual<string>(textOf(bytes), text);
  expectEqual<string>(textOf(bytes, 1, 3), "é");
  expectEqual<i32>(bytesOf("").length, 0);
}

export function testEquality(): void {
  expectTrue(bytesEqual(bytesOf("0123456789abcdef!"), bytesOf("0123456789abcdef!")));
  expectFalse(bytesEqual(bytesOf("0123456789abcdef!"), bytesOf("0123456789abcdef?")));
  expectFalse(bytesEqual(bytesOf("ab"), bytesOf("abc")));
  expectTrue(bytesEqualText(bytesOf("proc"), "proc"));
  expectFalse(bytesEqualText(bytesOf("proc"), "proc/"));
  expectTrue(startsWithText(bytesOf("/proc/1"), "proc", 1));
  expectFalse(startsWithText(bytesOf("/pro"), "proc", 1));
}

export function testHashSeesEveryByteAndTheLength(): void {
  const bytes = new StaticArray<u8>(40);
  for (let length = 0; length <= 40; length++) {
    const before = hashRange(bytes, 0, length);
    if (length < 40) expectTrue(before != hashRange(bytes, 0, length + 1), "length");
    for (let i = 0; i < length; i++) {
      bytes[i] = 1;
      expectTrue(hashRange(bytes, 0, length) != before, "byte");
      bytes[i] = 0;
    }
  }
}

export function testSearchAndSlices(): void {
  const path = bytesOf("usr/lib/x");
  expectEqual<i32>(indexOfByte(path, 0x2f), 3);
  expectEqual<i32>(indexOfByte(path, 0x2f, 4), 7);
  expectEqual<i32>(indexOfByte(path, 0x2f, 8), -1);
  expectEqual<i32>(indexOfByte(path, 0x2f, 99), -1);
  expectEqual<i32>(findByte(path, 0, 3, 0x2f), -1);
  expectBytes(bytesSlice(path, 4, 7), "lib");
}

export function testNumbers(): void {
  const number = new ParsedNumber();
  parseUnsigned(bytesOf("x1fFg"), 1, 16, number);
  expectEqual<u64>(number.value, 0x1ff);
  expectEqual<i32>(number.end, 4);
  parseUnsigned(bytesOf("18446744073709551615"), 0, 10, number);
  expectEqual<u64>(number.value, u64.MAX_VALUE);
  expectFalse(number.overflowed);
  parseUnsigned(bytesOf("18446744073709551616"), 0, 10, number);
  expectTrue(number.overflowed);
  parseUnsigned(bytesOf("-1"), 0, 10, number);
  expectEqual<i32>(number.end, 0);
  expectEqual<i64>(parseDecimal(bytesOf("4294967296")), 4294967296);
  expectEqual<i64>(parseDecimal(bytesOf("")), -1);
  expectEqual<i64>(parseDecimal(bytesOf("1a")), -1);
  expectEqual<i64>(parseDecimal(bytesOf("9999999999999999999")), -1);
}

export function testRangesMoveAndCompare(): void {
  const bytes = bytesOf("abcdefghij");
  copyBytes(bytes, 2, bytes, 0, 8);
  expectBytes(bytes, "ababcdefgh");
  fillBytes(bytes, 8, 0x2e, 2);
  expectBytes(bytes, "ababcdef..");
  expectTrue(rangesEqual(bytes, 0, bytes, 2, 2));
  expectTrue(compareRanges(bytes, 0, bytes, 4, 2) < 0);
  copyBytes(bytes, 10, bytes, 10, 0);
}

export function testFieldsAreLittleEndianAtAnyOffset(): void {
  const bytes = new StaticArray<u8>(11);
  writeU32(bytes, 1, 0x01020304);
  writeU16(bytes, 5, 0xabcd);
  expectEqual<u64>(readU64(bytes, 1), 0x0000_abcd_0102_0304);
  expectEqual<u32>(readU32(bytes, 3), 0xabcd_0102);
}
