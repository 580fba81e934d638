// The native side alone: tests/native/ links a stand-in for the kernel core and user programs with the
// boot code and runs them in QEMU: system calls, traps, user copies, FPU and thread switching, interrupts.

import { execa } from 'execa';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuildCache } from '../../toolchain/cache.js';
import { compileNative, compilerVersion, sourcesIn } from '../../toolchain/link/native.js';
import { ARCH_NATIVE, ROOT, TOOLCHAIN_NATIVE } from '../../toolchain/paths.js';
import { runTool } from '../../toolchain/process.js';
import { buildVdso } from '../../toolchain/link/vdso.js';

const folder = mkdtempSync(path.join(tmpdir(), 'typix-native-'));
const image = path.join(folder, 'smoke.elf');

beforeAll(async () => {
  const cache = new BuildCache(path.join(ROOT, 'build', 'cache'));
  const { objects } = await compileNative({
    mode: 'release', root: ROOT, cache,
    includes: [path.join(ROOT, ARCH_NATIVE), path.join(ROOT, TOOLCHAIN_NATIVE), await buildVdso(ROOT, cache, await compilerVersion())],
    sources: [...sourcesIn(ROOT, 'tests/native'), ...sourcesIn(ROOT, ARCH_NATIVE), ...sourcesIn(ROOT, 'boot')],
  });
  await runTool('ld', ['-nostdlib', '-static', '-z', 'max-page-size=4096', '-z', 'noexecstack', '-T', path.join(ROOT, ARCH_NATIVE, 'kernel.ld'), '-o', image, ...objects]);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Boots the image; what it printed. isa-debug-exit turns the value 0 into exit status 1. */
async function boot(machine: string, cpu: string, memory: string): Promise<string> {
  const result = await execa('qemu-system-x86_64', [
    '-accel', 'tcg', '-M', machine, '-cpu', cpu, '-m', memory, '-kernel', image, '-display', 'none', '-serial', 'stdio', '-no-reboot',
    '-device', 'isa-debug-exit,iobase=0xf4',
  ], { reject: false, timeout: 60_000, stdin: 'ignore' });
  expect(result.stdout).toContain('native: ok');
  expect(result.exitCode).toBe(1);
  return result.stdout;
}

describe('native side', () => {
  it('works with every feature QEMU emulates', () => boot('q35', 'max', '128M'));
  it('works on the plainest 64-bit CPU with 32 MiB', () => boot('pc', 'qemu64', '32M'));
  it('works without FSGSBASE and XSAVEOPT', () => boot('pc', 'max,-fsgsbase,-xsaveopt', '64M'));
});
