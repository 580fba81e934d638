// The checks that fail the build: each finding has file, line and reason. Also measures the trusted share of lines.
//
// As a command: `npx tsx toolchain/check/check.ts [PREFIX]`. What is checked: trust.ts (untrusted files reach neither raw
// memory nor hardware), syntax.ts (imports, layers), check-bodies.ts (types of every body, dropped results, late widening,
// overriding on unmanaged classes), names of files. The trusted files are listed in trusted-files.txt, one a line with the
// reason after `#`.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from './check-bodies.js';
import { CompileError } from '../errors.js';
import { checkName, codeLines } from './check-source.js';
import { ROOT, TOOLCHAIN_NATIVE, TRUSTED_LIST } from '../paths.js';
import { kernelFiles } from './kernel-folders.js';
import { runWorker } from '../compile/run-worker.js';
import type { WorkerTask } from '../compile/worker.js';
import { checkTree } from './tree/folders.js';

export interface CheckResult {
  findings: Finding[];
  /** Lines of code, without tests, empty lines and comments. */
  lines: { typescript: number; trusted: number; native: number };
}


/** Runs all checks on the kernel's source; with `prefix` only on files whose path begins so. */
export async function checkKernel(options: { root?: string; prefix?: string } = {}): Promise<CheckResult> {
  const root = options.root ?? ROOT;
  const isWanted = (file: string) => file.startsWith(options.prefix ?? '');
  const files = kernelFiles(root);
  const trusted = trustedFiles(root);
  const findings: Finding[] = options.prefix ? [] : checkTree(root);
  for (const [file, line] of trusted) {
    if (!existsSync(path.join(root, file))) findings.push({ position: `${TRUSTED_LIST}:${line}:1`, rule: 'trusted-list', message: `${file} does not exist` });
  }
  const lines = { typescript: 0, trusted: 0, native: 0 };
  for (const file of files) {
    const text = readFileSync(path.join(root, file), 'utf8');
    if (isWanted(file)) findings.push(...checkName(file));
    if (file.endsWith('.test.ts')) continue;
    const count = codeLines(text);
    lines.typescript += count;
    if (trusted.has(file)) lines.trusted += count;
  }
  for (const file of filesBelow(root, ['arch', 'boot', TOOLCHAIN_NATIVE], /\.[chS]$/)) {
    if (!file.includes('-test/')) lines.native += codeLines(readFileSync(path.join(root, file), 'utf8'));
  }
  const kernel = files.filter((file) => !file.endsWith('.test.ts'));
  findings.push(...(await checkTypes({ task: 'check', root, entries: kernel.filter(isWanted), kernel, trusted: [...trusted.keys()] })));
  return { findings: sortFindings(findings), lines };
}

async function checkTypes(task: WorkerTask & { task: 'check' }): Promise<Finding[]> {
  if (task.entries.length === 0) return [];
  try {
    return (await runWorker(task)).findings;
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    // Text that cannot be parsed: nothing else is checked.
    return error.diagnostics.map((text) => {
      const split = /^(\S+:\d+:\d+): (.*)$/s.exec(text);
      return { position: split?.[1] ?? '', rule: 'syntax', message: split?.[2] ?? text };
    });
  }
}

/** One line for a finding. */
export function formatFinding({ position, rule, message }: Finding): string {
  return `${position}: ${message} [${rule}]`;
}

/** The share of lines that are trusted: unsafe TypeScript, assembly and C. */
export function formatShare({ lines }: CheckResult): string {
  const total = lines.typescript + lines.native;
  const unsafe = lines.trusted + lines.native;
  const percent = (part: number, of: number) => (of === 0 ? '0.0' : ((100 * part) / of).toFixed(1));
  return `trusted: ${unsafe} of ${total} lines (${percent(unsafe, total)} %): ${lines.trusted} TypeScript, ${lines.native} assembly and C`;
}

/** The trusted files and the lines that name them. */
function trustedFiles(root: string): Map<string, number> {
  const list = path.join(root, TRUSTED_LIST);
  const result = new Map<string, number>();
  if (!existsSync(list)) return result;
  readFileSync(list, 'utf8').split('\n').forEach((line, i) => {
    const file = line.replace(/#.*$/, '').trim();
    if (file !== '') result.set(file, i + 1);
  });
  return result;
}

function filesBelow(root: string, folders: readonly string[], pattern: RegExp): string[] {
  return folders.filter((folder) => existsSync(path.join(root, folder))).flatMap((folder) =>
    (readdirSync(path.join(root, folder), { recursive: true }) as string[]).filter((file) => pattern.test(file)).map((file) => `${folder}/${file}`));
}

function sortFindings(findings: Finding[]): Finding[] {
  const key = ({ position }: Finding) => position.replace(/\d+/g, (digits) => digits.padStart(6, '0'));
  return findings.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const result = await checkKernel({ prefix: process.argv[2] ?? '' });
  for (const finding of result.findings) console.log(formatFinding(finding));
  console.log(`${result.findings.length} findings; ${formatShare(result)}`);
  process.exitCode = result.findings.length > 0 ? 1 : 0;
}
