// Loaded before npm's wasm2c: gives it a stack of megabytes instead of 64 KiB.
//
// wasm2c recurses once a nested block, and a switch of n cases is n nested blocks in WebAssembly, so the table of
// system calls overflows its stack. wasm2c is WebAssembly itself; its stack pointer is its only global. The stack goes
// to the end of an enlarged memory, so far up that the heap never meets it (untouched memory costs nothing).

import { SECTION, parseModule } from './wasm-module.js';
import { concatenate, encodeS32, encodeU32, rewriteSections } from './wasm-writer.js';

const PAGES = 20480;
const PAGE_BYTES = 65536;

/** The tool's module with its stack at the end of a memory of PAGES. */
function enlargeStack(bytes: Uint8Array): Uint8Array {
  const module = parseModule(bytes, new Set([SECTION.memory, SECTION.global]));
  if (module.globals.length !== 1 || module.memoryPages === 0) throw new Error('wasm2c is not laid out as expected: toolchain/translate/wabt-stack.ts');
  const memory = [1, 1, ...encodeU32(PAGES), ...encodeU32(module.memoryMaximum)];
  const stackPointer = [1, 0x7f, 1, 0x41, ...encodeS32(PAGES * PAGE_BYTES), 0x0b];
  return rewriteSections(bytes, module, (id) => {
    if (id === SECTION.memory) return concatenate([Uint8Array.from(memory)]);
    return id === SECTION.global ? Uint8Array.from(stackPointer) : 'keep';
  });
}

const instantiate = WebAssembly.instantiate as (bytes: BufferSource, imports?: WebAssembly.Imports) => Promise<unknown>;
(WebAssembly as { instantiate: unknown }).instantiate = (source: BufferSource, imports?: WebAssembly.Imports) => {
  const bytes = source instanceof ArrayBuffer ? new Uint8Array(source) : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return instantiate(enlargeStack(bytes) as BufferSource, imports);
};
