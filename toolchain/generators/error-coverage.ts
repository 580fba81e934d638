// Which error of which system call the ABI tests see. Each row of the table names the errors a program can provoke and those that
// nothing provokes here; `typix conform --record-errors` measures on Typix what the tests get, and keeps it in
// syscalls/table/tested-errors.txt, a line a call. This file reads and writes that form, and finds where the two contradict.

/** Names of errors by call. */
export type ErrorsByCall = ReadonlyMap<string, ReadonlySet<string>>;

/** What a row says about errors. */
export interface ErrorRow {
  readonly name: string;
  readonly errors: readonly string[];
  readonly unprovoked: readonly string[];
}

const HEADER = "# Errors that the tests in tests/abi/ get from each system call, measured on Typix. Written by `typix conform --record-errors`.\n";

/** Splits a field of a row; "none" says that there are none. */
export function errorNames(field: string): string[] {
  return field === "none" ? [] : field.split(/\s+/).filter((name) => name !== "");
}

/** Reads the text of tested-errors.txt. */
export function parseTestedErrors(text: string): Map<string, Set<string>> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const [call, ...errors] = line.split(/[:\s]+/).filter((word) => word !== "");
    return [call!, new Set(errors)];
  }));
}

/** The text of tested-errors.txt: sorted, so that equal measurements give equal files. */
export function formatTestedErrors(tested: ErrorsByCall): string {
  const lines = [...tested].filter(([, errors]) => errors.size > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return HEADER + lines.map(([call, errors]) => `${call}: ${[...errors].sort().join(" ")}\n`).join("");
}

/** Names of errors by number, from kernel/abi/errno.ts; codes for the kernel's own use are left out. */
export function errnoNames(source: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const [, name, number] of source.matchAll(/\bconst (E[A-Z0-9]+): i32 = (\d+);/g)) {
    if (Number(number) < 512 && !found.has(Number(number))) found.set(Number(number), name!);
  }
  return found;
}

/** What is wrong, one line each: rows that say nothing, names that are none, and errors that tests get but no row names. */
export function errorFindings(rows: readonly ErrorRow[], tested: ErrorsByCall, known: ReadonlySet<string>): string[] {
  const byName = new Map(rows.map((row) => [row.name, row]));
  return [
    ...rows.flatMap(({ name, errors, unprovoked }) => [
      ...[...errors, ...unprovoked].filter((error) => !known.has(error)).map((error) => `syscalls/table/: ${name}: ${error} is no error of kernel/abi/errno.ts`),
      ...errors.filter((error, i) => unprovoked.includes(error) || errors.indexOf(error) < i).map((error) => `syscalls/table/: ${name}: ${error} stands twice`),
    ]),
    ...[...tested].flatMap(([call, errors]) => {
      const row = byName.get(call);
      if (!row) return [`syscalls/table/tested-errors.txt: ${call} is not in the table`];
      return [...errors].filter((error) => !row.errors.includes(error)).map((error) => `syscalls/table/: ${call}: the tests get ${error}, which "errors" does not name`);
    }),
  ];
}

/** Errors that were recorded and are not seen any more: "call ERROR". */
export function lostErrors(recorded: ErrorsByCall, seen: ErrorsByCall): string[] {
  return [...recorded].flatMap(([call, errors]) => [...errors].filter((error) => !seen.get(call)?.has(error)).map((error) => `${call} ${error}`));
}

/** A line of the coverage page for each call that has errors: call, tested, not yet, and what nothing provokes here. */
export function errorTable(rows: readonly ErrorRow[], tested: ErrorsByCall): string[] {
  return rows.filter((row) => row.errors.length + row.unprovoked.length > 0).map(({ name, errors, unprovoked }) => {
    const seen = tested.get(name) ?? new Set();
    return `| ${name} | ${errors.filter((error) => seen.has(error)).join(" ")} | ${errors.filter((error) => !seen.has(error)).join(" ")} | ${unprovoked.join(" ")} |`;
  });
}
