// The vDSO: a shared object of its own, built before the kernel, which includes it as data (arch/x86_64/native/vdso-image.S).

import path from 'node:path';
import { hashOf, hashOfFiles, type BuildCache } from '../cache.js';
import { runTool } from '../process.js';

export const VDSO_FOLDER = 'arch/x86_64/vdso';
const FLAGS = [
  '-std=gnu11', '-O2', '-ffreestanding', '-fPIC', '-fno-stack-protector', '-fcf-protection=none', '-fno-strict-aliasing',
  '-fno-tree-loop-distribute-patterns', '-fasynchronous-unwind-tables', '-fno-ident', '-Wall', '-Wextra', '-Wno-builtin-declaration-mismatch',
  '-shared', '-nostdlib', '-Wl,--hash-style=both', '-Wl,-soname,linux-vdso.so.1', '-Wl,--build-id=none', '-Wl,-Bsymbolic', '-Wl,--eh-frame-hdr',
  '-Wl,-z,max-page-size=4096', '-Wl,-z,noexecstack', '-Wl,--strip-all',
];

/** Builds vdso.so; returns the folder that holds it. `version` is the compiler's. */
export async function buildVdso(root: string, cache: BuildCache, version: string): Promise<string> {
  const sources = ['vdso.c', 'vdso-data.h', 'vdso.ld'].map((name) => `${VDSO_FOLDER}/${name}`);
  const key = hashOf(version, ...FLAGS, hashOfFiles(root, sources));
  const { folder } = await cache.get('vdso', key, async (target) => {
    await runTool('gcc', [
      ...FLAGS, `-Wl,-T,${path.join(root, VDSO_FOLDER, 'vdso.ld')}`, '-o', path.join(target, 'vdso.so'), path.join(root, VDSO_FOLDER, 'vdso.c'),
    ], { cwd: root });
  });
  return folder;
}
