// Work that needs the AssemblyScript compiler, done in a process of its own.
//
// The compiler and its Binaryen are 20 MB of JavaScript, which a TypeScript loader would look through at each start
// (8 s). So this file's bundle runs under plain Node, only when there is something to compile; see run-worker.ts.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compileModule, type CompileOptions } from './compile.js';
import { CompileError } from './errors.js';
import type { RootHomeCounts } from './root-homes.js';

/** What the worker is asked, as JSON in the file named by its argument. */
export type WorkerTask =
  | { task: 'compile'; options: CompileOptions; outFolder: string };

/** What it answers on standard output, as JSON. */
export type WorkerAnswer = { files: string[]; rootHomes: RootHomeCounts | null } | { diagnostics: string[] };

function run(task: WorkerTask): WorkerAnswer {
  try {
    const result = compileModule(task.options);
    writeFileSync(path.join(task.outFolder, 'module.wasm'), result.wasm);
    writeFileSync(path.join(task.outFolder, 'module.wasm.map'), result.sourceMap);
    return { files: result.files, rootHomes: result.rootHomes };
  } catch (error) {
    if (error instanceof CompileError) return { diagnostics: error.diagnostics };
    throw error;
  }
}

process.stdout.write(JSON.stringify(run(JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as WorkerTask)));
