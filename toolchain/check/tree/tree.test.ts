// Circles and crowded folders are found, with all who belong to them, and nothing else is.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../paths.js';
import { findCircles, importsOf } from './circles.js';
import { checkTree } from './folders.js';

const tree = mkdtempSync(path.join(tmpdir(), 'tree-'));

/** Writes `count` files that import each other in a ring. */
function writeRing(folder: string, count: number): void {
  mkdirSync(path.join(tree, folder), { recursive: true });
  for (let i = 0; i < count; i++) writeFileSync(path.join(tree, folder, `f${i}.ts`), `import { x } from "./f${(i + 1) % count}";\nexport const y = x;\n`);
}

beforeAll(() => {
  writeRing('kernel/four', 4);
  writeRing('kernel/five', 5);
  mkdirSync(path.join(tree, 'kernel/full'));
  mkdirSync(path.join(tree, 'tests/crowded/build'), { recursive: true });
  for (let i = 0; i < 20; i++) writeFileSync(path.join(tree, 'kernel/full', `a${i}.ts`), '');
  for (let i = 0; i < 21; i++) writeFileSync(path.join(tree, 'tests/crowded', `a${i}.c`), '');
  for (let i = 0; i < 30; i++) writeFileSync(path.join(tree, 'tests/crowded/build', `a${i}.o`), '');
});

afterAll(() => rmSync(tree, { recursive: true }));

describe('the shape of the tree', () => {
  it('has no circle of more than four files and no folder of more than twenty', () => {
    const findings = checkTree(tree);
    expect(findings.map(({ position, rule }) => `${position} ${rule}`)).toEqual(['tests/crowded:1:1 folder', 'kernel/five/f0.ts:1:1 circle']);
    expect(findings[1]!.message).toContain('kernel/five/f0.ts, kernel/five/f1.ts, kernel/five/f2.ts, kernel/five/f3.ts, kernel/five/f4.ts');
  });

  it('holds for this project', () => {
    expect(checkTree(ROOT)).toEqual([]);
  });

  it('finds circles that share a file as one, and none where ways only meet', () => {
    const graph = new Map([['a', ['b', 'd']], ['b', ['c']], ['c', ['a', 'd']], ['d', ['e']], ['e', ['d']], ['f', ['a', 'd']]]);
    expect(findCircles(graph)).toEqual([['d', 'e'], ['a', 'b', 'c']]);
  });

  it('counts imports and re-exports, but not those of types', () => {
    const text = 'import { a } from "./a";\nimport type { b } from "./b.js";\nexport { c } from "../c.js";\nexport type { d } from "./d.js";\nimport "./e";\nimport ts from "typescript";\n';
    expect(importsOf('kernel/mm/x.ts', text)).toEqual(['kernel/mm/a.ts', 'kernel/c.ts', 'kernel/mm/e.ts']);
  });
});
