// Work that needs the AssemblyScript compiler, done in a process of its own.
//
// The compiler and its Binaryen are 20 MB of JavaScript, which a TypeScript loader would look through at each start
// (8 s). So this file's bundle runs under plain Node, only when there is something to compile; see run-worker.ts.

import { Compiler } from 'assemblyscript';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkBodies, type Bodies } from '../check/check-bodies.js';
import { findLinked, type LinkedFiles } from '../check/share/linked.js';
import type { GraphSource } from '../check/sleep/call-graph.js';
import { checkReferences } from '../check/sleep/references.js';
import { ResolvedUses } from '../check/sleep/resolved-uses.js';
import { findSleepers, type WrittenFunction } from '../check/sleep/sleepers.js';
import { compileModule, loadProgram, type CompileOptions, type CompileResult } from './compile.js';
import { CompileError } from '../errors.js';
import { KERNEL_ALIASES, KERNEL_ENTRY, RUNTIME_FOLDER } from '../paths.js';

/** What the worker is asked, as JSON in the file named by its argument. */
export type WorkerTask =
  | { task: 'compile'; options: CompileOptions; outFolder: string }
  | { task: 'check'; root: string; entries: string[]; kernel: string[]; trusted: string[] };

/** The answer to each task. */
export interface WorkerAnswers {
  compile: Pick<CompileResult, 'files' | 'rootHomes' | 'classes'>;
  /** `linked` is null if there is no entry file, or the program has errors; `sleepers` if it is not the whole kernel, or has errors. */
  check: Bodies & { linked: LinkedFiles | null; sleepers: WrittenFunction[] | null; borrowed: Bodies['findings'] };
}

/** What it writes to standard output, as JSON. */
export type WorkerOutput = WorkerAnswers[keyof WorkerAnswers] | { diagnostics: string[] };

function run(task: WorkerTask): WorkerOutput {
  try {
    return task.task === 'compile' ? compile(task.options, task.outFolder) : check(task);
  } catch (error) {
    if (error instanceof CompileError) return { diagnostics: error.diagnostics };
    throw error;
  }
}

function compile(options: CompileOptions, outFolder: string): WorkerAnswers['compile'] {
  const result = compileModule(options);
  writeFileSync(path.join(outFolder, 'module.wasm'), result.wasm);
  writeFileSync(path.join(outFolder, 'module.wasm.map'), result.sourceMap);
  return { files: result.files, rootHomes: result.rootHomes, classes: result.classes };
}

function check({ root, entries, kernel, trusted }: Extract<WorkerTask, { task: 'check' }>): WorkerAnswers['check'] {
  const { program, marks } = loadProgram({ root, entries, runtimeFolder: RUNTIME_FOLDER, roots: 'none', initialPages: 64 });
  program.parser.finish();
  const compiler = new Compiler(program) as unknown as Parameters<typeof checkBodies>[1];
  const [checkedFiles, kernelFiles, trustedFiles] = [new Set(entries), new Set(kernel), new Set(trusted)];
  const uses = new ResolvedUses(program, compiler);
  const { findings, state, surface } = checkBodies(program, compiler, {
    marks, isChecked: (file) => checkedFiles.has(file), isKernel: (file) => kernelFiles.has(file), isTrusted: (file) => trustedFiles.has(file),
  });
  const isWhole = findings.length === 0 && kernelFiles.has(KERNEL_ENTRY) && entries.length === kernel.length;
  // What cannot be compiled has no calls to follow.
  const canFollow = entries.length === kernel.length && !findings.some(({ rule }) => rule === 'type');
  const isKernel = (file: string) => kernelFiles.has(file);
  const sleepers = canFollow ? findSleepers(program, compiler as unknown as GraphSource, isKernel) : null;
  const borrowed = sleepers ? checkReferences(program, uses, sleepers.maySleep, isKernel) : [];
  return { findings, state, surface, linked: isWhole ? linkedFiles(root, kernelFiles) : null, sleepers: sleepers?.functions ?? null, borrowed };
}

function linkedFiles(root: string, kernel: ReadonlySet<string>): LinkedFiles {
  const { program } = loadProgram({ root, entries: [KERNEL_ENTRY], runtimeFolder: RUNTIME_FOLDER, roots: 'none', initialPages: 64, aliases: KERNEL_ALIASES });
  program.parser.finish();
  return findLinked(program, new Compiler(program) as unknown as Parameters<typeof findLinked>[1], (file) => kernel.has(file));
}

process.stdout.write(JSON.stringify(run(JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as WorkerTask)));
