// `private` and `protected`, which asc parses and then forgets: enforced for the kernel's own classes.
//
// A private member is used in the file that declares it, a protected one there and in methods of subclasses.

import * as asc from 'assemblyscript';
import { homeOf } from './library.js';

/** Why this use of a member is refused, or null. `flow` is where the compiler is; without it subclasses are not judged. */
export function hiddenUse(node: asc.Node, element: asc.Element, flow: asc.Flow | null): string | null {
  if (!(element instanceof asc.DeclaredElement) || !element.isAny(asc.CommonFlags.Private | asc.CommonFlags.Protected)) return null;
  const home = homeOf(element);
  if (home === node.range.source.normalizedPath) return null;
  const name = element.name.replace(/^[gs]et:/, '');
  if (element.is(asc.CommonFlags.Private)) return `${name} is private to ${home}`;
  if (!flow || isWithin(flow.sourceFunction, prototypeOf(element))) return null;
  return `${name} is protected: only methods of its class and of subclasses use it`;
}

/** True if the function is a method of the class or of a subclass. */
function isWithin(method: asc.Function, declaring: asc.ClassPrototype | null): boolean {
  for (let at = method.getBoundClassOrInterface(); at; at = at.base) if (at.prototype === declaring) return true;
  return false;
}

/** The class that declares a member. */
function prototypeOf(element: asc.DeclaredElement): asc.ClassPrototype | null {
  for (let at: asc.Element = element.parent; at.kind !== asc.ElementKind.File; at = at.parent) {
    if (at instanceof asc.Class) {
      // A member that a subclass inherits counts where it is declared.
      for (let base: asc.Class | null = at; base; base = base.base) {
        const { members } = base.prototype.declaration as asc.ClassDeclaration;
        if (members.some((member) => member === element.declaration)) return base.prototype;
      }
      return at.prototype;
    }
    if (at instanceof asc.ClassPrototype) return at;
  }
  return null;
}
