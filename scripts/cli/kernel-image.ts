/**
 * The kernel that a command boots: the newest build/<mode>/typix.elf, built first when a source is newer. The check reads time
 * stamps only (a few milliseconds); the builder itself compares contents.
 */
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from './errors.ts';
import { buildFolder, inBuild, inRepository } from './paths.ts';

export type BuildMode = 'release' | 'quick';

/** Folders and files whose change makes a kernel outdated. */
const SOURCES = ['arch', 'boot', 'kernel', 'drivers', 'syscalls', 'toolchain', 'package-lock.json'];

/** True if this file is a Linux bzImage (boot protocol header "HdrS"): then the guest is Linux, as a reference to compare with. */
export function isBzImage(kernel: string): boolean {
  const magic = Buffer.alloc(4);
  const descriptor = openSync(kernel, 'r');
  readSync(descriptor, magic, 0, 4, 0x202);
  closeSync(descriptor);
  return magic.toString('latin1') === 'HdrS';
}

interface Builder {
  buildKernel(options: { mode: BuildMode; log: (line: string) => void }): Promise<unknown>;
}

export function kernelPath(mode: BuildMode): string {
  return join(buildFolder, mode, 'typix.elf');
}

function stampPath(mode: BuildMode): string {
  return join(buildFolder, mode, '.fresh');
}

/** Newest modification below a path, in milliseconds; folders count, so that a removal is seen. */
function newestChange(path: string): number {
  let newest = statSync(path).mtimeMs;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const below = join(path, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestChange(below) : statSync(below).mtimeMs);
  }
  return newest;
}

function sourcesChangedAt(): number {
  let newest = 0;
  for (const source of SOURCES) {
    const path = inRepository(source);
    if (!existsSync(path)) continue;
    newest = Math.max(newest, statSync(path).isDirectory() ? newestChange(path) : statSync(path).mtimeMs);
  }
  return newest;
}

/** True if the kernel of this mode was built after the last change of a source. */
export function isFresh(mode: BuildMode): boolean {
  const stamp = stampPath(mode);
  return existsSync(kernelPath(mode)) && existsSync(stamp) && statSync(stamp).mtimeMs >= sourcesChangedAt();
}

async function loadBuilder(): Promise<Builder> {
  const path = inRepository('toolchain', 'build.ts');
  if (!existsSync(path)) throw new UserError('this tree cannot build a kernel: toolchain/build.ts is missing');
  return (await import(path)) as Builder;
}

/** Builds the kernel, whether it is outdated or not (the builder reuses what has not changed). Returns the ELF's path. */
export async function build(mode: BuildMode, log: (line: string) => void): Promise<string> {
  const builder = await loadBuilder();
  const startedAt = new Date();
  await builder.buildKernel({ mode, log });
  const elf = kernelPath(mode);
  if (!existsSync(elf)) throw new UserError(`the build ended without ${elf}`);
  inBuild(mode, '.fresh');
  writeFileSync(stampPath(mode), '');
  utimesSync(stampPath(mode), startedAt, startedAt);
  return elf;
}

export interface KernelChoice {
  /** A kernel file to boot as it is. */
  readonly kernel?: string;
  readonly release?: boolean;
  readonly quick?: boolean;
  /** False: boot what is there, outdated or not. */
  readonly build?: boolean;
}

/** Which build a command uses: the one asked for; else a release build that is up to date; else the quick build. */
export function chooseMode(choice: KernelChoice): BuildMode {
  if (choice.release && choice.quick) throw new UserError('--release and --quick exclude each other', undefined, 2);
  if (choice.release) return 'release';
  if (choice.quick) return 'quick';
  if (choice.build === false) {
    const built = (['release', 'quick'] as const).filter((mode) => existsSync(kernelPath(mode)));
    built.sort((a, b) => statSync(kernelPath(b)).mtimeMs - statSync(kernelPath(a)).mtimeMs);
    return built[0] ?? 'quick';
  }
  return isFresh('release') ? 'release' : 'quick';
}

/** The kernel to boot, built if need be. Progress lines go to `log`. */
export async function ensureKernel(choice: KernelChoice, log: (line: string) => void): Promise<string> {
  if (choice.kernel) {
    if (!existsSync(choice.kernel)) throw new UserError(`there is no kernel '${choice.kernel}'`);
    return choice.kernel;
  }
  const mode = chooseMode(choice);
  if (choice.build === false) {
    if (!existsSync(kernelPath(mode))) throw new UserError('no kernel has been built yet', 'leave out --no-build, or run typix build');
    return kernelPath(mode);
  }
  return isFresh(mode) ? kernelPath(mode) : build(mode, log);
}
