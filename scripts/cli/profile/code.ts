/**
 * What the machine code around an address says about frames: compilers leave them out of functions that call nothing (and C
 * libraries everywhere), and then the frame-pointer chain begins at the caller's caller.
 */

/** `mov %rsp,%rbp` in both encodings: from there on the frame is in the chain. */
const FRAME_STARTS = [Buffer.from([0x48, 0x89, 0xe5]), Buffer.from([0x48, 0x8b, 0xec])];
const POP_RBP = 0x5d;
const LEAVE = 0xc9;

/** True if at offset `at` of `code` the function that begins at `start` has no frame (yet, or any more). */
export function isFrameless(code: Uint8Array, start: number, at: number): boolean {
  if (at > start && (code[at - 1] === POP_RBP || code[at - 1] === LEAVE)) return true;
  // The whole start must have been executed.
  const done = Buffer.from(code.buffer, code.byteOffset + start, Math.max(at - start, 0));
  return !FRAME_STARTS.some((bytes) => done.includes(bytes));
}

/** True if the instruction before offset `at` can be a call: near relative, or indirect through a register or memory. */
export function followsCall(code: Uint8Array, at: number): boolean {
  if (at < 7) return false;
  if (code[at - 5] === 0xe8) return true;
  // ff /2: one byte of operand, with displacements of 1 or 4 bytes, with or without a further byte.
  return [2, 3, 4, 6, 7].some((length) => code[at - length] === 0xff && (code[at - length + 1]! & 0x38) === 0x10);
}
