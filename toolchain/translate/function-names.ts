// Names of the core's functions: as the compiler gives them (`kernel/vfs/pipe/Pipe#read`), as people read them
// (`kernel/ipc/pipe.ts Pipe#read`), and as C spells them (`kernel_vfs_pipe_Pipe_read`; exports: `w2c_kernel_boot`).

import { createHash } from 'node:crypto';
import type { FunctionType, WasmModule } from './wasm-module.js';

export interface FunctionNames {
  cName(index: number): string;
  /** Name for people. */
  displayName(index: number): string;
  /** C file (without ending) that a function belongs to. */
  unit(index: number): string;
  globalName(index: number): string;
  /** A number of a signature for call_indirect's check; the same in each build. */
  typeNumber(type: FunctionType): string;
}

/** Chooses names for everything in a module; deterministic, and stable when unrelated functions come and go. */
export function nameFunctions(module: WasmModule, sources: string[]): FunctionNames {
  const files = new Set(sources.map((source) => source.replace(/\.ts$/, '')));
  const count = module.imports.length + module.functions.length;
  const cNames: string[] = [];
  const displayNames: string[] = [];
  const units: string[] = [];
  const taken = new Set<string>();
  // Native code calls the exports by these names; a function exported twice keeps the last.
  const exports = new Map(module.exports.filter((entry) => entry.kind === 'function').map((entry) => [entry.index, entry.name]));
  for (let index = 0; index < count; index++) {
    const internal = module.functionNames.get(index) ?? `function${index}`;
    const file = fileOf(internal, files);
    const exported = exports.get(index);
    cNames.push(unique(exported === undefined ? cIdentifier(internal) : `w2c_kernel_${exported}`, taken));
    displayNames.push(file === null ? internal : `${file}.ts ${internal.substring(file.length + 1)}`);
    units.push(file === null || file.startsWith('~lib/') ? 'library' : cIdentifier(file));
  }
  const globals = module.globals.map((_, i) => unique(`global_${cIdentifier(module.globalNames.get(i) ?? `${i}`)}`, taken));
  return {
    cName: (index) => cNames[index]!,
    displayName: (index) => displayNames[index]!,
    unit: (index) => units[index]!,
    globalName: (index) => globals[index]!,
    typeNumber,
  };
}

/** The longest source file that is a prefix of an internal name. */
function fileOf(internal: string, files: Set<string>): string | null {
  const base = internal.replace(/^start:/, '');
  for (let end = base.length; end > 0; end = base.lastIndexOf('/', end - 1)) {
    const candidate = base.substring(0, end);
    if (files.has(candidate)) return candidate;
  }
  return null;
}

export function cIdentifier(name: string): string {
  return name.replace(/^~lib\//, 'lib/').replace(/^~/, 'asc_').replace(/[^A-Za-z0-9]+/g, '_').replace(/_+$/, '');
}

function unique(name: string, taken: Set<string>): string {
  let result = name;
  for (let i = 2; taken.has(result); i++) result = `${name}_${i}`;
  taken.add(result);
  return result;
}

function typeNumber(type: FunctionType): string {
  const text = `${type.parameters.join(',')}:${type.results.join(',')}`;
  return `0x${(createHash('sha256').update(text).digest().readUInt32LE(0) | 1).toString(16).replace('-', '')}u`;
}
