// What trusted files export: each export says whether it is safe for everyone, and untrusted files use only those.
//
// `@safe` on an exported declaration promises that no argument, order of calls or subclass can break memory safety
// through it; `@unsafe` keeps it to trusted files. A member of a class or namespace has its parent's mark unless it
// has its own. What has no mark counts as unsafe; so do the machine's imports (`@external`), which need no mark.

import * as asc from 'assemblyscript';
import { markOf, type Marks } from '../../compile/marks.js';
import { homeOf } from './library.js';
import type { Report } from '../check-bodies.js';

/** Every export of a trusted file has a mark, and nothing else has one. */
export function checkMarks(program: asc.Program, marks: Marks, isTrusted: (file: string) => boolean, report: Report): void {
  for (const file of program.filesByName.values()) {
    if (!isTrusted(file.source.normalizedPath)) continue;
    for (const [name, element] of file.exports ?? []) {
      // A re-export is judged where it is declared.
      if (element.declaration.range.source !== file.source || !needsMark(element)) continue;
      if (!markOf(marks, element)) {
        report(element.declaration, 'undeclared-export', `${name} is exported by a trusted file: mark it @safe or @unsafe (docs/inside/toolchain.md)`);
      }
    }
  }
  for (const node of marks.keys()) {
    if (!isTrusted(node.range.source.normalizedPath)) report(node, 'mark', '@safe and @unsafe are for what trusted files export');
  }
}

/** Types alone carry no code, and imports of the machine are unsafe by nature. */
function needsMark(element: asc.DeclaredElement): boolean {
  if (element.is(asc.CommonFlags.Ambient)) return false;
  return element.kind !== asc.ElementKind.TypeDefinition && element.kind !== asc.ElementKind.Enum && element.kind !== asc.ElementKind.InterfacePrototype;
}

/** Why an untrusted file may not use this element of a trusted one; null if it may. */
export function unsafeUse(element: asc.Element, marks: Marks): string | null {
  if (!(element instanceof asc.DeclaredElement) || isHarmless(element)) return null;
  if (markOf(marks, element) === 'safe') return null;
  const file = homeOf(element);
  return `${element.name} of ${file} is ${markOf(marks, element) ?? 'not marked, so'} unsafe: only trusted files use it (toolchain/check/trusted-files.txt)`;
}

function isHarmless({ kind }: asc.DeclaredElement): boolean {
  // What a type alias names is judged by itself; numbers of an enum are numbers.
  return kind === asc.ElementKind.TypeDefinition || kind === asc.ElementKind.Enum || kind === asc.ElementKind.EnumValue || kind === asc.ElementKind.Local;
}
