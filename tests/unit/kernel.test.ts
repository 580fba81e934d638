// Runs the unit tests of kernel code: each exported `test…` function of the `*.test.ts` files beside the kernel's
// source, in a fresh instance with a simulated machine. TYPIX_TESTS=kernel/mm compiles and runs only files whose
// path contains that text. A test whose name ends in IsRefused must end with the kernel's refusal, an error of its own.

import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { buildUnitTests } from '../../toolchain/build.js';
import { KernelAbort, SimulatedMachine, runKernelCode } from '../simulated-machine/machine.js';

const { modules, errors } = await buildUnitTests({ filter: process.env.TYPIX_TESTS ?? '' });

for (const [file, message] of errors) {
  describe(file, () => {
    it('compiles', () => expect.fail(message));
  });
}

for (const { wasm, tests } of modules) {
  let module: WebAssembly.Module | null = new WebAssembly.Module(readFileSync(wasm));
  afterAll(() => { module = null; });
  for (const file of new Set(tests.map((test) => test.file))) {
    describe(file, () => {
      for (const { name, exportName } of tests.filter((test) => test.file === file)) {
        it(name, () => run(module!, exportName, `${file}#pageFault`));
      }
    });
  }
}

/** A test file may export the `pageFault` that user copies call. */
function run(module: WebAssembly.Module, exportName: string, pageFault: string): void {
  const machine = new SimulatedMachine();
  const exports = machine.instantiate(module, pageFault);
  const call = () => runKernelCode(exports[exportName] as () => void);
  if (exportName.endsWith('IsRefused')) expect(call).toThrow(KernelAbort);
  else call();
}
