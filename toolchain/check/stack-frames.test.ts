import { describe, expect, it } from 'vitest';
import { checkFrames, parseStackUsage } from './stack-frames.js';

const USAGE = 'kernel/a.ts:10:5:kernel_a_small\t64\tstatic\nkernel/a.ts:20:5:kernel_a_large.part.0\t1200\tdynamic,bounded\n';
const NAMES = new Map([['kernel_a_large', 'kernel/a.ts large']]);

describe('stack frames', () => {
  it('shows large ones by the names of their functions', () => {
    expect(checkFrames(parseStackUsage(USAGE), NAMES)).toEqual({
      largest: 1200, lines: ['kernel/a.ts:20: kernel/a.ts large has a stack frame of 1200 bytes'],
    });
  });

  it('refuses those beyond the limit, and those without one', () => {
    expect(() => checkFrames(parseStackUsage('a.ts:1:2:f\t4000\tstatic\n'), NAMES)).toThrow('a.ts:1: f has a stack frame of 4000 bytes; at most 2048');
    expect(() => checkFrames(parseStackUsage('a.c:1:2:f\t40\tdynamic\n'), NAMES)).toThrow('without a bound');
  });
});
