// Starts worker.ts as a bundle under plain Node and hands over its task.

import { build } from 'esbuild';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toolchainHash } from '../cache.js';
import { CompileError } from '../errors.js';
import { ROOT } from '../paths.js';
import { runTool } from '../process.js';
import type { WorkerAnswers, WorkerOutput, WorkerTask } from './worker.js';

/** Runs a task to its end. Throws CompileError for errors in the compiled source that stop it. */
export async function runWorker<T extends WorkerTask>(task: T): Promise<WorkerAnswers[T['task']]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'typix-task-'));
  try {
    const file = path.join(folder, 'task.json');
    writeFileSync(file, JSON.stringify(task));
    const output = JSON.parse(await runTool(process.execPath, [await bundle('toolchain/compile/worker.ts'), file])) as WorkerOutput;
    if ('diagnostics' in output) throw new CompileError(output.diagnostics);
    return output as WorkerAnswers[T['task']];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const bundled = new Map<string, Promise<string>>();

/** A file of the toolchain with what it imports as one file of JavaScript, below the root, from where Node finds the packages. */
export function bundle(name: string): Promise<string> {
  let result = bundled.get(name);
  if (!result) bundled.set(name, result = makeBundle(name));
  return result;
}

async function makeBundle(name: string): Promise<string> {
  const folder = path.join(ROOT, 'build', 'cache', 'bundle');
  const file = path.join(folder, `${path.basename(name, '.ts')}-${toolchainHash(ROOT)}.mjs`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await build({
    entryPoints: [path.join(ROOT, name)], outfile: temporary, bundle: true, platform: 'node', format: 'esm', target: 'node20',
    packages: 'external', sourcemap: 'inline', logLevel: 'silent',
  });
  renameSync(temporary, file);
  return file;
}
