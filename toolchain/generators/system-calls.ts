// Generates, from the rows in syscalls/table/, what the kernel and the documentation need of each system call:
// the dispatcher with its decoders, the descriptors from which strace text is made, and the page docs/system-calls.md.
// One source for each fact: nothing about a call is written twice.

import { readdirSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parsePrototype, PRINTS, type Argument, type Call, type Prototype } from "../../syscalls/table/format.ts";
import { FLAG_SETS } from "../../syscalls/table/flags.ts";
import { CompileError } from "../errors.ts";
import { coverageFindings, loadAbiTests, testsByCall, type AbiTest } from "./abi-coverage.ts";
import { errnoNames, errorFindings, errorNames, errorTable, type ErrorRow } from "./error-coverage.ts";
import { flagFindings, flagTable } from "./flag-coverage.ts";
import { parseTested, type NamesBySubject } from "./tested-names.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const TABLE = join(ROOT, "syscalls/table");
/** What the ABI tests were last seen to get and to pass. */
export const TESTED_ERRORS = join(TABLE, "tested-errors.txt");
export const TESTED_FLAGS = join(TABLE, "tested-flags.txt");

export interface Row extends Call {
  prototype: Prototype;
}

/** All rows, by number. Throws when two rows claim one number or one name, or a row is malformed. */
export async function loadSystemCalls(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const file of readdirSync(TABLE).sort()) {
    if (!file.endsWith(".ts") || file === "format.ts" || file === "flags.ts" || file.endsWith(".test.ts")) continue;
    const module = (await import(pathToFileURL(join(TABLE, file)).href)) as { calls: Call[] };
    for (const call of module.calls) rows.push({ ...call, prototype: parsePrototype(call.call) });
  }
  rows.sort((a, b) => a.number - b.number);
  const names = new Set<string>();
  rows.forEach((row, i) => {
    if (i > 0 && rows[i - 1]!.number === row.number) throw new Error(`system call ${row.number} stands twice in the table`);
    if (names.has(row.prototype.name)) throw new Error(`${row.prototype.name} stands twice in the table`);
    names.add(row.prototype.name);
    if (!row.errors) throw new Error(`${row.prototype.name}: "errors" wants the errors that a program can provoke, or "none"`);
    if (row.support === "partial" && !row.note) throw new Error(`${row.prototype.name}: "partial" wants a note that says what is missing`);
  });
  return rows;
}

const BANNER = "// Generated from syscalls/table/ by toolchain/generators/system-calls.ts. Do not edit.\n";

/** The pool members of UserArguments that claims of one direction use, in order. */
const POOLS = { in: ["in0", "in1", "in2"], out: ["out0", "out1", "out2"], inout: ["inOut0", "inOut1"], path: ["path0", "path1"] };

/** An argument as the handler takes it: its type, and how it is made of the registers. */
interface Decoded {
  name: string;
  type: string;
  value: string;
}

function decode(row: Row): Decoded[] {
  const pools = { in: [...POOLS.in], out: [...POOLS.out], inout: [...POOLS.inout], path: [...POOLS.path] };
  const take = (pool: keyof typeof POOLS): string => {
    const member = pools[pool].shift();
    if (!member) throw new Error(`${row.prototype.name}: more ${pool} claims than UserArguments has`);
    return member;
  };
  const lengths = new Set(row.prototype.arguments.flatMap((a) => (a.kind === "buffer" ? [a.count] : [])));
  const position = (name: string): number => row.prototype.arguments.findIndex((a) => a.name === name);
  return row.prototype.arguments.flatMap((argument, i): Decoded[] => {
    const number = (cast: string): Decoded => ({ name: `a${i}`, type: cast, value: cast === "u64" ? `a${i}` : `<${cast}>a${i}` });
    const claim = (type: string, value: string): Decoded[] => [{ name: `a${i}`, type, value }];
    switch (argument.kind) {
      case "value": return lengths.has(argument.name) ? [] : [number(argument.cast)];
      case "flags": return [number(argument.cast)];
      case "file": {
        const file = { name: `file${i}`, type: argument.mayBeNull ? "OpenFile | null" : "OpenFile", value: `<i32>a${i}` };
        return argument.hasNumber ? [file, number("i32")] : [file];
      }
      case "path": return claim("UserPath", `user.${take("path")}.claim(a${i})`);
      case "claim": return claim(CLAIMS[argument.direction], `user.${take(argument.direction)}.claim(a${i})`);
      case "buffer": return claim(argument.direction === "source" ? "IoSource" : "IoDestination", `user.${argument.direction}.claim(a${i}, a${position(argument.count)})`);
    }
  });
}

const CLAIMS = { in: "UserIn", out: "UserOut", inout: "UserInOut" };

const call = (handler: string, decoded: Decoded[], member: "name" | "value"): string => `${handler}(${["task", ...decoded.map((one) => one[member])].join(", ")})`;

/** The files that a call works on. */
function fileArguments(row: Row): { at: number; mayBePlace: boolean; mayBeNull: boolean }[] {
  return row.prototype.arguments.flatMap((argument, at) => (argument.kind === "file" ? [{ at, ...argument }] : []));
}

/** The name of the function that looks up the files of a call. */
function fileCallName(row: Row): string {
  return row.handler.replace(/^sys/, "call");
}

/** The name of the function that counts them while the handler runs. */
function heldCallName(row: Row): string {
  return row.handler.replace(/^sys/, "held");
}

/** One case of the dispatcher. */
function dispatchCase(row: Row): string {
  const isOfFiles = fileArguments(row).length > 0;
  // A number that the handler takes besides the file is the one that the file is looked up by.
  const decoded = decode(row).filter((one, i, all) => !isOfFiles || i === 0 || one.value !== all[i - 1]!.value);
  return `    case ${row.number}: return ${call(isOfFiles ? fileCallName(row) : row.handler, decoded, "value")}; // ${row.prototype.name}`;
}

/** Looks up the files of a call; and counts them while the handler runs: on every way back they are let go. */
function fileCall(row: Row): { call: string; held: string } {
  const decoded = decode(row);
  const files = fileArguments(row);
  const numbers = new Set(files.map(({ at }) => `a${at}`));
  const parameters = decoded.filter((one) => !numbers.has(one.name)).map((one) => (one.name.startsWith("file") ? `${one.name.replace("file", "a")}: i32` : `${one.name}: ${one.type}`));
  const each = (method: string): string => files.map(({ at, mayBeNull }) => `  ${mayBeNull ? `if (file${at} !== null) ` : ""}file${at}.${method}();\n`).join("");
  const lookUps = files.flatMap(({ at, mayBePlace, mayBeNull }) => [
    `  const file${at} = files.${mayBePlace ? "get" : "getFile"}(a${at});\n`,
    ...(mayBeNull ? [] : [`  if (file${at} === null) return -Errno.EBADF;\n`]),
  ]);
  const heldCall = call(heldCallName(row), decoded, "name");
  return {
    call: `@sleeps export function ${fileCallName(row)}(${["task: Task", ...parameters].join(", ")}): i64 {
  const files = task.files;
${lookUps.join("")}  if (files.isShared) return ${heldCall}; // borrowed: retained first of all
  return ${call(row.handler, decoded, "name")}; // borrowed: nobody else has the table
}
`,
    held: `@sleeps export function ${heldCallName(row)}(${["task: Task", ...decoded.map((one) => `${one.name}: ${one.type}`)].join(", ")}): i64 {
${each("retain")}  lookedUp();
  const result = ${call(row.handler, decoded, "name")};
${each("release")}  return result;
}
`,
  };
}

/** Import lines for the handlers of some calls. */
function handlerImports(rows: Row[]): string {
  const imports = new Map<string, Set<string>>();
  for (const row of rows) {
    if (!imports.has(row.from)) imports.set(row.from, new Set());
    imports.get(row.from)!.add(row.handler);
  }
  return [...imports].sort().map(([from, handlers]) => `import { ${[...handlers].sort().join(", ")} } from "../${from}";`).join("\n");
}

/** The files of the calls that work on open files: `call` for the dispatcher, `held` for those who share their descriptors. */
export function fileCalls(rows: Row[]): { call: string; held: string } {
  const calls = rows.filter((row) => fileArguments(row).length > 0);
  const types = new Set(calls.flatMap((row) => decode(row).map((one) => one.type)));
  const used = (names: string[]): string => names.filter((name) => types.has(name)).join(", ");
  const imports = `import { ${used(["IoDestination", "IoSource"])} } from "../../kernel/mm/user/io-buffer";
import { ${used(["UserIn", "UserInOut", "UserOut", "UserPath"])} } from "../../kernel/mm/user/user-memory";
`;
  const texts = calls.map(fileCall);
  return {
    call: `${BANNER}// System calls that work on open files: the descriptors are looked up. Where another task could close them meanwhile (it shares the
// table) the call goes by way of held-calls.ts. Sleep as their handlers do.

import { Errno } from "../../kernel/abi/errno";
${imports}import { Task } from "../../kernel/task/task";
import { ${calls.map(heldCallName).sort().join(", ")} } from "./held-calls";
${handlerImports(calls)}

${texts.map((text) => text.call).join("\n")}`,
    held: `${BANNER}// The same calls for tasks that share their descriptors: the files are counted while the handler runs, and let go on every way
// back. Apart from file-calls.ts, so that the short way there saves no registers for this one. Sleep as their handlers do.

${imports}import { lookedUp } from "../../kernel/sync/sleep-stress";
import { Task } from "../../kernel/task/task";
import { OpenFile } from "../../kernel/vfs/file/open-file";
${handlerImports(calls)}

${texts.map((text) => text.held).join("\n")}`,
  };
}

export function dispatcher(rows: Row[]): string {
  const ofFiles = rows.filter((row) => fileArguments(row).length > 0);
  return `${BANNER}// Decodes the registers of a system call by the C types of its arguments and calls its handler, by way of file-calls.ts if it
// works on open files.

import { Task } from "../../kernel/task/task";
import { unknownCall } from "../dispatch/unknown-call";
import { ${ofFiles.map(fileCallName).sort().join(", ")} } from "./file-calls";
${handlerImports(rows.filter((row) => !ofFiles.includes(row)))}

/** The result of system call \`number\`: a value or \`-errno\`. Sleeps as the handler does. */
@sleeps export function dispatch(task: Task, number: i32, a0: u64, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64): i64 {
  const user = task.arguments;
  switch (number) {
${rows.map(dispatchCase).join("\n")}
  }
  return unknownCall(number);
}
`;
}

/** One call's descriptor for strace: name, then a letter for each argument; see syscalls/dispatch/strace.ts. */
function descriptor(row: Row): string {
  const position = (name: string): number => row.prototype.arguments.findIndex((a) => a.name === name);
  const letter = (print: (typeof PRINTS)[number]): string => String.fromCharCode(97 + PRINTS.indexOf(print));
  const setNames = Object.keys(FLAG_SETS);
  const code = (argument: Argument): string => {
    switch (argument.kind) {
      case "value": return letter(argument.print);
      case "file": return letter("signed32");
      case "path": return letter("path");
      case "claim": return letter("pointer");
      case "buffer": return `${letter(argument.direction)}${position(argument.count)}`;
      case "flags": {
        const set = setNames.indexOf(argument.set);
        if (set < 0) throw new Error(`${row.prototype.name}: no flag set ${argument.set} in syscalls/table/flags.ts`);
        return `${letter("flags")}${String.fromCharCode(48 + set)}`;
      }
    }
  };
  return `${row.prototype.name}:${row.prototype.arguments.map(code).join("")}`;
}

function descriptors(rows: Row[]): string {
  const highest = rows.length === 0 ? 0 : rows[rows.length - 1]!.number;
  const byNumber = new Map(rows.map((row) => [row.number, descriptor(row)]));
  const list = Array.from({ length: highest + 1 }, (_, number) => `  ${JSON.stringify(byNumber.get(number) ?? "")}, // ${number}`);
  const sets = Object.entries(FLAG_SETS).map(([name, set]) => {
    const names = set.names.map(([flag, value]) => `${flag}=${value}`).join(" ");
    return `  ${JSON.stringify(`${set.mask} ${names}`)}, // ${name}`;
  });
  return `${BANNER}// What strace text needs of each call: "name:letters", and the flag sets: "mask NAME=value …".

/** How an argument is printed; the letter in a descriptor is 'a' plus this number. */
export enum Print {
${PRINTS.map((name) => `  ${name.toUpperCase()},`).join("\n")}
}

export const CALL_DESCRIPTORS: StaticArray<string> = [
${list.join("\n")}
];

export const FLAG_SETS: StaticArray<string> = [
${sets.join("\n")}
];
`;
}

/** Number and name of every call Linux 6.1 has on x86-64, from the C library's header; used for the coverage page. */
async function linuxCalls(): Promise<[number, string][]> {
  const text = await readFile(join(ROOT, "syscalls/table/linux-calls.txt"), "utf8");
  return text.split("\n").filter((line) => /^\d/.test(line)).map((line) => {
    const [number, name] = line.split(/\s+/);
    return [Number(number), name!];
  });
}

/** What the rows say about errors. */
export function errorRows(rows: readonly Row[]): ErrorRow[] {
  return rows.map((row) => ({ name: row.prototype.name, errors: errorNames(row.errors), unprovoked: errorNames(row.unprovoked ?? "none") }));
}

/** One of the two measurements. */
export async function loadTested(file: string): Promise<Map<string, Set<string>>> {
  return parseTested(await readFile(file, "utf8"));
}

async function documentation(rows: Row[], tests: readonly AbiTest[], errors: NamesBySubject, flags: NamesBySubject): Promise<string> {
  const covered = testsByCall(tests);
  const links = (name: string): string => (covered.get(name) ?? []).map((test) => `[${test.name}](../tests/abi/${test.file})`).join(" ") || "not yet";
  const full = rows.filter((row) => row.support === "full").length;
  const known = new Set(rows.map((row) => row.number));
  const all = await linuxCalls();
  const missing = all.filter(([number]) => !known.has(number));
  const table = rows.map((row) => `| ${row.number} | \`${row.call}\` | ${row.support}${row.note ? `: ${row.note}` : ""} | [${row.from}.ts](../syscalls/${row.from}.ts) | ${links(row.prototype.name)} |`);
  return `<!-- Generated from syscalls/table/ by toolchain/generators/system-calls.ts. Do not edit. -->
# System calls

Of the ${all.length} system calls that Linux 6.1 has on x86-64, Typix answers ${rows.length}: ${full} in full, ${rows.length - full} in part.
All others return ENOSYS, and the kernel log names each once. Each is compared with Linux by the [tests](how-to/adding-an-abi-test.md) named in its row.

| number | call | support | handler | tested by |
|---|---|---|---|---|
${table.join("\n")}

## Flags

Measured: the flags that the tests pass to each call. A tested flag behaves as on Linux; a refused one is answered with an error, where Linux has it.

| call | argument | tested | not yet | refused |
|---|---|---|---|---|
${flagTable(rows, flags).join("\n")}

## Errors

Measured: the errors that the tests get from each call, on Linux and on Typix alike. The last column has what the manual pages document but nothing provokes here
(no devices that fail, no memory that runs out, features that are missing).

| call | tested | not yet | not provoked |
|---|---|---|---|
${errorTable(errorRows(rows), errors).join("\n")}

## Not supported (ENOSYS)

${missing.map(([number, name]) => `${name} (${number})`).join(", ")}
`;
}

export async function writeIfChanged(path: string, content: string): Promise<void> {
  const old = await readFile(path, "utf8").catch(() => "");
  if (old === content) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** Writes all generated files; a file whose content is unchanged is left alone. */
export async function generateSystemCalls(): Promise<void> {
  const rows = await loadSystemCalls();
  const tests = loadAbiTests(join(ROOT, "tests/abi"));
  const findings = coverageFindings(rows.map((row) => row.prototype.name), tests);
  const [errors, flags] = [await loadTested(TESTED_ERRORS), await loadTested(TESTED_FLAGS)];
  const known = new Set(errnoNames(await readFile(join(ROOT, "kernel/abi/errno.ts"), "utf8")).values());
  findings.push(...errorFindings(errorRows(rows), errors, known), ...flagFindings(rows, flags));
  if (findings.length > 0) throw new CompileError(findings);
  await writeIfChanged(join(ROOT, "syscalls/generated/dispatch.ts"), dispatcher(rows));
  const { call: fileText, held: heldText } = fileCalls(rows);
  await writeIfChanged(join(ROOT, "syscalls/generated/file-calls.ts"), fileText);
  await writeIfChanged(join(ROOT, "syscalls/generated/held-calls.ts"), heldText);
  await writeIfChanged(join(ROOT, "syscalls/generated/descriptors.ts"), descriptors(rows));
  await writeIfChanged(join(ROOT, "docs/system-calls.md"), await documentation(rows, tests, errors, flags));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generateSystemCalls();
