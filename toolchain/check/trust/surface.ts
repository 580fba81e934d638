// The surface of the trust boundary: every export of a trusted file, its mark, and how many untrusted files use it. Each
// `@safe` one is a promise that somebody has to have thought about; one that nobody untrusted uses need not be given.

import * as asc from 'assemblyscript';
import type { Mark, Marks } from '../../compile/marks.js';
import { isUntrusted, type FileSet } from './syntax.js';

/** One export, or a member of one that has a mark of its own. */
export interface SurfaceEntry {
  file: string;
  name: string;
  mark: Mark;
  /** Untrusted files that use it, sorted. */
  users: string[];
}

/** Collects the uses that the checks see. */
export class Surface {
  private readonly users = new Map<asc.Node, Set<string>>();

  constructor(private readonly marks: Marks, private readonly files: FileSet) {}

  /** Notes that a node of an untrusted file means this element, or a member of it. */
  note(node: asc.Node, element: asc.Element): void {
    if (!isUntrusted(node, this.files)) return;
    for (let at: asc.Element = element; at.kind !== asc.ElementKind.File; at = at.parent) {
      if (!(at instanceof asc.DeclaredElement) || !this.marks.has(at.declaration)) continue;
      const users = this.users.get(at.declaration) ?? new Set();
      this.users.set(at.declaration, users.add(node.range.source.normalizedPath));
    }
  }

  entries(program: asc.Program): SurfaceEntry[] {
    const result = new Map<asc.Node, SurfaceEntry>();
    const add = (element: asc.DeclaredElement, owner: string) => {
      const { declaration } = element;
      const mark = this.marks.get(declaration);
      if (!mark || result.has(declaration)) return;
      const users = [...(this.users.get(declaration) ?? [])].sort();
      result.set(declaration, { file: declaration.range.source.normalizedPath, name: owner + element.name, mark, users });
    };
    for (const element of program.elementsByName.values()) {
      if (!(element instanceof asc.DeclaredElement)) continue;
      // The namespace of an `import * as` only lends names.
      const isOwner = element instanceof asc.Namespace && !element.declaration.range.source.normalizedPath.startsWith('~lib/');
      if (element instanceof asc.ClassPrototype || isOwner) {
        for (const member of element.members?.values() ?? []) add(member, `${element.name}.`);
      }
      if (element instanceof asc.ClassPrototype) for (const member of element.instanceMembers?.values() ?? []) add(member, `${element.name}#`);
    }
    for (const element of program.elementsByName.values()) if (element instanceof asc.DeclaredElement) add(element, '');
    return [...result.values()].sort((a, b) => (a.file + a.name < b.file + b.name ? -1 : 1));
  }
}

/** The surface as text: a line for each export, and the sums. */
export function formatSurface(entries: readonly SurfaceEntry[]): string[] {
  const lines = entries.map(({ file, name, mark, users }) => {
    const shown = users.length > 3 ? [...users.slice(0, 3), '…'] : users;
    return `${mark.padEnd(6)} ${String(users.length).padStart(3)}  ${file}: ${name}${users.length > 0 ? `  (${shown.join(', ')})` : ''}`;
  });
  const safe = entries.filter(({ mark }) => mark === 'safe');
  return [...lines, `${safe.length} safe, ${safe.filter(({ users }) => users.length === 0).length} of them used by trusted files only; ${entries.length - safe.length} unsafe`];
}
