// The marks `@sleeps` and `@noSleep` against what the call graph says (sleepers.ts); and the text with the marks put right.

import type { Finding } from '../check-bodies.js';
import type { WrittenFunction } from './sleepers.js';

export const MARKING_COMMAND = 'npx tsx toolchain/check/sleep/mark.ts';

/** Marks that are missing, that are too much, and promises not kept. `textOf` gives a file's text. */
export function checkMarks(functions: readonly WrittenFunction[], textOf: (file: string) => string): Finding[] {
  const findings: Finding[] = [];
  const report = ({ file, nameStart }: WrittenFunction, rule: string, message: string) => {
    const before = textOf(file).slice(0, nameStart).split('\n');
    findings.push({ position: `${file}:${before.length}:${before[before.length - 1]!.length + 1}`, rule, message });
  };
  for (const written of functions) {
    const { name, sleeps, isMarked, isForbidden, isAnonymous, way } = written;
    if (isForbidden && sleeps) report(written, 'no-sleep', `${name} is marked @noSleep but may sleep: ${way.join(', ')}`);
    else if (sleeps && isAnonymous) report(written, 'sleeps', `a function without a name may sleep (${way.join(', ')}): give it a name and the mark @sleeps`);
    else if (sleeps && !isMarked) report(written, 'sleeps', `${name} may sleep (${way.join(', ')}) and is not marked @sleeps; ${MARKING_COMMAND} marks it`);
    else if (!sleeps && isMarked) report(written, 'sleeps', `${name} is marked @sleeps and cannot sleep; ${MARKING_COMMAND} takes the mark away`);
  }
  return findings;
}

/** What may stand between the start of a member or declaration and its name. */
const BEFORE_NAME = /(?:(?:@\w+(?:\([^()\n]*\))?|export|default|abstract|static|private|protected|public|override|readonly|function|get|set|declare)\s+)*$/;

/** A file's text with every mark as the functions of that file need it. */
export function withMarks(text: string, functions: readonly WrittenFunction[]): string {
  // From the end, so that offsets stay true.
  for (const { nameStart, sleeps, isMarked, isForbidden, isAnonymous } of [...functions].sort((a, b) => b.nameStart - a.nameStart)) {
    if (sleeps === isMarked || isForbidden || isAnonymous) continue;
    const start = BEFORE_NAME.exec(text.slice(0, nameStart))!.index;
    const head = text.slice(start, nameStart);
    const marked = sleeps ? `@sleeps ${head}` : head.replace(/@sleeps\s+/, '');
    text = text.slice(0, start) + marked + text.slice(nameStart);
  }
  return text;
}
