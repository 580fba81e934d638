// Memory that ends: linear memory may grow by a few MiB only. AssemblyScript; run by collector.test.ts. The garbage is
// made in a loop without safe points, and what is kept is checked at the end.

import { collectIfNeeded, collectionCount, heapReserveOk, heapSize, isHeapUnderPressure } from "../../kernel/runtime/heap/heap";
import "../../kernel/runtime/log/panic";

class Cell {
  constructor(public value: i32, public next: Cell | null = null) {}
}

/** Further chunks of 64 KiB that the machine has. */
let chunksLeft: u32 = 48;
let kept: Cell | null = null;

export function growLinearMemory(pages: u32): i32 {
  if (pages > chunksLeft) return 0;
  chunksLeft -= pages;
  return 1;
}
export function stress(on: u32): void {}

/** Much more garbage than there is memory. */
function churn(): u32 {
  let sum: u32 = 0;
  for (let i = 0; i < 400000; i++) sum += new Cell(i).value;
  for (let i = 0; i < 3000; i++) sum += new StaticArray<u8>(i * 20).length;
  return sum;
}

/** Keeps objects, asking first, until memory is short. */
function fill(): u32 {
  let count: u32 = 0;
  while (heapReserveOk(64 * 1024)) {
    for (let i = 0; i < 1000; i++) kept = new Cell(count++, kept);
  }
  return count;
}

function check(count: u32): u32 {
  let left = count;
  let at = kept;
  while (at !== null) {
    if (at.value != <i32>--left) return 1;
    at = at.next;
  }
  return left == 0 ? 0 : 2;
}

/** Cell by cell, because a stale word on the stack may still lead to any of them, and would keep all behind it. */
function release(): void {
  let at = kept;
  kept = null;
  while (at !== null) {
    const next = at.next;
    at.next = null;
    at = next;
  }
}

/** 0: survives as it should; other results say what was wrong. 1: ends in an oops, as nobody asked. */
export function run(program: u32, seed: u32): u32 {
  const garbage = churn();
  if (collectionCount() == 0 || garbage == 0) return 10;
  const count = fill();
  if (count < 20000) return 11;
  if (!isHeapUnderPressure()) return 12;
  if (heapReserveOk(64 * 1024)) return 13;
  // The reserve carries what a system call allocates without asking.
  for (let i = 0; i < 1000; i++) kept = new Cell(<i32>count + i, kept);
  churn();
  if (check(count + 1000) != 0) return 14;
  if (program == 1) while (true) kept = new Cell(0, kept);
  release();
  const size = heapSize();
  churn();
  collectIfNeeded();
  if (!heapReserveOk(1024 * 1024)) return 15;
  return heapSize() == size ? 0 : 16;
}
