// Reads the parts of a WebAssembly binary that the translation to C needs, and copies sections unchanged.
//
// Follows the WebAssembly core specification 2.0, binary format; only what asc and Binaryen emit for the features the
// build enables (MVP, bulk memory, sign extension, mutable globals). Throws on anything else.

import { CompileError } from '../errors.js';

/** A cursor over bytes. */
export class ByteReader {
  position: number;
  constructor(readonly bytes: Uint8Array, start = 0, readonly end = bytes.length) {
    this.position = start;
  }
  get atEnd(): boolean {
    return this.position >= this.end;
  }
  byte(): number {
    if (this.position >= this.end) throw new Error('wasm: unexpected end');
    return this.bytes[this.position++]!;
  }
  /** Unsigned LEB128 of at most 32 bits. */
  u32(): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      result += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) return result;
    }
  }
  /** Signed LEB128 of at most 64 bits. */
  s64(): bigint {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      result |= BigInt(byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) {
        return byte & 0x40 ? result - (1n << (shift + 7n)) : result;
      }
    }
  }
  slice(length: number): Uint8Array {
    const result = this.bytes.subarray(this.position, this.position + length);
    this.position += length;
    return result;
  }
  name(): string {
    return new TextDecoder().decode(this.slice(this.u32()));
  }
}

export type ValueType = 'i32' | 'i64';
export interface FunctionType {
  parameters: ValueType[];
  results: ValueType[];
}
export interface WasmImport {
  module: string;
  name: string;
  /** Index into `types`; only functions are imported. */
  type: number;
}
export interface WasmGlobal {
  type: ValueType;
  isMutable: boolean;
  initial: bigint;
}
export interface WasmExport {
  name: string;
  kind: 'function' | 'table' | 'memory' | 'global';
  index: number;
}
export interface WasmModule {
  types: FunctionType[];
  imports: WasmImport[];
  /** Type index of each function defined in the module. */
  functions: number[];
  tableSize: number;
  memoryPages: number;
  memoryMaximum: number;
  globals: WasmGlobal[];
  exports: WasmExport[];
  start: number | null;
  elements: { offset: number; functions: number[] }[];
  data: { offset: number; bytes: Uint8Array }[];
  functionNames: Map<number, string>;
  globalNames: Map<number, string>;
  /** Where each section's contents lie in the binary, in order. */
  sections: { id: number; start: number; end: number; header: number }[];
}

export const SECTION = {
  custom: 0, type: 1, import: 2, function: 3, table: 4, memory: 5, global: 6, export: 7, start: 8, element: 9, code: 10, data: 11, dataCount: 12,
} as const;

const EXPORT_KINDS = ['function', 'table', 'memory', 'global'] as const;

/** Parses a module; with `only`, just those sections' contents. */
export function parseModule(bytes: Uint8Array, only?: Set<number>): WasmModule {
  const reader = new ByteReader(bytes, 8);
  const module: WasmModule = {
    types: [], imports: [], functions: [], tableSize: 0, memoryPages: 0, memoryMaximum: 65536, globals: [], exports: [], start: null,
    elements: [], data: [], functionNames: new Map(), globalNames: new Map(), sections: [],
  };
  while (!reader.atEnd) {
    const header = reader.position;
    const id = reader.byte();
    const length = reader.u32();
    const start = reader.position;
    module.sections.push({ id, start, end: start + length, header });
    if (!only || only.has(id)) parseSection(module, id, new ByteReader(bytes, start, start + length));
    reader.position = start + length;
  }
  return module;
}

function parseSection(module: WasmModule, id: number, reader: ByteReader): void {
  switch (id) {
    case SECTION.custom: return parseCustom(module, reader);
    case SECTION.type: return repeat(reader, () => module.types.push(functionType(reader)));
    case SECTION.import: return repeat(reader, () => module.imports.push(importEntry(reader)));
    case SECTION.function: return repeat(reader, () => module.functions.push(reader.u32()));
    case SECTION.table: return repeat(reader, () => { reader.byte(); module.tableSize = limits(reader).minimum; });
    case SECTION.memory: return repeat(reader, () => {
      const { minimum, maximum } = limits(reader);
      module.memoryPages = minimum;
      module.memoryMaximum = maximum ?? 65536;
    });
    case SECTION.global: return repeat(reader, () => module.globals.push(globalEntry(reader)));
    case SECTION.export: return repeat(reader, () => {
      module.exports.push({ name: reader.name(), kind: EXPORT_KINDS[reader.byte()]!, index: reader.u32() });
    });
    case SECTION.start: module.start = reader.u32(); return;
    case SECTION.element: return repeat(reader, () => module.elements.push(elementEntry(reader)));
    case SECTION.data: return repeat(reader, () => module.data.push(dataEntry(reader)));
  }
}

function repeat(reader: ByteReader, read: () => unknown): void {
  for (let count = reader.u32(); count > 0; count--) read();
}

function valueType(reader: ByteReader): ValueType {
  const code = reader.byte();
  if (code === 0x7f) return 'i32';
  if (code === 0x7e) return 'i64';
  if (code === 0x7d || code === 0x7c) throw new CompileError(['floating point in kernel code: the compiled module has values of type f32 or f64']);
  throw new Error(`wasm: value type 0x${code.toString(16)}`);
}

function functionType(reader: ByteReader): FunctionType {
  if (reader.byte() !== 0x60) throw new Error('wasm: not a function type');
  const parameters: ValueType[] = [];
  const results: ValueType[] = [];
  repeat(reader, () => parameters.push(valueType(reader)));
  repeat(reader, () => results.push(valueType(reader)));
  return { parameters, results };
}

function importEntry(reader: ByteReader): WasmImport {
  const module = reader.name();
  const name = reader.name();
  if (reader.byte() !== 0) throw new Error(`wasm: import ${module}.${name} is not a function`);
  return { module, name, type: reader.u32() };
}

function limits(reader: ByteReader): { minimum: number; maximum: number | null } {
  const flags = reader.byte();
  const minimum = reader.u32();
  return { minimum, maximum: flags & 1 ? reader.u32() : null };
}

function constantExpression(reader: ByteReader): bigint {
  const opcode = reader.byte();
  if (opcode !== 0x41 && opcode !== 0x42) throw new Error(`wasm: constant expression with opcode 0x${opcode.toString(16)}`);
  const value = reader.s64();
  if (reader.byte() !== 0x0b) throw new Error('wasm: constant expression is not a constant');
  return value;
}

function globalEntry(reader: ByteReader): WasmGlobal {
  const type = valueType(reader);
  const isMutable = reader.byte() === 1;
  return { type, isMutable, initial: constantExpression(reader) };
}

function elementEntry(reader: ByteReader): { offset: number; functions: number[] } {
  if (reader.u32() !== 0) throw new Error('wasm: element segment is not active on table 0');
  const offset = Number(constantExpression(reader));
  const functions: number[] = [];
  repeat(reader, () => functions.push(reader.u32()));
  return { offset, functions };
}

function dataEntry(reader: ByteReader): { offset: number; bytes: Uint8Array } {
  if (reader.u32() !== 0) throw new Error('wasm: data segment is not active');
  const offset = Number(constantExpression(reader)) >>> 0;
  return { offset, bytes: reader.slice(reader.u32()) };
}

function parseCustom(module: WasmModule, reader: ByteReader): void {
  if (reader.name() !== 'name') return;
  while (!reader.atEnd) {
    const kind = reader.byte();
    const length = reader.u32();
    const part = new ByteReader(reader.bytes, reader.position, reader.position + length);
    reader.position += length;
    const names = kind === 1 ? module.functionNames : kind === 7 ? module.globalNames : null;
    if (names) repeat(part, () => names.set(part.u32(), part.name()));
  }
}
