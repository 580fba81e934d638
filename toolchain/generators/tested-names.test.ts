// The form of the files that keep what tests were seen to reach. Runs on Node.

import { expect, test } from "vitest";
import { formatTested, lostNames, parseTested, unite } from "./tested-names.ts";

test("what is written reads back, sorted, subjects without names left out", () => {
  const text = formatTested("measured", new Map([["write", new Set(["EFAULT", "EBADF"])], ["open.flags", new Set(["O_RDWR"])], ["getpid", new Set<string>()]]));
  expect(text).toBe("# measured\nopen.flags: O_RDWR\nwrite: EBADF EFAULT\n");
  expect([...parseTested(text).get("write")!]).toEqual(["EBADF", "EFAULT"]);
  expect(parseTested(text).size).toBe(2);
});

test("what is no longer seen is found; two measurements unite", () => {
  const recorded = new Map([["read", new Set(["EBADF", "EIO"])], ["write", new Set(["EBADF"])]]);
  const seen = new Map([["read", new Set(["EBADF", "EFAULT"])]]);
  expect(lostNames(recorded, seen)).toEqual(["read EIO", "write EBADF"]);
  expect(lostNames(recorded, unite(recorded, seen))).toEqual([]);
  expect([...unite(recorded, seen).get("read")!]).toEqual(["EBADF", "EIO", "EFAULT"]);
});
