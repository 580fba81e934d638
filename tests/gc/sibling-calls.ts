// Programs in which a reference is kept by nothing but the home of a function that ends with a call: the callee has it as a
// parameter that is never assigned, so it has no home of its own for it, and walks it in a way that makes gcc hide the pointer.
// A jump in place of the call takes the caller's frame, and the home, away. In the kernel: `Pipe.leave` -> `WaitQueue.wakeSome`.
// AssemblyScript; run by collector.test.ts. Each callee has several callers, so that it stays a function.

import { pause } from "../../arch/x86_64/machine";
import { setStress } from "../../kernel/runtime/heap/heap";
import "../../kernel/runtime/log/panic";

export const PROGRAMS: u32 = 8;

class Cell {
  constructor(public value: i32, public next: Cell | null = null) {}
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

/** Two arrays in step, downwards: the loop may keep `b - a` and one running pointer. */
function inStep(a: StaticArray<Cell>, b: StaticArray<i32>, from: i32, n: i32): i32 {
  let sum = 0;
  for (let i = from + n - 1; i >= from; i--) sum += unchecked(a[i - from]).value * 3 + unchecked(b[i - from]) + disturb(i);
  return sum;
}
/** Three, upwards. */
function threeInStep(a: StaticArray<Cell>, b: StaticArray<i32>, c: StaticArray<i32>, n: i32): i32 {
  let sum = 0;
  for (let i = n - 1; i >= 0; i--) sum += unchecked(c[i]) * 3 + unchecked(a[i]).value + disturb(unchecked(b[i]));
  return sum;
}
/** Elements of two sizes. */
function twoSizes(a: StaticArray<i32>, b: StaticArray<u64>, n: i32): i32 {
  let sum = 0;
  for (let i = n - 1; i >= 0; i--) {
    sum += unchecked(a[i]) + <i32>unchecked(b[i]) + disturb(i);
    unchecked(b[i] = <u64>sum);
  }
  return sum + <i32>unchecked(b[0]);
}
/** One array, the base moved out of the loop. */
function farBase(a: StaticArray<i32>, from: i32, n: i32): i32 {
  let sum = 0;
  for (let i = from + n - 1; i >= from; i--) sum += unchecked(a[i - from]) * disturb(i) + unchecked(a[i - from]);
  return sum;
}

// Each function is called from two places and has some size, so that neither optimiser puts it into its caller. What the last call is
// given is kept by nothing else.
function startInStep(n: i32): i32 {
  const a = cells(n);
  a[1].value += a[n - 1].value;
  return inStep(a, ints(n), n * 500, n);
}
function startThree(n: i32): i32 {
  const a = cells(n);
  a[1].value += a[n - 1].value;
  return threeInStep(a, ints(n), ints(n + 1), n);
}
function startTwoSizes(n: i32): i32 {
  const a = ints(n);
  const b = new StaticArray<u64>(n);
  for (let i = 0; i < n; i++) b[i] = <u64>a[i] << 3;
  return twoSizes(a, b, n);
}
function startFar(n: i32): i32 {
  const a = ints(n);
  a[1] += a[n - 1];
  return farBase(a, n * 500, n);
}

/** A method that passes what its object holds to its last call, and the object goes, as when the last end of a pipe is closed. */
class Holder {
  constructor(public cells: StaticArray<Cell>, public numbers: StaticArray<i32>, public from: i32) {}
  @inline get last(): i32 { return this.numbers[this.numbers.length - 1]; }
  leave(n: i32): i32 {
    this.numbers[1] += this.last;
    return inStep(this.cells, this.numbers, this.from, n);
  }
  leaveThree(n: i32): i32 {
    this.numbers[1] += this.last;
    return threeInStep(this.cells, this.numbers, ints(n), n);
  }
}
function startHolder(n: i32): i32 {
  const holder = new Holder(cells(n), ints(n), n * 7);
  holder.numbers[2] += holder.last;
  return holder.leave(n);
}
function startHolderThree(n: i32): i32 {
  const holder = new Holder(cells(n), ints(n), n * 7);
  holder.numbers[2] += holder.last;
  return holder.leaveThree(n);
}

export function run(program: u32, seed: u32): u32 {
  const n = 40 + <i32>(seed & 7);
  switch (program) {
    case 0: return startInStep(n) + startInStep(n + 1);
    case 1: return startThree(n) + startThree(n + 1);
    case 2: return startTwoSizes(n) + startTwoSizes(n + 1);
    case 3: return startFar(n) + startFar(n + 1);
    case 4: return startHolder(n) + startHolder(n + 1);
    case 5: return startHolderThree(n) + startHolderThree(n + 1);
    // The second places from which the walks are called.
    case 6: return inStep(cells(n), ints(n), n, n) + threeInStep(cells(n), ints(n), ints(n), n) + twoSizes(ints(n), new StaticArray<u64>(n), n) + farBase(ints(n), n, n);
    default: return new Holder(cells(n), ints(n), n).leave(n) + new Holder(cells(n), ints(n), n).leaveThree(n);
  }
}
