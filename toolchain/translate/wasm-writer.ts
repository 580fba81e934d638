// Writes WebAssembly binaries: encodings, and a copy of a module with sections left out or replaced.

import type { WasmModule } from './wasm-module.js';

/** Unsigned LEB128. */
export function encodeU32(value: number): number[] {
  const bytes: number[] = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value > 0 ? low | 0x80 : low);
  } while (value > 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit value. */
export function encodeS32(value: number): number[] {
  const bytes: number[] = [];
  for (;;) {
    const low = value & 0x7f;
    value >>= 7;
    const done = (value === 0 && (low & 0x40) === 0) || (value === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

export function concatenate(parts: Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** Copies a module. `change` gets each section: 'keep', 'drop', or its new contents. */
export function rewriteSections(
  bytes: Uint8Array, module: WasmModule, change: (id: number, contents: Uint8Array) => 'keep' | 'drop' | Uint8Array,
): Uint8Array {
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  for (const { id, start, end, header } of module.sections) {
    const decision = change(id, bytes.subarray(start, end));
    if (decision === 'drop') continue;
    if (decision === 'keep') parts.push(bytes.subarray(header, end));
    else parts.push(Uint8Array.from([id, ...encodeU32(decision.length)]), decision);
  }
  return concatenate(parts);
}
