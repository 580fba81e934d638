// One function body of wasm2c's C, line by line: instance argument, memory accesses, calls, and marks.
//
// wasm2c writes a small, regular subset of C, one instruction a line. Every rewriting here is of a whole known
// shape; a use of the instance that none of them knows stops the build.

import type { FunctionNames } from './function-names.js';
import type { WasmModule } from './wasm-module.js';
import type { TranslatedFunction } from './translate.js';

export interface BodyContext {
  module: WasmModule;
  names: FunctionNames;
  lines: { file: string; line: number }[];
}

const SIGNATURE = /^(?:static )?(u32|u64|void) w2c_kernel_f(\d+)\(w2c_kernel\* instance(?:, )?(.*)\) \{$/;
const LINE_MARK = /^\s*w2c_mark_line\(instance->w2c_mark_instance, (\w+)\);$/;
const HOME_MARK = /^(\s*)(\w+) = w2c_mark_home\(instance->w2c_mark_instance, (\w+), (\w+)\);$/;
const ACCESS = /\bi(?:32|64)_(?:load|store)\w*\(&instance->w2c_M0, \(u64\)\(\w+\) \+ (\d+)u?/;
/** Bytes at the start of linear memory that are not mapped. */
const NULL_PAGE = 4096;
const CONSTANT = /^\s*(\w+) = (\d+)u;$/;

/** Adapts one function. `body[0]` is its signature on one line. */
export function adaptBody(index: number, body: string[], context: BodyContext): TranslatedFunction {
  const { names } = context;
  const signature = SIGNATURE.exec(body[0]!);
  if (!signature) throw new Error(`wasm2c: cannot read the signature ${body[0]}`);
  const calls = new Set<string>();
  const globals = new Set<string>();
  const lines: string[] = [];
  const homes = new Map<string, number>();
  for (const line of joinContinuations(dropConditionals(body.slice(1)))) {
    const lineMark = LINE_MARK.exec(line);
    const homeMark = lineMark ? null : HOME_MARK.exec(line);
    if (lineMark) replaceLineMark(lines, lineMark[1]!, context);
    else if (homeMark) replaceHomeMark(lines, homeMark, homes);
    else if (line !== '  FUNC_PROLOGUE;' && line !== '  FUNC_EPILOGUE;') lines.push(adaptLine(line, context, calls, globals));
  }
  const text = joinLines(lines);
  if (homes.size > 0) text.unshift(`  WASM_HOMES(${homes.size});`);
  const first = text.find((line) => line.startsWith('#line'));
  return {
    index, signature: `${signature[1]} ${names.cName(index)}(${signature[3] || 'void'})`, lines: text, calls, globals,
    position: first ?? null,
  };
}

/** A line directive counts on from its number, so all that belongs to one source line goes on one line of C. */
function joinLines(lines: string[]): string[] {
  const result: string[] = [];
  let pending: string[] = [];
  const flush = () => {
    if (pending.length > 0) result.push(pending.join(' '));
    pending = [];
  };
  let last = '';
  for (const line of lines) {
    if (!line.startsWith('#line')) {
      pending.push(pending.length === 0 ? line : line.trim());
      continue;
    }
    if (line === last) continue;
    flush();
    if (result[result.length - 1]?.startsWith('#line')) result.pop();
    result.push(last = line);
  }
  flush();
  return result;
}

/** Leaves out the lines between #if and #endif: alternatives for segment registers. */
function dropConditionals(lines: string[]): string[] {
  const result: string[] = [];
  let depth = 0;
  for (const line of lines) {
    if (line.startsWith('#if')) depth++;
    else if (line.startsWith('#endif')) depth--;
    else if (depth === 0) result.push(line);
  }
  return result;
}

/** Puts a call that wasm2c broke over several lines back on one, and a label on a line of its own. */
function joinContinuations(lines: string[]): string[] {
  const result: string[] = [];
  let pending = '';
  for (const line of lines) {
    pending = pending === '' ? line : `${pending} ${line.trim()}`;
    const isComplete = /[;{}:]$/.test(pending) || /^\s*$/.test(pending) || pending.trimStart().startsWith('//');
    if (!isComplete) continue;
    const label = /^(\s*var_[LB]\w+:) (.+)$/.exec(pending);
    if (label) result.push(`${label[1]};`, `  ${label[2]}`);
    else result.push(pending);
    pending = '';
  }
  if (pending !== '') result.push(pending);
  return result;
}

/** `var = N; mark_line(var);` becomes a line directive. */
function replaceLineMark(lines: string[], variable: string, { lines: table }: BodyContext): void {
  const number = takeConstant(lines, variable);
  const position = table[number];
  if (!position) throw new Error(`line mark ${number} is not in the table`);
  lines.push(`#line ${position.line} "${position.file}"`);
}

/** `n = ID; v = mark_home(v, n);` becomes a store to the home that the function has for ID. */
function replaceHomeMark(lines: string[], [, indent, target, value, variable]: RegExpExecArray, homes: Map<string, number>): void {
  const id = String(takeConstant(lines, variable!));
  // A constant is the address of static data, which the collector keeps anyway.
  const previous = CONSTANT.exec(lines[lines.length - 1] ?? '');
  if (previous && previous[1] === value) {
    if (target !== value) lines.push(`${indent}${target} = ${value};`);
    return;
  }
  let slot = homes.get(id);
  if (slot === undefined) homes.set(id, slot = homes.size);
  lines.push(`${indent}homes[${slot}] = ${value};`);
  if (target !== value) lines.push(`${indent}${target} = ${value};`);
}

/** Takes the assignment `variable = N;` away from the end, where only line directives may follow it; N. */
function takeConstant(lines: string[], variable: string): number {
  let at = lines.length - 1;
  while (at >= 0 && lines[at]!.startsWith('#line')) at--;
  const constant = CONSTANT.exec(lines[at] ?? '');
  if (!constant || constant[1] !== variable) throw new Error(`wasm2c: a mark without its number: ${lines[at]}`);
  lines.splice(at, 1);
  return Number(constant[2]);
}

function adaptLine(line: string, { names, module }: BodyContext, calls: Set<string>, globals: Set<string>): string {
  if (!line.includes('instance') && !line.includes('w2c_kernel')) return line;
  checkOffset(line);
  const result = line
    .replace(/\bwasm_rt_grow_memory\(&instance->w2c_M0, /g, 'wasm_rt_grow_memory(')
    .replace(/\binstance->w2c_M0\.pages\b/g, 'wasm_rt_memory_pages')
    .replace(/\bmemory_copy\(&instance->w2c_M0, &instance->w2c_M0, /g, 'wasm_memory_copy(')
    .replace(/\bmemory_fill\(&instance->w2c_M0, /g, 'wasm_memory_fill(')
    .replace(/\b(i(?:32|64)_(?:load|store)\w*?)_default32\(&instance->w2c_M0, /g, 'wasm_$1(')
    .replace(/\bCALL_INDIRECT\(instance->w2c_T0, (\w+) \(\*\)\(void\*(?:, )?(.*?)\), w2c_kernel_t(\d+), (\w+), instance->w2c_T0\.data\[\w+\]\.module_instance(?:, )?/g,
      (_, result_, parameters, type, operand) =>
        `WASM_CALL_INDIRECT(${result_} (*)(${parameters || 'void'}), ${names.typeNumber(module.types[Number(type)]!)}, ${operand})(`)
    .replace(/\binstance->w2c_g(\d+)\b/g, (_, number) => {
      const global = module.globals[Number(number)]!;
      const name = names.globalName(Number(number));
      globals.add(`${global.isMutable ? '' : 'const '}${global.type === 'i64' ? 'u64' : 'u32'} ${name}`);
      return name;
    })
    .replace(/\b(w2c_\w+)\(instance->w2c_\w+_instance/g, '$1(0')
    .replace(/\bw2c_kernel_f(\d+)\(instance(?:, )?/g, (_, number) => {
      const name = names.cName(Number(number));
      calls.add(name);
      return `${name}(`;
    });
  if (/\binstance\b|\bw2c_kernel_f\d/.test(result)) throw new Error(`wasm2c: cannot adapt the line ${line.trim()}`);
  return result;
}

/** A field at a larger offset of null would not fault, but read or write static data. */
function checkOffset(line: string): void {
  const offset = ACCESS.exec(line)?.[1];
  if (offset !== undefined && Number(offset) + 8 > NULL_PAGE) {
    throw new Error(`an object has a field at offset ${offset}: null would not fault there (limit ${NULL_PAGE})`);
  }
}
