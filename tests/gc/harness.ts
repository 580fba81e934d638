// Builds programs of the kernel's language for a Linux process, through the kernel's own pipeline and flags, and runs them.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compileByFiles } from '../../toolchain/build.js';
import { BuildCache, hashOf, toolchainHash } from '../../toolchain/cache.js';
import { HOME_KEEPING_FLAGS, POINTER_KEEPING_FLAGS, compileNative, rootsDefines, type RootsVariant } from '../../toolchain/link/native.js';
import { optimiseModule, type BuildMode } from '../../toolchain/optimise.js';
import { runTool } from '../../toolchain/process.js';
import { ROOT, RUNTIME_FOLDER } from '../../toolchain/paths.js';
import { translateModule } from '../../toolchain/translate/translate.js';

const NATIVE = path.join(ROOT, 'tests/gc/native');
const ROOTS: Record<Defences['homes'], RootsVariant> = { scanned: 'stacks', only: 'homes', awake: 'awake-homes', none: 'stacks' };
/** 4 MiB, as the kernel. */
const INITIAL_PAGES = 64;

/** The defences against what gcc does to references (docs/inside/kernel-heap.md); the kernel has all of them. */
export interface Defences {
  /** Marks become homes; 'only' makes homes the only roots, 'awake' those of the running stack alone. */
  homes: 'scanned' | 'only' | 'awake' | 'none';
  /** gcc's passes that hide pointers are off. */
  keepsPointers: boolean;
  /** Calls are never turned into jumps. */
  keepsFrames: boolean;
}

export const PRODUCTION: Defences = { homes: 'scanned', keepsPointers: true, keepsFrames: true };

export interface ProgramOptions {
  /** Text of the entry file; it lies two folders below the root. */
  text: string;
  mode: BuildMode;
  defences?: Defences;
}

/** C of each text that was translated in this process, by what it depends on: the folder. */
const translated = new Map<string, Promise<string>>();

/** Compiles the programs; the path of the executable. */
export async function buildPrograms({ text, mode, defences = PRODUCTION }: ProgramOptions): Promise<string> {
  const cache = new BuildCache(path.join(ROOT, 'build', 'cache'));
  const key = hashOf(text, mode, String(defences.homes === 'none')).slice(0, 12);
  if (!translated.has(key)) translated.set(key, translatePrograms(cache, `build/gc-${key}`, { text, mode, defences }));
  const c = await translated.get(key)!;
  const generated = readdirSync(c).filter((name) => /\.[cS]$/.test(name)).sort()
    .map((name) => ({ file: path.join(c, name), name: `build/c/${name}`, isGenerated: true }));
  const roots = ROOTS[defences.homes];
  const { objects } = await compileNative({
    mode, root: ROOT, cache, includes: [c, NATIVE], roots,
    omittedFlags: [...(defences.keepsPointers ? [] : POINTER_KEEPING_FLAGS), ...(defences.keepsFrames ? [] : HOME_KEEPING_FLAGS)],
    sources: [
      ...generated,
      { file: path.join(ROOT, 'toolchain/native/wasm-rt.c'), name: 'toolchain/native/wasm-rt.c', isGenerated: false },
      { file: path.join(NATIVE, 'stack.S'), name: 'tests/gc/native/stack.S', isGenerated: false },
    ],
  });
  const executable = path.join(path.dirname(c), `programs-${hashOf(JSON.stringify(defences)).slice(0, 8)}`);
  await runTool('gcc', [
    '-O1', '-g', '-no-pie', '-z', 'noexecstack', ...rootsDefines(roots, false), path.join(NATIVE, 'main.c'), ...objects, '-o', executable,
  ]);
  return executable;
}

/** TypeScript to C; the folder. */
async function translatePrograms(cache: BuildCache, folder: string, { text, mode, defences }: Required<ProgramOptions>): Promise<string> {
  const out = path.join(ROOT, folder);
  mkdirSync(out, { recursive: true });
  writeFileSync(path.join(out, 'programs.ts'), text);
  const compiled = await compileByFiles(cache, toolchainHash(ROOT), {
    root: ROOT, entries: [`${folder}/programs.ts`], runtimeFolder: RUNTIME_FOLDER, initialPages: INITIAL_PAGES,
    roots: defences.homes === 'none' ? 'none' : 'marks',
    aliases: { abort: 'kernel/runtime/log/abort/kernelAbort' }, moduleExports: { gcMarkWord: 'kernel/runtime/heap/collector/gcMarkWord' },
  });
  await optimiseModule(mode, compiled.folder, out);
  const c = path.join(out, 'c');
  rmSync(c, { recursive: true, force: true });
  await translateModule({
    wasm: readFileSync(path.join(out, 'module.wasm')), sourceMap: readFileSync(path.join(out, 'module.wasm.map'), 'utf8'), outFolder: c,
  });
  return c;
}

export interface RunOptions {
  seed: number;
  first: number;
  count: number;
  /** Collect at every allocation, poison what is freed. */
  isStressed: boolean;
}

/** Runs programs; one line "number result" each. Throws with the process's messages when it fails. */
export async function runPrograms(executable: string, options: RunOptions): Promise<string> {
  return runTool(executable, [options.seed, options.first, options.count, options.isStressed ? 1 : 0].map(String));
}
