// Small kernels for the tests of the rules about sleeping: `//! rule` at a line's end says what must be reported there.

/** The machine, and what waits and copies by it. */
export const SLEEPING_MACHINE: Record<string, string> = {
  'toolchain/check/trusted-files.txt': 'arch/x86_64/machine.ts # imports\nkernel/sync/wait.ts # imports\n',
  'arch/x86_64/machine.ts': [
    '@unsafe @external("machine", "threadSwitch") export declare function threadSwitch(to: u32): void;',
    '@unsafe @external("machine", "userRead32") export declare function userRead32(to: usize, from: u64): u32;',
    '@unsafe @external("machine", "takeInterrupts") export declare function takeInterrupts(): void;',
  ].join('\n'),
  'kernel/sync/wait.ts': [
    'import { takeInterrupts, threadSwitch, userRead32 } from "../../arch/x86_64/machine";',
    '@safe @sleeps export function wait(): void { threadSwitch(1); }',
    '@safe @sleeps export function copy(): u32 { return userRead32(0, 0); }',
    '@safe export function letInterruptsIn(): void { takeInterrupts(); }',
  ].join('\n'),
};

const IMPORTS = 'import { copy, letInterruptsIn, wait } from "../sync/wait";\n';

export const MARKS = `${IMPORTS}
@sleeps export function marked(): void { wait(); }
export function unmarked(): void { wait(); } //! sleeps
export function copies(): u32 { return copy(); } //! sleeps
@sleeps export function needless(): void { letInterruptsIn(); } //! sleeps
export function interrupts(): void { letInterruptsIn(); }
export function deep(): void { unmarked(); } //! sleeps
@noSleep export function promised(): void { letInterruptsIn(); }
@noSleep export function broken(): void { marked(); } //! no-sleep
export function ends(): void { throw new Error("does not come back"); }

export abstract class Base {
  abstract first(): void; //! sleeps
  @sleeps abstract second(): void;
  abstract third(): void;
  second2(): void {} //! sleeps
  get size(): u32 { return copy(); } //! sleeps
  set size(value: u32) { letInterruptsIn(); }
}
export class Waits extends Base {
  field: i32;
  constructor() { //! sleeps
    super();
    this.field = 1;
    wait();
  }
  first(): void { wait(); } //! sleeps
  @sleeps second(): void { wait(); }
  third(): void { letInterruptsIn(); }
  @sleeps private inner(): void { wait(); }
  second2(): void { this.inner(); } //! sleeps
}
export class Quick extends Base {
  first(): void {}
  @sleeps second(): void {} //! sleeps
  third(): void {}
}
export function virtual(base: Base): void { base.first(); } //! sleeps
export function virtualQuick(base: Base): void { base.third(); }
export function own(quick: Quick): void { quick.first(); }

type Action = (value: u32) => void;
function sleepy(value: u32): void { wait(); } //! sleeps
function awake(value: u32): bool { return value == 1; }
export function callValue(action: Action): void { action(1); } //! sleeps
export function passValue(): void { callValue(sleepy); } //! sleeps
export function callPredicate(): bool { const test: (value: u32) => bool = awake; return test(1); }
export function generic<T>(value: T): T { wait(); return value; } //! sleeps
export function callGeneric(): u32 { return generic<u32>(1); } //! sleeps
export function passesArrow(): void { callValue((value: u32): void => { wait(); }); } //! sleeps
`.replace('wait(); }); } //! sleeps', 'letInterruptsIn(); }); } //! sleeps');

export const BORROWED = `${IMPORTS}
export class File {
  references: i32 = 1;
  retain(): void { this.references++; }
  release(): void { this.references--; }
  look(): i32 { return this.references; }
  @sleeps read(): i32 { wait(); return this.references; }
}
export class Table {
  @kept held: File = new File();
  changing: File = new File();
  readonly fixed: File = new File();
  keep(): void {}
  get(at: i32): File | null { return at == 0 ? this.changing : null; }
  @counted take(at: i32): File { const file = this.changing; file.retain(); return file; }
}
@sleeps export function usedAfter(table: Table): i32 {
  const file = table.get(0);
  if (file === null) return 0;
  wait();
  return file.look(); //! borrowed
}
@sleeps export function usedBefore(table: Table): i32 {
  const file = table.get(0);
  if (file === null) return 0;
  const seen = file.look();
  wait();
  return file === null ? seen : 0;
}
@sleeps export function counted(table: Table): i32 {
  const file = table.get(0);
  if (file === null) return 0;
  file.retain();
  wait();
  const seen = file.look();
  file.release();
  return seen;
}
@sleeps export function countedTooLate(table: Table): void {
  const file = table.changing;
  wait();
  file.retain(); //! borrowed
}
@sleeps export function sleepingMethod(table: Table): i32 {
  const file = table.get(0);
  return file === null ? 0 : file.read(); //! borrowed
}
@sleeps function readFrom(file: File): i32 { return file.read(); }
@sleeps export function given(table: Table): i32 {
  return readFrom(table.changing); //! borrowed
}
@sleeps export function keptByHolder(table: Table): i32 {
  const file = table.held;
  wait();
  return file.look() + readFrom(table.fixed) + readFrom(new File());
}
@sleeps export function keptByCall(table: Table): i32 {
  table.keep();
  const file = table.changing;
  wait();
  return file.look();
}
@sleeps export function ownCount(table: Table): i32 {
  const file = table.take(0);
  wait();
  return file.look();
}
@sleeps export function onOneWay(table: Table, isSlow: bool): i32 {
  const file = table.changing;
  if (isSlow) wait();
  return file.look(); //! borrowed
}
@sleeps export function otherWay(table: Table, isSlow: bool): i32 {
  const file = table.changing;
  if (isSlow) {
    wait();
    return 0;
  }
  return file.look();
}
@sleeps export function roundAgain(table: Table): i32 {
  const file = table.changing;
  let sum = 0;
  for (let i = 0; i < 3; i++) {
    sum += file.look(); //! borrowed
    wait();
  }
  return sum;
}
@sleeps export function lookedUpAgain(table: Table): i32 {
  let file = table.changing;
  wait();
  file = table.changing;
  return file.look();
}
@sleeps export function escaped(table: Table): i32 {
  const file = table.changing;
  wait();
  // borrowed: the table never changes after boot
  return file.look();
}
@sleeps export function parameter(file: File): i32 {
  wait();
  return file.look();
}
`;

export const SCRATCH = `${IMPORTS}
class Scratch {
  value: i32 = 0;
  clear(): Scratch { this.value = 0; return this; }
}
@scratch const scratch = new Scratch();
@kernelLock const table = new Scratch();
@sleeps function work(on: Scratch): void { wait(); on.value++; }

@sleeps export function across(): i32 {
  scratch.value = 1;
  wait();
  return scratch.value; //! scratch
}
@sleeps export function before(): i32 {
  scratch.value = 1;
  const seen = scratch.value;
  wait();
  return seen;
}
@sleeps export function after(): i32 {
  wait();
  scratch.value = 1;
  return scratch.value;
}
@sleeps export function passed(): void {
  work(scratch); //! scratch
}
@sleeps export function alias(): void {
  const mine = scratch.clear();
  mine.value = 2;
  work(mine); //! scratch
}
@sleeps export function shared(): i32 {
  table.value = 1;
  wait();
  return table.value;
}
@sleeps export function own(): i32 {
  const mine = new Scratch();
  work(mine);
  return mine.value;
}
`;
