// The symbol table of the kernel image: from a code address to function, file and line. Read through the machine's
// region 4; its format is docs/symbol-table.md. Allocates nothing; does not sleep.

import { ByteBuilder } from "./byte-builder";

/** Appends "function (file:line) " for a code address; nothing when the table does not know it. */
export function appendSymbolName(out: ByteBuilder, address: u64): void {
}
