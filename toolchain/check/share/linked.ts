// Which lines of the kernel's TypeScript are linked: those of files that the entry file reaches, without functions,
// methods and classes that nothing in the program uses. For the published share of trusted lines (share.ts).

import * as asc from 'assemblyscript';
import { compileOrExplain } from '../../compile/compile.js';

/** Lines `first .. last`, counted from 1. */
export type LineRange = [first: number, last: number];

/** For each linked file the ranges in it that are not linked. */
export type LinkedFiles = Record<string, LineRange[]>;

interface RecordedCompiler {
  module: asc.Module;
  compile(): asc.Module;
  compileFunction(instance: asc.Function, forceStdAlternative?: boolean): boolean;
  makeCallInline(instance: asc.Function, ...rest: unknown[]): number;
}

/** Compiles a program from its entry file and says what came to be compiled. Files with `isKernel` only. */
export function findLinked(program: asc.Program, compiler: RecordedCompiler, isKernel: (file: string) => boolean): LinkedFiles {
  const compiled = new Set<asc.Node>();
  const { compileFunction, makeCallInline } = compiler;
  compiler.compileFunction = (instance, ...rest) => {
    compiled.add(instance.declaration);
    return compileFunction.call(compiler, instance, ...rest);
  };
  compiler.makeCallInline = (instance, ...rest) => {
    compiled.add(instance.declaration);
    return makeCallInline.call(compiler, instance, ...rest);
  };
  compileOrExplain(compiler);
  const used = new Set<asc.Node>();
  for (const element of program.elementsByName.values()) {
    if (element instanceof asc.ClassPrototype && (element.instances?.size ?? 0) > 0) used.add(element.declaration);
  }
  const result: LinkedFiles = {};
  for (const source of program.sources) {
    if (isKernel(source.normalizedPath)) result[source.normalizedPath] = unlinkedIn(source.statements, (node) => compiled.has(node), (node) => used.has(node));
  }
  return result;
}

function unlinkedIn(statements: readonly asc.Statement[], isCompiled: (node: asc.Node) => boolean, isUsed: (node: asc.Node) => boolean): LineRange[] {
  return statements.flatMap((statement): LineRange[] => {
    const node = statement instanceof asc.ExportDefaultStatement ? statement.declaration : statement;
    if (node instanceof asc.FunctionDeclaration) return node.body === null || isCompiled(node) ? [] : [linesOf(node)];
    // A class is used when there are objects of it, or one of its static methods is.
    if (node instanceof asc.ClassDeclaration) return isUsed(node) || node.members.some(isCompiled) ? unlinkedIn(node.members, isCompiled, isUsed) : [linesOf(node)];
    return node instanceof asc.NamespaceDeclaration ? unlinkedIn(node.members, isCompiled, isUsed) : [];
  });
}

/** The lines of a declaration, its decorators included. */
function linesOf({ range, decorators }: asc.DeclarationStatement): LineRange {
  const start = Math.min(range.start, decorators?.[0]?.range.start ?? range.start);
  const lineOf = (offset: number) => range.source.text.substring(0, offset).split('\n').length;
  return [lineOf(start), lineOf(range.end)];
}
