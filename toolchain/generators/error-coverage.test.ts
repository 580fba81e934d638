// The form of tested-errors.txt, and where table and measurement contradict. Runs on Node.

import { expect, test } from "vitest";
import { errnoNames, errorFindings, errorNames, errorTable, formatTestedErrors, lostErrors, parseTestedErrors } from "./error-coverage.ts";

const KNOWN = new Set(["EBADF", "EFAULT", "EINVAL", "EIO"]);
const READ = { name: "read", errors: ["EBADF", "EFAULT"], unprovoked: ["EIO"] };

test("what is written reads back, sorted, calls without errors left out", () => {
  const text = formatTestedErrors(new Map([["write", new Set(["EFAULT", "EBADF"])], ["read", new Set(["EBADF"])], ["getpid", new Set<string>()]]));
  expect(text.split("\n").slice(1)).toEqual(["read: EBADF", "write: EBADF EFAULT", ""]);
  expect([...parseTestedErrors(text).get("write")!]).toEqual(["EBADF", "EFAULT"]);
});

test("a field names errors, or says that there are none", () => {
  expect(errorNames("EBADF  EINVAL")).toEqual(["EBADF", "EINVAL"]);
  expect(errorNames("none")).toEqual([]);
});

test("error numbers come from the kernel's enumeration; restart codes and second names are left out", () => {
  const names = errnoNames(
    ["EPERM: i32 = 1", "EAGAIN: i32 = 11", "EWOULDBLOCK: i32 = 11", "ERESTARTSYS: i32 = 512"].map((text) => `@inline export const ${text};\n`).join(""));
  expect([...names]).toEqual([[1, "EPERM"], [11, "EAGAIN"]]);
});

test("contradictions are found", () => {
  expect(errorFindings([READ], new Map([["read", new Set(["EBADF"])]]), KNOWN)).toEqual([]);
  expect(errorFindings([READ], new Map([["read", new Set(["EINVAL"])]]), KNOWN)).toEqual([expect.stringContaining("read: the tests get EINVAL")]);
  expect(errorFindings([READ], new Map([["tuxcall", new Set(["EBADF"])]]), KNOWN)).toEqual([expect.stringContaining("tuxcall is not in the table")]);
  const wrong = { name: "write", errors: ["EBADF", "EBADF", "EIO", "EBANANA"], unprovoked: ["EIO"] };
  expect(errorFindings([wrong], new Map(), KNOWN)).toEqual([
    expect.stringContaining("EBANANA is no error"), expect.stringContaining("EBADF stands twice"), expect.stringContaining("EIO stands twice"),
  ]);
});

test("what is no longer seen is found", () => {
  const recorded = new Map([["read", new Set(["EBADF", "EIO"])], ["write", new Set(["EBADF"])]]);
  expect(lostErrors(recorded, new Map([["read", new Set(["EBADF", "EFAULT"])]]))).toEqual(["read EIO", "write EBADF"]);
});

test("the page shows what is tested and what not yet", () => {
  expect(errorTable([READ, { name: "getpid", errors: [], unprovoked: [] }], new Map([["read", new Set(["EBADF"])]]))).toEqual(["| read | EBADF | EFAULT | EIO |"]);
});
