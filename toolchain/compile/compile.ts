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
import { CompileError } from '../errors.js';
import { patchLibrary } from './library-patches.js';
import { takeMarks, type Marks } from './marks.js';
import { LINE_MARK_EXPORT } from '../translate/line-marks.js';
import { placeRootHomes, type RootHomeCounts } from './root-homes.js';

/** What to compile. All paths are relative to `root`. */
export interface CompileOptions {
  root: string;
  /** Entry files; their exports become the module's exports. */
  entries: string[];
  /** Folder with the runtime: its files that declare `@global` functions. Without such files asc's stub runtime is used. */
  runtimeFolder?: string;
  /**
   * How references on the stack are found: 'marks' keeps asc's marks for root-homes.ts; 'stack' is asc's own shadow
   * stack, for unit tests under Node, where no native stack can be scanned; 'none' neither.
   */
  roots: 'marks' | 'stack' | 'none';
  /** 64 KiB pages of linear memory at the start. */
  initialPages: number;
  /** Global names, as asc's `--use NAME=ELEMENT`; each counts only if the element's file is part of the program. */
  aliases?: Record<string, string>;
  /** Further exports: name -> element; each counts only if the element's file is part of the program. */
  moduleExports?: Record<string, string>;
}

export interface CompileResult {
  wasm: Uint8Array;
  sourceMap: string;
  /** Every source file read, relative to the root; the key for caching. */
  files: string[];
  rootHomes: RootHomeCounts | null;
  /** Name of the class with each runtime id; ids belong to one compilation. */
  classes: Record<number, string>;
}

const LIBRARY = '~lib/';
const STUB_RUNTIME = 'rt/index-stub';
/**
 * Nothing lies below: natively this page is not mapped, so that null faults (translate-body.ts keeps offsets below its size). The optimiser
 * may fold small offsets, and small numbers are no addresses for the collector.
 */
export const LOWEST_ADDRESS = 4096;
/** Size that turns marks on; the stack itself is never used. */
const NOMINAL_STACK_SIZE = 16;
const TEST_STACK_SIZE = 256 * 1024;

/** Parses and initialises a program. Throws CompileError. */
export function loadProgram(options: CompileOptions): { program: asc.Program; files: string[]; marks: Marks } {
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
  const marks = takeMarks(program);
  program.initialize();
  return { program, files, marks };
}

/** Compiles `entries` and everything they import. Throws CompileError. */
export function compileModule(options: CompileOptions): CompileResult {
  const { program, files } = loadProgram(options);

  program.parser.finish();
  const compiler = new asc.Compiler(program) as unknown as CompilerInternals;
  patchExports(compiler, program, options.moduleExports ?? {});
  // Marks without the shadow stack: homes take its place.
  let rootHomes: RootHomeCounts | null = null;
  if (options.roots === 'marks') compiler.shadowStack.walkModule = () => { rootHomes = placeRootHomes(compiler); };
  const module = compileOrExplain(compiler);
  throwOnErrors(program);
  if (options.roots !== 'stack') declareLineMark(module);
  if (options.roots === 'stack') exportShadowStack(module);
  const wrapped = binaryen.wrapModule(module.ref);
  binaryen.setDebugInfo(true);
  if (!wrapped.validate()) throw new CompileError(['the compiled module does not validate']);
  const { binary, sourceMap } = wrapped.emitBinary('module.wasm.map');
  wrapped.dispose();
  return { wasm: binary, sourceMap: sourceMap ?? '', files: [...new Set(files)].sort(), rootHomes, classes: classNames(program) };
}

/** `kernel/vfs/path/dentry/Dentry` is Dentry, `~lib/array/Array<kernel/ipc/pipe/Pipe>` is Array<Pipe>. */
function classNames(program: asc.Program): Record<number, string> {
  return Object.fromEntries([...program.managedClasses].map(([id, element]) => [id, element.internalName.replace(/[~\w.-]+\//g, '')]));
}

function compilerOptions(options: CompileOptions): asc.Options {
  const result = asc.newOptions();
  asc.setTarget(result, 0);
  // 2 (incremental) says that `__new` and `__renew` zero memory, so the library does not do it again; 0 is the stub.
  asc.setRuntime(result, options.runtimeFolder === undefined ? 0 : 2);
  asc.setDebugInfo(result, true);
  asc.setSourceMap(result, true);
  asc.setExportMemory(result, true);
  asc.setInitialMemory(result, options.initialPages);
  asc.setMaximumMemory(result, 16384);
  asc.setMemoryBase(result, LOWEST_ADDRESS);
  asc.setBundleVersion(result, 0, 28, 20);
  asc.setOptimizeLevelHints(result, 0, 0);
  if (options.roots !== 'none') asc.setStackSize(result, options.roots === 'marks' ? NOMINAL_STACK_SIZE : TEST_STACK_SIZE);
  return result;
}

/** Parses the library, the runtime, the entries, and what they import. */
function parseProgram(program: asc.Program, options: CompileOptions, read: (relative: string) => string | null): void {
  const library = patchLibrary(libraryFiles);
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

/** What of asc's compiler is used although its declarations call it private. */
interface CompilerInternals {
  shadowStack: { walkModule(): void };
  compileModuleExports(file: asc.File): void;
  compileModuleExport(name: string, element: asc.DeclaredElement, prefix?: string): void;
  compile(): asc.Module;
  module: asc.Module;
}

/** Compiles; a crash of the compiler says where it was. Binaryen throws values that are not even errors. */
export function compileOrExplain(compiler: Pick<CompilerInternals, 'compile'>): asc.Module {
  try {
    return compiler.compile();
  } catch (error) {
    const { currentFlow } = compiler as unknown as { currentFlow?: asc.Flow };
    const place = currentFlow?.targetFunction?.internalName ?? 'an unknown place';
    throw new CompileError([`the AssemblyScript compiler crashed in ${place}: ${error instanceof Error ? error.stack : 'an exception of Binaryen'}`]);
  }
}

/**
 * Changes what is exported: functions of `*.test.ts` carry their file's name, so that equal names in two files do not
 * meet; `extra` is exported besides what the entries export.
 */
function patchExports(compiler: CompilerInternals, program: asc.Program, extra: Record<string, string>): void {
  const original = compiler.compileModuleExports.bind(compiler);
  const pending = new Map(Object.entries(extra));
  compiler.compileModuleExports = (file) => {
    for (const [name, element] of pending) {
      const found = program.elementsByName.get(element);
      if (found) compiler.compileModuleExport(name, found as asc.DeclaredElement);
    }
    pending.clear();
    if (!file.source.internalPath.endsWith('.test')) return original(file);
    for (const [name, element] of file.exports ?? []) {
      if (element.kind === asc.ElementKind.FunctionPrototype) compiler.compileModuleExport(name, element, `${file.source.internalPath}.ts#`);
    }
  };
}

/** Declares the function of line-marks.ts; the export keeps the optimiser from dropping it while it is unused. */
function declareLineMark(module: asc.Module): void {
  module.addFunctionImport('mark/line', 'mark', 'line', binaryen.i32, binaryen.none);
  module.addFunctionExport('mark/line', LINE_MARK_EXPORT);
}

/** Lets the simulated machine's scanStacks see the shadow stack. */
function exportShadowStack(module: asc.Module): void {
  module.addGlobalExport('~lib/memory/__stack_pointer', '__stack_pointer');
  module.addGlobalExport('~lib/memory/__heap_base', '__stack_end');
}

function throwOnErrors(program: asc.Program): void {
  const errors: string[] = [];
  for (let message = asc.nextDiagnostic(program); message !== null; message = asc.nextDiagnostic(program)) {
    if (asc.isError(message)) errors.push(formatDiagnostic(message));
  }
  if (errors.length > 0) throw new CompileError(errors);
}
