// The trust boundary: untrusted files reach raw memory and hardware neither by names nor by members, types, operators,
// declarations or imports; only through what trusted files export as safe. trusted-files.txt says which files those are.
//
// Uses come from two sides: from the compiler, which knows the type of everything it compiles (uses.ts), and from a walk
// over all that is written, compiled or not (scopes.ts). Both go through one judge, by the element that is meant.

import * as asc from 'assemblyscript';
import type { Marks } from '../../compile/marks.js';
import type { Report } from '../check-bodies.js';
import { checkBases } from './bases.js';
import { checkMarks, unsafeUse } from './exports.js';
import { hiddenMemberNames, homeOf, isAllowedInLibrary, isOfLibrary, isRawTool, libraryName } from './library.js';
import { hiddenUse } from './members.js';
import { walkScopes } from './scopes.js';
import { Surface } from './surface.js';
import { checkImports, checkSyntax, isUntrusted, type FileSet } from './syntax.js';
import { watchAssignments, watchCalls, watchCasts, watchImports, watchNames, type HookedCalls, type UseWatcher } from './uses.js';

const OUTSIDE = 'outside a trusted file (toolchain/check/trusted-files.txt)';

/** Judges what is written at once, and from now on what the compiler resolves. Answers what gathers the boundary's surface. */
export function guardTrust(program: asc.Program, compiler: HookedCalls, marks: Marks, files: FileSet, report: Report): Surface {
  checkMarks(program, marks, files.isTrusted, report);
  checkImports(program, files, report);
  const surface = new Surface(marks, files);
  const judge: UseWatcher = (node, element, flow) => {
    if (!files.isKernel(node.range.source.normalizedPath)) return;
    surface.note(node, element);
    const finding = judgeUse(node, element, flow, marks, files);
    if (finding) report(node, finding.rule, finding.message);
  };
  watchImports(program, judge);
  watchNames(program, judge);
  watchCalls(compiler, judgeCalls(judge), (node, made) => {
    if (isUntrusted(node, files) && (isOfLibrary(made) || files.isTrusted(homeOf(made)))) {
      report(node, 'unsafe-export', `an object literal sets the fields of ${made.name} without its constructor: only trusted files do that to a trusted class`);
    }
  });
  guardHandles(compiler, files, report);
  guardState(compiler, marks, files, report);
  checkBases(program, marks, files, report);
  const hidden = hiddenMemberNames(program);
  for (const name of memberNames(program, files)) hidden.delete(name);
  for (const file of program.filesByName.values()) {
    const name = file.source.normalizedPath;
    if (!files.isKernel(name) || files.isTrusted(name)) continue;
    checkSyntax(file.source, report);
    walkScopes(program, file, judge, (node) => {
      if (hidden.has(node.text) || node.text.startsWith('__')) report(node, 'library', `${node.text} is an inner member of asc's library: not ${OUTSIDE}`);
    });
  }
  return surface;
}

function judgeUse(node: asc.Node, element: asc.Element, flow: asc.Flow | null, marks: Marks, files: FileSet): { rule: string; message: string } | null {
  const isTrusted = files.isTrusted(node.range.source.normalizedPath);
  if (isOfLibrary(element)) {
    if (isTrusted || isAllowedInLibrary(element)) return null;
    if (isRawTool(element)) return { rule: 'raw-memory', message: `${libraryName(element)} ${OUTSIDE}` };
    return { rule: 'library', message: `${libraryName(element)} of asc's library ${OUTSIDE}: toolchain/check/trust/library.ts says what may be used` };
  }
  const hidden = hiddenUse(node, element, flow);
  if (hidden) return { rule: 'private', message: hidden };
  if (isTrusted || !files.isTrusted(homeOf(element))) return null;
  const unsafe = unsafeUse(element, marks);
  return unsafe ? { rule: 'unsafe-export', message: unsafe } : null;
}

/** What a trusted file keeps in variables and fields is changed by trusted files only, unless the field itself says `@safe`. */
function guardState(compiler: HookedCalls, marks: Marks, files: FileSet, report: Report): void {
  watchAssignments(compiler, (node, target) => {
    if (!isUntrusted(node, files) || !(target instanceof asc.DeclaredElement) || !files.isTrusted(homeOf(target))) return;
    const isState = target.kind === asc.ElementKind.Global || (target instanceof asc.Property && target.isField && marks.get(target.declaration) !== 'safe');
    if (isState) report(node, 'unsafe-export', `${target.name} of ${homeOf(target)} is assigned: untrusted files read it only`);
  });
}

/** An object of an `@unmanaged` class is a number with a type: untrusted files neither make one nor cast to one. */
function guardHandles(compiler: HookedCalls, files: FileSet, report: Report): void {
  watchCalls(compiler, (node, element) => {
    if (!(element instanceof asc.Function) || !element.is(asc.CommonFlags.Constructor) || !isUntrusted(node, files)) return;
    const made = element.getBoundClassOrInterface();
    if (made?.type.isUnmanaged) report(node, 'raw-memory', `new ${made.name}, an @unmanaged class, ${OUTSIDE}`);
  }, () => {});
  watchCasts(compiler, (node, from, to) => {
    if (isUntrusted(node, files) && (from.isUnmanaged || to.isUnmanaged)) report(node, 'raw-memory', `a cast between ${from.toString()} and ${to.toString()} ${OUTSIDE}`);
  });
}

/** What the compiler calls on its own, for literals, strings and `new`, is not the caller's choice. */
function judgeCalls(judge: UseWatcher): UseWatcher {
  return (node, element, flow) => {
    if (isOfLibrary(element) && COMPILERS_OWN.has(libraryName(element))) return;
    judge(node, element, flow);
  };
}

const COMPILERS_OWN = new Set(['__newArray', '__newBuffer', 'StaticArray.__uset', 'StaticArray.join']);

/** Names of members that the kernel's own classes declare. */
function memberNames(program: asc.Program, files: FileSet): Set<string> {
  const names = new Set<string>();
  for (const element of program.elementsByName.values()) {
    if (!(element instanceof asc.ClassPrototype) || !files.isKernel(element.declaration.range.source.normalizedPath)) continue;
    for (const name of [...(element.instanceMembers?.keys() ?? []), ...(element.members?.keys() ?? [])]) names.add(name);
  }
  return names;
}
