// Reading of the tests' headers, and what counts as covered. Runs on Node.

import { expect, test } from "vitest";
import { coverageFindings, parseAbiTest, testsByCall } from "./abi-coverage.ts";

const SOURCE = `/* openat(2): flags.
   covers: openat open,
     close */
#include "observe.h"
/* covers: nothing more */
int main(void) { SHOW(open("O_EXCL", O_CREAT | O_RDWR)); }
`;

test("a test names its calls in the first comment", () => {
  expect(parseAbiTest("fs/fs-open.c", SOURCE)).toEqual({ name: "fs-open", file: "fs/fs-open.c", calls: ["openat", "open", "close"] });
});

test("calls without a test, tests without a call, and unknown calls are found", () => {
  const tests = [parseAbiTest("fs/fs-open.c", SOURCE), parseAbiTest("empty.c", "/* nothing */\nint main(void) {}")];
  const findings = coverageFindings(["openat", "open", "read"], tests);
  expect(findings).toHaveLength(3);
  expect(findings[0]).toMatch(/tests\/abi\/empty\.c:1:1: names no system call/);
  expect(findings[1]).toMatch(/covers close, which is not in syscalls\/table/);
  expect(findings[2]).toMatch(/read is supported but no test/);
  expect(testsByCall(tests).get("open")!.map((each) => each.name)).toEqual(["fs-open"]);
});
