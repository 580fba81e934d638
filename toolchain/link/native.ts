// C and assembly to objects: gcc with the flags a kernel needs, one object cached by the hash of all it depends on.

import { copyFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { hashOf, type BuildCache } from '../cache.js';
import type { BuildMode } from '../optimise.js';
import { runTool } from '../process.js';
import { framesOf, type StackFrame } from '../check/stack-frames.js';

/** Without these gcc hides the only pointer to a live object from the collector's stack scan. */
export const POINTER_KEEPING_FLAGS = ['-fno-ivopts', '-fno-tree-reassoc', '-fno-tree-slsr'];
/**
 * For generated code. A parameter that is never assigned is kept by the caller's home (root-homes.ts); a call that gcc turned into a jump
 * would take the caller's frame, and that home, away.
 */
export const HOME_KEEPING_FLAGS = ['-fno-optimize-sibling-calls'];
/** What each flag group is for is said once, here; machine-contract.md has the memory map that the code model follows. */
const COMMON_FLAGS = [
  '-std=gnu11', '-ffreestanding', '-nostdinc', '-fno-builtin-printf',
  // Where the code lies: addressed relative to the instruction pointer, nothing outside the image.
  '-fpie', '-mcmodel=small', '-fvisibility=hidden', '-fno-plt',
  // Interrupts arrive on the same stack; vector and floating-point registers belong to user mode.
  '-mgeneral-regs-only', '-mno-red-zone', '-fno-stack-protector', '-fcf-protection=none',
  '-fno-asynchronous-unwind-tables', '-fno-unwind-tables', '-fno-omit-frame-pointer',
  // WebAssembly's semantics: addresses are numbers, arithmetic wraps, null is an address, loops may be endless.
  '-fno-strict-aliasing', '-fwrapv', '-fno-delete-null-pointer-checks', '-fno-finite-loops',
  ...POINTER_KEEPING_FLAGS,
  '-gdwarf-4', '-g1', '-fno-common', '-ffunction-sections', '-fdata-sections', '-fno-ident', '-gno-record-gcc-switches', '-fstack-usage',
];
const WARNINGS = ['-Wall', '-Werror=implicit-function-declaration', '-Werror=incompatible-pointer-types', '-Werror=int-conversion'];
/** wasm2c's code has variables, labels and directives that a person would not write. */
const GENERATED_WARNINGS = ['-w', '-Werror=implicit-function-declaration', '-Werror=incompatible-pointer-types', '-Werror=int-conversion'];

const LEVELS: Record<BuildMode, string[]> = { release: ['-O2'], quick: ['-O1'] };

export interface NativeSource {
  /** Full path. */
  file: string;
  /** How the file is called in messages and debug information. */
  name: string;
  isGenerated: boolean;
}

/**
 * What collections start from: the kernel's 'stacks', scanned word by word; for tests 'homes', nothing but the root homes of all threads
 * (wasm-homes.h), or 'awake-homes', those of the running thread alone, which is wrong and which tests must notice.
 */
export type RootsVariant = 'stacks' | 'homes' | 'awake-homes';

export interface NativeOptions {
  mode: BuildMode;
  root: string;
  cache: BuildCache;
  /** Folders searched for headers, full paths. */
  includes: string[];
  sources: NativeSource[];
  roots?: RootsVariant;
  /** Flags that are left out, for tests of what they are for. */
  omittedFlags?: readonly string[];
}

/** gcc's version; part of every object's key. */
export async function compilerVersion(): Promise<string> {
  return (await runTool('gcc', ['-dumpfullversion', '-dumpmachine'])).trim();
}

export interface NativeResult {
  /** Paths, in the sources' order. */
  objects: string[];
  compiled: number;
  frames: StackFrame[];
}

/** Compiles all sources, several at a time. */
export async function compileNative(options: NativeOptions): Promise<NativeResult> {
  const { sources } = options;
  const version = await compilerVersion();
  const objects = new Array<string>(sources.length);
  let next = 0;
  let compiled = 0;
  const worker = async () => {
    while (next < sources.length) {
      const index = next++;
      const { object, cached } = await compileOne(options, sources[index]!, version);
      objects[index] = object;
      if (!cached) compiled++;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, cpus().length) }, worker));
  return { objects, compiled, frames: objects.flatMap(framesOf) };
}

async function compileOne(options: NativeOptions, source: NativeSource, version: string): Promise<{ object: string; cached: boolean }> {
  const isAssembly = source.file.endsWith('.S');
  const flags = [
    ...COMMON_FLAGS, ...LEVELS[options.mode],
    ...(source.isGenerated ? [...HOME_KEEPING_FLAGS, ...GENERATED_WARNINGS] : WARNINGS), ...(isAssembly ? ['-D__ASSEMBLER__'] : []),
    ...(isAssembly ? [] : rootsDefines(options.roots ?? 'stacks', source.isGenerated)),
  ].filter((flag) => !options.omittedFlags?.includes(flag));
  const key = hashOf(version, ...flags, source.name, readFileSync(source.file), ...includedFiles(source.file, options.includes));
  const { folder, cached } = await options.cache.get('object', key, async (target) => {
    // Paths in debug information are relative to the root, wherever that is. The last map that fits counts.
    const maps = [
      `-ffile-prefix-map=${options.root}=.`,
      ...options.includes.map((include) => `-ffile-prefix-map=${include}=${shownFolder(options.root, include)}`),
      `-ffile-prefix-map=${path.dirname(source.file)}=${path.dirname(source.name)}`,
    ];
    await runTool('gcc', [
      ...flags, ...maps, '-isystem', await compilerHeaders(), ...options.includes.flatMap((include) => ['-I', include]),
      `-Wa,-I,${path.dirname(source.file)}`, '-c', source.file, '-o', path.join(target, 'object.o'),
    ], { cwd: options.root });
  });
  return { object: path.join(folder, 'object.o'), cached };
}

/** Generated objects are the same for both variants with linked homes. */
export function rootsDefines(roots: RootsVariant, isGenerated: boolean): string[] {
  if (roots === 'stacks') return [];
  return ['-DWASM_LINKED_HOMES', ...(roots === 'awake-homes' && !isGenerated ? ['-DONLY_AWAKE_HOMES'] : [])];
}

/** The name of a folder in debug information; the cache's folders have names that nobody should see. */
function shownFolder(root: string, folder: string): string {
  const relative = path.relative(root, folder);
  return relative.includes('cache') ? 'build/c' : relative;
}

let headers: string | null = null;
/** gcc's own headers (stdint.h, stddef.h): the only ones there are. */
async function compilerHeaders(): Promise<string> {
  headers ??= (await runTool('gcc', ['-print-file-name=include'])).trim();
  return headers;
}

/** Contents of the files that a source includes, directly or not: names and texts for the key. */
function includedFiles(file: string, includes: string[]): (string | Buffer)[] {
  const seen = new Set<string>();
  const result: (string | Buffer)[] = [];
  const visit = (current: string) => {
    const text = readFileSync(current, 'utf8');
    for (const match of text.matchAll(/^\s*(?:#\s*include|\.incbin)\s+"([^"]+)"/gm)) {
      const found = [path.dirname(current), ...includes].map((folder) => path.join(folder, match[1]!)).find(existsSync);
      if (found === undefined || seen.has(found)) continue;
      seen.add(found);
      result.push(match[1]!, readFileSync(found));
      if (/\.[hcS]$|\.inc$/.test(found)) visit(found);
    }
  };
  visit(file);
  return result;
}

/** The .c and .S files of a folder, not of its sub-folders. */
export function sourcesIn(root: string, folder: string): NativeSource[] {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder)).filter((name) => /\.[cS]$/.test(name)).sort()
    .map((name) => ({ file: path.join(root, folder, name), name: `${folder}/${name}`, isGenerated: false }));
}

/** Copies a result where people look for it. */
export function publish(from: string, to: string): void {
  copyFileSync(from, to);
}
