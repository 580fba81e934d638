// Checks that need only the path and the text of a file: its name, and how many lines of code it has.

import type { Finding } from './check-bodies.js';

const NAME = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test)?\.ts$/;

/** Checks the name of one file. */
export function checkName(file: string): Finding[] {
  if (NAME.test(file.replace(/^arch\/x86_64\//, 'arch/'))) return [];
  return [{ position: `${file}:1:1`, rule: 'file-name', message: 'file names are kebab-case' }];
}

/** Lines that are neither empty nor comment. */
export function codeLines(text: string): number {
  const withoutBlocks = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''));
  return withoutBlocks.split('\n').filter((line) => line.trim() !== '' && !/^\s*(?:\/\/|#[^a-z]|#$)/.test(line)).length;
}
