// References to counted objects across sleeps. While a thread sleeps others run: what it found in a descriptor table, a
// directory or another object's field may be released meanwhile, and then it works on an object that has ended.
//
// A local is *borrowed* if what it holds came from a look-up or a field that may change; `x.retain()` makes it counted. What comes from `new`,
// from a parameter or `this` (the caller keeps it), from a function marked `@counted` and from a field that is `readonly` or
// marked `@kept` is kept by somebody; so are the fields of a walk after its `keep()`. A borrowed reference may neither be used after a call that may sleep nor be given to
// one. The walk follows statements in order, both ways of a branch, loops twice. It errs on the quiet side: a reference that is hidden in
// an array or a field of another object is not followed.
//
// What a module keeps as `@scratch` (check/state) is in the same danger: whoever uses it before and after a sleep, or gives it
// to a call that may sleep, may find another thread's values there.
//
// A comment `// borrowed: REASON`, or `// refilled: REASON` for scratch, at the end of the line that is reported, or of the one before,
// says why it is right there.

import * as asc from 'assemblyscript';
import type { Finding } from '../check-bodies.js';
import { forEachChild } from '../trust/syntax.js';
import { hasDecorator, type ResolvedUses } from './resolved-uses.js';
import { shownName } from './sleepers.js';

const ESCAPE = /\/\/ (?:borrowed|refilled): \S+/;

/** What is known of a local that holds a counted object. */
interface Local {
  /** Where it came from, for messages, and the local whose field it was. */
  source: string;
  holder: string | null;
  /** The holder keeps it as long as it stays itself. */
  isKept: boolean;
  isCounted: boolean;
  /** The first call that may have slept since it was borrowed. */
  sleptIn: string | null;
}
/** Null: this place is not reached. */
type State = Map<string, Local> | null;

type Report = (node: asc.Node, rule: string, message: string) => void;

/** Findings in all functions of the kernel's files. */
export function checkReferences(
  program: asc.Program, uses: ResolvedUses, maySleep: (declaration: asc.Node) => boolean, isKernel: (file: string) => boolean,
): Finding[] {
  const findings = new Map<string, Finding>();
  for (const source of program.sources) {
    if (!isKernel(source.normalizedPath)) continue;
    const lines = source.text.split('\n');
    const report: Report = (node, rule, message) => {
      const line = source.lineAt(node.range.start);
      const position = `${source.normalizedPath}:${line}:${source.columnAt()}`;
      if (ESCAPE.test(lines[line - 1] ?? '') || ESCAPE.test(lines[line - 2] ?? '')) return;
      if (![...findings.keys()].includes(position)) findings.set(position, { position, rule, message });
    };
    const visit = (node: asc.Node): void => {
      if (node instanceof asc.FunctionDeclaration && node.body) new BodyWalk(uses, maySleep, report).run(node.body);
      forEachChild(node, visit);
    };
    source.statements.forEach(visit);
  }
  return [...findings.values()];
}

class BodyWalk {
  private state: State = new Map();
  /** Locals and parameters that hold on to what their fields lead to: `x.keep()` was called. */
  private readonly keepers = new Set<string>();
  /** Locals that stand for an object of the module. */
  private readonly aliases = new Map<string, string>();

  constructor(private readonly uses: ResolvedUses, private readonly maySleep: (declaration: asc.Node) => boolean, private readonly report: Report) {}

  run(body: asc.Node): void {
    this.walk(body);
  }

  // ---- statements --------------------------------------------------------------------------------------------------

  private walk(node: asc.Node): void {
    if (this.state === null) return;
    if (node instanceof asc.FunctionDeclaration || node instanceof asc.FunctionExpression || node instanceof asc.ClassDeclaration) return;
    if (node instanceof asc.IfStatement) this.branch([node.condition], [node.ifTrue, node.ifFalse]);
    else if (node instanceof asc.TernaryExpression) this.branch([node.condition], [node.ifThen, node.ifElse]);
    else if (node instanceof asc.BinaryExpression) this.binary(node);
    else if (node instanceof asc.WhileStatement) this.loop([node.condition, node.body]);
    else if (node instanceof asc.DoStatement) this.loop([node.body, node.condition]);
    else if (node instanceof asc.ForStatement) {
      this.walkAll([node.initializer]);
      this.loop([node.condition, node.body, node.incrementor]);
    } else if (node instanceof asc.SwitchStatement) this.branch([node.condition], [...node.cases.map((one) => one), null]);
    else if (node instanceof asc.ReturnStatement || node instanceof asc.ThrowStatement) {
      this.walkAll([node.value]);
      this.state = null;
    } else if (node instanceof asc.BreakStatement || node instanceof asc.ContinueStatement) this.state = null;
    else if (node instanceof asc.VariableDeclaration) this.declare(node.name, node.initializer);
    else if (node instanceof asc.CallExpression || node instanceof asc.NewExpression) this.call(node);
    else if (node instanceof asc.PropertyAccessExpression) this.access(node);
    else if (node instanceof asc.IdentifierExpression) this.use(node);
    else forEachChild(node, (child) => this.walk(child));
  }

  private walkAll(nodes: readonly (asc.Node | null)[]): void {
    for (const node of nodes) if (node) this.walk(node);
  }

  private branch(before: asc.Node[], ways: readonly (asc.Node | null)[]): void {
    this.walkAll(before);
    const start = this.state;
    let end: State = null;
    for (const way of ways) {
      this.state = copy(start);
      this.walkAll([way]);
      end = merge(end, this.state);
    }
    this.state = end;
  }

  /** Twice, so that what sleeps at the end of the body counts at its start. What follows the loop sees both. */
  private loop(parts: readonly (asc.Node | null)[]): void {
    const start = copy(this.state);
    for (let round = 0; round < 2; round++) {
      this.walkAll(parts);
      this.state = merge(copy(start), this.state);
    }
  }

  // ---- expressions ---------------------------------------------------------------------------------------------------

  private binary(node: asc.BinaryExpression): void {
    const { left, right, operator } = node;
    if (operator === asc.Token.Equals && left instanceof asc.IdentifierExpression) return this.assign(left, right);
    if (operator === asc.Token.Ampersand_Ampersand || operator === asc.Token.Bar_Bar) return this.branch([left], [right, null]);
    const isComparison = [asc.Token.Equals_Equals, asc.Token.Equals_Equals_Equals, asc.Token.Exclamation_Equals, asc.Token.Exclamation_Equals_Equals].includes(operator);
    // Whether a reference is null, or which one it is, does not touch the object.
    for (const side of [left, right]) if (!isComparison || !(side instanceof asc.IdentifierExpression)) this.walk(side);
  }

  private declare(name: asc.IdentifierExpression, initializer: asc.Expression | null): void {
    if (initializer) this.assign(name, initializer);
    else this.state?.delete(name.text);
  }

  private assign(name: asc.IdentifierExpression, value: asc.Expression): void {
    this.walk(value);
    const scratch = this.scratchIn(value);
    if (scratch === null) this.aliases.delete(name.text);
    else this.aliases.set(name.text, scratch);
    const source = this.borrowedFrom(value);
    if (source === null) this.state?.delete(name.text);
    else this.state?.set(name.text, { source, holder: value instanceof asc.PropertyAccessExpression ? nameOf(value.expression) : null, isKept: this.isKept(value), isCounted: false, sleptIn: null });
  }

  private use(node: asc.IdentifierExpression): void {
    const scratch = this.scratchIn(node);
    if (scratch !== null) return this.useScratch(node, scratch);
    const local = this.state?.get(node.text);
    if (!local || local.isCounted || local.sleptIn === null) return;
    this.report(node, 'borrowed', `${node.text} (${local.source}) has no count of its own and is used after ${local.sleptIn}, which may sleep: retain() it before, or look it up again`);
    this.state!.delete(node.text);
  }

  /** The module's object that a value is: by its name, by a local that stands for it, or as what its own method returns (`x.clear()`). */
  private scratchIn(value: asc.Expression): string | null {
    if (value instanceof asc.IdentifierExpression) return this.aliases.get(value.text) ?? this.uses.scratchOf(value);
    if (!(value instanceof asc.CallExpression) || !(value.expression instanceof asc.PropertyAccessExpression)) return null;
    const callee = this.uses.calleeOf(value);
    const owner = callee?.getBoundClassOrInterface();
    return owner && callee!.signature.returnType.getClass() === owner ? this.scratchIn(value.expression.expression) : null;
  }

  /** A module's object: what it held before a sleep may be another thread's after it. */
  private useScratch(node: asc.IdentifierExpression, scratch: string): void {
    const known = this.state?.get(scratch);
    if (known?.sleptIn) {
      this.report(node, 'scratch', `${scratch}, scratch of the module, is used before and after ${known.sleptIn}, which may sleep: others may have used it meanwhile`);
    }
    this.state?.set(scratch, { source: scratch, holder: null, isKept: false, isCounted: false, sleptIn: null });
  }

  private access(node: asc.PropertyAccessExpression): void {
    this.walk(node.expression);
    const callee = this.uses.calleeOf(node);
    if (callee) this.slept(callee, node, [node.expression]);
  }

  private call(node: asc.CallExpression | asc.NewExpression): void {
    const receiver = node instanceof asc.CallExpression && node.expression instanceof asc.PropertyAccessExpression ? node.expression.expression : null;
    this.walkAll([receiver, ...node.args]);
    const callee = this.uses.calleeOf(node);
    const local = receiver instanceof asc.IdentifierExpression ? this.state?.get(receiver.text) : undefined;
    if (local && callee?.prototype.name === 'release') local.isCounted = false;
    // Whoever is counted keeps what its fields marked `@kept` lead to.
    if (local && (callee?.prototype.name === 'retain' || callee?.prototype.name === 'hold')) this.count(nameOf(receiver!)!, local);
    if (callee?.prototype.name === 'keep' && receiver) this.keep(nameOf(receiver));
    if (callee) this.slept(callee, node, receiver ? [receiver, ...node.args] : node.args);
  }

  private count(name: string, local: Local): void {
    local.isCounted = true;
    for (const other of this.state?.values() ?? []) if (other.holder === name && other.isKept) other.isCounted = true;
  }

  private keep(holder: string | null): void {
    if (holder === null) return;
    this.keepers.add(holder);
    for (const local of this.state?.values() ?? []) if (local.holder === holder) local.isCounted = true;
  }

  /** After a call that may sleep: no borrowed reference may have been given to it, and none may be used from now on. */
  private slept(callee: asc.Function, node: asc.Node, given: readonly asc.Expression[]): void {
    if (!this.state || !this.maySleep(callee.prototype.declaration)) return;
    const name = shownName(callee.prototype);
    for (const value of given) {
      const scratch = this.scratchIn(value);
      if (scratch !== null) {
        this.report(node, 'scratch', `${name} may sleep and is given ${scratch}, scratch of the module: others may use it meanwhile`);
      }
      const source = this.borrowedFrom(value);
      if (source !== null) this.report(node, 'borrowed', `${name} may sleep and is given ${source}, which has no count of its own: retain() it before`);
    }
    for (const [key, local] of this.state) if (!local.isCounted && local.sleptIn === null) this.state.set(key, { ...local, sleptIn: name });
  }

  private isKept(value: asc.Expression): boolean {
    const field = value instanceof asc.PropertyAccessExpression ? this.uses.fieldOf(value) : null;
    return field !== null && (field.prototype.is(asc.CommonFlags.Readonly) || hasDecorator(field.prototype.declaration as asc.DeclarationStatement, 'kept'));
  }

  /** Where a borrowed reference comes from; null if the value is none, or kept by somebody. */
  private borrowedFrom(value: asc.Expression): string | null {
    if (value instanceof asc.ParenthesizedExpression || value instanceof asc.AssertionExpression) return this.borrowedFrom(value.expression);
    if (value instanceof asc.TernaryExpression) return this.borrowedFrom(value.ifThen) ?? this.borrowedFrom(value.ifElse);
    if (value instanceof asc.IdentifierExpression) {
      if (this.scratchIn(value) !== null) return null;
      const local = this.state?.get(value.text);
      return local && !local.isCounted ? local.source : null;
    }
    // A field's own accessor, which the compiler makes, is no call.
    const field = value instanceof asc.PropertyAccessExpression ? this.uses.fieldOf(value) : null;
    const callee = field ? null : this.uses.calleeOf(value);
    if (value instanceof asc.CallExpression || (value instanceof asc.PropertyAccessExpression && callee)) {
      if (!callee || !this.uses.isCounted(callee.signature.returnType)) return null;
      const { name, declaration } = callee.prototype;
      return name === 'retain' || hasDecorator(declaration, 'counted') || hasDecorator(declaration, 'kept') ? null : shownName(callee.prototype);
    }
    if (!(value instanceof asc.PropertyAccessExpression) || !field || !this.uses.isCounted(field.type)) return null;
    const keeper = nameOf(value.expression);
    if (keeper !== null && this.keepers.has(keeper)) return null;
    const holder = this.borrowedFrom(value.expression);
    return this.isKept(value) ? holder : `${field.parent.name}.${field.name}`;
  }
}

/** The name of a local, parameter or `this`. */
function nameOf(node: asc.Node): string | null {
  if (node instanceof asc.ThisExpression) return 'this';
  return node instanceof asc.IdentifierExpression ? node.text : null;
}

function copy(state: State): State {
  return state && new Map([...state].map(([name, local]) => [name, { ...local }]));
}

function merge(a: State, b: State): State {
  if (!a || !b) return a ?? b;
  for (const [name, local] of b) {
    const other = a.get(name);
    a.set(name, other ? { ...local, isCounted: other.isCounted && local.isCounted, sleptIn: other.sleptIn ?? local.sleptIn } : local);
  }
  return a;
}
