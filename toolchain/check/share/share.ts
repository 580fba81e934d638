// The share of the kernel's lines that are trusted, as published: printed by the build, quoted in docs/architecture.md.
//
// Counted are lines of code (neither empty nor comment) that are linked into the image:
// - TypeScript: of files that boot/kernel.ts reaches, without functions and classes that nothing uses (linked.ts). Generated
//   files count; tests do not. Trusted are whole files of trusted-files.txt: all that use raw memory or an `@unsafe` export.
// - assembly and C: all of arch/, boot/ and toolchain/native/, all of it trusted. Left out is what runs in user mode (the
//   vDSO's C) and tests. The C that the toolchain makes from TypeScript is no source.
// Beside them stands the toolchain's part: its lines that must be right for the rest to be safe. They do not run in
// the kernel and are no part of the share: checks of the boundary, compilation with root homes and library patches, and
// translation to C. asc with its library, Binaryen, wasm2c and gcc are not counted.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT, TOOLCHAIN_NATIVE } from '../../paths.js';
import { codeLines } from '../check-source.js';
import type { LineRange, LinkedFiles } from './linked.js';

/** Lines of code, as counted above. */
export interface ShareLines {
  typescript: number;
  /** Of those, lines of trusted files. */
  trusted: number;
  native: number;
  toolchain: number;
}

/** Assembly and C that runs in user mode. */
const USER_MODE = 'arch/x86_64/vdso/';
/** What must be right for memory safety. Not the parts that judge the tree's shape, and no tests. */
const TOOLCHAIN_FOLDERS = ['toolchain/check', 'toolchain/compile', 'toolchain/translate'];

/** Counts the lines of a tree. Without `linked` (no entry file) all files of the kernel count as linked. */
export function countLines(root: string, kernel: readonly string[], trusted: ReadonlySet<string>, linked: LinkedFiles | null): ShareLines {
  const result: ShareLines = { typescript: 0, trusted: 0, native: 0, toolchain: 0 };
  for (const file of kernel) {
    if (linked && !linked[file]) continue;
    const count = codeLines(withoutLines(readFileSync(path.join(root, file), 'utf8'), linked?.[file] ?? []));
    result.typescript += count;
    if (trusted.has(file)) result.trusted += count;
  }
  for (const file of nativeFiles(root)) result.native += codeLines(readFileSync(path.join(root, file), 'utf8'));
  for (const file of filesBelow(ROOT, TOOLCHAIN_FOLDERS, /(?<!\.test)\.ts$/)) {
    if (!/\/(?:fixtures|tree|sleep|state)\//.test(file)) result.toolchain += codeLines(readFileSync(path.join(ROOT, file), 'utf8'));
  }
  return result;
}

/** Assembly and C that runs in the kernel. */
export function nativeFiles(root: string): string[] {
  return filesBelow(root, ['arch', 'boot', TOOLCHAIN_NATIVE], /\.[chS]$/).filter((file) => !file.includes('-test/') && !file.startsWith(USER_MODE)).sort();
}

/** One line that says the share. */
export function formatShare({ typescript, trusted, native, toolchain }: ShareLines): string {
  const [part, total] = [trusted + native, typescript + native];
  const percent = total === 0 ? '0.0' : ((100 * part) / total).toFixed(1);
  return `trusted: ${part} of ${total} linked lines (${percent} %): ${trusted} TypeScript, ${native} assembly and C; beside them ${toolchain} of the toolchain`;
}

/** The text with some lines emptied. */
function withoutLines(text: string, ranges: readonly LineRange[]): string {
  const lines = text.split('\n');
  for (const [first, last] of ranges) lines.fill('', first - 1, last);
  return lines.join('\n');
}

function filesBelow(root: string, folders: readonly string[], pattern: RegExp): string[] {
  return folders.filter((folder) => existsSync(path.join(root, folder))).flatMap((folder) =>
    (readdirSync(path.join(root, folder), { recursive: true }) as string[]).filter((file) => pattern.test(file)).map((file) => `${folder}/${file}`));
}
