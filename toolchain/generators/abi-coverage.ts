// Which ABI test covers which system call. Each C file in tests/abi/ names the calls it covers in its first comment, "covers: read write".
// Which errors they get and which flags they pass is measured (error-coverage.ts, flag-coverage.ts).

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

export interface AbiTest {
  /** File name without ".c". */
  name: string;
  /** Path below the folder of the tests. */
  file: string;
  /** System calls it covers. */
  calls: string[];
}

/** Reads the text of one test; `file` is its path below the folder of the tests. */
export function parseAbiTest(file: string, text: string): AbiTest {
  const header = /^\s*\/\*([\s\S]*?)\*\//.exec(text)?.[1] ?? "";
  const list = /\bcovers:([\s\S]*)$/.exec(header)?.[1] ?? "";
  const calls = list.split(/[\s*,.]+/).filter((word) => word !== "");
  return { name: basename(file, ".c"), file, calls };
}

/** Paths of the tests below a folder, sorted by name: the C files of its sub-folders, save those of support/. */
export function abiTestFiles(folder: string): string[] {
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((file) => file.endsWith(".c") && !file.startsWith("support/"));
  const byName = new Map(files.map((file) => [basename(file), file]));
  if (byName.size !== files.length) throw new Error(`two tests below ${folder} have one name`);
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

/** All tests below a folder, by name. */
export function loadAbiTests(folder: string): AbiTest[] {
  return abiTestFiles(folder).map((file) => parseAbiTest(file, readFileSync(join(folder, file), "utf8")));
}

/** Tests of each call. */
export function testsByCall(tests: readonly AbiTest[]): Map<string, AbiTest[]> {
  const found = new Map<string, AbiTest[]>();
  for (const test of tests) for (const call of test.calls) found.set(call, [...(found.get(call) ?? []), test]);
  return found;
}

/** What is wrong: tests that name unknown calls or none, calls of the table without a test. One line each. */
export function coverageFindings(calls: readonly string[], tests: readonly AbiTest[]): string[] {
  const known = new Set(calls);
  const covered = testsByCall(tests);
  return [
    ...tests.filter((test) => test.calls.length === 0).map((test) => `tests/abi/${test.file}:1:1: names no system call; write "covers: CALL…" into its first comment`),
    ...tests.flatMap((test) => test.calls.filter((call) => !known.has(call)).map((call) => `tests/abi/${test.file}:1:1: covers ${call}, which is not in syscalls/table/`)),
    ...calls.filter((call) => !covered.has(call)).map((call) => `syscalls/table/: ${call} is supported but no test in tests/abi/ covers it`),
  ];
}
