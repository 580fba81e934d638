// Where the kernel's AssemblyScript is.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Folders with the kernel's AssemblyScript; their `*.test.ts` are unit tests of kernel code. */
export const KERNEL_FOLDERS: readonly string[] = ['arch', 'kernel', 'drivers', 'syscalls', 'boot'];

/** Data for the generators, in those folders, but TypeScript for Node. */
const NODE_SOURCES = [/^syscalls\/table\//, /^kernel\/abi\/(?:struct-descriptions|[a-z-]+-descriptions)\.ts$/, /^syscalls\/[a-z-]+-table\.ts$/];

/** The AssemblyScript files of a tree, tests included, sorted. */
export function kernelFiles(root: string): string[] {
  return KERNEL_FOLDERS.filter((folder) => existsSync(path.join(root, folder))).flatMap((folder) =>
    (readdirSync(path.join(root, folder), { recursive: true }) as string[]).map((file) => `${folder}/${file}`)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !NODE_SOURCES.some((pattern) => pattern.test(file)))).sort();
}
