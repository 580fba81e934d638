// Where table and measurement contradict. Runs on Node.

import { expect, test } from "vitest";
import { errnoNames, errorFindings, errorNames, errorTable } from "./error-coverage.ts";

const KNOWN = new Set(["EBADF", "EFAULT", "EINVAL", "EIO"]);
const READ = { name: "read", errors: ["EBADF", "EFAULT"], unprovoked: ["EIO"] };

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

test("the page shows what is tested and what not yet", () => {
  expect(errorTable([READ, { name: "getpid", errors: [], unprovoked: [] }], new Map([["read", new Set(["EBADF"])]]))).toEqual(["| read | EBADF | EFAULT | EIO |"]);
});
