// Every use of an element by its name, as the compiler itself resolves it: what an identifier, a member or a type name
// in a file stands for, in every body that is compiled, whatever aliases, namespaces, types or generics lie between.

import * as asc from 'assemblyscript';

/** Called for each use: where it stands, and what it means. The same place may come several times (generics, inlining). */
export type UseWatcher = (node: asc.Node, element: asc.Element) => void;

/** asc's resolver, with the private functions through which all names go. */
interface HookedResolver {
  lookupIdentifierExpression(node: asc.IdentifierExpression, ...rest: unknown[]): asc.Element | null;
  lookupPropertyAccessExpression(node: asc.PropertyAccessExpression, ...rest: unknown[]): asc.Element | null;
  resolveTypeName(node: asc.TypeName, ...rest: unknown[]): asc.Element | null;
}

/** Watches the uses that the resolver sees from now on. */
export function watchNames(program: asc.Program, watch: UseWatcher): void {
  const resolver = program.resolver as unknown as HookedResolver;
  const { lookupIdentifierExpression, lookupPropertyAccessExpression, resolveTypeName } = resolver;
  resolver.lookupIdentifierExpression = (node, ...rest) => {
    const element = lookupIdentifierExpression.call(resolver, node, ...rest);
    if (element && node.kind === asc.NodeKind.Identifier) watch(node, element);
    return element;
  };
  resolver.lookupPropertyAccessExpression = (node, ...rest) => {
    const element = lookupPropertyAccessExpression.call(resolver, node, ...rest);
    if (element) watch(node.property, element);
    return element;
  };
  resolver.resolveTypeName = (node, ...rest) => {
    const element = resolveTypeName.call(resolver, node, ...rest);
    if (element) watch(node, element);
    return element;
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
  if (element) watch(node, element);
}
