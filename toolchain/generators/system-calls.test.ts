// Reading of prototypes, and the rules that hold for the table as a whole. Runs on Node.

import { expect, test } from "vitest";
import { parsePrototype } from "../../syscalls/table/format.ts";
import { loadSystemCalls } from "./system-calls.ts";

test("a prototype is read argument by argument", () => {
  expect(parsePrototype("read(fd fd, destination buf[count], size_t count)")).toEqual({
    name: "read",
    arguments: [
      { kind: "value", name: "fd", type: "fd", cast: "i32", print: "signed32" },
      { kind: "buffer", direction: "destination", name: "buf", count: "count" },
      { kind: "value", name: "count", type: "size_t", cast: "u64", print: "unsigned64" },
    ],
  });
  expect(parsePrototype("pipe2(out int *fds, flags:PIPE flags)").arguments).toEqual([
    { kind: "claim", direction: "out", type: "int", name: "fds" },
    { kind: "flags", set: "PIPE", name: "flags", cast: "i32" },
  ]);
  expect(parsePrototype("dup3(place?# oldfd, fd newfd, file other)").arguments).toEqual([
    { kind: "file", name: "oldfd", mayBePlace: true, mayBeNull: true, hasNumber: true },
    { kind: "value", name: "newfd", type: "fd", cast: "i32", print: "signed32" },
    { kind: "file", name: "other", mayBePlace: false, mayBeNull: false, hasNumber: false },
  ]);
  expect(parsePrototype("getpid(void)").arguments).toEqual([]);
});

test("malformed prototypes are refused, and the message names them", () => {
  expect(() => parsePrototype("read")).toThrow(/"read" is not of the form/);
  expect(() => parsePrototype("read(banana x)")).toThrow(/banana x/);
  expect(() => parsePrototype("read(destination buf[count])")).toThrow(/count of buf is no argument/);
  expect(() => parsePrototype("f(int a, int b, int c, int d, int e, int f, int g)")).toThrow(/more than six/);
});

test("numbers and names in the table are those of Linux", async () => {
  const { readFileSync } = await import("node:fs");
  const text = readFileSync(new URL("../../syscalls/table/linux-calls.txt", import.meta.url), "utf8");
  const linux = new Map(text.split("\n").filter((line) => /^\d/.test(line)).map((line) => line.split(" ") as [string, string]));
  for (const row of await loadSystemCalls()) expect([row.number, row.prototype.name]).toEqual([row.number, linux.get(String(row.number))]);
});
