// Random programs in the kernel's language for the test of the collector: object graphs, arrays walked in ways that
// make a C compiler rewrite addresses, calls, virtual calls and blocking, with an allocation at every turn.
// The same seed gives the same text; the result of a program does not depend on the collector.

/** A small generator of random numbers, the same everywhere. */
class Random {
  constructor(private state: number) {}
  below(limit: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 0x1_0000_0000) * limit);
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/** Declarations that all programs share. Arrays have 64 elements, so that `& 63` and small strides stay inside. */
const PRELUDE = `
import { collectNow, setStress } from "../../kernel/runtime/heap/heap";
import "../../kernel/runtime/log/panic";
import { pause } from "../../arch/x86_64/machine";

class Node {
  a: i32 = 0;
  b: u64 = 0;
  left: Node | null = null;
  right: Node | null = null;
  constructor(value: i32) { this.a = value; }
  value(): i32 { return this.a; }
}
class Leaf extends Node {
  data: StaticArray<i32> = new StaticArray<i32>(64);
  value(): i32 { this.data[this.a & 63] += 3; return this.data[this.a & 63] + new Node(this.a).a; }
}
class Pair extends Node {
  other: Node = new Node(1);
  value(): i32 { const made = new Node(this.other.a); this.other = made; return made.a + this.a; }
}
export function growLinearMemory(pages: u32): i32 { return 1; }
export function stress(on: u32): void { setStress(on != 0); }
function disturb(i: i32): i32 { pause(); return new Node(i).a & 7; }
function block(): void { pause(); new Node(0); }
function ints(seed: i32): StaticArray<i32> {
  const made = new StaticArray<i32>(64);
  for (let i = 0; i < 64; i++) made[i] = seed + i * 7;
  return made;
}
function nodes(seed: i32): StaticArray<Node> {
  const made = new StaticArray<Node>(64);
  for (let i = 0; i < 64; i++) made[i] = i % 3 == 0 ? new Leaf(seed + i) : i % 3 == 1 ? new Pair(seed + i) : new Node(seed + i);
  return made;
}
function touch(node: Node): i32 { return node.value() + (new Node(node.a).a & 15); }
`;

/** Text of a module with `count` programs; program 0 .. count - 1 of `run(program, seed)`. */
export function randomModule(seed: number, count: number): string {
  const parts = [PRELUDE];
  for (let i = 0; i < count; i++) parts.push(new ProgramWriter(new Random(seed * 7919 + i), i).text());
  parts.push('export function run(program: u32, seed: u32): u32 {', '  switch (program) {');
  for (let i = 0; i < count; i++) parts.push(`    case ${i}: return program${i}(<i32>seed);`);
  parts.push('    default: return 0;', '  }', '}');
  return parts.join('\n');
}

const INTS = ['i0', 'i1', 'i2'];
const NODES = ['n0', 'n1', 'n2', 'n3'];
const ARRAYS = ['x0', 'x1', 'x2'];
const NODE_ARRAYS = ['m0', 'm1'];

class ProgramWriter {
  private lines: string[] = [];
  private loops = 0;

  constructor(private readonly random: Random, private readonly number: number) {}

  text(): string {
    const walks = Array.from({ length: 4 }, (_, i) => this.walk(`walk${this.number}_${i}`)).flat();
    for (let i = 0, count = 6 + this.random.below(10); i < count; i++) this.statement(1);
    return [
      ...walks,
      // Exported, so that the optimiser does not inline all programs into `run`, which takes it minutes.
      `export function program${this.number}(seed: i32): u32 {`,
      `  let i0 = seed + ${[0, 1, 2, 3].map((i) => `walk${this.number}_${i}(seed, fromwalk${this.number}_${i})`).join(' + ')};`, '  let i1 = seed * 3, i2 = 5;',
      '  let n0 = new Node(seed), n1: Node = new Leaf(2), n2: Node = new Pair(3), n3 = new Node(4);',
      '  let x0 = ints(seed), x1 = ints(1), x2 = ints(2);',
      '  let m0 = nodes(seed), m1 = nodes(9);',
      '  const list = new Array<Node>();',
      ...this.lines,
      '  let sum = i0 ^ i1 ^ i2 ^ n0.a ^ n1.value() ^ n2.value() ^ n3.a;',
      '  for (let i = 0; i < 64; i++) sum = sum * 31 + x0[i] + x1[i] * 3 + x2[i] + m0[i].value() + m1[i].a;',
      '  for (let i = 0; i < list.length; i++) sum = sum * 33 + list[i].value();',
      '  return <u32>sum;',
      '}',
    ].join('\n');
  }

  /** A function whose arrays are needed by its loop alone, so that nothing but the loop's own addresses leads to them. */
  private walk(name: string): string[] {
    const { random } = this;
    const arrays = 1 + random.below(4);
    const isPointer = Array.from({ length: arrays }, () => random.below(3) === 0);
    const from = random.below(2) ? 0 : 1000 * (1 + random.below(50));
    const offset = random.below(2) ? String(from) : 'from';
    const count = random.below(2) ? 12 : 60;
    const k = from === 0 ? 'k' : `(k - ${offset})`;
    const element = () => {
      const array = random.below(arrays);
      const at = count === 60 ? random.pick([k, `63 - ${k}`, `${k} + 3`])
        : random.pick([k, `${k} * 5`, `${k} * 3 + ${random.below(9)}`, `${k} * 4`, `${k} * 2 + 1`, `60 - ${k} * 5`]);
      return { isNode: isPointer[array]!, text: `y${array}[${at}]` };
    };
    const read = () => {
      const { isNode, text } = element();
      return isNode ? `unchecked(${text}).a` : `unchecked(${text})`;
    };
    const lines = [`function ${name}(seed: i32, from: i32): i32 {`];
    isPointer.forEach((pointer, i) => lines.push(`  const y${i} = ${pointer ? 'nodes' : 'ints'}(seed + ${i});`));
    const isDown = random.below(3) === 0;
    lines.push('  let sum = seed;', isDown ? `  for (let k = ${from + count - 1}; k >= ${from}; k--) {` : `  for (let k = ${from}; k < ${from + count}; k++) {`);
    for (let i = 0, statements = 1 + random.below(4); i < statements; i++) {
      const { isNode, text } = element();
      const call = random.pick(['new Node(k).a', 'touch(new Leaf(k))', 'disturb(k)', '0']);
      if (isNode && random.below(2)) lines.push(`    unchecked(${text} = new Node(${read()}));`);
      else if (!isNode && random.below(2)) lines.push(`    unchecked(${text} += ${call});`);
      lines.push(`    sum = sum * 3 + ${read()} + ${call};`);
    }
    lines.push('    sum += new Node(k).a;', '  }', '  return sum;', '}');
    return [...lines, `const from${name}: i32 = ${from};`];
  }

  private emit(depth: number, line: string): void {
    this.lines.push('  '.repeat(depth) + line);
  }

  private int(): string {
    const { random } = this;
    switch (random.below(6)) {
      case 0: return String(random.below(100));
      case 1: return `(${random.pick(INTS)} + ${random.below(9)})`;
      case 2: return `${random.pick(NODES)}.a`;
      case 3: return `${random.pick(ARRAYS)}[${random.pick(INTS)} & 63]`;
      case 4: return `${random.pick(NODE_ARRAYS)}[${random.pick(INTS)} & 63].a`;
      default: return random.pick(INTS);
    }
  }

  private node(): string {
    const { random } = this;
    switch (random.below(5)) {
      case 0: return `new Node(${this.int()})`;
      case 1: return `new Leaf(${this.int()})`;
      case 2: return `new Pair(${this.int()})`;
      case 3: return `${random.pick(NODE_ARRAYS)}[${this.int()} & 63]`;
      default: return random.pick(NODES);
    }
  }

  private statement(depth: number): void {
    const { random } = this;
    const choice = random.below(depth > 3 ? 10 : 15);
    switch (choice) {
      case 0: return this.emit(depth, `${random.pick(NODES)} = ${this.node()};`);
      case 1: return this.emit(depth, `${random.pick(NODES)}.${random.pick(['left', 'right'])} = ${this.node()};`);
      case 2: return this.emit(depth, `{ const t = ${random.pick(NODES)}.${random.pick(['left', 'right'])}; if (t !== null) ${random.pick(NODES)} = t; }`);
      case 3: return this.emit(depth, `${random.pick(INTS)} = ${random.pick(INTS)} * 31 + touch(${this.node()}) + ${this.int()};`);
      case 4: return this.emit(depth, `${random.pick(ARRAYS)}[${this.int()} & 63] += ${this.int()};`);
      case 5: return this.emit(depth, `${random.pick(NODE_ARRAYS)}[${this.int()} & 63] = ${this.node()};`);
      case 6: return this.emit(depth, random.below(3) === 0 ? 'block();' : `if (list.length < 40) list.push(${this.node()});`);
      case 7: return this.emit(depth, `${random.pick(ARRAYS)} = ints(${this.int()});`);
      case 8: return this.emit(depth, `if (${this.int()} & 1) ${random.pick(INTS)} += ("s" + (${this.int()} & 1023).toString()).length;`);
      case 9: {
        const walk = `walk${this.number}_${random.below(4)}`;
        return this.emit(depth, `${random.pick(INTS)} += ${walk}(${this.int()} & 1023, from${walk});`);
      }
      case 10: return this.stridedLoop(depth);
      case 11: return this.twoPointerLoop(depth);
      case 12: return this.offsetLoop(depth);
      case 13: return this.block(depth, `if (${this.int()} < ${this.int()}) {`);
      default: {
        const k = `k${this.loops++}`;
        return this.block(depth, `for (let ${k} = 0; ${k} < ${1 + random.below(4)}; ${k}++) {`);
      }
    }
  }

  private block(depth: number, head: string): void {
    this.emit(depth, head);
    for (let i = 0, count = 1 + this.random.below(3); i < count; i++) this.statement(depth + 1);
    this.emit(depth, '}');
  }

  /** Half of the time without bounds checks, whose load of the length would keep the base of an array in a register. */
  private unchecked(expression: string): string {
    return this.random.below(2) ? `unchecked(${expression});` : `${expression};`;
  }

  /** Several elements at multiples of the counter: strength reduction derives one address from another. */
  private stridedLoop(depth: number): void {
    const { random } = this;
    const k = `k${this.loops++}`;
    const [x, y] = [random.pick(ARRAYS), random.pick(ARRAYS)];
    this.emit(depth, `for (let ${k} = 0; ${k} < 12; ${k}++) {`);
    this.emit(depth + 1, this.unchecked(`${x}[${k} * ${1 + random.below(5)} + ${random.below(4)}] += ${y}[${k} * ${1 + random.below(5)}] + touch(${this.node()})`));
    this.emit(depth + 1, this.unchecked(`${y}[${k} * 5 + ${random.below(4)}] ^= ${x}[${k} * 3] + ${random.pick(NODES)}.a`));
    this.emit(depth, '}');
  }

  /** Arrays walked in step: induction variables keep differences of addresses. */
  private twoPointerLoop(depth: number): void {
    const { random } = this;
    const k = `k${this.loops++}`;
    this.emit(depth, `for (let ${k} = ${random.below(8)}; ${k} < ${20 + random.below(40)}; ${k}++) {`);
    this.emit(depth + 1, this.unchecked(`x0[${k}] = x1[${k}] + x2[${k}] + ${random.pick(NODE_ARRAYS)}[${k}].${random.pick(['a', 'value()'])}`));
    if (random.below(2)) this.emit(depth + 1, `${random.pick(NODE_ARRAYS)}[${k}] = ${this.node()};`);
    this.emit(depth, '}');
  }

  /** Indices minus a constant: reassociation folds the constant into the base. */
  private offsetLoop(depth: number): void {
    const { random } = this;
    const k = `k${this.loops++}`;
    const from = 1000 * (1 + random.below(9));
    this.emit(depth, `for (let ${k} = ${from}; ${k} < ${from + 10 + random.below(50)}; ${k}++) {`);
    this.emit(depth + 1, this.unchecked(`${random.pick(ARRAYS)}[${k} - ${from}] += touch(${random.pick(NODE_ARRAYS)}[${k} - ${from}])`));
    this.emit(depth, '}');
  }
}
