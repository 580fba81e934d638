// Checks that need asc's types: compiles every body of the kernel, reached or not, and looks at conversions on the way.
//
// asc compiles, and so type-checks, only what an entry file reaches. Here every non-generic function and method body
// of the given files is compiled. While that happens two things that asc accepts silently are noted: a call's signed
// result (a number or -errno) that nobody looks at, and a 32-bit shift whose result is widened to 64 bits afterwards.

import * as asc from 'assemblyscript';
import { LOWEST_ADDRESS, compileOrExplain } from '../compile/compile.js';
import { formatDiagnostic, formatPosition } from '../compile/diagnostics.js';
import type { Marks } from '../compile/marks.js';
import type { SurfaceEntry } from './trust/surface.js';
import type { FileSet } from './trust/syntax.js';
import { checkAbiOnce } from './state/abi-once.js';
import { moduleState, type StateVariable } from './state/module-state.js';
import { guardTrust } from './trust/boundary.js';
import type { HookedCalls } from './trust/uses.js';

export interface Finding {
  /** `file:line:column` */
  position: string;
  rule: string;
  message: string;
}

/** asc's compiler, with the private parts that the checks hook into. */
interface HookedCompiler extends HookedCalls {
  module: asc.Module;
  resolver: asc.Resolver;
  compile(): asc.Module;
  compileModuleExports(file: asc.File): void;
  compileFunction(instance: asc.Function): boolean;
  compileGlobal(global: asc.Global): boolean;
  ensureConstructor(instance: asc.Class, reportNode: asc.Node): asc.Function;
  compileExpressionStatement(statement: asc.ExpressionStatement): number;
}

/** What the checks know about files. */
export interface Scope extends FileSet {
  marks: Marks;
  /** Files whose findings are wanted. */
  isChecked(file: string): boolean;
}

/** What the checks found, and what they list. */
export interface Bodies {
  findings: Finding[];
  state: StateVariable[];
  surface: SurfaceEntry[];
}

/** Compiles every body of an initialised program's own files. */
export function checkBodies(program: asc.Program, compiler: HookedCompiler, scope: Scope): Bodies {
  const { isChecked } = scope;
  const findings = new Map<string, Finding>();
  const report = (node: asc.Node, rule: string, message: string) => {
    const position = formatPosition(node.range.source, node.range.start);
    // A file outside the check is reported wherever it is.
    if (rule === 'unchecked-import' || isChecked(node.range.source.normalizedPath)) findings.set(`${position} ${rule}`, { position, rule, message });
  };
  hookCalls(compiler, report);
  const surface = guardTrust(program, compiler, scope.marks, scope, report);
  // Called once an entry file, after its top-level statements: bodies come when all globals are known.
  let pending = program.sources.filter(({ sourceKind }) => sourceKind === asc.SourceKind.UserEntry).length;
  compiler.compileModuleExports = () => {
    if (--pending === 0) compileEverything(program, compiler, isChecked);
  };
  checkUnmanagedOverrides(program, report);
  compileOrExplain(compiler);
  checkSizes(program, report);
  const state = moduleState(program, isChecked, report);
  checkAbiOnce(program, isChecked, report);
  for (let message = asc.nextDiagnostic(program); message !== null; message = asc.nextDiagnostic(program)) {
    if (!asc.isError(message)) continue;
    const text = formatDiagnostic(message);
    const split = /^(\S+:\d+:\d+): (.*)$/s.exec(text);
    findings.set(text, { position: split?.[1] ?? '', rule: 'type', message: split?.[2] ?? text });
  }
  return { findings: [...findings.values()], state, surface: surface.entries(program) };
}

function compileEverything(program: asc.Program, compiler: HookedCompiler, isChecked: (file: string) => boolean): void {
  for (const element of [...program.elementsByName.values()]) {
    if (!(element instanceof asc.DeclaredElement) || !isChecked(element.declaration.range.source.normalizedPath)) continue;
    if (element instanceof asc.FunctionPrototype) {
      if (!element.is(asc.CommonFlags.Instance)) compilePrototype(compiler, element);
    } else if (element instanceof asc.Global) {
      compiler.compileGlobal(element);
    } else if (element instanceof asc.ClassPrototype && element.kind === asc.ElementKind.ClassPrototype) {
      if (!element.is(asc.CommonFlags.Generic)) compileClass(compiler, element);
    }
  }
}

function compilePrototype(compiler: HookedCompiler, prototype: asc.FunctionPrototype): void {
  if (prototype.is(asc.CommonFlags.Generic) || prototype.is(asc.CommonFlags.Ambient) || prototype.bodyNode === null) return;
  const instance = compiler.resolver.resolveFunction(prototype, null);
  if (instance) compiler.compileFunction(instance);
}

function compileClass(compiler: HookedCompiler, prototype: asc.ClassPrototype): void {
  const instance = compiler.resolver.resolveClass(prototype, null);
  if (!instance) return;
  compiler.ensureConstructor(instance, prototype.identifierNode);
  for (const member of [...(instance.members?.values() ?? []), ...(prototype.members?.values() ?? [])]) {
    // Inherited members are the base class's own affair.
    if (member.declaration.range.source !== prototype.declaration.range.source) continue;
    if (member instanceof asc.FunctionPrototype) compilePrototype(compiler, member);
    else if (member instanceof asc.PropertyPrototype || member instanceof asc.Property) compileProperty(compiler, member);
  }
}

function compileProperty(compiler: HookedCompiler, member: asc.PropertyPrototype | asc.Property): void {
  const property = member instanceof asc.Property ? member : compiler.resolver.resolveProperty(member);
  if (!property || property.isField) return;
  for (const accessor of [property.getterInstance, property.setterInstance]) {
    if (accessor && accessor.prototype.bodyNode !== null) compiler.compileFunction(accessor);
  }
}

export type Report = (node: asc.Node, rule: string, message: string) => void;

function hookCalls(compiler: HookedCompiler, report: Report): void {
  let statement: asc.Node | null = null;
  const callees = new Map<asc.Node, asc.Function>();
  const { compileExpressionStatement, convertExpression, makeCallDirect } = compiler;
  compiler.compileExpressionStatement = (node) => {
    const outer = statement;
    statement = node.expression;
    try {
      return compileExpressionStatement.call(compiler, node);
    } finally {
      statement = outer;
    }
  };
  compiler.makeCallDirect = (instance, operands, reportNode, immediatelyDropped) => {
    callees.set(reportNode, instance);
    return makeCallDirect.call(compiler, instance, operands, reportNode, immediatelyDropped);
  };
  compiler.convertExpression = (expression, from, to, isExplicit, reportNode) => {
    if (to.kind === asc.TypeKind.Void && reportNode === statement && isSignedNumber(from)) {
      const callee = callees.get(reportNode);
      const isLibrary = callee?.declaration.range.source.isLibrary ?? false;
      if (reportNode.kind === asc.NodeKind.Call && !isLibrary) {
        report(reportNode, 'dropped-result', `the result of ${callee?.prototype.name ?? 'this call'} (${from.toString()}) is dropped: use it, or say ignore(…) of kernel/runtime/ignore.ts`);
      }
    }
    if (!isExplicit && is32BitShift(reportNode) && from.isIntegerValue && to.isIntegerValue && from.size === 32 && to.size === 64) {
      report(reportNode, 'late-widening', 'a 32-bit shift is widened to 64 bits afterwards: widen its operand first');
    }
    return convertExpression.call(compiler, expression, from, to, isExplicit, reportNode);
  };
}

function isSignedNumber(type: asc.Type): boolean {
  return type.isIntegerValue && type.isSignedIntegerValue && !type.isReference;
}

function is32BitShift(node: asc.Node): boolean {
  while (node.kind === asc.NodeKind.Parenthesized) node = (node as asc.ParenthesizedExpression).expression;
  return node.kind === asc.NodeKind.Binary && (node as asc.BinaryExpression).operator === asc.Token.LessThan_LessThan;
}

/** Null faults because the lowest addresses are not mapped: no field may lie beyond them. */
function checkSizes(program: asc.Program, report: Report): void {
  for (const made of program.managedClasses.values()) {
    if (made.nextMemoryOffset <= LOWEST_ADDRESS) continue;
    report(made.identifierNode, 'large-object', `an object of ${made.nextMemoryOffset} bytes: a field beyond ${LOWEST_ADDRESS} would be memory for null, too`);
  }
}

/** A method of an unmanaged class that overrides another reads a runtime id that the object does not have. */
function checkUnmanagedOverrides(program: asc.Program, report: Report): void {
  for (const element of program.elementsByName.values()) {
    if (!(element instanceof asc.ClassPrototype) || !element.hasDecorator(asc.DecoratorFlags.Unmanaged)) continue;
    for (const [name, member] of element.instanceMembers ?? []) {
      if (!(member instanceof asc.FunctionPrototype)) continue;
      for (let base = element.basePrototype; base; base = base.basePrototype) {
        if (base.instanceMembers?.get(name) instanceof asc.FunctionPrototype) {
          report(member.identifierNode, 'unmanaged-override', `${name} overrides a method, but objects of an @unmanaged class have no runtime id`);
        }
      }
    }
  }
}
