// What calls and members stand for, noted while asc compiles, for the walk over bodies afterwards (references.ts).

import * as asc from 'assemblyscript';
import { watchCalls, watchNames, type HookedCalls } from '../trust/uses.js';

/** A class whose objects are counted: it has these methods, its own or inherited. */
const COUNTING = ['retain', 'release'];

export class ResolvedUses {
  private readonly callees = new Map<asc.Node, asc.Function>();
  private readonly members = new Map<asc.Node, asc.Element>();
  private readonly counted = new Map<asc.Class, boolean>();

  /** Watches from now on what the compiler resolves. */
  constructor(program: asc.Program, compiler: HookedCalls) {
    watchCalls(compiler, (node, element) => {
      if (element instanceof asc.Function) this.callees.set(node, element);
    }, () => {});
    watchNames(program, (node, element) => this.members.set(node, element));
  }

  /** The function that a call, `new` or an accessor's use calls; null for a built-in or what was not compiled. */
  calleeOf(node: asc.Node): asc.Function | null {
    return this.callees.get(node) ?? null;
  }

  /** The field that a member access means, or null. */
  fieldOf(node: asc.PropertyAccessExpression): asc.Property | null {
    const element = this.members.get(node.property);
    const property = element instanceof asc.PropertyPrototype ? element.instance : element;
    return property instanceof asc.Property && property.isField ? property : null;
  }

  /** The name of the module's variable marked `@scratch` that an identifier means, or null. */
  scratchOf(node: asc.IdentifierExpression): string | null {
    const element = this.members.get(node);
    return element instanceof asc.Global && hasDecorator(element.declaration as asc.DeclarationStatement, 'scratch') ? element.name : null;
  }

  /** True if objects of this type are counted. */
  isCounted(type: asc.Type): boolean {
    const made = type.getClass();
    if (!made) return false;
    let known = this.counted.get(made);
    if (known === undefined) this.counted.set(made, known = COUNTING.every((name) => made.getMember(name) !== null));
    return known;
  }
}

/** True if a declaration carries the decorator `@name`. */
export function hasDecorator(declaration: { decorators: asc.DecoratorNode[] | null }, name: string): boolean {
  return (declaration.decorators ?? []).some((decorator) => decorator.name instanceof asc.IdentifierExpression && decorator.name.text === name);
}
