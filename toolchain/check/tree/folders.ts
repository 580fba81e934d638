// The shape of the tree: no folder with more than twenty files, no import circle of more than four (circles.ts).

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../check-bodies.js';
import { checkCircles } from './circles.js';

/** The most files a folder may have, tests included and subfolders not. */
export const FOLDER_LIMIT = 20;

/** Folders with source. */
const SOURCE_FOLDERS = ['arch', 'kernel', 'drivers', 'syscalls', 'boot', 'toolchain', 'scripts', 'tests'];
/** What is built or installed, not written. */
const SKIPPED = new Set(['build', 'node_modules', '.cache']);

/** Findings about the tree as a whole. */
export function checkTree(root: string): Finding[] {
  const folders = sourceFolders(root);
  const files = [...folders].flatMap(([folder, names]) => names.map((name) => `${folder}/${name}`));
  return [...checkFolders(folders), ...checkCircles(root, files.filter((file) => /(?<!\.d|\.test)\.ts$/.test(file)))];
}

/** A finding for each folder with too many files. */
export function checkFolders(folders: ReadonlyMap<string, readonly string[]>): Finding[] {
  return [...folders].filter(([, names]) => names.length > FOLDER_LIMIT).map(([folder, names]) => ({
    position: `${folder}:1:1`,
    rule: 'folder',
    message: `${names.length} files, at most ${FOLDER_LIMIT} may lie in one folder: give them subfolders`,
  }));
}

/** The folders with source and the names of the files in each. */
function sourceFolders(root: string): Map<string, string[]> {
  const result = new Map<string, string[]>();
  const visit = (folder: string): void => {
    const names: string[] = [];
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(`${folder}/${entry.name}`);
      else if (entry.isFile()) names.push(entry.name);
    }
    result.set(folder, names.sort());
  };
  for (const folder of SOURCE_FOLDERS) if (existsSync(path.join(root, folder))) visit(folder);
  return result;
}
