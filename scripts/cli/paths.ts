/** Where things are: the repository, the build folder, the per-user cache. */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const buildFolder = join(repositoryRoot, 'build');

/** A path inside the repository. */
export function inRepository(...parts: string[]): string {
  return join(repositoryRoot, ...parts);
}

/** A path inside build/; the folder that holds it is made. */
export function inBuild(...parts: string[]): string {
  const path = join(buildFolder, ...parts);
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

/** What is remembered about this machine lives here, across checkouts. */
export function userCacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'typix');
}
