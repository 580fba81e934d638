/** The map of locks in docs/locks-and-sleeping.md names the ranks of kernel/sync/lock-rank.ts, all of them, in their order. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../toolchain/paths.ts';

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

test('the map of locks names every rank in its order', () => {
  const ranks = [...read('kernel/sync/lock-rank.ts').matchAll(/^ {2}([A-Z_]+) = (\d+),$/gm)].map(([, name, value]) => ({ name, value: Number(value) }));
  const rows = [...read('docs/locks-and-sleeping.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
  expect(ranks.length).toBeGreaterThan(5);
  expect(rows).toEqual([...ranks].sort((a, b) => a.value - b.value).map(({ name }) => name));
});
