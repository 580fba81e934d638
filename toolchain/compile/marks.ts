// The marks `@safe` and `@unsafe` on exports of trusted files: taken out of the syntax tree and remembered.
//
// `@safe` says that no caller can break memory safety through the element, whatever it passes; `@unsafe` that only
// trusted files may use it. asc knows a decorator `@unsafe` of its own (for --noUnsafe, on functions only), so the
// marks are removed before it looks at them: they change nothing in what is compiled. check/trust/exports.ts judges by them.

import * as asc from 'assemblyscript';

export type Mark = 'safe' | 'unsafe';

/** Marks by the declaration that carries them. */
export type Marks = Map<asc.Node, Mark>;

/** Takes the marks out of all parsed files of the kernel; to be called before the program is initialised. */
export function takeMarks(program: asc.Program): Marks {
  const marks: Marks = new Map();
  for (const source of program.sources) {
    if (!source.normalizedPath.startsWith('~lib/')) takeFrom(source.statements, marks);
  }
  return marks;
}

/** The mark of an element: its own, or that of what it is a member of. Null if there is none. */
export function markOf(marks: Marks, element: asc.Element): Mark | null {
  for (let at: asc.Element | null = element; at && at.kind !== asc.ElementKind.File; at = at.parent) {
    const own = at instanceof asc.DeclaredElement ? marks.get(at.declaration) : undefined;
    if (own) return own;
    // An accessor hangs below its property, a method's instance below its class's instance: the way up is the same.
    if (at.parent === at) return null;
  }
  return null;
}

function takeFrom(statements: readonly asc.Statement[], marks: Marks): void {
  for (const statement of statements) {
    const inner = statement.kind === asc.NodeKind.ExportDefault ? (statement as asc.ExportDefaultStatement).declaration : statement;
    if (inner instanceof asc.VariableStatement) {
      const mark = takeFromDecorators(inner.decorators);
      for (const declaration of inner.declarations) if (mark) marks.set(declaration, mark);
    } else if (inner instanceof asc.DeclarationStatement) {
      const mark = takeFromDecorators(inner.decorators);
      if (mark) marks.set(inner, mark);
      if (inner instanceof asc.ClassDeclaration || inner instanceof asc.NamespaceDeclaration) takeFrom(inner.members, marks);
    }
  }
}

/** Removes the marks from a list; the last one, or null. A mark is a plain name: `@unsafe()` stays, and is refused later. */
function takeFromDecorators(decorators: asc.DecoratorNode[] | null): Mark | null {
  let result: Mark | null = null;
  for (let i = (decorators?.length ?? 0) - 1; i >= 0; i--) {
    const { name, args } = decorators![i]!;
    if (!(name instanceof asc.IdentifierExpression) || args !== null) continue;
    if (name.text !== 'safe' && name.text !== 'unsafe') continue;
    result = name.text;
    decorators!.splice(i, 1);
  }
  return result;
}
