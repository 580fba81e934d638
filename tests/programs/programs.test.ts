/** Scripts with this machine's own programs print what they print on Linux. */
import { beforeAll, describe, expect, it } from 'vitest';
import { isForeign, testKernel } from '../harness/test-guest.ts';
import { comparePrograms, programCases, type ProgramComparison } from './programs.ts';

/** Without root here, a Linux guest says what is right. */
const reference = process.getuid?.() === 0 ? 'this machine' : 'guest';

describe.skipIf(isForeign)('whole programs', () => {
  let result: ProgramComparison | undefined;

  beforeAll(async () => {
    result = await comparePrograms(programCases(), { kernel: await testKernel(), accelerator: 'tcg', memoryBytes: 1024 << 20 }, reference);
  }, 900_000);

  for (const name of programCases()) {
    it(name, () => {
      const { linux, typix, log } = result!;
      expect(typix.get(name)?.output, log.slice(-20).join('\n')).toBe(linux.get(name)?.output);
      expect(typix.get(name)?.status).toBe(linux.get(name)?.status);
      expect(linux.get(name)?.output.length).toBeGreaterThan(200);
    });
  }
});
