// Minimal programs for the causes found by which a C compiler hides the only pointer to a live object from a stack scan,
// each with an allocation (a possible collection) where only the derived address lives. AssemblyScript; run by
// collector.test.ts: the result must not depend on collections. The arrays are made inside, so that nothing else
// keeps them alive; `unchecked` leaves out the bounds check, whose load of the length would keep the base in a register.

import { pause } from "../../arch/x86_64/machine";
import { setStress } from "../../kernel/runtime/heap/heap";
import "../../kernel/runtime/log/panic";

export const PROGRAMS: u32 = 10;

class Cell {
  constructor(public value: i32, public next: Cell | null = null) {}
}
class Wide {
  a: i32 = 1; b: i32 = 2; c: i32 = 3; d: i32 = 4; e: u64 = 5; f: u64 = 6; g: Cell = new Cell(7);
}

export function growLinearMemory(pages: u32): i32 {
  return 1;
}
export function stress(on: u32): void {
  setStress(on != 0);
}
/** Allocates, and lets the other stacks run. */
function disturb(i: i32): i32 {
  pause();
  return new Cell(i).value;
}
function ints(length: i32): StaticArray<i32> {
  const made = new StaticArray<i32>(length);
  for (let i = 0; i < length; i++) made[i] = i * 3;
  return made;
}
function cells(length: i32): StaticArray<Cell> {
  const made = new StaticArray<Cell>(length);
  for (let i = 0; i < length; i++) made[i] = new Cell(i);
  return made;
}

/** Induction variables: the loop may keep `b - a` and one running pointer. */
function inStep(n: i32): i32 {
  const a = ints(n);
  const b = ints(n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    unchecked(b[i] = a[i] + disturb(i));
    sum += unchecked(b[i]);
  }
  return sum;
}

/** The same with three arrays and a pointer to the end. */
function threeInStep(n: i32): i32 {
  const a = ints(n);
  const b = cells(n);
  const c = ints(n);
  let sum = 0;
  for (let i = n - 1; i >= 0; i--) sum += unchecked(a[i]) * 3 + unchecked(b[i]).value + disturb(unchecked(c[i]));
  return sum;
}

/** Reassociation: the base may become `a - 4 * from`. */
function farBase(n: i32): i32 {
  const from = 100000;
  const a = ints(n);
  let sum = 0;
  for (let i = from; i < from + n; i++) sum += unchecked(a[i - from]) + disturb(i);
  return sum;
}

/** The same with the offset in a variable, so that base and offset are combined before the loop. */
function variableBase(n: i32, from: i32): i32 {
  const a = cells(n);
  let sum = 0;
  for (let i = from; i < from + n; i++) {
    sum += unchecked(a[i - from]).value;
    unchecked(a[i - from] = new Cell(disturb(sum & 15)));
    sum += unchecked(a[i - from]).value;
  }
  return sum;
}

/** Straight-line strength reduction: one address derived from another, beyond the object. */
function multiples(n: i32): i32 {
  const a = ints(n * 8);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    unchecked(a[i * 5] += disturb(i));
    unchecked(a[i * 3] += disturb(i) + a[i * 5]);
    unchecked(a[i * 7] += a[i * 3] + disturb(sum & 7));
    sum += unchecked(a[i * 2] + a[i * 7]);
  }
  return sum;
}

/** Only a field's address is needed after the last call. */
function innerField(n: i32): i32 {
  const wide = new Wide();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    wide.f += <u64>disturb(i);
    wide.d += <i32>wide.f;
    sum += wide.d + wide.g.value;
  }
  return sum;
}

/** The last element: an address one past the end. */
function pastTheEnd(n: i32): i32 {
  const a = ints(n);
  let sum = 0;
  for (let i = n; i > 0; i--) sum += unchecked(a[i - 1]) + disturb(i);
  return sum;
}

/** Operands of a call that are alive nowhere else while a later operand allocates. */
function operands(n: i32): i32 {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += combine(new Cell(i), cells(3), new Cell(disturb(i)), ints(4));
  return sum;
}
function combine(a: Cell, b: StaticArray<Cell>, c: Cell, d: StaticArray<i32>): i32 {
  return a.value + b[2].value * 5 + c.value * 7 + d[3];
}

/** A list built and walked with nothing but the running reference. */
function list(n: i32): i32 {
  let head: Cell | null = null;
  for (let i = 0; i < n; i++) head = new Cell(i, head);
  let sum = 0;
  while (head !== null) {
    sum = sum * 3 + head.value + disturb(1);
    head = head.next;
  }
  return sum;
}

/** Strings, whose library code holds raw addresses. */
function strings(n: i32): i32 {
  const parts = new Array<string>();
  for (let i = 0; i < n; i++) parts.push(i.toString() + "-" + disturb(i).toString(16));
  return parts.join(",").length + parts.slice(3).concat(parts).map<i32>((part: string): i32 => part.length).length;
}

export function run(program: u32, seed: u32): u32 {
  const n = 40 + <i32>(seed & 7);
  switch (program) {
    case 0: return inStep(n);
    case 1: return threeInStep(n);
    case 2: return farBase(n);
    case 3: return variableBase(n, n * 1000);
    case 4: return multiples(n);
    case 5: return innerField(n);
    case 6: return pastTheEnd(n);
    case 7: return operands(n);
    case 8: return list(n);
    default: return strings(n);
  }
}
