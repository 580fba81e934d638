// State of modules: variables outside functions and objects that can change, or that hold an object that can.
//
// Each carries its guard as a decorator, so that the day a second CPU runs nobody has to guess: what may touch it, and
// when. The build refuses one without a guard, and a guard on what cannot change; docs/module-state.md lists them all.
// What cannot change is found by type: numbers, strings, functions, and objects whose fields are all readonly and of
// such types. Static fields of classes count like variables. asc ignores decorators that it does not know.

import * as asc from 'assemblyscript';
import { homeOf } from '../trust/library.js';
import type { Report } from '../check-bodies.js';

/** The guards and what they promise. */
export const GUARDS = {
  kernelLock: 'read and written with the kernel lock held (today: on the one CPU, which interrupts and other threads cannot take in between)',
  bootOnly: 'written before the first program runs, by one CPU; afterwards only read',
  thisCpu: 'belongs to the CPU that runs the code: goes to its `Cpu` object, or is set where the kernel lock is taken, when there are several',
  scratch: 'an object used again, filled and emptied between two points that may sleep: holds nothing in between (kernel lock)',
  constant: 'an object of a type that could be changed, but never is once it is made',
} as const;

export type Guard = keyof typeof GUARDS;

/** One variable with its guard. */
export interface StateVariable {
  file: string;
  name: string;
  guard: Guard;
}

/** Lists the state of the files that `isChecked` holds for; what has no guard, or a needless or second one, is reported. */
export function moduleState(program: asc.Program, isChecked: (file: string) => boolean, report: Report): StateVariable[] {
  const result: StateVariable[] = [];
  for (const element of new Set(program.elementsByName.values())) {
    if (!(element instanceof asc.Global) || !isChecked(homeOf(element)) || element.is(asc.CommonFlags.Ambient)) continue;
    const guards = guardsOf(element);
    const name = element.parent instanceof asc.File ? element.name : `${element.parent.name}.${element.name}`;
    if (isConstantByName(element)) {
      if (guards.length > 0) report(element.declaration, 'needless-guard', `${name} is a constant by its name: it needs no guard`);
      checkConstant(element, report);
    } else if (!isState(element)) {
      if (guards.length > 0) report(element.declaration, 'needless-guard', `${name} cannot change: it needs no guard`);
    } else if (guards.length !== 1) {
      const why = guards.length === 0 ? 'is state of the module without a guard' : 'has more than one guard';
      report(element.declaration, 'guard', `${name} ${why}: one of ${Object.keys(GUARDS).map((guard) => `@${guard}`).join(' ')} (docs/module-state.md)`);
    } else {
      checkGuard(element, guards[0]!, name, report);
      result.push({ file: homeOf(element), name, guard: guards[0]! });
    }
  }
  return result.sort((a, b) => compare(a.file, b.file) || compare(a.name, b.name));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function guardsOf(element: asc.Global): Guard[] {
  const names = (element.declaration.decorators ?? []).map(({ name }) => (name instanceof asc.IdentifierExpression ? name.text : ''));
  return names.filter((name): name is Guard => Object.hasOwn(GUARDS, name));
}

function canAssign(element: asc.Global): boolean {
  return !element.is(asc.CommonFlags.Const) && !element.is(asc.CommonFlags.Readonly);
}

/** What can be assigned again is no constant. */
function checkGuard(element: asc.Global, guard: Guard, name: string, report: Report): void {
  if (guard !== 'constant') return;
  if (canAssign(element)) report(element.declaration, 'guard', `${name} can be assigned: @constant is for constants that hold an object`);
  checkConstant(element, report);
}

/** Tables: constants in capitals that hold an array. */
function isConstantByName(element: asc.Global): boolean {
  return !canAssign(element) && /^[A-Z][A-Z0-9_]*$/.test(element.name) && isMutable(element.type, new Set());
}

/** Nothing is stored in a constant array, at least not by its own file. */
function checkConstant(element: asc.Global, report: Report): void {
  const { source } = element.declaration.range;
  const store = new RegExp(String.raw`(?<![\w.])${element.name}\[[^\]]*\]\s*(?:[-+*/%&|^]|<<|>>>?)?=(?!=)`).exec(source.text);
  if (store) report(element.declaration, 'guard', `${element.name} is a constant, but line ${source.lineAt(store.index)} stores in it`);
}

function isState(element: asc.Global): boolean {
  return canAssign(element) || isMutable(element.type, new Set());
}

/** True if an object of the type, or one that it leads to, can change. */
function isMutable(type: asc.Type, seen: Set<asc.Class>): boolean {
  const made = type.classReference;
  if (!made || type.signatureReference) return false;
  return isMutableClass(made, seen);
}

function isMutableClass(made: asc.Class, seen: Set<asc.Class>): boolean {
  if (seen.has(made)) return false;
  seen.add(made);
  if (made.program.stringInstance === made) return false;
  // Elements of arrays, maps and sets can be stored; numbers by another name (`@unmanaged`) cannot.
  if (made.hasDecorator(asc.DecoratorFlags.Unmanaged)) return false;
  if (made.declaration.range.source.isLibrary) return true;
  for (const member of made.members?.values() ?? []) {
    const field = member instanceof asc.PropertyPrototype ? member.instance : member;
    if (!(field instanceof asc.Property) || !field.isField) continue;
    if (!field.is(asc.CommonFlags.Readonly) || isMutable(field.type, seen)) return true;
  }
  return [...(made.extenders ?? [])].some((extender) => isMutableClass(extender, seen));
}
