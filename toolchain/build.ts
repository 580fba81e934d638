// The build of the kernel: TypeScript -> WebAssembly -> optimised WebAssembly -> C -> objects -> build/<mode>/typix.elf.
//
// Each stage is kept by the hash of its inputs, so an unchanged stage costs nothing. Progress goes to `log`, one line
// a stage. As a command: `npx tsx toolchain/build.ts [--release] [--no-check] [--entry FILE]
// [--out FILE]`.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BuildCache, hashOf, hashOfFiles, toolchainHash } from './cache.js';
import { checkKernel, formatFinding, type CheckResult } from './check/check.js';
import { formatShare, nativeFiles } from './check/share/share.js';
import type { CompileOptions } from './compile/compile.js';
import { CompileError, ToolError } from './errors.js';
import { generateAbiStructs } from './generators/abi-structs.js';
import { generateSystemCalls, writeIfChanged } from './generators/system-calls.js';
import { MODULE_STATE_PAGE, moduleStatePage } from './check/state/module-state-page.js';
import { kernelFiles } from './check/kernel-folders.js';
import { linkKernel } from './link/link.js';
import { compileNative, compilerVersion, publish, sourcesIn, type NativeSource, type RootsVariant } from './link/native.js';
import { optimiseModule, optimiserOptions, type BuildMode } from './optimise.js';
import { runWorker } from './compile/run-worker.js';
import { checkFrames } from './check/stack-frames.js';
import { translateModule } from './translate/translate.js';
import { VDSO_FOLDER, buildVdso } from './link/vdso.js';
import { ARCH_NATIVE, KERNEL_ALIASES, KERNEL_ENTRY, ROOT, RUNTIME_FOLDER, TOOLCHAIN_NATIVE, TRUSTED_LIST } from './paths.js';

export interface BuildOptions {
  mode: BuildMode;
  /** Root of the tree; where this file's folder is, unless told. */
  root?: string;
  /** Entry file, relative to the root. */
  entry?: string;
  /** Folder of the results. */
  outDir?: string;
  log?: (line: string) => void;
  /** What findings of check.ts do: stop the build (default for release), or only show (default for quick). 'off' skips them. */
  checks?: 'stop' | 'show' | 'off';
  /** What collections start from; anything but 'stacks' is for tests of the collector and wants an `outDir` of its own. */
  roots?: RootsVariant;
}

export interface BuildResult {
  /** The kernel image; null while arch/x86_64 has no linker script. */
  elf: string | null;
  /** The optimised module, for simulation and size reports. */
  wasm: string;
}

/** Beside a kernel image: the names of its classes by runtime id, as JSON. */
export const CLASS_NAMES = 'classes.json';
/** 4 MiB: what the core may use before it can map frames of its own. */
const INITIAL_PAGES = 64;

/** Builds the kernel image. */
export async function buildKernel(options: BuildOptions): Promise<BuildResult> {
  const root = options.root ?? ROOT;
  const log = options.log ?? (() => {});
  const outDir = options.outDir ?? path.join(root, 'build', options.mode);
  mkdirSync(outDir, { recursive: true });
  const cache = new BuildCache(path.join(root, 'build', 'cache'));
  const toolchain = toolchainHash(root);

  await generateAll();
  const checks = options.checks ?? (options.mode === 'release' ? 'stop' : 'show');
  const checking = checks === 'off' ? null : checkCached(cache, toolchain, root);
  // A rejection is reported where it is awaited, also when compiling fails first.
  checking?.catch(() => {});
  const compiled = await stage(log, 'compile', () => compileCached(cache, toolchain, root, options.entry ?? KERNEL_ENTRY));
  const optimised = await stage(log, 'optimise', () => {
    const key = hashOf(compiled.key, ...optimiserOptions(options.mode));
    return cached(cache, 'optimised', key, (folder) => optimiseModule(options.mode, compiled.folder, folder));
  });
  publish(path.join(optimised.folder, 'module.wasm'), path.join(outDir, 'kernel.wasm'));
  publish(path.join(compiled.folder, CLASS_NAMES), path.join(outDir, CLASS_NAMES));
  if (checking) await stage(log, 'check', () => reportChecks(checking, checks === 'stop', root, log));
  const translated = await stage(log, 'translate', () => cached(cache, 'c', hashOf(toolchain, optimised.key), async (folder) => {
    await translateModule({
      wasm: readFileSync(path.join(optimised.folder, 'module.wasm')),
      sourceMap: readFileSync(path.join(optimised.folder, 'module.wasm.map'), 'utf8'), outFolder: folder,
    });
  }));
  const elf = path.join(outDir, 'typix.elf');
  const script = path.join(root, ARCH_NATIVE, 'kernel.ld');
  if (!existsSync(path.join(root, ARCH_NATIVE, 'machine.h'))) {
    log(`${ARCH_NATIVE}/machine.h is missing: stopped before native code (${path.relative(root, translated.folder)})`);
    return { elf: null, wasm: path.join(outDir, 'kernel.wasm') };
  }
  const displayNames = new Map(Object.entries(JSON.parse(readFileSync(path.join(translated.folder, 'functions.json'), 'utf8')) as Record<string, string>));
  const native = await stage(log, 'native', async () => {
    const vdso = existsSync(path.join(root, VDSO_FOLDER)) ? [await buildVdso(root, cache, await compilerVersion())] : [];
    const result = await compileNative({
      mode: options.mode, root, cache, roots: options.roots ?? 'stacks',
      includes: [translated.folder, path.join(root, ARCH_NATIVE), path.join(root, TOOLCHAIN_NATIVE), ...vdso],
      sources: [...generatedSources(translated.folder), ...sourcesIn(root, TOOLCHAIN_NATIVE), ...sourcesIn(root, ARCH_NATIVE), ...sourcesIn(root, 'boot')],
    });
    const { largest, lines } = checkFrames(result.frames, displayNames);
    for (const line of lines) log(`  ${line}`);
    return { ...result, cached: result.compiled === 0, detail: `${result.compiled} of ${result.objects.length} files; largest stack frame ${largest} bytes` };
  });
  if (!existsSync(script)) {
    log(`${ARCH_NATIVE}/kernel.ld is missing: stopped before linking`);
    return { elf: null, wasm: path.join(outDir, 'kernel.wasm') };
  }
  await stage(log, 'link', async () => {
    const key = hashOf(toolchain, readFileSync(script), ...native.objects);
    const linked = await cached(cache, 'linked', key, (folder) => linkKernel({
      script, objects: native.objects, output: path.join(folder, 'typix.elf'), folder,
      symbols: { linear_memory_bytes: INITIAL_PAGES * 65536 }, displayNames,
    }));
    publish(path.join(linked.folder, 'typix.elf'), elf);
    return linked;
  });
  return { elf, wasm: path.join(outDir, 'kernel.wasm') };
}

/** The checks' result; kept by the hash of the kernel's source. */
async function checkCached(cache: BuildCache, toolchain: string, root: string): Promise<CheckResult & { cached: boolean }> {
  const key = hashOf(toolchain, hashOfFiles(root, [...kernelFiles(root), ...nativeFiles(root), TRUSTED_LIST]));
  const { folder, cached } = await cache.get('check', key, async (target) => {
    writeFileSync(path.join(target, 'result.json'), JSON.stringify(await checkKernel({ root })));
  });
  return { ...(JSON.parse(readFileSync(path.join(folder, 'result.json'), 'utf8')) as CheckResult), cached };
}

async function reportChecks(checking: Promise<CheckResult & { cached: boolean }>, stops: boolean, root: string, log: (line: string) => void): Promise<{ cached: boolean; detail: string }> {
  const result = await checking;
  const lines = result.findings.map(formatFinding);
  if (lines.length > 0 && stops) throw new CompileError(lines);
  if (lines.length === 0 && root === ROOT) await writeIfChanged(path.join(root, MODULE_STATE_PAGE), moduleStatePage(result.state));
  for (const line of lines.slice(0, 5)) log(`  ${line}`);
  if (lines.length > 5) log(`  … ${lines.length} findings in all: npx tsx toolchain/check/check.ts`);
  return { cached: result.cached, detail: formatShare(result.lines) };
}

/** Brings what is generated from the tables up to date (toolchain/generators/). */
export async function generateAll(): Promise<void> {
  await Promise.all([generateAbiStructs(), generateSystemCalls()]);
}

function generatedSources(folder: string): NativeSource[] {
  return readdirSync(folder).filter((name) => /\.[cS]$/.test(name)).sort()
    .map((name) => ({ file: path.join(folder, name), name: `build/c/${name}`, isGenerated: true }));
}

/** Runs one stage and reports its time. */
async function stage<T extends { cached: boolean; detail?: string }>(log: (line: string) => void, name: string, run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await run();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const time = result.cached ? 'cached' : `${seconds} s`;
  log(`${name.padEnd(10)} ${time}${result.detail && !result.cached ? ` (${result.detail})` : ''}`);
  return result;
}

async function cached(
  cache: BuildCache, name: string, key: string, produce: (folder: string) => Promise<void> | void,
): Promise<{ folder: string; cached: boolean; key: string }> {
  return { ...(await cache.get(name, key, produce)), key };
}

/**
 * Compiles the core. Which files it reads is known only afterwards, so their list is kept beside the result and the
 * key is looked up in two steps: entry and options -> list of files -> contents.
 */
async function compileCached(cache: BuildCache, toolchain: string, root: string, entry: string): Promise<{ folder: string; cached: boolean; key: string }> {
  const options: CompileOptions = {
    root, entries: [entry], runtimeFolder: RUNTIME_FOLDER, initialPages: INITIAL_PAGES, roots: 'marks',
    aliases: KERNEL_ALIASES,
  };
  return compileByFiles(cache, toolchain, options);
}

/** A compiled unit-test module and the tests in it. */
export interface UnitTestModule {
  wasm: string;
  tests: { file: string; name: string; exportName: string }[];
}

/**
 * Compiles the unit tests of kernel code, all in one module. When that fails, each file is compiled for itself, so
 * that only the broken ones are missing; their errors come back in `errors`.
 */
export async function buildUnitTests(options: { root?: string; filter?: string } = {}): Promise<{ modules: UnitTestModule[]; errors: Map<string, string> }> {
  const root = options.root ?? ROOT;
  const cache = new BuildCache(path.join(root, 'build', 'cache'));
  const toolchain = toolchainHash(root);
  await generateAll();
  const files = kernelFiles(root).filter((file) => file.endsWith('.test.ts') && file.includes(options.filter ?? ''));
  const errors = new Map<string, string>();
  if (files.length === 0) return { modules: [], errors };
  const compile = async (entries: string[]): Promise<UnitTestModule> => {
    const { folder } = await compileByFiles(cache, toolchain, {
      root, entries, runtimeFolder: RUNTIME_FOLDER, initialPages: INITIAL_PAGES, roots: 'stack',
      moduleExports: { gcMarkWord: 'kernel/runtime/heap/collector/gcMarkWord' },
    });
    const wasm = path.join(folder, 'module.wasm');
    const exports = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(wasm))).map(({ name }) => /^(.*\.test\.ts)#(test.*)$/.exec(name)).filter((match) => match !== null);
    return { wasm, tests: exports.map(([exportName, file, name]) => ({ exportName, file: file!, name: name! })) };
  };
  try {
    return { modules: [await compile(files)], errors };
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
  }
  const modules: UnitTestModule[] = [];
  for (const file of files) {
    try {
      modules.push(await compile([file]));
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      errors.set(file, error.message);
    }
  }
  return { modules, errors };
}

/** Compiles with `options`, or finds the result of an earlier compilation of the same text. */
export async function compileByFiles(cache: BuildCache, toolchain: string, options: CompileOptions): Promise<{ folder: string; cached: boolean; key: string }> {
  const { root, ...rest } = options;
  const listKey = hashOf(toolchain, JSON.stringify(rest));
  const listFile = path.join(cache.folder, 'inputs', `${listKey}.json`);
  const keyOf = (files: string[]) => hashOf(listKey, ...files.flatMap((file) => {
    const full = path.join(root, file);
    return [file, existsSync(full) ? readFileSync(full) : '(missing)'];
  }));
  if (existsSync(listFile)) {
    const key = keyOf(JSON.parse(readFileSync(listFile, 'utf8')) as string[]);
    const folder = cache.find('wasm', key);
    if (folder) return { folder, cached: true, key };
  }
  const temporary = mkdtempSync(path.join(tmpdir(), 'typix-compile-'));
  let key: string;
  let folder: string;
  try {
    const { files, rootHomes, classes } = await runWorker({ task: 'compile', options, outFolder: temporary });
    if (rootHomes) writeFileSync(path.join(temporary, 'root-homes.json'), JSON.stringify(rootHomes));
    writeFileSync(path.join(temporary, CLASS_NAMES), JSON.stringify(classes));
    key = keyOf(files);
    ({ folder } = await cache.get('wasm', key, (target) => cpSync(temporary, target, { recursive: true })));
    mkdirSync(path.dirname(listFile), { recursive: true });
    writeFileSync(listFile, JSON.stringify(files));
  } finally {
    rmSync(temporary, { recursive: true });
  }
  return { folder, cached: false, key };
}

async function main(args: string[]): Promise<number> {
  const root = process.env.TYPIX_ROOT;
  const value = (name: string) => {
    const at = args.indexOf(name);
    return at < 0 ? undefined : args[at + 1];
  };
  try {
    const result = await buildKernel({
      mode: args.includes('--release') ? 'release' : 'quick',
      ...(root ? { root } : {}),
      ...(value('--entry') ? { entry: value('--entry')! } : {}),
      log: (line) => console.log(line),
      ...(args.includes('--no-check') ? { checks: 'off' as const } : {}),
    });
    const out = value('--out');
    if (out && result.elf) publish(result.elf, out);
    if (result.elf) console.log(path.relative(process.cwd(), out ?? result.elf));
    return result.elf ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CompileError || error instanceof ToolError)) throw error;
    console.error(error.message);
    return 1;
  }
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
