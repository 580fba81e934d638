// What untrusted classes may extend: neither asc's library nor handles, and of trusted classes only what is meant to be
// filled in. A method of a trusted class that does something is not replaced by an untrusted one.

import * as asc from 'assemblyscript';
import type { Marks } from '../../compile/marks.js';
import type { Report } from '../check-bodies.js';
import { homeOf, isOfLibrary } from './library.js';
import { isUntrusted, type FileSet } from './syntax.js';

/** Checks the bases of all untrusted classes. */
export function checkBases(program: asc.Program, marks: Marks, files: FileSet, report: Report): void {
  for (const element of program.elementsByName.values()) {
    if (!(element instanceof asc.ClassPrototype) || !isUntrusted(element.declaration, files)) continue;
    const { basePrototype, extendsNode } = element;
    if (!basePrototype || !extendsNode) continue;
    if (isOfLibrary(basePrototype)) report(extendsNode, 'library', `${element.name} extends ${basePrototype.name} of asc's library: only trusted files do`);
    if (basePrototype.hasDecorator(asc.DecoratorFlags.Unmanaged)) report(extendsNode, 'raw-memory', `${element.name} extends an @unmanaged class: only trusted files do`);
    for (const [name, member] of element.instanceMembers ?? []) {
      const replaced = trustedMember(basePrototype, name, files);
      if (replaced && marks.get(replaced.declaration) !== 'safe') {
        report(member.identifierNode, 'unsafe-export', `${name} replaces what ${homeOf(replaced)} does: mark it @safe there if everyone may`);
      }
    }
  }
}

/** The member of a trusted base that has a body or is a field; null if there is none, or it is abstract or private. */
function trustedMember(base: asc.ClassPrototype, name: string, files: FileSet): asc.DeclaredElement | null {
  if (name === 'constructor') return null;
  for (let at: asc.ClassPrototype | null = base; at; at = at.basePrototype) {
    const member = at.instanceMembers?.get(name);
    // The nearest one counts: what it replaces is its own affair.
    if (member) return !files.isTrusted(homeOf(member)) || member.isAny(asc.CommonFlags.Abstract | asc.CommonFlags.Private) ? null : member;
  }
  return null;
}
