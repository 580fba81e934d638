// No import circle of more than four files: files that need each other are one thing, and it must stay small enough to
// be read at once. What leads up from lower files goes by an object passed down, a base class or a role installed once.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import type { Finding } from '../check-bodies.js';

/** The largest circle allowed, in files. */
export const CIRCLE_LIMIT = 4;

/** A finding for each circle of more than `CIRCLE_LIMIT` of the files. */
export function checkCircles(root: string, files: readonly string[]): Finding[] {
  const graph = new Map<string, string[]>();
  const known = new Set(files);
  for (const file of files) graph.set(file, importsOf(file, readFileSync(path.join(root, file), 'utf8')).filter((target) => known.has(target)));
  return findCircles(graph).filter((circle) => circle.length > CIRCLE_LIMIT).map((circle) => ({
    position: `${circle[0]}:1:1`,
    rule: 'circle',
    message: `${circle.length} files import each other, at most ${CIRCLE_LIMIT} may: ${circle.join(', ')}`,
  }));
}

/** Files that a file imports or re-exports (types alone do not count), as paths from the root. */
export function importsOf(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, false);
  const result: string[] = [];
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement) ? statement.importClause?.isTypeOnly : !ts.isExportDeclaration(statement) || statement.isTypeOnly) continue;
    const specifier = (statement as ts.ImportDeclaration | ts.ExportDeclaration).moduleSpecifier;
    if (!specifier || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) continue;
    result.push(`${path.posix.join(path.posix.dirname(file), specifier.text).replace(/\.[jt]s$/, '')}.ts`);
  }
  return result;
}

/** The strongly connected parts of more than one node, each sorted: Tarjan's algorithm. */
export function findCircles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const isOpen = new Set<string>();
  const circles: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    isOpen.add(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) {
        visit(next);
        low.set(node, Math.min(low.get(node)!, low.get(next)!));
      } else if (isOpen.has(next)) {
        low.set(node, Math.min(low.get(node)!, index.get(next)!));
      }
    }
    if (low.get(node) !== index.get(node)) return;
    const part = stack.splice(stack.indexOf(node));
    for (const member of part) isOpen.delete(member);
    if (part.length > 1) circles.push(part.sort());
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return circles;
}
