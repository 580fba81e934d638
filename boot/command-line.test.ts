import { expectEqual, expectTrue } from "../kernel/runtime/expect";
import { CommandLine } from "./command-line";

export function testWordsAndValues(): void {
  const line = CommandLine.of("  quiet loglevel=4\tinit=/bin/sh console=tty0 console=ttyS0,115200 panic=-1 ");
  expectTrue(line.has("quiet"), "a word without value is there");
  expectTrue(line.value("quiet") === null, "a word without value has none");
  expectEqual<i32>(line.number("loglevel", 7), 4, "a number is read");
  expectEqual<i32>(line.number("panic", 0), -1, "a negative number is read");
  expectEqual<i32>(line.values("console").length, 2, "all consoles are kept");
  expectEqual<string>(line.values("console")[1], "ttyS0,115200", "in their order");
  expectTrue(!line.has("lev"), "a part of a name is no name");
}

export function testLastValueCounts(): void {
  expectEqual<i32>(CommandLine.of("loglevel=3 loglevel=5").number("loglevel", 0), 5, "the last one counts");
}

export function testBadNumbersFallBack(): void {
  const line = CommandLine.of("a=12x b= c=99999999999 d=-");
  expectEqual<i32>(line.number("a", 1), 1, "letters");
  expectEqual<i32>(line.number("b", 2), 2, "empty");
  expectEqual<i32>(line.number("c", 3), 3, "too large");
  expectEqual<i32>(line.number("d", 4), 4, "only a sign");
}

export function testQuotesKeepSpaces(): void {
  const line = CommandLine.of("name=\"two words\" next");
  expectEqual<string>(line.value("name")!, "two words", "quotes go, spaces stay");
  expectTrue(line.has("next"), "the next word is apart");
}

export function testInitArguments(): void {
  const line = CommandLine.of("quiet -- -l quiet2");
  expectEqual<i32>(line.initArguments.length, 2, "two arguments");
  expectEqual<string>(line.initArguments[0], "-l", "the first");
  expectTrue(!line.has("quiet2"), "not for the kernel");
}
