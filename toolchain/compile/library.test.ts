// asc's library as the kernel uses it: what untrusted code may call (check/trust/library.ts) stays within its objects, also with
// the arguments and the callbacks that asc's own version does not survive. library-patches.ts has the changes.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compileModule } from './compile.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** Compiles a program and instantiates it: its exports. */
function run(source: string): Record<string, (...args: (number | bigint)[]) => number | bigint> {
  const root = mkdtempSync(path.join(tmpdir(), 'typix-library-'));
  folders.push(root);
  mkdirSync(path.join(root, 'boot'));
  writeFileSync(path.join(root, 'boot/kernel.ts'), source);
  const { wasm } = compileModule({ root, entries: ['boot/kernel.ts'], roots: 'none', initialPages: 1 });
  const imports = { env: { abort: () => { throw new Error('abort'); } }, mark: { line: () => {} } };
  return new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource), imports).exports as ReturnType<typeof run>;
}

describe('indexes', () => {
  it('end at the array, whatever number comes', () => {
    const { get, set, at } = run(`
      const words = new StaticArray<u32>(4);
      const list: u32[] = [1, 2, 3, 4];
      export function get(i: i32): u32 { return words[i]; }
      export function set(i: i32): void { words[i] = 1; }
      export function at(i: i32): u32 { return list[i]; }`);
    for (const index of [4, -1, 0x7fffffff, -0x80000000, 0x40000000]) for (const access of [get!, set!, at!]) expect(() => access(index)).toThrow();
    expect(get!(3)).toBe(0);
  });

  it('do not make an array of a length that wraps', () => {
    const { length, made, words } = run(`
      export function length(n: i32): i32 { const list: u64[] = []; list.length = n; return list.length; }
      export function made(n: i32): i32 { return new Array<u64>(n).length; }
      export function words(n: i32): i32 { return new StaticArray<u64>(n).length; }`);
    for (const count of [-1, 0x20000001, -0x80000000]) for (const make of [length!, made!, words!]) expect(() => make(count)).toThrow();
  });

  it('are brought into range by slice, splice and copyWithin', () => {
    const { slice, splice, within } = run(`
      export function slice(from: i32, to: i32): i32 { const list: u32[] = [1, 2, 3, 4]; return list.slice(from, to).length; }
      export function splice(from: i32, count: i32): i32 { const list: u32[] = [1, 2, 3, 4]; const cut = list.splice(from, count); return cut.length * 10 + list.length; }
      export function within(to: i32, from: i32, end: i32): u32 {
        const words = new StaticArray<u32>(8);
        for (let i = 0; i < 8; i++) words[i] = <u32>i;
        words.copyWithin(to, from, end);
        let sum: u32 = 0;
        for (let i = 0; i < 8; i++) sum = sum * 10 + words[i];
        return sum;
      }`);
    expect(slice!(-0x80000000, 0x7fffffff)).toBe(4);
    expect(slice!(3, 1)).toBe(0);
    expect(splice!(-1, 0x7fffffff)).toBe(13);
    expect(splice!(0x7fffffff, -1)).toBe(4);
    expect(within!(0, 5, 2)).toBe(1234567);
    expect(within!(-0x80000000, 6, 0x7fffffff)).toBe(67234567);
    expect(within!(7, -0x80000000, -0x80000000)).toBe(1234567);
  });

  it('are brought into range by strings', () => {
    const { code, cut, char } = run(`
      export function code(i: i32): i32 { return "text".charCodeAt(i); }
      export function cut(from: i32, to: i32): i32 { return "text".substring(from, to).length; }
      export function char(i: i32): i32 { return "text"[i].length; }`);
    for (const index of [4, -1, 0x7fffffff, -0x80000000, 0x40000000]) {
      expect(code!(index)).toBe(-1);
      expect(char!(index)).toBe(0);
    }
    expect(cut!(-0x80000000, 0x7fffffff)).toBe(4);
    expect(cut!(0x7fffffff, 2)).toBe(2);
  });
});

describe('searches', () => {
  /** A class whose `==` does what the test says. */
  const CLASS = `
    let onCompare: () => void = () => {};
    let compared: i32 = 0;
    class Key {
      constructor(public n: i32) {}
      @operator("==") static equal(a: Key, b: Key): bool { compared++; onCompare(); return a.n == b.n; }
    }`;

  it('see an array that a comparison shortens', () => {
    const { test } = run(`${CLASS}
      const list: Key[] = [];
      export function test(): i32 {
        for (let i = 0; i < 100; i++) list.push(new Key(i));
        onCompare = () => { list.length = 1; };
        const found = list.indexOf(new Key(50));
        return found * 1000 + compared;
      }`);
    expect(test!()).toBe(-1000 + 1);
  });

  it('see an array that a comparison moves', () => {
    const { test } = run(`${CLASS}
      const list: Key[] = [];
      export function test(): i32 {
        for (let i = 0; i < 4; i++) list.push(new Key(i));
        onCompare = () => { if (list.length < 1000) { list.length = 1000; list[2] = new Key(77); } };
        return list.indexOf(new Key(77));
      }`);
    expect(test!()).toBe(2);
  });

  it('compare keys of maps and sets by identity', () => {
    const { map, set, texts } = run(`${CLASS}
      export function map(): i32 {
        const m = new Map<Key, i32>();
        const a = new Key(1), b = new Key(1);
        m.set(a, 5);
        return (m.has(b) ? 100 : 0) + m.get(a) + compared;
      }
      export function set(): i32 { const s = new Set<Key>(); const a = new Key(1); s.add(a); return (s.has(a) ? 1 : 0) + (s.has(new Key(1)) ? 100 : 0) + compared; }
      export function texts(): i32 { const m = new Map<string, i32>(); m.set("ab", 7); const a = "a"; return m.get(a + "b"); }`);
    expect(map!()).toBe(5);
    expect(set!()).toBe(1);
    expect(texts!()).toBe(7);
  });
});

describe('values', () => {
  it('of a wrong class do not pass a cast', () => {
    const { cast, right, list } = run(`
      class A { x: u32 = 1; } class B { y: u64 = 2; } class C extends A { z: u64 = 3; }
      export function cast(): u64 { const o: Object = new A(); return (<B>o).y; }
      export function right(): u64 { const a: A = new C(); return (<C>a).z; }
      export function list(): u32 { const o: Object = new Array<u8>(); return (<Array<u32>>o).length; }`);
    expect(() => cast!()).toThrow();
    expect(() => list!()).toThrow();
    expect(right!()).toBe(3n);
  });

  it('that are missing do not pass as objects', () => {
    const { hole, word, cast, bang, call } = run(`
      class A { x: u32 = 1; }
      export function hole(): u32 { return new Array<A>(4)[2].x; }
      export function word(): u32 { return new StaticArray<A>(4)[2].x; }
      export function cast(): u32 { return (<A>null).x; }
      export function bang(): u32 { const a: A | null = null; return a!.x; }
      export function call(): u32 { const f: (() => u32) | null = null; return f!(); }`);
    for (const use of [hole!, word!, cast!, bang!, call!]) expect(() => use()).toThrow();
  });

  it('of a function type are called with its own parameters only', () => {
    const { test } = run(`
      function narrow(): i32 { return 1; }
      export function test(): i64 { const wide: () => i64 = narrow; return wide(); }`);
    expect(() => test!()).toThrow();
  });
});
