// Every use of an element, as the compiler itself resolves it: what an identifier, a member or a type name stands for,
// and which function an operator, a literal or `new` calls, in every body that is compiled, whatever aliases,
// namespaces, types, generics or inlining lie between. scopes.ts adds the bodies that no instance is made of.

import * as asc from 'assemblyscript';

/** Called for each use: where it stands, what it means, and within what. The same place may come several times. */
export type UseWatcher = (node: asc.Node, element: asc.Element, flow: asc.Flow | null) => void;

/** asc's resolver, with the private functions through which all names go. */
interface HookedResolver {
  lookupIdentifierExpression(node: asc.IdentifierExpression, flow: asc.Flow, ...rest: unknown[]): asc.Element | null;
  lookupPropertyAccessExpression(node: asc.PropertyAccessExpression, flow: asc.Flow, ...rest: unknown[]): asc.Element | null;
  resolveTypeName(node: asc.TypeName, flow: asc.Flow | null, ...rest: unknown[]): asc.Element | null;
}

/** asc's compiler, with the private functions through which all direct calls and object literals go. */
export interface HookedCalls {
  currentFlow: asc.Flow;
  makeCallDirect(instance: asc.Function, operands: number[] | null, reportNode: asc.Node, immediatelyDropped?: boolean): number;
  compileCallDirect(instance: asc.Function, args: asc.Expression[], reportNode: asc.Node, ...rest: unknown[]): number;
  makeAssignment(target: asc.Element, value: number, type: asc.Type, valueNode: asc.Expression, ...rest: unknown[]): number;
  convertExpression(expression: number, from: asc.Type, to: asc.Type, isExplicit: boolean, reportNode: asc.Node): number;
  compileObjectLiteral(node: asc.ObjectLiteralExpression, type: asc.Type, ...rest: unknown[]): number;
}

/** Another version of asc may have other inner functions: then nothing would be watched, so the check ends instead. */
function requireFunctions(owner: object, names: readonly string[]): void {
  for (const name of names) {
    if (typeof (owner as Record<string, unknown>)[name] !== 'function') throw new Error(`asc has changed: it has no ${name} any more, through which uses are watched`);
  }
}

/** Watches the names that the resolver sees from now on. */
export function watchNames(program: asc.Program, watch: UseWatcher): void {
  const resolver = program.resolver as unknown as HookedResolver;
  requireFunctions(resolver, ['lookupIdentifierExpression', 'lookupPropertyAccessExpression', 'resolveTypeName']);
  const { lookupIdentifierExpression, lookupPropertyAccessExpression, resolveTypeName } = resolver;
  resolver.lookupIdentifierExpression = (node, flow, ...rest) => {
    const element = lookupIdentifierExpression.call(resolver, node, flow, ...rest);
    if (element && node.kind === asc.NodeKind.Identifier) watch(node, element, flow);
    return element;
  };
  resolver.lookupPropertyAccessExpression = (node, flow, ...rest) => {
    const element = lookupPropertyAccessExpression.call(resolver, node, flow, ...rest);
    if (element) watch(node.property, element, flow);
    return element;
  };
  resolver.resolveTypeName = (node, flow, ...rest) => {
    const element = resolveTypeName.call(resolver, node, flow, ...rest);
    if (element) watch(node, element, flow);
    return element;
  };
}

/** Watches assignments from now on, `+=` and `++` among them. */
export function watchAssignments(compiler: HookedCalls, watch: (node: asc.Node, target: asc.Element) => void): void {
  requireFunctions(compiler, ['makeAssignment']);
  const { makeAssignment } = compiler;
  compiler.makeAssignment = (target, value, type, valueNode, ...rest) => {
    watch(valueNode, target);
    return makeAssignment.call(compiler, target, value, type, valueNode, ...rest);
  };
}

/** Watches casts from one reference type to another from now on. */
export function watchCasts(compiler: HookedCalls, watch: (node: asc.Node, from: asc.Type, to: asc.Type) => void): void {
  requireFunctions(compiler, ['convertExpression']);
  const { convertExpression } = compiler;
  compiler.convertExpression = (expression, from, to, isExplicit, reportNode) => {
    if (isExplicit && from.isReference && to.isReference && from.classReference !== to.classReference) watch(reportNode, from, to);
    return convertExpression.call(compiler, expression, from, to, isExplicit, reportNode);
  };
}

/**
 * Watches the functions that are called from now on, by name or not: operators, accessors, constructors; and the
 * classes of object literals, which make an object without its constructor.
 */
export function watchCalls(compiler: HookedCalls, watch: UseWatcher, watchLiteral: UseWatcher): void {
  requireFunctions(compiler, ['makeCallDirect', 'compileCallDirect', 'compileObjectLiteral']);
  const { makeCallDirect, compileCallDirect, compileObjectLiteral } = compiler;
  compiler.makeCallDirect = (instance, operands, reportNode, immediatelyDropped) => {
    watch(reportNode, instance, compiler.currentFlow);
    return makeCallDirect.call(compiler, instance, operands, reportNode, immediatelyDropped);
  };
  compiler.compileCallDirect = (instance, args, reportNode, ...rest) => {
    watch(reportNode, instance, compiler.currentFlow);
    return compileCallDirect.call(compiler, instance, args, reportNode, ...rest);
  };
  compiler.compileObjectLiteral = (node, type, ...rest) => {
    const made = type.classReference;
    if (made) watchLiteral(node, made, compiler.currentFlow);
    return compileObjectLiteral.call(compiler, node, type, ...rest);
  };
}

/** What a file's import and export statements name, as the compiler linked them. */
export function watchImports(program: asc.Program, watch: UseWatcher): void {
  for (const file of program.filesByName.values()) {
    for (const statement of file.source.statements) {
      if (statement instanceof asc.ImportStatement) {
        for (const { name, foreignName } of statement.declarations ?? []) watchMember(file.members?.get(name.text), foreignName, watch);
      } else if (statement instanceof asc.ExportStatement) {
        for (const { localName, exportedName } of statement.members ?? []) watchMember(file.exports?.get(exportedName.text), localName, watch);
      }
    }
  }
}

function watchMember(element: asc.Element | undefined, node: asc.Node, watch: UseWatcher): void {
  if (element) watch(node, element, null);
}
