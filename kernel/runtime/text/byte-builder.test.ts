import { ByteBuilder } from "./byte-builder";
import { bytesOf } from "./bytes";
import { expectBytes, expectEqual, expectFalse, expectTrue } from "../expect";

function expectText(builder: ByteBuilder, text: string): void {
  expectBytes(builder.data, text, builder.length);
}

export function testNumbersInEveryBase(): void {
  const b = new ByteBuilder();
  b.appendDecimal(0).appendByte(0x20).appendDecimal(-1).appendByte(0x20).appendDecimal(i64.MIN_VALUE);
  expectText(b, "0 -1 -9223372036854775808");
  expectText(b.clear().appendUnsigned(u64.MAX_VALUE), "18446744073709551615");
  expectText(b.clear().appendHex(0xdeadbeef).appendByte(0x20).appendHex(5, 4).appendHex(0), "deadbeef 00050");
  expectText(b.clear().appendOctal(0o755, 4), "0755");
  expectText(b.clear().appendOctal(u64.MAX_VALUE), "1777777777777777777777");
  expectText(b.clear().appendPadded(42, 5).appendPadded(7, 3, 0x30).appendPadded(12345, 2), "   4200712345");
}

export function testColumns(): void {
  const b = new ByteBuilder();
  b.appendColumn("Name:", 8).append("x").newline();
  const start = b.length;
  b.append("ab").padTo(start, 4).appendByte(0x7c).padTo(start, 2);
  expectText(b, "Name:   x\nab  |");
}

export function testGrowsAndKeepsTheText(): void {
  const b = new ByteBuilder(1);
  for (let i = 0; i < 100; i++) b.append("0123456789");
  expectEqual<i32>(b.length, 1000);
  expectFalse(b.isTruncated);
  expectEqual<u8>(b.data[999], 0x39);
  expectBytes(b.truncate(3).toBytes(), "012");
}

export function testFixedTruncates(): void {
  const b = ByteBuilder.fixed(16);
  b.append("0123456789").appendBytes(bytesOf("abcdefghij"));
  expectText(b, "0123456789abcdef");
  expectTrue(b.isTruncated);
  expectText(b.appendByte(0x21).appendDecimal(5), "0123456789abcdef");
  expectFalse(b.clear().isTruncated);
  b.append("012345678901234€");
  expectText(b, "012345678901234");
  expectTrue(b.isTruncated, "a character that does not fit is not split");
}
