// Which flags of which system call the ABI tests pass. Measured, not read from their text: `typix conform --record` runs the tests
// under strace(1), which prints the arguments as numbers, and keeps the names in syscalls/table/tested-flags.txt, a line an argument
// ("openat.flags: O_CREAT …"). A call counts when all its bits have names and it gets as far as its flags matter.

import { FLAG_SETS, type FlagSet } from "../../syscalls/table/flags.ts";
import type { Argument, Prototype } from "../../syscalls/table/format.ts";
import type { NamesBySubject } from "./tested-names.ts";

/** Errors that say nothing about a flag: the call may fail so whatever the flags are, or because of them. */
const TELLS_NOTHING = new Set(["EBADF", "EFAULT", "EINVAL", "ENOSYS"]);

/** One finished call, as strace prints it with `-e raw=all`. */
export interface RawCall {
  readonly name: string;
  readonly arguments: readonly bigint[];
  /** Name of the error, if it failed. */
  readonly error?: string;
}

/** Reads a line of strace's output; undefined when it is no finished call (a signal, an exit, a call that never returned). */
export function parseRawCall(line: string): RawCall | undefined {
  const match = /^(\w+)\(([^)]*)\)\s*= (\S+)(?: (E[A-Z0-9]+))?/.exec(line);
  if (!match || match[3] === "?") return undefined;
  const words = match[2]!.split(", ").filter((word) => word !== "");
  return { name: match[1]!, arguments: words.map(BigInt), error: match[4] };
}

/** The names of which a value is made, as strace text writes them; undefined when bits are left that have no name. */
export function flagNames(set: FlagSet, value: bigint): string[] | undefined {
  const choice = value & set.mask;
  let rest = value & ~set.mask;
  const found: string[] = [];
  if (set.mask !== 0n) {
    const chosen = set.names.find(([, bits]) => bits === choice);
    if (!chosen) return undefined;
    found.push(chosen[0]);
  }
  for (const [name, bits] of set.names) {
    if (bits === 0n || (bits & set.mask) === bits || (rest & bits) !== bits) continue;
    found.push(name);
    rest &= ~bits;
  }
  if (rest !== 0n) return undefined;
  const zero = set.names.find(([, bits]) => bits === 0n);
  return found.length === 0 && zero ? [zero[0]] : found;
}

/** The subject of a flags argument in tested-flags.txt. */
const subjectOf = (prototype: Prototype, argument: Argument): string => `${prototype.name}.${argument.name}`;

/** Adds to `seen` the flags that one call passes. */
export function addFlags(seen: Map<string, Set<string>>, prototype: Prototype, call: RawCall): void {
  if (call.error !== undefined && TELLS_NOTHING.has(call.error)) return;
  prototype.arguments.forEach((argument, i) => {
    const value = call.arguments[i];
    if (argument.kind !== "flags" || value === undefined) return;
    const names = flagNames(FLAG_SETS[argument.set]!, BigInt.asUintN(argument.cast === "u64" ? 64 : 32, value));
    if (names === undefined) return;
    const subject = subjectOf(prototype, argument);
    seen.set(subject, new Set([...(seen.get(subject) ?? []), ...names]));
  });
}

/** What a row says about its flags. */
export interface FlagRow {
  readonly prototype: Prototype;
  readonly refused?: string;
}

/** What is wrong, one line each: measured subjects and names that the table does not have. */
export function flagFindings(rows: readonly FlagRow[], tested: NamesBySubject): string[] {
  const known = new Map(rows.flatMap(({ prototype }) => prototype.arguments.flatMap((argument) =>
    argument.kind === "flags" ? [[subjectOf(prototype, argument), FLAG_SETS[argument.set]!.names.map(([name]) => name)] as const] : [])));
  return [...tested].flatMap(([subject, names]) => {
    const row = known.get(subject);
    if (!row) return [`syscalls/table/tested-flags.txt: ${subject} is no flags argument of the table`];
    return [...names].filter((name) => !row.includes(name)).map((name) => `syscalls/table/tested-flags.txt: ${subject}: ${name} is not in its flag set`);
  });
}

/** Rows of the coverage page for calls with flags: call, argument, tested flags, flags not tested yet, refused flags. */
export function flagTable(rows: readonly FlagRow[], tested: NamesBySubject): string[] {
  return rows.flatMap(({ prototype, refused }) => prototype.arguments.flatMap((argument): string[] => {
    if (argument.kind !== "flags") return [];
    const isRefused = new Set(refused?.split(" "));
    const names = FLAG_SETS[argument.set]!.names.map(([name]) => name);
    const offered = names.filter((name) => !isRefused.has(name));
    const seen = tested.get(subjectOf(prototype, argument)) ?? new Set();
    const columns = [offered.filter((name) => seen.has(name)), offered.filter((name) => !seen.has(name)), names.filter((name) => isRefused.has(name))];
    return [`| ${prototype.name} | ${argument.name} | ${columns.map((column) => column.join(" ")).join(" | ")} |`];
  }));
}
