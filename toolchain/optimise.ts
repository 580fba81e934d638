// WebAssembly to better WebAssembly: wasm-opt with exactly the features that wasm2c understands.

import path from 'node:path';
import { NEVER_RETURN } from './never-return.js';
import { runPackageTool } from './process.js';

export type BuildMode = 'release' | 'quick';

/** With `--all-features` wasm-opt writes what wasm2c refuses, so each is named. */
const FEATURES = ['--mvp-features', '--enable-bulk-memory', '--enable-bulk-memory-opt', '--enable-sign-ext', '--enable-mutable-globals'];

/**
 * Small functions are inlined even if they call something: by default the call of `abort` behind a bounds check keeps every
 * array access and field accessor a call. 45 nodes against the default of 2 save a tenth to a third of the instructions of
 * most system calls, for a third more code.
 */
const LEVELS: Record<BuildMode, string[]> = {
  release: ['-O3', '--always-inline-max-function-size=45'],
  quick: ['-O1'],
};

/**
 * Functions that stay out of their callers: handlers of system calls, and what the way to them seldom needs. Inlined, each would add its
 * locals and homes to the frames that lie below every handler's own, and keep alive what earlier calls left there. So do ways to fail
 * on purpose: reports shall name them.
 */
const NOT_INLINED = [
  'syscalls/*/sys*', 'syscalls/generated/file-calls/call*', 'syscalls/generated/held-calls/held*', 'kernel/vfs/file/open-file/OpenFile#*Locked',
  'syscalls/dispatch/entry/watchedCall', 'syscalls/dispatch/unknown-call/unknownCall', 'boot/early-use/*',
];

/** What fast paths seldom need, apart from them for the registers that it would take. */
export const COLD = ['kernel/mm/frames/frame/freeShown', 'kernel/sync/mutex/Mutex#unlockSlowly', 'kernel/sync/mutex/Mutex#lockSlowly'];

/** The options of wasm-opt: part of the cache's key. */
export function optimiserOptions(mode: BuildMode): string[] {
  return [...FEATURES, '--low-memory-unused', ...[...NOT_INLINED, ...COLD, ...NEVER_RETURN].map((pattern) => `--no-inline=${pattern}`), ...LEVELS[mode], '--debuginfo'];
}

/** Optimises `module.wasm` (with `module.wasm.map`) of one folder into another. */
export async function optimiseModule(mode: BuildMode, fromFolder: string, toFolder: string): Promise<void> {
  await runPackageTool('binaryen', 'wasm-opt', [
    path.join(fromFolder, 'module.wasm'), '-o', path.join(toFolder, 'module.wasm'),
    '--input-source-map', path.join(fromFolder, 'module.wasm.map'),
    '--output-source-map', path.join(toFolder, 'module.wasm.map'), '--output-source-map-url', 'module.wasm.map',
    ...optimiserOptions(mode),
  ]);
}
