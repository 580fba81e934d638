// Drives the AssemblyScript compiler: entry files to an unoptimised WebAssembly module with names and a source map.
//
// asc's command line cannot do three things that the kernel needs, so the compiler is driven through its API:
// library files are replaced, the runtime is the project's own (ordinary source files whose `@global` functions
// take the place of asc's runtime), and the shadow stack is left out while the marks that it would have been built
// from are kept (`~lib/rt/__tostack`, see root-homes.ts).

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import * as asc from 'assemblyscript';
import { libraryFiles } from 'assemblyscript/asc';
import binaryen from 'assemblyscript/binaryen';
import { formatDiagnostic } from './diagnostics.js';
import { CompileError } from './errors.js';

/** What to compile. All paths are relative to `root`. */
export interface CompileOptions {
  root: string;
  /** Entry files; their exports become the module's exports. */
  entries: string[];
  /** Folder with the runtime: its files that declare `@global` functions. Without such files asc's stub runtime is used. */
  runtimeFolder?: string;
  /** Keep the marks of managed references, for root-homes.ts. */
  rootMarks?: boolean;
  /** 64 KiB pages of linear memory at the start. */
  initialPages: number;
  /** Global names, as asc's `--use NAME=ELEMENT`; each counts only if the element's file is part of the program. */
  aliases?: Record<string, string>;
  /** Library files to use instead of asc's, by path below `~lib/` without the ending. */
  libraryReplacements?: Record<string, string>;
  /** Called between parsing and compilation with the parsed program. */
  afterInitialize?: (program: asc.Program) => void;
  /** Called with the compiler after the entries were compiled, before the module is complete. */
  compileMore?: (compiler: asc.Compiler) => void;
}

export interface CompileResult {
  wasm: Uint8Array;
  sourceMap: string;
  /** Every source file read, relative to the root; the key for caching. */
  files: string[];
}

const LIBRARY = '~lib/';
const STUB_RUNTIME = 'rt/index-stub';
/** Nothing lies below: the optimiser may fold small offsets, and small numbers are no addresses for the collector. */
const LOWEST_ADDRESS = 1024;
/** Size that turns marks on; the stack itself is never used. */
const NOMINAL_STACK_SIZE = 16;

/** Compiles `entries` and everything they import. Throws CompileError. */
export function compileModule(options: CompileOptions): CompileResult {
  const program = asc.newProgram(compilerOptions(options));
  const files: string[] = [];
  const read = (relative: string): string | null => {
    const file = path.join(options.root, relative);
    if (!existsSync(file)) return null;
    files.push(relative);
    return readFileSync(file, 'utf8');
  };
  parseProgram(program, options, read);
  throwOnErrors(program);
  for (const [name, element] of Object.entries(options.aliases ?? {})) {
    const file = `${path.posix.dirname(element)}.ts`;
    if (files.includes(file)) asc.addGlobalAlias(program.options, name, element);
  }
  program.initialize();
  options.afterInitialize?.(program);

  program.parser.finish();
  const compiler = new asc.Compiler(program);
  // Marks without the shadow stack: the pass that would lay it out must not run.
  (compiler.shadowStack as { walkModule(): void }).walkModule = () => {
    options.compileMore?.(compiler);
  };
  const module = compiler.compile();
  throwOnErrors(program);
  const wrapped = binaryen.wrapModule(module.ref);
  if (options.rootMarks) declareMarks(module);
  binaryen.setDebugInfo(true);
  if (!wrapped.validate()) throw new CompileError(['the compiled module does not validate']);
  const { binary, sourceMap } = wrapped.emitBinary('module.wasm.map');
  wrapped.dispose();
  return { wasm: binary, sourceMap: sourceMap ?? '', files: files.sort() };
}

function compilerOptions(options: CompileOptions): asc.Options {
  const result = asc.newOptions();
  asc.setTarget(result, 0);
  asc.setRuntime(result, 0);
  asc.setDebugInfo(result, true);
  asc.setSourceMap(result, true);
  asc.setExportMemory(result, true);
  asc.setInitialMemory(result, options.initialPages);
  asc.setMaximumMemory(result, 16384);
  asc.setMemoryBase(result, LOWEST_ADDRESS);
  asc.setBundleVersion(result, 0, 28, 20);
  asc.setOptimizeLevelHints(result, 0, 0);
  if (options.rootMarks) asc.setStackSize(result, NOMINAL_STACK_SIZE);
  return result;
}

/** Parses the library, the runtime, the entries, and what they import. */
function parseProgram(program: asc.Program, options: CompileOptions, read: (relative: string) => string | null): void {
  const library: Record<string, string> = { ...libraryFiles, ...options.libraryReplacements };
  for (const name of Object.keys(library)) {
    if (!name.includes('/')) asc.parse(program, library[name]!, `${LIBRARY}${name}.ts`, false);
  }
  const runtimeFiles = runtimeSources(options, read);
  if (runtimeFiles.length === 0) asc.parse(program, library[STUB_RUNTIME]!, `${LIBRARY}${STUB_RUNTIME}.ts`, true);
  for (const { file, text } of runtimeFiles) asc.parse(program, text, file, false);
  for (const entry of options.entries) {
    const text = read(entry);
    if (text === null) throw new CompileError([`${entry}: no such file`]);
    asc.parse(program, text, entry, true);
  }
  for (let next = asc.nextFile(program); next !== null; next = asc.nextFile(program)) {
    const source = resolveImport(next, library, read);
    asc.parse(program, source.text, source.file, false);
  }
}

/** The files of the runtime folder that define functions of asc's runtime interface. */
function runtimeSources(options: CompileOptions, read: (relative: string) => string | null): { file: string; text: string }[] {
  const folder = options.runtimeFolder;
  if (folder === undefined || !existsSync(path.join(options.root, folder))) return [];
  const result: { file: string; text: string }[] = [];
  for (const name of readdirSync(path.join(options.root, folder)).sort()) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const file = `${folder}/${name}`;
    const text = readFileSync(path.join(options.root, file), 'utf8');
    if (/^\s*(@\w+\s+)*@global\b/m.test(text)) result.push({ file, text: read(file)! });
  }
  return result.some(({ text }) => /function __new\b/.test(text)) ? result : [];
}

function resolveImport(
  internalPath: string, library: Record<string, string>, read: (relative: string) => string | null,
): { text: string | null; file: string } {
  for (const candidate of [internalPath, `${internalPath}/index`]) {
    const text = candidate.startsWith(LIBRARY)
      ? library[candidate.substring(LIBRARY.length)] ?? null
      : read(`${candidate}.ts`);
    if (text !== null) return { text, file: `${candidate}.ts` };
  }
  return { text: null, file: `${internalPath}.ts` };
}

/** Declares the marks' function, as an import that root-homes.ts and translate.ts take away again. */
function declareMarks(module: asc.Module): void {
  const i32 = binaryen.i32;
  module.addFunctionImport('~lib/rt/__tostack', 'mark', 'tostack', i32, i32);
}

function throwOnErrors(program: asc.Program): void {
  const errors: string[] = [];
  for (let message = asc.nextDiagnostic(program); message !== null; message = asc.nextDiagnostic(program)) {
    if (asc.isError(message)) errors.push(formatDiagnostic(message));
  }
  if (errors.length > 0) throw new CompileError(errors);
}
