// The generated dispatcher, compiled and run: each C type of an argument is cut from its register as a C compiler's callee would,
// claims go to the members of the task's set in order, and buffers get their lengths. Runs on Node.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parsePrototype, VALUE_TYPES, type Call } from "../../syscalls/table/format.ts";
import { compileModule } from "../compile/compile.js";
import { dispatcher, fileCalls, type Row } from "./system-calls.ts";

function row(number: number, call: string, handler: string): Row {
  const fields: Call = { number, call, handler, from: "calls", support: "full", errors: "none" };
  return { ...fields, prototype: parsePrototype(call) };
}

/** One call for each C type of a value, numbered from 100 on. */
const TYPES = Object.entries(VALUE_TYPES).map(([type, { cast }], i) => ({ type, cast, number: 100 + i, handler: `sysOf_${type}` }));

/** Handlers say what they were given: a value as it arrives, a claim as "address + 1000 * place". */
const HANDLERS = `
import { IoDestination, IoSource } from "../kernel/mm/user/io-buffer";
import { UserIn, UserInOut, UserOut, UserPath } from "../kernel/mm/user/user-memory";
import { Task } from "../kernel/task/task";
import { OpenFile } from "../kernel/vfs/file/open-file";
${TYPES.map(({ handler, cast }) => `export function ${handler}(task: Task, x: ${cast}): i64 { return x; }`).join("\n")}
export function sysFlags(task: Task, a: i32, b: u32, c: u64): i64 { return a == -1 && b == 0xffffffff && c == 0x1ffffffff ? 1 : 0; }
export function sysSix(task: Task, a: i32, b: i32, c: i32, d: i32, e: i32, f: i32): i64 { return a + 10 * b + 100 * c + 1000 * d + 10000 * e + 100000 * f; }
export function sysClaims(task: Task, a: UserPath, b: UserIn, c: UserOut, d: UserPath, e: UserIn, f: UserInOut): i64 {
  return a.seen + 10 * b.seen + 100 * c.seen + 1000 * d.seen + 10000 * e.seen + 100000 * f.seen;
}
export function sysPlaces(task: Task, a: UserIn, b: UserIn, c: UserIn): i64 { return a.place * 100 + b.place * 10 + c.place; }
export function sysRead(task: Task, to: IoDestination, flags: i32): i64 { return to.seen * 1000 + to.length * 10 + flags; }
/** Which file it is, 100 for each reference, 1000 for the number. */
export function sysFile(task: Task, file: OpenFile): i64 { return file.number + 100 * file.references; }
export function sysPlace(task: Task, file: OpenFile): i64 { return sysFile(task, file); }
export function sysMaybe(task: Task, file: OpenFile | null): i64 { return file === null ? -1 : sysFile(task, file); }
export function sysNumbered(task: Task, file: OpenFile, fd: i32, other: OpenFile): i64 { return sysFile(task, file) + 1000 * fd + 10000 * sysFile(task, other); }
export function sysWrite(task: Task, from: IoSource): i64 { return from.seen * 1000 + from.length; }
`;

const claim = (name: string, length: string): string => `export class ${name} { seen: u64 = 0; length: u64 = 0; constructor(public place: i32 = 0) {}
  claim(address: u64${length}): ${name} { this.seen = address; ${length === "" ? "" : "this.length = count; "}return this; } }\n`;

/** What the dispatcher imports, as far as these calls use it. */
const STUBS: Record<string, string> = {
  "kernel/abi/errno.ts": "export namespace Errno { @inline export const EBADF: i32 = 9; }\n",
  "kernel/mm/user/user-memory.ts": ["UserIn", "UserOut", "UserInOut", "UserPath"].map((name) => claim(name, "")).join(""),
  "kernel/mm/user/io-buffer.ts": ["IoSource", "IoDestination"].map((name) => claim(name, ", count: u64")).join(""),
  "kernel/sync/sleep-stress.ts": "export function lookedUp(): void {}\n",
  "kernel/vfs/file/open-file.ts": `
export class OpenFile { references: i32 = 1; constructor(public number: i32) {} retain(): void { this.references++; } release(): void { this.references--; } }
`,
  "kernel/vfs/file/fd-table.ts": `
import { OpenFile } from "./open-file";
/** Descriptor 3 is a file, 4 a place. */
export class FdTable {
  isShared: bool = false;
  file: OpenFile = new OpenFile(3);
  place: OpenFile = new OpenFile(4);
  get(fd: i32): OpenFile | null { return fd == 3 ? this.file : fd == 4 ? this.place : null; }
  getFile(fd: i32): OpenFile | null { return fd == 3 ? this.file : null; }
}
`,
  "kernel/task/task.ts": `
import { IoDestination, IoSource } from "../mm/user/io-buffer";
import { UserIn, UserInOut, UserOut, UserPath } from "../mm/user/user-memory";
import { FdTable } from "../vfs/file/fd-table";
export class Arguments {
  in0: UserIn = new UserIn(1); in1: UserIn = new UserIn(2); in2: UserIn = new UserIn(3);
  out0: UserOut = new UserOut(); out1: UserOut = new UserOut(); out2: UserOut = new UserOut();
  inOut0: UserInOut = new UserInOut(); inOut1: UserInOut = new UserInOut();
  path0: UserPath = new UserPath(); path1: UserPath = new UserPath();
  source: IoSource = new IoSource(); destination: IoDestination = new IoDestination();
}
export class Task { arguments: Arguments = new Arguments(); files: FdTable = new FdTable(); }
`,
  "syscalls/dispatch/unknown-call.ts": "export function unknownCall(number: i32): i64 { return -38; }\n",
  "syscalls/calls.ts": HANDLERS,
  "boot/kernel.ts": `
import { dispatch } from "../syscalls/generated/dispatch";
import { Task } from "../kernel/task/task";
const task = new Task();
export function share(isShared: bool): void { task.files.isShared = isShared; }
export function call(n: i32, a: u64, b: u64, c: u64, d: u64, e: u64, f: u64): i64 { return dispatch(task, n, a, b, c, d, e, f); }
`,
};

const ROWS = [
  ...TYPES.map(({ type, number, handler }) => row(number, `of_${type}(${type} x)`, handler)),
  row(1, "flags(flags:OPEN a, uflags:OPEN b, lflags:OPEN c)", "sysFlags"),
  row(2, "six(int a, int b, int c, int d, int e, int f)", "sysSix"),
  row(3, "claims(path a, in int *b, out int *c, path d, in int *e, inout int *f)", "sysClaims"),
  row(4, "places(in int *a, in int *b, in int *c)", "sysPlaces"),
  row(5, "read(destination buf[count], flags:OPEN flags, size_t count)", "sysRead"),
  row(7, "file(file fd)", "sysFile"),
  row(8, "place(place fd)", "sysPlace"),
  row(9, "maybe(file? fd)", "sysMaybe"),
  row(10, "numbered(place# fd, file other)", "sysNumbered"),
  row(6, "write(source buf[count], uint count)", "sysWrite"),
];

let root = "";
let call: (number: number, ...registers: bigint[]) => bigint;
let share: (isShared: number) => void;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "typix-dispatcher-"));
  for (const [file, text] of Object.entries({ ...STUBS, "syscalls/generated/dispatch.ts": dispatcher(ROWS), "syscalls/generated/file-calls.ts": fileCalls(ROWS).call, "syscalls/generated/held-calls.ts": fileCalls(ROWS).held })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const { wasm } = compileModule({ root, entries: ["boot/kernel.ts"], roots: "none", initialPages: 1 });
  const imports = { env: { abort: () => { throw new Error("abort"); } }, mark: { line: () => {}, home: (value: number) => value } };
  const exports = new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource), imports).exports as { call(...all: (number | bigint)[]): bigint; share(isShared: number): void };
  share = exports.share;
  call = (number, ...registers) => exports.call(number, ...Array.from({ length: 6 }, (_, i) => BigInt.asIntN(64, registers[i] ?? 0n)));
});
afterAll(() => rmSync(root, { recursive: true }));

/** What C makes of a register, as a 64-bit number. */
const READ_AS: Record<string, (register: bigint) => bigint> = {
  i32: (register) => BigInt.asIntN(32, register), u32: (register) => BigInt.asUintN(32, register),
  i64: (register) => BigInt.asIntN(64, register), u64: (register) => BigInt.asIntN(64, register),
};
const REGISTERS = [0n, 1n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0x100000000n, 0xffffffff80000001n, 0x7fffffffffffffffn, 0x8000000000000000n, 0xffffffffffffffffn];

for (const { type, cast, number } of TYPES) {
  test(`${type} is read as ${cast}, whatever the rest of the register holds`, () => {
    for (const register of REGISTERS) expect([register, call(number, register)]).toEqual([register, READ_AS[cast]!(register)]);
  });
}

test("the types have the widths and signs of the C types", () => {
  const casts = Object.fromEntries(TYPES.map(({ type, cast }) => [type, cast]));
  expect(casts).toMatchObject({
    int: "i32", uint: "u32", long: "i64", ulong: "u64", size_t: "u64", loff_t: "i64", dirfd: "i32", pid_t: "i32", uid_t: "u32", gid_t: "u32", mode_t: "u32", signal: "i32", address: "u64",
  });
});

test("flags are int, unsigned or unsigned long", () => {
  expect(call(1, 0xdeadbeefffffffffn, 0xdeadbeefffffffffn, 0x1ffffffffn)).toBe(1n);
  expect(call(1, 0n, 0n, 0n)).toBe(0n);
});

test("arguments keep their order", () => {
  expect(call(2, 1n, 2n, 3n, 4n, 5n, 6n)).toBe(654321n);
});

test("each claim gets its register and a member of its own", () => {
  expect(call(3, 1n, 2n, 3n, 4n, 5n, 6n)).toBe(654321n);
  expect(call(4)).toBe(123n);
  expect(() => dispatcher([row(1, "f(in int *a, in int *b, in int *c, in int *d)", "sysF")])).toThrow(/f: more in claims than UserArguments has/);
});

test("a buffer gets its address and its length, which is no argument of the handler", () => {
  expect(call(5, 7n, 3n, 42n)).toBe(7423n);
  expect(call(6, 7n, 42n)).toBe(7042n);
});

test("a number that is not in the table is unknown", () => {
  expect(call(99)).toBe(-38n);
});

test("an open file is looked up, EBADF comes before the handler", () => {
  share(0);
  expect([call(7, 3n), call(7, 4n), call(7, 5n), call(7, -1n)]).toEqual([103n, -9n, -9n, -9n]);
  expect([call(8, 3n), call(8, 4n), call(8, 5n)]).toEqual([103n, 104n, -9n]);
  expect([call(9, 3n), call(9, 4n), call(9, 5n)]).toEqual([103n, -1n, -1n]);
  expect([call(10, 4n, 3n), call(10, 4n, 4n)]).toEqual([1034104n, -9n]);
});

test("where another task shares the descriptors, each file is counted while the call runs", () => {
  share(1);
  // Twice: what was counted is let go.
  for (let i = 0; i < 2; i++) expect([call(7, 3n), call(8, 4n), call(9, 3n), call(9, 5n), call(10, 4n, 3n)]).toEqual([203n, 204n, 203n, -1n, 2034204n]);
  // One file in both places has two counts.
  expect(call(10, 3n, 3n)).toBe(3n + 300n + 3000n + 10000n * 303n);
  share(0);
  expect(call(7, 3n)).toBe(103n);
});
