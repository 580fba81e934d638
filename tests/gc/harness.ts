// Builds programs of the kernel's language for a Linux process, through the kernel's own pipeline and flags, and runs them.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compileByFiles } from '../../toolchain/build.js';
import { BuildCache, hashOf, toolchainHash } from '../../toolchain/cache.js';
import { compileNative } from '../../toolchain/link/native.js';
import { optimiseModule, type BuildMode } from '../../toolchain/optimise.js';
import { runTool } from '../../toolchain/process.js';
import { ROOT, RUNTIME_FOLDER } from '../../toolchain/paths.js';
import { translateModule } from '../../toolchain/translate/translate.js';

const NATIVE = path.join(ROOT, 'tests/gc/native');
/** 4 MiB, as the kernel. */
const INITIAL_PAGES = 64;

export interface ProgramOptions {
  /** Text of the entry file; it lies two folders below the root. */
  text: string;
  mode: BuildMode;
}

/** Compiles the programs; the path of the executable. */
export async function buildPrograms({ text, mode }: ProgramOptions): Promise<string> {
  const cache = new BuildCache(path.join(ROOT, 'build', 'cache'));
  const folder = path.join('build', `gc-${hashOf(text, mode).slice(0, 12)}`);
  const out = path.join(ROOT, folder);
  mkdirSync(out, { recursive: true });
  writeFileSync(path.join(out, 'programs.ts'), text);
  const compiled = await compileByFiles(cache, toolchainHash(ROOT), {
    root: ROOT, entries: [`${folder}/programs.ts`], runtimeFolder: RUNTIME_FOLDER, initialPages: INITIAL_PAGES, roots: 'marks',
    aliases: { abort: 'kernel/runtime/log/abort/kernelAbort' }, moduleExports: { gcMarkWord: 'kernel/runtime/heap/collector/gcMarkWord' },
  });
  await optimiseModule(mode, compiled.folder, out);
  const c = path.join(out, 'c');
  rmSync(c, { recursive: true, force: true });
  await translateModule({
    wasm: readFileSync(path.join(out, 'module.wasm')), sourceMap: readFileSync(path.join(out, 'module.wasm.map'), 'utf8'), outFolder: c,
  });
  const generated = readdirSync(c).filter((name) => /\.[cS]$/.test(name)).sort()
    .map((name) => ({ file: path.join(c, name), name: `build/c/${name}`, isGenerated: true }));
  const { objects } = await compileNative({
    mode, root: ROOT, cache, includes: [c, NATIVE],
    sources: [
      ...generated,
      { file: path.join(ROOT, 'toolchain/native/wasm-rt.c'), name: 'toolchain/native/wasm-rt.c', isGenerated: false },
      { file: path.join(NATIVE, 'stack.S'), name: 'tests/gc/native/stack.S', isGenerated: false },
    ],
  });
  const executable = path.join(out, 'programs');
  await runTool('gcc', ['-O1', '-g', '-no-pie', '-z', 'noexecstack', path.join(NATIVE, 'main.c'), ...objects, '-o', executable]);
  return executable;
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
