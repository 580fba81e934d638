// What of strace's output counts as a flag that a test passed. Runs on Node.

import { expect, test } from "vitest";
import { FLAG_SETS } from "../../syscalls/table/flags.ts";
import { parsePrototype } from "../../syscalls/table/format.ts";
import { addFlags, flagFindings, flagNames, flagTable, parseRawCall } from "./flag-coverage.ts";

const OPENAT = { prototype: parsePrototype("openat(dirfd dirfd, path pathname, flags:OPEN flags, mode_t mode)") };

test("finished calls are read, with their error", () => {
  expect(parseRawCall("openat(0xffffff9c, 0x7f81, 0x80000, 0) = 0x3")).toEqual({ name: "openat", arguments: [0xffffff9cn, 0x7f81n, 0x80000n, 0n], error: undefined });
  expect(parseRawCall("access(0x7f, 0x4)             = -1 ENOENT (No such file or directory)")).toMatchObject({ name: "access", error: "ENOENT" });
  expect(parseRawCall("pause()                                 = 0")).toEqual({ name: "pause", arguments: [], error: undefined });
  for (const line of ["exit_group(0)     = ?", "+++ exited with 0 +++", "--- SIGCHLD ---", "read(0x3, <unfinished ...>"]) expect(parseRawCall(line)).toBeUndefined();
});

test("a value is made of names: the enumeration, then bits, larger names first; a bit without a name spoils it", () => {
  const open = FLAG_SETS["OPEN"]!;
  expect(flagNames(open, 0n)).toEqual(["O_RDONLY"]);
  expect(flagNames(open, 0o2000102n)).toEqual(["O_RDWR", "O_CREAT", "O_CLOEXEC"]);
  expect(flagNames(open, 0o4010001n)).toEqual(["O_WRONLY", "O_SYNC"]);
  expect(flagNames(open, 0o20200002n)).toEqual(["O_RDWR", "O_TMPFILE"]);
  expect(flagNames(open, 3n)).toBeUndefined();
  expect(flagNames(open, 0xffffffffn)).toBeUndefined();
  expect(flagNames(FLAG_SETS["PROT"]!, 0n)).toEqual(["PROT_NONE"]);
  expect(flagNames(FLAG_SETS["PIPE"]!, 0n)).toEqual([]);
});

test("flags count for the call that they are passed to, unless it fails in a way that says nothing about them", () => {
  const seen = new Map<string, Set<string>>();
  const pass = (flags: bigint, error?: string): void => addFlags(seen, OPENAT.prototype, { name: "openat", arguments: [0xffffff9cn, 1n, flags, 0n], error });
  pass(0o100n, "EINVAL");
  pass(0o100n, "EBADF");
  pass(0xffffffffn);
  expect(seen.size).toBe(0);
  pass(0o301n, "EEXIST");
  pass(0xffffffff00000000n);
  expect([...seen.get("openat.flags")!]).toEqual(["O_WRONLY", "O_CREAT", "O_EXCL", "O_RDONLY"]);
});

test("contradictions are found, and the page shows what is tested", () => {
  expect(flagFindings([OPENAT], new Map([["openat.flags", new Set(["O_CREAT"])]]))).toEqual([]);
  expect(flagFindings([OPENAT], new Map([["openat.mode", new Set(["O_CREAT"])], ["openat.flags", new Set(["O_BANANA"])]]))).toEqual([
    expect.stringContaining("openat.mode is no flags argument"), expect.stringContaining("O_BANANA is not in its flag set"),
  ]);
  const row = { prototype: parsePrototype("pipe2(out int *fds, flags:PIPE flags)"), refused: "O_DIRECT" };
  const [line] = flagTable([row], new Map([["pipe2.flags", new Set(["O_CLOEXEC"])]]));
  expect(line).toMatch(/^\| pipe2 \| flags \| O_CLOEXEC \| O_NONBLOCK.* \| O_DIRECT \|$/);
});
