// Results of build stages, kept by the hash of everything they depend on.
//
// A result is a folder build/cache/<stage>/<hash>; it appears by renaming, so an interrupted or concurrent build
// never leaves a half-written one.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';

/** SHA-256 over parts; each part is delimited, so that ('ab','c') and ('a','bc') differ. */
export function hashOf(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(`${part.length}:`);
    hash.update(part);
  }
  return hash.digest('hex').substring(0, 32);
}

/** Hash of files' names and contents; missing files count as empty. */
export function hashOfFiles(root: string, files: string[]): string {
  return hashOf(...files.flatMap((file) => {
    const full = path.join(root, file);
    return [file, existsSync(full) ? readFileSync(full) : ''];
  }));
}

/** Hash of the build's own source: a change of the toolchain makes every result stale. */
export function toolchainHash(root: string): string {
  const folder = path.join(root, 'toolchain');
  const files = (readdirSync(folder, { recursive: true }) as string[])
    .filter((file) => /\.(ts|h|c|json)$/.test(file) && !file.endsWith('.test.ts') && !file.includes('fixtures'))
    .sort();
  return hashOf(hashOfFiles(folder, files), readFileSync(path.join(root, 'package.json')), process.version);
}

/** The cache of one tree. */
export class BuildCache {
  private static counter = 0;
  private readonly trimmed = new Set<string>();
  constructor(readonly folder: string) {}

  /** The folder of a finished result, or null. */
  find(stage: string, key: string): string | null {
    const folder = path.join(this.folder, stage, key);
    if (!existsSync(folder)) return null;
    const now = new Date();
    utimesSync(folder, now, now);
    return folder;
  }

  /** Runs `produce` with a fresh folder unless the result is there; returns the result's folder. */
  async get(stage: string, key: string, produce: (folder: string) => Promise<void> | void): Promise<{ folder: string; cached: boolean }> {
    const found = this.find(stage, key);
    if (found) return { folder: found, cached: true };
    const final = path.join(this.folder, stage, key);
    const temporary = `${final}.${process.pid}.${BuildCache.counter++}`;
    mkdirSync(temporary, { recursive: true });
    try {
      await produce(temporary);
      publishFolder(temporary, final);
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true });
      throw error;
    }
    this.trim(stage);
    return { folder: final, cached: false };
  }

  /** Once a process: removes results beyond the newest of a stage, unless a build of these minutes may be using them. */
  private trim(stage: string): void {
    if (this.trimmed.has(stage)) return;
    this.trimmed.add(stage);
    const limit = stage === 'object' ? 3000 : 24;
    const folder = path.join(this.folder, stage);
    const oldest = Date.now() - 30 * 60_000;
    const entries = readdirSync(folder).map((name) => ({ name, time: modified(path.join(folder, name)) }));
    entries.sort((a, b) => b.time - a.time);
    for (const { name, time } of entries.slice(limit)) {
      if (time < oldest) rmSync(path.join(folder, name), { recursive: true, force: true });
    }
  }
}

/** Gives a finished folder its name. Another build may have made the same result meanwhile: then that one stays. */
function publishFolder(temporary: string, final: string): void {
  try {
    renameSync(temporary, final);
  } catch (error) {
    if (!existsSync(final)) throw error;
    rmSync(temporary, { recursive: true });
  }
}

function modified(file: string): number {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
