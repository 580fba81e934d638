// Lengths of WebAssembly instructions, for walking a function body instruction by instruction.
// Core specification 2.0, 5.4; the features the build enables.

import type { ByteReader } from './wasm-module.js';

/** Moves past one instruction. Throws for one that the build's features do not have. */
export function skipInstruction(reader: ByteReader): void {
  const opcode = reader.byte();
  switch (opcode) {
    case 0x02: case 0x03: case 0x04: // block, loop, if
      reader.s64();
      return;
    case 0x0c: case 0x0d: case 0x10: // br, br_if, call
    case 0x20: case 0x21: case 0x22: case 0x23: case 0x24: // locals, globals
    case 0x3f: case 0x40: // memory.size, memory.grow
    case 0x41: case 0x42: // constants
      skipLeb(reader);
      return;
    case 0x0e: // br_table
      for (let targets = reader.u32() + 1; targets > 0; targets--) reader.u32();
      return;
    case 0x11: // call_indirect
      reader.u32();
      reader.u32();
      return;
    case 0xfc:
      return skipBulk(reader);
  }
  if (opcode >= 0x28 && opcode <= 0x3e) { // loads and stores
    reader.u32();
    skipLeb(reader);
    return;
  }
  const isPlain = opcode <= 0x01 || opcode === 0x05 || opcode === 0x0b || opcode === 0x0f || opcode === 0x1a || opcode === 0x1b
    || (opcode >= 0x45 && opcode <= 0xc4);
  if (!isPlain) throw new Error(`wasm: instruction 0x${opcode.toString(16)}`);
}

function skipBulk(reader: ByteReader): void {
  const opcode = reader.u32();
  if (opcode !== 10 && opcode !== 11) throw new Error(`wasm: instruction 0xfc ${opcode}`);
  reader.byte();
  if (opcode === 10) reader.byte();
}

function skipLeb(reader: ByteReader): void {
  while (reader.byte() & 0x80);
}
