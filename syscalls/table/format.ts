// The form of a row in the system-call table, and the reading of its prototype. Runs on Node, at build time.
//
// A row is one line a person can review. Its prototype names each argument with the type that decides how the
// value is decoded, printed by strace and documented; docs/inside/kernel-contract.md lists the types.

export type Support = "full" | "partial";

/** One system call. */
export interface Call {
  /** x86-64 number, as in the ABI (arch/x86/entry/syscalls/syscall_64.tbl names the same numbers). */
  number: number;
  /** Prototype: `name(type argument, …)`. */
  call: string;
  /** The function that answers it, exported by `syscalls/<from>.ts`. */
  handler: string;
  from: string;
  support: Support;
  /** Errors that Linux documents or gives and that a program can provoke here, sorted; "none" if it never fails. */
  errors: string;
  /** Errors that Linux documents but nothing provokes here: no failing devices, no exhausted memory, features that are missing. */
  unprovoked?: string;
  /** For "partial": what is missing. Printed in the documentation. */
  note?: string;
  /** Names of flags in its sets that Linux has and Typix refuses with an error (`note` says which). */
  refused?: string;
}

/** Types passed by value: how they are cast from the 64-bit register, and how strace prints them. */
export const VALUE_TYPES: Record<string, { cast: string; print: Print }> = {
  int: { cast: "i32", print: "signed32" },
  uint: { cast: "u32", print: "unsigned32" },
  long: { cast: "i64", print: "signed64" },
  ulong: { cast: "u64", print: "unsigned64" },
  size_t: { cast: "u64", print: "unsigned64" },
  loff_t: { cast: "i64", print: "signed64" },
  fd: { cast: "i32", print: "signed32" },
  dirfd: { cast: "i32", print: "dirfd" },
  pid_t: { cast: "i32", print: "signed32" },
  uid_t: { cast: "u32", print: "signed32" },
  gid_t: { cast: "u32", print: "signed32" },
  mode_t: { cast: "u32", print: "octal" },
  signal: { cast: "i32", print: "signal" },
  address: { cast: "u64", print: "address" },
};

/** How strace prints one argument; the order is the code in the generated table. */
export const PRINTS = [
  "signed32", "unsigned32", "signed64", "unsigned64", "dirfd", "octal", "signal", "address",
  "path", "pointer", "source", "destination", "flags",
] as const;
export type Print = (typeof PRINTS)[number];

/**
 * Types of descriptors that the call works on: the handler gets the open file, counted while the call runs.
 * `file` is any but an O_PATH descriptor, `place` any descriptor. EBADF comes before all else, unless a "?" follows: the handler
 * then gets null where there is no such file, and answers EBADF in its turn. After "#" it gets the number, too.
 */
const FILE_TYPE = /^(file|place)(\??)(#?)$/;

export type Argument =
  | { kind: "value"; name: string; type: string; cast: string; print: Print }
  | { kind: "file"; name: string; mayBePlace: boolean; mayBeNull: boolean; hasNumber: boolean }
  | { kind: "flags"; name: string; set: string; cast: string }
  | { kind: "path"; name: string }
  | { kind: "claim"; name: string; direction: "in" | "out" | "inout"; type: string }
  | { kind: "buffer"; name: string; direction: "source" | "destination"; count: string };

export interface Prototype {
  name: string;
  arguments: Argument[];
}

/** Reads a prototype; throws an Error that names the row when it is malformed. */
export function parsePrototype(text: string): Prototype {
  const match = /^(\w+)\((.*)\)$/.exec(text.trim());
  if (!match) throw new Error(`system-call table: "${text}" is not of the form name(type argument, …)`);
  const parts = match[2]!.split(",").map((part) => part.trim()).filter((part) => part !== "" && part !== "void");
  const parsed = parts.map((part) => parseArgument(part, text));
  if (parsed.length > 6) throw new Error(`system-call table: "${text}" has more than six arguments`);
  for (const argument of parsed) {
    if (argument.kind === "buffer" && !parsed.some((other) => other.kind === "value" && other.name === argument.count)) {
      throw new Error(`system-call table: "${text}": the length ${argument.count} of ${argument.name} is no argument`);
    }
  }
  return { name: match[1]!, arguments: parsed };
}

function parseArgument(part: string, row: string): Argument {
  let match = /^(source|destination)\s+(\w+)\[(\w+)\]$/.exec(part);
  if (match) return { kind: "buffer", direction: match[1] as "source" | "destination", name: match[2]!, count: match[3]! };
  match = /^(in|out|inout)\s+([\w ]+?)\s*\*\s*(\w+)$/.exec(part);
  if (match) return { kind: "claim", direction: match[1] as "in" | "out" | "inout", type: match[2]!, name: match[3]! };
  match = /^(flags|uflags|lflags):(\w+)\s+(\w+)$/.exec(part);
  if (match) {
    const cast = { flags: "i32", uflags: "u32", lflags: "u64" }[match[1]!]!;
    return { kind: "flags", set: match[2]!, name: match[3]!, cast };
  }
  match = /^path\s+(\w+)$/.exec(part);
  if (match) return { kind: "path", name: match[1]! };
  match = /^(\S+)\s+(\w+)$/.exec(part);
  const file = match && FILE_TYPE.exec(match[1]!);
  if (match && file) return { kind: "file", name: match[2]!, mayBePlace: file[1] === "place", mayBeNull: file[2] !== "", hasNumber: file[3] !== "" };
  const type = match && VALUE_TYPES[match[1]!];
  if (!match || !type) throw new Error(`system-call table: "${row}": cannot read the argument "${part}"`);
  return { kind: "value", name: match[2]!, type: match[1]!, cast: type.cast, print: type.print };
}
