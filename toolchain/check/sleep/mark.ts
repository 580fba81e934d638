// Puts the marks `@sleeps` where the call graph says, takes them away elsewhere, and writes docs/sleep-map.md. The command:
// `npx tsx toolchain/check/sleep/mark.ts`.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readSleepers } from '../check.js';
import { ROOT } from '../../paths.js';
import { SLEEP_MAP, sleepMap } from './sleep-map.js';
import { withMarks } from './marks.js';

const functions = await readSleepers(ROOT);
let changed = 0;
for (const file of new Set(functions.map((written) => written.file))) {
  const full = path.join(ROOT, file);
  const text = readFileSync(full, 'utf8');
  const marked = withMarks(text, functions.filter((written) => written.file === file));
  if (marked === text) continue;
  writeFileSync(full, marked);
  changed++;
}
writeFileSync(path.join(ROOT, SLEEP_MAP), sleepMap(functions));
console.log(`${changed} files changed; ${functions.filter(({ sleeps }) => sleeps).length} of ${functions.length} functions may sleep (${SLEEP_MAP})`);
