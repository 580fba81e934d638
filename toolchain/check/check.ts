// The checks that fail the build: each finding has file, line and reason. Also measures the trusted share of lines.
//
// As a command: `npx tsx toolchain/check/check.ts [PREFIX] [--surface]`. What is checked: trust/ (untrusted files reach neither raw
// memory nor hardware), its syntax.ts (imports, layers), check-bodies.ts (types of every body, dropped results, late widening,
// overriding on unmanaged classes), names of files. The trusted files are listed in trusted-files.txt, one a line with the
// reason after `#`.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from './check-bodies.js';
import type { StateVariable } from './state/module-state.js';
import { CompileError } from '../errors.js';
import { checkName } from './check-source.js';
import { ROOT, TRUSTED_LIST } from '../paths.js';
import { kernelFiles } from './kernel-folders.js';
import { runWorker } from '../compile/run-worker.js';
import type { WorkerAnswers, WorkerTask } from '../compile/worker.js';
import { countLines, formatShare, type ShareLines } from './share/share.js';
import { checkMarks } from './sleep/marks.js';
import type { WrittenFunction } from './sleep/sleepers.js';
import { formatSurface, type SurfaceEntry } from './trust/surface.js';
import { checkTree } from './tree/folders.js';

export interface CheckResult {
  findings: Finding[];
  lines: ShareLines;
  /** State of modules with its guards (state/module-state.ts). */
  state: StateVariable[];
  /** What trusted files export (trust/surface.ts). */
  surface: SurfaceEntry[];
}

/** Runs all checks on the kernel's source; with `prefix` only on files whose path begins so. */
export async function checkKernel(options: { root?: string; prefix?: string } = {}): Promise<CheckResult> {
  const root = options.root ?? ROOT;
  const isWanted = (file: string) => file.startsWith(options.prefix ?? '');
  const files = kernelFiles(root);
  const trusted = trustedFiles(root);
  const findings: Finding[] = options.prefix ? [] : checkTree(root);
  for (const [file, { line, reason }] of trusted) {
    const report = (message: string) => findings.push({ position: `${TRUSTED_LIST}:${line}:1`, rule: 'trusted-list', message });
    if (!existsSync(path.join(root, file))) report(`${file} does not exist`);
    if (reason === '') report(`why is ${file} trusted? Say it after #`);
  }
  for (const file of files) if (isWanted(file)) findings.push(...checkName(file));
  const kernel = files.filter((file) => !file.endsWith('.test.ts'));
  const { findings: inBodies, state, surface, linked, sleepers, borrowed } = await checkTypes({ task: 'check', root, entries: kernel.filter(isWanted), kernel, trusted: [...trusted.keys()] });
  findings.push(...inBodies);
  findings.push(...sleepFindings(root, sleepers ?? []), ...borrowed);
  return { findings: sortFindings(findings), lines: countLines(root, kernel, new Set(trusted.keys()), linked), state, surface };
}

/** All functions of the kernel's source, and which of them may sleep. Throws CompileError. */
export async function readSleepers(root: string): Promise<WrittenFunction[]> {
  const kernel = kernelFiles(root).filter((file) => !file.endsWith('.test.ts'));
  const { findings, sleepers } = await runWorker({ task: 'check', root, entries: kernel, kernel, trusted: [...trustedFiles(root).keys()] });
  if (!sleepers) throw new CompileError(findings.map(formatFinding));
  return sleepers;
}

function sleepFindings(root: string, functions: WrittenFunction[]): Finding[] {
  const texts = new Map<string, string>();
  return checkMarks(functions, (file) => {
    if (!texts.has(file)) texts.set(file, readFileSync(path.join(root, file), 'utf8'));
    return texts.get(file)!;
  });
}

async function checkTypes(task: WorkerTask & { task: 'check' }): Promise<WorkerAnswers['check']> {
  if (task.entries.length === 0) return { findings: [], state: [], surface: [], linked: null, sleepers: null, borrowed: [] };
  try {
    return await runWorker(task);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    // Text that cannot be parsed: nothing else is checked.
    const findings = error.diagnostics.map((text) => {
      const split = /^(\S+:\d+:\d+): (.*)$/s.exec(text);
      return { position: split?.[1] ?? '', rule: 'syntax', message: split?.[2] ?? text };
    });
    return { findings, state: [], surface: [], linked: null, sleepers: null, borrowed: [] };
  }
}

/** One line for a finding. */
export function formatFinding({ position, rule, message }: Finding): string {
  return `${position}: ${message} [${rule}]`;
}

/** The trusted files, with the lines that name them and why they are trusted. */
function trustedFiles(root: string): Map<string, { line: number; reason: string }> {
  const list = path.join(root, TRUSTED_LIST);
  const result = new Map<string, { line: number; reason: string }>();
  if (!existsSync(list)) return result;
  readFileSync(list, 'utf8').split('\n').forEach((text, i) => {
    const [file, reason = ''] = text.split('#', 2).map((part) => part.trim());
    if (file) result.set(file, { line: i + 1, reason });
  });
  return result;
}

function sortFindings(findings: Finding[]): Finding[] {
  const key = ({ position }: Finding) => position.replace(/\d+/g, (digits) => digits.padStart(6, '0'));
  return findings.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const words = process.argv.slice(2);
  const result = await checkKernel({ prefix: words.find((word) => !word.startsWith('--')) ?? '' });
  if (words.includes('--surface')) for (const line of formatSurface(result.surface)) console.log(line);
  for (const finding of result.findings) console.log(formatFinding(finding));
  console.log(`${result.findings.length} findings; ${formatShare(result.lines)}`);
  process.exitCode = result.findings.length > 0 ? 1 : 0;
}
