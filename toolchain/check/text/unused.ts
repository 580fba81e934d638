// What the kernel's source exports and nobody uses: asc leaves it out without a word, and readers take it for something. Also files that the
// kernel does not reach, and doc comments that document nothing. Names are looked for as words, so that a name counts as used when any
// file of the kernel says it a second time; that is lenient, and fast.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../check-bodies.js';
import { kernelFiles } from '../kernel-folders.js';

/** Where reaching begins: the entry, and what the toolchain adds to each module. */
const ENTRIES = [/^boot\/kernel\.ts$/, /^kernel\/runtime\/heap\//, /^kernel\/runtime\/log\/abort\.ts$/];
const EXPORT = /^(?:@\w+(?:\([^)]*\))?\s+)*export (?:declare )?(?:abstract )?(?:function|class|const|let|namespace|enum|type|interface) (\w+)/;

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, '')).replace(/\/\/.*/g, '');

/** All findings of a tree. */
export function unusedFindings(root: string): Finding[] {
  const files = kernelFiles(root).filter((file) => !file.includes('/generated/'));
  const texts = new Map(kernelFiles(root).map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
  const kernel = new Map([...texts].filter(([file, text]) => !file.endsWith('.test.ts') && !isForTests(text)));
  const uses = new Map<string, number>();
  for (const text of kernel.values()) for (const [word] of withoutComments(text).matchAll(/[A-Za-z_]\w*/g)) uses.set(word, (uses.get(word) ?? 0) + 1);
  const reached = reachedFiles(kernel);
  return files.flatMap((file) => {
    const text = texts.get(file)!;
    if (!kernel.has(file)) return stackedComments(file, text);
    const alone = reached.has(file) ? [] : [{ position: `${file}:1:1`, rule: 'unreached', message: 'the kernel does not reach this file' }];
    return [...alone, ...unusedExports(file, text, uses), ...stackedComments(file, text)];
  });
}

/** A file that says in its first lines that it is for tests only. */
const isForTests = (text: string): boolean => /\bTests only\b/.test(text.slice(0, 400));

/** Exports that no other place names. Constants of the ABI are complete sets; some functions serve tests, and say so. */
function unusedExports(file: string, text: string, uses: ReadonlyMap<string, number>): Finding[] {
  if (file === 'boot/kernel.ts') return [];
  const lines = text.split('\n');
  const code = withoutComments(text).split('\n');
  return code.flatMap((line, i) => {
    const name = EXPORT.exec(line)?.[1];
    if (name === undefined || uses.get(name)! > 1 || isUsedFromOutside(file, lines, i, name)) return [];
    return [{ position: `${file}:${i + 1}:1`, rule: 'unused', message: `nothing uses ${name}` }];
  });
}

function isUsedFromOutside(file: string, lines: readonly string[], at: number, name: string): boolean {
  if (file.startsWith('kernel/abi/') && name === name.toUpperCase()) return true;
  // Decorators and the doc comment stand before it.
  for (let i = at; i >= 0 && (i === at || /^(?:@|\/\*\*| \*)/.test(lines[i]!)); i--) if (/@global|@external|\bFor tests\b/.test(lines[i]!)) return true;
  return false;
}

/** Two doc comments in a row: the first one documents nothing. */
function stackedComments(file: string, text: string): Finding[] {
  return [...text.matchAll(/\*\/\n\s*\/\*\*/g)].flatMap((match) => {
    const before = text.slice(0, match.index);
    const start = before.lastIndexOf('/*');
    if (!before.startsWith('/**', start)) return [];
    return [{ position: `${file}:${before.split('\n').length}:1`, rule: 'doc-comment', message: 'another doc comment follows: this one documents nothing' }];
  });
}

/** The files that the entries import, directly or not. */
function reachedFiles(kernel: ReadonlyMap<string, string>): Set<string> {
  const reached = new Set<string>();
  const waiting = [...kernel.keys()].filter((file) => ENTRIES.some((pattern) => pattern.test(file)));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file) || !kernel.has(file)) continue;
    reached.add(file);
    for (const match of kernel.get(file)!.matchAll(/^(?:import|export) .*?["']([^"']+)["'];?$|^} from ["']([^"']+)["'];?$/gm)) {
      waiting.push(`${path.posix.normalize(path.posix.join(path.posix.dirname(file), (match[1] ?? match[2])!)).replace(/\.ts$/, '')}.ts`);
    }
  }
  return reached;
}
