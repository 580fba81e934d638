// Who calls whom, read from the module that asc has compiled and nobody has optimised: direct calls, virtual calls
// (asc makes each a call to a stub that switches on the class), and calls of function values, which may reach every
// function of that type in the table. A call that never returns counts as no call.

import type * as asc from 'assemblyscript';
import binaryen from 'assemblyscript/binaryen';
import { ENDING_FUNCTIONS, newWalker, type ShadowStackHolder } from '../../compile/root-homes.js';

/** asc's compiler as far as the graph needs it. */
export interface GraphSource extends ShadowStackHolder {
  module: asc.Module;
  /** What function values can be. */
  functionTable: asc.Function[];
}

export interface CallGraph {
  /** Callees of each function with a body, by name. */
  calls: Map<string, Set<string>>;
  /** Imports: the machine's name of each, by the name it has in the module. */
  imports: Map<string, string>;
}

const raw = binaryen as unknown as Record<string, (...args: number[]) => number>;

/** Reads the graph of a compiled module. */
export function readCallGraph(compiler: GraphSource): CallGraph {
  const { module } = compiler;
  const read = (text: number) => module.readStringCached(text)!;
  const calls = new Map<string, Set<string>>();
  const imports = new Map<string, string>();
  for (let i = 0, count = raw._BinaryenGetNumFunctions!(module.ref); i < count; i++) {
    const func = raw._BinaryenGetFunctionByIndex!(module.ref, i);
    const name = read(raw._BinaryenFunctionGetName!(func));
    if (raw._BinaryenFunctionGetBody!(func) === 0) imports.set(name, read(raw._BinaryenFunctionImportGetBase!(func)));
    else calls.set(name, new Set());
  }
  const values = functionValues(compiler);
  const walker = newWalker(compiler);
  const current = () => calls.get(read(raw._BinaryenFunctionGetName!(walker.currentFunction)))!;
  walker.visitCallPre = (call) => {
    const target = read(raw._BinaryenCallGetTarget!(call));
    if (!ENDING_FUNCTIONS.has(target)) current().add(target);
  };
  walker.visitCallIndirectPre = (call) => {
    const type = `${raw._BinaryenCallIndirectGetParams!(call)} ${raw._BinaryenCallIndirectGetResults!(call)}`;
    for (const target of values.get(type) ?? []) current().add(target);
  };
  walker.walkFunctions();
  return { calls, imports };
}

/** Names of the functions in the table, by parameters and result. */
function functionValues({ module, functionTable }: GraphSource): Map<string, string[]> {
  const result = new Map<string, string[]>();
  for (const { internalName } of functionTable) {
    const func = module.getFunction(internalName);
    if (func === 0) continue;
    const type = `${raw._BinaryenFunctionGetParams!(func)} ${raw._BinaryenFunctionGetResults!(func)}`;
    result.set(type, [...(result.get(type) ?? []), internalName]);
  }
  return result;
}

/**
 * Everything from which one of `roots` (names of the machine's imports) can be reached, with the call that leads there on a shortest way;
 * the imports themselves lead nowhere. A function that `isCut` says yes to is not looked through.
 */
export function reaching(graph: CallGraph, roots: ReadonlySet<string>, isCut: (name: string) => boolean): Map<string, string | null> {
  const callers = new Map<string, string[]>();
  for (const [caller, targets] of graph.calls) {
    for (const target of targets) callers.set(target, [...(callers.get(target) ?? []), caller]);
  }
  const next = new Map<string, string | null>();
  for (const [name, base] of graph.imports) if (roots.has(base)) next.set(name, null);
  // Breadth first, and callers by name, so that the way is a shortest one and the same each time.
  for (let level = [...next.keys()].sort(); level.length > 0;) {
    const found: string[] = [];
    for (const name of level) {
      for (const caller of callers.get(name) ?? []) {
        if (next.has(caller) || isCut(caller)) continue;
        next.set(caller, name);
        found.push(caller);
      }
    }
    level = found.sort();
  }
  return next;
}
