// Which functions may sleep: those from which the switch of threads or an access to user memory (whose page fault may
// have to wait) can be reached. Interrupts do not switch, collections do not sleep.
//
// A function is meant as it is written: all instances of a generic one together. A method sleeps when a call of it through its
// own class may: its own body, or that of an override in any class below. So the mark of an abstract method speaks for all its overrides
// together, and an override that does not sleep is not marked itself.

import * as asc from 'assemblyscript';
import { ENDING_FUNCTIONS, USER_COPIES } from '../../compile/root-homes.js';
import { readCallGraph, reaching, type GraphSource } from './call-graph.js';
import { hasDecorator } from './resolved-uses.js';

/** Machine imports that sleep, themselves or in a page fault. */
const SLEEPING_IMPORTS = new Set(['threadSwitch', ...USER_COPIES]);
const MARK = 'sleeps';
const FORBIDDEN = 'noSleep';

/** One function as it is written. */
export interface WrittenFunction {
  file: string;
  /** Offset of its name in the file, and of the whole declaration. */
  nameStart: number;
  /** `Class.method`, `function`. */
  name: string;
  isMarked: boolean;
  /** Marked as a function that must not sleep. */
  isForbidden: boolean;
  /** Functions passed as values cannot be decorated. */
  isAnonymous: boolean;
  /** May sleep when called. */
  sleeps: boolean;
  /** What it calls on the shortest way to where the thread sleeps, last the machine's import; empty if it does not sleep. */
  way: string[];
}

export interface Sleepers {
  /** Functions of the kernel's files, in order of file and place. */
  functions: WrittenFunction[];
  /** Whether a call of the function declared here may sleep. */
  maySleep(declaration: asc.Node): boolean;
}

export function findSleepers(program: asc.Program, compiler: GraphSource, isKernel: (file: string) => boolean): Sleepers {
  const graph = readCallGraph(compiler);
  const next = reaching(graph, SLEEPING_IMPORTS, (name) => ENDING_FUNCTIONS.has(name));
  const names = new Map<string, asc.FunctionPrototype>();
  const own = new Map<asc.Node, string>();
  const prototypes = new Map<asc.Node, asc.FunctionPrototype>();
  for (const instance of instancesOf(program)) {
    const { prototype, internalName } = instance;
    names.set(internalName, prototype);
    prototypes.set(prototype.declaration, prototype);
    const known = own.get(prototype.declaration);
    if (next.has(internalName) && (known === undefined || internalName < known)) own.set(prototype.declaration, internalName);
  }
  for (const prototype of writtenPrototypes(program)) prototypes.set(prototype.declaration, prototype);
  // The member of a generic class is one declaration and a prototype for each instance of the class.
  const overrides = new Map<asc.Node, Set<asc.Node>>();
  for (const prototype of [...prototypes.values(), ...names.values()]) {
    for (const override of prototype.unboundOverrides ?? []) {
      const known = overrides.get(prototype.declaration) ?? new Set();
      overrides.set(prototype.declaration, known.add(override.declaration));
    }
  }
  const result: WrittenFunction[] = [];
  for (const [declaration, prototype] of prototypes) {
    const file = declaration.range.source.normalizedPath;
    if (!isKernel(file) || prototype.is(asc.CommonFlags.Ambient)) continue;
    const through = sleepingInstance(declaration, own, overrides, new Set());
    result.push({
      file, nameStart: prototype.identifierNode.range.start, name: shownName(prototype), isMarked: hasDecorator(prototype.declaration, MARK), isForbidden: hasDecorator(prototype.declaration, FORBIDDEN),
      isAnonymous: prototype.declaration.name.text === '', sleeps: through !== null, way: through === null ? [] : wayFrom(through, declaration, own, next, names, graph.imports),
    });
  }
  return {
    functions: result.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.nameStart - b.nameStart)),
    maySleep: (declaration) => sleepingInstance(declaration, own, overrides, new Set()) !== null,
  };
}

function* instancesOf(program: asc.Program): Iterable<asc.Function> {
  for (const element of program.instancesByName.values()) if (element instanceof asc.Function) yield element;
}

/** Functions, methods and accessors as declared, compiled or not. */
function* writtenPrototypes(program: asc.Program): Iterable<asc.FunctionPrototype> {
  for (const element of program.elementsByName.values()) {
    if (element instanceof asc.FunctionPrototype) yield element;
    if (!(element instanceof asc.ClassPrototype)) continue;
    for (const member of element.instanceMembers?.values() ?? []) {
      if (member instanceof asc.FunctionPrototype) yield member;
      if (!(member instanceof asc.PropertyPrototype)) continue;
      if (member.getterPrototype && !member.isField) yield member.getterPrototype;
      if (member.setterPrototype && !member.isField) yield member.setterPrototype;
    }
  }
}

/** The first instance, own or of an override, through which a call of the declared function may sleep; null if there is none. */
function sleepingInstance(
  declaration: asc.Node, own: Map<asc.Node, string>, overrides: Map<asc.Node, Set<asc.Node>>, seen: Set<asc.Node>,
): string | null {
  if (seen.has(declaration)) return null;
  seen.add(declaration);
  const self = own.get(declaration);
  if (self !== undefined) return self;
  const through = [...(overrides.get(declaration) ?? [])].map((override) => sleepingInstance(override, own, overrides, seen)).filter((name) => name !== null);
  return through.sort()[0] ?? null;
}

function wayFrom(
  start: string, declaration: asc.Node, own: Map<asc.Node, string>, next: Map<string, string | null>, names: Map<string, asc.FunctionPrototype>,
  imports: Map<string, string>,
): string[] {
  const way: string[] = [];
  const shown = (name: string) => {
    const prototype = names.get(name);
    return prototype ? shownName(prototype) : imports.get(name) ?? null;
  };
  if (own.get(declaration) === undefined) way.push(shown(start)!);
  for (let at = next.get(start) ?? null; at !== null; at = next.get(at) ?? null) {
    const name = shown(at);
    // asc's stubs for virtual calls are no functions that anybody wrote.
    if (name !== null && way[way.length - 1] !== name) way.push(name);
  }
  return way;
}

/** `kernel/ipc/pipe/Pipe#get:isEmpty` is Pipe.isEmpty. */
export function shownName(prototype: asc.FunctionPrototype): string {
  return prototype.internalName.replace(/^.*\//, '').replace(/[#~]/g, '.').replace(/(?:get|set):/, '');
}
