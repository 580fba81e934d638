// Numbers of the ABI are defined once, in kernel/abi: a constant elsewhere with the name and the number of one there is refused.

import * as asc from 'assemblyscript';
import { homeOf } from '../trust/library.js';
import type { Report } from '../check-bodies.js';

const ABI = 'kernel/abi/';

/** Reports constants that repeat one of kernel/abi; signals are known by their C names too (SIGINT is Signal.INT). */
export function checkAbiOnce(program: asc.Program, isChecked: (file: string) => boolean, report: Report): void {
  const globals = [...new Set(program.elementsByName.values())].filter((element) => element instanceof asc.Global);
  const known = new Map<string, { value: number; home: string }>();
  for (const element of globals) {
    const value = numberOf(element);
    if (value === null || !homeOf(element).startsWith(ABI)) continue;
    const home = `${homeOf(element)}`;
    if (element.parent instanceof asc.File) known.set(element.name, { value, home });
    else if (element.parent.name === 'Signal') known.set(`SIG${element.name}`, { value, home });
  }
  for (const element of globals) {
    if (homeOf(element).startsWith(ABI) || !isChecked(homeOf(element))) continue;
    const same = known.get(element.name);
    if (same && same.value === numberOf(element)) report(element.declaration, 'abi-once', `${element.name} is defined in ${same.home}: import it`);
  }
}

/** The number that a constant is initialised with, null if that is no literal. */
function numberOf(element: asc.Global): number | null {
  const { initializer, range } = element.declaration as asc.VariableDeclaration;
  if (!element.is(asc.CommonFlags.Const) || !initializer) return null;
  const text = range.source.text.slice(initializer.range.start, initializer.range.end).replaceAll('_', '');
  return /^-?(?:0[xob])?[0-9a-f]+$/i.test(text) ? Number(text) : null;
}
