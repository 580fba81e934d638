// Optimised WebAssembly to C: runs wasm2c and adapts what it writes.
//
// wasm2c translates the function bodies; everything around them (instance, tables, data, exports) is written here,
// from the module itself. Each function gets a readable C name and goes into the C file of its TypeScript file, with
// declarations of just what that file uses, so that a small change leaves most C files, and thus objects, as they were.
// There is one instance: the instance argument that wasm2c passes everywhere disappears.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { cIdentifier, type FunctionNames, nameFunctions } from './function-names.js';
import { insertLineMarks } from './line-marks.js';
import { NEVER_RETURN } from '../never-return.js';
import { runPackageTool } from '../process.js';
import { bundle } from '../compile/run-worker.js';
import { SECTION, parseModule, type FunctionType, type WasmModule } from './wasm-module.js';
import { rewriteSections } from './wasm-writer.js';
import { adaptBody, type BodyContext } from './translate-body.js';

/** A function as C text. */
export interface TranslatedFunction {
  index: number;
  /** `u32 name(u32 var_p0)`, without a storage class. */
  signature: string;
  lines: string[];
  calls: Set<string>;
  globals: Set<string>;
  /** Line directive of its first line, if it has one. */
  position: string | null;
}

export interface TranslateOptions {
  wasm: Uint8Array;
  sourceMap: string;
  outFolder: string;
}

export interface TranslateResult {
  /** C files written, without folder. */
  files: string[];
}

const C_TYPE = { i32: 'u32', i64: 'u64' } as const;

/** Writes the C files of a module to `outFolder`. */
export async function translateModule(options: TranslateOptions): Promise<TranslateResult> {
  const { sources } = JSON.parse(options.sourceMap) as { sources: string[] };
  const { wasm, lines } = insertLineMarks(options.wasm, options.sourceMap);
  const module = parseModule(wasm);
  const names = nameFunctions(module, sources);
  const text = await runWasm2c(wasm, module);
  const context: BodyContext = { module, names, lines };
  const functions = splitFunctions(text, module, names).map(({ index, body }) => adaptBody(index, body, context));
  if (functions.length !== module.functions.length) {
    throw new Error(`wasm2c wrote ${functions.length} functions for ${module.functions.length}`);
  }
  const signatures = new Map(functions.map((f) => [names.cName(f.index), f.signature]));
  mkdirSync(options.outFolder, { recursive: true });
  const files: string[] = [];
  const write = (name: string, contents: string | Uint8Array) => {
    writeFileSync(path.join(options.outFolder, name), contents);
    if (name.endsWith('.c') || name.endsWith('.S')) files.push(name);
  };
  write('kernel.h', publicHeader(module, names));
  write('imports.h', importsHeader(module));
  for (const [file, members] of groupByFile(functions, names)) {
    write(`${file}.c`, unitText(members, functions, module, names, signatures));
  }
  write('module.c', moduleText(module, names, signatures));
  const data = initialMemory(module);
  write('data.bin', data.bytes);
  write('data.S', dataText(data));
  write('functions.json', JSON.stringify(Object.fromEntries(functions.map((f) => [names.cName(f.index), names.displayName(f.index)]))));
  return { files: files.sort() };
}

/** Runs wasm2c on the module reduced to what function bodies refer to. */
async function runWasm2c(wasm: Uint8Array, module: WasmModule): Promise<string> {
  const drop = new Set<number>([SECTION.custom, SECTION.export, SECTION.start, SECTION.element, SECTION.data, SECTION.dataCount]);
  const reduced = rewriteSections(wasm, module, (id) => (drop.has(id) ? 'drop' : 'keep'));
  const folder = mkdtempSync(path.join(tmpdir(), 'typix-wasm2c-'));
  try {
    writeFileSync(path.join(folder, 'module.wasm'), reduced);
    await runPackageTool('wabt', 'wasm2c', [
      path.join(folder, 'module.wasm'), '-n', 'kernel', '--no-debug-names', '--disable-simd', '-o', path.join(folder, 'module.c'),
    ], ['--stack-size=7000', '--import', pathToFileURL(await bundle('toolchain/translate/wabt-stack.ts')).href]);
    return readFileSync(path.join(folder, 'module.c'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** C names of the functions that never return. */
const ENDING: ReadonlySet<string> = new Set(NEVER_RETURN.map(cIdentifier));
const DEFINITION = /^(?:static )?(?:u32|u64|void) w2c_kernel_f(\d+)\(w2c_kernel\* instance/;

/** Cuts wasm2c's text into the functions' lines; the first is the signature on one line. */
function splitFunctions(text: string, module: WasmModule, names: FunctionNames): { index: number; body: string[] }[] {
  const result: { index: number; body: string[] }[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const match = DEFINITION.exec(lines[i]!);
    if (!match) continue;
    let signature = lines[i]!;
    while (!signature.endsWith('{') && !signature.endsWith(';')) signature += ` ${lines[++i]!.trim()}`;
    if (signature.endsWith(';')) continue;
    const body = [signature];
    for (i++; lines[i] !== '}'; i++) body.push(lines[i]!);
    const index = Number(match[1]);
    if (index < module.imports.length) throw new Error(`wasm2c: unexpected function ${index} (${names.cName(index)})`);
    result.push({ index, body });
  }
  return result;
}

function groupByFile(functions: TranslatedFunction[], names: FunctionNames): Map<string, TranslatedFunction[]> {
  const groups = new Map<string, TranslatedFunction[]>();
  for (const f of functions) {
    const file = names.unit(f.index);
    const group = groups.get(file);
    if (group) group.push(f);
    else groups.set(file, [f]);
  }
  return groups;
}

/** One C file: declarations of what its functions use, then the functions in the module's order. */
function unitText(
  members: TranslatedFunction[], all: TranslatedFunction[], module: WasmModule, names: FunctionNames, signatures: Map<string, string>,
): string {
  const own = new Set(members.map((f) => names.cName(f.index)));
  const usedElsewhere = new Set<string>();
  for (const f of all) {
    if (own.has(names.cName(f.index))) continue;
    for (const call of f.calls) usedElsewhere.add(call);
  }
  for (const name of referencedFromModule(module, names)) usedElsewhere.add(name);
  const isStatic = (name: string) => own.has(name) && !usedElsewhere.has(name);
  const calls = new Set<string>(own);
  const globals = new Set<string>();
  for (const f of members) {
    for (const call of f.calls) calls.add(call);
    for (const global of f.globals) globals.add(global);
  }
  const out = ['#include "imports.h"', '#pragma GCC visibility push(hidden)'];
  for (const global of [...globals].sort()) out.push(`extern ${global};`);
  for (const name of [...calls].sort()) out.push(`${isStatic(name) ? 'static ' : ''}${ENDING.has(name) ? '__attribute__((noreturn, cold)) ' : ''}${signatures.get(name)};`);
  out.push('');
  for (const f of members) {
    if (f.position) out.push(f.position);
    out.push(`${isStatic(names.cName(f.index)) ? 'static ' : ''}${f.signature} {`, ...f.lines, ...(ENDING.has(names.cName(f.index)) ? ['  UNREACHABLE;'] : []), '}', '');
  }
  return out.join('\n');
}

/** Functions that module.c refers to: exports, the start function, table entries. */
function referencedFromModule(module: WasmModule, names: FunctionNames): Set<string> {
  const result = new Set<string>();
  const add = (index: number) => { if (index >= module.imports.length) result.add(names.cName(index)); };
  for (const entry of module.exports) if (entry.kind === 'function') add(entry.index);
  if (module.start !== null) add(module.start);
  for (const element of module.elements) element.functions.forEach(add);
  return result;
}

function cParameters(type: FunctionType): string[] {
  return type.parameters.map((parameter, i) => `${C_TYPE[parameter]} p${i}`);
}
function cResult(type: FunctionType): string {
  return type.results.length === 0 ? 'void' : C_TYPE[type.results[0]!];
}
function functionType(module: WasmModule, index: number): FunctionType {
  const type = index < module.imports.length ? module.imports[index]!.type : module.functions[index - module.imports.length]!;
  return module.types[type]!;
}
function exportedFunctions(module: WasmModule) {
  return module.exports.filter((entry) => entry.kind === 'function' && entry.index >= module.imports.length);
}

/** What arch/ includes: the exports, how to start the module, and how much memory it wants. */
function publicHeader(module: WasmModule, names: FunctionNames): string {
  const data = initialMemory(module);
  const out = [
    '/* The kernel core as C sees it. Generated by toolchain/translate/translate.ts. */', '#ifndef TYPIX_KERNEL_H', '#define TYPIX_KERNEL_H',
    '#include "wasm-rt.h"', '#pragma GCC visibility push(hidden)',
    `#define KERNEL_INITIAL_PAGES ${module.memoryPages}u`, `#define KERNEL_MAXIMUM_PAGES ${module.memoryMaximum}u`,
    `#define KERNEL_DATA_START ${data.offset}u`, `#define KERNEL_DATA_END ${data.offset + data.bytes.length}u`,
    '/* Copies the initial data into linear memory (mapped and zero there) and runs the module\'s initialisers. */',
    'void wasm2c_kernel_start(void);', '',
  ];
  for (const entry of exportedFunctions(module)) {
    const type = functionType(module, entry.index);
    const parameters = cParameters(type);
    out.push(`${cResult(type)} ${names.cName(entry.index)}(${parameters.join(', ') || 'void'});`);
  }
  const grow = exportedFunctions(module).find((entry) => entry.name === 'growLinearMemory');
  out.push('/* Maps frames for more linear memory; a core without this export cannot grow. */');
  out.push(`#define KERNEL_GROW_LINEAR_MEMORY(pages) ${grow ? `${names.cName(grow.index)}(pages)` : '((void)(pages), 0)'}`);
  out.push('#pragma GCC visibility pop', '#endif', '');
  return out.join('\n');
}

/** What generated code includes: the machine, whose functions must have the imports' types. */
function importsHeader(module: WasmModule): string {
  const out = [
    '/* The imports of the kernel core. Generated by toolchain/translate/translate.ts. */', '#ifndef TYPIX_IMPORTS_H', '#define TYPIX_IMPORTS_H',
    '#include "wasm-rt.h"', '#include "machine.h"', '#pragma GCC visibility push(hidden)',
  ];
  const imports = module.imports.filter((entry) => entry.module !== 'mark');
  for (const from of new Set(imports.map((entry) => entry.module))) out.push(`struct w2c_${from};`);
  for (const { module: from, name, type } of imports) {
    const signature = module.types[type]!;
    const parameters = [`struct w2c_${from} *instance`, ...cParameters(signature)];
    out.push(`${cResult(signature)} w2c_${from}_${name}(${parameters.join(', ')});`);
  }
  out.push('#pragma GCC visibility pop', '#endif', '');
  return out.join('\n');
}

/** Globals, the function table, the start function. */
function moduleText(module: WasmModule, names: FunctionNames, signatures: Map<string, string>): string {
  const out = [
    '/* State and start of the kernel core. Generated by toolchain/translate/translate.ts. */', '#include "imports.h"', '#include "kernel.h"',
    '#pragma GCC visibility push(hidden)',
  ];
  for (const name of [...referencedFromModule(module, names)].sort()) out.push(`${signatures.get(name)};`);
  module.globals.forEach((global, i) => {
    const suffix = global.type === 'i64' ? 'ull' : 'u';
    out.push(`${global.isMutable ? '' : 'const '}${C_TYPE[global.type]} ${names.globalName(i)} = ${BigInt.asUintN(64, global.initial) & (global.type === 'i64' ? 0xffffffffffffffffn : 0xffffffffn)}${suffix};`);
  });
  out.push(`const u32 wasm_rt_table_size = ${module.tableSize};`, `const wasm_rt_table_entry wasm_rt_table[${Math.max(module.tableSize, 1)}] = {`);
  for (const { offset, functions } of module.elements) {
    functions.forEach((index, i) => {
      const target = index < module.imports.length ? '0' : `(wasm_rt_function_ptr_t)${names.cName(index)}`;
      out.push(`  [${offset + i}] = {${names.typeNumber(functionType(module, index))}, ${target}},`);
    });
  }
  out.push('};', `u32 wasm_rt_memory_pages = ${module.memoryPages};`, 'extern const u8 kernel_initial_data[];', 'void wasm2c_kernel_start(void) {');
  out.push('  memcpy(MEM_ADDR(KERNEL_DATA_START), kernel_initial_data, KERNEL_DATA_END - KERNEL_DATA_START);');
  if (module.start !== null) out.push(`  ${names.cName(module.start)}();`);
  out.push('}', '');
  return out.join('\n');
}

/** The data segments as one block from the first byte to the last. */
function initialMemory(module: WasmModule): { offset: number; bytes: Uint8Array } {
  const segments = module.data.filter((segment) => segment.bytes.length > 0);
  if (segments.length === 0) return { offset: 0, bytes: new Uint8Array(0) };
  const offset = Math.min(...segments.map((segment) => segment.offset)) & ~15;
  const end = Math.max(...segments.map((segment) => segment.offset + segment.bytes.length));
  const bytes = new Uint8Array(end - offset);
  for (const segment of segments) bytes.set(segment.bytes, segment.offset - offset);
  return { offset, bytes };
}

function dataText(data: { bytes: Uint8Array }): string {
  return [
    '.section .rodata', '.balign 64', '.globl kernel_initial_data', '.hidden kernel_initial_data', 'kernel_initial_data:',
    data.bytes.length > 0 ? '.incbin "data.bin"' : '', '.section .note.GNU-stack,"",@progbits', '',
  ].join('\n');
}
