// Root homes: which references need a place of their own in the native stack frame, and the marks that say so.
//
// asc marks every assignment of a managed reference to a local and every managed call operand (a call to
// `~lib/rt/__tostack`). On the unoptimised module each mark is either taken away, because no collection can happen
// while it counts, or becomes `mark.home(value, id)`: the optimiser keeps it, and translate-body.ts makes it a store to
// the frame. The collector's conservative scan then finds the reference whatever the C compiler does with the value.
//
// An id stands for one destination (a local, or the n-th pending operand) of one function before inlining, so two
// destinations that end up in one C function never share a home.

import type * as asc from 'assemblyscript';
import binaryen from 'assemblyscript/binaryen';
import { NEVER_RETURN } from '../never-return.js';

const MARK = '~lib/rt/__tostack';
const HOME = 'mark/home';

/** Imports that access user memory: a page fault there may have to wait. */
export const USER_COPIES = [
  'userToLinear', 'linearToUser', 'userToPhys', 'physToUser', 'userFill', 'userStringToLinear',
  'userRead32', 'userRead64', 'userWrite32', 'userWrite64', 'userCompareExchange32',
];
/** Imports during which a collection can happen: they switch threads, take faults or interrupts, or scan. */
export const COLLECTING_IMPORTS = new Set([
  'threadSwitch', 'scanStacks', 'takeInterrupts', 'waitForInterrupt', ...USER_COPIES,
]);
/** Functions of the runtime during which a collection can happen, whatever they call. */
const COLLECTING_FUNCTION = /\/__(?:new|renew|collect)$/;
/**
 * Calls that never return: nothing of the caller is needed during or after them, so they do not make it a collecting
 * function. Their own operands count as usual.
 */
export const ENDING_FUNCTIONS: ReadonlySet<string> = new Set([
  '~lib/builtins/abort', 'kernel/runtime/log/abort/kernelAbort', 'kernel/runtime/log/abort/heapFailure', 'kernel/runtime/log/abort/fail',
  'kernel/runtime/log/panic/kernelOops', 'kernel/runtime/log/panic/kernelOopsLine', 'kernel/runtime/log/panic/oopsWith',
  'kernel/runtime/log/panic/panicWith', ...NEVER_RETURN,
]);

type Expression = number;

/** asc's walker over Binaryen's expressions, as far as it is used here. */
export interface Walker {
  readonly currentFunction: number;
  readonly currentExpression: Expression;
  readonly parentExpressionOrNull: Expression;
  visit(expression: Expression): void;
  visitCallPre(call: Expression): void;
  visitCall(call: Expression): void;
  visitCallIndirectPre(call: Expression): void;
  visitCallIndirect(call: Expression): void;
  visitLocalGet(get: Expression): void;
  visitLocalSet(set: Expression): void;
  visitMemoryGrow(grow: Expression): void;
  replaceCurrent(replacement: Expression): void;
  walkFunctions(): void;
}
export interface ShadowStackHolder {
  shadowStack: { walkModule(): void };
  module: asc.Module;
}

/** Binaryen's C interface, which asc's own passes use too. */
const raw = binaryen as unknown as Record<string, (...args: number[]) => number>;

export interface RootHomeCounts {
  /** Marks that asc made, and those that stay. */
  marks: number;
  homes: number;
  collectingFunctions: number;
  functions: number;
}

/** Replaces asc's marks in the compiler's module. */
export function placeRootHomes(compiler: ShadowStackHolder): RootHomeCounts {
  const { module } = compiler;
  module.addFunctionImport(HOME, 'mark', 'home', binaryen.createType([binaryen.i32, binaryen.i32]), binaryen.i32);
  const collecting = findCollecting(compiler);
  return new HomePlacer(compiler, collecting).run();
}

/** A walker with asc's traversal and none of the shadow stack's actions. */
export function newWalker(compiler: ShadowStackHolder): Walker {
  const type = compiler.shadowStack.constructor as new (compiler: ShadowStackHolder) => Walker;
  const walker = new type(compiler);
  walker.visitCallPre = walker.visitCall = walker.visitCallIndirectPre = walker.visitCallIndirect = walker.visitLocalSet = () => {};
  return walker;
}

function callTarget(module: asc.Module, call: Expression): string {
  return module.readStringCached(raw._BinaryenCallGetTarget!(call))!;
}

/** Names of all functions during which a collection can happen. */
function findCollecting(compiler: ShadowStackHolder): Set<string> {
  const { module } = compiler;
  const callers = new Map<string, Set<string>>();
  const collecting = new Set<string>();
  const read = (text: number) => module.readStringCached(text)!;
  for (let i = 0, count = raw._BinaryenGetNumFunctions!(module.ref); i < count; i++) {
    const func = raw._BinaryenGetFunctionByIndex!(module.ref, i);
    const name = read(raw._BinaryenFunctionGetName!(func));
    const base = raw._BinaryenFunctionImportGetBase!(func);
    const isImport = raw._BinaryenFunctionGetBody!(func) === 0;
    if (isImport ? COLLECTING_IMPORTS.has(read(base)) : COLLECTING_FUNCTION.test(name)) collecting.add(name);
  }
  const walker = newWalker(compiler);
  const current = () => read(raw._BinaryenFunctionGetName!(walker.currentFunction));
  walker.visitCallPre = (call) => {
    const target = callTarget(module, call);
    if (ENDING_FUNCTIONS.has(target)) return;
    const known = callers.get(target);
    if (known) known.add(current());
    else callers.set(target, new Set([current()]));
  };
  walker.visitCallIndirectPre = () => { collecting.add(current()); };
  walker.visitMemoryGrow = () => { collecting.add(current()); };
  walker.walkFunctions();
  const pending = [...collecting];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const caller of callers.get(name) ?? []) {
      if (collecting.has(caller)) continue;
      collecting.add(caller);
      pending.push(caller);
    }
  }
  return collecting;
}

/** What a function does with its locals. */
class LocalUses {
  readonly gets = new Map<number, number>();
  readonly sets = new Set<number>();
  /** Locals that are assigned something without a mark at least once. */
  readonly unmarkedSets = new Set<number>();
  constructor(readonly func: number = 0, readonly parameters: number = 0) {}
}

/** Walks every function and decides on each mark. */
class HomePlacer {
  private readonly module: asc.Module;
  private readonly walker: Walker;
  private readonly ids = new Map<string, number>();
  /** Homes that pending calls of the current function hold for their operands. */
  private pendingOperands = 0;
  private readonly pendingStack: number[] = [];
  private readonly counts: RootHomeCounts;
  private readonly collectsMemo = new Map<Expression, boolean>();
  /** Locals of the function being walked. */
  private locals = new LocalUses();

  constructor(private readonly compiler: ShadowStackHolder, private readonly collecting: Set<string>) {
    this.module = compiler.module;
    this.counts = { marks: 0, homes: 0, collectingFunctions: collecting.size, functions: raw._BinaryenGetNumFunctions!(this.module.ref) };
    this.walker = newWalker(compiler);
    this.walker.visitCallPre = (call) => this.enterCall(call);
    this.walker.visitCall = (call) => this.leaveCall(call);
    this.walker.visitCallIndirectPre = (call) => this.enterCallIndirect(call);
    this.walker.visitCallIndirect = () => this.leavePending();
    this.walker.visitLocalSet = (set) => this.localSet(set);
  }

  run(): RootHomeCounts {
    this.walker.walkFunctions();
    return this.counts;
  }

  private get functionCollects(): boolean {
    return this.collecting.has(this.module.readStringCached(raw._BinaryenFunctionGetName!(this.walker.currentFunction))!);
  }

  private isMark(expression: Expression): boolean {
    return raw._BinaryenExpressionGetId!(expression) === raw._BinaryenCallId!() && callTarget(this.module, expression) === MARK;
  }

  private isHome(expression: Expression): boolean {
    return raw._BinaryenExpressionGetId!(expression) === raw._BinaryenCallId!() && callTarget(this.module, expression) === HOME;
  }

  /** The value below one or more marks. */
  private unmarked(expression: Expression): Expression {
    while (this.isMark(expression)) expression = raw._BinaryenCallGetOperandAt!(expression, 0);
    return expression;
  }

  /** Constants are static data; a parameter that is never assigned is kept by the caller, whose operand it is. */
  private needsNoHome(value: Expression): boolean {
    const id = raw._BinaryenExpressionGetId!(value);
    if (id === raw._BinaryenConstId!()) return true;
    if (id !== raw._BinaryenLocalGetId!()) return false;
    const index = raw._BinaryenLocalGetGetIndex!(value);
    const { parameters, sets } = this.localUses();
    return index < parameters && !sets.has(index);
  }

  /** True if an operand is a local that is in its own home already and does not change before the call. */
  private isKeptByLocal(value: Expression, call: Expression): boolean {
    if (raw._BinaryenExpressionGetId!(value) !== raw._BinaryenLocalGetId!()) return false;
    const index = raw._BinaryenLocalGetGetIndex!(value);
    const uses = this.localUses();
    if (!this.functionCollects || uses.unmarkedSets.has(index) || !uses.sets.has(index)) return false;
    let isSet = false;
    const walker = newWalker(this.compiler);
    walker.visitLocalSet = (set) => { isSet ||= raw._BinaryenLocalSetGetIndex!(set) === index; };
    walker.visit(call);
    return !isSet;
  }

  /** What the current function does with its locals, before any mark was changed. */
  private localUses(): LocalUses {
    const func = this.walker.currentFunction;
    if (this.locals.func === func) return this.locals;
    const uses = this.locals = new LocalUses(func, binaryen.expandType(raw._BinaryenFunctionGetParams!(func)).length);
    const walker = newWalker(this.compiler);
    walker.visitLocalGet = (get) => {
      const index = raw._BinaryenLocalGetGetIndex!(get);
      uses.gets.set(index, (uses.gets.get(index) ?? 0) + 1);
    };
    walker.visitLocalSet = (set) => {
      const index = raw._BinaryenLocalSetGetIndex!(set);
      const value = raw._BinaryenLocalSetGetValue!(set);
      uses.sets.add(index);
      const isConstant = raw._BinaryenExpressionGetId!(value) === raw._BinaryenConstId!();
      if (!isConstant && !this.isMark(value) && !this.isHome(value)) uses.unmarkedSets.add(index);
    };
    walker.visit(raw._BinaryenFunctionGetBody!(func));
    return uses;
  }

  /** `value` kept in the home of a destination of the current function. */
  private home(value: Expression, destination: string): Expression {
    if (this.needsNoHome(value)) return value;
    this.counts.homes++;
    const key = `${this.walker.currentFunction}:${destination}`;
    let id = this.ids.get(key);
    if (id === undefined) this.ids.set(key, id = this.ids.size);
    return this.module.call(HOME, [value, this.module.i32(id)], binaryen.i32);
  }

  private enterCall(call: Expression): void {
    const target = callTarget(this.module, call);
    const count = target === MARK || target === HOME ? 0 : raw._BinaryenCallGetNumOperands!(call);
    this.placeOperands(call, count, this.collecting.has(target) || ENDING_FUNCTIONS.has(target), (i) => raw._BinaryenCallGetOperandAt!(call, i),
      (i, operand) => raw._BinaryenCallSetOperandAt!(call, i, operand));
  }

  private enterCallIndirect(call: Expression): void {
    this.placeOperands(call, raw._BinaryenCallIndirectGetNumOperands!(call), true, (i) => raw._BinaryenCallIndirectGetOperandAt!(call, i),
      (i, operand) => raw._BinaryenCallIndirectSetOperandAt!(call, i, operand));
  }

  /** An operand's mark counts while later operands are evaluated and during the call. */
  private placeOperands(
    call: Expression, count: number, callCollects: boolean, get: (i: number) => Expression, set: (i: number, operand: Expression) => void,
  ): void {
    let collectsLater = callCollects;
    let placed = 0;
    for (let i = count - 1; i >= 0; i--) {
      const operand = get(i);
      const value = this.unmarked(operand);
      if (value !== operand) {
        this.counts.marks++;
        const needsHome = collectsLater && !this.needsNoHome(value) && !this.isKeptByLocal(value, call);
        set(i, needsHome ? this.home(value, `operand ${this.pendingOperands + placed++}`) : value);
      }
      collectsLater ||= this.mayCollect(value);
    }
    this.pendingOperands += placed;
    this.pendingStack.push(placed);
  }

  private leaveCall(call: Expression): void {
    this.leavePending();
    if (callTarget(this.module, call) !== MARK) return;
    const parent = this.walker.parentExpressionOrNull;
    const parentId = parent ? raw._BinaryenExpressionGetId!(parent) : 0;
    if (parentId === raw._BinaryenLocalSetId!() || (parent && this.isMark(parent))) return;
    // A mark in a place that asc's shadow stack does not know: keep it for itself.
    this.counts.marks++;
    const value = this.unmarked(call);
    this.walker.replaceCurrent(this.functionCollects ? this.home(value, `expression ${call}`) : value);
  }

  private leavePending(): void {
    this.pendingOperands -= this.pendingStack.pop()!;
  }

  private localSet(set: Expression): void {
    const operand = raw._BinaryenLocalSetGetValue!(set);
    const value = this.unmarked(operand);
    if (value === operand) return;
    this.counts.marks++;
    const index = raw._BinaryenLocalSetGetIndex!(set);
    const needsHome = this.functionCollects && !this.isUsedUpBeforeCollection(set, index);
    raw._BinaryenLocalSetSetValue!(set, needsHome ? this.home(value, `local ${index}`) : value);
  }

  /**
   * True if every use of the local comes after this set in the block that the set is a statement of, and nothing there collects: the usual
   * case for `this` and the parameters of an inlined function.
   */
  private isUsedUpBeforeCollection(set: Expression, index: number): boolean {
    const block = this.walker.parentExpressionOrNull;
    if (!block || raw._BinaryenExpressionGetId!(block) !== raw._BinaryenBlockId!()) return false;
    let uses = 0;
    let at = raw._BinaryenBlockGetNumChildren!(block) - 1;
    for (; at >= 0; at--) {
      const statement = raw._BinaryenBlockGetChildAt!(block, at);
      if (statement === set) break;
      if (this.mayCollect(statement)) return false;
      uses += this.countUses(statement, index);
    }
    return at >= 0 && uses === (this.localUses().gets.get(index) ?? 0);
  }

  private countUses(expression: Expression, index: number): number {
    let count = 0;
    const walker = newWalker(this.compiler);
    walker.visitLocalGet = (get) => { if (raw._BinaryenLocalGetGetIndex!(get) === index) count++; };
    walker.visit(expression);
    return count;
  }

  /** Whether evaluating an expression can collect. */
  private mayCollect(expression: Expression): boolean {
    const known = this.collectsMemo.get(expression);
    if (known !== undefined) return known;
    let result = false;
    const walker = newWalker(this.compiler);
    walker.visitCallPre = (call) => { result ||= this.collecting.has(callTarget(this.module, call)) && !ENDING_FUNCTIONS.has(callTarget(this.module, call)); };
    walker.visitCallIndirectPre = () => { result = true; };
    walker.visitMemoryGrow = () => { result = true; };
    walker.visit(expression);
    this.collectsMemo.set(expression, result);
    return result;
  }
}
