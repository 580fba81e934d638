// What untrusted files may not even write down, and what no file may import: judged on asc's own syntax tree.

import * as asc from 'assemblyscript';
import { LAYERS, layerOf } from '../layers.js';
import type { Report } from '../check-bodies.js';

/** What the kernel's files are to each other. */
export interface FileSet {
  /** Files that the checks read: the kernel's, without tests and without descriptions for the generators. */
  isKernel(file: string): boolean;
  isTrusted(file: string): boolean;
}

/** True if a node stands in an untrusted file of the kernel. */
export function isUntrusted(node: asc.Node, files: FileSet): boolean {
  const file = node.range.source.normalizedPath;
  return files.isKernel(file) && !files.isTrusted(file);
}

const LIBRARY = '~lib/';

/** Decorators by which asc gives a declaration raw memory, hardware, or a place among its own globals. */
const RAW_DECORATORS = new Set<asc.DecoratorKind>([
  asc.DecoratorKind.Global, asc.DecoratorKind.Unmanaged, asc.DecoratorKind.External, asc.DecoratorKind.ExternalJs, asc.DecoratorKind.Builtin,
  asc.DecoratorKind.Unsafe,
]);

/** asc passes the operand of these to the method without looking at its type. */
const UNCHECKED_OPERATORS = new Set<asc.DecoratorKind>([asc.DecoratorKind.OperatorPrefix, asc.DecoratorKind.OperatorPostfix]);

/** Decorators, `declare` and `module` of an untrusted file. */
export function checkSyntax(source: asc.Source, report: Report): void {
  const visit = (node: asc.Node): void => {
    // The kind is asc's own reading of the name, however it is spelled.
    if (node instanceof asc.DecoratorNode && RAW_DECORATORS.has(node.decoratorKind)) {
      report(node, 'raw-memory', `@${node.name.range.toString()} outside a trusted file (toolchain/check/trusted-files.txt)`);
    }
    if (node instanceof asc.DecoratorNode && UNCHECKED_OPERATORS.has(node.decoratorKind)) {
      report(node, 'unsound-operator', `asc does not check the operand of @${node.name.range.toString()}: write a method`);
    }
    if (node instanceof asc.DeclarationStatement && (node.flags & (asc.CommonFlags.Ambient | asc.CommonFlags.Declare)) !== 0) {
      report(node.name, 'raw-memory', 'declare, which names what is not in the program, outside a trusted file (toolchain/check/trusted-files.txt)');
    }
    if (node instanceof asc.ModuleDeclaration) report(node, 'raw-memory', 'module declarations are for trusted files');
    forEachChild(node, visit);
  };
  for (const statement of source.statements) visit(statement);
}

/** All nodes that hang from one, whatever their kind. */
export function forEachChild(node: asc.Node, visit: (child: asc.Node) => void): void {
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child instanceof asc.Node && !(child instanceof asc.Source)) visit(child);
    }
  }
}

/** Each import and re-export leads to a file that is checked, and to none of a higher layer. */
export function checkImports(program: asc.Program, files: FileSet, report: Report): void {
  const byPath = new Map(program.sources.map((source) => [source.internalPath, source.normalizedPath]));
  for (const { sourceKind, statements, normalizedPath: file } of program.sources) {
    if (file.startsWith(LIBRARY) || sourceKind === asc.SourceKind.Library) continue;
    // A file that came in without an import (an alias, a new way) is named at its first statement.
    if (!files.isKernel(file) && statements[0]) report(statements[0], 'unchecked-import', `${file} is part of the program, but not of what is checked`);
    for (const statement of statements) {
      if (!(statement instanceof asc.ImportStatement || statement instanceof asc.ExportStatement) || statement.path === null) continue;
      const target = byPath.get(statement.internalPath!) ?? byPath.get(`${statement.internalPath}/index`);
      if (target !== undefined) checkImport(file, target, files, (rule, message) => report(statement.path!, rule, message));
    }
  }
}

function checkImport(file: string, target: string, files: FileSet, report: (rule: string, message: string) => void): void {
  if (target.startsWith(LIBRARY)) {
    if (!files.isTrusted(file)) report('unchecked-import', `${target} is an inner module of asc's library: only trusted files import it`);
    return;
  }
  if (!files.isKernel(target)) {
    report('unchecked-import', `${target} is not among the files that the checks read (tests and descriptions are not): the kernel cannot import it`);
    return;
  }
  const [own, other] = [layerOf(file), layerOf(target)];
  const folder = (name: string) => name.replace(/\/[^/]*$/, '');
  if (own < 0) report('layer', `${folder(file)} belongs to no layer of toolchain/check/layers.ts`);
  else if (other < 0) report('layer', `${folder(target)} belongs to no layer of toolchain/check/layers.ts`);
  else if (other > own) report('layer', `${LAYERS[own]} must not import from ${LAYERS[other]}, which is above it`);
}
