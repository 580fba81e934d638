// What the ABI tests were measured to reach, kept in text files beside the system-call table: a line a subject (a call, or a call's
// argument) with the names that were seen, "read: EBADF EINTR". This file reads and writes that form and compares two measurements.

/** Names by subject. */
export type NamesBySubject = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads the text of such a file. */
export function parseTested(text: string): Map<string, Set<string>> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const [subject, ...names] = line.split(/[:\s]+/).filter((word) => word !== "");
    return [subject!, new Set(names)];
  }));
}

/** The text of such a file: sorted, so that equal measurements give equal files. */
export function formatTested(header: string, tested: NamesBySubject): string {
  const lines = [...tested].filter(([, names]) => names.size > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return `# ${header}\n` + lines.map(([subject, names]) => `${subject}: ${[...names].sort().join(" ")}\n`).join("");
}

/** What was recorded and is not seen any more: "subject NAME". */
export function lostNames(recorded: NamesBySubject, seen: NamesBySubject): string[] {
  return [...recorded].flatMap(([subject, names]) => [...names].filter((name) => !seen.get(subject)?.has(name)).map((name) => `${subject} ${name}`));
}

/** Both measurements together. */
export function unite(a: NamesBySubject, b: NamesBySubject): Map<string, Set<string>> {
  const all = new Map([...a].map(([subject, names]) => [subject, new Set(names)]));
  for (const [subject, names] of b) all.set(subject, new Set([...(all.get(subject) ?? []), ...names]));
  return all;
}
