// The lists of functions that the build treats apart name functions that exist: a stale name would be passed over in silence.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { NEVER_RETURN } from './never-return.js';
import { COLD } from './optimise.js';
import { ROOT } from './paths.js';

it.each([...NEVER_RETURN, ...COLD])('%s exists', (name) => {
  const [, file, member] = /^(.*)\/([^/]+)$/.exec(name)!;
  const text = readFileSync(path.join(ROOT, `${file}.ts`), 'utf8');
  const method = member!.split('#')[1];
  expect(text).toMatch(method === undefined ? new RegExp(`^(?:@\\w+ )*(?:export )?function ${member}\\(`, 'm') : new RegExp(`^  (?:@?\\w+ )*${method}\\(.*\\{$`, 'm'));
});
