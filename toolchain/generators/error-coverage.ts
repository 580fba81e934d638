// Which error of which system call the ABI tests see. Each row of the table names the errors a program can provoke and those that
// nothing provokes here; `typix conform --record` measures on Typix what the tests get, and keeps it in
// syscalls/table/tested-errors.txt, a line a call. This file finds where the two contradict.

import type { NamesBySubject } from "./tested-names.ts";

/** What a row says about errors. */
export interface ErrorRow {
  readonly name: string;
  readonly errors: readonly string[];
  readonly unprovoked: readonly string[];
}

/** Splits a field of a row; "none" says that there are none. */
export function errorNames(field: string): string[] {
  return field === "none" ? [] : field.split(/\s+/).filter((name) => name !== "");
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
export function errorFindings(rows: readonly ErrorRow[], tested: NamesBySubject, known: ReadonlySet<string>): string[] {
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

/** A line of the coverage page for each call that has errors: call, tested, not yet, and what nothing provokes here. */
export function errorTable(rows: readonly ErrorRow[], tested: NamesBySubject): string[] {
  return rows.filter((row) => row.errors.length + row.unprovoked.length > 0).map(({ name, errors, unprovoked }) => {
    const seen = tested.get(name) ?? new Set();
    return `| ${name} | ${errors.filter((error) => seen.has(error)).join(" ")} | ${errors.filter((error) => !seen.has(error)).join(" ")} | ${unprovoked.join(" ")} |`;
  });
}
