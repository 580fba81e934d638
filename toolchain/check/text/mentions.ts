// Names of files in prose must be names of files: links and code spans of Markdown, and comments of source files. A name with a folder
// must be the end of a path in the tree, a bare name the name of some file. Code that a page takes from a file must be in that file,
// and names of code must be in the source.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../check-bodies.js';

/** What counts as the name of a file of ours. Headers are left out: most that are mentioned are the C library's. */
const NAME = /(?<![\w$@<./-])(?:[\w@.-]+\/)*[\w-][\w.-]*\.(?:ts|c|S|ld|md|sh)\b(?![\w(/-])/g;

/** Names that stand for something else: files that are made, or examples. */
const OTHERS = [/^module\.c$/, /(?:^|\/)[A-Z]+\.[a-zA-Z]+$/];

/** Files that git knows, below `root`. */
export function trackedFiles(root: string): string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\n').filter((file) => file !== '' && existsSync(path.join(root, file)));
}

/** All findings in `files` (paths below `root`), which are also what names may mean. */
export function mentionFindings(root: string, files: readonly string[]): Finding[] {
  const known = new KnownFiles(files);
  let found: Set<string> | undefined;
  const words = (): Set<string> => (found ??= new Set(files.filter((file) => /\.(?:ts|c|h|S|ld|cjs)$/.test(file)).flatMap((file) => readFileSync(path.join(root, file), 'utf8').match(/[A-Za-z_]\w*/g) ?? [])));
  return files.flatMap((file) => {
    if (file.includes('/generated/') || file.endsWith('system-calls.md')) return [];
    const isMarkdown = file.endsWith('.md');
    if (!isMarkdown && !/\.(?:ts|c|h|S)$/.test(file)) return [];
    const text = readFileSync(path.join(root, file), 'utf8');
    return isMarkdown ? [...linkFindings(root, file, text), ...excerptFindings(root, file, text), ...nameFindings(file, codeSpans(text), known), ...identifierFindings(file, text, words())] : nameFindings(file, comments(text, file.endsWith('.S')), known);
  });
}

class KnownFiles {
  private readonly ends = new Set<string>();

  constructor(files: readonly string[]) {
    for (const file of files) {
      const parts = file.split('/');
      for (let i = 0; i < parts.length; i++) this.ends.add(parts.slice(i).join('/'));
    }
  }

  has(name: string): boolean {
    return this.ends.has(name.replace(/^(?:\.\.?\/)+/, ''));
  }
}

interface Piece {
  readonly line: number;
  readonly text: string;
}

/** Code spans of Markdown, without fenced blocks. */
function codeSpans(text: string): Piece[] {
  let isFenced = false;
  return text.split('\n').flatMap((line, i) => {
    if (line.startsWith('```')) isFenced = !isFenced;
    return isFenced ? [] : [...line.matchAll(/`([^`]+)`/g)].map((match) => ({ line: i + 1, text: match[1]! }));
  });
}

/** The text of comments, line by line. */
function comments(text: string, isAssembly: boolean): Piece[] {
  let isInside = false;
  return text.split('\n').flatMap((line, i) => {
    const wasInside = isInside;
    const starts = isAssembly ? /(?:^|\s)(?:\/\*|\/\/|#(?!\w))/.exec(line) : /(?:^|\s)(?:\/\*|\/\/)/.exec(line);
    const at = wasInside ? 0 : (starts?.index ?? -1);
    if (at < 0) return [];
    const piece = line.slice(at);
    if (wasInside || /^\s*\/\*/.test(piece)) isInside = !piece.includes('*/');
    return [{ line: i + 1, text: piece }];
  });
}

function nameFindings(file: string, pieces: readonly Piece[], known: KnownFiles): Finding[] {
  return pieces.flatMap(({ line, text }) => [...text.matchAll(NAME)].flatMap((match) => {
    const name = match[0];
    if (known.has(name) || OTHERS.some((pattern) => pattern.test(name)) || name.startsWith('build/')) return [];
    return [{ position: `${file}:${line}:1`, rule: 'mention', message: `there is no file ${name}` }];
  }));
}

/** Links to files, and to headings of Markdown files. */
function linkFindings(root: string, file: string, text: string): Finding[] {
  return text.split('\n').flatMap((line, i) => [...line.matchAll(/\]\(([^)\s]+)\)/g)].flatMap((match) => {
    const [target, heading] = match[1]!.split('#') as [string, string | undefined];
    if (/^[a-z]+:/.test(target)) return [];
    const found = target === '' ? path.join(root, file) : path.join(root, path.dirname(file), target);
    const position = `${file}:${i + 1}:${match.index + 1}`;
    if (!existsSync(found)) return [{ position, rule: 'link', message: `there is no ${target}` }];
    if (heading === undefined || !found.endsWith('.md') || headings(readFileSync(found, 'utf8')).has(heading)) return [];
    return [{ position, rule: 'link', message: `${target || file} has no heading #${heading}` }];
  }));
}

/** Names of our code (two words in one, as in `pageFault`) in code spans and blocks: the source must have them. "name…" is a beginning. */
function identifierFindings(file: string, text: string, words: ReadonlySet<string>): Finding[] {
  let isFenced = false;
  return text.split('\n').flatMap((line, i) => {
    if (line.startsWith('```')) isFenced = !isFenced;
    const code = isFenced ? line.replace(/\/\/.*/, '') : [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1]!).join(' ');
    const missing = [...code.matchAll(/\b[A-Za-z_]\w*[a-z][A-Z]\w*\b(?!…)/g)].map((match) => match[0]).filter((word) => !words.has(word));
    return missing.map((word) => ({ position: `${file}:${i + 1}:1`, rule: 'name', message: `the source has no ${word}` }));
  });
}

/** A block that begins with "```ts FILE" shows lines of that file, unchanged but for their common indentation; "// …" stands for what is left out. */
function excerptFindings(root: string, file: string, text: string): Finding[] {
  return [...text.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].flatMap((match) => {
    const [, source, block] = match as unknown as [string, string, string];
    const position = `${file}:${text.slice(0, match.index).split('\n').length}:1`;
    if (!existsSync(path.join(root, source))) return [{ position, rule: 'excerpt', message: `there is no file ${source}` }];
    const plain = (code: string): string => code.split('\n').map((line) => line.trim()).join('\n');
    const whole = plain(readFileSync(path.join(root, source), 'utf8'));
    const missing = block.split(/^\s*\/\/ …\n/m).find((part) => !whole.includes(plain(part).trimEnd()));
    return missing === undefined ? [] : [{ position, rule: 'excerpt', message: `these lines are not in ${source}: ${missing.split('\n')[0]}` }];
  });
}

/** Anchors of a page's headings, as GitHub makes them. */
function headings(text: string): Set<string> {
  return new Set([...text.matchAll(/^#+ (.*)$/gm)].map((match) => match[1]!.toLowerCase().replace(/[^\w\s-]/g, '').trim().replace(/\s/g, '-')));
}
