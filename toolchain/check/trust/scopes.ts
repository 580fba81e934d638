// Names in every body, compiled or not: what each identifier, type name and static member of a file stands for.
//
// The compiler resolves names only in what it compiles: not in a generic function or class that nothing instantiates,
// nor in a branch that a constant prunes. So the whole syntax tree is walked here, with scopes no wider than the
// compiler's: a local counts from its declaration on, in its own block and function. A name that might be either
// a local or something else is taken for something else; the walk goes through all parts of all nodes, known or not.

import * as asc from 'assemblyscript';
import { forEachChild } from './syntax.js';
import type { UseWatcher } from './uses.js';

/** Names that hide those of the file: of values and of types. */
interface Scope {
  values: Set<string>;
  types: Set<string>;
  parent: Scope | null;
}

/** Told of a member of a value, whose type is not known here. */
export type MemberWatcher = (node: asc.IdentifierExpression) => void;

/** Walks a file's tree. */
export function walkScopes(program: asc.Program, file: asc.File, watch: UseWatcher, watchMember: MemberWatcher): void {
  const walk = new ScopeWalk(program, file, watch, watchMember);
  for (const statement of file.source.statements) walk.visit(statement);
}

class ScopeWalk {
  private scope: Scope | null = null;
  private container: asc.Element;

  constructor(
    private readonly program: asc.Program, file: asc.File,
    private readonly watch: UseWatcher, private readonly watchMember: MemberWatcher,
  ) {
    this.container = file;
  }

  visit(node: asc.Node): void {
    if (node instanceof asc.IdentifierExpression) this.visitIdentifier(node);
    else if (node instanceof asc.PropertyAccessExpression) this.visitMember(node);
    else if (node instanceof asc.TypeName) this.visitTypeName(node);
    else if (node instanceof asc.VariableDeclaration) this.visitVariable(node);
    else if (node instanceof asc.FunctionDeclaration) this.visitFunction(node);
    else if (node instanceof asc.ClassDeclaration) this.visitClass(node);
    else if (node instanceof asc.NamespaceDeclaration) this.visitNamespace(node);
    else if (node instanceof asc.TypeDeclaration) this.visitTypeDeclaration(node);
    else if (node instanceof asc.ExpressionStatement) this.visitExpressionStatement(node);
    else if (node instanceof asc.TryStatement) this.visitTry(node);
    else if (node instanceof asc.ObjectLiteralExpression) node.values.forEach((value) => this.visit(value));
    else if (node instanceof asc.TypeParameterNode) this.visitAll([node.extendsType, node.defaultType]);
    else if (node instanceof asc.ParameterNode) this.visitAll([node.type, node.initializer]);
    else if (node instanceof asc.ExportImportStatement) this.visitIdentifier(node.externalName);
    // Fields and values of enums: their names are no uses.
    else if (node instanceof asc.FieldDeclaration || node instanceof asc.EnumValueDeclaration) this.visitAll([node.type, node.initializer]);
    else if (node instanceof asc.EnumDeclaration) this.visitAll(node.values);
    // What these name is watched where the compiler links it (watchImports); decorators and labels name nothing.
    else if (node instanceof asc.ImportStatement || node instanceof asc.ExportStatement || node instanceof asc.DecoratorNode) return;
    else if (node instanceof asc.BreakStatement || node instanceof asc.ContinueStatement) return;
    else if (opensScope(node)) this.inScope(this.scope, () => forEachChild(node, (child) => this.visit(child)));
    else forEachChild(node, (child) => this.visit(child));
  }

  private visitAll(nodes: readonly (asc.Node | null | undefined)[]): void {
    for (const node of nodes) if (node) this.visit(node);
  }

  private inScope(parent: Scope | null, body: () => void): void {
    const outer = this.scope;
    this.scope = { values: new Set(), types: new Set(), parent };
    try {
      body();
    } finally {
      this.scope = outer;
    }
  }

  private visitVariable(node: asc.VariableDeclaration): void {
    this.visitAll([node.type, node.initializer]);
    this.scope?.values.add(node.name.text);
  }

  private visitFunction(node: asc.FunctionDeclaration): void {
    // Functions capture nothing: locals of the enclosing function are not seen inside. Type parameters of a class are.
    this.inScope(typesOnly(this.scope), () => {
      for (const parameter of node.typeParameters ?? []) this.scope!.types.add(parameter.name.text);
      this.visitAll(node.typeParameters ?? []);
      this.visit(node.signature);
      for (const parameter of node.signature.parameters) this.scope!.values.add(parameter.name.text);
      this.visitAll([node.body]);
    });
  }

  /** A function within a function: a statement that is nothing else gives its name to what follows. */
  private visitExpressionStatement({ expression }: asc.ExpressionStatement): void {
    this.visit(expression);
    if (expression instanceof asc.FunctionExpression) this.scope?.values.add(expression.declaration.name.text);
  }

  private visitClass(node: asc.ClassDeclaration): void {
    this.inScope(typesOnly(this.scope), () => {
      for (const parameter of node.typeParameters ?? []) this.scope!.types.add(parameter.name.text);
      this.visitAll([...(node.typeParameters ?? []), node.extendsType, ...(node.implementsTypes ?? []), ...node.members, node.indexSignature]);
    });
  }

  private visitNamespace(node: asc.NamespaceDeclaration): void {
    const outer = this.container;
    this.container = outer.getMember(node.name.text) ?? outer;
    this.visitAll(node.members);
    this.container = outer;
  }

  private visitTypeDeclaration(node: asc.TypeDeclaration): void {
    this.inScope(this.scope, () => {
      for (const parameter of node.typeParameters ?? []) this.scope!.types.add(parameter.name.text);
      this.visitAll([...(node.typeParameters ?? []), node.type]);
    });
    this.scope?.types.add(node.name.text);
  }

  private visitTry(node: asc.TryStatement): void {
    for (const part of [node.bodyStatements, node.catchStatements, node.finallyStatements]) {
      this.inScope(this.scope, () => {
        if (part === node.catchStatements && node.catchVariable) this.scope!.values.add(node.catchVariable.text);
        this.visitAll(part ?? []);
      });
    }
  }

  private visitIdentifier(node: asc.IdentifierExpression): void {
    const element = this.resolve(node);
    if (element) this.watch(node, element, null);
  }

  private visitTypeName(node: asc.TypeName): void {
    let element: asc.Element | null = null;
    if (!has(this.scope, 'types', node.identifier.text)) element = this.container.lookup(node.identifier.text, true);
    if (element) this.watch(node, element, null);
    for (let next = node.next; element && next; next = next.next) {
      element = element.getMember(next.identifier.text);
      if (element) this.watch(next, element, null);
    }
  }

  private visitMember(node: asc.PropertyAccessExpression): void {
    this.visit(node.expression);
    const element = this.staticMember(node);
    if (element) this.watch(node.property, element, null);
    else this.watchMember(node.property);
  }

  /** What an identifier stands for unless it is a local; null for a local or an unknown name. */
  private resolve(node: asc.IdentifierExpression): asc.Element | null {
    if (node.kind !== asc.NodeKind.Identifier || has(this.scope, 'values', node.text)) return null;
    return this.container.lookup(node.text);
  }

  /** The member of a namespace, class, enum or number type; null if the target is a value. */
  private staticMember(node: asc.PropertyAccessExpression): asc.Element | null {
    const target = this.staticElement(node.expression);
    if (!target || target.kind === asc.ElementKind.Global) return null;
    const name = node.property.text;
    for (let at: asc.Element | null = target; at; at = at instanceof asc.ClassPrototype ? at.basePrototype : null) {
      const member = at.getMember(name);
      if (member) return member;
    }
    const typed = target.shadowType ?? target;
    const wrapper = typed instanceof asc.TypeDefinition && typed.is(asc.CommonFlags.Resolved) ? typed.type.getClassOrWrapper(this.program) : null;
    return wrapper?.prototype.getMember(name) ?? null;
  }

  private staticElement(node: asc.Expression): asc.Element | null {
    if (node instanceof asc.ParenthesizedExpression) return this.staticElement(node.expression);
    if (node instanceof asc.PropertyAccessExpression) return this.staticMember(node);
    return node instanceof asc.IdentifierExpression ? this.resolve(node) : null;
  }
}

function opensScope(node: asc.Node): boolean {
  return node instanceof asc.BlockStatement || node instanceof asc.ForStatement || node instanceof asc.ForOfStatement || node instanceof asc.WhileStatement
    || node instanceof asc.DoStatement || node instanceof asc.IfStatement || node instanceof asc.SwitchCase;
}

function has(scope: Scope | null, kind: 'values' | 'types', name: string): boolean {
  for (let at = scope; at; at = at.parent) if (at[kind].has(name)) return true;
  return false;
}

/** The scope without its values. */
function typesOnly(scope: Scope | null): Scope | null {
  return scope && { values: new Set(), types: scope.types, parent: typesOnly(scope.parent) };
}
