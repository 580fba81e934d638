// Canaries: facts about this version of the AssemblyScript compiler that the kernel relies on, each as a small program.
// A failure here after an update of asc or Binaryen says what to look at; it need not be a bug of this project.

import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compileModule, type CompileOptions } from './compile.js';
import { CompileError } from '../errors.js';
import { optimiseModule } from '../optimise.js';
import { COLLECTING_IMPORTS } from './root-homes.js';
import { translateModule } from '../translate/translate.js';
import { parseModule } from '../translate/wasm-module.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'typix-canary-'));
  folders.push(folder);
  return folder;
}

function compile(source: string, roots: CompileOptions['roots'] = 'none') {
  const root = newFolder();
  mkdirSync(path.join(root, 'boot'));
  writeFileSync(path.join(root, 'boot/kernel.ts'), source);
  return compileModule({ root, entries: ['boot/kernel.ts'], roots, initialPages: 1 });
}

/** Compiles and instantiates; the exports. */
function run(source: string): Record<string, (...args: (number | bigint)[]) => number | bigint> {
  const module = new WebAssembly.Module(compile(source).wasm as BufferSource);
  const imports = {
    env: { abort: () => { throw new Error('abort'); } }, mark: { line: () => {}, home: (value: number) => value },
    machine: { threadSwitch: () => {}, readTsc: () => 0n },
  };
  return new WebAssembly.Instance(module, imports).exports as ReturnType<typeof run>;
}

/** Compiles, optimises and translates; the C text by file. */
async function translate(source: string): Promise<{ c: Record<string, string>; module: ReturnType<typeof parseModule> }> {
  const [from, to, out] = [newFolder(), newFolder(), newFolder()];
  const { wasm, sourceMap } = compile(source, 'marks');
  writeFileSync(path.join(from, 'module.wasm'), wasm);
  writeFileSync(path.join(from, 'module.wasm.map'), sourceMap);
  await optimiseModule('release', from, to);
  const optimised = readFileSync(path.join(to, 'module.wasm'));
  await translateModule({ wasm: optimised, sourceMap: readFileSync(path.join(to, 'module.wasm.map'), 'utf8'), outFolder: out });
  const c = Object.fromEntries(readdirSync(out).filter((name) => name.endsWith('.c')).map((name) => [name, readFileSync(path.join(out, name), 'utf8')]));
  return { c, module: parseModule(optimised) };
}

describe('layout', () => {
  it('has the runtime id at -8 and the size at -4 of an object', () => {
    const { test } = run(`class A { x: u64 = 0; y: u32 = 0; }
      export function test(): i32 { const p = changetype<usize>(new A()); return (load<u32>(p - 4) == 12 && load<u32>(p - 8) == idof<A>()) ? 1 : 0; }`);
    expect(test!()).toBe(1);
  });

  it('puts static data at 1024 and above', () => {
    const module = parseModule(compile('export function test(): string { return "text"; }').wasm);
    expect(Math.min(...module.data.map(({ offset }) => offset))).toBeGreaterThanOrEqual(1024);
  });

  it('keeps handles made from numbers without an object', async () => {
    const { c } = await translate('@final @unmanaged class Fd {}\nexport function test(n: u32): u32 { const fd = changetype<Fd>(n); return changetype<u32>(fd) + 1; }');
    expect(c['boot_kernel.c']).toMatch(/var_i0 = var_p0; var_i1 = 1u; var_i0 \+= var_i1; return var_i0;/);
  });
});

describe('semantics', () => {
  it('truncates a 32-bit shift before it is widened', () => {
    const { wrong, right } = run('export function wrong(a: u32): u64 { return a << 12; }\nexport function right(a: u32): u64 { return <u64>a << 12; }');
    expect(wrong!(0x100000)).toBe(0n);
    expect(right!(0x100000)).toBe(0x100000000n);
  });

  it('does not type-check what nothing reaches', () => {
    expect(() => compile('function unreached(): i32 { return "text"; }\nexport function test(): void {}')).not.toThrow();
    expect(() => compile('export function test(): i32 { return "text"; }')).toThrow(CompileError);
  });

  it('shows no old elements in the gap of an array that grows', () => {
    const { byLength, byStore } = run(`
      export function byLength(): i32 { const a = [1, 2, 3, 4]; a.length = 1; a.length = 4; return a[1] + a[2] + a[3]; }
      export function byStore(): i32 { const a = [1, 2, 3, 4]; while (a.length > 1) a.pop(); a[3] = 5; return a[1] + a[2] + a[3]; }`);
    expect(byLength!()).toBe(0);
    expect(byStore!()).toBe(5);
  });

  it('reports errors with file, line and column', () => {
    expect(() => compile('export function test(): i32 {\n  return nothing;\n}\n')).toThrow(/^boot\/kernel\.ts:2:10: Cannot find name 'nothing'/);
  });
});

describe('code', () => {
  it('dispatches virtual calls without a table', async () => {
    const { c } = await translate(`abstract class File { abstract read(n: u32): u32; }
      @final class Zero extends File { read(n: u32): u32 { return n; } }
      @final class One extends File { read(n: u32): u32 { return n + 1; } }
      const files: File[] = [new Zero(), new One()];
      export function test(i: i32, n: u32): u32 { return files[i].read(n); }`);
    expect(Object.values(c).join('')).not.toContain('WASM_CALL_INDIRECT');
  });

  it('leaves no global for @inline const', async () => {
    const { module } = await translate('@inline const LIMIT: u32 = 5;\nexport function test(n: u32): bool { return n < LIMIT; }');
    expect(module.globals.length).toBe(0);
  });

  it('translates a switch of a thousand cases', async () => {
    const cases = Array.from({ length: 1000 }, (_, i) => `case ${i}: return v * ${i} + v;`).join('\n');
    const { c } = await translate(`export function test(n: u32, v: u32): u32 { switch (n) {\n${cases}\n} return 0; }`);
    expect(c['boot_kernel.c']).toContain('case 999: goto');
  });

  it('refuses floating point', async () => {
    await expect(translate('export function test(x: f64): f64 { return x * 2; }')).rejects.toThrow(/floating point/);
  });
});

describe('root homes', () => {
  const PROGRAM = `@external("machine", "threadSwitch") declare function threadSwitch(to: u32): void;
    @external("machine", "readTsc") declare function readTsc(): u64;
    class Node { constructor(public value: i32) {} }
    let nodes: Node[] = [new Node(1), new Node(2)];
    export function sleeps(i: i32): i32 { const node = nodes[i]; threadSwitch(1); return node.value; }
    export function runs(i: i32): i32 { const node = nodes[i]; readTsc(); return node.value; }`;

  it('are kept where a collection can happen, and nowhere else', async () => {
    const { c } = await translate(PROGRAM);
    const functions = c['boot_kernel.c']!.split(/^}$/m);
    const sleeps = functions.find((text) => text.includes('w2c_machine_threadSwitch'))!;
    const runs = functions.find((text) => text.includes('w2c_machine_readTsc'))!;
    expect(sleeps).toMatch(/WASM_HOMES\(\d+\)/);
    expect(runs).not.toContain('WASM_HOMES');
  });

  it('know only imports that exist', () => {
    const machine = readFileSync(new URL('../../arch/x86_64/machine.ts', import.meta.url), 'utf8');
    for (const name of COLLECTING_IMPORTS) expect(machine).toContain(`"machine", "${name}"`);
  });
});
