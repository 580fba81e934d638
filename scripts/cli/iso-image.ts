/** The ISO of a build: kernel and root put on one image, made again only when one of them has changed. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from './errors.ts';
import { ensureKernel, type KernelChoice } from './kernel-image.ts';
import { inBuild, inRepository, repositoryRoot } from './paths.ts';
import { initramfsFor } from './root-image.ts';

/** Date of images made outside a git checkout: 2026-01-01. */
const FALLBACK_EPOCH = 1767225600;

export interface IsoChoice extends KernelChoice {
  readonly root?: string;
  readonly append?: string;
  readonly timeout?: number;
  /** Where to write it; default build/typix.iso (release) or build/quick/typix.iso. */
  readonly output?: string;
}

/** Seconds since 1970 that stand for "when": SOURCE_DATE_EPOCH, else the date of the commit, so that a commit has one image. */
export function sourceDateEpoch(folder = repositoryRoot): number {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined) {
    if (!/^\d{1,10}$/.test(given)) throw new UserError(`wrong SOURCE_DATE_EPOCH '${given}'`, 'write seconds since 1970');
    return Number(given);
  }
  try {
    const text = execFileSync('git', ['-C', folder, 'log', '-1', '--format=%ct'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return Number(text.trim()) || FALLBACK_EPOCH;
  } catch {
    return FALLBACK_EPOCH;
  }
}

/** Changes with everything the image depends on. */
function inputsKey(files: readonly string[], rest: readonly unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(rest));
  for (const path of files) hash.update(readFileSync(path));
  return hash.digest('hex');
}

/** Path of the ISO, made if need be (after the kernel). */
export async function ensureIso(choice: IsoChoice, log: (line: string) => void): Promise<string> {
  const kernel = await ensureKernel(choice, log);
  const initramfs = await initramfsFor(choice.root);
  const epoch = sourceDateEpoch();
  const isQuick = basename(kernel.replace(/\/[^/]*$/, '')) === 'quick';
  const output = choice.output ?? (isQuick ? inBuild('quick', 'typix.iso') : inBuild('typix.iso'));
  const makers = ['toolchain/image/iso.ts', 'toolchain/image/grub-config.ts'].map((path) => inRepository(path));
  const menu = { append: choice.append ?? '', ...(choice.timeout === undefined ? {} : { timeoutSeconds: choice.timeout }) };
  const key = inputsKey([kernel, initramfs, ...makers], [epoch, menu]);
  const stamp = inBuild('image', `${createHash('sha256').update(output).digest('hex').slice(0, 16)}.key`);
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return output;
  const startedAt = performance.now();
  const { makeIso } = await import('../../toolchain/image/iso.ts');
  makeIso({ kernel, initramfs, output, epoch, menu });
  writeFileSync(stamp, key);
  log(`iso        ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return output;
}
