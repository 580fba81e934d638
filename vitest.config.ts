// Vitest runs what is TypeScript for Node. Unit tests of kernel code are AssemblyScript; tests/unit/kernel.test.ts runs them.

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['toolchain/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'toolchain/fixtures/**', 'build/**'],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
  },
});
